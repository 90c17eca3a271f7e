//! `S009` unsafe-step.

use super::{listed, rule};
use crate::entry::Id;
use crate::finding::{Finding, Findings};
use crate::graph::{Advice, EdgeKind, Exception, Graph, NodeIndex, Recommended, Standing};
use crate::parse::Document;
use crate::parse::markdown::Piece;

rule! {
    /// # What it finds
    ///
    /// An article or a programme that recommends an exercise from whose card one step, to an easier or a harder exercise, leads to
    /// something that the audience must avoid. A link to the step says nothing against it. An article has told its readers if it names
    /// the step in a box that warns, or if it records an exception with `acknowledge`, which the page prints.
    ///
    /// # Why it matters
    ///
    /// Readers follow the card. When the exercise gets easy they go on to the next one, which is not for them.
    ///
    /// # Example
    ///
    /// The card of `walk` has `harder: [hop, bridge]`, and people with kyphosis must not hop:
    ///
    /// ```markdown
    /// ---
    /// title: Walking
    /// audience: [osteoporosis, kyphosis]
    /// ---
    ///
    /// ![[walk]]
    /// ```
    ///
    /// # Instead
    ///
    /// Tell the readers which step is not for them, in a box that warns (`> [!WARNING]` or `> [!CAUTION]`):
    ///
    /// ```markdown
    /// ---
    /// title: Walking
    /// audience: [osteoporosis, kyphosis]
    /// ---
    ///
    /// ![[walk]]
    ///
    /// > [!WARNING]
    /// > With a rounded back, leave out the [[hop]].
    /// ```
    UNSAFE_STEP = "S009", "unsafe-step", Error
}

/// Steps from recommended exercises to what the audience must avoid.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for index in (0..).take(graph.nodes.len()) {
        let Some(advice) = graph.advice(index).filter(|advice| !advice.audience.is_empty()) else { continue };
        // A step that the page itself recommends is reported for that.
        let is_recommended = |id: &Id| {
            let step = graph.find(id);
            graph.edges[index as usize].iter().any(|edge| Some(edge.to) == step && edge.kind == EdgeKind::Recommends)
        };
        let is_warned_of = |id: &Id| {
            let warns = |hole: &Piece| matches!(hole, Piece::Mention { id: named, warns: true, .. } if named == id);
            advice.document.holes.iter().any(warns)
        };
        for card in &advice.cards {
            for (field, ids) in [("easier", &card.exercise.easier), ("harder", &card.exercise.harder)] {
                for (i, id) in ids.iter().enumerate().filter(|(_, id)| !is_recommended(id) && !is_warned_of(id)) {
                    findings.0.extend(step(graph, (index, &advice), card, (field, i), id));
                }
            }
        }
    }
    findings
}

fn step(
    graph: &Graph,
    (page, advice): (NodeIndex, &Advice<'_>),
    card: &Recommended<'_>,
    (field, i): (&str, usize),
    id: &Id,
) -> Option<Finding> {
    let (_, exercise): (&Document, _) = graph.exercise(graph.find(id)?)?;
    let profile = graph.safety.profile(exercise);
    let avoid = advice.audience.iter().filter(|condition| graph.safety.avoids(&profile, **condition));
    let exceptions = graph.exceptions_of(page, advice);
    let holds = |condition: &&str| {
        let is_it = |exception: &Exception<'_>| exception.record.exercise == *id && &*exception.record.condition == *condition;
        exceptions.iter().any(|exception| exception.standing == Standing::Holds && is_it(exception))
    };
    let conditions = avoid.map(|condition| &*graph.safety.table.conditions[*condition].id);
    let conditions: Vec<&str> = conditions.filter(|condition| !holds(condition)).collect();
    if conditions.is_empty() {
        return None;
    }
    let message = format!(
        "the {field} step from `{}` is `{id}`, which people with {} must avoid",
        card.document.id,
        listed(&conditions, "or")
    );
    Some(
        Finding::new(&UNSAFE_STEP, advice.at(card), message)
            .note(Some(card.document.field([field, &i.to_string()])), "the card offers the step here")
            .help(format!("say that it is not for them in a box that warns: `> [!WARNING]`, then `> Leave out [[{id}]].`")),
    )
}
