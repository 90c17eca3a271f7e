//! Which cards changed verdict, for whom, and why.

use super::{Cause, CellChange, Named, VerdictChange, named};
use crate::entry::{Data, Exercise, Id, Kind, Rule, Status, Verdict};
use crate::graph::{Graph, NodeIndex};
use crate::safety::Profile;

/// The verdicts that became milder, and those that became stricter.
pub(super) fn verdicts(old: &Graph, new: &Graph) -> (Vec<VerdictChange>, Vec<VerdictChange>) {
    let (mut milder, mut stricter) = (Vec::new(), Vec::new());
    let conditions = conditions(old, new);
    for (index, node) in new.of_kind(Kind::Exercise) {
        let Some(was) = old.find(&node.id) else { continue };
        let (Some(before), Some(now)) = (Card::new(old, was), Card::new(new, index)) else { continue };
        let mut changes: Vec<VerdictChange> = Vec::new();
        for (was, is, condition) in &conditions {
            let (from, to) = (before.verdict(*was), now.verdict(*is));
            if from == to {
                continue;
            }
            let because = causes(&before, &now, *was, *is);
            match changes.iter_mut().find(|known| (known.from, known.to, &known.because) == (from, to, &because)) {
                Some(known) => known.conditions.push(condition.clone()),
                None => {
                    changes.push(VerdictChange { exercise: named(node), from, to, conditions: vec![condition.clone()], because });
                }
            }
        }
        let (less, more): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.to < change.from);
        milder.extend(less);
        stricter.extend(more);
    }
    (milder, stricter)
}

/// The conditions of both states: their indices before and now.
fn conditions(old: &Graph, new: &Graph) -> Vec<(usize, usize, Named)> {
    let both = new.of_kind(Kind::Condition).filter_map(|(index, node)| {
        let is = new.condition(index)?.0;
        let was = old.condition(old.find(&node.id)?)?.0;
        Some((was, is, named(node)))
    });
    both.collect()
}

/// The movements whose verdicts changed, in the order of their ids, milder verdicts first.
pub(super) fn table(old: &Graph, new: &Graph) -> Vec<CellChange> {
    let conditions = conditions(old, new);
    let mut changes: Vec<CellChange> = Vec::new();
    for id in new.safety.movement_ids() {
        let (Some(was), Some(is)) = (old.safety.movement(id), new.safety.movement(id)) else { continue };
        let movement = Named { id: id.into(), title: new.safety.table.movements[is].label.clone() };
        for (before, now, condition) in &conditions {
            let (from, to) = (old.safety.verdict(was, *before), new.safety.verdict(is, *now));
            let same = |known: &&mut CellChange| (&known.movement, known.from, known.to) == (&movement, from, to);
            match changes.iter_mut().find(same) {
                _ if from == to => {}
                Some(known) => known.conditions.push(condition.clone()),
                None => changes.push(CellChange { movement: movement.clone(), from, to, conditions: vec![condition.clone()] }),
            }
        }
    }
    changes.sort_by_key(|change| change.to > change.from);
    changes
}

/// Who is not told that a card is fine, the strictest verdict first.
pub(super) fn of_card(graph: &Graph, exercise: &Exercise) -> Vec<(Verdict, Vec<Named>)> {
    let profile = graph.safety.profile(exercise);
    let mut verdicts = Vec::new();
    for verdict in Verdict::ALL.into_iter().skip(1).rev() {
        let told = graph.of_kind(Kind::Condition).filter(|(index, _)| {
            graph.condition(*index).is_some_and(|(condition, _)| graph.safety.exercise(&profile, condition) == verdict)
        });
        let told: Vec<Named> = told.map(|(_, node)| named(node)).collect();
        if !told.is_empty() {
            verdicts.push((verdict, told));
        }
    }
    verdicts
}

/// A card in one state of the site.
struct Card<'g> {
    graph: &'g Graph,
    exercise: &'g Exercise,
    profile: Profile,
}

impl<'g> Card<'g> {
    fn new(graph: &'g Graph, index: NodeIndex) -> Option<Self> {
        let Some(Data::Exercise(exercise)) = graph.node(index).data() else { return None };
        Some(Card { graph, exercise, profile: graph.safety.profile(exercise) })
    }

    fn verdict(&self, condition: usize) -> Verdict {
        self.graph.safety.exercise(&self.profile, condition)
    }

    fn is_avoided(&self) -> bool {
        self.exercise.status == Some(Status::Avoid)
    }

    fn movements(&self) -> impl Iterator<Item = (usize, Named)> {
        let table = &self.graph.safety.table;
        self.profile.movements().iter().filter_map(|movement| {
            let found = table.movements.get(*movement)?;
            Some((*movement, Named { id: found.id.clone(), title: found.label.clone() }))
        })
    }

    fn has(&self, id: &Id) -> bool {
        self.exercise.movements.contains(id) && self.graph.safety.movement(id).is_some()
    }
}

/// Why the verdict of a card isn't what it was.
fn causes(before: &Card<'_>, now: &Card<'_>, was: usize, is: usize) -> Vec<Cause> {
    let (from, to) = (before.verdict(was), now.verdict(is));
    if before.is_avoided() != now.is_avoided() {
        return vec![Cause::Status { from: before.exercise.status, to: now.exercise.status }];
    }
    let mut causes = Vec::new();
    if to > from {
        for (m, movement) in now.movements() {
            if now.graph.safety.verdict(m, is) <= from {
                continue;
            }
            let cause = match before.graph.safety.movement(&movement.id).filter(|_| before.has(&movement.id)) {
                None => Some(Cause::MovementAdded { movement }),
                Some(old) => rule((before, old, was), (now, m, is), movement),
            };
            causes.extend(cause);
        }
        if now.profile.movements().is_empty() {
            causes.extend(before.movements().map(|(_, movement)| Cause::MovementRemoved { movement }));
        }
    } else {
        for (m, movement) in before.movements() {
            if before.graph.safety.verdict(m, was) <= to {
                continue;
            }
            let cause = match now.graph.safety.movement(&movement.id).filter(|_| now.has(&movement.id)) {
                None => Some(Cause::MovementRemoved { movement }),
                Some(new) => rule((before, m, was), (now, new, is), movement),
            };
            causes.extend(cause);
        }
        if before.profile.movements().is_empty() {
            causes.extend(now.movements().map(|(_, movement)| Cause::MovementAdded { movement }));
        }
    }
    causes
}

/// What happened to the rules about a movement with a condition: a card, its movement and the condition, before and now.
fn rule(before: (&Card<'_>, usize, usize), now: (&Card<'_>, usize, usize), movement: Named) -> Option<Cause> {
    let rules = |(card, movement, condition): (&Card<'_>, usize, usize)| -> Vec<Rule> {
        card.graph.safety.rules(movement, condition).cloned().collect()
    };
    let verdict = |(card, movement, condition): (&Card<'_>, usize, usize)| card.graph.safety.verdict(movement, condition);
    let (old, new) = (rules(before), rules(now));
    let (from, to) = (verdict(before), verdict(now));
    // A pair without a rule that is not fine was decided by nobody.
    if new.is_empty() && to == Verdict::Avoid {
        return Some(Cause::Undecided { movement });
    }
    if old.is_empty() && from == Verdict::Avoid {
        return Some(Cause::Decided { movement });
    }
    let decisive = if to > from { new.first() } else { old.first() }?;
    let find = |rules: &[Rule]| rules.iter().find(|rule| rule.id == decisive.id).and_then(|rule| rule.verdict);
    let rule = decisive.id.clone();
    match (find(&old), find(&new)) {
        (Some(from), Some(to)) => Some(Cause::RuleChanged { rule, movement, from, to }),
        (None, Some(_)) => Some(Cause::RuleAdded { rule, movement }),
        (Some(_), None) => Some(Cause::RuleRemoved { rule, movement }),
        (None, None) => None,
    }
}
