//! What a change of a site does to the safety of its readers: two resolved sites → [`Changes`], as data.
//!
//! [`text`] puts them into words. Everything is in the order of the entries' kinds and ids, so equal changes read the same.

mod caused;
mod text;
mod verdicts;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

pub use caused::caused;
pub use text::{LogEntry, Style, text};
pub use words::{Run, Word};

use crate::entry::{Claim, Data, Dosage, Exercise, Id, Kind, Programme, Reference, Status, Verdict, Warning};
use crate::graph::{EdgeKind, Graph, ListKind, Node, NodeIndex, Target};

/// What changed between two states of a site.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Changes {
    /// Verdicts that permit more than before: the dangerous direction.
    pub milder: Vec<VerdictChange>,
    /// Verdicts that permit less.
    pub stricter: Vec<VerdictChange>,
    /// Verdicts of the table itself, also where no card has the movement.
    pub table: Vec<CellChange>,
    /// Articles and programmes that recommend a card with a changed verdict.
    pub touched: Vec<Touched>,
    /// New cards, warnings and conditions.
    pub added: Vec<Presence>,
    /// Cards, warnings and conditions that are gone.
    pub removed: Vec<Presence>,
    /// Warnings that a card shows now, or no longer shows.
    pub shown: Vec<Shown>,
    /// Texts that warn, word by word.
    pub texts: Vec<TextChange>,
    /// Status of cards and severity of warnings.
    pub statuses: Vec<FieldChange>,
    /// Doses of cards and programmes.
    pub doses: Vec<FieldChange>,
    /// Certainty of claims.
    pub certainties: Vec<FieldChange>,
    /// References that were retracted or superseded, or are it no longer.
    pub references: Vec<ReferenceChange>,
    /// Addresses that changed or vanished.
    pub addresses: Vec<AddressChange>,
}

/// An entry, movement or condition, as readers know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Named {
    /// Its id.
    pub id: Id,
    /// Its title.
    pub title: String,
}

/// A card with another verdict than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerdictChange {
    /// The card.
    pub exercise: Named,
    /// The verdict before.
    pub from: Verdict,
    /// The verdict now.
    pub to: Verdict,
    /// For whom.
    pub conditions: Vec<Named>,
    /// Why.
    pub because: Vec<Cause>,
}

/// A movement with another verdict than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellChange {
    /// The movement.
    pub movement: Named,
    /// The verdict before.
    pub from: Verdict,
    /// The verdict now.
    pub to: Verdict,
    /// For whom.
    pub conditions: Vec<Named>,
}

/// Why a verdict changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// The card has another status, which overrides its verdicts or did so.
    Status {
        /// The status before.
        from: Option<Status>,
        /// The status now.
        to: Option<Status>,
    },
    /// The card has one more movement.
    MovementAdded {
        /// The movement.
        movement: Named,
    },
    /// The card has a movement no longer.
    MovementRemoved {
        /// The movement.
        movement: Named,
    },
    /// A rule speaks about these people that didn't before.
    RuleAdded {
        /// The rule.
        rule: Id,
        /// What it is about.
        movement: Named,
    },
    /// A rule doesn't speak about these people any more.
    RuleRemoved {
        /// The rule.
        rule: Id,
        /// What it was about.
        movement: Named,
    },
    /// A rule says something else.
    RuleChanged {
        /// The rule.
        rule: Id,
        /// What it is about.
        movement: Named,
        /// Its verdict before.
        from: Verdict,
        /// Its verdict now.
        to: Verdict,
    },
    /// Nobody decides the pair any more, which counts as the strictest verdict.
    Undecided {
        /// The movement.
        movement: Named,
    },
    /// The pair was undecided before.
    Decided {
        /// The movement.
        movement: Named,
    },
}

/// An article or programme that recommends a card with a changed verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Touched {
    /// What it is.
    pub kind: Kind,
    /// The article or programme.
    pub entry: Named,
    /// For whom it is written; nobody in particular if empty.
    pub audience: Vec<Named>,
    /// The cards that it recommends and whose verdict changed.
    pub cards: Vec<Named>,
    /// Those of its audience for whom the verdict of one of the cards changed.
    pub concerned: Vec<Named>,
}

/// An entry that is new or gone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Presence {
    /// What it is.
    pub kind: Kind,
    /// The entry.
    pub entry: Named,
    /// For a card, who is not told that it is fine, the strictest verdict first.
    pub verdicts: Vec<(Verdict, Vec<Named>)>,
}

/// A warning on a card.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// The card.
    pub exercise: Named,
    /// The warning.
    pub warning: Named,
    /// Whether the card shows it now.
    pub is_shown: bool,
}

/// A text that warns and says something else now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextChange {
    /// The warning, the rule, or what else holds the text.
    pub entry: Named,
    /// What holds the text, as in "rule".
    pub of: &'static str,
    /// Which of its texts.
    pub field: &'static str,
    /// The words.
    pub words: Vec<Run>,
}

/// A field with another value than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// What it is.
    pub kind: Kind,
    /// The entry.
    pub entry: Named,
    /// The field, in the words of a reader.
    pub field: String,
    /// The value before.
    pub from: Option<String>,
    /// The value now.
    pub to: Option<String>,
}

/// A reference that stands differently than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReferenceChange {
    /// The reference.
    pub reference: Named,
    /// What happened to it.
    pub event: ReferenceEvent,
    /// Who cites it.
    pub cited_in: Vec<Named>,
}

/// What happened to a reference.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ReferenceEvent {
    /// It was retracted.
    Retracted,
    /// It isn't marked as retracted any more.
    Restored,
    /// Another one replaces it.
    Superseded {
        /// The other one.
        by: Id,
    },
    /// None replaces it any more.
    Current,
}

/// An address at which something else stands than before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AddressChange {
    /// The address.
    pub address: String,
    /// Where the same entry stands now, or where the address leads.
    pub now: Option<String>,
    /// Whether the old address leads anywhere.
    pub is_kept: bool,
}

impl Changes {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }
}

/// Compares two states of a site.
pub fn compare(old: &Graph, new: &Graph) -> Changes {
    let (milder, stricter) = verdicts::verdicts(old, new);
    let touched = touched(new, milder.iter().chain(&stricter));
    let mut changes = Changes { milder, stricter, touched, table: verdicts::table(old, new), ..Changes::default() };
    changes.added = absent(new, old);
    changes.removed = absent(old, new);
    for (was, is) in pairs(old, new) {
        if let (Some(Data::Exercise(_)), Some(Data::Exercise(_))) = (old.node(was).data(), new.node(is).data()) {
            shown(old, new, was, is, &mut changes.shown);
        }
        let entry = || named(new.node(is));
        match (old.node(was).data(), new.node(is).data()) {
            (Some(Data::Exercise(was)), Some(Data::Exercise(is))) => exercise(&entry(), was, is, &mut changes),
            (Some(Data::Programme(was)), Some(Data::Programme(is))) => programme(&entry(), (old, was), (new, is), &mut changes),
            (Some(Data::Warning(was)), Some(Data::Warning(is))) => warning(&entry(), was, is, &mut changes),
            (Some(Data::Claim(was)), Some(Data::Claim(is))) => claim(&entry(), was, is, &mut changes),
            (Some(Data::Reference(was)), Some(Data::Reference(now))) => {
                let cited_in: Vec<Named> = used_in(new, is, EdgeKind::Cites).map(|from| named(new.node(from))).collect();
                changes.references.extend(reference(&entry(), was, now, &cited_in));
            }
            _ => {}
        }
    }
    tables(old, new, &mut changes.texts);
    changes.addresses = addresses(old, new);
    changes
}

/// The entries of one kind and id in both states.
fn pairs<'a>(old: &'a Graph, new: &'a Graph) -> impl Iterator<Item = (NodeIndex, NodeIndex)> {
    (0..).zip(&new.nodes).filter_map(|(is, node)| {
        let was = old.find(&node.id)?;
        (old.node(was).kind == node.kind).then_some((was, is))
    })
}

fn named(node: &Node) -> Named {
    Named { id: node.id.clone(), title: node.title.clone() }
}

/// The entries from which edges of a kind lead to a node.
fn used_in(graph: &Graph, index: NodeIndex, kind: EdgeKind) -> impl Iterator<Item = NodeIndex> {
    graph.backlinks[index as usize].iter().filter(move |(_, of)| *of == kind).map(|(from, _)| *from)
}

/// Articles and programmes with the cards whose verdict changed.
fn touched<'a>(new: &Graph, changed: impl Iterator<Item = &'a VerdictChange>) -> Vec<Touched> {
    let mut touched: BTreeMap<NodeIndex, Touched> = BTreeMap::new();
    for change in changed {
        let Some(card) = new.find(&change.exercise.id) else { continue };
        for from in used_in(new, card, EdgeKind::Recommends) {
            let node = new.node(from);
            let audience = match node.data() {
                Some(Data::Article(article)) => &article.audience[..],
                Some(Data::Programme(programme)) => &programme.audience[..],
                _ => &[],
            };
            let condition = |id: &Id| new.find(id).map(|index| named(new.node(index)));
            let entry = touched.entry(from).or_insert_with(|| Touched {
                kind: node.kind,
                entry: named(node),
                audience: audience.iter().filter_map(condition).collect(),
                cards: Vec::new(),
                concerned: Vec::new(),
            });
            if !entry.cards.contains(&change.exercise) {
                entry.cards.push(change.exercise.clone());
            }
            for condition in &change.conditions {
                if audience.contains(&condition.id) && !entry.concerned.contains(condition) {
                    entry.concerned.push(condition.clone());
                }
            }
        }
    }
    let mut touched: Vec<Touched> = touched.into_values().collect();
    for entry in &mut touched {
        entry.cards.sort();
        entry.concerned.sort();
    }
    touched
}

/// Cards, warnings and conditions of one state that the other one lacks.
fn absent(here: &Graph, there: &Graph) -> Vec<Presence> {
    let is_absent = |node: &&Node| {
        matches!(node.kind, Kind::Exercise | Kind::Warning | Kind::Condition)
            && there.find(&node.id).is_none_or(|index| there.node(index).kind != node.kind)
    };
    let presence = |node: &Node| {
        let verdicts = match node.data() {
            Some(Data::Exercise(exercise)) => verdicts::of_card(here, exercise),
            _ => Vec::new(),
        };
        Presence { kind: node.kind, entry: named(node), verdicts }
    };
    here.nodes.iter().filter(is_absent).map(presence).collect()
}

/// Warnings that a card lost or gained.
fn shown(old: &Graph, new: &Graph, was: NodeIndex, is: NodeIndex, into: &mut Vec<Shown>) {
    let of = |graph: &Graph, card: NodeIndex| -> Vec<Named> {
        graph.warnings[card as usize].iter().map(|warning| named(graph.node(*warning))).collect()
    };
    let (before, now) = (of(old, was), of(new, is));
    let has = |list: &[Named], warning: &Named| list.iter().any(|known| known.id == warning.id);
    let exercise = named(new.node(is));
    let mut add = |warning: &Named, is_shown| {
        into.push(Shown { exercise: exercise.clone(), warning: warning.clone(), is_shown });
    };
    before.iter().filter(|warning| !has(&now, warning)).for_each(|warning| add(warning, false));
    now.iter().filter(|warning| !has(&before, warning)).for_each(|warning| add(warning, true));
}

fn exercise(entry: &Named, was: &Exercise, is: &Exercise, changes: &mut Changes) {
    let word = |status: Option<Status>| status.map(|status| status.word().to_owned());
    field(Kind::Exercise, entry, "status", word(was.status), word(is.status), &mut changes.statuses);
    texts(entry, "exercise card", "when to stop", &was.stop_if.join("\n"), &is.stop_if.join("\n"), &mut changes.texts);
    for ((name, from), (_, to)) in dose_parts(&was.dosage).into_iter().zip(dose_parts(&is.dosage)) {
        field(Kind::Exercise, entry, name, from.cloned(), to.cloned(), &mut changes.doses);
    }
    let stages = |exercise: &Exercise| -> BTreeMap<String, String> {
        let numbered = exercise.progression.iter().enumerate();
        numbered
            .map(|(i, stage)| {
                let name = stage.stage.clone().unwrap_or_else(|| (i + 1).to_string());
                let parts = [&stage.when, &stage.dose, &stage.criterion];
                (format!("stage {name}"), parts.into_iter().flatten().cloned().collect::<Vec<_>>().join("; "))
            })
            .collect()
    };
    maps(Kind::Exercise, entry, &stages(was), &stages(is), &mut changes.doses);
}

/// The parts of a dose by their names for readers. Where the figures come from is no part of it.
fn dose_parts(dosage: &Dosage) -> [(&'static str, Option<&String>); 7] {
    [
        ("dose", dosage.text.as_ref()),
        ("sets", dosage.sets.as_ref()),
        ("repetitions", dosage.reps.as_ref()),
        ("hold", dosage.hold.as_ref()),
        ("frequency", dosage.frequency.as_ref()),
        ("effort", dosage.effort.as_ref()),
        ("how to increase it", dosage.advance.as_ref()),
    ]
}

fn programme(entry: &Named, (old, was): (&Graph, &Programme), (new, is): (&Graph, &Programme), changes: &mut Changes) {
    let items = |graph: &Graph, programme: &Programme| -> BTreeMap<String, String> {
        let mut items: BTreeMap<String, String> = BTreeMap::new();
        for ([w, s, _], item) in programme.items() {
            let week = &programme.weeks[w];
            let title = graph.find(&item.exercise).map_or(&*item.exercise, |index| &graph.node(index).title);
            let place = [&week.title, &week.sessions[s].title].map(|title| title.trim());
            let place: Vec<&str> = place.into_iter().filter(|title| !title.is_empty()).collect();
            let parts: Vec<String> = dose_parts(&item.dosage)
                .into_iter()
                .filter_map(|(name, value)| Some(if name == "dose" { value?.clone() } else { format!("{name} {}", value?) }))
                .collect();
            let dose = if parts.is_empty() { "the dose of its card".to_owned() } else { parts.join(", ") };
            let key = [place.join(", ").as_str(), title].join(": ");
            // The same exercise may stand in a session more than once.
            let known = items.entry(key.trim_start_matches(": ").to_owned()).or_default();
            if !known.is_empty() {
                known.push_str("; then ");
            }
            known.push_str(&dose);
        }
        items
    };
    maps(Kind::Programme, entry, &items(old, was), &items(new, is), &mut changes.doses);
}

fn maps(kind: Kind, entry: &Named, was: &BTreeMap<String, String>, is: &BTreeMap<String, String>, into: &mut Vec<FieldChange>) {
    for (name, from) in was {
        field(kind, entry, name, Some(from.clone()), is.get(name).cloned(), into);
    }
    for (name, to) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
        field(kind, entry, name, None, Some(to.clone()), into);
    }
}

/// Notes a field if its value isn't the same; white space is none of a reader's business.
fn field(kind: Kind, entry: &Named, name: &str, from: Option<String>, to: Option<String>, into: &mut Vec<FieldChange>) {
    let clean = |text: Option<String>| {
        text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
    };
    let (from, to) = (clean(from), clean(to));
    if from != to {
        into.push(FieldChange { kind, entry: entry.clone(), field: name.to_owned(), from, to });
    }
}

/// Notes a text if its words aren't the same.
fn texts(entry: &Named, of: &'static str, name: &'static str, from: &str, to: &str, into: &mut Vec<TextChange>) {
    let words = words::diff(from, to);
    if words.iter().any(|run| run.word != Word::Same) {
        into.push(TextChange { entry: entry.clone(), of, field: name, words });
    }
}

fn warning(entry: &Named, was: &Warning, is: &Warning, changes: &mut Changes) {
    let word = |warning: &Warning| warning.severity.map(|severity| severity.word().to_owned());
    field(Kind::Warning, entry, "severity", word(was), word(is), &mut changes.statuses);
    let help = |warning: &Warning| warning.seek_help.clone().unwrap_or_default();
    for (name, from, to) in [
        ("text", was.text.clone(), is.text.clone()),
        ("when to stop", was.stop_if.join("\n"), is.stop_if.join("\n")),
        ("whom to ask", help(was), help(is)),
    ] {
        texts(entry, "warning", name, &from, &to, &mut changes.texts);
    }
}

fn claim(entry: &Named, was: &Claim, is: &Claim, changes: &mut Changes) {
    let word = |claim: &Claim| claim.certainty.map(|certainty| certainty.word().to_owned());
    field(Kind::Claim, entry, "certainty", word(was), word(is), &mut changes.certainties);
}

fn reference(entry: &Named, was: &Reference, is: &Reference, cited_in: &[Named]) -> Vec<ReferenceChange> {
    let mut events = Vec::new();
    if was.retracted != is.retracted {
        events.push(if is.retracted { ReferenceEvent::Retracted } else { ReferenceEvent::Restored });
    }
    if was.superseded_by != is.superseded_by {
        events.push(is.superseded_by.clone().map_or(ReferenceEvent::Current, |by| ReferenceEvent::Superseded { by }));
    }
    let change = |event| ReferenceChange { reference: entry.clone(), event, cited_in: cited_in.to_vec() };
    events.into_iter().map(change).collect()
}

/// The texts of the safety table: of its rules, of what holds for everybody, of the care cards.
fn tables(old: &Graph, new: &Graph, into: &mut Vec<TextChange>) {
    let (was, is) = (&old.safety.table, &new.safety.table);
    for rule in &is.rules {
        if let Some(known) = was.rules.iter().find(|known| known.id == rule.id) {
            let entry = Named { id: rule.id.clone(), title: rule.id.to_string() };
            texts(&entry, "rule", "text", &known.warning, &rule.warning, into);
        }
    }
    let general = |graph: &Graph| -> BTreeMap<Id, String> {
        graph.safety.table.general_warnings.iter().map(|warning| (warning.id.clone(), warning.text.clone())).collect()
    };
    compare_texts("general warning", "text", &general(old), &general(new), into);
    let cards = |graph: &Graph| -> BTreeMap<Id, String> {
        graph.safety.table.care_cards.iter().map(|card| (card.title.as_str().into(), card.signs.join("\n"))).collect()
    };
    compare_texts("care card", "signs", &cards(old), &cards(new), into);
}

/// Texts by their names, where a text that is missing on one side is an empty one.
fn compare_texts(
    of: &'static str,
    field: &'static str,
    was: &BTreeMap<Id, String>,
    is: &BTreeMap<Id, String>,
    into: &mut Vec<TextChange>,
) {
    let mut ids: Vec<&Id> = was.keys().chain(is.keys()).collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        let text = |map: &BTreeMap<Id, String>| map.get(id).cloned().unwrap_or_default();
        let entry = Named { id: id.clone(), title: id.to_string() };
        texts(&entry, of, field, &text(was), &text(is), into);
    }
}

/// Addresses at which an entry, a list or a file stood, and where it isn't any more.
fn addresses(old: &Graph, new: &Graph) -> Vec<AddressChange> {
    let mut changes = Vec::new();
    for route in &old.routes {
        // Further pages of a list come and go with its length.
        let is_further = matches!(&route.target, Target::List(_, page) if *page > 1);
        let is_term = matches!(&route.target, Target::List(list, _) if matches!(old.lists[*list].kind, ListKind::Term(..)));
        if is_further || is_term {
            continue;
        }
        let moved = match &route.target {
            Target::Entry(index) | Target::Home(Some(index)) => {
                let node = old.node(*index);
                new.find(&node.id).map(|is| new.node(is)).filter(|is| is.kind == node.kind).map(|is| is.url.clone())
            }
            _ => None,
        };
        let (now, is_kept) = match new.target(&route.url) {
            Some(Target::Redirect(_)) if matches!(route.target, Target::Redirect(_)) => continue,
            Some(Target::Redirect(to)) => (Some(to.clone()), true),
            Some(_) => match moved.filter(|url| *url != route.url) {
                Some(url) => (Some(url), true),
                None => continue,
            },
            None if new.is_file(&route.url) => continue,
            None => (moved, false),
        };
        changes.push(AddressChange { address: route.url.clone(), now, is_kept });
    }
    for file in old.file_addresses().filter(|file| !new.is_file(file) && new.target(&format!("/{file}")).is_none()) {
        changes.push(AddressChange { address: format!("/{file}"), now: None, is_kept: false });
    }
    changes
}

#[cfg(test)]
mod tests;
