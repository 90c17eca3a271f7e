//! `S008` step-cycle.

use super::rule;
use crate::entry::Kind;
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, NodeIndex};

rule! {
    /// # What it finds
    ///
    /// Cards whose `easier` and `harder` lead in a circle: each is said to be harder than the one before, and the first harder than
    /// the last.
    ///
    /// # Why it matters
    ///
    /// Somebody for whom an exercise is too hard follows "easier" and arrives at the same exercise, or at a harder one.
    ///
    /// # Example
    ///
    /// The card of `sit-to-stand` says that a squat is both harder and easier:
    ///
    /// ```yaml
    /// harder: [squat]
    /// easier: [squat]
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// harder: [squat]
    /// ```
    STEP_CYCLE = "S008", "step-cycle", Error
}

/// A step from an exercise to a harder one, and where it is said.
struct Step {
    to: NodeIndex,
    at: At,
}

/// Circles of steps, each reported once.
pub fn check(graph: &Graph) -> Findings {
    let steps = steps(graph);
    let mut state = vec![State::New; graph.nodes.len()];
    let mut findings = Findings::default();
    for (start, _) in graph.of_kind(Kind::Exercise) {
        // A walk in depth: the stack holds the way from the start, and for each card which of its steps comes next.
        let mut way: Vec<(NodeIndex, usize)> = Vec::new();
        if state[start as usize] == State::New {
            state[start as usize] = State::OnTheWay;
            way.push((start, 0));
        }
        while let Some((index, next)) = way.last_mut() {
            let Some(step) = steps[*index as usize].get(*next) else {
                state[*index as usize] = State::Done;
                way.pop();
                continue;
            };
            *next += 1;
            match state[step.to as usize] {
                State::New => {
                    state[step.to as usize] = State::OnTheWay;
                    way.push((step.to, 0));
                }
                State::OnTheWay => {
                    let from = way.iter().position(|(index, _)| *index == step.to).unwrap_or_default();
                    findings.push(finding(graph, &steps, &way[from..]));
                }
                State::Done => {}
            }
        }
    }
    findings
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    OnTheWay,
    Done,
}

/// The steps of all cards: `harder` as it is written, `easier` the other way round.
fn steps(graph: &Graph) -> Vec<Vec<Step>> {
    let mut steps: Vec<Vec<Step>> = std::iter::repeat_with(Vec::new).take(graph.nodes.len()).collect();
    for (index, _) in graph.of_kind(Kind::Exercise) {
        let Some((document, exercise)) = graph.exercise(index) else { continue };
        for (field, ids) in [("harder", &exercise.harder), ("easier", &exercise.easier)] {
            for (i, id) in ids.iter().enumerate() {
                let Some(other) = graph.find(id).filter(|other| graph.node(*other).kind == Kind::Exercise) else { continue };
                let (from, to) = if field == "harder" { (index, other) } else { (other, index) };
                steps[from as usize].push(Step { to, at: document.field([field, &i.to_string()]) });
            }
        }
    }
    steps
}

/// The circle that the way makes: each of its cards with the number of the step after the one that was taken from it.
fn finding(graph: &Graph, steps: &[Vec<Step>], way: &[(NodeIndex, usize)]) -> Finding {
    let taken: Vec<(&str, &Step)> = way
        .iter()
        .filter_map(|(index, next)| Some((&*graph.node(*index).id, steps[*index as usize].get(next.checked_sub(1)?)?)))
        .collect();
    let ids: Vec<String> = taken.iter().map(|(id, _)| format!("`{id}`")).collect();
    let message = match &ids[..] {
        [id] => format!("{id} is said to be easier or harder than itself"),
        [first, rest @ ..] => format!("from easier to harder, {first} leads to {} and back to {first}", rest.join(", ")),
        [] => String::new(),
    };
    let file = || At::file(&crate::safety::SAFETY.into());
    let at = taken.last().map_or_else(file, |(_, step)| step.at.clone());
    let mut finding = Finding::new(&STEP_CYCLE, at, message).help("remove the step that is wrong, or turn it round");
    for (id, step) in taken.iter().rev().skip(1).rev() {
        finding =
            finding.note(Some(step.at.clone()), format!("this says that `{}` is harder than `{id}`", graph.node(step.to).id));
    }
    finding
}
