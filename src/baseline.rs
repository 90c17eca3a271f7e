//! The findings that a site had before: `osteon-baseline.yaml`, with which an old site can be checked before all of it is mended.
//!
//! A finding that is in the baseline is silent and counted. What is said about safety and evidence is silent only with a reason and
//! a last day, which people write; and no baseline makes a site publishable that can't be built.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::entry::Date;
use crate::entry::fields::{Fields as _, fields};
use crate::files::{FilePath, Files};
use crate::finding::{At, Findings, steps};
use crate::fingerprint::Fingerprints;
use crate::parse::data::{self, Foreign, Schema};
use crate::rules::{Rule, c008_stale_baseline, c009_unfounded_baseline, rule_called};

/// The name of the file, beside the configuration.
pub const BASELINE: &str = "osteon-baseline.yaml";

fields! {
    /// `osteon-baseline.yaml`.
    pub struct Baseline {
        /// What is known.
        findings: Vec<Known>,
    }
}

fields! {
    /// Findings that are known: all that share a fingerprint.
    pub struct Known {
        /// Code of the rule.
        code: String,
        /// The file.
        file: String,
        /// What was said, for people.
        message: Option<String>,
        /// What stays the same when lines move.
        fingerprint: String,
        /// How many there are; 1 if left out.
        count: Option<u32>,
        /// Why it may stay.
        reason: Option<String>,
        /// The last day on which it may.
        until: Option<Date>,
    }
}

const SCHEMA: Schema = Schema { owner: "the baseline", keys: Baseline::KEYS, shared: &[], foreign: Foreign::Unknown };

impl Baseline {
    /// The baseline of a site, and what is wrong in its file. A site may have none.
    pub fn read(files: &Files) -> (Option<Baseline>, Findings) {
        let Some(file) = files.at(BASELINE) else { return (None, Findings::default()) };
        let (baseline, mut findings) = data::table(file, &SCHEMA, |_: &Baseline| Vec::new());
        for (i, known) in baseline.findings.iter().enumerate() {
            let required = [
                ("code", !known.code.is_empty()),
                ("file", !known.file.is_empty()),
                ("fingerprint", !known.fingerprint.is_empty()),
            ];
            let within = steps(["findings", &i.to_string()]);
            data::require(
                &file.path,
                "a known finding",
                &within,
                &required.map(|(key, is_there)| (key, is_there.into())),
                &mut findings,
            );
        }
        (Some(baseline), findings)
    }
}

/// Takes the known findings out and returns how many they were. Findings must be there once each.
pub fn apply(files: &Files, today: Date, findings: &mut Findings) -> usize {
    let (baseline, wrong) = Baseline::read(files);
    let Some(baseline) = baseline else { return 0 };
    let path: FilePath = BASELINE.into();
    let mut left: Vec<u32> = baseline.findings.iter().map(|known| known.count.unwrap_or(1)).collect();
    let mut new = wrong;
    let mut is_open = vec![true; left.len()];
    let mut index: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (i, known) in baseline.findings.iter().enumerate() {
        index.entry((&known.code, &known.fingerprint)).or_default().push(i);
        let at = |field| At::field(&path, ["findings", &i.to_string(), field]);
        match known.objection(today) {
            None => continue,
            Some(Objection::Rule(rule)) => new.push(c009_unfounded_baseline::never(at("code"), rule)),
            Some(Objection::NoReason(rule)) => new.push(c009_unfounded_baseline::no_reason(at("code"), rule)),
            Some(Objection::Over(rule, day)) => new.push(c009_unfounded_baseline::over(at("until"), rule, day)),
        }
        is_open[i] = false;
    }
    let before = std::mem::take(&mut findings.0);
    let mut prints = Fingerprints::new(files);
    let mut known = |finding| -> Option<usize> {
        let print = prints.of(finding).to_string();
        let entry = index.get(&(finding.rule.code, &*print))?.iter().copied().find(|entry| left[*entry] > 0)?;
        left[entry] -= 1;
        Some(entry).filter(|entry| is_open[*entry])
    };
    let is_known: Vec<bool> = before.iter().map(|finding| known(finding).is_some()).collect();
    let count = is_known.iter().filter(|is_known| **is_known).count();
    findings.0 = before.into_iter().zip(is_known).filter(|(_, is_known)| !is_known).map(|(finding, _)| finding).collect();
    for (i, left) in left.into_iter().enumerate().filter(|(i, left)| *left > 0 && is_open[*i]) {
        let all = baseline.findings[i].count.unwrap_or(1);
        new.push(c008_stale_baseline::finding(At::field(&path, ["findings", &i.to_string()]), all - left, all));
    }
    findings.extend(new);
    count
}

/// Why an entry of the baseline silences nothing.
enum Objection {
    /// Nothing that the rule finds can be in a baseline.
    Rule(&'static Rule),
    /// The rule needs a reason and a last day.
    NoReason(&'static Rule),
    /// The last day is over.
    Over(&'static Rule, Date),
}

impl Known {
    fn objection(&self, today: Date) -> Option<Objection> {
        let rule = rule_called(&self.code)?;
        if !rule.can_be_in_baseline() {
            return Some(Objection::Rule(rule));
        }
        let has_reason = self.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        match self.until {
            Some(day) if day < today => Some(Objection::Over(rule, day)),
            Some(_) if has_reason => None,
            _ if rule.is_guard() => Some(Objection::NoReason(rule)),
            _ => None,
        }
    }
}

/// A baseline of all findings that may be in one, as the text of its file.
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub text: String,
    /// How many findings are in it.
    pub known: usize,
    /// How many can't be in a baseline.
    pub left: usize,
    /// How many still need a reason and a last day, by hand.
    pub unfounded: usize,
}

/// Writes down findings. Reasons and last days of the baseline before stay with what they were written for.
pub fn write(files: &Files, old: Option<&Baseline>, findings: &Findings) -> Written {
    let mut prints = Fingerprints::new(files);
    let mut entries: BTreeMap<(&str, &str, String), (u32, &str)> = BTreeMap::new();
    let mut written = Written { text: String::new(), known: 0, left: 0, unfounded: 0 };
    for finding in &findings.0 {
        if !finding.rule.can_be_in_baseline() {
            written.left += 1;
            continue;
        }
        written.known += 1;
        let key = (&*finding.at.file, finding.rule.code, prints.of(finding).to_string());
        entries.entry(key).or_insert((0, &finding.message)).0 += 1;
    }
    written.text.push_str(
        "# Findings that were there before, written by `osteon check --write-baseline`. They are silent as long as this file has them.\n\
         # Those about safety and evidence (S, E) need a `reason` and a last day, `until`, written by hand.\n",
    );
    written.text.push_str(if entries.is_empty() { "findings: []\n" } else { "findings:\n" });
    for ((file, code, print), (count, message)) in entries {
        let before = old.into_iter().flat_map(|old| &old.findings).find(|known| known.code == code && known.fingerprint == print);
        // JSON is YAML. A string can always be written.
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let out = &mut written.text;
        let _ = writeln!(out, "  - code: {code}\n    file: {}\n    message: {}", quoted(file), quoted(&one_line(message)));
        let _ = writeln!(out, "    fingerprint: \"{print}\"");
        if count > 1 {
            let _ = writeln!(out, "    count: {count}");
        }
        let reason = before.and_then(|known| known.reason.as_deref());
        if let Some(reason) = reason {
            let _ = writeln!(out, "    reason: {}", quoted(reason));
        }
        let until = before.and_then(|known| known.until);
        if let Some(until) = until {
            let _ = writeln!(out, "    until: {until}");
        }
        if code.starts_with(['S', 'E']) && (reason.is_none() || until.is_none()) {
            written.unfounded += count as usize;
        }
    }
    written
}

/// YAML has no control characters.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
