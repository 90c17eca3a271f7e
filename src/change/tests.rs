//! The comparison of two small sites in memory.

use super::*;
use crate::config::{Drafts, Options, Search};
use crate::entry::Date;
use crate::files::{File, Files};

const SAFETY: &str = "movements:\n  - {id: hop, label: Hopping}\n  - {id: walk, label: Walking}\n\
    conditions:\n  - {id: frail, label: Frailty}\n  - {id: knee, label: Sore knee}\n\
    rules:\n  - {id: hop-frail, movement: hop, conditions: [frail], verdict: avoid, warning: Do not hop when frail.}\n\
    ok:\n  - {movement: hop, conditions: [knee]}\n  - {movement: walk, conditions: [frail, knee]}\n";

fn site() -> Files {
    [
        ("osteon.yaml", "title: T\nbase_url: https://example.org\n"),
        ("content/safety.yaml", SAFETY),
        ("content/exercises/step.yaml", "title: Step\nmovements: [walk, hop]\nsteps: [Go]\ndosage: {reps: 8}\n"),
        ("content/articles/a.md", "---\ntitle: A\naudience: [frail]\nrecommends: [step]\n---\nText.\n"),
        ("content/articles/b.md", "---\ntitle: B\nrecommends: [step]\n---\nText.\n"),
        ("content/warnings/fall.yaml", "title: Falls\nseverity: caution\ntext: Hold on to something.\n"),
        ("content/claims/c.yaml", "statement: It helps\ncertainty: high\nreason: Trials\nsupports: [r]\n"),
        ("content/references/r.yaml", "title: R\ntype: book\nverified: true\n"),
    ]
    .into_iter()
    .map(|(path, text)| File::new(path, text.as_bytes()))
    .collect()
}

fn graph(files: &Files) -> Graph {
    let options = Options {
        today: Date { year: 2026, month: 11, day: 24 },
        base_url: None,
        drafts: Drafts::Exclude,
        search: Search::Include,
    };
    crate::resolve(files, &options).0
}

/// The changes when some files have another text, or none.
fn changed(edits: &[(&str, Option<&str>)]) -> Changes {
    let mut files = site();
    let old = graph(&files);
    for (path, text) in edits {
        match text {
            Some(text) => files.insert(File::new(*path, text.as_bytes())),
            None => files.remove(path),
        }
    }
    compare(&old, &graph(&files))
}

fn ids(named: &[Named]) -> Vec<&str> {
    named.iter().map(|named| &*named.id).collect()
}

#[test]
fn nothing_changes_by_itself() {
    assert!(changed(&[]).is_empty());
    let reworded =
        changed(&[("content/articles/a.md", Some("---\ntitle: A\naudience: [frail]\nrecommends: [step]\n---\nMore.\n"))]);
    assert!(reworded.is_empty(), "the words of an article are not what is compared");
    assert!(text(&reworded, "HEAD", Style::Plain).contains("Nothing: since `HEAD` no verdict"));
}

#[test]
fn a_movement_that_is_taken_off_makes_a_verdict_milder() {
    let changes =
        changed(&[("content/exercises/step.yaml", Some("title: Step\nmovements: [walk]\nsteps: [Go]\ndosage: {reps: 12}\n"))]);
    assert_eq!((changes.milder.len(), changes.stricter.len()), (1, 0));
    let change = &changes.milder[0];
    assert_eq!((change.from, change.to, ids(&change.conditions)), (Verdict::Avoid, Verdict::Ok, vec!["frail"]));
    assert!(matches!(&change.because[..], [Cause::MovementRemoved { movement }] if &*movement.id == "hop"));
    let touched: Vec<_> = changes.touched.iter().map(|touched| (&*touched.entry.id, ids(&touched.concerned))).collect();
    assert_eq!(touched, [("a", vec!["frail"]), ("b", vec![])]);
    let dose = &changes.doses[0];
    assert_eq!((dose.field.as_str(), dose.from.as_deref(), dose.to.as_deref()), ("repetitions", Some("8"), Some("12")));
}

#[test]
fn every_way_of_a_verdict_to_change_has_its_cause() {
    let table = |from: &str, to: &str| vec![("content/safety.yaml", SAFETY.replace(from, to))];
    let card = |text: &str| vec![("content/exercises/step.yaml", text.to_owned())];
    let causes = |edits: &[(&'static str, String)]| {
        let edits: Vec<_> = edits.iter().map(|(path, text)| (*path, Some(text.as_str()))).collect();
        let changes = changed(&edits);
        let list = |list: &[VerdictChange]| list.iter().flat_map(|change| change.because.clone()).collect::<Vec<_>>();
        (list(&changes.milder), list(&changes.stricter))
    };
    let (milder, stricter) = causes(&table("verdict: avoid", "verdict: modify"));
    assert!(matches!(&milder[..], [Cause::RuleChanged { from: Verdict::Avoid, to: Verdict::Modify, .. }]), "{milder:?}");
    assert!(stricter.is_empty());
    let (_, stricter) = causes(&table("conditions: [frail], verdict", "conditions: [frail, knee], verdict"));
    assert!(matches!(&stricter[..], [Cause::RuleAdded { rule, .. }] if &**rule == "hop-frail"), "{stricter:?}");
    let (milder, _) = causes(&table("conditions: [frail], verdict", "conditions: [knee], verdict"));
    assert!(milder.is_empty(), "undecided is as strict as `avoid`: {milder:?}");
    let (_, stricter) = causes(&table("{movement: hop, conditions: [knee]}", "{movement: walk, conditions: [knee]}"));
    assert!(matches!(&stricter[..], [Cause::Undecided { .. }]), "{stricter:?}");
    let (_, stricter) = causes(&card("title: Step\nstatus: avoid\nmovements: [walk, hop]\nsteps: [Go]\n"));
    assert!(matches!(&stricter[..], [Cause::Status { from: None, to: Some(Status::Avoid) }]), "{stricter:?}");
    let gone =
        "rules: []\nok:\n  - {movement: hop, conditions: [knee, frail]}\n  - {movement: walk, conditions: [frail, knee]}\n";
    let start = SAFETY.split("rules:").next().unwrap_or_default();
    let (milder, _) = causes(&[("content/safety.yaml", format!("{start}{gone}"))]);
    assert!(matches!(&milder[..], [Cause::RuleRemoved { rule, .. }] if &**rule == "hop-frail"), "{milder:?}");
}

#[test]
fn the_table_changes_also_where_no_card_has_the_movement() {
    let unused = SAFETY.replace("verdict: avoid", "verdict: supervise");
    let mut files = site();
    files.remove("content/exercises/step.yaml");
    let old = graph(&files);
    files.insert(File::new("content/safety.yaml", unused.as_bytes()));
    let changes = compare(&old, &graph(&files));
    assert!(changes.milder.is_empty());
    let table: Vec<_> = changes.table.iter().map(|c| (&*c.movement.id, c.from, c.to, ids(&c.conditions))).collect();
    assert_eq!(table, [("hop", Verdict::Avoid, Verdict::Supervise, vec!["frail"])]);
}

#[test]
fn warnings_evidence_and_addresses() {
    let changes = changed(&[
        (
            "content/warnings/fall.yaml",
            Some("title: Falls\nseverity: avoid\ntext: Hold on to a chair.\napplies_to: {movements: [hop]}\n"),
        ),
        ("content/claims/c.yaml", Some("statement: It helps\ncertainty: low\nreason: Trials\nsupports: [r]\n")),
        ("content/references/r.yaml", Some("title: R\ntype: book\nverified: true\nretracted: true\n")),
        ("content/articles/a.md", None),
        ("content/articles/b.md", Some("---\ntitle: B\npermalink: /b/\nrecommends: [step]\n---\nText.\n")),
        ("content/articles/c2.md", Some("---\ntitle: C\naliases: [/exercises/none/]\n---\nText.\n")),
    ]);
    assert_eq!(changes.shown.iter().map(|shown| (&*shown.warning.id, shown.is_shown)).collect::<Vec<_>>(), [("fall", true)]);
    let words: Vec<_> = changes.texts[0].words.iter().map(|run| (run.word, run.text.as_str())).collect();
    assert_eq!(words, [(Word::Same, "Hold on to"), (Word::Removed, "something."), (Word::Added, "a chair.")]);
    assert_eq!((changes.statuses.len(), changes.certainties.len()), (1, 1));
    assert_eq!(changes.references[0].event, ReferenceEvent::Retracted);
    assert_eq!(ids(&changes.references[0].cited_in), ["c"]);
    let addresses: Vec<_> =
        changes.addresses.iter().map(|change| (change.address.as_str(), change.now.as_deref(), change.is_kept)).collect();
    assert_eq!(addresses, [("/articles/a/", None, false), ("/articles/b/", Some("/b/"), false)]);
}

#[test]
fn an_alias_keeps_an_address() {
    let changes = changed(&[
        ("content/exercises/step.yaml", None),
        (
            "content/exercises/step-up.yaml",
            Some("title: Step up\naliases: [/exercises/step/]\nmovements: [walk, hop]\nsteps: [Go]\n"),
        ),
    ]);
    assert_eq!(changes.addresses.len(), 1);
    assert!(changes.addresses[0].is_kept);
    assert_eq!(changes.addresses[0].now.as_deref(), Some("/exercises/step-up/"));
    assert_eq!((&*changes.removed[0].entry.id, &*changes.added[0].entry.id), ("step", "step-up"));
    assert_eq!(changes.added[0].verdicts.len(), 1, "who has to avoid a new card is said");
}

#[test]
fn words_of_authors_are_no_markup() {
    let changes = changed(&[("content/exercises/step.yaml", Some("title: \"*Step* <b>\"\nmovements: [walk]\nsteps: [Go]\n"))]);
    let markdown = text(&changes, "HEAD~1", Style::Markdown);
    assert!(markdown.contains("**\\*Step\\* \\<b\\>**: now *fine* (was *avoid*)"), "{markdown}");
    let log = changes.log(Date { year: 2026, month: 11, day: 25 });
    assert!(
        log.starts_with(
            "- date: 2026-11-25\n  kind: milder\n  title: \"*Step* <b>: now fine for people with “Frailty” (was avoid)\"\n"
        ),
        "{log}"
    );
}
