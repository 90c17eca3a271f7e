//! A few lines per finding and nothing that depends on a terminal: for logs, editors and the fixtures of rules.

use std::fmt::Write;

use crate::finding::Finding;

use super::{Spots, one_line, remarks};

pub(super) fn report<'a>(findings: &[&'a Finding], mut spots: Spots<'a>) -> String {
    let mut out = String::new();
    for finding in findings {
        let (level, rule, message) = (finding.level.word(), finding.rule, one_line(&finding.message));
        let at = spots.spot(&finding.at);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{level}[{}] {}: {message}\n  {at}", rule.code, rule.name);
        for remark in remarks(finding, &mut spots) {
            let _ = writeln!(out, "  {remark}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::report::tests::{files, findings};
    use crate::report::{Colour, Format, report};

    #[test]
    fn one_of_each() {
        let expected = "\
warning[F002] missing-field: `answer` is missing
  content/articles/hips.md:4:5
error[L001] broken-link: no entry is called `heel-drops`
  content/articles/hips.md:7:5
  help: did you mean `heel-drop`?
  note: and here (content/articles/hips.md:12:7)
  note: this one is near (content/exercises/heel-drop.yaml:1:8)
  note: shown by this template (themes/osteon/templates/page.html)
  note: names are in lower case
note[F002] missing-field: nothing recommends this card
  content/exercises/heel-drop.yaml:1:1
  help: link to it
error[L001] broken-link: the template has an \u{FFFD}[31merror
  themes/osteon/templates/page.html
";
        assert_eq!(report(&findings(), &files(), Format::Concise, Colour::Always), expected);
    }
}
