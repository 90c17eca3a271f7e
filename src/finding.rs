//! Findings: what osteon has to say about a site, as data. Text with colours is made in [`crate::report`].

use bitcode::{Decode, Encode};

use crate::files::FilePath;
use crate::par;
use crate::rules::Rule;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Level {
    /// Worth knowing; nothing to do.
    Note,
    /// To be mended, but the site is published.
    Warning,
    /// Nothing is published.
    Error,
}

impl Level {
    /// The word in reports: `note`, `warning` or `error`.
    pub fn word(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// One step of a path into YAML or TOML data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Step {
    /// A key of a mapping.
    Key(String),
    /// An element of a list, counted from 0.
    Index(u32),
}

/// Where in a file.
///
/// Fields are kept as paths and not as byte ranges, because places are known for free only in Markdown: finding the
/// place of a YAML value takes a second parse, which only a file with a finding pays for ([`crate::parse::locate`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A range of bytes in the file, front matter included.
    Bytes(u32, u32),
    /// The value at a path of the file's data.
    Field(Vec<Step>),
    /// The key at a path of the file's data, not its value.
    Key(Vec<Step>),
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct At {
    /// Path of the file below the root.
    pub file: FilePath,
    /// Where in it.
    pub place: Place,
}

impl At {
    /// A file as a whole.
    pub fn file(file: &FilePath) -> Self {
        At { file: file.clone(), place: Place::File }
    }

    /// The value at a path such as `["faq", "0", "question"]`; numbers are indices.
    pub fn field<'a>(file: &FilePath, path: impl IntoIterator<Item = &'a str>) -> Self {
        At { file: file.clone(), place: Place::Field(steps(path)) }
    }

    /// A range of bytes.
    pub fn bytes(file: &FilePath, range: &std::ops::Range<usize>) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        At { file: file.clone(), place: Place::Bytes(clamp(range.start), clamp(range.end)) }
    }
}

/// Steps from their texts; a text of digits is an index.
pub fn steps<'a>(path: impl IntoIterator<Item = &'a str>) -> Vec<Step> {
    path.into_iter().map(|step| step.parse().map_or_else(|_| Step::Key(step.to_owned()), Step::Index)).collect()
}

/// Another place that belongs to a finding, or a remark without a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The place, if there is one.
    pub at: Option<At>,
    /// What is there: "first defined here".
    pub text: String,
}

/// What mends a finding, as data: [`crate::fix`] finds the bytes and writes them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Fix {
    /// What to write where. All of it or nothing.
    pub edits: Vec<Edit>,
    /// Whether it can do no harm: it changes no word that readers see. Others are guesses that a person has to look at.
    pub is_safe: bool,
}

/// One change of a file. It is kept as a place, like a finding, and looked up when somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Edit {
    /// Where the old text stands, exactly once.
    pub at: At,
    /// The old text.
    pub old: String,
    /// The new text.
    pub new: String,
}

/// One thing that is wrong, or worth knowing, at one place.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// Its level in this site.
    pub level: Level,
    /// Where.
    pub at: At,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places.
    pub notes: Vec<Note>,
    /// What mends it, if that is certain enough to be written by a program.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding at the rule's own level.
    pub fn new(rule: &'static Rule, at: At, message: impl Into<String>) -> Self {
        Finding { rule, level: rule.level, at, message: message.into(), help: None, notes: Vec::new(), fix: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do, if there is something to say.
    #[must_use]
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Asks whether the known name nearest to what was written was meant, if one is near enough, and offers to write it.
    #[must_use]
    pub fn suggest<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")).fix(written, name, false),
            None => self,
        }
    }

    /// Offers to write something new for what stands at the place of the finding.
    #[must_use]
    pub fn fix(mut self, old: &str, new: &str, is_safe: bool) -> Self {
        let edit = Edit { at: self.at.clone(), old: old.to_owned(), new: new.to_owned() };
        self.fix = Some(Fix { edits: vec![edit], is_safe });
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn note(mut self, at: Option<At>, text: impl Into<String>) -> Self {
        self.notes.push(Note { at, text: text.into() });
        self
    }

    /// Changes the level, where it depends on the site (draft or production).
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }
}

/// The findings of a run, in the order of discovery until [`Findings::sort`].
#[derive(Debug, Clone, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds those of another run or phase.
    pub fn extend(&mut self, other: Findings) {
        self.0.extend(other.0);
    }

    /// Keeps the findings of a phase and hands on its result: the whole error handling of the core.
    pub fn take<T>(&mut self, (value, findings): (T, Findings)) -> T {
        self.extend(findings);
        value
    }

    /// The number of findings at a level.
    pub fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|finding| finding.level == level).count()
    }

    /// In the order of files and places, each once: the same on every run.
    pub fn sort(&mut self) {
        par::sort(&mut self.0, |a, b| {
            (&a.at, a.rule.code, &a.message, &a.help, &a.notes).cmp(&(&b.at, b.rule.code, &b.message, &b.help, &b.notes))
        });
        self.0.dedup_by(|a, b| a.at == b.at && a.rule.code == b.rule.code && a.message == b.message);
    }
}

/// "did you mean `x`?" for the known name nearest to what was written, if one is near enough.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, known).map(|name| format!("did you mean `{name}`?"))
}

/// The known name nearest to what was written: up to a third of its letters may be wrong, swapped, missing or too many.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let distance = |name: &str| {
        let name = name.to_lowercase();
        // What two paths share says nothing about the rest of them.
        let is_shared = |at: &usize| lower[..*at] == name[..*at];
        let shared = lower.match_indices('/').map(|(at, _)| at + 1).filter(|at| name.is_char_boundary(*at) && *at <= name.len());
        let shared = shared.rev().find(is_shared).unwrap_or_default();
        let (lower, name) = (&lower[shared..], &name[shared..]);
        let limit = (lower.chars().count() / 3).clamp(1, 4);
        let is_near = name.len().abs_diff(lower.len()) <= limit;
        is_near.then(|| strsim::osa_distance(lower, name)).filter(|distance| *distance <= limit)
    };
    let near = known.into_iter().filter(|name| *name != written).filter_map(|name| Some((distance(name)?, name)));
    near.min().map(|(_, name)| name)
}
