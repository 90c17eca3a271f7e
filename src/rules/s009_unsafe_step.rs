//! `S009` unsafe-step.

use super::{listed, rule};
use crate::entry::Id;
use crate::finding::{Finding, Findings};
use crate::graph::{Advice, EdgeKind, Graph, Recommended};
use crate::parse::Document;

rule! {
    /// # What it finds
    ///
    /// An article or a programme that recommends an exercise from whose card one step, to an easier or a harder exercise, leads to
    /// something that the audience must avoid. An article that names the step in its text (`[[jogging]]`) has told its readers, and
    /// is left alone.
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
    /// Tell the readers which step is not for them:
    ///
    /// ```markdown
    /// ---
    /// title: Walking
    /// audience: [osteoporosis, kyphosis]
    /// ---
    ///
    /// ![[walk]]
    ///
    /// Leave out the [[hop]].
    /// ```
    UNSAFE_STEP = "S009", "unsafe-step", Error
}

/// Steps from recommended exercises to what the audience must avoid.
pub fn check(graph: &Graph) -> Findings {
    let mut findings = Findings::default();
    for index in (0..).take(graph.nodes.len()) {
        let Some(advice) = graph.advice(index).filter(|advice| !advice.audience.is_empty()) else { continue };
        // A step that the page itself recommends is reported for that, and one that it names is spoken of.
        let is_spoken_of = |id: &Id| {
            let step = graph.find(id);
            graph.edges[index as usize]
                .iter()
                .any(|edge| Some(edge.to) == step && matches!(edge.kind, EdgeKind::Mentions | EdgeKind::Recommends))
        };
        for card in &advice.cards {
            for (field, word, ids) in [("easier", "easier", &card.exercise.easier), ("harder", "harder", &card.exercise.harder)] {
                for (i, id) in ids.iter().enumerate().filter(|(_, id)| !is_spoken_of(id)) {
                    findings.0.extend(step(graph, &advice, card, (field, word, i), id));
                }
            }
        }
    }
    findings
}

fn step(
    graph: &Graph,
    advice: &Advice<'_>,
    card: &Recommended<'_>,
    (field, word, i): (&str, &str, usize),
    id: &Id,
) -> Option<Finding> {
    let (_, exercise): (&Document, _) = graph.exercise(graph.find(id)?)?;
    let profile = graph.safety.profile(exercise);
    let avoid = advice.audience.iter().filter(|condition| graph.safety.avoids(&profile, **condition));
    let conditions: Vec<&str> = avoid.map(|condition| &*graph.safety.table.conditions[*condition].id).collect();
    if conditions.is_empty() {
        return None;
    }
    let message = format!(
        "the {word} step from `{}` is `{id}`, which people with {} must avoid",
        card.document.id,
        listed(&conditions, "or")
    );
    Some(
        Finding::new(&UNSAFE_STEP, advice.at(card), message)
            .note(Some(card.document.field([field, &i.to_string()])), "the card offers the step here")
            .help(format!("say in the text that it is not for them, with a link to it: `[[{id}]]`")),
    )
}
