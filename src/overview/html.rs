//! The overview as one page that needs nothing else: for the screen in the light and in the dark, and for paper.

use std::fmt::Write as _;

use pulldown_cmark_escape::escape_html;

use super::{Overview, State, UNDECIDED, plot};
use crate::entry::{Certainty, Verdict};

/// The surest first.
const CERTAINTIES: [Certainty; 7] = [
    Certainty::High,
    Certainty::Moderate,
    Certainty::Low,
    Certainty::VeryLow,
    Certainty::ExpertConsensus,
    Certainty::Definition,
    Certainty::NotAssessed,
];

const STYLE: &str = include_str!("overview.css");

/// The page.
pub fn html(overview: &Overview, link: &dyn Fn(&str) -> String) -> String {
    let mut page = Writer { html: String::with_capacity(64 * 1024), link };
    page.head(overview);
    page.verdicts(overview);
    page.matrix(overview);
    page.cards(overview);
    page.claims(overview);
    page.reviews(overview);
    page.texts(overview);
    page.acknowledgements(overview);
    page.html.push_str("</main>\n</body>\n</html>\n");
    page.html
}

/// Text as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let _ = escape_html(&mut html, text);
    html
}

struct Writer<'a> {
    html: String,
    link: &'a dyn Fn(&str) -> String,
}

impl Writer<'_> {
    fn head(&mut self, overview: &Overview) {
        let title = escaped(&overview.title);
        let count = |state: State| overview.reviews.iter().filter(|review| review.state == state).count();
        let undecided = overview.movements.iter().flat_map(|movement| &movement.verdicts).filter(|v| **v == UNDECIDED).count();
        let _ = write!(
            self.html,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>State of {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>State of {title}</h1>\n\
             <p class=\"when\">On {}, publication: {}</p>\n<dl class=\"figures\">\n",
            overview.date, overview.publication
        );
        for (label, number) in [
            ("Exercise cards", overview.exercises.len()),
            ("Conditions", overview.conditions.len()),
            ("Undecided pairs", undecided),
            ("Claims", overview.claims.len()),
            ("Not yet reviewed", count(State::Unreviewed)),
            ("Reviews overdue", count(State::Overdue)),
            ("Exceptions", overview.acknowledgements.len()),
        ] {
            let _ = writeln!(self.html, "<div><dt>{label}</dt><dd>{number}</dd></div>");
        }
        self.html.push_str("</dl>\n<p class=\"key\">");
        for verdict in Verdict::ALL {
            let word = verdict.word();
            let _ = write!(self.html, "<span><b class=\"v {word}\">{}</b> {}</span> ", sign(word), verdict.label());
        }
        self.html.push_str("</p>\n");
    }

    fn verdicts(&mut self, overview: &Overview) {
        if overview.conditions.is_empty() || overview.exercises.is_empty() {
            return;
        }
        self.html.push_str("<section>\n<h2>Verdicts of the cards, by condition</h2>\n");
        self.html.push_str(&plot::verdicts(&overview.conditions, overview.exercises.len()));
        self.html.push_str("</section>\n");
    }

    /// A table with a column for each condition.
    fn grid(&mut self, overview: &Overview, first: &str, rows: &[(String, &[&'static str])]) {
        let _ = write!(
            self.html,
            "<div class=\"wide\" tabindex=\"0\">\n<table class=\"grid\">\n<thead><tr><th scope=\"col\">{first}</th>"
        );
        for condition in &overview.conditions {
            let _ = write!(self.html, "<th scope=\"col\" class=\"up\"><span>{}</span></th>", escaped(&condition.label));
        }
        self.html.push_str("</tr></thead>\n<tbody>\n");
        for (head, verdicts) in rows {
            let _ = write!(self.html, "<tr><th scope=\"row\">{head}</th>");
            for (word, condition) in verdicts.iter().zip(&overview.conditions) {
                let _ = write!(
                    self.html,
                    "<td class=\"v {word}\" title=\"{}: {word}\">{}</td>",
                    escaped(&condition.label),
                    sign(word)
                );
            }
            self.html.push_str("</tr>\n");
        }
        self.html.push_str("</tbody>\n</table>\n</div>\n");
    }

    fn matrix(&mut self, overview: &Overview) {
        if overview.movements.is_empty() {
            return;
        }
        self.html.push_str("<section>\n<h2>Movements</h2>\n");
        let rows: Vec<(String, &[&'static str])> = overview
            .movements
            .iter()
            .map(|movement| {
                let cards = movement.exercises.iter().map(|id| {
                    let card = overview.exercises.iter().find(|card| card.id == *id);
                    card.map_or_else(|| escaped(id), |card| self.anchor(&card.url, &card.title))
                });
                let cards = cards.collect::<Vec<_>>().join(", ");
                (format!("{}<small>{cards}</small>", escaped(&movement.label)), &movement.verdicts[..])
            })
            .collect();
        self.grid(overview, "Movement, with its cards", &rows);
        self.html.push_str("</section>\n");
    }

    fn cards(&mut self, overview: &Overview) {
        if overview.exercises.is_empty() {
            return;
        }
        self.html.push_str("<section>\n<h2>Exercise cards</h2>\n");
        let rows: Vec<(String, &[&'static str])> = overview
            .exercises
            .iter()
            .map(|card| {
                let status = card.status.map(|status| format!("<small>{status}</small>")).unwrap_or_default();
                (format!("{}{status}", self.anchor(&card.url, &card.title)), &card.verdicts[..])
            })
            .collect();
        self.grid(overview, "Card", &rows);
        self.html.push_str("</section>\n");
    }

    fn claims(&mut self, overview: &Overview) {
        if overview.claims.is_empty() {
            return;
        }
        self.html.push_str("<section>\n<h2>Evidence</h2>\n");
        let words = CERTAINTIES.into_iter().map(|certainty| Some(certainty.word())).chain([None]);
        let counts: Vec<String> = words
            .filter_map(|word| {
                let count = overview.claims.iter().filter(|claim| claim.certainty == word).count();
                (count > 0).then(|| format!("{}: {count}", word.unwrap_or("no certainty")))
            })
            .collect();
        let _ = write!(
            self.html,
            "<p>{}</p>\n<table>\n<thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Certainty</th><th \
             scope=\"col\">For</th><th scope=\"col\">Against</th></tr></thead>\n<tbody>\n",
            counts.join(" · ")
        );
        for claim in &overview.claims {
            let list = |ids: &[crate::entry::Id]| {
                if ids.is_empty() { "–".to_owned() } else { escaped(&ids.join(", ")) }
            };
            let _ = writeln!(
                self.html,
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                self.anchor(&claim.url, &claim.statement),
                claim.certainty.unwrap_or("–"),
                list(&claim.supports),
                list(&claim.contradicts)
            );
        }
        self.html.push_str("</tbody>\n</table>\n</section>\n");
    }

    fn reviews(&mut self, overview: &Overview) {
        if overview.reviews.is_empty() {
            return;
        }
        self.html.push_str("<section>\n<h2>Reviews</h2>\n");
        self.html.push_str(&plot::due(&overview.reviews));
        self.html.push_str(
            "<table>\n<thead><tr><th scope=\"col\">Entry</th><th scope=\"col\">Kind</th><th scope=\"col\">State</th><th \
             scope=\"col\">Checked by</th><th scope=\"col\">On</th><th scope=\"col\">Next</th></tr></thead>\n<tbody>\n",
        );
        for review in &overview.reviews {
            let by = if review.reviewed_by.is_empty() { "–".to_owned() } else { escaped(&review.reviewed_by.join(", ")) };
            let late = if review.state == State::Overdue { " class=\"late\"" } else { "" };
            let _ = writeln!(
                self.html,
                "<tr{late}><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{by}</td><td>{}</td><td>{}</td></tr>",
                self.anchor(&review.url, &review.title),
                review.kind,
                review.state.label(),
                review.reviewed_on.as_deref().unwrap_or("–"),
                review.next_review.as_deref().unwrap_or("–")
            );
        }
        self.html.push_str("</tbody>\n</table>\n</section>\n");
    }

    /// Texts that are long enough for a formula.
    fn texts(&mut self, overview: &Overview) {
        let scored: Vec<_> = overview.texts.iter().filter(|text| text.flesch_kincaid_age.is_some()).collect();
        if scored.is_empty() {
            return;
        }
        self.html.push_str(
            "<section>\n<h2>Reading ease</h2>\n<p>Reading ages after two formulas for English, on running text only; aim for 9 to 11, at \
             most 14. A formula is a screen and no verdict: whether readers understand a page, only readers can say. Texts under 100 words \
             have no Flesch-Kincaid figure, texts under 30 sentences no SMOG figure.</p>\n<table>\n<thead><tr><th \
             scope=\"col\">Entry</th><th scope=\"col\">Kind</th><th scope=\"col\">Flesch-Kincaid</th><th scope=\"col\">SMOG</th><th \
             scope=\"col\">Words</th><th scope=\"col\">Sentences</th><th scope=\"col\">Longest</th></tr></thead>\n<tbody>\n",
        );
        let years = |age: Option<f64>| age.map_or_else(|| "–".to_owned(), |age| format!("{age:.1}"));
        for text in scored {
            let _ = writeln!(
                self.html,
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                self.anchor(&text.url, &text.title),
                text.kind,
                years(text.flesch_kincaid_age),
                years(text.smog_age),
                text.words,
                text.sentences,
                text.longest_sentence
            );
        }
        self.html.push_str("</tbody>\n</table>\n</section>\n");
    }

    fn acknowledgements(&mut self, overview: &Overview) {
        self.html.push_str("<section>\n<h2>Exceptions</h2>\n");
        if overview.acknowledgements.is_empty() {
            self.html.push_str("<p>No article recommends an exercise in spite of its verdict.</p>\n</section>\n");
            return;
        }
        self.html.push_str(
            "<table>\n<thead><tr><th scope=\"col\">Article</th><th scope=\"col\">Exercise</th><th \
             scope=\"col\">Condition</th><th scope=\"col\">Reason</th><th scope=\"col\">By</th><th \
             scope=\"col\">Until</th></tr></thead>\n<tbody>\n",
        );
        for exception in &overview.acknowledgements {
            let (late, past) = if exception.is_expired { (" class=\"late\"", " (expired)") } else { ("", "") };
            let _ = writeln!(
                self.html,
                "<tr{late}><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}{past}</td></tr>",
                escaped(&exception.article),
                escaped(&exception.exercise),
                escaped(&exception.condition),
                escaped(&exception.reason),
                escaped(&exception.by),
                exception.until.as_deref().unwrap_or("–")
            );
        }
        self.html.push_str("</tbody>\n</table>\n</section>\n");
    }

    fn anchor(&self, url: &str, words: &str) -> String {
        format!("<a href=\"{}\">{}</a>", escaped(&(self.link)(url)), escaped(words))
    }
}

/// A sign for a verdict: colour alone says nothing to many people, and nothing on grey paper.
fn sign(verdict: &str) -> &'static str {
    match verdict {
        "ok" => "✓",
        "modify" => "≈",
        "supervise" => "S",
        "avoid" => "✕",
        _ => "?",
    }
}
