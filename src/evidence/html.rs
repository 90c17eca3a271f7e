//! Text of records, safe for a page: cleaning on the way in, escaping and tags on the way out.

/// Tags that CSL-JSON allows in texts. On their way through the formatter each stands as one character for its start and one
/// for its end, because the formatter takes every text as it is.
const TAGS: [&str; 4] = ["i", "b", "sup", "sub"];
/// The first of these characters, from Unicode's private use area.
const FIRST_MARK: u32 = 0xE000;
const MARKS: std::ops::RangeInclusive<char> = '\u{E000}'..='\u{E007}';
/// Longer texts are cut: nobody prints more, and the formatter's work grows with the square of it.
const LONGEST: usize = 3000;

/// A text as one line, its allowed tags as marks, without characters that could reorder or hide text.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * LONGEST));
    let (mut rest, mut count) = (text, 0);
    while let Some(c) = rest.chars().next() {
        if count >= LONGEST {
            out.push('…');
            break;
        }
        let (piece, length) = match c {
            '<' => tag(rest).unwrap_or((Some('<'), 1)),
            '&' => entity(rest).unwrap_or((Some('&'), 1)),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => (None, c.len_utf8()),
            _ if MARKS.contains(&c) => (None, c.len_utf8()),
            _ if c.is_control() || (c.is_whitespace() && c != '\u{A0}') => (Some(' '), c.len_utf8()),
            _ => (Some(c), c.len_utf8()),
        };
        if let Some(piece) = piece.filter(|piece| *piece != ' ' || !(out.is_empty() || out.ends_with(' '))) {
            out.push(piece);
            count += 1;
        }
        rest = &rest[length..];
    }
    out.truncate(out.trim_end().len());
    out
}

/// A text as one line without any tags.
pub(super) fn plain(text: &str) -> String {
    let mut text = clean(text);
    text.retain(|c| !MARKS.contains(&c));
    text
}

/// A text for the content or a quoted attribute of an element.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_escaped(&mut out, c));
    out
}

/// Writes pieces of text with their formats, tags always nested and never empty.
#[derive(Default)]
pub(super) struct Writer {
    html: String,
    /// The text without tags.
    pub(super) text: String,
    /// Tags that are open in `html`.
    open: Vec<Tag>,
    /// Tags that marks in the text ask for.
    marked: Vec<&'static str>,
    /// White space is written when something follows it.
    space: Option<char>,
}

/// A tag around text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tag {
    /// A link and its address, not yet escaped.
    Link(String),
    /// One of [`TAGS`].
    Plain(&'static str),
}

impl Writer {
    /// Writes a text inside some tags.
    pub(super) fn write(&mut self, text: &str, tags: &[Tag]) {
        for c in text.chars() {
            if let Some(mark) = (u32::from(c)).checked_sub(FIRST_MARK).filter(|_| MARKS.contains(&c)) {
                let name = TAGS[(mark / 2) as usize];
                if mark % 2 == 0 {
                    self.marked.push(name);
                } else if let Some(at) = self.marked.iter().rposition(|open| *open == name) {
                    self.marked.remove(at);
                }
            } else if c.is_whitespace() {
                self.space = self.space.or((!self.text.is_empty()).then_some(c));
            } else if self.text.is_empty() && matches!(c, '.' | ',' | ';' | ':') {
                // What came before it was empty.
            } else if c == '.' && self.text.ends_with(['?', '!']) && !matches!(tags, [Tag::Link(_), ..]) {
                // A title that is a question has its end already.
            } else {
                self.push(c, tags);
            }
        }
    }

    /// Marks in the texts of one field don't reach into the next.
    pub(super) fn end_of_field(&mut self) {
        self.marked.clear();
    }

    /// Ends a sentence, if it isn't at its end or at a link, which a full stop would seem to belong to.
    pub(super) fn end_sentence(&mut self) {
        let in_link = self.open.iter().any(|tag| matches!(tag, Tag::Link(_)));
        if !in_link && !self.text.is_empty() && !self.text.ends_with(['.', '?', '!']) {
            self.write(".", &[]);
        }
    }

    /// The HTML.
    pub(super) fn finish(mut self) -> String {
        self.close(0);
        self.html
    }

    fn push(&mut self, c: char, tags: &[Tag]) {
        let mut wanted = tags.to_vec();
        for name in &self.marked {
            let tag = Tag::Plain(name);
            if !wanted.contains(&tag) {
                wanted.push(tag);
            }
        }
        let same = self.open.iter().zip(&wanted).take_while(|(open, wanted)| open == wanted).count();
        self.close(same);
        // The formatter leaves a space where a part that would have followed is empty.
        if matches!(c, ';' | ',' | '.' | ')' | ']') {
            self.space = self.space.filter(|space| *space != ' ');
        }
        if let Some(space) = self.space.take() {
            push_escaped(&mut self.html, space);
            self.text.push(space);
        }
        for tag in wanted.drain(same..) {
            match &tag {
                Tag::Link(address) => {
                    self.html += "<a href=\"";
                    self.html += &escape(address);
                    self.html += "\">";
                }
                Tag::Plain(name) => self.html.extend(["<", name, ">"]),
            }
            self.open.push(tag);
        }
        push_escaped(&mut self.html, c);
        self.text.push(c);
    }

    fn close(&mut self, keep: usize) {
        for tag in self.open.drain(keep..).rev() {
            self.html += "</";
            self.html += match tag {
                Tag::Link(_) => "a",
                Tag::Plain(name) => name,
            };
            self.html.push('>');
        }
    }
}

/// The address of a link, if it is one that a reader may follow: `http` and `https` only.
pub(super) fn address(url: &str) -> Option<String> {
    let scheme = url.get(..url.find(':')?)?;
    let rest = &url[scheme.len() + 1..];
    let good =
        ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) && rest.starts_with("//") && rest.len() > 2;
    good.then(|| encode(url, |c| !c.is_whitespace() && !"\"'<>`{}|\\^".contains(c)))
}

/// Percent-encodes the characters that may not stand in an address.
pub(super) fn encode(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for c in text.chars() {
        if keep(c) {
            out.push(c);
        } else {
            for byte in c.encode_utf8(&mut buffer).bytes() {
                out.push('%');
                out.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)])));
            }
        }
    }
    out
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '&' => *out += "&amp;",
        '<' => *out += "&lt;",
        '>' => *out += "&gt;",
        '"' => *out += "&quot;",
        '\'' => *out += "&#39;",
        _ => out.push(c),
    }
}

/// An allowed tag at the start of a text, as a mark, or as nothing if it is one without a meaning here; and its length.
fn tag(text: &str) -> Option<(Option<char>, usize)> {
    let end = text.bytes().take(80).position(|byte| byte == b'>')?;
    let inner = text.get(1..end)?.to_ascii_lowercase();
    let (name, is_end) = inner.strip_prefix('/').map_or((inner.as_str(), false), |name| (name, true));
    if let Some(at) = TAGS.iter().position(|tag| *tag == name) {
        let mark = FIRST_MARK + 2 * u32::try_from(at).ok()? + u32::from(is_end);
        return Some((char::from_u32(mark), end + 1));
    }
    (matches!(name, "span" | "sc") || name.starts_with("span ")).then_some((None, end + 1))
}

/// One of the few entities that exported records hold.
fn entity(text: &str) -> Option<(Option<char>, usize)> {
    const ENTITIES: [(&str, char); 7] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&apos;", '\''), ("&nbsp;", '\u{A0}')];
    ENTITIES.iter().find(|(name, _)| text.starts_with(name)).map(|(name, c)| (Some(*c), name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, tags: &[Tag]) -> String {
        let mut writer = Writer::default();
        writer.write(&clean(text), tags);
        writer.finish()
    }

    #[test]
    fn tags_are_kept_and_nested() {
        assert_eq!(written("25-OH vitamin D<sub>3</sub> <i>in vivo</i>", &[]), "25-OH vitamin D<sub>3</sub> <i>in vivo</i>");
        assert_eq!(written("a <i>b <b>c</i> d</b> e", &[]), "a <i>b <b>c</b></i> <b>d</b> e");
        assert_eq!(written("</i><i></i>never closed <sup>2", &[]), "never closed <sup>2</sup>");
        assert_eq!(written("<i>once</i>", &[Tag::Plain("i")]), "<i>once</i>");
        assert_eq!(written("<span class=\"nocase\">pH</span>", &[]), "pH");
        assert_eq!(plain("  a\n <i>b</i>\u{0} c "), "a b c");
    }

    #[test]
    fn nothing_else_gets_through() {
        assert_eq!(
            written("<script>alert(1)</script> & \"x\"", &[]),
            "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;"
        );
        assert_eq!(written("&lt;i&gt; &amp;amp; \u{202E}\u{E000}abc", &[]), "&lt;i&gt; &amp;amp; abc");
        assert_eq!(written("<i onclick=x>a", &[]), "&lt;i onclick=x&gt;a");
        assert_eq!(written("é<é>😀", &[]), "é&lt;é&gt;😀");
        assert_eq!(clean(&"é ".repeat(100_000)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn addresses() {
        assert_eq!(address("https://example.org/a b\"c?d=e&f#g").as_deref(), Some("https://example.org/a%20b%22c?d=e&f#g"));
        assert_eq!(address("HTTP://example.org").as_deref(), Some("HTTP://example.org"));
        for bad in ["javascript:alert(1)", "JavaScript://x", "data:text/html,x", "https:", "https://", "//x.org", "x", "é:", ""]
        {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
