//! The publishing standards for health content that osteon works by, and what stands for each of them.
//!
//! They were put together from the PIF TICK criteria, the HONcode principles, the GRADE handbook, the style guide of the NHS, schema.org
//! and WCAG 2.2; where none of them asks for it in these words, it is a rule of this project. The handbook prints the table, and a
//! test sees that every rule it names exists.

use std::fmt::Write as _;

use super::rule_called;

/// What stands for a standard.
#[derive(Debug)]
pub enum By {
    /// Rules, by code: a site that breaks one is told so.
    Rules(&'static [&'static str]),
    /// The way a site is built or its data are shaped leaves no room to break it.
    Design(&'static str),
    /// The default theme keeps it, and tests in a browser hold it to that.
    Theme(&'static str),
    /// Nobody but people can decide it; why, and what osteon does to help.
    People(&'static str),
}

/// One standard.
#[derive(Debug)]
pub struct Standard {
    /// `P01` to `P70`.
    pub id: &'static str,
    /// What it asks for.
    pub says: &'static str,
    /// What stands for it.
    pub by: &'static [By],
}

const fn standard(id: &'static str, says: &'static str, by: &'static [By]) -> Standard {
    Standard { id, says, by }
}

use By::{Design, People, Rules, Theme};

/// All standards.
pub const STANDARDS: &[Standard] = &[
    standard("P01", "Every page of advice names its authors, with a role or qualification", &[Rules(&["V001", "V007"])]),
    standard(
        "P02",
        "Every page of advice names a reviewer who is not its author, with credentials and a date",
        &[Rules(&["V002", "V005", "V006", "V007"])],
    ),
    standard(
        "P03",
        "The days of publication, change and review stand on the page",
        &[Theme("under the title, as `time` elements")],
    ),
    standard(
        "P04",
        "A page is reviewed at least every three years, safety every year",
        &[Rules(&["V003", "V004", "V006", "V012"])],
    ),
    standard("P05", "An overdue page tells the reader", &[Rules(&["V003"]), Theme("a notice above the text names both days")]),
    standard(
        "P06",
        "The day of a build is an input",
        &[Design("`--date`; the clock is read in one place, and a page that doesn't ask for the day doesn't depend on it")],
    ),
    standard(
        "P07",
        "A rule, dose or reference that changed makes the review stale",
        &[Rules(&["V011"]), Design("`osteon review sign` keeps a fingerprint of everything that was reviewed")],
    ),
    standard(
        "P08",
        "Changed advice is listed publicly",
        &[Design(
            "`osteon diff --log --write` adds entries to `content/changes.yaml`, which the site shows; whether a change belongs there is for the editors",
        )],
    ),
    standard(
        "P09",
        "No seal or name of a scheme that was not awarded",
        &[People("whether a scheme was awarded is known to its members only; the default theme prints none")],
    ),
    standard(
        "P10",
        "Nobody invents a reviewer",
        &[Rules(&["V002"]), Design("a review has no default; pages without one say so")],
    ),
    standard("P11", "Funding and interests are stated, also when there are none", &[Rules(&["V007", "V009"])]),
    standard(
        "P12",
        "No adverts, affiliate links or product names in advice",
        &[People(
            "a product's name is a word like others; the default theme has no place for adverts, and links out are plain links",
        )],
    ),
    standard(
        "P13",
        "No promotional block inside an article, or twice",
        &[Rules(&["W021"]), People("what promotes is a matter of judgement")],
    ),
    standard(
        "P14",
        "No log-in, form or pop-up between a reader and an answer",
        &[People(
            "the one form of the default theme is the search box; it has no dialog and no log-in. What a theme of your own adds is for you to judge",
        )],
    ),
    standard("P15", "No request to another host", &[Rules(&["T005"])]),
    standard("P16", "No reader comments without moderation", &[Design("osteon has no comments")]),
    standard(
        "P17",
        "A page says that it doesn't replace the reader's own clinician",
        &[Rules(&["T008"]), Theme("in a box before the text of each page of advice, and in the footer")],
    ),
    standard("P18", "Statements about effect, harm or number carry a reference that resolves", &[Rules(&["E001", "W010"])]),
    standard("P19", "No empty reference, none that nobody cites, no citation to nothing", &[Rules(&["E001", "E002", "E003"])]),
    standard(
        "P20",
        "A printed reference is complete, and nothing unverified is printed",
        &[Rules(&["E003", "E008"]), Design("fields named in `unverified` are not printed")],
    ),
    standard("P21", "DOI and PMID have a valid form and are unique", &[Rules(&["E004", "E005"])]),
    standard(
        "P22",
        "Certainty stands in words beside each claim",
        &[Rules(&["F004"]), Theme("in the claim's box, never as colour alone")],
    ),
    standard("P23", "The wording follows the certainty", &[Rules(&["W012"])]),
    standard(
        "P24",
        "Certainty belongs to a body of evidence, never to one paper",
        &[Rules(&["F002"]), Design("references have no such field")],
    ),
    standard(
        "P25",
        "A relative change is not shown alone",
        &[Rules(&["E011"]), Theme("the number of people stands under a reference to a small study")],
    ),
    standard("P26", "A single or indirect study is named as such", &[Theme("a line of caution under the reference")]),
    standard(
        "P27",
        "Two pages don't answer one question differently",
        &[Rules(&["E010", "E012"]), Design("verdicts come from the matrix alone")],
    ),
    standard("P28", "No promises", &[Rules(&["W011"])]),
    standard("P29", "No retracted or superseded reference", &[Rules(&["E006", "E007"])]),
    standard(
        "P30",
        "Verdicts are computed, never typed",
        &[Rules(&["F002", "S001"]), Design("cards have no field for a verdict")],
    ),
    standard("P31", "Avoid and supervise come with a reason and an alternative", &[Rules(&["F004", "S006", "S007", "S011"])]),
    standard(
        "P32",
        "No plan, list or feed holds what its audience should avoid",
        &[
            Rules(&["S003", "S009"]),
            Design("lists and feeds have no audience; a feed holds articles, and each is checked for its own"),
        ],
    ),
    standard("P33", "Warnings come before the steps and need no script, style or picture", &[Rules(&["T004"])]),
    standard(
        "P34",
        "Each card has stop signs and a care card",
        &[Theme(
            "each card shows its stop signs and the care cards of the site; whether a card has stop signs of its own is for its author",
        )],
    ),
    standard("P35", "Care cards have three levels and are not used for anything else", &[Rules(&["F005"])]),
    standard(
        "P36",
        "Numbers to call are those of the reader's country",
        &[People("osteon can't tell a telephone number from another; the example site names none")],
    ),
    standard("P37", "A safety rule that needs a clinician can't reach production", &[Rules(&["S010"])]),
    standard(
        "P38",
        "Print keeps warnings and sources",
        &[
            Rules(&["T004"]),
            Theme("a test prints pages of every kind and looks for each warning and reference"),
            People(
                "how a page of a theme of your own looks on paper: the rule knows what `@media print` hides by tag and class, and no more",
            ),
        ],
    ),
    standard(
        "P39",
        "Reading age: 9 to 11, at most 14",
        &[Rules(&["W001"]), Design("`osteon report` shows the figures of every text")],
    ),
    standard(
        "P40",
        "A formula is a screen, not a verdict",
        &[People("readers decide; W001 speaks only when every formula that can be scored agrees, and names the sample")],
    ),
    standard("P41", "Two formulas, on running text only", &[Rules(&["W001"])]),
    standard("P42", "Short sentences and paragraphs", &[Rules(&["W002", "W003"])]),
    standard("P43", "Terms are explained or linked, and jargon is left out", &[Rules(&["W004", "W007"])]),
    standard(
        "P44",
        "Other languages aren't scored with an English formula",
        &[Design("rules about words are silent in languages without a formula")],
    ),
    standard("P45", "Numbers in plain form", &[Rules(&["W006"])]),
    standard("P46", "Steps are numbered, short and few", &[Rules(&["W005"])]),
    standard("P47", "Articles emit `MedicalWebPage` with what the page shows", &[Design("made from the same data as the page")]),
    standard("P48", "`medicalAudience` is a value of its list", &[Design("the only value is `Patient`")]),
    standard("P49", "`reviewedBy` only where somebody reviewed", &[Design("left out without a review")]),
    standard("P50", "An exercise emits `ExercisePlan` without guesses", &[Design("what the card doesn't say is left out")]),
    standard("P51", "Each reference emits its DOI as the page shows it", &[Design("made from the same record")]),
    standard("P52", "`FAQPage` only for questions on the page", &[Design("made from the same fields")]),
    standard("P53", "JSON-LD is escaped and valid", &[Design("made by a serialiser, and tested with hostile text")]),
    standard("P54", "Contrast", &[Theme("axe measures it in both colour schemes")]),
    standard("P55", "Nothing relies on colour alone", &[Theme("verdict, certainty and level are words")]),
    standard(
        "P56",
        "Text grows to 200 % and reflows at 320 px",
        &[Theme("pages of every kind are opened at 320 px in a test; sizes are relative")],
    ),
    standard("P57", "Targets of at least 24 px", &[Theme("axe measures it on a phone and on a desktop")]),
    standard(
        "P58",
        "Focus is visible",
        &[Theme("focus has an outline and a ground of its own; the contents stand beside the text, never over it")],
    ),
    standard("P59", "Help stands in the same place", &[Theme("one base template")]),
    standard("P60", "No dragging, no time limit, no motion against the reader's will", &[Theme("the theme has none of them")]),
    standard(
        "P61",
        "Landmarks, one first heading, no skipped level, a language",
        &[Rules(&["M006", "T006"]), Theme("axe looks for landmarks")],
    ),
    standard("P62", "Pictures have alternative text", &[Rules(&["T006"])]),
    standard("P63", "Tables have header cells and scroll in a named region", &[Theme("written by the Markdown renderer")]),
    standard(
        "P64",
        "Everything works without scripts",
        &[Theme("a test reads pages of every kind without scripts and expects the same words")],
    ),
    standard("P65", "People who use the site test it", &[People("no program can")]),
    standard("P66", "The process is written down", &[Rules(&["V010"]), Theme("the footer links to the page")]),
    standard(
        "P67",
        "Readers can report an error",
        &[People("an address belongs on the page about the site; osteon can't tell whether somebody answers there")],
    ),
    standard(
        "P68",
        "Content meets a need",
        &[People("which questions readers have is for the authors to find out; claims carry the question that they answer")],
    ),
    standard("P69", "Sample people are marked and stay out of production", &[Rules(&["V008"])]),
    standard(
        "P70",
        "Text is original",
        &[
            Rules(&["W021"]),
            People("a build sees what its own site says twice; what stands on other people's pages is not part of its input"),
        ],
    ),
];

/// The table for the handbook, as Markdown.
pub(super) fn table() -> String {
    let stands_for = |by: &By| match by {
        Rules(codes) => codes
            .iter()
            .filter_map(|code| rule_called(code))
            .map(|rule| format!("{} {}", rule.code, rule.name))
            .collect::<Vec<_>>()
            .join(", "),
        Design(how) => format!("by design: {how}"),
        Theme(how) => format!("the default theme: {how}"),
        People(why) => format!("for people: {why}"),
    };
    let mut table = String::from("# Publishing standards\n\n| | Asks for | What stands for it |\n|---|---|---|\n");
    for Standard { id, says, by } in STANDARDS {
        // Writing into a String cannot fail.
        let _ = writeln!(table, "| {id} | {says} | {} |", by.iter().map(stands_for).collect::<Vec<_>>().join("; "));
    }
    table
}
