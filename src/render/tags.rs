//! The tags of a rendered page, one after the other.
//!
//! Every page of every build is read through once more, so this goes from `<` to `<` at the speed of memory instead of looking at
//! every letter as a full tokenizer does. What is no element for a reader is skipped: comments, and the text of scripts and styles.

use memchr::{memchr, memmem};

/// The name of an element, in any case. Names of up to 16 letters are told apart as they are, and no element of HTML has a longer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u128);

impl Name {
    /// The name as one number.
    pub(super) const fn of(written: &str) -> Name {
        let (bytes, mut number, mut i) = (written.as_bytes(), 0_u128, 0);
        while i < bytes.len() {
            number = number.rotate_left(8) ^ bytes[i].to_ascii_lowercase() as u128;
            i += 1;
        }
        Name(number)
    }

    /// Several names.
    pub(super) const fn all<const N: usize>(written: [&str; N]) -> [Name; N] {
        let (mut names, mut i) = ([Name(0); N], 0);
        while i < N {
            names[i] = Name::of(written[i]);
            i += 1;
        }
        names
    }
}

/// A tag.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    /// The name.
    pub name: Name,
    /// The name as it is written.
    pub written: &'a str,
    /// Every attribute as it is written; one without a value has an empty one.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// Whether it ends an element.
    pub is_end: bool,
    /// The text inside, for elements that hold text only: scripts, styles and titles.
    pub text: Option<&'a str>,
    /// Where the tag ends.
    pub end: usize,
}

/// Elements whose content is text for a browser, whatever it looks like.
const TEXT_ONLY: [Name; 8] = Name::all(["script", "style", "title", "textarea", "noscript", "iframe", "noembed", "noframes"]);

/// Calls with every tag of a page.
pub(super) fn each_tag<'a>(html: &'a str, mut see: impl FnMut(&Tag<'a>)) {
    let mut tag = Tag { name: Name(0), written: "", attributes: Vec::with_capacity(16), is_end: false, text: None, end: 0 };
    while read(html, &mut tag).is_some() {
        see(&tag);
    }
}

/// The next tag behind another one.
fn read<'a>(html: &'a str, tag: &mut Tag<'a>) -> Option<()> {
    let mut at = tag.end;
    loop {
        at += memchr(b'<', html.as_bytes().get(at..)?)?;
        let rest = &html[at..];
        tag.is_end = rest.starts_with("</");
        let start = at + if tag.is_end { 2 } else { 1 };
        match html.as_bytes().get(start)? {
            letter if letter.is_ascii_alphabetic() => {}
            b'!' | b'?' => {
                if let Some(comment) = rest.strip_prefix("<!--") {
                    // `<!-->` is a whole comment: the hyphens that open it may close it.
                    let end = memmem::find(comment.as_bytes(), b"-->").map_or(comment.len(), |end| end + 3);
                    let is_empty = comment.starts_with('>') || comment.starts_with("->");
                    at += 4 + if is_empty { 1 } else { end };
                } else {
                    at = start + memchr(b'>', &html.as_bytes()[start..])? + 1;
                }
                continue;
            }
            _ => {
                at = start;
                continue;
            }
        }
        let is_name_end = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'\x0c' | b'/' | b'>');
        let from = start + html.as_bytes()[start..].iter().position(is_name_end)?;
        let name = &html[start..from];
        tag.name = Name::of(name);
        tag.written = name;
        let mut attributes = Attributes { rest: &html[from..] };
        tag.attributes.clear();
        tag.attributes.extend(&mut attributes);
        tag.end = html.len() - attributes.rest.len() + 1;
        if tag.end > html.len() {
            return None;
        }
        tag.text = None;
        if !tag.is_end && TEXT_ONLY.contains(&tag.name) {
            let text = &html[tag.end..];
            let text = &text[..end_of(text, name)];
            tag.end += text.len();
            tag.text = Some(text);
        }
        return Some(());
    }
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
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
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
    use super::{Name, each_tag};

    fn shown(html: &str) -> Vec<String> {
        let mut tags = Vec::new();
        each_tag(html, |tag| {
            let names = ["a", "b", "br", "i", "p", "script", "style", "title"];
            let name = names.into_iter().find(|name| Name::of(name) == tag.name).unwrap_or("?");
            let attributes: Vec<String> = tag.attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            tags.push(format!(
                "{}{name}{}{}",
                if tag.is_end { "/" } else { "" },
                attributes.concat(),
                tag.text.unwrap_or_default()
            ));
        });
        tags
    }

    #[test]
    fn tags_with_their_attributes() {
        assert_eq!(
            shown("<!doctype html><P class='a > b' hidden id=x>1 < 2<br/></p ><a\nhref = \"/?a=b\"/>"),
            ["p class=a > b hidden= id=x", "br", "/p", "a href=/?a=b"]
        );
    }

    #[test]
    fn what_no_reader_sees_is_no_tag() {
        assert_eq!(
            shown("<!--<p>--><!--><b><script>'<i>'</SCRIPT><title>a <b></title><?x <u>?><style>"),
            ["b", "script'<i>'", "/script", "titlea <b>", "/title", "style"]
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
