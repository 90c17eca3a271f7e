//! The matrix: movement × condition → verdict, and what follows from it for an exercise.
//!
//! The verdict of an exercise for a condition is the strictest of its movements; `status: avoid` overrides them all. A rule for
//! the movement `*` holds for every movement, and a specific rule can only make it stricter. A pair that nobody decided has no
//! verdict: missing is never safe.

use std::collections::BTreeMap;

use crate::entry::{Exercise, Id, Rule, SafetyTable, Severity, Status, Verdict};
use crate::files::FilePath;
use crate::finding::{At, Findings, Place, steps};
use crate::rules::{s001_incomplete_matrix, s002_unknown_movement};

/// Where the matrix stands.
pub const SAFETY: &str = "content/safety.yaml";

/// `safety.yaml` with the matrix worked out.
#[derive(Debug, Clone, Default)]
pub struct Safety {
    /// The tables as written.
    pub table: SafetyTable,
    movements: BTreeMap<Id, usize>,
    conditions: BTreeMap<Id, usize>,
    /// For each movement and condition, the rules that apply, strictest first. `None`: nobody decided.
    cells: Vec<Option<Vec<usize>>>,
}

/// What decides the verdicts of an exercise.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Whether its status is `avoid`, which overrides every verdict.
    pub is_avoided: bool,
    /// Its movements, by index.
    movements: Vec<usize>,
}

impl Profile {
    /// The movements, by index.
    pub fn movements(&self) -> &[usize] {
        &self.movements
    }
}

impl Safety {
    /// Works out the matrix and reports what is missing in it.
    pub fn new(table: SafetyTable) -> (Safety, Findings) {
        let mut findings = Findings::default();
        let file = FilePath::from(SAFETY);
        let at = |path: &[&str]| At { file: file.clone(), place: Place::Field(steps(path.iter().copied())) };
        let movements = by_id(table.movements.iter().map(|movement| &movement.id));
        let conditions = by_id(table.conditions.iter().map(|condition| &condition.id));
        let width = table.conditions.len();
        let mut cells: Vec<Option<Vec<usize>>> = vec![None; table.movements.len() * width];
        let ids = |map: &BTreeMap<Id, usize>| map.keys().map(ToString::to_string).collect::<Vec<_>>();
        let resolve = |list: &str, i: usize, movement: &Id, named: &[Id], findings: &mut Findings| {
            let index = i.to_string();
            let rows: Vec<usize> = if &**movement == "*" {
                (0..table.movements.len()).collect()
            } else if let Some(row) = movements.get(movement) {
                vec![*row]
            } else if movement.is_empty() {
                Vec::new()
            } else {
                let known = ids(&movements);
                findings.push(s002_unknown_movement::movement(
                    at(&[list, &index, "movement"]),
                    movement,
                    known.iter().map(String::as_str),
                ));
                Vec::new()
            };
            let mut columns = Vec::new();
            for (c, condition) in named.iter().enumerate() {
                if let Some(column) = conditions.get(condition) {
                    columns.push(*column);
                } else {
                    let known = ids(&conditions);
                    let place = at(&[list, &index, "conditions", &c.to_string()]);
                    findings.push(s002_unknown_movement::condition(place, condition, known.iter().map(String::as_str)));
                }
            }
            rows.into_iter()
                .flat_map(|row| columns.iter().map(move |column| row * width + column).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        for (i, ok) in table.ok.iter().enumerate() {
            for cell in resolve("ok", i, &ok.movement, &ok.conditions, &mut findings) {
                cells[cell].get_or_insert_default();
            }
        }
        for (i, rule) in table.rules.iter().enumerate() {
            for cell in resolve("rules", i, &rule.movement, &rule.conditions, &mut findings) {
                // Without a verdict, which is reported as missing, a rule decides nothing.
                if rule.verdict.is_some() {
                    cells[cell].get_or_insert_default().push(i);
                }
            }
        }
        for rules in cells.iter_mut().flatten() {
            rules.sort_by_key(|rule| (std::cmp::Reverse(table.rules[*rule].verdict), *rule));
        }
        for (id, m) in &movements {
            let missing = conditions.iter().filter(|(_, c)| cells[m * width + **c].is_none()).map(|(id, _)| &**id);
            let missing: Vec<&str> = missing.collect();
            if !missing.is_empty() {
                findings.push(s001_incomplete_matrix::finding(at(&["movements", &m.to_string(), "id"]), id, &missing));
            }
        }
        let groups: Vec<&str> = table.condition_groups.iter().map(|group| &*group.id).collect();
        for (i, condition) in table.conditions.iter().enumerate() {
            if let Some(group) = condition.group.as_ref().filter(|group| !groups.contains(&&***group)) {
                let place = at(&["conditions", &i.to_string(), "group"]);
                findings.push(s002_unknown_movement::group(place, group, groups.iter().copied()));
            }
        }
        (Safety { table, movements, conditions, cells }, findings)
    }

    /// Index of a movement.
    pub fn movement(&self, id: &str) -> Option<usize> {
        self.movements.get(id).copied()
    }

    /// The ids of all movements.
    pub fn movement_ids(&self) -> impl Iterator<Item = &str> {
        self.movements.keys().map(|id| &**id)
    }

    /// The rules that apply to a movement with a condition (both by index), strictest first.
    pub fn rules(&self, movement: usize, condition: usize) -> impl Iterator<Item = &Rule> {
        self.cell(movement, condition).into_iter().flatten().filter_map(|rule| self.table.rules.get(*rule))
    }

    /// The indices of these rules, or nothing if nobody decided the pair.
    fn cell(&self, movement: usize, condition: usize) -> Option<&[usize]> {
        self.cells.get(movement * self.table.conditions.len() + condition)?.as_deref()
    }

    /// Whether somebody decided about a movement with a condition (both by index).
    pub fn is_decided(&self, movement: usize, condition: usize) -> bool {
        self.cell(movement, condition).is_some()
    }

    /// The verdict for a movement with a condition. An undecided pair is an error elsewhere, and counts as the strictest here.
    pub fn verdict(&self, movement: usize, condition: usize) -> Verdict {
        match self.cell(movement, condition) {
            Some(rules) => rules.first().and_then(|rule| self.table.rules.get(*rule)?.verdict).unwrap_or(Verdict::Ok),
            None => Verdict::Avoid,
        }
    }

    /// What decides the verdicts of an exercise.
    pub fn profile(&self, exercise: &Exercise) -> Profile {
        Profile {
            is_avoided: exercise.status == Some(Status::Avoid),
            movements: exercise.movements.iter().filter_map(|id| self.movement(id)).collect(),
        }
    }

    /// The verdict for an exercise with a condition (by index): the strictest of its movements.
    pub fn exercise(&self, profile: &Profile, condition: usize) -> Verdict {
        if profile.is_avoided {
            return Verdict::Avoid;
        }
        profile.movements.iter().map(|movement| self.verdict(*movement, condition)).max().unwrap_or(Verdict::Avoid)
    }

    /// Every rule that speaks about an exercise with a condition, strictest first; each once, with the movement that it is about.
    pub fn reasons(&self, profile: &Profile, condition: usize) -> Vec<(usize, &Rule)> {
        let indices = self.reason_indices(profile, condition).into_iter();
        indices.filter_map(|(movement, rule)| Some((movement, self.table.rules.get(rule)?))).collect()
    }

    /// The same, with the index of each rule.
    pub fn reason_indices(&self, profile: &Profile, condition: usize) -> Vec<(usize, usize)> {
        let mut reasons: Vec<(usize, usize)> = Vec::new();
        for movement in &profile.movements {
            for rule in self.cell(*movement, condition).into_iter().flatten() {
                if !reasons.iter().any(|(_, known)| known == rule) {
                    reasons.push((*movement, *rule));
                }
            }
        }
        reasons.sort_by_key(|(_, rule)| std::cmp::Reverse(self.table.rules.get(*rule).and_then(|rule| rule.verdict)));
        reasons
    }

    /// Whether a card or a rule says that an exercise is to be avoided with a condition. Unlike the verdict, it says nothing about
    /// pairs that nobody decided: they are errors of the matrix and not of the entries that meet them.
    pub fn avoids(&self, profile: &Profile, condition: usize) -> bool {
        let is_avoid = |rule: &Rule| rule.verdict == Some(Verdict::Avoid);
        profile.is_avoided || profile.movements.iter().any(|movement| self.rules(*movement, condition).any(is_avoid))
    }

    /// Index of a condition.
    pub fn condition(&self, id: &str) -> Option<usize> {
        self.conditions.get(id).copied()
    }

    /// Whether people with a condition (by index) are to be seen by a professional before any exercise.
    pub fn stops_first(&self, condition: usize) -> bool {
        let group = self.table.conditions.get(condition).and_then(|condition| condition.group.as_ref());
        group.is_some_and(|id| self.table.condition_groups.iter().any(|group| group.id == *id && group.stop_first))
    }

    /// A place in the table.
    pub fn at(path: &[&str]) -> At {
        At::field(&SAFETY.into(), path.iter().copied())
    }
}

/// The index of each id; the first of several with one id has it.
fn by_id<'a>(ids: impl Iterator<Item = &'a Id>) -> BTreeMap<Id, usize> {
    let mut map = BTreeMap::new();
    for (i, id) in ids.enumerate().filter(|(_, id)| !id.is_empty()) {
        map.entry(id.clone()).or_insert(i);
    }
    map
}

/// The order in which warnings are shown: the gravest first.
pub fn gravity(severity: Option<Severity>) -> std::cmp::Reverse<Option<Severity>> {
    std::cmp::Reverse(severity)
}

#[cfg(test)]
mod tests {
    use super::Safety;
    use crate::entry::{Condition, Exercise, Movement, Ok, Rule, SafetyTable, Status, Verdict};

    fn rule(movement: &str, condition: &str, verdict: Verdict) -> Rule {
        Rule {
            id: format!("{movement}--{condition}").into(),
            movement: movement.into(),
            conditions: vec![condition.into()],
            verdict: Some(verdict),
            warning: "Take care.".into(),
            ..Rule::default()
        }
    }

    fn table() -> SafetyTable {
        SafetyTable {
            movements: ["hop", "walk"].map(|id| Movement { id: id.into(), ..Movement::default() }).to_vec(),
            conditions: ["a", "b"].map(|id| Condition { id: id.into(), ..Condition::default() }).to_vec(),
            rules: vec![rule("hop", "a", Verdict::Avoid), rule("*", "b", Verdict::Supervise)],
            ok: vec![Ok { movement: "walk".into(), conditions: vec!["a".into()], ..Ok::default() }],
            ..SafetyTable::default()
        }
    }

    #[test]
    fn the_strictest_movement_decides() {
        let (safety, findings) = Safety::new(table());
        assert!(findings.0.is_empty());
        let card =
            |movements: &[&str]| Exercise { movements: movements.iter().map(|id| (*id).into()).collect(), ..Exercise::default() };
        let verdict = |card: &Exercise, condition: usize| safety.exercise(&safety.profile(card), condition);
        assert_eq!(verdict(&card(&["walk"]), 0), Verdict::Ok);
        assert_eq!(verdict(&card(&["walk", "hop"]), 0), Verdict::Avoid);
        assert_eq!(verdict(&card(&["walk"]), 1), Verdict::Supervise);
        assert_eq!(verdict(&card(&[]), 0), Verdict::Avoid, "no movement is no permission");
        assert_eq!(verdict(&Exercise { status: Some(Status::Avoid), ..card(&["walk"]) }, 0), Verdict::Avoid);
    }

    #[test]
    fn an_undecided_pair_is_reported_and_never_fine() {
        let (safety, findings) = Safety::new(SafetyTable { ok: Vec::new(), ..table() });
        assert_eq!(findings.0.len(), 1);
        assert_eq!(findings.0[0].message, "`walk` has no verdict for `a`");
        assert_eq!(safety.verdict(1, 0), Verdict::Avoid);
    }
}
