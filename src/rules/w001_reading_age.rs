//! `W001` reading-age.

use super::{Words, rule};
use crate::finding::{At, Finding, Findings};
use crate::words::figures;

rule! {
    /// # What it finds
    ///
    /// An English entry whose words and sentences are as long as those of texts for readers of more than 14 years, by the
    /// Flesch-Kincaid formula and, where there are 30 sentences or more, by the SMOG formula as well. Below 100 words nothing is
    /// scored. Only running text counts: no tables, headings, references and quotations. The names of exercises,
    /// conditions and glossary terms count as easy words, as they are explained. Texts in other languages are not scored. A warning in
    /// a draft; a site for the public that has asked its readers can say `levels: {reading-age: warning}`.
    ///
    /// # Why it matters
    ///
    /// Many people read health advice when they are tired, worried or in pain. Long words and sentences make them
    /// stop, or guess. A formula is a screen and no verdict: only readers can say whether a text is clear.
    ///
    /// # Example
    ///
    /// ```markdown
    /// Participation in regular supervised physical activity facilitates considerable improvements in functional capability among individuals experiencing deteriorating mobility.
    /// ```
    ///
    /// # Instead
    ///
    /// ```markdown
    /// Exercise often, with someone who can guide you. If moving has become hard, you may find it easier to climb stairs and to carry your shopping.
    /// ```
    READING_AGE = "W001", "reading-age", Warning, Error in production
}

/// The reading age above which advice is hard for the public.
const LIMIT: f64 = 14.0;

/// A text that is hard by every formula that can be used.
pub fn check(words: &Words<'_>) -> Findings {
    if !words.snapshot.graph.config.is_english() {
        return Findings::default();
    }
    let figures = figures(words.sentences.iter().flatten());
    let Some(age) = figures.age().filter(|age| *age > LIMIT) else { return Findings::default() };
    let smog = figures.smog_age();
    if smog.is_some_and(|smog| smog <= LIMIT) {
        return Findings::default();
    }
    let also = smog.map(|smog| format!(" and {} (SMOG)", years(smog))).unwrap_or_default();
    let message = format!("this text needs a reading age of {} (Flesch-Kincaid){also}; aim for 9 to 11, at most 14", years(age));
    let mean = f64::from(figures.words) / f64::from(figures.sentences.max(1));
    let finding = Finding::new(&READING_AGE, At::file(&words.document.file), message).help(format!(
        "split long sentences and use everyday words: a sentence has {mean:.0} words on average, and {} of {} words have three syllables or more",
        figures.long_words, figures.words
    ));
    Findings(vec![finding])
}

/// An age in words. Beyond school the formulas have no meaning.
fn years(age: f64) -> String {
    if age > 18.0 { "more than 18".to_owned() } else { format!("about {age:.0}") }
}
