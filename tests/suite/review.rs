//! Reviews: what production asks for, what a signature is worth, and the commands around it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use osteon::cache::Cache;
use osteon::entry::Kind;
use osteon::files::{File, Files};
use osteon::finding::{Findings, Level};
use osteon::output::Manifest;
use osteon::review::{copy, is_advice, sign};
use osteon::snapshot;

use crate::support::{Memory, build, load, options, path};

/// A site whose only article can be signed.
fn signable() -> Files {
    let mut files = load(&path("tests/rules/v011-stale-review/fixed"));
    files.remove("content/reviews.yaml");
    files
}

fn put(files: &mut Files, path: &str, text: impl Into<String>) {
    files.insert(File::new(path, text.into().into_bytes()));
}

fn text(files: &Files, path: &str) -> String {
    files.at(path).map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).unwrap_or_default()
}

/// Replaces words in a file, which must be there.
fn edit(files: &mut Files, path: &str, old: &str, new: &str) {
    let before = text(files, path);
    assert!(before.contains(old), "{path} doesn't say {old}");
    put(files, path, before.replace(old, new));
}

fn request(id: &str, by: &str) -> sign::Request {
    sign::Request { id: id.into(), by: by.into(), on: None, next: None, hash: None }
}

fn try_sign(files: &Files, request: &sign::Request) -> Result<String, String> {
    let (snapshot, findings) = snapshot(files, &options());
    let old = files.at("content/reviews.yaml").map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    sign::sign(&snapshot.graph, &findings, old.as_deref(), request)
}

fn signed(mut files: Files, request: &sign::Request) -> Files {
    let text = try_sign(&files, request).expect("a signature");
    put(&mut files, "content/reviews.yaml", text);
    files
}

fn of_code<'a>(findings: &'a Findings, code: &str) -> Vec<&'a osteon::finding::Finding> {
    findings.0.iter().filter(|finding| finding.rule.code == code).collect()
}

#[test]
fn in_production_the_example_site_asks_for_clinicians_and_nothing_else() {
    let mut files = example();
    edit(&mut files, "osteon.yaml", "publication: draft", "publication: production");
    let (build, _) = build(&files);
    let graph = snapshot(&files, &options()).0;
    let advice: BTreeSet<String> = graph
        .graph
        .nodes
        .iter()
        .filter_map(|node| node.document())
        .filter(|document| is_advice(document.kind))
        .map(|document| document.file.to_string())
        .collect();
    let open: BTreeSet<String> = of_code(&build.findings, "V002").iter().map(|finding| finding.at.file.to_string()).collect();
    assert_eq!(open, advice, "every entry with advice waits for its reviewer");
    let table = &graph.graph.safety.table;
    let reviews = (table.rules.iter().map(|rule| &rule.review))
        .chain(table.ok.iter().map(|ok| &ok.review).filter(|review| review.is_some()))
        .chain(table.general_warnings.iter().map(|warning| &warning.review))
        .chain(table.care_cards.iter().map(|card| &card.review));
    let waiting = reviews.filter(|review| review.as_deref() != Some("sourced")).count();
    assert_eq!(of_code(&build.findings, "S010").len(), waiting, "every record of the safety table waits for its clinician");
    // Facts about a reference that nobody could confirm are named in it, and are not for the public either.
    let unconfirmed: BTreeSet<&str> = of_code(&build.findings, "E003").iter().map(|finding| &*finding.at.file).collect();
    let expected = ["beavers2025", "dri2011", "dxaprecision2006", "gibbs2019", "sheffieldbackpain", "wbv2023", "who1994"];
    assert_eq!(unconfirmed.iter().map(|file| stem(file)).collect::<Vec<_>>(), expected);
    let others: Vec<_> = build
        .findings
        .0
        .iter()
        .filter(|finding| finding.level == Level::Error && !["V002", "S010", "E003"].contains(&finding.rule.code))
        .map(|finding| format!("{} {}: {}", finding.rule.code, finding.at.file, finding.message))
        .collect();
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn in_a_draft_every_page_with_advice_says_that_nobody_has_reviewed_it() {
    let files = example();
    let snapshot = snapshot(&files, &options()).0;
    let outputs = build(&files).1.outputs();
    for node in snapshot.graph.nodes.iter().filter(|node| is_advice(node.kind)) {
        let file = format!("{}index.html", node.url.trim_start_matches('/'));
        let html = String::from_utf8_lossy(&outputs[&file]);
        let (head, _) =
            html.split_once("</header>\n<div class=\"layout\">").or_else(|| html.split_once("</h1>")).unwrap_or_default();
        assert!(head.contains("not yet reviewed by a clinician"), "{}", node.url);
    }
}

fn stem(file: &str) -> &str {
    file.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default()
}

/// The example site.
fn example() -> Files {
    load(&path(""))
}

#[test]
fn a_signature_makes_an_entry_reviewed() {
    let files = signed(signable(), &request("hips", "eve"));
    let (build, memory) = build(&files);
    assert_eq!(build.findings.0.len(), 0, "{:?}", build.findings);
    let html = String::from_utf8(memory.outputs().remove("articles/hips/index.html").expect("a page")).expect("text");
    for words in [
        "Checked by</dt><dd>",
        "Eve",
        "Physiotherapist",
        "24 November 2026",
        "24 November 2027",
        "\"lastReviewed\":\"2026-11-24\"",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(!html.contains("not yet reviewed"), "{html}");
}

#[test]
fn whatever_a_review_stands_on_makes_it_stale_and_is_named() {
    let files = signed(signable(), &request("hips", "eve"));
    for (file, old, new, named) in [
        ("content/articles/hips.md", "carry you", "bear you", "the text"),
        ("content/articles/hips.md", "title: Hips", "title: Your hips", "the text"),
        ("content/articles/hips.md", "recommends: [chair]", "recommends: [chair]\naudience: [weak]", "the data"),
        ("content/exercises/chair.yaml", "8 times", "9 times", "the dose of `chair`"),
        ("content/exercises/chair.yaml", "Stand up", "Get up", "the text of `chair`"),
        ("content/exercises/chair.yaml", "[rise]", "[rise, sit]", "the verdicts of `sit`"),
        ("content/safety.yaml", "Hold on to something", "Go slowly", "the rule `rise--weak`"),
        ("content/safety.yaml", "verdict: modify", "verdict: supervise", "the verdicts of `rise`"),
        ("content/references/moe2001.yaml", "issued: 2001", "issued: 2002", "the reference `moe2001`"),
        ("content/references/moe2001.yaml", "verified: true", "verified: true\nretracted: true", "the reference `moe2001`"),
        ("content/reviews.yaml", "hash: \"", "hash: \"0", "the signature"),
    ] {
        let mut files = files.clone();
        edit(&mut files, file, old, new);
        let (build, memory) = build(&files);
        let stale = of_code(&build.findings, "V011");
        let says = stale
            .iter()
            .any(|finding| finding.message.contains(named) || finding.notes.iter().any(|note| note.text.contains(named)));
        assert!(says && stale.len() == 1, "{new}: {stale:?}");
        let html = String::from_utf8(memory.outputs().remove("articles/hips/index.html").unwrap_or_default()).expect("text");
        assert!(html.is_empty() || html.contains("Changed since its review on"), "{new}");
    }
    for (file, old, new) in [
        ("content/articles/hips.md", "title: Hips", "title:   \"Hips\"   # a comment\ntags: [bone]"),
        ("content/articles/hips.md", "\n", "\r\n"),
        ("content/references/moe2001.yaml", "verified: true", "verified: false"),
        ("content/safety.yaml", "review: sourced", "review: sourced "),
        ("content/people.yaml", "Ada", "Ada B."),
    ] {
        let mut files = files.clone();
        edit(&mut files, file, old, new);
        let stale = of_code(&build(&files).0.findings, "V011").len();
        assert_eq!(stale, 0, "{new:?} changes nothing that was reviewed");
    }
}

#[test]
fn the_later_review_counts() {
    let files = signed(signable(), &sign::Request { on: osteon::entry::Date::parse("2026-06-01"), ..request("hips", "eve") });
    for (on, shown) in [("2026-05-31", "1 June 2026"), ("2026-06-01", "1 June 2026"), ("2026-06-02", "2 June 2026")] {
        let mut files = files.clone();
        let meta = format!("authors: [ada]\nreviewed_by: [eve]\nreviewed_on: {on}\nnext_review: 2027-06-05");
        edit(&mut files, "content/articles/hips.md", "authors: [ada]", &meta);
        let outputs = build(&files).1.outputs();
        let html = String::from_utf8_lossy(&outputs["articles/hips/index.html"]);
        assert!(html.contains(shown), "{on}");
    }
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let date = osteon::entry::Date::parse;
    for (request, reason) in [
        (request("hip", "eve"), "did you mean `hips`?"),
        (request("weak", "eve"), "is a condition"),
        (request("moe2001", "eve"), "is a reference"),
        (request("hips", "eva"), "did you mean `eve`?"),
        (request("hips", "ada"), "can't be its reviewer"),
        (sign::Request { on: date("2026-11-25"), ..request("hips", "eve") }, "today is 2026-11-24"),
        (sign::Request { next: date("2026-11-24"), ..request("hips", "eve") }, "at most three years"),
        (sign::Request { next: date("2029-11-25"), ..request("hips", "eve") }, "at most three years"),
        (sign::Request { hash: Some("0000000000".into()), ..request("hips", "eve") }, "print a new copy"),
    ] {
        let refused = try_sign(&signable(), &request).expect_err(reason);
        assert!(refused.contains(reason), "{refused}");
    }
    let mut broken = signable();
    edit(&mut broken, "content/articles/hips.md", "@moe2001", "@moe2002");
    let refused = try_sign(&broken, &request("hips", "eve")).expect_err("an error");
    assert!(refused.contains("has an error"), "{refused}");
    let mut sample = signable();
    edit(&mut sample, "content/people.yaml", "id: eve,", "id: eve, sample: true,");
    assert!(try_sign(&sample, &request("hips", "eve")).is_err_and(|refused| refused.contains("no real person")));
}

#[test]
fn signatures_of_unknown_entries_and_people_are_found() {
    let mut files = signed(signable(), &request("hips", "eve"));
    edit(&mut files, "content/reviews.yaml", "id: hips", "id: hip");
    edit(&mut files, "content/reviews.yaml", "by: eve", "by: eva");
    let findings = build(&files).0.findings;
    let messages: Vec<&str> = of_code(&findings, "L001").iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["nobody in `people.yaml` has the id `eva`", "no entry is called `hip`"]);
}

#[test]
fn old_signatures_stay_and_several_reviewers_count() {
    let mut files = signable();
    let max = "- {id: max, name: Max, role: Reviewer, credentials: Doctor, interests: \"None\"}\n";
    let people = text(&files, "content/people.yaml") + max;
    put(&mut files, "content/people.yaml", people);
    let files = signed(signed(files, &request("hips", "eve")), &request("hips", "max"));
    let outputs = build(&files).1.outputs();
    let html = String::from_utf8_lossy(&outputs["articles/hips/index.html"]);
    assert!(html.contains("Eve") && html.contains("Max"), "{html}");
}

#[test]
fn an_incremental_build_sees_a_signature() {
    let files = signable();
    let first = build(&files).0;
    let files = signed(files, &request("hips", "eve"));
    let memory = Memory::default();
    let second = osteon::build(&files, &options(), &first.cache, &Manifest::default(), &memory);
    let clean = osteon::build(&files, &options(), &Cache::default(), &Manifest::default(), &Memory::default());
    assert_eq!(second.manifest, clean.manifest);
}

#[test]
fn the_commands_write_what_they_say() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("review-{}", std::process::id()));
    for file in signable().iter() {
        let path = folder.join(&*file.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, &file.bytes).expect("a file");
    }
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_osteon"));
        let output =
            command.args(arguments).args(["--date", "2026-11-24"]).current_dir(&folder).output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let refused = run(&["review", "sign", "hips", "--by", "ada"]);
    assert!(refused.0 == Some(2) && refused.2.contains("can't be its reviewer"), "{refused:?}");
    assert!(!folder.join("content/reviews.yaml").exists());
    let done = run(&["review", "sign", "hips", "--by", "eve", "--next", "2027-03-01"]);
    assert!(done.0 == Some(0) && done.2.contains("commit `content/reviews.yaml`"), "{done:?}");
    assert_eq!(run(&["check"]).0, Some(0));
    let (code, copy, _) = run(&["review", "copy", "hips"]);
    assert!(code == Some(0) && copy.contains("Review copy"), "{copy}");
    assert_eq!(run(&["review", "copy", "hips", "--out", "hips.html"]).0, Some(0));
    assert_eq!(fs::read_to_string(folder.join("hips.html")).expect("a file"), copy);
    let (_, hash) = copy.split_once("--copy ").expect("what the editors do with it");
    let hash: String = hash.chars().take(10).collect();
    let again = run(&["review", "sign", "hips", "--by", "eve", "--copy", &hash]);
    assert_eq!(again.0, Some(0), "{again:?}");
    let none = run(&["review", "copy", "hip"]);
    assert!(none.0 == Some(2) && none.2.contains("did you mean `hips`?"), "{none:?}");
    let (code, calendar, _) = run(&["review", "calendar"]);
    assert_eq!(code, Some(0));
    for line in
        ["UID:review-hips@example.org", "DTSTART;VALUE=DATE:20271124", "SUMMARY:Review due: Hips", "DTSTAMP:20261124T000000Z"]
    {
        assert_eq!(calendar.split("\r\n").filter(|found| *found == line).count(), 1, "{line}: {calendar}");
    }
    assert_eq!(run(&["review", "calendar", "--out", "due.ics"]).0, Some(0));
    assert_eq!(fs::read_to_string(folder.join("due.ics")).expect("a file"), calendar);
    fs::write(folder.join("content/reviews.yaml"), "signed: everything\n").expect("a file");
    let broken = run(&["review", "sign", "hips", "--by", "eve"]);
    assert!(broken.0 == Some(2) && broken.2.contains("nothing was added"), "{broken:?}");
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn a_copy_holds_everything_and_needs_nothing() {
    let mut files = signable();
    put(&mut files, "static/images/hip.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    edit(&mut files, "content/articles/hips.md", "![[chair]]", "![[chair]]\n\n![A hip](/images/hip.svg)");
    edit(&mut files, "content/articles/hips.md", "authors:", "audience: [weak]\nauthors:");
    edit(&mut files, "content/safety.yaml", "Hold on to something.", "Hold on to \"a\" <b>.");
    edit(&mut files, "content/safety.yaml", "    review: sourced", "    review: needs clinical review");
    edit(
        &mut files,
        "content/references/moe2001.yaml",
        "verified",
        "study: {finding: Hips carried., population: adults}\nverified",
    );
    let site = snapshot(&files, &options()).0;
    let page = copy::copy(&site, &files, "hips").expect("a copy");
    let index = site.graph.find("hips").expect("an entry");
    let hash = osteon::review::whole(&osteon::review::parts(&site.graph, index));
    for words in [
        "Hips carry you",
        "8 times.",
        "Stand up.",
        "Change it",
        "rise--weak",
        "&lt;b&gt;",
        "Waiting for clinical review",
        "Journal of Hips",
        "Hips carried.",
        "Signature",
        "24 November 2026",
        "src=\"data:image/svg+xml;base64,",
        &format!("osteon review sign hips --by PERSON --on DATE --copy {hash}"),
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for words in ["<script", "<link", "href=\"/", "src=\"/", "@import", "url(", "<details>"] {
        assert!(!page.contains(words), "{words}: {page}");
    }
}

#[test]
fn every_entry_of_the_example_site_can_be_copied() {
    let files = example();
    let site = snapshot(&files, &options()).0;
    for kind in [Kind::Article, Kind::Exercise, Kind::Programme, Kind::Warning, Kind::Claim, Kind::Page] {
        let (_, node) = site.graph.of_kind(kind).next().expect("an entry");
        let page = copy::copy(&site, &files, &node.id).expect("a copy");
        assert!(page.contains(&format!("<code>osteon review sign {} ", node.id)) && !page.contains("<script"), "{}", node.id);
    }
}
