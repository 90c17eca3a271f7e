//! The rules: one file each, with code, documentation and check side by side.
//!
//! A rule is added by one file here, one line in [`RULES`] and one folder in `tests/rules/`; `tests/suite/tidy.rs` holds the three
//! together. Codes are never reused or renamed. Families: `C` configuration, `F` front matter and data, `M` Markdown,
//! `L` links, `E` evidence, `S` safety, `V` review, `Q` search, `R` addresses, `T` themes, `W` words.

pub mod c001_no_configuration;
pub mod c002_bad_base_url;
pub mod c003_unknown_theme;
pub mod c004_unknown_style;
pub mod c005_unknown_level;
pub mod c006_bad_allow;
pub mod c007_unused_allow;
pub mod c008_stale_baseline;
pub mod c009_unfounded_baseline;
pub mod e001_unknown_reference;
pub mod e002_unused_reference;
pub mod e003_incomplete_reference;
pub mod e004_bad_identifier;
pub mod e005_duplicate_identifier;
pub mod e006_retracted_reference;
pub mod e007_superseded_reference;
pub mod e008_unverified_reference;
pub mod e009_unsupported_claim;
pub mod e010_reference_on_both_sides;
pub mod e011_figure_without_population;
pub mod e012_repeated_claim;
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
pub mod m006_skipped_heading;
pub mod q001_failing_query;
pub mod q002_repeated_words;
pub mod r001_address_collision;
pub mod r002_bad_address;
pub mod s001_incomplete_matrix;
pub mod s002_unknown_movement;
pub mod s003_unsafe_recommendation;
pub mod s004_expired_exception;
pub mod s005_unused_exception;
pub mod s006_no_alternative;
pub mod s007_no_instead;
pub mod s008_step_cycle;
pub mod s009_unsafe_step;
pub mod s010_uncleared_advice;
pub mod s011_unsafe_alternative;
pub mod s012_doubtful_dose;
pub mod standards;
pub mod t001_template_error;
pub mod t002_render_error;
pub mod t003_unknown_layout;
pub mod t004_lost_warning;
pub mod t005_outside_request;
pub mod t006_inaccessible_page;
pub mod t007_invalid_structured_data;
pub mod t008_lost_disclaimer;
pub mod v001_no_author;
pub mod v002_not_reviewed;
pub mod v003_review_overdue;
pub mod v004_review_due;
pub mod v005_own_review;
pub mod v006_review_dates;
pub mod v007_incomplete_person;
pub mod v008_sample_person;
pub mod v009_no_funding;
pub mod v010_no_policy;
pub mod v011_stale_review;
pub mod v012_long_overdue_review;
pub mod w001_reading_age;
pub mod w002_long_sentence;
pub mod w003_long_paragraph;
pub mod w004_unexplained_term;
pub mod w005_step_shape;
pub mod w006_bare_percentage;
pub mod w007_jargon;
pub mod w010_uncited_figure;
pub mod w011_banned_promise;
pub mod w012_overconfident_claim;
pub mod w020_unlinked_mention;
pub mod w021_repeated_passage;

use std::sync::Arc;

use crate::config::{CONFIG, Config, Publication};
use crate::entry::{Data, Id, Kind, Slot};
use crate::finding::{At, Finding, Findings, Level};
use crate::graph::Graph;
use crate::par;
use crate::parse::Document;
use crate::parse::running::Passage;
use crate::render::Snapshot;
use crate::theme::Theme;
use crate::words::{self, Found, Name, Names, Sentence};

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
    &c006_bad_allow::BAD_ALLOW,
    &c007_unused_allow::UNUSED_ALLOW,
    &c008_stale_baseline::STALE_BASELINE,
    &c009_unfounded_baseline::UNFOUNDED_BASELINE,
    &e001_unknown_reference::UNKNOWN_REFERENCE,
    &e002_unused_reference::UNUSED_REFERENCE,
    &e003_incomplete_reference::INCOMPLETE_REFERENCE,
    &e004_bad_identifier::BAD_IDENTIFIER,
    &e005_duplicate_identifier::DUPLICATE_IDENTIFIER,
    &e006_retracted_reference::RETRACTED_REFERENCE,
    &e007_superseded_reference::SUPERSEDED_REFERENCE,
    &e008_unverified_reference::UNVERIFIED_REFERENCE,
    &e009_unsupported_claim::UNSUPPORTED_CLAIM,
    &e010_reference_on_both_sides::REFERENCE_ON_BOTH_SIDES,
    &e011_figure_without_population::FIGURE_WITHOUT_POPULATION,
    &e012_repeated_claim::REPEATED_CLAIM,
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
    &m006_skipped_heading::SKIPPED_HEADING,
    &q001_failing_query::FAILING_QUERY,
    &q002_repeated_words::REPEATED_WORDS,
    &r001_address_collision::ADDRESS_COLLISION,
    &r002_bad_address::BAD_ADDRESS,
    &s001_incomplete_matrix::INCOMPLETE_MATRIX,
    &s002_unknown_movement::UNKNOWN_MOVEMENT,
    &s003_unsafe_recommendation::UNSAFE_RECOMMENDATION,
    &s004_expired_exception::EXPIRED_EXCEPTION,
    &s005_unused_exception::UNUSED_EXCEPTION,
    &s006_no_alternative::NO_ALTERNATIVE,
    &s007_no_instead::NO_INSTEAD,
    &s008_step_cycle::STEP_CYCLE,
    &s009_unsafe_step::UNSAFE_STEP,
    &s010_uncleared_advice::UNCLEARED_ADVICE,
    &s011_unsafe_alternative::UNSAFE_ALTERNATIVE,
    &s012_doubtful_dose::DOUBTFUL_DOSE,
    &t001_template_error::TEMPLATE_ERROR,
    &t002_render_error::RENDER_ERROR,
    &t003_unknown_layout::UNKNOWN_LAYOUT,
    &t004_lost_warning::LOST_WARNING,
    &t005_outside_request::OUTSIDE_REQUEST,
    &t006_inaccessible_page::INACCESSIBLE_PAGE,
    &t007_invalid_structured_data::INVALID_STRUCTURED_DATA,
    &t008_lost_disclaimer::LOST_DISCLAIMER,
    &v001_no_author::NO_AUTHOR,
    &v002_not_reviewed::NOT_REVIEWED,
    &v003_review_overdue::REVIEW_OVERDUE,
    &v004_review_due::REVIEW_DUE,
    &v005_own_review::OWN_REVIEW,
    &v006_review_dates::REVIEW_DATES,
    &v007_incomplete_person::INCOMPLETE_PERSON,
    &v008_sample_person::SAMPLE_PERSON,
    &v009_no_funding::NO_FUNDING,
    &v010_no_policy::NO_POLICY,
    &v011_stale_review::STALE_REVIEW,
    &v012_long_overdue_review::LONG_OVERDUE_REVIEW,
    &w001_reading_age::READING_AGE,
    &w002_long_sentence::LONG_SENTENCE,
    &w003_long_paragraph::LONG_PARAGRAPH,
    &w004_unexplained_term::UNEXPLAINED_TERM,
    &w005_step_shape::STEP_SHAPE,
    &w006_bare_percentage::BARE_PERCENTAGE,
    &w007_jargon::JARGON,
    &w010_uncited_figure::UNCITED_FIGURE,
    &w011_banned_promise::BANNED_PROMISE,
    &w012_overconfident_claim::OVERCONFIDENT_CLAIM,
    &w020_unlinked_mention::UNLINKED_MENTION,
    &w021_repeated_passage::REPEATED_PASSAGE,
];

/// Rules that look at the whole site, once the graph is known.
const SITE: &[fn(&Graph) -> Findings] = &[
    s003_unsafe_recommendation::check,
    s004_expired_exception::check,
    s005_unused_exception::check,
    s006_no_alternative::check,
    s007_no_instead::check,
    s008_step_cycle::check,
    s009_unsafe_step::check,
    s010_uncleared_advice::check,
    s011_unsafe_alternative::check,
    s012_doubtful_dose::check,
    e002_unused_reference::check,
    e003_incomplete_reference::check,
    e004_bad_identifier::check,
    e005_duplicate_identifier::check,
    e006_retracted_reference::check,
    e007_superseded_reference::check,
    e008_unverified_reference::check,
    e009_unsupported_claim::check,
    e010_reference_on_both_sides::check,
    e011_figure_without_population::check,
    e012_repeated_claim::check,
    t008_lost_disclaimer::check,
    v001_no_author::check,
    v002_not_reviewed::check,
    v003_review_overdue::check,
    v004_review_due::check,
    v005_own_review::check,
    v006_review_dates::check,
    v007_incomplete_person::check,
    v008_sample_person::check,
    v009_no_funding::check,
    v010_no_policy::check,
    v011_stale_review::check,
];

/// Rules that look at the words of one entry. They run when its text is filled and are kept with it; what they ask of other
/// entries goes through [`render::ask`](crate::render::ask), or a change there would go unnoticed.
const WORDS: &[fn(&Words<'_>) -> Findings] = &[
    w001_reading_age::check,
    w002_long_sentence::check,
    w003_long_paragraph::check,
    w004_unexplained_term::check,
    w005_step_shape::check,
    w006_bare_percentage::check,
    w007_jargon::check,
    w010_uncited_figure::check,
    w011_banned_promise::check,
    w012_overconfident_claim::check,
    w020_unlinked_mention::check,
];

/// The words of one entry.
pub struct Words<'a> {
    /// The site.
    pub snapshot: &'a Arc<Snapshot>,
    /// The entry.
    pub document: &'a Document,
    /// Its running text.
    pub passages: Vec<Passage>,
    /// The names of all entries.
    pub names: &'a Names,
    /// The names in each passage.
    pub found: Vec<Vec<Found>>,
    /// The sentences of each passage of running text, if there are formulas for the language of the site; otherwise none.
    pub sentences: Vec<Vec<Sentence>>,
}

impl Words<'_> {
    /// The passages of running text, if there are formulas for the language of the site; otherwise none.
    fn readable(&self) -> impl Iterator<Item = &Passage> {
        let is_readable = self.snapshot.graph.config.is_english();
        self.passages.iter().filter(move |passage| is_readable && words::is_running(passage))
    }
}

impl Words<'_> {
    /// The names of other entries that the page says without leading there: for each entry its first use in the author's own words,
    /// in the body or an answer, if nothing on the page leads to it. Boxes and warnings are left as they are.
    fn unlinked(&self) -> Vec<(&Passage, &Found, &Name)> {
        let graph = &self.snapshot.graph;
        let Some(index) = graph.find(&self.document.id).filter(|_| self.document.kind != Kind::Warning) else {
            return Vec::new();
        };
        let leads_to = |id: &str| graph.find(id).is_some_and(|to| graph.edges[index as usize].iter().any(|edge| edge.to == to));
        let audience: &[Id] = if let Data::Article(article) = &self.document.data { &article.audience } else { &[] };
        let mut first: Vec<(&Passage, &Found, &Name)> = Vec::new();
        for (passage, found) in self.passages.iter().zip(&self.found) {
            let is_own = matches!(passage.slot, Slot::Body | Slot::Answer) && words::is_running(passage) && !passage.is_boxed;
            for found in found.iter().filter(|found| is_own && passage.is_plain(&found.range)) {
                let name = &self.names.list[found.name];
                let is_known = name.id == self.document.id
                    || audience.contains(&name.id)
                    || first.iter().any(|(.., other)| other.id == name.id)
                    || leads_to(&name.id);
                if !is_known {
                    first.push((passage, found, name));
                }
            }
        }
        first
    }

    /// Offers to make a name a link.
    fn offer_link(&self, finding: Finding, passage: &Passage, found: &Found, name: &Name) -> Finding {
        let written = &passage.text[found.range.clone()];
        let is_title = self.snapshot.graph.find(&name.id).is_some_and(|to| self.snapshot.graph.node(to).title == written);
        let link = if is_title { format!("[[{}]]", name.id) } else { format!("[[{}|{written}]]", name.id) };
        // In front of a link an exclamation mark would embed it, and brackets or a backslash would spoil it.
        let is_free = !passage.text[..found.range.start].ends_with(['!', '[', '\\']) && !written.contains(['|', '[', ']']);
        let finding = finding.help(format!("link it: `{link}`"));
        if is_free { finding.fix(written, &link, true) } else { finding }
    }
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
        let mut is_code = false;
        for line in self.docs.lines() {
            let line = line.strip_prefix(' ').unwrap_or(line);
            is_code ^= line.starts_with("```");
            if line.starts_with("# ") && !is_code {
                page.push('#');
            }
            page.push_str(line);
            page.push('\n');
        }
        page
    }

    /// Whether it guards readers: it is about safety, evidence, or words of caution that a page has lost.
    pub fn is_guard(&self) -> bool {
        self.code.starts_with(['S', 'E']) || matches!(self.code, "T004" | "T008")
    }

    /// Whether an author may allow what it finds, with a reason beside the words: never what guards readers.
    pub fn can_be_allowed(&self) -> bool {
        !self.is_guard() && self.level < Level::Error && self.production < Level::Error
    }

    /// Whether a baseline may hold what it finds: not what leaves no site, or another one than its files say.
    pub fn can_be_in_baseline(&self) -> bool {
        !self.code.starts_with(['C', 'R', 'T']) && !matches!(self.code, "F001" | "F006" | "F008" | "F009")
    }

    /// What it finds: the first section of its documentation, in one line.
    pub fn finds(&self) -> String {
        let lines = self.docs.lines().map(str::trim).skip_while(|line| !line.starts_with("# ")).skip(1);
        let section: Vec<&str> = lines.take_while(|line| !line.starts_with("# ")).filter(|line| !line.is_empty()).collect();
        section.join(" ")
    }
}

/// The pages of all rules, and the standards that they stand for.
pub fn handbook() -> String {
    let mut pages: Vec<String> = RULES.iter().map(|rule| rule.page()).collect();
    pages.push(standards::table());
    pages.join("\n")
}

/// "`a`, `b` or `c`".
fn listed(ids: &[&str], last: &str) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => quoted.concat(),
    }
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
        if rule.is_guard() && level < Some(rule.level) {
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
