//! CSL-JSON files, as Zotero and Crossref export them.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{Problem, Record, issued};

/// Fields that hold dates.
const DATES: &[&str] = &["issued", "accessed", "original-date", "event-date", "submitted", "available-date"];

/// Reads an array of items, or one item.
///
/// Each item is read by itself, so that one broken item costs only itself.
pub fn from_csl_json(text: &str) -> (Vec<Record>, Vec<Problem>) {
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    for range in items(text, &mut problems) {
        let source = &text[range.clone()];
        match serde_json::from_str::<Value>(source) {
            Ok(Value::Object(csl)) => records.extend(record(csl, range, &mut problems)),
            Ok(_) => problems.push(Problem { range, message: "an item of CSL-JSON is an object".into() }),
            Err(error) => {
                let start = range.start + offset(source, error.line(), error.column());
                let message = error.to_string();
                // serde_json adds its own line and column, which count from the start of the item.
                let message = message.split(" at line ").next().unwrap_or_default();
                problems.push(Problem { range: one_char(text, start), message: format!("this item can't be read: {message}") });
            }
        }
    }
    (records, problems)
}

fn record(mut csl: Map<String, Value>, range: Range<usize>, problems: &mut Vec<Problem>) -> Option<Record> {
    let id = match csl.get("id") {
        Some(Value::String(id)) if !id.trim().is_empty() => id.trim().to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        _ => {
            problems.push(Problem { range, message: "this item has no `id` to cite it by".into() });
            return None;
        }
    };
    csl.insert("id".into(), id.clone().into());
    csl.remove("abstract");
    csl.retain(|_, value| !value.is_null());
    // Zotero's names for them, older than CSL's.
    for (old, name) in [("journalAbbreviation", "container-title-short"), ("shortTitle", "title-short")] {
        if let Some(value) = csl.remove(old) {
            csl.entry(name).or_insert(value);
        }
    }
    for key in DATES {
        let Some(written) = csl.remove(*key) else { continue };
        match issued(&written) {
            Some(date) => drop(csl.insert((*key).to_owned(), date)),
            None => problems.push(Problem { range: range.clone(), message: format!("`{key}` of `{id}` is no date: {written}") }),
        }
    }
    Some(Record { id, range, csl })
}

/// The ranges of the items: only brackets and strings are looked at.
fn items(text: &str, problems: &mut Vec<Problem>) -> Vec<Range<usize>> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let start = text.len() - text.trim_start_matches(blank).len();
    let Some(list) = text[start..].strip_prefix('[') else {
        // One item, or something else that serde_json has words for.
        return if start == text.len() {
            Vec::new()
        } else {
            std::iter::once(start..text.trim_end_matches(blank).len()).collect()
        };
    };
    let mut ranges = Vec::new();
    let offset = text.len() - list.len();
    let (mut depth, mut begun, mut in_string, mut escaped) = (0_usize, None, false, false);
    for (at, byte) in list.bytes().enumerate() {
        let at = offset + at;
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b',' if depth == 0 => ranges.extend(begun.take().map(|begun| begun..at)),
            b']' | b'}' if depth == 0 => {
                ranges.extend(begun.take().map(|begun| begun..at));
                let rest = &text[at + 1..];
                if byte == b'}' || !rest.trim_matches(blank).is_empty() {
                    let from = at + usize::from(byte == b']') * (1 + rest.len() - rest.trim_start().len());
                    problems
                        .push(Problem { range: one_char(text, from), message: "unexpected text after the list of items".into() });
                }
                return ranges.into_iter().map(|range| trimmed(text, range)).collect();
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                begun = begun.or(Some(at));
                match byte {
                    b'"' => in_string = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
            }
        }
    }
    ranges.extend(begun.map(|begun| begun..text.len()));
    problems.push(Problem { range: one_char(text, text.trim_end().len()), message: "the list of items is not closed".into() });
    ranges.into_iter().map(|range| trimmed(text, range)).collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    range.start..range.start + text[range].trim_end().len()
}

/// The byte at a line and a column as `serde_json` counts them: from 1, columns in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// The character at or around a byte; at the end of the text, the last one.
pub(super) fn one_char(text: &str, at: usize) -> Range<usize> {
    let start = floor(text, at.min(text.len().saturating_sub(1)));
    start..text[start..].chars().next().map_or(start, |c| start + c.len_utf8())
}

/// The last start of a character at or before a byte.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::tests::{Random, mutated};

    const FILE: &str = r#"[
  {"id": "bassey1995", "type": "article-journal", "title": "A {brace}, a \"quote\" and ]", "abstract": "long",
   "author": [{"family": "Bassey", "given": "E. J."}], "issued": {"date-parts": [["1995", 4]]}, "PMID": "7605708"},
  {"id": 17, "title": "é", "shortTitle": "e", "issued": {"raw": "2000-09"}, "accessed": "soon"}
]
"#;

    #[test]
    fn items_with_places() {
        let (records, problems) = from_csl_json(FILE);
        assert_eq!(records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["bassey1995", "17"]);
        assert!(FILE[records[0].range.clone()].starts_with(r#"{"id": "bassey1995""#));
        assert!(FILE[records[0].range.clone()].ends_with(r#""7605708"}"#));
        assert_eq!(records[0].csl["issued"].to_string(), r#"{"date-parts":[[1995,4]]}"#);
        assert!(!records[0].csl.contains_key("abstract"));
        assert_eq!((&records[1].csl["id"], &records[1].csl["title-short"]), (&"17".into(), &"e".into()));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].message, "`accessed` of `17` is no date: \"soon\"");
        assert_eq!(problems[0].range, records[1].range);
    }

    #[test]
    fn one_item_and_none() {
        assert_eq!(from_csl_json(r#"{"id": "a"}"#).0.len(), 1);
        assert_eq!(from_csl_json("\u{feff} [ ]\n"), (vec![], vec![]));
        assert_eq!(from_csl_json(""), (vec![], vec![]));
    }

    #[test]
    fn a_broken_item_costs_only_itself() {
        let text = r#"[{"id": "a"}, {"id": "b" "title": 1}, {"id": "c"}, {"title": "no id"}, 5]"#;
        let (records, problems) = from_csl_json(text);
        assert_eq!(records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        let found: Vec<_> = problems.iter().map(|problem| (&text[problem.range.clone()], problem.message.as_str())).collect();
        assert_eq!(
            found,
            [
                ("\"", "this item can't be read: expected `,` or `}`"),
                (r#"{"title": "no id"}"#, "this item has no `id` to cite it by"),
                ("5", "an item of CSL-JSON is an object"),
            ]
        );
        assert_eq!(from_csl_json("[{\"id\": \"a\"}, {\"id\": ").0.len(), 1);
        assert_eq!(from_csl_json("[{\"id\": \"a\"}] x").1.len(), 1);
        assert_eq!(from_csl_json(&"[".repeat(100_000)).0.len(), 0);
        assert_eq!(from_csl_json(&format!("[{}", "{\"a\":".repeat(100_000))).0.len(), 0);
    }

    #[test]
    fn mutated_files() {
        let mut random = Random(7);
        for _ in 0..3000 {
            let text = mutated(FILE, &mut random);
            let (records, problems) = from_csl_json(&text);
            for range in records.iter().map(|record| &record.range).chain(problems.iter().map(|problem| &problem.range)) {
                assert!(text.get(range.clone()).is_some(), "{range:?} in {text:?}");
            }
        }
    }
}
