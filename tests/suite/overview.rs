//! `tests/overview/`: the state of a site as data.

use osteon::overview::{Overview, html};

use crate::support::{build, expect, load, options, path};

#[test]
fn the_state_of_a_site_is_exactly_this() {
    let files = load(&path("tests/overview/site"));
    let build = build(&files).0;
    let overview = Overview::of(build.graph(), &files, options().today);
    expect(&path("tests/overview/expected.json"), &overview.json());
    let page = html(&overview, &|url| format!("https://example.org{url}"));
    for words in
        ["Hop &amp; land", "href=\"https://example.org/exercises/hop/\"", "Ada", "2026-01-01 (expired)", "Overdue", "<svg"]
    {
        assert!(page.contains(words), "`{words}` is not on the page");
    }
    assert!(!["src=", "@import", "url("].iter().any(|request| page.contains(request)), "the page needs nothing else");
}

#[test]
fn a_site_without_content_has_a_state() {
    let files = osteon::files::Files::default();
    let build = build(&files).0;
    let overview = Overview::of(build.graph(), &files, options().today);
    assert!(html(&overview, &str::to_owned).ends_with("</html>\n"));
}
