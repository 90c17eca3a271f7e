//! What the style sheets of a theme leave out on paper.
//!
//! This is no style engine: it reads rules in `@media print` that say `display: none` or `visibility: hidden` for elements named
//! by their tag and classes, also inside of others (`.page .warning`). Other selectors, and rules that show an element again, are left
//! to whoever prints a page and looks at it.

use std::collections::BTreeMap;

use super::Asset;

/// Elements that a theme doesn't print.
#[derive(Debug, Default)]
pub struct Unprinted(Vec<Vec<Compound>>);

/// The tag and the classes that an element must have.
#[derive(Debug, PartialEq, Eq)]
struct Compound {
    name: String,
    classes: Vec<String>,
}

impl Unprinted {
    /// Reads the style sheets of a theme.
    pub(super) fn of(assets: &BTreeMap<String, Asset>) -> Self {
        let is_sheet = |name: &str| name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("css"));
        let sheets = assets.iter().filter(|(name, _)| is_sheet(name)).map(|(_, asset)| String::from_utf8_lossy(&asset.bytes));
        Unprinted(sheets.flat_map(|sheet| hidden(&sheet)).collect())
    }

    /// Whether an element isn't printed. `path` are its tag and its `class`, after those of the elements around it.
    pub fn hides<'p>(&self, path: &(impl DoubleEndedIterator<Item = (&'p str, &'p str)> + Clone)) -> bool {
        self.0.iter().any(|selector| {
            // Whatever element of the path the last part means: the rest stands around it, in this order.
            let mut waiting = selector.iter().rev().peekable();
            for (name, classes) in path.clone().rev() {
                waiting.next_if(|compound| compound.is(name, classes));
            }
            waiting.peek().is_none()
        })
    }
}

impl Compound {
    /// Reads `section.warning.late`; `None` for a selector of another kind.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let name = parts.next()?.to_owned();
        let classes: Vec<String> = parts.map(str::to_owned).collect();
        let is_word = |word: &str| word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let is_known = is_word(&name) && classes.iter().all(|class| !class.is_empty() && is_word(class));
        (is_known && !text.is_empty()).then_some(Compound { name, classes })
    }

    fn is(&self, name: &str, classes: &str) -> bool {
        let has = |class: &String| classes.split_ascii_whitespace().any(|other| other == class);
        (self.name.is_empty() || self.name.eq_ignore_ascii_case(name)) && self.classes.iter().all(has)
    }
}

/// The selectors of a style sheet that hide something on paper.
fn hidden(sheet: &str) -> Vec<Vec<Compound>> {
    let mut selectors = Vec::new();
    let sheet = without_comments(sheet);
    let mut rest = sheet.as_str();
    while let Some((before, block, after)) = next_block(rest) {
        rest = after;
        let prelude = before.rsplit(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_print = prelude.strip_prefix("@media").is_some_and(|media| {
            media.split(',').any(|query| query.split_whitespace().find(|word| *word != "only") == Some("print"))
        });
        if is_print {
            let mut rules = block;
            while let Some((selector, declarations, after)) = next_block(rules) {
                rules = after;
                if hides(declarations) {
                    let list = selector.rsplit(';').next().unwrap_or_default().split(',');
                    selectors.extend(list.filter_map(|one| one.split_whitespace().map(Compound::read).collect()));
                }
            }
        }
    }
    selectors.retain(|selector: &Vec<Compound>| !selector.is_empty());
    selectors
}

fn hides(declarations: &str) -> bool {
    let declarations: String = declarations.to_ascii_lowercase().split_whitespace().collect();
    declarations.split(';').any(|one| one.starts_with("display:none") || one.starts_with("visibility:hidden"))
}

/// What stands before the next block, in it and after it.
fn next_block(css: &str) -> Option<(&str, &str, &str)> {
    let start = css.find('{')?;
    let mut depth = 0;
    for (at, brace) in css[start..].match_indices(['{', '}']) {
        depth += if brace == "{" { 1 } else { -1 };
        if depth == 0 {
            return Some((&css[..start], &css[start + 1..start + at], &css[start + at + 1..]));
        }
    }
    None
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once("*/").map_or("", |(_, after)| after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unprinted(sheet: &str) -> Unprinted {
        Unprinted(hidden(sheet))
    }

    #[test]
    fn what_print_hides() {
        let sheet = ".a { display: none } /* @media print { .b { display: none } } */\n@media screen { .c { display: none } }\n\
                     @import \"x.css\"; @media print and (color) { .d, nav .e.f { color: red; DISPLAY : none !important } .g { display: block } }";
        let sheet = unprinted(sheet);
        for (path, expected) in [
            (vec![("div", "a b c g")], false),
            (vec![("p", "x d")], true),
            (vec![("p", "d"), ("span", "")], true),
            (vec![("nav", ""), ("p", ""), ("b", "f e")], true),
            (vec![("b", "f e"), ("nav", "")], false),
            (vec![("nav", ""), ("b", "e")], false),
        ] {
            assert_eq!(sheet.hides(&path.iter().copied()), expected, "{path:?}");
        }
    }

    #[test]
    fn what_cannot_be_decided_is_left() {
        for sheet in [
            "@media print { .a::after { display: none } }",
            "@media print { .b > .a { display: none } }",
            "@media print { * + .a:hover { display: none } }",
            "@media not print { .a { display: none } }",
            "@media print { .a { display: none",
            "}{@media print",
        ] {
            assert!(!unprinted(sheet).hides(&[("p", "a"), ("p", "a b")].into_iter()), "{sheet}");
        }
    }
}
