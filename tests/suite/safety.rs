//! What an audience must avoid is never recommended to it: a table of every verdict, every recommended card of the example site
//! with one unsafe movement more, and generated sites against an oracle that knows nothing of the graph.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use osteon::Build;
use osteon::cache::Cache;
use osteon::entry::{Data, SafetyTable, Status, Verdict};
use osteon::files::{File, FilePath, Files};
use osteon::graph::Standing;
use osteon::output::Manifest;

use crate::random::Random;
use crate::support::{Memory, build, load, options, path};

/// The entries that a finding of `S003` names, and the exercise in each.
fn unsafe_recommendations(build: &Build) -> BTreeSet<(String, String)> {
    let found = build.findings.0.iter().filter(|finding| finding.rule.code == "S003");
    found.map(|finding| (finding.at.file.to_string(), quoted(&finding.message))).collect()
}

/// The first name in backticks.
fn quoted(message: &str) -> String {
    message.split('`').nth(1).unwrap_or_default().to_owned()
}

fn put(files: &mut Files, path: &str, text: &str) {
    files.insert(File::new(path, text.as_bytes().to_vec()));
}

const SETTINGS: &str = "title: Fixture\nbase_url: https://example.org\nlevels: {no-author: off}\n";

#[test]
fn every_verdict_for_every_movement_and_condition() {
    const SIDE: usize = 5;
    let mut met = BTreeSet::new();
    for shift in 0..Verdict::ALL.len() {
        let verdict = |m: usize, c: usize| Verdict::ALL[(m + 2 * c + shift) % 4];
        let mut files = Files::default();
        put(&mut files, "osteon.yaml", SETTINGS);
        let (mut movements, mut conditions) = (String::new(), String::new());
        let (mut rules, mut ok) = (String::new(), String::new());
        for i in 0..SIDE {
            let _ = writeln!(movements, "  - {{id: m{i}, label: Movement {i}}}");
            let _ = writeln!(conditions, "  - {{id: c{i}, label: Condition {i}}}");
            let _ = writeln!(ok, "  - {{movement: neutral, conditions: [c{i}]}}");
            put(&mut files, &format!("content/exercises/card-{i}.yaml"), &card(&format!("neutral, m{i}"), ""));
        }
        put(&mut files, "content/exercises/bridge.yaml", &card("neutral", ""));
        let mut expected = BTreeSet::new();
        for (m, c) in (0..SIDE).flat_map(|m| (0..SIDE).map(move |c| (m, c))) {
            let verdict = verdict(m, c);
            met.insert((m, c, verdict));
            let _ = match verdict {
                Verdict::Ok => writeln!(ok, "  - {{movement: m{m}, conditions: [c{c}]}}"),
                _ => writeln!(
                    rules,
                    "  - {{id: r{m}{c}, movement: m{m}, conditions: [c{c}], verdict: {}, warning: Words {m} {c}., alternatives: [bridge]}}",
                    verdict.word()
                ),
            };
            for (page, text) in [
                (
                    format!("content/articles/listed-{m}-{c}.md"),
                    format!("---\ntitle: A\naudience: [c{c}]\nrecommends: [card-{m}]\n---\n"),
                ),
                (
                    format!("content/articles/shown-{m}-{c}.md"),
                    format!("---\ntitle: A\naudience: [c{c}]\n---\n\n![[card-{m}]]\n"),
                ),
                (
                    format!("content/programmes/weeks-{m}-{c}.yaml"),
                    format!("title: P\naudience: [c{c}]\nweeks: [{{sessions: [{{items: [{{exercise: card-{m}}}]}}]}}]\n"),
                ),
                (
                    format!("content/articles/mentioned-{m}-{c}.md"),
                    format!("---\ntitle: A\naudience: [c{c}]\n---\n\n[[card-{m}]]\n"),
                ),
            ] {
                put(&mut files, &page, &text);
                if verdict == Verdict::Avoid && !page.contains("mentioned") {
                    expected.insert((page, format!("card-{m}")));
                }
            }
        }
        let table = format!(
            "movements:\n  - {{id: neutral, label: Neutral}}\n{movements}conditions:\n{conditions}rules:\n{rules}ok:\n{ok}"
        );
        put(&mut files, "content/safety.yaml", &table);
        let (build, outputs) = build(&files);
        assert_eq!(unsafe_recommendations(&build), expected);
        assert!(build.findings.0.iter().all(|finding| finding.rule.code == "S003"), "{:?}", build.findings);
        let outputs = outputs.outputs();
        for (m, c) in (0..SIDE).flat_map(|m| (0..SIDE).map(move |c| (m, c))) {
            for page in ["articles/listed", "articles/shown", "programmes/weeks"] {
                let html = String::from_utf8_lossy(&outputs[&format!("{page}-{m}-{c}/index.html")]).into_owned();
                let is_told = html.contains(&format!("Words {m} {c}."));
                assert_eq!(is_told, verdict(m, c) != Verdict::Ok, "{page} {m} {c}");
                let others = (0..SIDE).filter(|other| *other != c).find(|other| html.contains(&format!("Words {m} {other}.")));
                assert_eq!(others, None, "{page} {m} {c} speaks to others");
            }
        }
    }
    assert_eq!(met.len(), SIDE * SIDE * Verdict::ALL.len());
}

fn card(movements: &str, more: &str) -> String {
    format!("title: Card\nmovements: [{movements}]\nsteps: [Begin., Rest for a moment., Walk on.]\n{more}")
}

#[test]
fn one_unsafe_movement_fails_every_page_that_recommends_the_card() {
    let files = load(&path(""));
    let (sound, _) = build(&files);
    assert_eq!(unsafe_recommendations(&sound), BTreeSet::new());
    let table = osteon::graph::tables(&files).0.safety;
    let pages = recommending(&files);
    assert!(pages.len() > 15, "the example site recommends {} cards", pages.len());
    for (turn, (card, pages)) in pages.iter().enumerate() {
        let path = format!("content/exercises/{card}.yaml");
        let text = String::from_utf8_lossy(&files.at(&path).expect("the card").bytes).into_owned();
        // A movement that somebody in each audience must avoid; another one for each card.
        let is_unsafe =
            |movement: &&str| pages.iter().all(|(_, audience)| audience.iter().any(|c| is_avoided(&table, movement, c)));
        let movements: Vec<&str> = table.movements.iter().map(|movement| &*movement.id).filter(is_unsafe).collect();
        assert!(!movements.is_empty(), "no movement is unsafe on every page that recommends `{card}`");
        let movement = movements[turn % movements.len()];
        let mutant = text.replacen("\nmovements:\n", &format!("\nmovements:\n  - {movement}\n"), 1);
        assert_ne!(mutant, text, "{path}");
        let mut files = files.clone();
        put(&mut files, &path, &mutant);
        let build = osteon::build(&files, &options(), &sound.cache, &sound.manifest, &Memory::default());
        let expected: BTreeSet<_> = pages.iter().map(|(page, _)| (page.to_string(), card.clone())).collect();
        assert_eq!(unsafe_recommendations(&build), expected, "`{card}` with `{movement}`");
        assert!(!build.is_sound());
    }
}

/// For each card, the pages that recommend it and their audience, found without the graph.
fn recommending(files: &Files) -> BTreeMap<String, Vec<(FilePath, Vec<String>)>> {
    let mut pages: BTreeMap<String, Vec<(FilePath, Vec<String>)>> = BTreeMap::new();
    let is_card = |id: &str| files.at(&format!("content/exercises/{id}.yaml")).is_some();
    for file in files.below("content/").filter(|file| file.path.contains("/articles/") || file.path.contains("/programmes/")) {
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        for document in osteon::parse::parse(file).0 {
            let (audience, mut cards): (_, BTreeSet<String>) = match &document.data {
                Data::Article(article) => (&article.audience, article.recommends.iter().map(ToString::to_string).collect()),
                Data::Programme(programme) => {
                    (&programme.audience, programme.items().map(|(_, item)| item.exercise.to_string()).collect())
                }
                _ => continue,
            };
            cards.extend(
                text.split("![[").skip(1).filter_map(|rest| Some(rest.split_once("]]")?.0.to_owned())).filter(|id| is_card(id)),
            );
            for card in cards {
                let audience = audience.iter().map(ToString::to_string).collect();
                pages.entry(card).or_default().push((file.path.clone(), audience));
            }
        }
    }
    pages
}

fn is_avoided(table: &SafetyTable, movement: &str, condition: &str) -> bool {
    let speaks = |rule: &&osteon::entry::Rule| {
        [movement, "*"].contains(&&*rule.movement) && rule.conditions.iter().any(|other| &**other == condition)
    };
    table.rules.iter().filter(speaks).any(|rule| rule.verdict == Some(Verdict::Avoid))
}

#[test]
fn generated_sites_are_judged_as_the_oracle_judges_them() {
    let mut theme = None;
    let (mut safe, mut unsafe_ones, mut excepted) = (0, 0, 0);
    for seed in 0..120 {
        let site = Generated::new(seed);
        let mut cache = Cache::default();
        cache.theme.clone_from(&theme);
        let build = osteon::build(&site.files, &options(), &cache, &Manifest::default(), &Memory::default());
        assert_eq!(unsafe_recommendations(&build), site.expected, "seed {seed}");
        let others: Vec<_> = build.findings.0.iter().filter(|finding| !finding.rule.code.starts_with('S')).collect();
        assert!(others.is_empty(), "seed {seed}: {others:?}");
        safe += usize::from(site.expected.is_empty());
        unsafe_ones += site.expected.len();
        excepted += site.excepted;
        theme = build.cache.theme;
    }
    assert!(safe > 5 && unsafe_ones > 100 && excepted > 5, "{safe} safe sites, {unsafe_ones} findings, {excepted} exceptions");
}

#[test]
fn exceptions_are_listed_for_the_report() {
    let site = load(&path("tests/rules/s005-unused-exception/site"));
    let (documents, tables) = (
        site.below("content/").flat_map(|file| osteon::parse::parse(file).0).map(std::sync::Arc::new).collect(),
        osteon::graph::tables(&site).0,
    );
    let config = osteon::config::Config::read(&site, &options()).0;
    let graph = osteon::graph::resolve(config, documents, tables, &site).0;
    let listed: Vec<_> = graph
        .exceptions()
        .into_iter()
        .map(|exception| (exception.position, exception.record.exercise.to_string(), exception.standing))
        .collect();
    let expected = [
        (0, "hop", Standing::Holds),
        (1, "hop", Standing::Repeated),
        (2, "hop", Standing::NotAudience),
        (3, "bridge", Standing::NotAvoided),
        (4, "heel-raise", Standing::NotRecommended),
        (5, "plough", Standing::AvoidedByAll),
    ];
    assert_eq!(listed, expected.map(|(position, exercise, standing)| (position, exercise.to_owned(), standing)));
}

#[test]
fn readers_see_who_decided_an_exception() {
    let site = load(&path("tests/rebuild/advice/site"));
    let outputs = build(&site).1.outputs();
    let html = String::from_utf8_lossy(&outputs["articles/embedded/index.html"]).into_owned();
    let (card, exception) = (html.find("data-exercise=\"hop\""), html.find("data-exception=\"hop\""));
    assert!(card.is_some() && card < exception, "the exception stands with its card");
    assert!(exception < html.rfind("How to do it"), "and before the steps");
    for words in ["It is taught in a class.", "Decided by Jo", "2027-01-01"] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn readers_see_an_exception_about_a_step() {
    let site = load(&path("tests/rules/s009-unsafe-step/fixed"));
    let outputs = build(&site).1.outputs();
    let html = String::from_utf8_lossy(&outputs["articles/exception/index.html"]).into_owned();
    let exception = &html[html.find("data-exception=\"walk\"").expect("an exception with the card that leads to the step")..];
    assert!(exception.find("/exercises/hop/") < exception.find("</div>"), "the step is named: {exception}");
    for words in ["The class is led by a physiotherapist.", "Decided by", "2026-12-31"] {
        assert!(html.contains(words), "{words}");
    }
}

/// A site with a random matrix, and what a plain reading of it says is unsafe.
struct Generated {
    files: Files,
    /// Page and card.
    expected: BTreeSet<(String, String)>,
    /// How many recommendations an exception allows.
    excepted: usize,
}

/// A card of a generated site.
struct Card {
    movements: Vec<usize>,
    status: Option<Status>,
}

/// The matrix, the cards and what each claim or warning shows.
struct World {
    random: Random,
    conditions: usize,
    /// Whether a movement is to be avoided with a condition.
    avoid: Vec<Vec<bool>>,
    cards: Vec<Card>,
    claims: Vec<Option<usize>>,
}

const MOVEMENTS: usize = 4;

impl Generated {
    fn new(seed: u64) -> Generated {
        let mut random = Random::new(seed + 1);
        let conditions = 1 + random.below(4);
        let mut files = Files::default();
        put(&mut files, "osteon.yaml", SETTINGS);
        put(&mut files, "content/people.yaml", "- {id: jo, name: Jo}\n");
        let avoid = matrix(&mut random, conditions, &mut files);
        let mut cards = Vec::new();
        for card in 0..3 + random.below(4) {
            let movements: Vec<usize> =
                (0..=random.below(2)).map(|_| random.below(MOVEMENTS)).collect::<BTreeSet<_>>().into_iter().collect();
            let status = if random.chance(6) { Some(Status::Avoid) } else { None };
            let names: Vec<String> = movements.iter().map(|m| format!("m{m}")).collect();
            let more = status.map_or("", |_| "status: avoid\n");
            put(&mut files, &format!("content/exercises/card-{card}.yaml"), &self::card(&names.join(", "), more));
            cards.push(Card { movements, status });
        }
        let mut world = World { random, conditions, avoid, cards, claims: Vec::new() };
        let mut site = Generated { files, expected: BTreeSet::new(), excepted: 0 };
        for number in 0..2 {
            site.claim(&mut world, number);
        }
        for number in 0..=world.random.below(4) {
            site.article(&mut world, number);
        }
        for number in 0..world.random.below(3) {
            site.programme(&mut world, number);
        }
        site
    }

    /// A claim that may show a card, which recommends it wherever the claim is shown.
    fn claim(&mut self, world: &mut World, number: usize) {
        let shown = if world.random.chance(2) { Some(world.card()) } else { None };
        let file = format!("content/warnings/shown-{number}.yaml");
        let embed = shown.map_or(String::new(), |card| format!("\n\n  ![[card-{card}]]"));
        put(&mut self.files, &file, &format!("title: Shown {number}\nseverity: caution\ntext: |-\n  Take care.{embed}\n"));
        if let Some(card) = shown.filter(|card| world.cards[*card].status.is_some()) {
            self.expected.insert((file, format!("card-{card}")));
        }
        world.claims.push(shown);
    }

    fn article(&mut self, world: &mut World, number: usize) {
        let file = format!("content/articles/article-{number}.md");
        let audience = world.audience();
        let mut own: BTreeSet<usize> = BTreeSet::new();
        let mut listed = Vec::new();
        for _ in 0..world.random.below(3) {
            listed.push(world.card());
        }
        own.extend(&listed);
        let mut body = String::new();
        let mut nested: BTreeSet<usize> = BTreeSet::new();
        for _ in 0..world.random.below(4) {
            let card = world.card();
            match world.random.below(3) {
                0 => {
                    own.insert(card);
                    let _ = writeln!(body, "![[card-{card}]]\n");
                }
                1 => {
                    let claim = world.random.below(world.claims.len());
                    nested.extend(world.claims[claim]);
                    let _ = writeln!(body, "![[shown-{claim}]]\n");
                }
                _ => {
                    let _ = writeln!(body, "Not the [[card-{card}]].\n");
                }
            }
        }
        let mut exceptions: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut acknowledge = String::new();
        if world.random.chance(2) {
            let card = own.iter().chain(&nested).next().copied().unwrap_or_default();
            let condition =
                audience.iter().copied().find(|c| world.avoids(card, *c)).or(audience.first().copied()).unwrap_or_default();
            // The day of the build is 2026-11-24.
            let until = *world.random.pick(&["2026-11-23", "2026-11-24", "2027-05-01"]);
            let _ = write!(
                acknowledge,
                "acknowledge:\n  - {{exercise: card-{card}, condition: c{condition}, reason: A class., by: jo, until: {until}}}\n"
            );
            if until >= "2026-11-24" {
                exceptions.insert((card, condition));
            }
        }
        let names = |prefix: &str, ids: &[usize]| ids.iter().map(|id| format!("{prefix}{id}")).collect::<Vec<_>>().join(", ");
        let text = format!(
            "---\ntitle: Article {number}\naudience: [{}]\nrecommends: [{}]\n{acknowledge}---\n\n{body}",
            names("c", &audience),
            names("card-", &listed)
        );
        put(&mut self.files, &file, &text);
        for card in own.union(&nested) {
            let avoided: Vec<usize> = audience.iter().copied().filter(|c| world.avoids(*card, *c)).collect();
            let left = avoided.iter().filter(|c| !exceptions.contains(&(*card, **c))).count();
            let is_unsafe = match world.cards[*card].status {
                Some(_) => own.contains(card),
                None => left > 0,
            };
            if is_unsafe {
                self.expected.insert((file.clone(), format!("card-{card}")));
            } else if world.cards[*card].status.is_none() {
                self.excepted += avoided.len();
            }
        }
    }

    fn programme(&mut self, world: &mut World, number: usize) {
        let file = format!("content/programmes/programme-{number}.yaml");
        let mut audience = world.audience();
        if audience.is_empty() {
            audience.push(0);
        }
        let mut items = String::new();
        for _ in 0..=world.random.below(3) {
            let card = world.card();
            let _ = writeln!(items, "          - exercise: card-{card}");
            if world.cards[card].status.is_some() || audience.iter().any(|c| world.avoids(card, *c)) {
                self.expected.insert((file.clone(), format!("card-{card}")));
            }
        }
        let names: Vec<String> = audience.iter().map(|c| format!("c{c}")).collect();
        let text = format!(
            "title: Programme {number}\naudience: [{}]\nweeks:\n  - title: Week\n    sessions:\n      - title: Day\n        items:\n{items}",
            names.join(", ")
        );
        put(&mut self.files, &file, &text);
    }
}

impl World {
    fn card(&mut self) -> usize {
        self.random.below(self.cards.len())
    }

    /// Some of the conditions.
    fn audience(&mut self) -> Vec<usize> {
        (0..self.conditions).filter(|_| self.random.chance(2)).collect()
    }

    fn avoids(&self, card: usize, condition: usize) -> bool {
        self.cards[card].movements.iter().any(|movement| self.avoid[*movement][condition])
    }
}

/// Writes a random matrix, and says which pairs are to be avoided.
fn matrix(random: &mut Random, conditions: usize, files: &mut Files) -> Vec<Vec<bool>> {
    let mut avoid = vec![vec![false; conditions]; MOVEMENTS];
    let mut table = String::from("movements:\n");
    for m in 0..MOVEMENTS {
        let _ = writeln!(table, "  - {{id: m{m}, label: Movement {m}}}");
    }
    table.push_str("conditions:\n");
    for c in 0..conditions {
        let _ = writeln!(table, "  - {{id: c{c}, label: Condition {c}}}");
    }
    table.push_str("rules:\n");
    for number in 0..random.below(6) {
        let movement = if random.chance(8) { None } else { Some(random.below(MOVEMENTS)) };
        let verdict = *random.pick(&["ok", "modify", "supervise", "avoid", "avoid"]);
        let with: Vec<usize> = (0..conditions).filter(|_| random.chance(2)).collect();
        if with.is_empty() {
            continue;
        }
        for m in (0..MOVEMENTS).filter(|m| movement.is_none_or(|movement| movement == *m)) {
            for c in &with {
                avoid[m][*c] |= verdict == "avoid";
            }
        }
        let names: Vec<String> = with.iter().map(|c| format!("c{c}")).collect();
        let movement = movement.map_or("\"*\"".to_owned(), |m| format!("m{m}"));
        let _ = writeln!(
            table,
            "  - {{id: r{number}, movement: {movement}, conditions: [{}], verdict: {verdict}, warning: Words {number}.}}",
            names.join(", ")
        );
    }
    table.push_str("ok:\n");
    let all: Vec<String> = (0..conditions).map(|c| format!("c{c}")).collect();
    for m in 0..MOVEMENTS {
        let _ = writeln!(table, "  - {{movement: m{m}, conditions: [{}]}}", all.join(", "));
    }
    put(files, "content/safety.yaml", &table);
    avoid
}
