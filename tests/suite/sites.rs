//! `tests/sites/<name>/`: whole sites.
//!
//! `expected/` holds the outputs that matter, byte for byte: to add one, put an empty file there and bless. `findings.txt` holds
//! everything that is found. What holds for every page of every site is checked on all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use osteon::report::{Colour, Format, report};

use crate::support::{build, each, expect, load, names, path};

#[test]
fn sites_are_built_as_expected() {
    each("sites", |fixture| {
        let outputs = outputs(fixture);
        let expected = fixture.join("expected");
        for path in below(&expected) {
            let output = outputs.get(&path).unwrap_or_else(|| panic!("{}: the site has no `{path}`", fixture.display()));
            expect(&expected.join(&path), output);
        }
    });
}

#[test]
fn pages_are_whole() {
    each("sites", |fixture| {
        let outputs = outputs(fixture);
        let mut broken = Vec::new();
        for (path, html) in outputs.iter().filter(|(path, _)| path.ends_with(".html")) {
            let ids = values(html, "id");
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            if unique.len() < ids.len() {
                let twice: BTreeSet<&str> =
                    unique.into_iter().filter(|id| ids.iter().filter(|other| *other == id).count() > 1).collect();
                broken.push(format!("{path}: ids that are used twice: {twice:?}"));
            }
            for href in values(html, "href") {
                if let Some(anchor) = href.strip_prefix('#')
                    && !ids.contains(&anchor)
                {
                    broken.push(format!("{path}: no place is called {href}"));
                }
            }
            for name in values(html, "aria-labelledby") {
                if !ids.contains(&name) {
                    broken.push(format!("{path}: no label is called {name}"));
                }
            }
        }
        assert!(broken.is_empty(), "{}:\n{}", fixture.display(), broken.join("\n"));
    });
}

/// Which page shows what stands in a file of `tests/sites/fields/`.
const PAGES: &[(&str, &str)] = &[
    ("osteon.yaml", "index.html"),
    ("content/articles/the-article.md", "articles/the-article/index.html"),
    ("content/exercises/the-card.yaml", "exercises/the-card/index.html"),
    ("content/exercises/avoided.yaml", "exercises/avoided/index.html"),
    ("content/programmes/the-programme.yaml", "programmes/the-programme/index.html"),
    ("content/warnings/the-warning.yaml", "warnings/the-warning/index.html"),
    ("content/warnings/zz-own-warning.yaml", "exercises/the-card/index.html"),
    ("content/claims/the-claim.yaml", "claims/the-claim/index.html"),
    ("content/claims/titled.yaml", "claims/titled/index.html"),
    ("content/references/the-reference.yaml", "references/the-reference/index.html"),
    ("content/pages/the-page.md", "zz-page-permalink/index.html"),
    ("content/glossary.yaml", "glossary/index.html"),
    ("content/people.yaml", "people/index.html"),
    ("content/changes.yaml", "changes/index.html"),
    ("content/safety.yaml", "conditions/zz-condition/index.html"),
    ("content/safety.yaml", "conditions/zz-audience/index.html"),
    ("content/safety.yaml", "safety/index.html"),
    ("content/safety.yaml", "exercises/the-card/index.html"),
];

/// Values that are no words of their own: a page that shows them says so in words.
const WORDS: &[(&str, &[&str])] = &[
    ("exercises/the-card/index.html", &["Moderate impact", "Talk to a professional first"]),
    ("exercises/avoided/index.html", &["Avoid: please do not do this exercise"]),
    ("exercises/the-card/index.html", &["Advice changed on", "zz newer change"]),
    ("conditions/zz-condition/index.html", &["Advice changed on", "zz older change"]),
    ("zz-page-permalink/index.html", &["Advice changed on", "zz older change"]),
    ("references/the-reference/index.html", &["Advice changed on", "zz older change"]),
    ("changes/index.html", &["Stricter advice", "Correction", "href=\"/exercises/the-card/\""]),
    ("sitemap.xml", &["/changes/"]),
    ("warnings/the-warning/index.html", &["Emergency"]),
    ("claims/the-claim/index.html", &["Moderate certainty"]),
    ("references/the-reference/index.html", &["1987", "4711", "815", "12345", "99887766", "retracted", "were checked against"]),
    ("conditions/zz-condition/index.html", &["Waiting for clinical review", "Get checked before you exercise"]),
    ("zz-article-alias/index.html", &["/articles/the-article/"]),
];

#[test]
fn every_field_is_shown() {
    let fixture = path("tests/sites/fields");
    let outputs = outputs(&fixture);
    let files = load(&fixture.join("site"));
    let mut missing = Vec::new();
    for file in files.iter().filter(|file| !file.path.starts_with("static/")) {
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        let pages: Vec<&str> = PAGES.iter().filter(|(source, _)| *source == &*file.path).map(|(_, page)| *page).collect();
        let shown: String = pages.iter().map(|page| plain(&outputs[*page])).collect();
        // An old address is a page of its own.
        let text = text.lines().filter(|line| !line.starts_with("aliases:")).collect::<Vec<_>>().join("\n");
        for marker in markers(&text).iter().filter(|_| !pages.is_empty()) {
            if !shown.contains(marker.as_str()) {
                missing.push(format!("{}: `{marker}` is not on {}", file.path, pages.join(" or ")));
            }
        }
    }
    for (page, words) in WORDS {
        missing.extend(
            words.iter().filter(|word| !outputs[*page].contains(**word)).map(|word| format!("`{word}` is not on {page}")),
        );
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let reference = &outputs["references/the-reference/index.html"];
    assert!(!reference.contains("Not confirmed"), "what nobody has confirmed is not printed");
}

#[test]
fn warnings_come_before_steps() {
    let outputs = outputs(&path("tests/sites/fields"));
    let card = &outputs["exercises/the-card/index.html"];
    let at = |html: &str, words: &str| html.find(words).unwrap_or_else(|| panic!("no `{words}`"));
    let steps = at(card, "data-step=\"the-card\"");
    for warning in [
        "data-warning=\"the-warning\"",
        "data-warning=\"zz-own-warning\"",
        "zz warning text",
        "zz own warning text",
        "zz card stop",
    ] {
        assert!(at(card, warning) < steps, "{warning}");
    }
    assert!(at(card, "zz warning text") < at(card, "zz own warning text"), "the gravest warning is the first");
    let programme = &outputs["programmes/the-programme/index.html"];
    assert!(at(programme, "zz own warning text") < at(programme, "zz week"));
}

/// Words that begin with `zz` and go on to the end of a value, and dates: all in lower case and without hyphens.
fn markers(source: &str) -> BTreeSet<String> {
    let values = source.split(['\n', ',', '[', ']', '{', '}', '"', '@', ';']).filter_map(|part| {
        let start = part.find("zz").or_else(|| part.find("20").filter(|at| part[*at..].len() == 10));
        start.map(|at| part[at..].trim_end_matches(['.', '/', ':']))
    });
    values.map(|value| plain(value.split(": ").last().unwrap_or(value).trim())).collect()
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('-', " ")
}

#[test]
fn a_claim_shows_its_certainty_its_people_and_both_sides() {
    let outputs = outputs(&path("tests/sites/evidence"));
    for page in ["claims/heels/index.html", "articles/hips/index.html"] {
        let html = &outputs[page];
        for part in [
            "Low certainty",
            "This may be true.",
            "Who was studied",
            "women past menopause",
            "this was a small study. People: 20.",
        ] {
            assert!(html.contains(part), "{page} lacks `{part}`");
        }
        assert!(html.contains("this is a report of single cases."), "{page}");
        assert_eq!(html.matches("Take care:").count(), 2, "{page}: a large trial needs no caution");
        let side = |words: &str| html.find(words).unwrap_or_else(|| panic!("{page} lacks `{words}`"));
        let (supports, contradicts) = match page {
            "claims/heels/index.html" => (side("<h3>For</h3>"), side("<h3>Against</h3>")),
            _ => (side("Research for it:"), side("Research against it:")),
        };
        let list = side("<h2 id=\"references-title\">");
        let links = |part: &str| part.matches("href=\"#ref-").count();
        assert_eq!((links(&html[supports..contradicts]), links(&html[contradicts..list])), (2, 1), "{page}");
    }
    assert!(outputs["references/small2002/index.html"].contains("People: 20."));
}

#[test]
fn an_eleventy_post_is_built_as_it_is() {
    let outputs = outputs(&path("tests/sites/eleventy"));
    let html = &outputs["articles/moving-well-with-thin-bones/index.html"];
    for part in [
        "<title>Moving Well with Thin Bones – Steady</title>",
        "<meta name=\"description\" content=\"How to begin with exercise when a scan has shown thin bones, what each kind of training",
        "<meta property=\"og:image\" content=\"https://example.org/images/posts/moving-well-og.png\">",
        "<meta name=\"twitter:image\" content=\"https://example.org/images/posts/moving-well-twitter.png\">",
        "<time datetime=\"2025-11-05\">5 November 2025</time>",
        "<div class=\"standfirst\">A scan result is a number, not a reason to sit still.",
        "keep up. It also lists the signs on which to stop and ask.</div>",
        "href=\"/tags/bone-health/\"",
        "href=\"/tags/strength-training/\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let contents = html.split("<nav class=\"toc\"").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap_or_default();
    let sections = values(contents, "href");
    assert_eq!(
        (sections.len(), sections.first(), sections.last()),
        (9, Some(&"#what-the-scan-says"), Some(&"#when-to-stop-and-ask"))
    );
    assert!(sections.iter().all(|anchor| html.contains(&format!("<h2 id=\"{}\">", &anchor[1..]))));
}

/// The outputs of a fixture. What is found in it must be as listed.
fn outputs(fixture: &Path) -> BTreeMap<String, String> {
    let files = load(&fixture.join("site"));
    let (build, memory) = build(&files);
    expect(&fixture.join("findings.txt"), &report(&build.findings, &files, Format::Concise, Colour::Never));
    memory.outputs().into_iter().map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

/// The paths of all files below a folder.
fn below(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for name in if folder.is_dir() { names(folder) } else { Vec::new() } {
        if folder.join(&name).is_dir() {
            paths.extend(below(&folder.join(&name)).into_iter().map(|path| format!("{name}/{path}")));
        } else {
            paths.push(name);
        }
    }
    paths
}

/// The values of an attribute, wherever it stands.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}
