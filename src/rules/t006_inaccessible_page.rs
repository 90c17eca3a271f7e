//! `T006` inaccessible-page.

use super::rule;
use crate::finding::{At, Finding};

rule! {
    /// # What it finds
    ///
    /// A page without a language, without a title, without a main heading or with several of them, with a heading that skips a
    /// level, or with a picture that has no `alt`.
    ///
    /// # Why it matters
    ///
    /// Screen readers speak in the language of the page, announce its title, and jump to its main heading. A picture without
    /// `alt` is read out as the name of a file.
    ///
    /// # Example
    ///
    /// ```html
    /// <img src="/heel-drop.png">
    /// ```
    ///
    /// # Instead
    ///
    /// Say what the picture shows; a picture that shows nothing new gets an empty text:
    ///
    /// ```html
    /// <img src="/heel-drop.png" alt="Standing on the toes, with both hands on a chair">
    /// <img src="/wave.png" alt="">
    /// ```
    INACCESSIBLE_PAGE = "T006", "inaccessible-page", Warning, Error in production
}

/// A picture without a text.
pub fn picture(at: At, source: &str) -> Finding {
    Finding::new(&INACCESSIBLE_PAGE, at, format!("the picture `{source}` has no `alt`"))
        .help("say in `alt` what it shows, or write `alt=\"\"` if it only decorates")
}

/// A page in no language.
pub fn language(at: At) -> Finding {
    Finding::new(&INACCESSIBLE_PAGE, at, "the page does not say its language")
        .help("write `<html lang=\"{{ site.language }}\">` in the template")
}

/// A page without a title.
pub fn title(at: At) -> Finding {
    Finding::new(&INACCESSIBLE_PAGE, at, "the page has no title").help("write `<title>{{ page.title }}</title>` in the template")
}

/// A page with no main heading, or several.
pub fn heading(at: At, count: usize) -> Finding {
    let (message, help) = match count {
        0 => ("the page has no main heading".to_owned(), "write `<h1>{{ page.title }}</h1>` in the template"),
        _ => (
            format!("the page has {count} main headings"),
            "keep one `<h1>`, the title of the page; headings in a text begin with `##`",
        ),
    };
    Finding::new(&INACCESSIBLE_PAGE, at, message).help(help)
}

/// A heading of a template that is more than one level below the one before it.
pub fn skipped(at: At, title: &str, level: u8, above: u8) -> Finding {
    let which = if title.is_empty() { "a heading".to_owned() } else { format!("the heading \"{title}\"") };
    Finding::new(&INACCESSIBLE_PAGE, at, format!("{which} is an `<h{level}>` right after an `<h{above}>`"))
        .help(format!("make it an `<h{}>`: a page skips no level of headings", above + 1))
}
