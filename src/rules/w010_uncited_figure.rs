//! `W010` uncited-figure.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Words, rule};
use crate::entry::{Data, Kind, Slot};
use crate::finding::{Finding, Findings, Place};
use crate::graph::query::Query;
use crate::parse::markdown::Piece;
use crate::parse::running::{Passage, PassageKind};
use crate::render;
use crate::wording::{Word, find_phrase, is_denied, is_phrase, may_hold, search, span, words};

rule! {
    /// # What it finds
    ///
    /// A sentence with a figure about an effect or a risk (a share, "1 in 3", "three times as many", "reduced … by a third") or with words
    /// such as "studies show", and no citation in it. A claim that is named in the paragraph or shown in the section counts as a
    /// source, and so does the list of evidence of a card or a warning. Doses, questions, quotations, headings and tables are left
    /// alone. English only.
    ///
    /// # Why it matters
    ///
    /// A figure is believed because it looks exact. A reader who wants to know where it comes from has to find it there.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Balance training reduces falls by 23%.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Balance training reduces falls by 23% [@writer2001].
    /// ```
    ///
    /// The key is the name of a reference, here `content/references/writer2001.yaml`.
    UNCITED_FIGURE = "W010", "uncited-figure", Warning
}

/// Ways of calling on research.
const RESEARCH: &[&str] = &[
    "clinically proven",
    "evidence has shown",
    "evidence proves",
    "evidence shows",
    "proven to",
    "research found",
    "research has found",
    "research has shown",
    "research proves",
    "research shows",
    "scientists have found",
    "scientists have shown",
    "studies found",
    "studies have found",
    "studies have shown",
    "studies prove",
    "studies show",
    "studies showed",
    "study found",
    "study has shown",
    "study showed",
    "study shows",
    "trials found",
    "trials have found",
    "trials have shown",
    "trials show",
    "trials showed",
];

/// What follows a share that is a dose or a measure of effort.
const OF_EFFORT: &[&str] = &[
    "effort",
    "max",
    "maximum",
    "maximal",
    "1rm",
    "rm",
    "repetition",
    "heart",
    "load",
    "weight",
    "lift",
    "incline",
    "slope",
    "speed",
    "grade",
    "intensity",
    "capacity",
    "most",
];

/// What makes "3 times" a comparison and no number of repetitions.
const COMPARED: &[&str] = &[
    "as",
    "more",
    "less",
    "fewer",
    "higher",
    "lower",
    "greater",
    "larger",
    "smaller",
    "likelier",
    "stronger",
    "body weight",
    "bodyweight",
    "your body",
    "your bodyweight",
    "the chance",
    "the number",
    "the odds",
    "the rate",
    "the risk",
    "their body",
];

/// Whose share is a figure about a risk.
const PEOPLE: &[&str] =
    &["adults", "everybody", "everyone", "fallers", "falls", "fractures", "men", "patients", "people", "seniors", "us", "women"];

/// Verbs for an effect that has a size.
const CHANGED: &[&str] = &[
    "cut",
    "cuts",
    "decreased",
    "decreases",
    "dropped",
    "drops",
    "fell",
    "gained",
    "improved",
    "improves",
    "increased",
    "increases",
    "lowered",
    "lowers",
    "raises",
    "reduced",
    "reduces",
    "rises",
    "rose",
    "shrank",
    "grew",
];

/// Sizes in words.
const PARTS: &[&str] = &["half", "third", "quarter", "thirds", "quarters", "fifth", "tenth"];

const NUMBERS: &[&str] = &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twice", "double"];

/// Figures and appeals to research that name no source.
pub fn check(site: &Words<'_>) -> Findings {
    let mut findings = Findings::default();
    let is_supported = match &site.document.data {
        Data::Exercise(exercise) => !exercise.evidence.is_empty(),
        Data::Warning(warning) => !warning.evidence.is_empty(),
        Data::Claim(_) | Data::Reference(_) => true,
        Data::Article(_) | Data::Programme(_) | Data::Page(_) => false,
    };
    if is_supported || !site.snapshot.graph.config.is_english() {
        return findings;
    }
    for (i, passage) in site.passages.iter().enumerate().filter(|(_, passage)| is_read(passage)) {
        let mut supported = None;
        for (range, what) in uncited(passage) {
            if *supported.get_or_insert_with(|| has_source(site, i)) {
                break;
            }
            let words = &passage.text[range.clone()];
            let message = match what {
                What::Figure => format!("the figure \"{words}\" has no source in its sentence"),
                What::Research => format!("\"{words}\" names no research in its sentence"),
            };
            findings.push(
                Finding::new(&UNCITED_FIGURE, passage.at(site.document, &range), message)
                    .help("cite the source with `[@key]`, name the claim that it rests on, or say it without the figure"),
            );
        }
    }
    findings
}

/// Doses are full of figures that are no findings; cells of a table have their source elsewhere in the row.
fn is_read(passage: &Passage) -> bool {
    let is_dose = matches!(
        passage.slot,
        Slot::DoseText | Slot::DoseEffort | Slot::DoseAdvance | Slot::DoseSource | Slot::Step | Slot::Breathing | Slot::StopIf
    );
    !is_dose && !passage.is_quoted && matches!(passage.kind, PassageKind::Paragraph | PassageKind::Item)
}

/// What a sentence has without a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Figure,
    Research,
}

/// What a text with a figure or an appeal holds: see [`figure`].
static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let research = RESEARCH.iter().map(|phrase| phrase.split(' ').next().unwrap_or(phrase).to_owned());
    let sizes = ["%", "percent", "per cent", "times", "million", "billion"].iter().chain(PARTS).map(|word| (*word).to_owned());
    let digits = (0..10).map(|digit| digit.to_string()).chain(NUMBERS.iter().map(|word| (*word).to_owned()));
    let risks = digits.flat_map(|number| [format!("{number} in"), format!("{number}-in")]);
    let words: Vec<String> = research.chain(sizes).chain(risks).collect();
    search(words.iter().map(String::as_str))
});

/// The first figure or appeal of every sentence without a citation.
fn uncited(passage: &Passage) -> Vec<(Range<usize>, What)> {
    if !may_hold(&SEARCH, &passage.text) {
        return Vec::new();
    }
    let sentences = passage.sentences();
    let mut found = Vec::new();
    for (i, sentence) in sentences.iter().enumerate() {
        // A citation may stand before the first word, or after the full stop.
        let start = i.checked_sub(1).map_or(0, |before| sentences[before].end);
        let end = sentences.get(i + 1).map_or(passage.text.len(), |next| next.start);
        let is_cited = passage.citations.iter().any(|at| (start..=end).contains(at));
        let text = &passage.text[sentence.clone()];
        if !is_cited && !text.ends_with('?') && may_hold(&SEARCH, text) {
            found.extend(figure(&words(&passage.text, sentence)));
        }
    }
    found
}

fn figure(words: &[Word<'_>]) -> Option<(Range<usize>, What)> {
    let research = find_phrase(words, RESEARCH).filter(|(at, count)| !is_denied(words, *at, *count));
    if let Some((at, count)) = research {
        return Some((span(words, at, count), What::Research));
    }
    (0..words.len()).find_map(|at| Some((span(words, at, size(words, at)?), What::Figure)))
}

/// How many words a figure about an effect has that begins here.
fn size(words: &[Word<'_>], at: usize) -> Option<usize> {
    let text = |at: usize| words.get(at).map_or("", |word| &*word.text);
    let is_share = |at: usize| matches!(text(at), "%" | "percent") || is_phrase(words, at, "per cent");
    let is_digits = |at: usize| text(at).starts_with(|c: char| c.is_ascii_digit());
    let is_number = |at: usize| is_digits(at) || NUMBERS.contains(&text(at));
    if is_digits(at) && is_share(at + 1) {
        let count = if text(at + 1) == "per" { 3 } else { 2 };
        let is_dose = (at + count..at + count + 6).any(|next| OF_EFFORT.contains(&text(next)));
        return (!is_dose).then_some(count);
    }
    if is_number(at) && text(at + 1) == "in" {
        let count = if text(at + 2) == "every" { 4 } else { 3 };
        let other = at + count - 1;
        let is_year = text(other).len() == 4 && is_digits(other);
        // Nothing but a space or a hyphen stands between the words of a risk, and it is never of one.
        let is_joined = words[at..].windows(2).take(count - 1).all(|pair| pair[0].range.end + 1 == pair[1].range.start);
        let is_share = is_number(other) && !matches!(text(other), "one" | "1" | "twice" | "double");
        return (is_share && is_joined && !is_year).then_some(count);
    }
    if is_number(at) && matches!(text(at + 1), "million" | "billion") {
        return Some(2);
    }
    if is_number(at) && text(at + 1) == "times" {
        let compared = COMPARED.iter().find(|phrase| is_phrase(words, at + 2, phrase))?;
        return Some(2 + compared.split(' ').count());
    }
    if PARTS.contains(&text(at)) && text(at + 1) == "of" {
        let people = (at + 2..at + 5).find(|next| PEOPLE.contains(&text(*next)))?;
        return Some(people + 1 - at);
    }
    if CHANGED.contains(&text(at)) {
        let by = (at + 1..at + 8).find(|next| text(next.to_owned()) == "by")?;
        let part = (by + 1..by + 5).find(|next| PARTS.contains(&text(*next)))?;
        return Some(part + 1 - at);
    }
    None
}

/// Whether a claim or a reference stands by a passage: named in it, shown in its section, or in the words that lead to its list.
fn has_source(site: &Words<'_>, i: usize) -> bool {
    let passage = &site.passages[i];
    let leads = |other: &&Passage| other.slot == passage.slot && other.index == passage.index && other.kind != PassageKind::Item;
    let lead = (passage.kind == PassageKind::Item).then(|| site.passages[..i].iter().rfind(leads)).flatten();
    if lead.is_some_and(|lead| !lead.citations.is_empty()) {
        return true;
    }
    let section = section(site, i);
    let stands_by = |hole: &&Piece| match hole {
        Piece::Mention { at, .. } => [Some(passage), lead].into_iter().flatten().any(|near| is_within(at, &whole(near))),
        Piece::Embed { at, .. } => is_within(at, &section),
        _ => false,
    };
    site.document.holes.iter().filter(stands_by).any(|hole| match hole {
        Piece::Mention { id, .. } | Piece::Embed { id, .. } => is_evidence(site, id),
        _ => false,
    })
}

/// Whether an entry is a claim or a reference. What it is may change, so it is asked.
fn is_evidence(site: &Words<'_>, id: &str) -> bool {
    render::ask(Query::Brief(id.into()));
    let graph = &site.snapshot.graph;
    graph.find(id).is_some_and(|index| matches!(graph.node(index).kind, Kind::Claim | Kind::Reference))
}

/// The place of all words of a passage.
fn whole(passage: &Passage) -> Place {
    passage.place(&(0..passage.text.len()))
}

/// From the heading above a passage to the next one.
fn section(site: &Words<'_>, i: usize) -> Place {
    let passage = &site.passages[i];
    let is_heading = |other: &&Passage| other.kind == PassageKind::Heading && other.slot == passage.slot;
    let start = |heading: Option<&Passage>| match heading.map(whole) {
        Some(Place::Bytes(start, _)) => Some(start),
        _ => None,
    };
    match whole(passage) {
        Place::Bytes(..) => {
            let from = start(site.passages[..i].iter().rfind(is_heading)).unwrap_or_default();
            let to = start(site.passages[i..].iter().find(is_heading)).unwrap_or(u32::MAX);
            Place::Bytes(from, to)
        }
        field => field,
    }
}

fn is_within(inner: &Place, outer: &Place) -> bool {
    match (inner, outer) {
        (Place::Bytes(start, end), Place::Bytes(from, to)) => from <= start && end <= to,
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::{What, figure};
    use crate::wording::words;

    fn found(text: &str) -> Option<(&str, What)> {
        figure(&words(text, &(0..text.len()))).map(|(range, what)| (&text[range], what))
    }

    #[test]
    fn figures_about_effects_are_told_from_doses() {
        let effects = [
            ("Falls went down by 23% in a year.", "23%", What::Figure),
            ("About 12.5 per cent fell.", "12.5 per cent", What::Figure),
            ("One in three women breaks a bone.", "One in three", What::Figure),
            ("It takes 1 in every 5 men.", "1 in every 5", What::Figure),
            ("The hip takes 2.5 times body weight.", "2.5 times body weight", What::Figure),
            ("Half of all women over 50 break a bone.", "Half of all women", What::Figure),
            ("It concerns 10 million people.", "10 million", What::Figure),
            ("It doubles: 2 times the risk.", "2 times the risk", What::Figure),
            ("They had three times as many falls.", "three times as", What::Figure),
            ("It reduced the risk of a fall by about a third.", "reduced the risk of a fall by about a third", What::Figure),
            ("Studies show that bones adapt.", "Studies show", What::Research),
        ];
        for (text, words, what) in effects {
            assert_eq!(found(text), Some((words, what)), "{text}");
        }
        let doses = [
            "Walk 3 times a week.",
            "Lift it 8 to 12 times.",
            "Rest for 2 times the length of a set.",
            "Do half of the steps.",
            "Lift about 80% of the most that you can lift.",
            "Work at 70 % effort.",
            "Raise the load by half a kilogram.",
            "There were 12 in 2023.",
            "(see point 6) In two weeks it gets easier.",
            "Do 3 in one go.",
            "No studies show that.",
            "Rest for 30 seconds in each of 3 sets.",
        ];
        for text in doses {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
