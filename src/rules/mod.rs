//! The rules: one file each, with code, documentation and check side by side.
//!
//! A rule is added by one file here, one line in [`RULES`] and one folder in `tests/rules/`; `tests/suite/tidy.rs` holds the three
//! together. Codes are never reused or renamed. Families: `C` configuration, `F` front matter and data, `M` Markdown,
//! `L` links, `E` evidence, `S` safety, `V` review, `R` addresses, `T` themes.

pub mod c001_no_configuration;
pub mod c002_bad_base_url;
pub mod c003_unknown_theme;
pub mod c004_unknown_style;
pub mod c005_unknown_level;
pub mod e001_unknown_reference;
pub mod f001_unreadable_data;
pub mod f002_unknown_key;
pub mod f003_wrong_type;
pub mod f004_missing_field;
pub mod f005_unknown_value;
pub mod f006_invalid_utf8;
pub mod f007_foreign_key;
pub mod f008_duplicate_id;
pub mod f009_bad_id;
pub mod f010_stray_file;
pub mod f011_near_miss;
pub mod l001_unknown_entry;
pub mod l002_wrong_kind;
pub mod l003_broken_link;
pub mod l004_unknown_anchor;
pub mod l005_missing_file;
pub mod m001_duplicate_anchor;
pub mod m002_inline_embed;
pub mod m003_not_embeddable;
pub mod m004_unknown_language;
pub mod m005_ambiguous_heading;
pub mod r001_address_collision;
pub mod r002_bad_address;
pub mod s001_incomplete_matrix;
pub mod s002_unknown_movement;
pub mod t001_template_error;
pub mod t002_render_error;
pub mod t003_unknown_layout;
pub mod t004_lost_warning;
pub mod t005_outside_request;
pub mod t006_inaccessible_page;
pub mod t007_invalid_structured_data;
pub mod v001_no_author;

use std::sync::Arc;

use crate::config::{CONFIG, Config, Publication};
use crate::finding::{At, Findings, Level};
use crate::graph::Graph;
use crate::par;
use crate::parse::Document;
use crate::parse::running::Passage;
use crate::render::Snapshot;
use crate::theme::Theme;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Stable code: a letter for the family and three digits.
    pub code: &'static str,
    /// Stable name, which reads well after "allow".
    pub name: &'static str,
    /// The level unless the site or the situation says otherwise.
    pub level: Level,
    /// The level in `publication: production`: what needs people is a warning in a draft and an error for the public.
    pub production: Level,
    /// What it finds, why that matters, and what to do instead, as Markdown.
    pub docs: &'static str,
}

/// Declares a rule: the doc comment is its rustdoc, its `osteon explain` and its page in the handbook.
macro_rules! rule {
    ($(#[doc = $doc:literal])+ $rule:ident = $code:literal, $name:literal, $level:ident) => {
        rule! { $(#[doc = $doc])+ $rule = $code, $name, $level, $level in production }
    };
    ($(#[doc = $doc:literal])+ $rule:ident = $code:literal, $name:literal, $level:ident, $production:ident in production) => {
        $(#[doc = $doc])+
        pub static $rule: $crate::rules::Rule = $crate::rules::Rule {
            code: $code,
            name: $name,
            level: $crate::finding::Level::$level,
            production: $crate::finding::Level::$production,
            docs: concat!($($doc, "\n"),+),
        };
    };
}
use rule;

/// All rules, sorted by code.
pub const RULES: &[&Rule] = &[
    &c001_no_configuration::NO_CONFIGURATION,
    &c002_bad_base_url::BAD_BASE_URL,
    &c003_unknown_theme::UNKNOWN_THEME,
    &c004_unknown_style::UNKNOWN_STYLE,
    &c005_unknown_level::UNKNOWN_LEVEL,
    &e001_unknown_reference::UNKNOWN_REFERENCE,
    &f001_unreadable_data::UNREADABLE_DATA,
    &f002_unknown_key::UNKNOWN_KEY,
    &f003_wrong_type::WRONG_TYPE,
    &f004_missing_field::MISSING_FIELD,
    &f005_unknown_value::UNKNOWN_VALUE,
    &f006_invalid_utf8::INVALID_UTF8,
    &f007_foreign_key::FOREIGN_KEY,
    &f008_duplicate_id::DUPLICATE_ID,
    &f009_bad_id::BAD_ID,
    &f010_stray_file::STRAY_FILE,
    &f011_near_miss::NEAR_MISS,
    &l001_unknown_entry::UNKNOWN_ENTRY,
    &l002_wrong_kind::WRONG_KIND,
    &l003_broken_link::BROKEN_LINK,
    &l004_unknown_anchor::UNKNOWN_ANCHOR,
    &l005_missing_file::MISSING_FILE,
    &m001_duplicate_anchor::DUPLICATE_ANCHOR,
    &m002_inline_embed::INLINE_EMBED,
    &m003_not_embeddable::NOT_EMBEDDABLE,
    &m004_unknown_language::UNKNOWN_LANGUAGE,
    &m005_ambiguous_heading::AMBIGUOUS_HEADING,
    &r001_address_collision::ADDRESS_COLLISION,
    &r002_bad_address::BAD_ADDRESS,
    &s001_incomplete_matrix::INCOMPLETE_MATRIX,
    &s002_unknown_movement::UNKNOWN_MOVEMENT,
    &t001_template_error::TEMPLATE_ERROR,
    &t002_render_error::RENDER_ERROR,
    &t003_unknown_layout::UNKNOWN_LAYOUT,
    &t004_lost_warning::LOST_WARNING,
    &t005_outside_request::OUTSIDE_REQUEST,
    &t006_inaccessible_page::INACCESSIBLE_PAGE,
    &t007_invalid_structured_data::INVALID_STRUCTURED_DATA,
    &v001_no_author::NO_AUTHOR,
];

/// Rules that look at the whole site, once the graph is known.
const SITE: &[fn(&Graph) -> Findings] = &[v001_no_author::check];

/// Rules that look at the words of one entry. They run when its text is filled and are kept with it; what they ask of other
/// entries goes through [`render::ask`](crate::render::ask), or a change there would go unnoticed.
const WORDS: &[fn(&Words<'_>) -> Findings] = &[];

/// The words of one entry.
pub struct Words<'a> {
    /// The site.
    pub snapshot: &'a Arc<Snapshot>,
    /// The entry.
    pub document: &'a Document,
    /// Its running text.
    pub passages: Vec<Passage>,
}

/// What the rules say about the whole site.
pub fn check(graph: &Graph, theme: &Theme) -> Findings {
    let mut findings = t003_unknown_layout::check(graph, theme);
    for found in par::map(SITE, |rule| rule(graph)) {
        findings.extend(found);
    }
    findings
}

/// What the rules say about the words of one entry.
pub fn check_words(words: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    for rule in WORDS {
        findings.extend(rule(words));
    }
    findings
}

impl Rule {
    /// The page of the rule in the handbook, as Markdown.
    pub fn page(&self) -> String {
        let production =
            if self.production == self.level { String::new() } else { format!(", {} in production", self.production.word()) };
        let mut page = format!("# {} {} ({}{production})\n\n", self.code, self.name, self.level.word());
        for line in self.docs.lines() {
            let line = line.strip_prefix(' ').unwrap_or(line);
            if line.starts_with("# ") {
                page.push('#');
            }
            page.push_str(line);
            page.push('\n');
        }
        page
    }
}

/// The pages of all rules.
pub fn handbook() -> String {
    RULES.iter().map(|rule| rule.page()).collect::<Vec<_>>().join("\n")
}

/// The rule with a code or a name.
pub fn rule_called(code_or_name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}

/// Gives every finding the level that the site chose for its rule. Rules that protect readers can be made stricter, never milder.
pub fn set_levels(config: &Config, findings: &mut Findings) {
    if config.publication == Publication::Production {
        let usual = findings.0.iter_mut().filter(|finding| finding.level == finding.rule.level);
        usual.for_each(|finding| finding.level = finding.rule.production);
    }
    let file = CONFIG.into();
    for (written, level) in &config.settings.levels {
        let at = || At::field(&file, ["levels", written]);
        let Some(rule) = rule_called(written) else {
            let names = RULES.iter().map(|rule| if written.starts_with(char::is_uppercase) { rule.code } else { rule.name });
            findings.push(c005_unknown_level::unknown_rule(at(), written, names));
            continue;
        };
        let level = match level.as_str() {
            "off" => None,
            "note" => Some(Level::Note),
            "warning" => Some(Level::Warning),
            "error" => Some(Level::Error),
            other => {
                findings.push(c005_unknown_level::unknown_level(at(), other));
                continue;
            }
        };
        if (rule.code.starts_with(['S', 'E']) || rule.code == "T004") && level < Some(rule.level) {
            findings.push(c005_unknown_level::too_mild(at(), written));
            continue;
        }
        match level {
            Some(level) => {
                findings.0.iter_mut().filter(|finding| finding.rule.code == rule.code).for_each(|finding| finding.level = level);
            }
            None => findings.0.retain(|finding| finding.rule.code != rule.code),
        }
    }
}
