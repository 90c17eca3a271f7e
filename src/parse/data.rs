//! Data of a file → typed fields, with every mistake found in one run.
//!
//! The common case, a file without mistakes, is one pass of the YAML parser into the typed struct. Only when that fails are
//! the data read once more as a tree, from which each value that can't be used is reported and taken out until the rest can
//! be read: so one wrong value hides no other.

use serde::de::{Deserializer, MapAccess};
use serde_yaml::Value;

use super::front::{Form, Front, front_of};
use super::locate::offset;
use crate::entry::{
    Acknowledgement, AppliesTo, CareCard, Condition, ConditionGroup, Dosage, Fields, FromData, GeneralWarning, Item, Meta,
    Movement, Ok, Question, Rule, Session, Stage, Study, Synonyms, WantedQuery, Week, choices_of,
};
use crate::files::{File, FilePath};
use crate::finding::{At, Finding, Findings, Place, Step};
use crate::rules::{
    f001_unreadable_data, f002_unknown_key, f003_wrong_type, f004_missing_field, f005_unknown_value, f007_foreign_key,
};

/// The shared fields of an entry and those of its kind, read in one pass.
#[derive(Debug, Default)]
pub struct Entry<T> {
    /// The shared fields.
    pub meta: Meta,
    /// The fields of the kind.
    pub data: T,
}

/// Keys of Eleventy, Hugo, Jekyll and Zola that mean the same as one of ours.
const ALIASES: &[(&str, &str)] = &[
    ("preview", "summary"),
    ("excerpt", "summary"),
    ("ogImage", "og_image"),
    ("twitterImage", "twitter_image"),
    ("lastmod", "updated"),
    ("last_modified_at", "updated"),
    ("redirect_from", "aliases"),
    ("url", "permalink"),
    ("path", "permalink"),
    ("template", "layout"),
    ("keywords", "tags"),
    ("categories", "tags"),
];

/// The field that another generator's key means.
pub(super) fn field_called(key: &str) -> Option<&'static str> {
    ALIASES.iter().find(|(theirs, _)| *theirs == key).map(|(_, ours)| *ours)
}

/// Keys of theirs that mean nothing here, and why.
const FOREIGN: &[(&str, &str)] = &[
    ("author", "authors are ids of `people.yaml`: write `authors: [id]`"),
    ("slug", "the file name decides the address; `permalink` changes it"),
    ("weight", "lists are ordered by date or title"),
    ("type", "the folder decides the kind"),
    ("linkTitle", "links use the title"),
    ("publishDate", "there is no publishing in the future; use `draft: true`"),
    ("expiryDate", "pages don't expire; use `next_review`"),
    ("markup", "bodies are Markdown"),
    ("toc", "the theme decides about contents"),
    ("math", "there is no mathematics in bodies"),
    ("comments", "there are no comments"),
    ("cover", "use `image`"),
    ("thumbnail", "use `image`"),
    ("images", "use `image` and `og_image`"),
    ("sort_by", "lists are ordered by date or title"),
    ("paginate_by", "`page_size` in `osteon.yaml` holds for all lists"),
    ("in_search_index", "every entry is in the index"),
    ("insert_anchor_links", "the theme decides about anchors"),
    ("generate_feeds", "there is one feed"),
    ("taxonomies", "only `tags` is a taxonomy here"),
    ("eleventyNavigation", "the main menu stands in `osteon.yaml`"),
    ("eleventyExcludeFromCollections", "every entry is in its list"),
    ("eleventyComputed", "data are not computed"),
    ("templateEngineOverride", "bodies are Markdown"),
    ("pagination", "lists are paginated by osteon"),
];

impl<T: Fields> Fields for Entry<T> {
    const KEYS: &'static [&'static str] = T::KEYS;

    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        if self.meta.read(key, map)? || self.data.read(key, map)? {
            return Ok(true);
        }
        if key == "published" {
            self.meta.draft = !map.next_value::<bool>()?;
            return Ok(true);
        }
        let Some((_, ours)) = ALIASES.iter().find(|(theirs, _)| *theirs == key) else { return Ok(false) };
        if matches!(*ours, "tags" | "aliases") {
            let mut more = Meta::default();
            more.read(ours, map)?;
            self.meta.tags.extend(more.tags);
            self.meta.aliases.extend(more.aliases);
            return Ok(true);
        }
        Ok(self.meta.read(ours, map)? || self.data.read(ours, map)?)
    }
}

impl<T: Fields> FromData for Entry<T> {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        crate::entry::fields::from_map(data)
    }
}

/// What is known about the data that are read, for messages and suggestions.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// What the data are, as in "an exercise".
    pub owner: &'static str,
    /// The keys of the top level.
    pub keys: &'static [&'static str],
    /// More keys of the top level: those that all kinds share, or none.
    pub shared: &'static [&'static str],
    /// Whether keys of other generators may stand there.
    pub foreign: Foreign,
}

/// Whether keys of other generators may stand in data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// In front matter of articles and pages.
    Allowed,
    /// Elsewhere they are mistakes.
    Unknown,
}

/// Reads data. Whatever can be read of them is returned.
pub fn read<T: FromData + Default>(file: &FilePath, front: &Front<'_>, schema: &Schema) -> (T, Findings) {
    let mut findings = Findings::default();
    let mut unknown = Vec::new();
    if front.form == Form::Yaml {
        let mut note = |path: serde_ignored::Path<'_>| unknown.push(steps(&path));
        let data = serde_yaml::Deserializer::from_str(front.data);
        if let std::result::Result::Ok(value) = T::from_data(serde_ignored::Deserializer::new(data, &mut note)) {
            report_unknown(file, &unknown, schema, &mut findings);
            return (value, findings);
        }
    }
    match tree(file, front) {
        std::result::Result::Ok(tree) => (repaired(file, tree, schema, &mut findings), findings),
        Err(finding) => {
            findings.push(finding);
            (T::default(), findings)
        }
    }
}

/// Reads a record of a bibliography, all of whose findings stand at `at`. Exports are full of keys that nobody needs here: they
/// are no findings.
pub fn record<T: FromData + Default>(at: &At, csl: &serde_json::Map<String, serde_json::Value>) -> (T, Findings) {
    const SCHEMA: Schema = Schema { owner: "a reference", keys: &[], shared: &[], foreign: Foreign::Unknown };
    let mut findings = Findings::default();
    let tree = serde_yaml::to_value(csl).unwrap_or_default();
    let value = repaired(&at.file, tree, &SCHEMA, &mut findings);
    findings.0.retain(|finding| !std::ptr::eq(finding.rule, &raw const f002_unknown_key::UNKNOWN_KEY));
    for finding in &mut findings.0 {
        finding.at = at.clone();
    }
    (value, findings)
}

/// Reads a whole YAML file and reports required keys that are missing.
pub fn table<T: FromData + Default>(
    file: &File,
    schema: &Schema,
    required: impl FnOnce(&T) -> Vec<(&'static str, Presence)>,
) -> (T, Findings) {
    let mut findings = Findings::default();
    let front = match front_of(file) {
        std::result::Result::Ok(front) => front,
        Err(finding) => {
            findings.push(finding);
            return (T::default(), findings);
        }
    };
    let value = findings.take(read::<T>(&file.path, &front, schema));
    require(&file.path, schema.owner, &[], &required(&value), &mut findings);
    (value, findings)
}

/// Whether a field has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has one.
    Present,
    /// It is absent or empty.
    Absent,
}

impl From<bool> for Presence {
    /// `true` for a field that has a value.
    fn from(is_present: bool) -> Self {
        if is_present { Presence::Present } else { Presence::Absent }
    }
}

/// Reports each required key that has no value, unless another finding already says why.
pub fn require(file: &FilePath, owner: &str, within: &[Step], fields: &[(&'static str, Presence)], findings: &mut Findings) {
    for (key, presence) in fields {
        let mut path = within.to_vec();
        path.push(Step::Key((*key).to_owned()));
        let is_known = |finding: &Finding| match &finding.at.place {
            Place::Field(at) | Place::Key(at) => listed(at).starts_with(&listed(&path)) || at.is_empty(),
            Place::Bytes(..) => std::ptr::eq(finding.rule, &raw const f001_unreadable_data::UNREADABLE_DATA),
            Place::File => false,
        };
        // `titel` for `title` is one mistake.
        let is_misspelt = |finding: &Finding| {
            matches!(&finding.at.place, Place::Key(at) if at.split_last().is_some_and(|(_, parents)| parents == within))
                && finding.help.as_deref().is_some_and(|help| help == format!("did you mean `{key}`?"))
        };
        if *presence == Presence::Absent && !findings.0.iter().any(|finding| is_known(finding) || is_misspelt(finding)) {
            findings.push(f004_missing_field::finding(At { file: file.clone(), place: Place::Field(path) }, key, owner));
        }
    }
}

/// A path without the steps to the first item of a list: one value may stand for a list of one.
fn listed(path: &[Step]) -> Vec<&Step> {
    path.iter().filter(|step| **step != Step::Index(0)).collect()
}

/// The data as a tree.
fn tree(file: &FilePath, front: &Front<'_>) -> Result<Value, Finding> {
    // What is missing at the end of the data is found at their end, behind which the file may have no byte.
    let at = |start: usize, end: usize| {
        let limit = front.data.len();
        At::bytes(file, &(front.data_start + start.min(limit)..front.data_start + end.max(start + 1).min(limit)))
    };
    match front.form {
        Form::Yaml => serde_yaml::from_str(front.data).map_err(|error| unreadable(front.data, &error, at)),
        Form::Toml => toml::from_str::<toml::Table>(front.data).map(of_toml).map_err(|error| {
            let range = error.span().unwrap_or(0..0);
            f001_unreadable_data::toml(at(range.start, range.end), error.message())
        }),
    }
}

/// What is wrong with YAML, where its author looks for it.
fn unreadable(text: &str, error: &serde_yaml::Error, at: impl Fn(usize, usize) -> At) -> Finding {
    let words = error.to_string();
    let start = error.location().map_or(0, |location| offset(text, location.line(), location.column()));
    if let Some(key) = words.split("duplicate entry with key \"").nth(1).and_then(|rest| rest.split('"').next()) {
        let (first, again) = repeated(text, start, key);
        return f001_unreadable_data::twice(at(again, again + key.len()), key, at(first, first + key.len()));
    }
    // "did not find expected ',' or ']' at line 3 column 1, while parsing a flow sequence at line 2 column 9"
    let context = words.split_once(", while ").map_or("", |(_, context)| context);
    let began = context.split_once(" at ").and_then(|(_, place)| position(text, place));
    let message = words.split(" at line ").next().unwrap_or_default();
    match began {
        // A quotation or a key that has no end is noticed much later.
        Some(began) if context.starts_with("scanning a quoted") || context.starts_with("scanning a simple key") => {
            f001_unreadable_data::yaml(at(began, began), message)
        }
        Some(began) if context.starts_with("parsing a flow") => {
            f001_unreadable_data::yaml(at(start, start), message).note(Some(at(began, began)), "this begins here")
        }
        _ => f001_unreadable_data::yaml(at(start, start), message),
    }
}

/// Where a key stands for the first and for the second time in the mapping that begins at `start`: both times in one column.
fn repeated(text: &str, start: usize, key: &str) -> (usize, usize) {
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let mut lines = text[line..].split_inclusive('\n').scan(line, |end, line| {
        let start = *end;
        *end += line.len();
        let column = line.len() - line.trim_start_matches([' ', '-']).len();
        let is_key = line[column..].strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
        Some(is_key.then_some((start, column)))
    });
    let first = lines.by_ref().flatten().next();
    let again = lines.flatten().find(|(_, column)| first.is_some_and(|(_, of_first)| *column == of_first));
    let place = |found: Option<(usize, usize)>| found.map_or(start, |(start, column)| start + column);
    (place(first), place(again.or(first)))
}

/// The byte at `line 3 column 5`.
fn position(text: &str, words: &str) -> Option<usize> {
    let mut numbers = words.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok());
    Some(offset(text, numbers.next()?, numbers.next()?))
}

/// TOML as YAML data. Zola's `[taxonomies]` becomes `tags`.
fn of_toml(table: toml::Table) -> Value {
    let mut map = serde_yaml::Mapping::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(taxonomies) if key == "taxonomies" => {
                for (name, terms) in taxonomies {
                    let key = if matches!(name.as_str(), "tags" | "categories") { name } else { "taxonomies".to_owned() };
                    map.insert(Value::String(key), of_toml_value(terms));
                }
            }
            value => {
                map.insert(Value::String(key), of_toml_value(value));
            }
        }
    }
    Value::Mapping(map)
}

fn of_toml_value(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::Number(number.into()),
        toml::Value::Float(number) => Value::Number(number.into()),
        toml::Value::Boolean(value) => Value::Bool(value),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => Value::Sequence(items.into_iter().map(of_toml_value).collect()),
        toml::Value::Table(table) => {
            Value::Mapping(table.into_iter().map(|(key, value)| (Value::String(key), of_toml_value(value))).collect())
        }
    }
}

/// Takes out one unusable value after the other until the rest can be read.
fn repaired<T: FromData + Default>(file: &FilePath, mut tree: Value, schema: &Schema, findings: &mut Findings) -> T {
    loop {
        let mut unknown = Vec::new();
        let mut track = serde_path_to_error::Track::new();
        let result = {
            let mut note = |path: serde_ignored::Path<'_>| unknown.push(steps(&path));
            let data = serde_path_to_error::Deserializer::new(&tree, &mut track);
            T::from_data(serde_ignored::Deserializer::new(data, &mut note))
        };
        let error = match result {
            std::result::Result::Ok(value) => {
                report_unknown(file, &unknown, schema, findings);
                return value;
            }
            Err(error) => error,
        };
        let path: Vec<Step> = track
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => Some(Step::Index(u32::try_from(*index).unwrap_or(u32::MAX))),
                serde_path_to_error::Segment::Map { key } => Some(Step::Key(key.clone())),
                _ => None,
            })
            .collect();
        let removed = remove(&mut tree, &path);
        let key = path.iter().rev().find_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
        let key = key.unwrap_or_default();
        let at = At { file: file.clone(), place: Place::Field(path.clone()) };
        let message = error.to_string();
        let unknown = message.strip_prefix("unknown variant `").and_then(|rest| rest.split('`').next());
        findings.push(match (choices_of(file, key), unknown) {
            (Some(words), Some(written)) => f005_unknown_value::finding(at, key, written, words),
            _ => f003_wrong_type::finding(at, key, &message),
        });
        if removed.is_none() {
            return T::default();
        }
    }
}

/// Takes the value at a path out of a tree.
fn remove(tree: &mut Value, path: &[Step]) -> Option<Value> {
    let (last, parents) = path.split_last()?;
    let mut at = tree;
    for step in parents {
        at = match step {
            Step::Key(key) => at.as_mapping_mut()?.get_mut(key.as_str())?,
            // One value where a list of one is meant has no list to step into.
            Step::Index(index) if at.is_sequence() => at.as_sequence_mut()?.get_mut(*index as usize)?,
            Step::Index(_) => at,
        };
    }
    match last {
        Step::Key(key) => at.as_mapping_mut()?.remove(key.as_str()),
        Step::Index(index) => {
            let items = at.as_sequence_mut()?;
            ((*index as usize) < items.len()).then(|| items.remove(*index as usize))
        }
    }
}

/// Keys that nobody asked for.
fn report_unknown(file: &FilePath, paths: &[Vec<Step>], schema: &Schema, findings: &mut Findings) {
    for path in paths {
        let Some(Step::Key(key)) = path.last() else { continue };
        let at = At { file: file.clone(), place: Place::Key(path.clone()) };
        let is_foreign = path.len() == 1 && schema.foreign == Foreign::Allowed;
        if is_foreign && let Some((_, reason)) = FOREIGN.iter().find(|(foreign, _)| foreign == key) {
            findings.push(f007_foreign_key::finding(at, key, reason));
            continue;
        }
        let parent = path.iter().rev().skip(1).find_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
        findings.push(match parent {
            None => f002_unknown_key::finding(at, key, schema.owner, &[schema.keys, schema.shared].concat()),
            Some(parent) => f002_unknown_key::finding(at, key, &format!("`{parent}`"), keys_within(parent)),
        });
    }
}

/// The keys of the mappings that stand under a key.
fn keys_within(parent: &str) -> &'static [&'static str] {
    match parent {
        "dosage" => Dosage::KEYS,
        "progression" => Stage::KEYS,
        "faq" => Question::KEYS,
        "acknowledge" => Acknowledgement::KEYS,
        "weeks" => Week::KEYS,
        "sessions" => Session::KEYS,
        "items" => Item::KEYS,
        "applies_to" => AppliesTo::KEYS,
        "study" => Study::KEYS,
        "menu" => crate::config::MenuItem::KEYS,
        "findings" => crate::baseline::Known::KEYS,
        "movements" => Movement::KEYS,
        "conditions" => Condition::KEYS,
        "condition_groups" => ConditionGroup::KEYS,
        "rules" => Rule::KEYS,
        "ok" => Ok::KEYS,
        "general_warnings" => GeneralWarning::KEYS,
        "care_cards" => CareCard::KEYS,
        "synonyms" => Synonyms::KEYS,
        "queries" => WantedQuery::KEYS,
        _ => &[],
    }
}

fn steps(path: &serde_ignored::Path<'_>) -> Vec<Step> {
    use serde_ignored::Path;
    match path {
        Path::Root => Vec::new(),
        Path::Seq { parent, index } => {
            let mut steps = steps(parent);
            steps.push(Step::Index(u32::try_from(*index).unwrap_or(u32::MAX)));
            steps
        }
        Path::Map { parent, key } => {
            let mut steps = steps(parent);
            steps.push(Step::Key(key.clone()));
            steps
        }
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => steps(parent),
    }
}
