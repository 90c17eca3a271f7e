//! `V008` sample-person.

use super::rule;
use crate::config::Publication;
use crate::entry::Person;
use crate::finding::{At, Finding, Findings};
use crate::graph::{Graph, PEOPLE};

rule! {
    /// # What it finds
    ///
    /// In production: a person with `sample: true`. In a draft the pages mark such a person as a sample.
    ///
    /// # Why it matters
    ///
    /// An invented reviewer is a lie about safety, even if it was only meant to fill a gap.
    ///
    /// # Example
    ///
    /// ```yaml
    /// - id: dr-sample
    ///   name: Dr Sample
    ///   sample: true
    /// ```
    ///
    /// # Instead
    ///
    /// Name somebody who has done the work, or nobody. Taking the mark off an invented person makes the lie worse.
    ///
    /// ```yaml
    /// - id: eve
    ///   name: Eve
    ///   role: Reviewer
    ///   credentials: Physiotherapist
    ///   interests: "None"
    /// ```
    SAMPLE_PERSON = "V008", "sample-person", Error
}

/// People who don't exist, once the public reads about them.
pub fn check(graph: &Graph) -> Findings {
    if graph.config.publication != Publication::Production {
        return Findings::default();
    }
    let finding = |(i, person): (usize, &Person)| {
        let at = At::field(&PEOPLE.into(), [i.to_string().as_str(), "sample"]);
        Finding::new(&SAMPLE_PERSON, at, format!("`{}` is a sample and no real person", person.id))
            .help("name somebody who has done the work, or nobody")
    };
    Findings(graph.people.iter().enumerate().filter(|(_, person)| person.sample).map(finding).collect())
}
