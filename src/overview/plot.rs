//! The plots of the overview, as inline SVG.

use std::fmt::Write as _;

use super::html::escaped;
use super::{Condition, Review, State};
use crate::entry::Verdict;

/// For each condition a bar: how many cards have which verdict.
pub(super) fn verdicts(conditions: &[Condition], cards: usize) -> String {
    const ROW: usize = 22;
    const START: usize = 300;
    const WIDTH: usize = 560;
    let height = conditions.len() * ROW + 4;
    let mut svg = format!(
        "<svg class=\"plot\" viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"Verdicts of all cards, by condition\">\n",
        START + WIDTH
    );
    for (row, condition) in conditions.iter().enumerate() {
        let y = row * ROW;
        let name = shortened(&condition.label, 44);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", START - 8, y + 15, escaped(&name));
        let mut before = 0;
        for verdict in Verdict::ALL {
            let count = condition.exercises.get(verdict.word()).copied().unwrap_or_default();
            if count == 0 {
                continue;
            }
            let (from, to) = (START + before * WIDTH / cards.max(1), START + (before + count) * WIDTH / cards.max(1));
            before += count;
            let _ = writeln!(
                svg,
                "<rect class=\"{}\" x=\"{from}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {}: {count}</title></rect>",
                verdict.word(),
                y + 2,
                (to - from).saturating_sub(1),
                ROW - 4,
                escaped(&condition.label),
                verdict.label()
            );
            if to - from > 24 {
                let _ = writeln!(svg, "<text class=\"n\" x=\"{}\" y=\"{}\">{count}</text>", from + 6, y + 15);
            }
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// For each month a bar: how many reviews fall due in it. Nothing where no date is set.
pub(super) fn due(reviews: &[Review]) -> String {
    const ROW: usize = 22;
    const START: usize = 110;
    const WIDTH: usize = 750;
    let mut months: Vec<(&str, usize, usize)> = Vec::new();
    let mut dates: Vec<(&str, State)> =
        reviews.iter().filter_map(|review| Some((review.next_review.as_deref()?.get(..7)?, review.state))).collect();
    dates.sort_unstable();
    for (month, state) in dates {
        if months.last().is_none_or(|last| last.0 != month) {
            months.push((month, 0, 0));
        }
        if let Some(last) = months.last_mut() {
            if state == State::Overdue { last.1 += 1 } else { last.2 += 1 }
        }
    }
    let Some(most) = months.iter().map(|(_, late, ahead)| late + ahead).max() else { return String::new() };
    let mut svg = format!(
        "<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Reviews due, by month\">\n",
        START + WIDTH,
        months.len() * ROW + 4
    );
    for (row, (month, late, ahead)) in months.iter().enumerate() {
        let y = row * ROW;
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{month}</text>", START - 8, y + 15);
        let scale = |count: usize| count * (WIDTH - 40) / most.max(1);
        for (class, from, count) in [("avoid", 0, *late), ("info", scale(*late), *ahead)] {
            if count > 0 {
                let _ = writeln!(
                    svg,
                    "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                    START + from,
                    y + 2,
                    scale(count),
                    ROW - 4
                );
            }
        }
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{}\">{}</text>", START + scale(late + ahead) + 6, y + 15, late + ahead);
    }
    svg.push_str("</svg>\n");
    svg
}

fn shortened(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        text.to_owned()
    } else {
        let start: String = text.chars().take(length - 1).collect();
        format!("{}…", start.trim_end())
    }
}
