//! `tests/fixes/<name>/`: a site and what its fixes make of it. A name that ends with `.unsafe` means the guesses as well.

use std::fs;
use std::path::Path;
use std::process::Command;

use osteon::files::{File, Files};
use osteon::finding::Findings;
use osteon::fix::{Change, changes};

use crate::support::{build, each, expect, load};

fn findings(files: &Files) -> Findings {
    build(files).0.findings
}

/// The site with its fixes, and the files that they changed.
fn fixed(files: &Files, with_unsafe: bool) -> (Files, Vec<Change>) {
    let changes = changes(&findings(files), files, with_unsafe);
    let mut fixed = files.clone();
    for change in &changes {
        fixed.insert(File::new(change.file.path.clone(), change.new.clone()));
    }
    (fixed, changes)
}

fn text(file: &File) -> String {
    String::from_utf8_lossy(&file.bytes).into_owned()
}

#[test]
fn fixes_write_what_is_expected_and_nothing_else() {
    each("fixes", |fixture| {
        let before = load(&fixture.join("before"));
        let with_unsafe = fixture.extension().is_some_and(|word| word == "unsafe");
        let (after, _) = fixed(&before, with_unsafe);
        for file in after.iter() {
            expect(&fixture.join("after").join(&*file.path), &text(file));
        }
        let (again, changes) = fixed(&after, with_unsafe);
        assert!(changes.is_empty(), "fixes are made once: {:?}", again.iter().map(text).collect::<Vec<_>>());
    });
}

#[test]
fn the_program_writes_fixes_or_shows_them() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fixes-{}", std::process::id()));
    let page = "content/pages/walk.md";
    let old = "\u{feff}---\r\ntitle: A walk\r\n---\r\nWalk with osteopenia.\r\n\r\n\tEnd  ";
    for (path, text) in [
        ("osteon.yaml", "title: Bones\nbase_url: https://example.org\n"),
        ("content/glossary.yaml", "- {id: osteopenia, term: osteopenia, definition: Thin bone.}\n"),
        (page, old),
    ] {
        fs::create_dir_all(folder.join(path).parent().expect("a folder")).expect("folders");
        fs::write(folder.join(path), text).expect("a file");
    }
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_osteon")).args(arguments).current_dir(&folder).output().expect("it runs");
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let now = || fs::read_to_string(folder.join(page)).expect("the page");
    let (out, err) = run(&["check", "--diff"]);
    assert!(out.contains("--- a/content/pages/walk.md\n+++ b/content/pages/walk.md\n"), "{out}");
    assert!(out.contains("+Walk with [[osteopenia]].") && err.contains("1 fix in 1 file would be written"), "{out}{err}");
    assert_eq!(now(), old);
    let (json, err) = run(&["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let fix = &json["findings"][0]["fix"];
    assert_eq!((fix["is_safe"].as_bool(), fix["edits"][0]["text"].as_str()), (Some(true), Some("[[osteopenia]]")), "{json}");
    let start = old.find("osteopenia").and_then(|start| u64::try_from(start).ok());
    assert_eq!(fix["edits"][0]["start"].as_u64(), start, "{json}");
    assert!(err.contains("1 can be mended by `osteon check --fix`"), "{err}");
    let (_, err) = run(&["check", "--fix"]);
    assert!(err.contains("1 fix in 1 file written"), "{err}");
    assert_eq!(now(), old.replace("osteopenia", "[[osteopenia]]"), "line ends, byte order mark and space stay as they are");
    let (_, err) = run(&["check", "--fix"]);
    assert!(err.contains("0 fixes in 0 files written"), "{err}");
    fs::remove_dir_all(&folder).expect("the folder goes");
}

/// Sentences, of which some name what could be linked; what stands behind `|` must stay as it is.
const PARTS: [&str; 16] = [
    "A low bone density is found by chance.",
    "Low bone mass, or osteopenia, is common!",
    "*Osteopenia* and **BMD** again.",
    "`osteopenia` in code, [osteopenia](https://example.org/osteopenia) in a link.",
    "![[stop]]",
    "> Osteopenia, said somebody.",
    "> [!WARNING]\n> With osteopenia, stop at once.",
    "## Osteopenia\n\nBMD (bone mineral density) counts.",
    "| Osteopenia | BMD |\n|---|---|\n| osteopenia | BMD |",
    "- osteopenia\n- BMD",
    "See [[osteopeni]] and [[bone-density|bone]].",
    "wow!osteopenia \\osteopenia [osteopenia] osteo&shy;penia",
    "Bone\nmineral density.",
    "Ä osteopenia ß BMDs — bone mineral density…",
    "<b>osteopenia</b>",
    "Nothing to link here.",
];

const GLOSSARY: &str = "- id: osteopenia\n  term: osteopenia\n  aka: [low bone mass]\n  definition: Thin bone.\n\
                        - id: bone-density\n  term: bone mineral density\n  aka: [BMD, low bone density]\n  definition: Mineral.\n";

const STOP: &str = "title: Stop with osteopenia\nseverity: stop\ntext: With osteopenia or a low BMD, stop.\nstop_if: [osteopenia hurts]\n\
                    seek_help: Ask about osteopenia and BMD.\n";

/// A text without the marks of mentions: what a reader reads.
fn read_aloud(text: &str) -> String {
    let mut plain = text.replace("]]", "");
    while let Some(start) = plain.find("[[") {
        let end = plain[start..]
            .find('|')
            .filter(|end| plain[start..start + end].chars().all(|c| c.is_alphanumeric() || "[-".contains(c)));
        plain.replace_range(start..end.map_or(start + 2, |end| start + end + 1), "");
    }
    plain
}

#[test]
fn safe_fixes_change_no_word_and_leave_nothing_to_fix() {
    let mut seed = 7_usize;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut written = 0;
    for _ in 0..60 {
        let (mut body, line) = (String::new(), if next(2) == 0 { "\n" } else { "\r\n" });
        for _ in 0..=next(6) {
            body.push_str(PARTS[next(PARTS.len())]);
            body.push_str("\n\n");
        }
        let quote = ["", "\"", "'"][next(3)];
        let answer = PARTS[[0, 1, 2, 15][next(4)]];
        let faq = format!("faq:\n  - question: Osteopenia?\n    answer: {quote}{}{quote}\n", answer.replace('*', ""));
        let folder = ["articles", "pages"][next(2)];
        let faq = if folder == "pages" { String::new() } else { faq };
        let page = format!("---\ntitle: About osteopenia\n{faq}---\n{body}").replace('\n', line);
        let texts = [
            ("osteon.yaml".to_owned(), "title: Bones\nbase_url: https://example.org\n".to_owned()),
            ("content/glossary.yaml".to_owned(), GLOSSARY.to_owned()),
            ("content/warnings/stop.yaml".to_owned(), STOP.to_owned()),
            (format!("content/{folder}/page.md"), page.clone()),
        ];
        let files: Files = texts.into_iter().map(|(path, text)| File::new(path, text.into_bytes())).collect();
        let (after, changes) = fixed(&files, false);
        for change in &changes {
            assert_eq!(&*change.file.path, format!("content/{folder}/page.md"), "only the page is changed");
            let new = String::from_utf8_lossy(&change.new);
            assert_eq!(read_aloud(&new), read_aloud(&page), "{page}\n→\n{new}");
            let boxes = |text: &str| text.lines().filter(|line| line.starts_with('>')).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(boxes(&new), boxes(&page));
            written += change.fixes;
        }
        let left = findings(&after);
        let codes = |findings: &Findings| {
            let other = findings.0.iter().filter(|finding| !matches!(finding.rule.code, "W004" | "W020"));
            other.map(|finding| (finding.rule.code, finding.message.clone())).collect::<Vec<_>>()
        };
        assert_eq!(codes(&left), codes(&findings(&files)), "a fix brings nothing new: {page}");
        assert!(fixed(&after, false).1.is_empty(), "fixes are made once: {page}");
    }
    assert!(written > 40, "only {written} fixes were written");
}
