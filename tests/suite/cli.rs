//! The program as people and machines run it: what it prints where, how it ends, and what it leaves alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use osteon::rules::RULES;

/// How a run ended.
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn osteon(folder: &Path, arguments: &[&str]) -> Run {
    let output = command(folder, arguments).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_osteon"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env_remove("NO_COLOR");
    command
}

/// A folder that is gone when its test is over.
struct Folder(PathBuf);

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An empty folder for a test. Other runs of the tests may be going on.
fn folder(name: &str) -> Folder {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("a new folder");
    Folder(folder)
}

/// A small site for a test.
fn site(name: &str) -> Folder {
    let folder = folder(name);
    write(&folder, "osteon.yaml", "title: Bones\nbase_url: https://example.org\n");
    write(&folder, "content/people.yaml", "- {id: ada, name: Ada}\n");
    write(
        &folder,
        "content/articles/hips.md",
        "---\ntitle: Hips\nauthors: [ada]\ntags: [bone]\n---\n\nAbove the [knees](/articles/knees/).\n",
    );
    write(&folder, "content/articles/knees.md", "---\ntitle: Knees\nauthors: [ada]\n---\n\nBelow the [[hips]].\n");
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder with its bytes.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                files.insert(entry.path(), fs::read(entry.path()).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn a_new_site_builds_without_a_finding() {
    let folder = folder("new");
    let new = osteon(&folder, &["new", "site"]);
    assert_eq!(new.code, Some(0), "{}", new.err);
    let build = osteon(&folder, &["build", "--root", "site"]);
    assert_eq!((build.code, build.out.as_str()), (Some(0), ""), "{}", build.err);
    assert!(build.err.contains("no findings") && build.err.lines().count() == 1, "{}", build.err);
    assert!(read(&folder, "site/public/index.html").contains("<h1>"));
    let again = osteon(&folder, &["new", "site"]);
    assert_eq!(again.code, Some(2), "a folder with files in it is left alone");
}

#[test]
fn a_search_prints_what_readers_find() {
    let folder = site("search");
    let found = osteon(&folder, &["search", "knes", "--limit", "1"]);
    let expected = "“knes” was taken for “knees”\n2 results for “knes”\n\n  1. Knees · Article\n     https://example.org/articles/knees/\n\n";
    assert_eq!((found.code, found.out.as_str()), (Some(0), expected), "{}", found.err);
    let json = osteon(&folder, &["search", "--format", "json", "hips", "elbow", "--limit", "1"]).out;
    let results: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let view = |results: &serde_json::Value| (results["total"].as_u64(), results["hits"][0]["id"].as_str().map(str::to_owned));
    assert_eq!(results.iter().map(view).collect::<Vec<_>>(), [(Some(2), Some("hips".to_owned())), (Some(0), None)]);
    assert!(osteon(&folder, &["build"]).err.contains("no findings"));
    assert!(read(&folder, "public/search/en/directory.js").starts_with("osteonSearch.part(\"en\",{"));
    assert!(osteon(&folder, &["build", "--no-search"]).err.contains("no findings"));
    assert!(!folder.join("public/search/en/directory.js").exists());
}

#[test]
fn a_second_build_renders_what_changed() {
    let folder = site("second");
    assert!(osteon(&folder, &["build"]).err.contains("no findings"));
    let built = snapshot(&folder.join("public"));
    let second = osteon(&folder, &["build"]);
    assert!(second.err.contains("(0 rendered)"), "{}", second.err);
    assert_eq!(snapshot(&folder.join("public")), built);
    write(&folder, "public/CNAME", "example.org\n");
    write(&folder, "content/articles/hips.md", "---\ntitle: Hips\nauthors: [ada]\n---\n\nAbove the [[knees]].\n");
    let third = osteon(&folder, &["build"]);
    assert_eq!(third.code, Some(0), "{}", third.err);
    assert!(!third.err.contains("(0 rendered)"), "{}", third.err);
    assert!(read(&folder, "public/articles/hips/index.html").contains("class=\"mention\""));
    assert!(!folder.join("public/tags").exists(), "what the site no longer has is gone");
    assert_eq!(read(&folder, "public/CNAME"), "example.org\n", "what others put there stays");
}

#[test]
fn with_an_error_nothing_is_published() {
    let folder = site("error");
    assert_eq!(osteon(&folder, &["build"]).code, Some(0));
    let built = snapshot(&folder.join("public"));
    write(&folder, "content/articles/knees.md", "---\ntitle: Knees\n---\n\nBelow the [[hip]].\n");
    write(&folder, "content/articles/new.md", "---\ntitle: New\n---\n");
    let build = osteon(&folder, &["build"]);
    assert_eq!((build.code, build.out.as_str()), (Some(1), ""));
    assert!(build.err.contains("error[L001]") && build.err.contains("did you mean `hips`?"), "{}", build.err);
    assert!(build.err.trim_end().ends_with("the old site stays as it is"), "{}", build.err);
    assert_eq!(snapshot(&folder.join("public")), built);
    assert_eq!(osteon(&folder, &["check"]).code, Some(1));
    write(&folder, "content/articles/knees.md", "---\ntitle: Knees\n---\n\nBelow the [[hips]].\n");
    assert_eq!(osteon(&folder, &["build"]).code, Some(0), "warnings publish");
    assert!(folder.join("public/articles/new/index.html").exists());
}

#[test]
fn check_writes_nothing() {
    let folder = site("check");
    let before = snapshot(&folder);
    let check = osteon(&folder, &["check"]);
    assert_eq!((check.code, check.out.as_str()), (Some(0), ""), "{}", check.err);
    assert!(check.err.contains("no findings"), "{}", check.err);
    assert_eq!(snapshot(&folder), before);
}

#[test]
fn a_folder_of_others_is_refused() {
    let folder = site("foreign");
    write(&folder, "www/index.html", "mine");
    let build = osteon(&folder, &["build", "--out", "www"]);
    assert_eq!(build.code, Some(2));
    assert!(build.err.contains("was not made by osteon"), "{}", build.err);
    assert_eq!(snapshot(&folder.join("www")).len(), 1);
    for (out, reason) in [("content", "inside a folder that the site is made from"), (".", "contains the site itself")] {
        let build = osteon(&folder, &["build", "--out", out]);
        assert!(build.code == Some(2) && build.err.contains(reason), "{}", build.err);
    }
    assert_eq!(osteon(&folder, &["build", "--out", "elsewhere/www"]).code, Some(0));
    assert!(folder.join("elsewhere/www/articles/hips/index.html").exists() && !folder.join("public").exists());
}

#[test]
fn mistakes_on_the_command_line_end_with_2() {
    let folder = site("usage");
    for arguments in [
        &["bild"][..],
        &["build", "--nothing"],
        &["build", "--date", "tomorrow"],
        &["build", "--root", "missing"],
        &["build", "--format", "xml"],
        &["explain", "X999"],
        &["completions", "nosh"],
        &["why", "/articles/hips/"],
        &[],
    ] {
        let run = osteon(&folder, arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments:?}: {}", run.err);
        assert!(!run.err.is_empty() && !run.err.contains("panicked"), "{arguments:?}: {}", run.err);
    }
    for arguments in [&["--help"][..], &["--version"], &["build", "--help"]] {
        let run = osteon(&folder, arguments);
        assert!(run.code == Some(0) && !run.out.is_empty() && run.err.is_empty(), "{arguments:?}");
    }
    assert!(!folder.join("public").exists());
}

#[test]
fn findings_for_programs_go_to_standard_output() {
    let folder = site("formats");
    write(&folder, "content/articles/knees.md", "---\ntitle: Knees\ntitel: Knees\n---\n\nBelow the [[hip]].\n");
    for command in ["check", "build"] {
        let run = osteon(&folder, &[command, "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let codes: Vec<_> =
            json["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str()).collect();
        assert_eq!((run.code, codes), (Some(1), vec!["V001", "F002", "L001"]), "{}", run.out);
        assert!(run.err.lines().count() == 1 && !run.err.contains("L001"), "{}", run.err);
        let run = osteon(&folder, &[command, "--format", "concise"]);
        assert!(run.code == Some(1) && run.out.contains("error[L001] unknown-entry: "), "{}", run.out);
    }
    let sound = osteon(&site("sound"), &["check", "--format", "json"]);
    assert!(sound.code == Some(0) && sound.out.contains("\"findings\": []"), "{}", sound.out);
}

#[test]
fn an_exception_holds_in_every_build_and_is_not_published() {
    let folder = site("allow");
    let text = "---\ntitle: Code\nauthors: [ada]\n---\n\n<!-- osteon-allow unknown-language: ours -->\n\n```ours\nup\n```\n";
    write(&folder, "content/articles/code.md", text);
    for _ in 0..2 {
        let build = osteon(&folder, &["build"]);
        assert!(build.code == Some(0) && build.err.contains("no findings"), "{}", build.err);
        let html = read(&folder, "public/articles/code/index.html");
        assert!(html.contains("<pre") && !html.contains("osteon-allow"), "{html}");
    }
    write(&folder, "content/articles/code.md", &text.replace("allow unknown-language: ours", "allow M005: ours"));
    let build = osteon(&folder, &["build"]);
    assert!(build.err.contains("warning[M004]") && build.err.contains("warning[C006]"), "{}", build.err);
}

#[test]
fn an_old_site_begins_with_a_baseline() {
    let folder = site("baseline");
    let text = "---\ntitle: Knees\nauthors: [ada]\n---\n\nBelow the [[hip]] and the [[hip]]. Known [@smith].\n";
    write(&folder, "content/articles/knees.md", text);
    let check = |day: &str| osteon(&folder, &["check", "--date", day]);
    assert_eq!(check("2026-11-24").code, Some(1));
    let run = osteon(&folder, &["check", "--write-baseline"]);
    assert!(run.code == Some(0) && run.err.contains("3 findings in `osteon-baseline.yaml`, 1 of them without"), "{}", run.err);
    let baseline = read(&folder, "osteon-baseline.yaml");
    assert!(baseline.contains("count: 2") && baseline.contains("no reference is called `smith`"), "{baseline}");

    let run = check("2026-11-24");
    assert!(run.code == Some(1) && run.err.contains("error[E001]") && run.err.contains("warning[C009]"), "{}", run.err);
    assert!(!run.err.contains("L001") && run.err.contains("2 known findings in the baseline"), "{}", run.err);

    let founded = baseline.replacen("\n  - code: L001", "\n    reason: we look for it\n    until: 2027-01-31\n  - code: L001", 1);
    write(&folder, "osteon-baseline.yaml", &founded);
    write(&folder, "content/articles/knees.md", &text.replace("\n\n", "\n\nA new line.\n\n"));
    let run = osteon(&folder, &["build", "--date", "2027-01-31"]);
    assert!(run.code == Some(0) && run.err.contains("no findings, 3 known findings in the baseline"), "{}", run.err);
    let run = check("2027-02-01");
    assert!(run.code == Some(1) && run.err.contains("ended on 2027-01-31"), "{}", run.err);

    osteon(&folder, &["check", "--write-baseline"]);
    assert_eq!(read(&folder, "osteon-baseline.yaml"), founded.replace("we look for it", "\"we look for it\""));
    write(&folder, "content/articles/knees.md", &text.replace("the [[hip]] and the [[hip]]", "[[hip]] and [[leg]]"));
    let run = check("2026-11-24");
    assert!(run.err.contains("error[L001]: no entry is called `leg`") && run.err.contains("note[C008]"), "{}", run.err);
    assert!(run.err.contains("this entry counts 2 findings, and there are 1"), "{}", run.err);
}

#[test]
fn there_are_colours_in_terminals_only() {
    let folder = site("colours");
    write(&folder, "content/articles/knees.md", "---\ntitle: \"Knees \\e[31m\"\n---\n\nBelow the [[hip]].\n");
    for variable in ["NO_COLOR", "OTHER"] {
        for arguments in [&["check"][..], &["build"], &["check", "--format", "json"], &["build", "--nothing"]] {
            let output = command(&folder, arguments).env(variable, "1").output().expect("the program starts");
            let has_escapes = [&output.stdout, &output.stderr].into_iter().any(|bytes| bytes.contains(&0x1B));
            assert!(!has_escapes, "{variable} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = site("pipe");
    for (arguments, code) in
        [(&["explain", "--all"][..], 0), (&["explain"], 0), (&["check", "--format", "json"], 0), (&["completions", "bash"], 0)]
    {
        let mut child =
            command(&folder, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().expect("the program ends").code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn explain_knows_every_rule() {
    let folder = folder("explain");
    let list = osteon(&folder, &["explain"]);
    let all = osteon(&folder, &["explain", "--all"]);
    assert_eq!((list.code, all.code), (Some(0), Some(0)));
    for rule in RULES {
        assert!(list.out.contains(rule.code) && list.out.contains(rule.name), "{}", rule.code);
        assert!(all.out.contains(&format!("# {} {}", rule.code, rule.name)), "{}", rule.code);
    }
    let [by_code, by_name, in_lower_case] = ["L001", "unknown-entry", "l001"].map(|name| osteon(&folder, &["explain", name]).out);
    assert!(by_code.starts_with("# L001 unknown-entry (error)") && by_code.contains("## Why it matters"), "{by_code}");
    assert!(by_code == by_name && by_code == in_lower_case);
    let unknown = osteon(&folder, &["explain", "unknown-entrie"]);
    assert!(unknown.err.contains("did you mean `unknown-entry`?"), "{}", unknown.err);
}

#[test]
fn why_names_the_questions_of_a_page() {
    let folder = site("why");
    osteon(&folder, &["build"]);
    write(
        &folder,
        "content/articles/hips.md",
        "---\ntitle: The hips\nauthors: [ada]\n---\n\nAbove the [knees](/articles/knees/).\n",
    );
    osteon(&folder, &["build"]);
    for address in ["/articles/knees/", "articles/knees", "https://example.org/articles/knees/#main"] {
        let why = osteon(&folder, &["why", address]);
        assert_eq!(why.code, Some(0), "{}", why.err);
        assert!(why.out.starts_with("/articles/knees/\n  rendered because an answer changed: text of `knees`"), "{}", why.out);
        assert!(why.out.contains("title, address and summary of `hips`"), "{}", why.out);
    }
    let unknown = osteon(&folder, &["why", "/articles/knee/"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("did you mean `/articles/knees/`?"), "{}", unknown.err);
}

#[test]
fn completions_are_a_script() {
    let run = osteon(&folder("completions"), &["completions", "bash"]);
    assert!(run.code == Some(0) && run.out.contains("_osteon()") && run.out.contains("explain"), "{}", run.out);
}

#[test]
fn options_change_the_site() {
    let folder = site("options");
    let reviewed =
        "---\ntitle: Spine\nauthors: [ada]\nreviewed_by: [ada]\nreviewed_on: 2026-01-01\nnext_review: 2027-01-01\n---\n\nText.\n";
    write(&folder, "content/articles/spine.md", reviewed);
    write(&folder, "content/articles/later.md", "---\ntitle: Later\nauthors: [ada]\ndraft: true\n---\n\nText.\n");
    let overdue = |day: &str| {
        let run = osteon(&folder, &["build", "--date", day, "--no-search"]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        read(&folder, "public/articles/spine/index.html").contains("Review overdue")
    };
    assert!(!overdue("2027-01-01") && overdue("2027-01-02") && !overdue("2026-12-31"));
    assert!(!folder.join("public/articles/later").exists());

    let run = osteon(&folder, &["build", "--drafts", "--base-url", "https://preview.example.net/branch/"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(folder.join("public/articles/later/index.html").exists());
    let html = read(&folder, "public/articles/hips/index.html");
    assert!(html.contains("<link rel=\"canonical\" href=\"https://preview.example.net/branch/articles/hips/\">"), "{html}");
    assert!(html.contains("<a href=\"/branch/articles/knees/\">knees</a>"), "{html}");
    let elsewhere = html.split("href=\"/").skip(1).filter(|rest| !rest.starts_with("branch/")).count();
    assert_eq!(elsewhere, 0, "every address has the path");

    let run = osteon(&folder, &["build", "--base-url", "example.net"]);
    assert!(run.code == Some(1) && run.err.contains("C002"), "{}", run.err);
}

#[test]
fn a_site_can_do_without_search() {
    let folder = site("no-search");
    let page = |path: &str| read(&folder, &format!("public/{path}/index.html"));
    assert_eq!(osteon(&folder, &["build"]).code, Some(0));
    assert!(page("articles/hips").contains("class=\"find\"") && page("search").contains("class=\"search\""));
    assert!(folder.join("public/search/en/directory.js").exists());

    assert_eq!(osteon(&folder, &["build", "--no-search"]).code, Some(0));
    assert!(!folder.join("public/search/en").exists());
    for path in ["articles/hips", "search", "a-z"] {
        let html = page(path);
        assert!(!html.contains("<form") && !html.contains("<script src"), "{html}");
        assert!(html.contains("<a class=\"help\" href=\"/a-z/\">A to Z</a>"), "{html}");
    }
    assert!(page("search").contains("This site has no search box."));
}

#[test]
fn the_state_of_a_site_is_a_page_or_data() {
    let folder = site("report");
    let page = osteon(&folder, &["report"]);
    assert_eq!((page.code, page.out.as_str()), (Some(0), ""), "{}", page.err);
    assert!(read(&folder, "osteon-report.html").contains("<title>State of Bones</title>"));
    let json = osteon(&folder, &["report", "--json"]);
    assert_eq!((json.code, json.err.as_str()), (Some(0), ""));
    let data: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!((&data["version"], &data["reviews"][0]["state"]), (&1.into(), &"unreviewed".into()));
}
