//! The code quality report of GitLab.

use serde::Serialize;

use crate::finding::Level;
use crate::fingerprint::distinct;

use super::{Spots, one_line};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

pub(super) fn report<'a>(findings: &[&'a crate::finding::Finding], mut spots: Spots<'a>) -> String {
    let prints = distinct(&spots.fingerprints(findings));
    let issue = |(finding, print): (&&'a crate::finding::Finding, _)| Issue {
        description: match &finding.help {
            Some(help) => format!("{}: {}", one_line(&finding.message), one_line(help)),
            None => one_line(&finding.message).into_owned(),
        },
        check_name: finding.rule.name,
        fingerprint: format!("{print}"),
        severity: match finding.level {
            Level::Error => "critical",
            Level::Warning => "minor",
            Level::Note => "info",
        },
        location: Location {
            path: &finding.at.file,
            lines: Lines { begin: spots.spot(&finding.at).source.map_or(1, |source| source.start().0) },
        },
    };
    let issues: Vec<Issue> = findings.iter().zip(prints).map(issue).collect();
    serde_json::to_string_pretty(&issues).map(|json| json + "\n").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::report::tests::{files, findings, hostile};
    use crate::report::{Colour, Format, report};

    fn issues(findings: &crate::finding::Findings) -> Value {
        serde_json::from_str(&report(findings, &files(), Format::Gitlab, Colour::Always)).unwrap_or_default()
    }

    #[test]
    fn one_of_each() {
        let mut issues = issues(&findings());
        let all = issues.as_array_mut().map(std::mem::take).unwrap_or_default();
        let prints: std::collections::BTreeSet<String> = all.iter().map(|issue| issue["fingerprint"].to_string()).collect();
        assert_eq!((all.len(), prints.len()), (4, 4));
        let mut link = all[1].clone();
        link["fingerprint"] = Value::Null;
        let expected = json!({
            "description": "no entry is called `heel-drops`: did you mean `heel-drop`?",
            "check_name": "broken-link",
            "fingerprint": null,
            "severity": "critical",
            "location": {"path": "content/articles/hips.md", "lines": {"begin": 7}},
        });
        assert_eq!(link, expected);
        assert_eq!((&all[0]["severity"], &all[2]["severity"]), (&json!("minor"), &json!("info")));
        assert_eq!(all[3]["location"]["lines"]["begin"], 1, "GitLab insists on a line");
    }

    #[test]
    fn hostile_text_is_text() {
        let issues = issues(&hostile());
        assert_eq!(issues[0]["location"]["path"], "a::b,%.md");
        assert!(issues[0]["description"].as_str().is_some_and(|text| text.contains("]]></failure>")), "{issues}");
    }

    #[test]
    fn nothing_to_say() {
        assert_eq!(issues(&crate::finding::Findings::default()), json!([]));
    }
}
