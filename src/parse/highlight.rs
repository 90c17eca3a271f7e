//! Code → HTML with classes. The grammars are loaded when the first code block is met: a site without code never pays.

use std::sync::LazyLock;

use pulldown_cmark_escape::escape_html_body_text;
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

use crate::finding::{At, Findings};
use crate::rules::m004_unknown_language;

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Words that ask for plain text.
const PLAIN: &[&str] = &["", "text", "txt", "plain", "plaintext"];

/// The HTML of a code block's content. Classes begin with `hl-`.
pub(super) fn highlight(language: &str, code: &str, at: At, findings: &mut Findings) -> String {
    let plain = || {
        let mut html = String::with_capacity(code.len());
        let _ = escape_html_body_text(&mut html, code);
        html
    };
    if PLAIN.contains(&language) {
        return plain();
    }
    let Some(grammar) = GRAMMARS.find_syntax_by_token(language) else {
        let known = GRAMMARS.syntaxes().iter().flat_map(|syntax| syntax.file_extensions.iter().chain([&syntax.name]));
        let known: Vec<String> = known.map(|name| name.to_lowercase()).collect();
        findings.push(m004_unknown_language::finding(at, language, known.iter().map(String::as_str)));
        return plain();
    };
    let style = ClassStyle::SpacedPrefixed { prefix: "hl-" };
    let mut html = ClassedHTMLGenerator::new_with_class_style(grammar, &GRAMMARS, style);
    for line in LinesWithEndings::from(code) {
        if html.parse_html_for_line_which_includes_newline(line).is_err() {
            return plain();
        }
    }
    html.finalize()
}
