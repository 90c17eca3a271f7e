//! The tags of a rendered page, one after the other.
//!
//! Every page of every build is read through once more, so this goes from `<` to `<` at the speed of memory instead of looking at
//! every letter as a full tokenizer does. What is no element for a reader is skipped: comments, and the text of scripts and styles.

use memchr::{memchr, memmem};

/// The name of an element, in any case. Names of up to 15 letters are told apart as they are, and no element of HTML has a longer
/// one; of those, the start and the number of letters count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u128);

impl Name {
    /// The name as one number.
    #[expect(clippy::cast_possible_truncation, reason = "seven bits of a length are enough")]
    pub(super) const fn of(written: &str) -> Name {
        let (bytes, mut letters, mut i) = (written.as_bytes(), [0_u8; 16], 0);
        while i < bytes.len() && i < 15 {
            letters[i] = bytes[i].to_ascii_lowercase();
            i += 1;
        }
        letters[15] = if bytes.len() > 15 { 0x80 | (bytes.len() & 0x7F) as u8 } else { 0 };
        Name(u128::from_le_bytes(letters))
    }

    /// What is special about the element: some of [`traits`].
    fn traits(self) -> u16 {
        let mut slot = self.slot();
        while ELEMENTS[slot].1 != 0 {
            if ELEMENTS[slot].0 == self.0 {
                return ELEMENTS[slot].1;
            }
            slot = (slot + 1) % SLOTS;
        }
        0
    }

    /// Where the search for the element begins in the table.
    #[expect(clippy::cast_possible_truncation, reason = "both halves of the number are used, and then the highest bits")]
    const fn slot(self) -> usize {
        let start = (self.0 as u64) ^ (self.0 >> 64) as u64;
        (start.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize % SLOTS
    }
}

/// What is special about elements of HTML.
pub(super) mod traits {
    /// It has no content and no end tag.
    pub(in crate::render) const VOID: u16 = 1;
    /// It ends where the next one of its kind begins, if nothing ends it.
    pub(in crate::render) const SIBLING: u16 = 2;
    /// It ends a paragraph by beginning.
    pub(in crate::render) const BLOCK: u16 = 4;
    /// A page has it beside its main text.
    pub(in crate::render) const ASIDE: u16 = 8;
    /// Any element in it may end itself.
    pub(in crate::render) const FOREIGN: u16 = 16;
    /// Its content is text for a browser, whatever it looks like.
    pub(in crate::render) const TEXT_ONLY: u16 = 32;
    /// A browser loads something for it.
    pub(in crate::render) const LOADS: u16 = 64;
    /// Its content is not seen before a reader opens it.
    pub(in crate::render) const FOLD: u16 = 128;
    /// It is a paragraph.
    pub(in crate::render) const PARAGRAPH: u16 = 256;
    /// It is a heading.
    pub(in crate::render) const HEADING: u16 = 512;
}

const SLOTS: usize = 256;

/// Every element that has one of the [`traits`], at the slot that its name gives or one behind it.
static ELEMENTS: [(u128, u16); SLOTS] = {
    use traits::{ASIDE, BLOCK, FOLD, FOREIGN, HEADING, LOADS, PARAGRAPH, SIBLING, TEXT_ONLY, VOID};
    let all = [
        ("address", BLOCK),
        ("area", VOID),
        ("article", BLOCK),
        ("aside", BLOCK),
        ("audio", LOADS),
        ("base", VOID),
        ("blockquote", BLOCK),
        ("br", VOID),
        ("col", VOID),
        ("dd", SIBLING),
        ("details", BLOCK | FOLD),
        ("dialog", FOLD),
        ("div", BLOCK),
        ("dl", BLOCK),
        ("dt", SIBLING),
        ("embed", VOID | LOADS),
        ("fieldset", BLOCK),
        ("figure", BLOCK),
        ("footer", BLOCK | ASIDE),
        ("form", BLOCK),
        ("h1", BLOCK | HEADING),
        ("h2", BLOCK | HEADING),
        ("h3", BLOCK | HEADING),
        ("h4", HEADING),
        ("h5", HEADING),
        ("h6", HEADING),
        ("header", BLOCK | ASIDE),
        ("hr", VOID | BLOCK),
        ("iframe", TEXT_ONLY | LOADS),
        ("img", VOID | LOADS),
        ("input", VOID | LOADS),
        ("li", SIBLING),
        ("link", VOID | LOADS),
        ("main", BLOCK),
        ("math", FOREIGN),
        ("meta", VOID),
        ("nav", BLOCK | ASIDE),
        ("noembed", TEXT_ONLY),
        ("noframes", TEXT_ONLY),
        ("noscript", TEXT_ONLY),
        ("ol", BLOCK),
        ("p", SIBLING | PARAGRAPH),
        ("script", TEXT_ONLY | LOADS),
        ("section", BLOCK),
        ("source", VOID | LOADS),
        ("style", TEXT_ONLY),
        ("svg", FOREIGN),
        ("td", SIBLING),
        ("textarea", TEXT_ONLY),
        ("th", SIBLING),
        ("title", TEXT_ONLY),
        ("tr", SIBLING),
        ("track", VOID | LOADS),
        ("ul", BLOCK),
        ("video", LOADS),
        ("wbr", VOID),
    ];
    let (mut table, mut i) = ([(0, 0); SLOTS], 0);
    while i < all.len() {
        let name = Name::of(all[i].0);
        let mut slot = name.slot();
        while table[slot].1 != 0 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = (name.0, all[i].1);
        i += 1;
    }
    table
};

/// A tag.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    /// The name.
    pub name: Name,
    /// What is special about the element: some of [`traits`].
    pub traits: u16,
    /// The name as it is written.
    pub written: &'a str,
    /// Every attribute as it is written; one without a value has an empty one. End tags have none that matter.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// Whether it ends an element.
    pub is_end: bool,
    /// The text inside, for elements that hold text only: scripts, styles and titles.
    pub text: Option<&'a str>,
    /// Where the tag ends.
    pub end: usize,
}

/// Calls with every tag of a page.
pub(super) fn each_tag<'a>(html: &'a str, mut see: impl FnMut(&Tag<'a>)) {
    let mut tag =
        Tag { name: Name(0), traits: 0, written: "", attributes: Vec::with_capacity(16), is_end: false, text: None, end: 0 };
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
        let from = skip(html.as_bytes(), start + 1, |byte| !is(byte, SPACE | SLASH | CLOSE));
        tag.written = &html[start..from];
        tag.name = Name::of(tag.written);
        tag.traits = tag.name.traits();
        tag.attributes.clear();
        tag.end = from + 1;
        // Most tags have no attribute.
        if html.as_bytes().get(from) != Some(&b'>') {
            let mut attributes = Attributes { rest: &html[from..] };
            for attribute in attributes.by_ref() {
                tag.attributes.push(attribute);
            }
            tag.end = html.len() - attributes.rest.len() + 1;
            if tag.end > html.len() {
                return None;
            }
        }
        tag.text = None;
        if !tag.is_end && tag.traits & traits::TEXT_ONLY != 0 {
            let text = &html[tag.end..];
            let text = &text[..end_of(text, tag.written)];
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
    /// Whether the element has a trait.
    pub(super) fn is_one(&self, of: u16) -> bool {
        self.traits & of != 0
    }

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
        let start = skip(bytes, 0, |byte| is(byte, SPACE | SLASH));
        if bytes.get(start).is_none_or(|byte| *byte == b'>') {
            self.rest = &self.rest[start..];
            return None;
        }
        // A `=` at the start of a name belongs to it.
        let end = skip(bytes, start + 1, |byte| !is(byte, SPACE | SLASH | CLOSE | EQUALS));
        let name = &self.rest[start..end];
        let equals = skip(bytes, end, |byte| is(byte, SPACE));
        if bytes.get(equals) != Some(&b'=') {
            self.rest = &self.rest[end..];
            return Some((name, ""));
        }
        let from = skip(bytes, equals + 1, |byte| is(byte, SPACE));
        let (value, after) = if let Some(quote @ (b'"' | b'\'')) = bytes.get(from) {
            let end = memchr(*quote, &bytes[from + 1..]).map_or(bytes.len(), |n| from + 1 + n);
            (from + 1..end, (end + 1).min(bytes.len()))
        } else {
            let end = skip(bytes, from, |byte| !is(byte, SPACE | CLOSE));
            (from..end, end)
        };
        let value = &self.rest[value];
        self.rest = &self.rest[after..];
        Some((name, value))
    }
}

/// The first byte from one on that isn't to be skipped.
#[inline]
fn skip(bytes: &[u8], from: usize, is_skipped: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|byte| !is_skipped(*byte)).map_or(bytes.len(), |count| from + count)
}

const SPACE: u8 = 1;
const SLASH: u8 = 2;
const CLOSE: u8 = 4;
const EQUALS: u8 = 8;

/// What bytes are in a tag.
static BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    (bytes[b' ' as usize], bytes[b'\n' as usize], bytes[b'\t' as usize]) = (SPACE, SPACE, SPACE);
    (bytes[b'\r' as usize], bytes[b'\x0c' as usize]) = (SPACE, SPACE);
    (bytes[b'/' as usize], bytes[b'>' as usize], bytes[b'=' as usize]) = (SLASH, CLOSE, EQUALS);
    bytes
};

#[inline]
fn is(byte: u8, kinds: u8) -> bool {
    BYTES[byte as usize] & kinds != 0
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
