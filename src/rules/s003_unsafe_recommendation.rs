//! `S003` unsafe-recommendation.

use super::{listed, rule};
use crate::entry::{Data, Id, Verdict};
use crate::evidence;
use crate::finding::{At, Finding, Findings};
use crate::graph::{Advice, Exception, Graph, NodeIndex, Recommended, Standing};
use crate::safety::Safety;

rule! {
    /// # What it finds
    ///
    /// An article or a programme that recommends an exercise which its audience must avoid: in `recommends`, as an embed, inside
    /// of an embedded claim or warning, or as an item of a session. A card with `status: avoid` is avoided by everybody, so no
    /// entry may recommend or embed it, whatever its audience.
    ///
    /// The notes show the way: the card, the movement in it, the rule of `safety.yaml`, and the evidence of that rule.
    ///
    /// An article may record an exception in `acknowledge`. A programme may not, and there is none from `status: avoid`. Lists,
    /// tags and feeds repeat entries that were checked for their own audience. A mention recommends nothing: an article about
    /// what to leave out writes `[[sit-up]]`.
    ///
    /// # Why it matters
    ///
    /// Somebody does the exercise because the page says that it is for them.
    ///
    /// # Example
    ///
    /// ```yaml
    /// title: A strong middle
    /// audience: [osteoporosis, kyphosis]
    /// recommends: [bridge, sit-up]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// title: A strong middle
    /// audience: [osteoporosis, kyphosis]
    /// recommends: [bridge, heel-slide]
    /// ```
    UNSAFE_RECOMMENDATION = "S003", "unsafe-recommendation", Error
}

/// Exercises that the audience of an entry must avoid.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for index in (0..).take(graph.nodes.len()) {
        let Some(advice) = graph.advice(index).filter(|advice| !advice.cards.is_empty()) else { continue };
        let exceptions = graph.exceptions_of(index, &advice);
        for card in &advice.cards {
            if card.profile.is_avoided {
                // What an embedded entry shows is reported where it is written.
                findings.0.extend(card.within.is_none().then(|| never(graph, &advice, card)));
            } else {
                findings.0.extend(unsafe_for(graph, &advice, card, &exceptions));
            }
        }
    }
    findings
}

/// A card that nobody should do.
fn never(graph: &Graph, advice: &Advice<'_>, card: &Recommended<'_>) -> Finding {
    let id = &card.document.id;
    let finding =
        Finding::new(&UNSAFE_RECOMMENDATION, advice.at(card), format!("`{id}` is recommended here and is to be avoided"))
            .note(Some(card.document.field(["status"])), "the card has `status: avoid`, which holds for everybody");
    let other = listed(&alternatives(graph, advice, card, &[]), "or");
    let link = format!("to speak about it, link to it with `[[{id}]]`");
    also_here(finding, advice, card).help(if other.is_empty() { link } else { format!("recommend {other}, or, {link}") })
}

/// A card that some of the audience must avoid. What nobody decided is an error of the matrix, and shows no way here.
fn unsafe_for(graph: &Graph, advice: &Advice<'_>, card: &Recommended<'_>, exceptions: &[Exception<'_>]) -> Option<Finding> {
    let id = &card.document.id;
    let table = &graph.safety.table;
    let is_excepted = |condition: &Id| {
        let is_same = |exception: &&Exception<'_>| exception.record.exercise == *id && exception.record.condition == *condition;
        exceptions.iter().filter(is_same).any(|exception| exception.standing == Standing::Holds)
    };
    let mut conditions: Vec<&str> = Vec::new();
    // The way to each rule, with those of the audience whom it is about.
    let mut ways: Vec<((usize, usize), Vec<&str>)> = Vec::new();
    for c in &advice.audience {
        let condition = &table.conditions[*c].id;
        if is_excepted(condition) || conditions.contains(&&**condition) {
            continue;
        }
        for way in graph.safety.reason_indices(&card.profile, *c) {
            if table.rules[way.1].verdict != Some(Verdict::Avoid) {
                continue;
            }
            if conditions.last() != Some(&&**condition) {
                conditions.push(condition);
            }
            match ways.iter_mut().find(|(known, _)| *known == way) {
                Some((_, with)) => with.push(condition),
                None => ways.push((way, vec![condition])),
            }
        }
    }
    if conditions.is_empty() {
        return None;
    }
    let message = format!("`{id}` is recommended to people with {}, who must avoid it", listed(&conditions, "or"));
    let mut finding = Finding::new(&UNSAFE_RECOMMENDATION, advice.at(card), message);
    if let Some(within) = card.within {
        finding = finding.note(graph.at(within), format!("`{}` shows it", graph.node(within).id));
    }
    let mut shown = None;
    for ((movement, rule), with) in &ways {
        if shown.replace(*movement) != Some(*movement) {
            finding = finding.note(Some(place_of(graph, card, *movement)), movement_note(graph, *movement));
        }
        finding = with_rule(graph, finding, *rule, with);
    }
    let rules: Vec<usize> = ways.iter().map(|((_, rule), _)| *rule).collect();
    let other = listed(&alternatives(graph, advice, card, &rules), "or");
    Some(also_here(finding, advice, card).help(if other.is_empty() {
        "leave it out, or write for readers who may do it".to_owned()
    } else {
        format!("recommend {other}, which nobody in the audience needs to avoid")
    }))
}

fn movement_note(graph: &Graph, movement: usize) -> String {
    format!("the card has the movement `{}`", graph.safety.table.movements[movement].id)
}

/// Where a card declares a movement.
fn place_of(graph: &Graph, card: &Recommended<'_>, movement: usize) -> At {
    let is_it = |id: &Id| graph.safety.movement(id) == Some(movement);
    let position = card.exercise.movements.iter().position(is_it).unwrap_or_default();
    card.document.field(["movements", &position.to_string()])
}

/// The rule and its evidence.
fn with_rule(graph: &Graph, finding: Finding, rule: usize, conditions: &[&str]) -> Finding {
    let at = Safety::at(&["rules", &rule.to_string(), "verdict"]);
    let rule = &graph.safety.table.rules[rule];
    let says = format!("the rule `{}` says to avoid it with {}", rule.id, listed(conditions, "and"));
    let mut finding = finding.note(Some(at), says);
    for id in &rule.sources {
        let Some(index) = graph.find(id) else { continue };
        let node = graph.node(index);
        if let Some(Data::Reference(reference)) = node.data() {
            let evidence = format!("evidence: {}, {}", evidence::short(&reference.item(&node.title)), node.title);
            finding = finding.note(graph.at(index), evidence.trim_end_matches('.'));
        }
    }
    if rule.sources.is_empty() {
        finding = finding.note(None, "the rule names no evidence");
    }
    finding
}

/// The other places that recommend the card.
fn also_here(finding: Finding, advice: &Advice<'_>, card: &Recommended<'_>) -> Finding {
    card.spots.iter().skip(1).fold(finding, |finding, spot| finding.note(Some(spot.at(advice.document)), "recommended here, too"))
}

/// What to recommend instead: what the rules name, then what the card names, each once and only what the whole audience may do.
fn alternatives<'g>(graph: &'g Graph, advice: &Advice<'_>, card: &Recommended<'g>, rules: &[usize]) -> Vec<&'g str> {
    let of_rules = rules.iter().flat_map(|rule| &graph.safety.table.rules[*rule].alternatives);
    let mut found: Vec<&str> = Vec::new();
    for id in of_rules.chain(&card.exercise.instead) {
        if !found.contains(&&**id) && graph.find(id).is_some_and(|index| is_fine(graph, index, &advice.audience)) {
            found.push(id);
        }
    }
    found
}

/// Whether everybody in an audience may do an exercise without help.
fn is_fine(graph: &Graph, index: NodeIndex, audience: &[usize]) -> bool {
    let Some((_, exercise)) = graph.exercise(index) else { return false };
    let profile = graph.safety.profile(exercise);
    !profile.is_avoided && audience.iter().all(|condition| graph.safety.exercise(&profile, *condition) <= Verdict::Modify)
}
