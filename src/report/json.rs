//! Findings for programs. Keys are added to a version of the format, never taken away or given another meaning.
//!
//! Lines and columns count from 1, columns in Unicode characters, `start` and `end` in bytes from 0. All of them are `null`
//! where the file isn't part of the site.

use serde::Serialize;

use crate::finding::Level;

use super::{Spot, Spots};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    findings: Vec<Finding<'a>>,
    counts: Counts,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    name: &'a str,
    level: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    notes: Vec<Note<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'a>>,
}

/// What mends a finding: bytes of the file as it is, and what to write instead.
#[derive(Serialize)]
struct Fix<'a> {
    is_safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    file: &'a str,
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Note<'a> {
    text: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    note: usize,
}

pub(super) fn report<'a>(findings: &[&'a crate::finding::Finding], mut spots: Spots<'a>) -> String {
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let report = Report {
        version: 1,
        findings: findings.iter().map(|finding| self::finding(finding, &mut spots)).collect(),
        counts: Counts { error: count(Level::Error), warning: count(Level::Warning), note: count(Level::Note) },
    };
    // Only maps with keys other than strings can fail to become JSON.
    serde_json::to_string_pretty(&report).map(|json| json + "\n").unwrap_or_default()
}

fn finding<'a>(finding: &'a crate::finding::Finding, spots: &mut Spots<'a>) -> Finding<'a> {
    let Spot { path, source } = spots.spot(&finding.at);
    let (start, end) = source.as_ref().map(|source| (source.start(), source.end())).unzip();
    Finding {
        code: finding.rule.code,
        name: finding.rule.name,
        level: finding.level.word(),
        message: &finding.message,
        help: finding.help.as_deref(),
        file: path,
        line: start.map(|(line, _)| line),
        column: start.map(|(_, column)| column),
        end_line: end.map(|(line, _)| line),
        end_column: end.map(|(_, column)| column),
        start: source.as_ref().map(|source| source.range.start),
        end: source.as_ref().map(|source| source.range.end),
        notes: finding.notes.iter().map(|note| self::note(note, spots)).collect(),
        fix: finding.fix.as_ref().and_then(|fix| self::fix(fix, spots)),
    }
}

fn fix<'a>(fix: &'a crate::finding::Fix, spots: &mut Spots<'a>) -> Option<Fix<'a>> {
    let edit = |edit: &'a crate::finding::Edit| {
        let range = spots.edit(edit)?;
        Some(Edit { file: &edit.at.file, start: range.start, end: range.end, text: &edit.new })
    };
    let edits: Option<Vec<_>> = fix.edits.iter().map(edit).collect();
    Some(Fix { is_safe: fix.is_safe, edits: edits? })
}

fn note<'a>(note: &'a crate::finding::Note, spots: &mut Spots<'a>) -> Note<'a> {
    let spot = note.at.as_ref().map(|at| spots.spot(at));
    let start = spot.as_ref().and_then(|spot| spot.source.as_ref()).map(super::Source::start);
    Note {
        text: &note.text,
        file: spot.map(|spot| spot.path),
        line: start.map(|(line, _)| line),
        column: start.map(|(_, column)| column),
    }
}

#[cfg(test)]
mod tests {
    use crate::finding::Findings;
    use crate::report::tests::{files, findings};
    use crate::report::{Colour, Format, report};

    #[test]
    fn one_of_each() {
        let mut findings = findings();
        findings.0.swap_remove(1);
        findings.0.truncate(2);
        findings.0[0].notes.drain(1..3);
        assert_eq!(report(&findings, &files(), Format::Json, Colour::Always), EXPECTED);
    }

    #[test]
    fn nothing_to_say() {
        let expected = "{\n  \"version\": 1,\n  \"findings\": [],\n  \"counts\": {\n    \"error\": 0,\n    \
                        \"warning\": 0,\n    \"note\": 0\n  }\n}\n";
        assert_eq!(report(&Findings::default(), &files(), Format::Json, Colour::Never), expected);
    }

    const EXPECTED: &str = r#"{
  "version": 1,
  "findings": [
    {
      "code": "L001",
      "name": "broken-link",
      "level": "error",
      "message": "no entry is called `heel-drops`",
      "help": "did you mean `heel-drop`?",
      "file": "content/articles/hips.md",
      "line": 7,
      "column": 5,
      "end_line": 7,
      "end_column": 19,
      "start": 49,
      "end": 63,
      "notes": [
        {
          "text": "and here",
          "file": "content/articles/hips.md",
          "line": 12,
          "column": 7
        },
        {
          "text": "names are in lower case",
          "file": null,
          "line": null,
          "column": null
        }
      ]
    },
    {
      "code": "L001",
      "name": "broken-link",
      "level": "error",
      "message": "the template\nhas an \u001b[31merror",
      "help": null,
      "file": "themes/osteon/templates/page.html",
      "line": null,
      "column": null,
      "end_line": null,
      "end_column": null,
      "start": null,
      "end": null,
      "notes": []
    }
  ],
  "counts": {
    "error": 2,
    "warning": 0,
    "note": 0
  }
}
"#;
}
