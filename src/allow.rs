//! Exceptions that an author writes beside the words they are for: `<!-- osteon-allow RULE: reason -->` before a block of Markdown,
//! `# osteon-allow RULE: reason` in data.
//!
//! They are applied at the end of a build to all findings, from the text of the files: so a cached finding and a new one are
//! treated alike, and only files with the word in them are looked at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::config::CONFIG;
use crate::files::{File, FilePath, Files};
use crate::finding::{At, Findings, Place};
use crate::graph::Graph;
use crate::parse::locate::{Places, data_range};
use crate::parse::markdown::events;
use crate::rules::f001_unreadable_data::UNREADABLE_DATA;
use crate::rules::{Rule, c006_bad_allow, c007_unused_allow, rule_called};

const WORD: &str = "osteon-allow";

/// An exception that holds.
#[derive(Debug)]
struct Allow {
    /// The exception itself.
    at: Range<usize>,
    rule: &'static Rule,
    /// The line or block that it is for.
    target: Range<usize>,
    /// It stands above all data, and is for the file as a whole too.
    is_top: bool,
}

/// Takes out the findings that authors have allowed, and reports exceptions that can't hold or that nothing needs.
pub fn apply(files: &Files, graph: &Graph, findings: &mut Findings) {
    let finder = memchr::memmem::Finder::new(WORD);
    let is_read = |file: &&File| matches!(file.extension(), "md" | "yaml" | "yml");
    let content = files.below("content/").chain(files.at(CONFIG)).filter(is_read);
    let mut allows = BTreeMap::new();
    for file in content.filter(|file| finder.find(&file.bytes).is_some()) {
        let mut found = Vec::new();
        read(file, &mut found, findings);
        allows.insert(&*file.path, (file, Places::new(file), found));
    }
    if allows.is_empty() {
        return;
    }
    let mut used: BTreeSet<(&str, usize)> = BTreeSet::new();
    findings.0.retain(|finding| {
        let Some((_, (file, places, allows))) = allows.get_key_value(&*finding.at.file) else { return true };
        let fitting = |allow: &&Allow| allow.rule.code == finding.rule.code && allow.is_for(&finding.at, places);
        match allows.iter().find(fitting) {
            Some(allow) => {
                used.insert((&file.path, allow.at.start));
                false
            }
            None => true,
        }
    });
    // Nothing else is found in a draft that takes no part in the build, and in a file that can't be read.
    let unreadable = findings.0.iter().filter(|finding| finding.rule.code == UNREADABLE_DATA.code);
    let unreadable: BTreeSet<FilePath> = unreadable.map(|finding| finding.at.file.clone()).collect();
    let is_looked_at = |file: &File| !graph.is_draft(file.stem()) && !unreadable.contains(&file.path);
    for (file, _, allows) in allows.values().filter(|(file, ..)| is_looked_at(file)) {
        for allow in allows {
            if !used.contains(&(&*file.path, allow.at.start)) {
                findings.push(c007_unused_allow::finding(At::bytes(&file.path, &allow.at), allow.rule));
            }
        }
    }
}

impl Allow {
    fn is_for(&self, at: &At, places: &Places<'_>) -> bool {
        let begins = |place: &Place| places.range(place).map(|range| range.start);
        let is_inside = |start: usize| self.target.contains(&start);
        match &at.place {
            Place::File => self.is_top,
            Place::Bytes(start, _) => is_inside(*start as usize),
            // A value may begin on another line than its key; a field that is missing at the top stands nowhere.
            Place::Field(path) | Place::Key(path) => {
                let key = begins(&Place::Key(path.clone()));
                let is_above = self.is_top && key.is_some_and(|start| start <= self.at.end);
                begins(&at.place).is_some_and(is_inside) || key.is_some_and(is_inside) || is_above
            }
        }
    }
}

/// HTML without the exceptions in it: they are for authors and not for readers.
pub(crate) fn without(html: &str) -> Cow<'_, str> {
    let Some((before, rest)) = html.split_once("<!--").filter(|(_, rest)| rest.trim_start().starts_with(WORD)) else {
        return Cow::Borrowed(html);
    };
    let after = rest.split_once("-->").map_or("", |(_, after)| after);
    if before.trim().is_empty() && after.trim().is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!("{before}{after}")) }
}

/// The exceptions of a file.
fn read(file: &File, allows: &mut Vec<Allow>, findings: &mut Findings) {
    let Ok(text) = std::str::from_utf8(&file.bytes) else { return };
    let data = data_range(file);
    let body = match &data {
        Some(data) => data.end + text[data.end..].find('\n').map_or(text.len() - data.end, |at| at + 1),
        None if file.extension() == "md" => 0,
        None => text.len(),
    };
    let mut add = |at: Range<usize>, said: &str, target: Range<usize>, is_top: bool| match rule_of(said) {
        Ok(rule) => allows.push(Allow { at, rule, target, is_top }),
        Err(reason) => findings.push(c006_bad_allow::finding(At::bytes(&file.path, &at), reason)),
    };
    if let Some(data) = data {
        in_data(&text[data.clone()], data.start, &mut add);
    }
    in_body(&text[body..], body, &mut add);
}

/// The rule that may be broken, or what is wrong with the exception.
fn rule_of(said: &str) -> Result<&'static Rule, c006_bad_allow::Reason> {
    let (written, reason) = said.split_once(':').unwrap_or((said, ""));
    let written = written.trim();
    let Some(rule) = rule_called(written) else {
        return Err(c006_bad_allow::Reason::NoRule(written.to_owned()));
    };
    if !rule.can_be_allowed() {
        return Err(c006_bad_allow::Reason::Guards(rule));
    }
    if reason.trim().is_empty() { Err(c006_bad_allow::Reason::None(rule)) } else { Ok(rule) }
}

/// Calls with the place of an exception, its words, its target, and whether it stands at the top.
type Add<'a> = dyn FnMut(Range<usize>, &str, Range<usize>, bool) + 'a;

fn in_data(data: &str, offset: usize, add: &mut Add<'_>) {
    let mut start = 0;
    let lines: Vec<(usize, &str)> = data
        .split_inclusive('\n')
        .map(|line| {
            start += line.len();
            (start - line.len(), line)
        })
        .collect();
    let mut is_top = true;
    for (number, (start, line)) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let is_comment = trimmed.is_empty() || trimmed.starts_with('#');
        is_top &= is_comment;
        let Some((before, said)) = line.split_once(WORD) else { continue };
        let hash = before.trim_end();
        let at = |from: usize| offset + start + from..offset + start + line.trim_end().len();
        if let Some(html) = hash.strip_suffix("<!--") {
            // A comment of Markdown in data would silence nothing; it is said what to write there.
            add(at(html.len()), &format!("{WORD} in data"), 0..0, false);
            continue;
        }
        let Some(before) = hash.strip_suffix('#').filter(|before| before.is_empty() || before.ends_with([' ', '\t'])) else {
            continue;
        };
        let target = if is_comment {
            let is_data = |(_, line): &&(usize, &str)| !line.trim_start().is_empty() && !line.trim_start().starts_with('#');
            lines[number..].iter().find(is_data)
        } else {
            Some(&(*start, *line))
        };
        let target = target.map_or(0..0, |(start, line)| offset + start..offset + start + line.len());
        add(at(before.len()), said, target, is_top);
    }
}

fn in_body(body: &str, offset: usize, add: &mut Add<'_>) {
    if !body.contains(WORD) {
        return;
    }
    let events = events(body).collect::<Vec<_>>();
    for (index, (event, range)) in events.iter().enumerate() {
        let (Event::Html(html) | Event::InlineHtml(html)) = event else { continue };
        let Some((before, rest)) = html.split_once("<!--") else { continue };
        let Some(said) = rest.trim_start().strip_prefix(WORD) else { continue };
        let (said, length) = match said.split_once("-->") {
            Some((said, after)) => (said, html.len() - after.len()),
            // The comment has no end on its line.
            None => ("", html.trim_end().len()),
        };
        let at = range.start + before.len()..range.start + length.min(range.len());
        let is_block = |(event, next): &&(Event<'_>, Range<usize>)| match event {
            Event::Start(Tag::HtmlBlock) => {
                !body[next.clone()].trim_start().trim_start_matches("<!--").trim_start().starts_with(WORD)
            }
            Event::Start(_) => true,
            _ => false,
        };
        let target = if matches!(event, Event::Html(_)) {
            events[index..].iter().filter(|(_, next)| next.start >= at.end).find(is_block).map_or(0..0, |(_, next)| next.clone())
        } else {
            let start = body[..at.start].rfind('\n').map_or(0, |at| at + 1);
            start..body[at.end..].find('\n').map_or(body.len(), |line| at.end + line)
        };
        add(offset + at.start..offset + at.end, said, offset + target.start..offset + target.end, false);
    }
}

#[cfg(test)]
mod tests {
    use super::{Allow, read, without};
    use crate::files::File;
    use crate::finding::Findings;

    fn allows(path: &str, text: &str) -> (Vec<(String, String, bool)>, Vec<String>) {
        let file = File::new(path, text.as_bytes());
        let (mut allows, mut findings) = (Vec::new(), Findings::default());
        read(&file, &mut allows, &mut findings);
        let shown = |allow: &Allow| (allow.rule.code.to_owned(), text[allow.target.clone()].trim().to_owned(), allow.is_top);
        (allows.iter().map(shown).collect(), findings.0.into_iter().map(|finding| finding.message).collect())
    }

    fn targets(path: &str, text: &str) -> Vec<String> {
        let (allows, wrong) = allows(path, text);
        assert_eq!(wrong, Vec::<String>::new());
        allows.into_iter().map(|(_, target, _)| target).collect()
    }

    #[test]
    fn data_are_allowed_by_line() {
        let text = "# osteon-allow near-miss: top\n\ntitle: A # osteon-allow F011: here\n# osteon-allow F011: next\n# more\n\ntags: [a]\n";
        assert_eq!(
            targets("a.yaml", text),
            ["title: A # osteon-allow F011: here", "title: A # osteon-allow F011: here", "tags: [a]"]
        );
        let tops: Vec<bool> = allows("a.yaml", text).0.into_iter().map(|(.., is_top)| is_top).collect();
        assert_eq!(tops, [true, false, false]);
        assert_eq!(targets("a.md", "---\ntitle: A\ntags: b # osteon-allow F011: so\n---\n"), ["tags: b # osteon-allow F011: so"]);
        assert_eq!(targets("a.yaml", "title: x#osteon-allow F011: no comment\n"), Vec::<String>::new());
        assert_eq!(targets("a.yaml", "# osteon-allow F011: nothing follows"), [""]);
    }

    #[test]
    fn markdown_is_allowed_by_block() {
        let text =
            "---\ntitle: A\n---\n\nOne.\n\n<!-- osteon-allow M004: a -->\n<!--osteon-allow F011: b-->\n```x\n\ny\n```\n\nTwo.\n";
        assert_eq!(targets("a.md", text), ["```x\n\ny\n```", "```x\n\ny\n```"]);
        assert_eq!(targets("a.md", "One <!-- osteon-allow F011: a -->\ntwo\n"), ["One <!-- osteon-allow F011: a -->"]);
        assert_eq!(targets("a.md", "- one\n\n  <!-- osteon-allow F011: a -->\n\n  two\n- three\n"), ["two"]);
        assert_eq!(
            targets("a.md", "```\n<!-- osteon-allow F011: a -->\n```\n\n`<!-- osteon-allow F011: a -->`\n"),
            Vec::<String>::new()
        );
        assert_eq!(targets("a.yaml", "title: A\n---\n<!-- osteon-allow F011: a -->\n\nText.\n"), ["Text."]);
    }

    #[test]
    fn what_cannot_hold_is_said() {
        let wrong = |text: &str| allows("a.md", text).1;
        assert_eq!(wrong("<!-- osteon-allow near-miss -->\n\nText."), ["this exception gives no reason"]);
        assert_eq!(wrong("<!-- osteon-allow near-mis: so -->\n\nText."), ["no rule is called `near-mis`"]);
        assert_eq!(wrong("<!-- osteon-allow S001: so -->\n\nText."), ["`incomplete-matrix` can't be allowed"]);
        assert_eq!(wrong("<!-- osteon-allow\nF011: so -->\n\nText."), ["this exception names no rule"]);
        assert_eq!(allows("a.yaml", "text: <!-- osteon-allow F011: so -->\n").1, ["this exception stands in data"]);
    }

    #[test]
    fn readers_see_nothing_of_it() {
        assert_eq!(without("<!-- osteon-allow F011: a -->\n"), "");
        assert_eq!(without("<!-- osteon-allow F011: a --><b>b</b>"), "<b>b</b>");
        assert_eq!(without("<!-- other -->"), "<!-- other -->");
    }
}
