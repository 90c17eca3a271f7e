//! `osteon.yaml`: the configuration of a site, and what a build was asked for on the command line.

use bitcode::{Decode, Encode};

use crate::entry::fields::{choices, fields};
use crate::entry::{Date, Fields as _, Id, Json};
use crate::files::{FilePath, Files};
use crate::finding::{At, Findings, steps};
use crate::hash::Hash;
use crate::parse::data::{self, Foreign, Schema};
use crate::rules::{c001_no_configuration, c002_bad_base_url};

/// The name of the configuration file.
pub const CONFIG: &str = "osteon.yaml";

/// What stands in for `disclaimer`.
const DISCLAIMER: &str = "This page supports the advice of your own doctor, nurse or physiotherapist. It does not replace it: they know \
                          your body, your medicines and your history.";

fields! {
    /// `osteon.yaml`.
    pub struct Settings {
        /// The site's name.
        title: String,
        /// Where it is published, with a path if it doesn't stand at the root of its host.
        base_url: String,
        /// What it is, in a sentence.
        description: Option<String>,
        /// Language of all text, as in `lang` (BCP 47).
        language: Option<String>,
        /// Whether it is read by the public.
        publication: Option<Publication>,
        /// Name of a folder in `themes/`.
        theme: Option<String>,
        /// Entries on one page of a list.
        page_size: Option<u32>,
        /// Name of a CSL style.
        citation_style: Option<String>,
        /// Main menu.
        menu: Vec<MenuItem>,
        /// Who pays for the site.
        funding: Option<String>,
        /// That the site doesn't replace the reader's own clinician.
        disclaimer: Option<String>,
        /// Words that readers needn't know, with plainer ones.
        jargon: Vec<(String, String)>,
        /// Levels of rules, by code or name.
        levels: Vec<(String, String)>,
        /// Free data for a theme.
        extra: Json,
    }
}

fields! {
    /// An entry of the main menu.
    pub struct MenuItem {
        /// The text.
        title: String,
        /// A path of the site, or the id of an entry.
        url: Id,
    }
}

choices! {
    /// Whether a site is read by the public.
    pub enum Publication {
        /// Not yet: what needs people is a warning and marked on the page.
        Draft = "draft",
        /// Yes: everything is required.
        Production = "production",
    }
}

/// What a build is asked for besides its files.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Options {
    /// The day of the build: the only clock of a build.
    pub today: Date,
    /// An address that replaces `base_url`.
    pub base_url: Option<String>,
    /// Whether entries with `draft: true` take part.
    pub drafts: Drafts,
    /// Whether the site can be searched.
    pub search: Search,
}

/// Whether entries with `draft: true` take part in a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Drafts {
    /// They are left out.
    Exclude,
    /// They are built like the others.
    Include,
}

/// Whether a site gets a search index, and with it the box in which readers type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Search {
    /// It does.
    Include,
    /// It doesn't: readers find their way by lists.
    LeaveOut,
}

/// The configuration with everything decided.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file as written.
    pub settings: Settings,
    /// `base_url` without a slash at its end.
    pub base_url: String,
    /// The path of `base_url`: empty, or `/sub`.
    pub base: String,
    /// Language of all text.
    pub language: String,
    /// Whether the site is read by the public.
    pub publication: Publication,
    /// Name of the theme.
    pub theme: String,
    /// Entries on one page of a list, at least 1.
    pub page_size: usize,
    /// Name of the CSL style.
    pub citation_style: String,
    /// What the build was asked for.
    pub options: Options,
    /// Fingerprint of all of it except the day.
    pub hash: Hash,
}

impl Config {
    /// Reads `osteon.yaml`. What is wrong in it is a finding, and the build goes on with what could be read.
    pub fn read(files: &Files, options: &Options) -> (Config, Findings) {
        let mut findings = Findings::default();
        let path = FilePath::from(CONFIG);
        let settings = if let Some(file) = files.at(CONFIG) {
            findings.take(data::table(file, &SCHEMA, |settings: &Settings| {
                vec![("title", (!settings.title.is_empty()).into()), ("base_url", (!settings.base_url.is_empty()).into())]
            }))
        } else {
            findings.push(c001_no_configuration::finding());
            Settings::default()
        };
        for (i, item) in settings.menu.iter().enumerate() {
            let within = steps(["menu", &i.to_string()]);
            let fields = [("title", (!item.title.is_empty()).into()), ("url", (!item.url.is_empty()).into())];
            data::require(&path, "an entry of the menu", &within, &fields, &mut findings);
        }
        let written = options.base_url.clone().unwrap_or_else(|| settings.base_url.clone());
        let base_url = written.trim_end_matches('/').to_owned();
        let base = base_of(&base_url);
        if base.is_none() && !written.is_empty() {
            findings.push(c002_bad_base_url::finding(At::field(&path, ["base_url"]), &written));
        }
        let base = base.unwrap_or_default().to_owned();
        let hash = Hash::of(&(&settings, &options.base_url, options.drafts, options.search));
        let config = Config {
            language: settings.language.clone().unwrap_or_else(|| "en".into()),
            publication: settings.publication.unwrap_or(Publication::Draft),
            theme: settings.theme.clone().unwrap_or_else(|| "osteon".into()),
            page_size: settings.page_size.map_or(20, |size| size.max(1) as usize),
            citation_style: settings.citation_style.clone().unwrap_or_else(|| "vancouver".into()),
            base_url,
            base,
            options: options.clone(),
            hash,
            settings,
        };
        (config, findings)
    }

    /// A warning in a draft, an error in production: the level of what needs people.
    pub fn level_of_duty(&self) -> crate::finding::Level {
        match self.publication {
            Publication::Draft => crate::finding::Level::Warning,
            Publication::Production => crate::finding::Level::Error,
        }
    }

    /// What every page of advice says before its text.
    pub fn disclaimer(&self) -> &str {
        self.settings.disclaimer.as_deref().unwrap_or(DISCLAIMER)
    }

    /// Whether the site is written in English, such as `en-GB`: the formulas of reading ease and the tables of words know no other
    /// language.
    pub fn is_english(&self) -> bool {
        self.language.split(['-', '_']).next().is_some_and(|main| main.eq_ignore_ascii_case("en"))
    }

    /// The address of a page within its host: `/articles/` → `/sub/articles/`.
    pub fn href(&self, url: &str) -> String {
        format!("{}{url}", self.base)
    }

    /// The whole address of a page.
    pub fn permalink(&self, url: &str) -> String {
        format!("{}{url}", self.base_url)
    }
}

const SCHEMA: Schema = Schema { owner: "the configuration", keys: Settings::KEYS, shared: &[], foreign: Foreign::Unknown };

/// The path of an `http` address without a slash at its end, or nothing if it is no such address.
fn base_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let is_clean =
        !rest.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '"' | '<' | '>' | '\\'));
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    (is_clean && !host.is_empty() && !path.split('/').any(|part| part == "..")).then_some(path)
}
