//! `osteon explain`.

use anyhow::bail;

use super::{Outcome, print};
use crate::finding::did_you_mean;
use crate::rules::{RULES, Rule, rule_called};

/// Prints the documentation of a rule, of all rules, or the list of rules.
pub(super) fn explain(name: Option<&str>, all: bool) -> anyhow::Result<Outcome> {
    match name {
        Some(name) => match rule_called(name) {
            Some(rule) => print(&page(rule))?,
            None => {
                let known = RULES.iter().flat_map(|rule| [rule.name, rule.code]);
                let help = did_you_mean(name, known).unwrap_or_else(|| "`osteon explain` lists all rules".to_owned());
                bail!("no rule is called `{name}`: {help}");
            }
        },
        None if all => print(&RULES.iter().map(|rule| page(rule)).collect::<Vec<_>>().join("\n"))?,
        None => print(&RULES.iter().map(|rule| format!("{} {:8} {}\n", rule.code, rule.level.word(), rule.name)).collect::<String>())?,
    }
    Ok(Outcome::Clean)
}

/// The page of a rule, as Markdown.
pub fn page(rule: &Rule) -> String {
    let mut page = format!("# {} {} ({})\n\n", rule.code, rule.name, rule.level.word());
    for line in rule.docs.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line.starts_with("# ") {
            page.push('#');
        }
        page.push_str(line);
        page.push('\n');
    }
    page
}
