//! A calendar of the reviews that fall due, for the editors (RFC 5545).

use super::reviewed;
use crate::entry::Date;
use crate::graph::Graph;

/// How long a line may be, in bytes, without its end.
const LINE: usize = 75;

/// The calendar: one whole day for each entry that has a next review, with a reminder a month before. It is the same for the same site on the
/// same day, and an entry keeps its event in calendars when the day changes.
pub fn calendar(graph: &Graph) -> String {
    let config = &graph.config;
    let host = config.base_url.split("://").last().unwrap_or_default();
    let host = if host.is_empty() { "osteon.invalid".into() } else { host.replace('/', ".") };
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&format!("{name}:{value}"), &mut text);
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", &format!("-//osteon//osteon {}//EN", env!("CARGO_PKG_VERSION")));
    line("CALSCALE", "GREGORIAN");
    let mut due: Vec<_> = reviewed(graph).filter_map(|(index, entry)| Some((entry.meta.next_review?, index, entry))).collect();
    due.sort_by_key(|(next, index, _)| (*next, *index));
    for (next, index, entry) in due {
        let node = graph.node(index);
        let names: Vec<&str> =
            entry.meta.reviewed_by.iter().map(|id| graph.person(id).map_or(&**id, |person| person.name.as_str())).collect();
        let last = entry.meta.reviewed_on.map(|on| format!(" on {on}")).unwrap_or_default();
        line("BEGIN", "VEVENT");
        line("UID", &format!("review-{}@{host}", entry.id));
        line("DTSTAMP", &format!("{}T000000Z", day(config.options.today)));
        line("DTSTART;VALUE=DATE", &day(next));
        line("DTEND;VALUE=DATE", &day(next.plus_days(1)));
        line("TRANSP", "TRANSPARENT");
        line("SUMMARY", &escape(&format!("Review due: {}", node.title)));
        let address = config.permalink(&node.url);
        let about = format!("{} `{}`, last reviewed by {}{last}.\n{address}", node.kind.word(), entry.id, names.join(", "));
        line("DESCRIPTION", &escape(&about));
        if !config.base_url.is_empty() {
            line("URL", &address);
        }
        line("BEGIN", "VALARM");
        line("ACTION", "DISPLAY");
        line("DESCRIPTION", &escape(&format!("Ask for a review: {}", node.title)));
        line("TRIGGER", "-P30D");
        line("END", "VALARM");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    text
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year, date.month, date.day)
}

/// A text as a value. Control characters have no place in one.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Adds a line; a long one goes on after an end of line and a space, never within a character.
fn fold(line: &str, into: &mut String) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LINE {
            into.push_str("\r\n ");
            length = 1;
        }
        into.push(c);
        length += c.len_utf8();
    }
    into.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::{escape, fold};

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut text = String::new();
        let line = format!("SUMMARY:{}", "ä€𝄞 ".repeat(40));
        fold(&line, &mut text);
        assert!(text.ends_with("\r\n") && text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert_eq!(text.trim_end_matches("\r\n").replace("\r\n ", ""), line.as_str());
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(escape("a, b; c\\d\ne\u{7}"), "a\\, b\\; c\\\\d\\ne");
    }
}
