//! Which findings a change caused.

use std::collections::HashMap;

use crate::finding::{At, Finding, Findings, Level};

/// What makes a finding the same one after lines have moved: its rule, its file and its words.
type Print = (&'static str, String, String);

/// Those findings that weren't there before, and the number of those that were.
///
/// A finding is known if an old one of the same rule, file and message was at least as grave. They are counted: where there were
/// two and are three, one is new, preferably one that stands in a new place.
pub fn caused(now: Findings, before: &Findings) -> (Findings, usize) {
    let mut known: HashMap<Print, Vec<(Level, &At)>> = HashMap::new();
    for finding in &before.0 {
        known.entry(print(finding)).or_default().push((finding.level, &finding.at));
    }
    let mut is_known = vec![false; now.0.len()];
    for is_same_place in [true, false] {
        for (finding, is_known) in now.0.iter().zip(&mut is_known).filter(|(_, is_known)| !**is_known) {
            let Some(old) = known.get_mut(&print(finding)) else { continue };
            let found = old.iter().position(|(level, at)| *level >= finding.level && (!is_same_place || **at == finding.at));
            if let Some(position) = found {
                old.remove(position);
                *is_known = true;
            }
        }
    }
    let count = is_known.iter().filter(|is_known| **is_known).count();
    let new = now.0.into_iter().zip(is_known).filter(|(_, is_known)| !is_known).map(|(finding, _)| finding).collect();
    (Findings(new), count)
}

fn print(finding: &Finding) -> Print {
    (finding.rule.code, finding.at.file.to_string(), finding.message.clone())
}

#[cfg(test)]
mod tests {
    use super::caused;
    use crate::finding::{At, Finding, Findings, Level};
    use crate::rules::l001_unknown_entry::UNKNOWN_ENTRY;

    #[test]
    fn findings_that_moved_are_not_new_and_one_more_is() {
        let at = |start: usize, message: &str| {
            Finding::new(&UNKNOWN_ENTRY, At::bytes(&"content/a.md".into(), &(start..start + 3)), message)
        };
        let old = Findings(vec![at(10, "x"), at(20, "x"), at(30, "y")]);
        let (new, left_out) = caused(Findings(vec![at(5, "x"), at(20, "x"), at(12, "x"), at(90, "y")]), &old);
        assert_eq!((new.0.len(), left_out), (1, 3));
        assert_eq!((&new.0[0].at, new.0[0].message.as_str()), (&at(12, "x").at, "x"), "the others were there before");
        let graver = Findings(vec![at(10, "x")]);
        let milder = Findings(vec![at(10, "x").level(Level::Warning)]);
        assert_eq!(caused(graver.clone(), &milder).1, 0, "what became an error is news");
        assert_eq!(caused(milder, &graver).1, 1);
    }
}
