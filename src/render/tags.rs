//! The tags of a rendered page, one after the other.
//!
//! Every page of every build is read through once more, so this goes from `<` to `<` at the speed of memory instead of looking at
//! every letter as a full tokenizer does. What is no element for a reader is skipped: comments, and the text of scripts and styles.

use memchr::{memchr, memmem};

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name as it is written.
    pub name: &'a str,
    /// What stands between the name and the `>`.
    rest: &'a str,
    /// Whether it ends an element.
    pub is_end: bool,
    /// The text inside, for elements that hold text only: scripts, styles and titles.
    pub text: Option<&'a str>,
    /// Where the tag ends.
    pub end: usize,
}

/// Elements whose content is text for a browser, whatever it looks like.
const TEXT_ONLY: [&str; 8] = ["script", "style", "title", "textarea", "noscript", "iframe", "noembed", "noframes"];

/// Every tag of a page.
pub(super) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += memchr(b'<', html.as_bytes().get(at..)?)?;
            let rest = &html[at..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                // `<!-->` is a whole comment: the hyphens that open it may close it.
                let end = memmem::find(comment.as_bytes(), b"-->").map_or(comment.len(), |end| end + 3);
                let is_empty = comment.starts_with('>') || comment.starts_with("->");
                at += 4 + if is_empty { 1 } else { end };
                continue;
            }
            let is_end = rest.starts_with("</");
            let start = at + if is_end { 2 } else { 1 };
            match html.as_bytes().get(start)? {
                letter if letter.is_ascii_alphabetic() => {}
                b'!' | b'?' => {
                    at = start + memchr(b'>', &html.as_bytes()[start..])? + 1;
                    continue;
                }
                _ => {
                    at = start;
                    continue;
                }
            }
            let length = html[start..].find([' ', '\n', '\t', '\r', '\x0c', '/', '>'])?;
            let name = &html[start..start + length];
            let from = start + length;
            let mut attributes = Attributes { rest: &html[from..] };
            while attributes.next().is_some() {}
            let to = html.len() - attributes.rest.len();
            if to >= html.len() {
                return None;
            }
            at = to + 1;
            let is_text = !is_end && TEXT_ONLY.iter().any(|known| known.eq_ignore_ascii_case(name));
            let text = is_text.then(|| {
                let text = &html[at..];
                let text = &text[..end_of(text, name)];
                at += text.len();
                text
            });
            return Some(Tag { name, rest: &html[from..to], is_end, text, end: at });
        }
    })
}

/// Where the end tag of an element of text stands.
fn end_of(text: &str, name: &str) -> usize {
    memmem::find_iter(text.as_bytes(), b"</")
        .find(|at| {
            text.as_bytes().get(at + 2..at + 2 + name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()))
        })
        .unwrap_or(text.len())
}

impl<'a> Tag<'a> {
    /// Whether it is a tag of an element.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute; an attribute without a value has an empty one.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every attribute.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        Attributes { rest: self.rest }
    }
}

/// The attributes at the start of a text, up to the `>` that ends the tag.
struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        // All that matters to the grammar is ASCII, so bytes are enough, and every cut is beside one of them.
        let bytes = self.rest.as_bytes();
        let skip = |from: usize, is_skipped: fn(u8) -> bool| {
            bytes[from..].iter().position(|b| !is_skipped(*b)).map_or(bytes.len(), |n| from + n)
        };
        let start = skip(0, |b| b.is_ascii_whitespace() || b == b'/');
        if bytes.get(start).is_none_or(|b| *b == b'>') {
            self.rest = &self.rest[start..];
            return None;
        }
        // A `=` at the start of a name belongs to it.
        let end = skip(start + 1, |b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'='));
        let name = &self.rest[start..end];
        let equals = skip(end, |b| b.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            self.rest = &self.rest[end..];
            return Some((name, ""));
        }
        let from = skip(equals + 1, |b| b.is_ascii_whitespace());
        let (value, after) = if let Some(quote @ (b'"' | b'\'')) = bytes.get(from) {
            let end = memchr(*quote, &bytes[from + 1..]).map_or(bytes.len(), |n| from + 1 + n);
            (from + 1..end, (end + 1).min(bytes.len()))
        } else {
            let end = skip(from, |b| !b.is_ascii_whitespace() && b != b'>');
            (from..end, end)
        };
        let value = &self.rest[value];
        self.rest = &self.rest[after..];
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::tags;

    fn shown(html: &str) -> Vec<String> {
        let show = |tag: super::Tag<'_>| {
            let attributes: Vec<String> = tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{}{}{}{}", if tag.is_end { "/" } else { "" }, tag.name, attributes.concat(), tag.text.unwrap_or_default())
        };
        tags(html).map(show).collect()
    }

    #[test]
    fn tags_with_their_attributes() {
        assert_eq!(
            shown("<!doctype html><P class='a > b' hidden id=x>1 < 2<br/></p ><a\nhref = \"/?a=b\"/>"),
            ["P class=a > b hidden= id=x", "br", "/p", "a href=/?a=b"]
        );
    }

    #[test]
    fn what_no_reader_sees_is_no_tag() {
        assert_eq!(
            shown("<!--<p>--><!--><b><script>'<i>'</SCRIPT><title>a <b></title><?x <u>?><style>"),
            ["b", "script'<i>'", "/SCRIPT", "titlea <b>", "/title", "style"]
        );
    }

    #[test]
    fn broken_pages_end() {
        for html in ["<", "</", "<p", "<p class", "<p class=", "<p class=\"a>", "<!--", "<!", "<ü>", "<p ü=ü", "<script>", "a<b"]
        {
            let _ = shown(html);
        }
    }
}
