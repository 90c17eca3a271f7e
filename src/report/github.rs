//! Annotations of GitHub Actions: workflow commands, one line for each finding.

use std::fmt::Write as _;

use crate::finding::Level;

use super::{Spots, one_line, remarks};

pub(super) fn report<'a>(findings: &[&'a crate::finding::Finding], mut spots: Spots<'a>) -> String {
    let mut out = String::new();
    for finding in findings {
        let command = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let _ = write!(out, "::{command} file={}", property(&finding.at.file));
        if let Some(source) = spots.spot(&finding.at).source {
            let ((line, column), (end_line, end_column)) = (source.start(), source.end());
            let _ = write!(out, ",line={line},endLine={end_line}");
            // Columns of a place that goes over several lines are refused.
            if line == end_line {
                let _ = write!(out, ",col={column},endColumn={end_column}");
            }
        }
        let _ = write!(out, ",title={}::", property(&format!("{} {}", finding.rule.code, finding.rule.name)));
        let text: Vec<String> =
            std::iter::once(one_line(&finding.message).into_owned()).chain(remarks(finding, &mut spots)).collect();
        let _ = writeln!(out, "{}", data(&text.join("\n")));
    }
    out
}

/// Text that ends no line and so begins no command of its own.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&one_line(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use crate::report::tests::{files, findings, hostile};
    use crate::report::{Colour, Format, report};

    #[test]
    fn one_of_each() {
        let expected = "\
::warning file=content/articles/hips.md,line=4,endLine=4,col=5,endColumn=19,title=F002 missing-field::`answer` is missing
::error file=content/articles/hips.md,line=7,endLine=7,col=5,endColumn=19,title=L001 broken-link::no entry is called `heel-drops`%0Ahelp: did you mean `heel-drop`?%0Anote: and here (content/articles/hips.md:12:7)%0Anote: this one is near (content/exercises/heel-drop.yaml:1:8)%0Anote: shown by this template (themes/osteon/templates/page.html)%0Anote: names are in lower case
::notice file=content/exercises/heel-drop.yaml,line=1,endLine=1,col=1,endColumn=17,title=F002 missing-field::nothing recommends this card%0Ahelp: link to it
::error file=themes/osteon/templates/page.html,title=L001 broken-link::the template has an \u{FFFD}[31merror
";
        assert_eq!(report(&findings(), &files(), Format::Github, Colour::Always), expected);
    }

    #[test]
    fn hostile_text_begins_no_command() {
        let text = report(&hostile(), &files(), Format::Github, Colour::Never);
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.starts_with("::error file=a%3A%3Ab%2C%25.md,title=L001 broken-link::"), "{text}");
        assert!(text.contains("100%25 ::error::no") && text.contains("%0Ahelp: "), "{text}");
    }
}
