//! Sites and edits that nobody thought of: whatever happens, an incremental build is a clean one, and nothing panics.
//!
//! Everything is made from fixed seeds, so a failure comes back on every machine. `OSTEON_SEEDS=1000` and `OSTEON_MUTANTS=100000`
//! look further.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use osteon::Build;
use osteon::cache::Cache;
use osteon::config::Options;
use osteon::files::{File, Files};
use osteon::finding::{At, Place};
use osteon::output::Manifest;
use osteon::report::{Colour, Format, report};

use crate::formats::sound;
use crate::incremental::{Between, Incremental};
use crate::support::{Memory, load, options, path};

const STEPS: usize = 64;

#[test]
fn random_edits_give_what_a_clean_build_gives() {
    for seed in 1..=number("OSTEON_SEEDS", 2) {
        let mut world = World::new(seed);
        let between = if seed % 2 == 0 { Between::InMemory } else { Between::OnDisk };
        let mut site = Incremental::kept(between);
        let mut rendered = site.build(&world.files(), &world.options, "the first build").rendered.len();
        let mut pages = rendered;
        for step in 1..=STEPS {
            let mut edits = Vec::new();
            for _ in 0..=world.random.below(3) {
                let (name, edit) = *world.random.pick(EDITS);
                edit(&mut world);
                edits.push(name);
            }
            let build = site.build(&world.files(), &world.options, &format!("seed {seed}, step {step}: {}", edits.join(", ")));
            rendered += build.rendered.len();
            pages += build.pages;
        }
        assert!(rendered < pages * 2 / 3, "seed {seed}: {rendered} of {pages} pages were rendered");
    }
}

#[test]
fn threads_and_the_order_of_files_change_nothing() {
    let world = World::new(99);
    let files = world.files();
    let reversed: Files = files.iter().collect::<Vec<_>>().into_iter().rev().cloned().collect();
    let on = |threads: usize, files: &Files| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let memory = Memory::default();
            let build = osteon::build(files, &world.options, &Cache::default(), &Manifest::default(), &memory);
            let findings = report(&build.findings, files, Format::Json, Colour::Never);
            let packed = build.cache.pack("test", &Cache::default());
            (memory.outputs(), findings, build.manifest.to_text(), build.rendered, packed.index, packed.parts)
        })
    };
    let one = on(1, &files);
    for threads in [2, 5] {
        assert!(one == on(threads, &files), "{threads} threads");
    }
    assert!(one == on(3, &reversed), "files in reverse");
}

#[test]
fn no_content_makes_it_panic() {
    let mut originals: Vec<File> = Vec::new();
    for site in
        ["", "tests/rebuild/safety-table/site", "tests/rebuild/reference/site", "tests/rules/c009-unfounded-baseline/site"]
    {
        originals.extend(load(&path(site)).iter().filter(|file| !file.path.starts_with("themes/")).cloned());
    }
    let mut random = Random::new(7);
    let mut theme = None;
    for mutant in 0..number("OSTEON_MUTANTS", 80) {
        let mut files = Files::default();
        let mut changed = Vec::new();
        for _ in 0..8 {
            let file = random.pick(&originals);
            let bytes = if random.chance(4) { file.bytes.to_vec() } else { mutated(&file.bytes, &mut random) };
            changed.push(file.path.clone());
            files.insert(File::new(file.path.clone(), bytes));
        }
        if files.at("osteon.yaml").is_none() {
            files.insert(File::new("osteon.yaml", &b"title: Bones\nbase_url: https://example.org\n"[..]));
        }
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut cache = Cache::default();
            cache.theme.clone_from(&theme);
            let build = osteon::build(&files, &options(), &cache, &Manifest::default(), &Memory::default());
            report(&build.findings, &files, Format::Human, Colour::Always);
            sound(&build.findings, &files);
            inside(&build, &files);
            build
        }));
        let Ok(build) = result else { panic!("mutant {mutant} of {changed:?}") };
        theme = build.cache.theme;
    }
}

/// Every place of a finding is inside its file.
fn inside(build: &Build, files: &Files) {
    let places = |finding: &osteon::finding::Finding| -> Vec<At> {
        std::iter::once(finding.at.clone()).chain(finding.notes.iter().filter_map(|note| note.at.clone())).collect()
    };
    for at in build.findings.0.iter().flat_map(places) {
        let (Some(file), Place::Bytes(start, end)) = (files.at(&at.file), &at.place) else { continue };
        let (start, end) = (*start as usize, *end as usize);
        assert!(start <= end && end <= file.bytes.len(), "{start}..{end} is outside of {} ({} bytes)", at.file, file.bytes.len());
    }
}

/// A number from the environment: how long to look.
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A generator of numbers that look random (xorshift64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }

    /// Yes, once in so many times.
    pub(crate) fn chance(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// What is inserted into files that should break something.
const HOSTILE: &[&str] = &[
    "[[",
    "]]",
    "![[",
    "[[a|b]]",
    "![[heel-drops]]",
    "\n<!-- osteon-allow F011: so -->\n",
    "<!-- osteon-allow",
    " # osteon-allow near-miss: so\n",
    "[@",
    "[@a; @b, p. 3]",
    "[^1]",
    "[^1]: note\n",
    "---\n",
    "+++\n",
    "\n---\n",
    "{{",
    "}}",
    "{%",
    "<!--",
    "<script>",
    "</main>",
    "]]>",
    "|",
    "\n|a|b|\n|-|-|\n|[[x\\|y]]|\n",
    "\n# ",
    "\n###### ",
    "\n> [!WARNING]\n> ",
    "\n```rust\n",
    "\n~~~",
    "\n: ",
    "\n- [ ] ",
    "\n1) ",
    "\n    ",
    "\t",
    "\r",
    "\r\n",
    "\0",
    "\u{202E}",
    "\u{200F}",
    "\u{FEFF}",
    "\u{2028}",
    "é",
    "e\u{301}",
    "😀",
    "&amp;",
    "&#0;",
    "\\",
    "\"",
    "'",
    ": ",
    "- ",
    "? ",
    "! ",
    "& ",
    "* ",
    "*a",
    "&a",
    "!!binary ",
    "!x ",
    "%YAML 1.2\n",
    "<<: *a\n",
    "[",
    "{",
    "}",
    "]",
    ",",
    "#",
    "title: ",
    "\ntitle: x\n",
    "\npermalink: ../x\n",
    "\nid: ",
    "null",
    "~",
    "1e999",
    "-0",
    "0x",
    "2026-13-45",
    "@article{",
    "@string{a = ",
    "}\n@",
    "\\\"{o}",
];

/// Bytes with a few accidents.
fn mutated(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(40)).min(bytes.len());
        match random.below(9) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let copy = bytes[at.min(end)..end].to_vec();
                bytes.splice(at..at, copy);
            }
            2 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            3 => drop(bytes.drain(..at)),
            4 => bytes.truncate(at),
            5 => {
                let nested = random.pick(&["> ", "- ", "1. ", "[", "{a: ", "*", "![", "- - - ", "> - ", "(", "{"]);
                let times = *random.pick(&[3, 50, 700]);
                bytes.splice(at..at, nested.repeat(times).into_bytes());
            }
            6 => {
                let long = random.pick(HOSTILE).repeat(1 + random.below(300));
                bytes.splice(at..at, long.into_bytes());
            }
            _ => {
                let word = random.pick(HOSTILE).bytes();
                bytes.splice(at..at, word.collect::<Vec<u8>>());
            }
        }
    }
    bytes
}

type Edit = fn(&mut World);

/// What is done to a site, by name.
const EDITS: &[(&str, Edit)] = &[
    ("nothing", |_| {}),
    ("a word", World::change_word),
    ("a word", World::change_word),
    ("a title", |world| world.change_line("title:", |world| format!("title: {}", world.words(2)))),
    ("tags", |world| world.change_line("tags:", |world| format!("tags: [{}, {}]", world.word(), world.word()))),
    ("an entry is written anew", World::rewrite),
    ("an entry comes", World::add),
    ("an entry comes", World::add),
    ("an entry goes", World::delete),
    ("a name", World::rename),
    ("a folder", World::move_away),
    ("a draft", World::toggle_draft),
    ("something breaks", World::break_one),
    ("something is mended", World::mend_one),
    ("the safety table", |world| world.table("content/safety.yaml", World::safety)),
    ("one rule", |world| {
        world.change_line_of("content/safety.yaml", "    warning:", |world| format!("    warning: {}", world.words(3)));
    }),
    ("the glossary", |world| world.table("content/glossary.yaml", World::glossary)),
    ("people", |world| world.table("content/people.yaml", World::people)),
    ("settings", |world| world.table("osteon.yaml", World::settings)),
    ("the next day", |world| world.options.today.day = world.options.today.day % 28 + 1),
    ("a file", World::toggle_file),
    ("the theme", World::toggle_theme),
];

const WORDS: &[&str] = &["bone", "hip", "spine", "muscle", "load", "step", "chair", "wall", "morning", "slowly", "fall", "jump"];
const MOVEMENTS: &[&str] = &["hopping", "bending", "sitting"];

/// A folder of entries, the ending of their files, how many there are, and how the text of one is made.
type Writing = (&'static str, &'static str, usize, fn(&mut World) -> String);

const KINDS: &[Writing] = &[
    ("articles", "md", 9, World::article),
    ("exercises", "yaml", 7, World::exercise),
    ("warnings", "yaml", 4, World::warning),
    ("claims", "yaml", 4, World::claim),
    ("references", "yaml", 4, World::reference),
    ("references", "bib", 2, World::bibliography),
    ("programmes", "yaml", 2, World::programme),
    ("pages", "md", 3, World::page),
];

/// A site and what was done to it.
struct World {
    random: Random,
    texts: BTreeMap<String, String>,
    /// Files that are broken now, as they were.
    sound: BTreeMap<String, String>,
    options: Options,
}

impl World {
    fn new(seed: u64) -> Self {
        let (texts, sound) = Default::default();
        let mut world = World { random: Random::new(seed), texts, sound, options: options() };
        for (path, text) in [("osteon.yaml", World::settings as fn(&mut World) -> String), ("content/safety.yaml", World::safety)]
        {
            world.table(path, text);
        }
        world.table("content/glossary.yaml", World::glossary);
        world.table("content/people.yaml", World::people);
        for _ in 0..18 {
            world.add();
        }
        world
    }

    fn files(&self) -> Files {
        self.texts.iter().map(|(path, text)| File::new(path.as_str(), text.as_bytes())).collect()
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.random.below(WORDS.len())]
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    /// The id of an entry that may be there or not.
    fn id(&mut self, folder: &str) -> String {
        let (_, _, count, _) = KINDS.iter().find(|(name, ..)| *name == folder).expect("a kind");
        let number = self.random.below(*count);
        format!("{}-{number}", folder.trim_end_matches('s'))
    }

    fn ids(&mut self, folder: &str) -> String {
        let count = self.random.below(3);
        format!("[{}]", (0..count).map(|_| self.id(folder)).collect::<Vec<_>>().join(", "))
    }

    fn any_id(&mut self) -> String {
        let folder = self.random.pick(KINDS).0;
        match self.random.below(12) {
            0 => format!("condition-{}", self.random.below(3)),
            1 => format!("term-{}", self.random.below(3)),
            _ => self.id(folder),
        }
    }

    fn sentence(&mut self) -> String {
        let start = self.words(3);
        let middle = match self.random.below(9) {
            0 | 1 => format!("[[{}]]", self.any_id()),
            2 => format!("[[{}|{}]]", self.any_id(), self.word()),
            3 => format!("[@{}]", self.id("references")),
            4 => format!("[@{}, p. 3; @record-{}]", self.id("references"), self.random.below(4)),
            5 => format!("[{}](/articles/{}/)", self.word(), self.id("articles")),
            6 => format!("[{}](../exercises/{}.yaml)", self.word(), self.id("exercises")),
            7 => self.random.pick(&["![A leaf](/leaf.svg)", "[here](#bone-hip)", "[[#load]]", "a note[^1]"]).to_string(),
            _ => self.words(2),
        };
        format!("{start} {middle} {}.", self.words(2))
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.random.below(4) {
            let block = match self.random.below(8) {
                0 => format!("## {}", self.words(2)),
                1 => format!("![[{}]]", self.any_id()),
                2 => format!("| {} | b |\n|---|---|\n| [[{}\\|x]] | {} |", self.word(), self.any_id(), self.sentence()),
                3 => format!("> [!NOTE]\n> {}", self.sentence()),
                4 => format!("- {}\n- {}", self.sentence(), self.sentence()),
                _ => format!("{} {}", self.sentence(), self.sentence()),
            };
            let _ = write!(text, "{block}\n\n");
        }
        if text.contains("[^1]") {
            let _ = writeln!(text, "[^1]: {}", self.sentence());
        }
        text
    }

    fn shared(&mut self) -> String {
        let mut shared = format!("title: {}\ntags: [{}, {}]\n", self.words(2), self.word(), self.word());
        if self.random.chance(3) {
            let _ = writeln!(shared, "authors: [person-{}]", self.random.below(3));
        }
        if self.random.chance(5) {
            let _ = writeln!(
                shared,
                "reviewed_by: [person-0]\nreviewed_on: 2026-01-01\nnext_review: 2026-11-2{}",
                self.random.below(9)
            );
        }
        if self.random.chance(9) {
            let _ = writeln!(shared, "permalink: /{}/{}/", self.word(), self.word());
        }
        if self.random.chance(9) {
            let _ = writeln!(shared, "aliases: [/old/{}/]", self.word());
        }
        if self.random.chance(6) {
            let _ = writeln!(shared, "description: {}", self.words(5));
        }
        shared
    }

    fn article(&mut self) -> String {
        let date = format!("2026-0{}-1{}", 1 + self.random.below(9), self.random.below(9));
        let lists = format!(
            "audience: [condition-{}]\nrecommends: {}\nrelated: {}\n",
            self.random.below(4),
            self.ids("exercises"),
            self.ids("articles")
        );
        let exception = if self.random.chance(3) {
            format!(
                "acknowledge: [{{exercise: {}, condition: condition-{}, reason: {}, by: person-0, until: 2026-11-2{}}}]\n",
                self.id("exercises"),
                self.random.below(3),
                self.word(),
                self.random.below(9)
            )
        } else {
            String::new()
        };
        let faq = format!("faq: [{{question: {}, answer: \"{}\"}}]\n", self.words(3), self.sentence());
        let image = if self.random.chance(4) { "image: /leaf.svg\n" } else { "" };
        format!("---\n{}date: {date}\n{image}{lists}{exception}{faq}---\n\n{}", self.shared(), self.text())
    }

    fn exercise(&mut self) -> String {
        let status = *self.random.pick(&["recommend", "avoid", "discuss-first", "useful-not-for-bone"]);
        let movement = *self.random.pick(MOVEMENTS);
        let lists = format!(
            "easier: {}\nharder: {}\nwarnings: {}\nevidence: {}\n",
            self.ids("exercises"),
            self.ids("exercises"),
            self.ids("warnings"),
            self.ids("references")
        );
        let facts = format!("category: {}\ntargets: [{}]\nequipment: [{}]\n", self.word(), self.word(), self.word());
        let steps = format!("steps: [\"{}\", \"{}\", \"{}\"]\n", self.sentence(), self.sentence(), self.sentence());
        let body = if self.random.chance(2) { format!("---\n{}", self.text()) } else { String::new() };
        format!("{}status: {status}\nmovements: [{movement}]\n{facts}{lists}{steps}{body}", self.shared())
    }

    fn warning(&mut self) -> String {
        let severity = *self.random.pick(&["caution", "avoid", "emergency"]);
        let movement = *self.random.pick(MOVEMENTS);
        format!(
            "{}severity: {severity}\ntext: \"{}\"\nstop_if: [{}]\napplies_to: {{movements: [{movement}], equipment: [{}]}}\nevidence: {}\n",
            self.shared(),
            self.sentence(),
            self.words(2),
            self.word(),
            self.ids("references")
        )
    }

    fn claim(&mut self) -> String {
        let certainty = *self.random.pick(&["high", "low", "not-assessed"]);
        format!(
            "question: {}\nstatement: \"{}\"\ncertainty: {certainty}\nreason: {}\nsupports: {}\ncontradicts: {}\n",
            self.words(3),
            self.sentence(),
            self.words(4),
            self.ids("references"),
            self.ids("references")
        )
    }

    fn reference(&mut self) -> String {
        let year = 2000 + self.random.below(20);
        format!(
            "title: {}\ntype: article-journal\nauthor: [{{family: {}, given: A}}]\nissued: {{year: {year}}}\nverified: true\n",
            self.words(4),
            self.word()
        )
    }

    fn bibliography(&mut self) -> String {
        let mut records = String::new();
        for _ in 0..2 {
            let key = format!("record-{}", self.random.below(4));
            let year = 2000 + self.random.below(20);
            let (title, name) = (self.words(3), self.word());
            let _ = writeln!(records, "@article{{{key}, title = {{{title}}}, author = {{{name}, A}}, date = {{{year}}}}}");
        }
        records
    }

    fn programme(&mut self) -> String {
        let mut items = String::new();
        for _ in 0..=self.random.below(3) {
            let _ = writeln!(items, "          - {{exercise: {}, note: {}}}", self.id("exercises"), self.word());
        }
        let audience = self.random.below(3);
        format!(
            "{}audience: [condition-{audience}]\nweeks:\n  - title: {}\n    sessions:\n      - title: {}\n        items:\n{items}",
            self.shared(),
            self.word(),
            self.word()
        )
    }

    fn page(&mut self) -> String {
        format!("---\n{}---\n\n{}", self.shared(), self.text())
    }

    fn settings(&mut self) -> String {
        let size = 2 + self.random.below(4);
        let base = *self.random.pick(&["https://example.org", "https://example.org/sub"]);
        let style = *self.random.pick(&["vancouver", "apa"]);
        format!("title: {}\nbase_url: {base}\npage_size: {size}\ncitation_style: {style}\n", self.word())
    }

    fn safety(&mut self) -> String {
        let mut table = "movements:\n".to_owned();
        for id in MOVEMENTS {
            let _ = writeln!(table, "  - {{id: {id}, label: {}, plain: {}}}", self.word(), self.words(2));
        }
        let _ = writeln!(
            table,
            "condition_groups: [{{id: group, label: {}, stop_first: {}}}]\nconditions:",
            self.word(),
            self.random.chance(2)
        );
        let conditions = 2 + self.random.below(2);
        for condition in 0..conditions {
            let _ = writeln!(
                table,
                "  - {{id: condition-{condition}, label: {}, definition: {}, group: group}}",
                self.words(2),
                self.words(3)
            );
        }
        table.push_str("rules:\n");
        for number in 0..3 {
            let verdict = *self.random.pick(&["modify", "supervise", "avoid"]);
            let movement = *self.random.pick(&["hopping", "bending", "*"]);
            let condition = self.random.below(conditions);
            let _ = writeln!(
                table,
                "  - id: rule-{number}\n    movement: \"{movement}\"\n    conditions: [condition-{condition}]\n    verdict: {verdict}\n    \
                 warning: {}\n    alternatives: {}\n    sources: {}",
                self.words(3),
                self.ids("exercises"),
                self.ids("references")
            );
        }
        table.push_str("ok:\n");
        for id in MOVEMENTS {
            // Now and then a pair is forgotten.
            let all = if self.random.chance(8) { 1 } else { conditions };
            let named: Vec<String> = (0..all).map(|condition| format!("condition-{condition}")).collect();
            let _ = writeln!(table, "  - {{movement: {id}, conditions: [{}]}}", named.join(", "));
        }
        let _ = writeln!(table, "care_cards: [{{level: urgent, title: {}, signs: [{}]}}]", self.words(2), self.words(2));
        table
    }

    fn glossary(&mut self) -> String {
        ["term-0", "term-1", "condition-0"]
            .map(|id| format!("- {{id: {id}, term: {}, definition: {}}}\n", self.words(2), self.words(3)))
            .concat()
    }

    fn people(&mut self) -> String {
        ["person-0", "person-1"].map(|id| format!("- {{id: {id}, name: {}, role: {}}}\n", self.word(), self.word())).concat()
    }

    /// Replaces a file that is always there.
    fn table(&mut self, path: &str, text: fn(&mut World) -> String) {
        let text = text(self);
        self.sound.remove(path);
        self.texts.insert(path.to_owned(), text);
    }

    /// The path of an entry, if there is one.
    fn entry(&mut self) -> Option<String> {
        let entries: Vec<&String> =
            self.texts.keys().filter(|path| path.matches('/').count() > 1 && path.starts_with("content/")).collect();
        (!entries.is_empty()).then(|| (*self.random.pick(&entries)).clone())
    }

    fn add(&mut self) {
        let (folder, ending, count, text) = *self.random.pick(KINDS);
        let id = match (folder, self.random.below(count)) {
            ("pages", 0) => "index".to_owned(),
            (_, number) => format!("{}-{number}", folder.trim_end_matches('s')),
        };
        let text = text(self);
        self.texts.insert(format!("content/{folder}/{id}.{ending}"), text);
    }

    fn delete(&mut self) {
        if let Some(path) = self.entry() {
            self.texts.remove(&path);
            self.sound.remove(&path);
        }
    }

    fn rewrite(&mut self) {
        let Some(path) = self.entry() else { return };
        let folder = path.split('/').nth(1).unwrap_or_default();
        let ending = path.rsplit('.').next().unwrap_or_default();
        if let Some((.., text)) = KINDS.iter().find(|(name, extension, ..)| *name == folder && *extension == ending) {
            self.table(&path, *text);
        }
    }

    fn rename(&mut self) {
        let Some(path) = self.entry() else { return };
        let (folder, name) = path.rsplit_once('/').unwrap_or_default();
        let ending = name.rsplit('.').next().unwrap_or_default();
        let id = self.id(path.split('/').nth(1).unwrap_or_default());
        self.relocate(&path, format!("{folder}/{id}.{ending}"));
    }

    fn move_away(&mut self) {
        let Some(path) = self.entry() else { return };
        let parts: Vec<&str> = path.split('/').collect();
        let (folder, name) = (parts[1], parts[parts.len() - 1]);
        let to = if parts.len() > 3 { format!("content/{folder}/{name}") } else { format!("content/{folder}/more/{name}") };
        self.relocate(&path, to);
    }

    fn relocate(&mut self, from: &str, to: String) {
        let text = self.texts.remove(from).unwrap_or_default();
        self.sound.remove(from);
        self.sound.remove(&to);
        self.texts.insert(to, text);
    }

    fn change_word(&mut self) {
        let Some(path) = self.entry() else { return };
        let (old, new) = (self.word(), self.word());
        if let Some(text) = self.texts.get_mut(&path) {
            *text = text.replacen(old, new, 1);
        }
    }

    fn change_line(&mut self, start: &str, line: fn(&mut World) -> String) {
        if let Some(path) = self.entry() {
            self.change_line_of(&path, start, line);
        }
    }

    fn change_line_of(&mut self, path: &str, start: &str, line: fn(&mut World) -> String) {
        let new = line(self);
        if let Some(text) = self.texts.get_mut(path)
            && let Some(old) = text.lines().find(|line| line.starts_with(start)).map(str::to_owned)
        {
            *text = text.replacen(&old, &new, 1);
        }
    }

    fn toggle_draft(&mut self) {
        let Some(path) = self.entry() else { return };
        if let Some(text) = self.texts.get_mut(&path) {
            *text = if text.contains("draft: true\n") {
                text.replace("draft: true\n", "")
            } else {
                text.replacen("title:", "draft: true\ntitle:", 1)
            };
        }
    }

    fn break_one(&mut self) {
        let paths: Vec<String> = self.texts.keys().filter(|path| path.starts_with("content/")).cloned().collect();
        let path = self.random.pick(&paths).clone();
        let text = self.texts.get(&path).cloned().unwrap_or_default();
        let bytes = mutated(text.as_bytes(), &mut self.random);
        self.sound.entry(path.clone()).or_insert(text);
        self.texts.insert(path, String::from_utf8_lossy(&bytes).into_owned());
    }

    fn mend_one(&mut self) {
        if let Some((path, text)) = self.sound.pop_first() {
            self.texts.insert(path, text);
        }
    }

    fn toggle_file(&mut self) {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title></svg>", self.word());
        if self.texts.remove("static/leaf.svg").is_none() {
            self.texts.insert("static/leaf.svg".to_owned(), text);
        }
    }

    fn toggle_theme(&mut self) {
        // A theme renders everything again, so it changes less often than the rest.
        if self.random.chance(3) {
            let (name, text) = *self.random.pick(&[
                ("404.html", "<p>{{ today() }} {{ glossary() | length }}</p>"),
                ("embeds/warning.html", "<p id=\"{{ anchor }}\">{{ brief(id=\"article-1\")?.title }} {{ entry.title }}</p>"),
                ("partials/footer.html", "<p>{% for a in entries(kind=\"article\", take=2) %}{{ a.title }}{% endfor %}</p>"),
            ]);
            let path = format!("themes/osteon/templates/{name}");
            if self.texts.remove(&path).is_none() {
                self.texts.insert(path, text.to_owned());
            }
        }
    }
}
