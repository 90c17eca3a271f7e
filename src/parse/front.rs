//! A file's data and its Markdown, told apart.

use crate::files::File;
use crate::finding::{At, Finding};
use crate::rules::f006_invalid_utf8;

/// How the data of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// YAML, or JSON, which is YAML too.
    Yaml,
    /// TOML between `+++` lines, as Hugo and Zola have it.
    Toml,
}

/// The two parts of a file, each with the byte at which it begins.
#[derive(Debug, Clone, Copy)]
pub struct Front<'a> {
    /// How `data` are written.
    pub form: Form,
    /// The data.
    pub data: &'a str,
    /// Where they begin.
    pub data_start: usize,
    /// The Markdown; empty when there is none.
    pub body: &'a str,
    /// Where it begins.
    pub body_start: usize,
}

/// The text of a file, or the finding that it isn't text.
pub(crate) fn text(file: &File) -> Result<&str, Finding> {
    std::str::from_utf8(&file.bytes).map_err(|error| {
        let start = error.valid_up_to();
        f006_invalid_utf8::finding(At::bytes(&file.path, &(start..start + error.error_len().unwrap_or(1))))
    })
}

/// Splits a file by its kind of data.
pub(super) fn front_of(file: &File) -> Result<Front<'_>, Finding> {
    let text = text(file)?;
    Ok(if file.extension() == "md" { markdown(text) } else { yaml(text) })
}

/// Splits a Markdown file: front matter stands between two lines `---` (or `+++`) at the very beginning.
///
/// The Markdown parser could do that too, but it accepts such blocks anywhere in a text.
fn markdown(text: &str) -> Front<'_> {
    let start = bom(text);
    for (fence, form) in [("---", Form::Yaml), ("+++", Form::Toml)] {
        if let Some(data_start) = line_end(text, start, fence)
            && let Some((data_end, body_start)) = closing(text, data_start, fence)
        {
            return Front { form, data: &text[data_start..data_end], data_start, body: &text[body_start..], body_start };
        }
    }
    Front { form: Form::Yaml, data: "", data_start: start, body: &text[start..], body_start: start }
}

/// Splits a YAML file: data, then Markdown after a line `---`. A line `---` at the very beginning is allowed.
fn yaml(text: &str) -> Front<'_> {
    let start = bom(text);
    let data_start = opening(text, start).unwrap_or(start);
    let (data_end, body_start) = closing(text, data_start, "---").unwrap_or((text.len(), text.len()));
    Front { form: Form::Yaml, data: &text[data_start..data_end], data_start, body: &text[body_start..], body_start }
}

/// The byte after an opening line `---`, before which only comments and empty lines may stand.
fn opening(text: &str, start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        if let Some(end) = line_end(text, at, "---") {
            return Some(end);
        }
        let end = at + text[at..].find('\n')? + 1;
        let line = text[at..end].trim();
        if !line.is_empty() && !line.starts_with('#') {
            return None;
        }
        at = end;
    }
}

fn bom(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The byte after the line at `start`, if that line is the fence.
fn line_end(text: &str, start: usize, fence: &str) -> Option<usize> {
    let rest = text[start..].strip_prefix(fence)?;
    let end = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
    rest[..end].trim().is_empty().then_some(start + fence.len() + end)
}

/// Where the next line that is the fence begins and ends.
fn closing(text: &str, start: usize, fence: &str) -> Option<(usize, usize)> {
    let mut at = start;
    loop {
        if let Some(end) = line_end(text, at, fence) {
            return Some((at, end));
        }
        at += text[at..].find('\n')? + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, markdown, yaml};

    #[test]
    fn front_matter_is_split_at_lines_of_fences() {
        let front = markdown("---\ntitle: A --- B\n---\n\nText\n\n---\n");
        assert_eq!((front.data, front.body, front.body_start), ("title: A --- B\n", "\nText\n\n---\n", 23));
        let front = markdown("+++\r\ntitle = 'A'\r\n+++\r\nText");
        assert_eq!((front.form, front.data, front.body), (Form::Toml, "title = 'A'\r\n", "Text"));
        assert_eq!(markdown("Text\n---\n").data, "");
        assert_eq!(markdown("---\nnever closed").body, "---\nnever closed");
        assert_eq!(markdown("\u{feff}---\na: 1\n---\nb").data, "a: 1\n");
    }

    #[test]
    fn a_card_may_go_on_with_markdown() {
        assert_eq!((yaml("title: A\n").data, yaml("title: A\n").body), ("title: A\n", ""));
        assert_eq!((yaml("title: A\n---\nText").data, yaml("title: A\n---\nText").body), ("title: A\n", "Text"));
        assert_eq!((yaml("---\ntitle: A\n---\nText").data, yaml("---\ntitle: A\n---\nText").body), ("title: A\n", "Text"));
        assert_eq!(yaml("---\ntitle: A\n").data, "title: A\n");
        assert_eq!(yaml("# A comment\n\n---\ntitle: A\n---\nText").body, "Text");
    }
}
