//! JUnit XML: a suite for each file, a case for each finding. Only errors are failures, so that the report is red exactly when
//! nothing is published.

use std::fmt::Write as _;

use pulldown_cmark_escape::escape_html;

use crate::finding::Level;

use super::{Spots, one_line, remarks};

pub(super) fn report<'a>(findings: &[&'a crate::finding::Finding], mut spots: Spots<'a>) -> String {
    let failures = |findings: &[&crate::finding::Finding]| findings.iter().filter(|f| f.level == Level::Error).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (cases, failed) = (findings.len().max(1), failures(findings));
    let _ = writeln!(out, "<testsuites name=\"osteon\" tests=\"{cases}\" failures=\"{failed}\" errors=\"0\">");
    if findings.is_empty() {
        // Some readers take a report without a case for a run that failed.
        out.push_str("  <testsuite name=\"osteon\" tests=\"1\" failures=\"0\" errors=\"0\">\n");
        out.push_str("    <testcase name=\"no findings\" classname=\"osteon\"/>\n  </testsuite>\n");
    }
    for suite in findings.chunk_by(|one, next| one.at.file == next.at.file) {
        let path = xml(&suite[0].at.file);
        let (cases, failed) = (suite.len(), failures(suite));
        let _ = writeln!(out, "  <testsuite name=\"{path}\" tests=\"{cases}\" failures=\"{failed}\" errors=\"0\">");
        for finding in suite {
            let (rule, message) = (finding.rule, xml(&finding.message));
            let spot = spots.spot(&finding.at);
            let line = spot.source.as_ref().map_or(1, |source| source.start().0);
            let mut text = vec![xml(&spot.to_string())];
            text.extend(remarks(finding, &mut spots).map(|remark| xml(&remark)));
            let text = text.join("\n");
            let name = format!("{} {}: {message}", rule.code, rule.name);
            let _ = writeln!(out, "    <testcase name=\"{name}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\">");
            let _ = match finding.level {
                Level::Error => {
                    writeln!(out, "      <failure message=\"{message}\" type=\"{}\">{text}</failure>", rule.code)
                }
                level => writeln!(out, "      <system-out>{}: {message}\n{text}</system-out>", level.word()),
            };
            out.push_str("    </testcase>\n");
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Text for XML, in which two of the characters that Unicode has cannot even be written as a number.
fn xml(text: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = escape_html(&mut out, &one_line(text).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}"));
    out
}

#[cfg(test)]
mod tests {
    use crate::finding::Findings;
    use crate::report::tests::{files, findings, hostile};
    use crate::report::{Colour, Format, report};

    #[test]
    fn one_of_each() {
        let mut findings = findings();
        findings.0.truncate(3);
        findings.0[0].notes.drain(1..);
        assert_eq!(report(&findings, &files(), Format::Junit, Colour::Always), EXPECTED);
    }

    #[test]
    fn nothing_to_say() {
        let text = report(&Findings::default(), &files(), Format::Junit, Colour::Always);
        assert!(text.contains("tests=\"1\" failures=\"0\"") && text.ends_with("</testsuites>\n"), "{text}");
    }

    #[test]
    fn hostile_text_is_text() {
        let text = report(&hostile(), &files(), Format::Junit, Colour::Never);
        assert!(text.contains("&lt;/failure&gt;&lt;b a=&quot;") && text.matches("</failure>").count() == 1, "{text}");
    }

    const EXPECTED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="osteon" tests="3" failures="1" errors="0">
  <testsuite name="content/articles/hips.md" tests="2" failures="1" errors="0">
    <testcase name="F002 missing-field: `answer` is missing" classname="content/articles/hips.md" file="content/articles/hips.md" line="4">
      <system-out>warning: `answer` is missing
content/articles/hips.md:4:5</system-out>
    </testcase>
    <testcase name="L001 broken-link: no entry is called `heel-drops`" classname="content/articles/hips.md" file="content/articles/hips.md" line="7">
      <failure message="no entry is called `heel-drops`" type="L001">content/articles/hips.md:7:5
help: did you mean `heel-drop`?
note: and here (content/articles/hips.md:12:7)</failure>
    </testcase>
  </testsuite>
  <testsuite name="content/exercises/heel-drop.yaml" tests="1" failures="0" errors="0">
    <testcase name="F002 missing-field: nothing recommends this card" classname="content/exercises/heel-drop.yaml" file="content/exercises/heel-drop.yaml" line="1">
      <system-out>note: nothing recommends this card
content/exercises/heel-drop.yaml:1:1
help: link to it</system-out>
    </testcase>
  </testsuite>
</testsuites>
"#;
}
