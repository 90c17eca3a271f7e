//! Changes in words: for a terminal, for a pull request, for a public log.

use std::fmt::Write as _;

use super::{AddressChange, Cause, Changes, FieldChange, Named, Presence, ReferenceEvent, Run, Touched, VerdictChange, Word};
use crate::entry::{Date, Kind, Status, Verdict};

/// How changes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    Plain,
    /// Markdown.
    Markdown,
}

/// The changes since a revision.
pub fn text(changes: &Changes, since: &str, style: Style) -> String {
    let pen = Pen(style);
    let heading = pen.heading(1, "What this change means for safety");
    if changes.is_empty() {
        return format!(
            "{heading}Nothing: since {} no verdict, card, warning, dose, certainty, reference or address has changed.\n",
            Pen::code(since)
        );
    }
    let mut text = format!("{heading}Compared with {}: {}.\n", Pen::code(since), overview(changes));
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = write!(text, "\n{}{}\n", pen.heading(2, title), lines.join("\n"));
        }
    };
    let verdicts = |list: &[VerdictChange]| list.iter().map(|change| pen.verdict(change)).collect();
    section("Milder verdicts: check these first", verdicts(&changes.milder));
    section("Stricter verdicts", verdicts(&changes.stricter));
    let table = changes.table.iter().map(|change| {
        let (to, from) = (pen.emphasis(word(change.to)), pen.emphasis(word(change.from)));
        let who = pen.all_quoted(&change.conditions);
        format!("- {}: now {to} (was {from}) for people with {who}", pen.strong(&change.movement))
    });
    section("Verdicts of the safety table, by movement", table.collect());
    section(
        "Articles and programmes that recommend these cards",
        changes.touched.iter().map(|touched| pen.touched(touched)).collect(),
    );
    section("Gone", changes.removed.iter().map(|presence| pen.presence(presence)).collect());
    section("New", changes.added.iter().map(|presence| pen.presence(presence)).collect());
    let shown = changes.shown.iter().map(|shown| {
        let verb = if shown.is_shown { "now shows" } else { "no longer shows" };
        format!("- {} {verb} the warning {}", pen.strong(&shown.exercise), pen.quoted(&shown.warning))
    });
    section("Warnings on cards", shown.collect());
    let texts = changes
        .texts
        .iter()
        .map(|change| format!("- {} ({}, {}): {}", pen.strong(&change.entry), change.of, change.field, pen.words(&change.words)));
    section("Changed words of warnings", texts.collect());
    let fields = |list: &[FieldChange]| list.iter().map(|change| pen.field(change)).collect();
    section("Status and severity", fields(&changes.statuses));
    section("Doses", fields(&changes.doses));
    section("Certainty of claims", fields(&changes.certainties));
    let references = changes.references.iter().map(|change| {
        let event = match &change.event {
            ReferenceEvent::Retracted => "is retracted".to_owned(),
            ReferenceEvent::Restored => "is no longer marked as retracted".to_owned(),
            ReferenceEvent::Superseded { by } => format!("is superseded by {}", Pen::code(by)),
            ReferenceEvent::Current => "is no longer marked as superseded".to_owned(),
        };
        let cited = match &change.cited_in[..] {
            [] => "; nothing cites it".to_owned(),
            cited => format!("; cited in {}", pen.all_quoted(cited)),
        };
        format!("- {} {event}{cited}", pen.strong(&change.reference))
    });
    section("References", references.collect());
    section("Addresses", changes.addresses.iter().map(|change| pen.address(change)).collect());
    text
}

/// How many changes of each kind there are.
fn overview(changes: &Changes) -> String {
    let counts = [
        (changes.milder.len(), "milder verdict"),
        (changes.stricter.len(), "stricter verdict"),
        (changes.table.len(), "changed verdict of a movement"),
        (changes.removed.len() + changes.added.len(), "new or removed entry"),
        (changes.shown.len(), "warning put on or taken off a card"),
        (changes.texts.len(), "changed text"),
        (changes.statuses.len(), "changed status or severity"),
        (changes.doses.len(), "changed dose"),
        (changes.certainties.len(), "changed certainty"),
        (changes.references.len(), "changed reference"),
        (changes.addresses.len(), "changed address"),
    ];
    let said = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| match (count, word) {
        (1, word) => format!("1 {word}"),
        (count, "new or removed entry") => format!("{count} new or removed entries"),
        (count, "changed verdict of a movement") => format!("{count} changed verdicts of movements"),
        (count, "warning put on or taken off a card") => format!("{count} warnings put on or taken off cards"),
        (count, "changed status or severity") => format!("{count} changes of status or severity"),
        (count, "changed certainty") => format!("{count} changes of certainty"),
        (count, "changed address") => format!("{count} changed addresses"),
        (count, word) => format!("{count} {word}s"),
    });
    said.collect::<Vec<_>>().join(", ")
}

/// A verdict as the end of "it is …".
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "fine",
        Verdict::Modify => "change it",
        Verdict::Supervise => "get help first",
        Verdict::Avoid => "avoid",
    }
}

fn status(status: Option<Status>) -> &'static str {
    status.map_or("none", Status::word)
}

/// `a`, `a and b`, `a, b and c`.
fn join(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

struct Pen(Style);

impl Pen {
    fn is_markdown(&self) -> bool {
        self.0 == Style::Markdown
    }

    fn heading(&self, level: usize, title: &str) -> String {
        match self.0 {
            Style::Markdown => format!("{} {title}\n\n", "#".repeat(level)),
            Style::Plain if level == 1 => format!("{title}\n{}\n\n", "=".repeat(title.len())),
            Style::Plain => format!("{title}\n{}\n", "-".repeat(title.len())),
        }
    }

    /// Words of an author, which must not become markup.
    fn plain(&self, text: &str) -> String {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // What comes from a repository must not move the cursor of a terminal either.
        let text = text.replace(char::is_control, "\u{FFFD}");
        if !self.is_markdown() {
            return text;
        }
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            if "\\`*_[]<>~|&".contains(character) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
        escaped
    }

    fn strong(&self, named: &Named) -> String {
        let title = self.plain(&named.title);
        if self.is_markdown() { format!("**{title}**") } else { title }
    }

    fn quoted(&self, named: &Named) -> String {
        format!("“{}”", self.plain(&named.title))
    }

    fn all_quoted(&self, named: &[Named]) -> String {
        join(&named.iter().map(|named| self.quoted(named)).collect::<Vec<_>>())
    }

    fn emphasis(&self, text: &str) -> String {
        if self.is_markdown() { format!("*{text}*") } else { text.to_owned() }
    }

    fn code(text: &str) -> String {
        format!("`{}`", text.replace(['`', '\n', '\r', '\u{1b}'], ""))
    }

    fn verdict(&self, change: &VerdictChange) -> String {
        let because: Vec<String> = change.because.iter().map(|cause| self.cause(cause)).collect();
        let because = if because.is_empty() { String::new() } else { format!(", because {}", join(&because)) };
        format!(
            "- {}: now {} (was {}) for people with {}{because}",
            self.strong(&change.exercise),
            self.emphasis(word(change.to)),
            self.emphasis(word(change.from)),
            self.all_quoted(&change.conditions)
        )
    }

    fn cause(&self, cause: &Cause) -> String {
        match cause {
            Cause::Status { from, to } => {
                format!("the status of the card is now {} (was {})", Pen::code(status(*to)), Pen::code(status(*from)))
            }
            Cause::MovementAdded { movement } => format!("the card now has the movement {}", self.quoted(movement)),
            Cause::MovementRemoved { movement } => format!("the card no longer has the movement {}", self.quoted(movement)),
            Cause::RuleAdded { rule, movement } => {
                format!("the rule {} about the movement {} now applies to them", Pen::code(rule), self.quoted(movement))
            }
            Cause::RuleRemoved { rule, movement } => {
                format!("the rule {} about the movement {} no longer applies to them", Pen::code(rule), self.quoted(movement))
            }
            Cause::RuleChanged { rule, movement, from, to } => format!(
                "the rule {} about the movement {} now says {} (was {})",
                Pen::code(rule),
                self.quoted(movement),
                self.emphasis(word(*to)),
                self.emphasis(word(*from))
            ),
            Cause::Undecided { movement } => {
                format!("the table no longer decides about the movement {} for them", self.quoted(movement))
            }
            Cause::Decided { movement } => {
                format!("the table did not decide about the movement {} for them before", self.quoted(movement))
            }
        }
    }

    fn touched(&self, touched: &Touched) -> String {
        let written_for = match (&touched.audience[..], &touched.concerned[..]) {
            ([], _) => "it is written for nobody in particular, so everybody may read it".to_owned(),
            (audience, []) => format!("its audience ({}) is not concerned", self.all_quoted(audience)),
            (_, concerned) => format!("{} for {}", self.emphasis("its audience is concerned"), self.all_quoted(concerned)),
        };
        let (entry, kind) = (self.strong(&touched.entry), touched.kind.word());
        format!("- {entry} ({kind}) recommends {}; {written_for}", self.all_quoted(&touched.cards))
    }

    fn presence(&self, presence: &Presence) -> String {
        let kind = if presence.kind == Kind::Exercise { "exercise card" } else { presence.kind.word() };
        let told = presence
            .verdicts
            .iter()
            .map(|(verdict, who)| format!("{} for people with {}", self.emphasis(word(*verdict)), self.all_quoted(who)));
        let told = told.collect::<Vec<_>>().join("; ");
        let told = if told.is_empty() { told } else { format!(": {told}") };
        format!("- {} ({kind}){told}", self.strong(&presence.entry))
    }

    fn words(&self, runs: &[Run]) -> String {
        let mut parts = Vec::new();
        for (i, run) in runs.iter().enumerate() {
            let text = self.plain(&run.text);
            parts.push(match (run.word, self.0) {
                (Word::Removed, Style::Markdown) => format!("~~{text}~~"),
                (Word::Added, Style::Markdown) => format!("**{text}**"),
                (Word::Removed, Style::Plain) => format!("[-{text}-]"),
                (Word::Added, Style::Plain) => format!("{{+{text}+}}"),
                (Word::Same, _) => self.plain(&around(&run.text, i > 0, i + 1 < runs.len())),
            });
        }
        parts.join(" ")
    }

    fn field(&self, change: &FieldChange) -> String {
        let entry = self.strong(&change.entry);
        let name = self.plain(&change.field);
        match (&change.from, &change.to) {
            (Some(from), Some(to)) => format!("- {entry}, {name}: now “{}” (was “{}”)", self.plain(to), self.plain(from)),
            (None, Some(to)) => format!("- {entry}, {name}: now “{}” (nothing before)", self.plain(to)),
            (Some(from), None) => format!("- {entry}, {name}: taken out (was “{}”)", self.plain(from)),
            (None, None) => format!("- {entry}, {name}"),
        }
    }

    fn address(&self, change: &AddressChange) -> String {
        let address = Pen::code(&change.address);
        match (&change.now, change.is_kept) {
            (Some(now), true) => format!("- {address} is now {}; the old address still leads somewhere", Pen::code(now)),
            (Some(now), false) => format!(
                "- {address} is now {}, and the old address leads {}: add it to `aliases`",
                Pen::code(now),
                self.emphasis("nowhere")
            ),
            (None, _) => {
                format!("- {address} is gone and leads {}: an entry may take it over with `aliases`", self.emphasis("nowhere"))
            }
        }
    }
}

/// The words next to a change; a long text would hide it.
fn around(text: &str, is_after: bool, is_before: bool) -> String {
    const NEAR: usize = 8;
    let words: Vec<&str> = text.split(' ').collect();
    let keep = NEAR * (usize::from(is_after) + usize::from(is_before));
    if words.len() <= keep + 2 {
        return text.to_owned();
    }
    let first = if is_after { &words[..NEAR] } else { &[] };
    let last = if is_before { &words[words.len() - NEAR..] } else { &[] };
    [first, &["…"], last].concat().join(" ")
}

impl Changes {
    /// The changes of advice as entries of the public log, in YAML that can be added to `content/changes.yaml`.
    ///
    /// They are a beginning: an author says in `summary` why the advice changed.
    pub fn log(&self, today: Date) -> String {
        self.entries(today).into_iter().map(|entry| entry.text).collect()
    }

    /// The same, entry by entry.
    pub fn entries(&self, today: Date) -> Vec<LogEntry> {
        let pen = Pen(Style::Plain);
        let mut log = Log { today, entries: Vec::new() };
        for (list, kind) in [(&self.milder, "milder"), (&self.stricter, "stricter")] {
            for change in list {
                let title = format!(
                    "{}: now {} for people with {} (was {})",
                    change.exercise.title,
                    word(change.to),
                    pen.all_quoted(&change.conditions),
                    word(change.from)
                );
                let why: Vec<String> = change.because.iter().map(|cause| pen.cause(cause)).collect();
                let why = if why.is_empty() { String::new() } else { format!("This changed because {}.", join(&why)) };
                log.add(kind, &title, &why, &[&change.exercise]);
            }
        }
        for shown in &self.shown {
            let verb = if shown.is_shown { "now shows" } else { "no longer shows" };
            let title = format!("{} {verb} the warning {}", shown.exercise.title, pen.quoted(&shown.warning));
            log.add("warning", &title, "", &[&shown.exercise, &shown.warning]);
        }
        for change in self.texts.iter().filter(|change| matches!(change.of, "warning" | "exercise card")) {
            let after = change.words.iter().filter(|run| run.word != Word::Removed).map(|run| run.text.as_str());
            let after = after.collect::<Vec<_>>().join(" ");
            let said = if after.is_empty() { String::new() } else { format!("It now says: {after}") };
            log.add("warning", &format!("{}: other words ({})", change.entry.title, change.field), &said, &[&change.entry]);
        }
        for (list, kind) in [(&self.statuses, "status"), (&self.doses, "dose"), (&self.certainties, "evidence")] {
            for change in list {
                let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
                let title = format!("{}: {} changed", change.entry.title, change.field);
                let said = format!("It was “{}” and is now “{}”.", value(&change.from), value(&change.to));
                log.add(kind, &title, &said, &[&change.entry]);
            }
        }
        for change in &self.references {
            let event = match &change.event {
                ReferenceEvent::Retracted => "was retracted",
                ReferenceEvent::Restored => "is no longer marked as retracted",
                ReferenceEvent::Superseded { .. } => "was superseded",
                ReferenceEvent::Current => "is no longer marked as superseded",
            };
            log.add("evidence", &format!("“{}” {event}", change.reference.title), "", &[&change.reference]);
        }
        log.entries
    }
}

/// An entry of the public log of changed advice.
#[derive(Debug)]
pub struct LogEntry {
    /// Its day.
    pub date: Date,
    /// What changed.
    pub title: String,
    /// All of it as YAML.
    pub text: String,
}

struct Log {
    today: Date,
    entries: Vec<LogEntry>,
}

impl Log {
    fn add(&mut self, kind: &str, title: &str, summary: &str, entries: &[&Named]) {
        // A JSON string is a YAML string, whatever is in it.
        let quote = |text: &str| serde_json::Value::from(text).to_string();
        let ids: Vec<&str> = entries.iter().map(|named| &*named.id).collect();
        let mut text = format!("- date: {}\n  kind: {kind}\n  title: {}\n", self.today, quote(title));
        if !summary.is_empty() {
            let _ = writeln!(text, "  summary: {}", quote(summary));
        }
        let _ = writeln!(text, "  entries: [{}]", ids.join(", "));
        self.entries.push(LogEntry { date: self.today, title: title.to_owned(), text });
    }
}
