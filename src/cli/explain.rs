//! `osteon explain`.

use anyhow::bail;

use super::{Outcome, print};
use crate::finding::did_you_mean;
use crate::rules::{RULES, handbook, rule_called};

/// Prints the documentation of a rule, of all rules, or the list of rules.
pub(super) fn explain(name: Option<&str>, all: bool) -> anyhow::Result<Outcome> {
    match name {
        Some(name) => {
            let Some(rule) = rule_called(name) else {
                let known = RULES.iter().flat_map(|rule| [rule.name, rule.code]);
                let help = did_you_mean(name, known).unwrap_or_else(|| "`osteon explain` lists all rules".to_owned());
                bail!("no rule is called `{name}`: {help}");
            };
            print(&rule.page())?;
        }
        None if all => print(&handbook())?,
        None => {
            let lines: Vec<String> =
                RULES.iter().map(|rule| format!("{} {:8} {}\n", rule.code, rule.level.word(), rule.name)).collect();
            print(&lines.concat())?;
        }
    }
    Ok(Outcome::Clean)
}
