//! Names of people and bodies in CSL records.

use serde_json::Value;

/// A person, or a body whose whole name stands in `family`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) family: String,
    pub(super) given: Option<String>,
    /// `van der`, where it belongs to the family name.
    pub(super) particle: Option<String>,
    /// `de`, where it is left out when the family name stands alone.
    pub(super) dropping: Option<String>,
    pub(super) suffix: Option<String>,
}

/// The names in a value: a list of `{family, given}`, `{literal}` or texts, or one of these.
pub(super) fn names(value: &Value) -> Vec<Name> {
    match value {
        Value::Array(list) => list.iter().filter_map(name).collect(),
        one => name(one).into_iter().collect(),
    }
}

/// `Bassey`, `Bassey and Ramsdale`, `Snow et al.`
pub(super) fn short(names: &[Name]) -> Option<String> {
    let family = |name: &Name| match &name.particle {
        Some(particle) => format!("{particle} {}", name.family),
        None => name.family.clone(),
    };
    match names {
        [] => None,
        [one] => Some(family(one)),
        [one, two] if two.family != "others" => Some(format!("{} and {}", family(one), family(two))),
        [one, ..] => Some(format!("{} et al.", family(one))),
    }
}

fn name(value: &Value) -> Option<Name> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(super::html::plain).filter(|text| !text.is_empty());
    if let Some(whole) = value.as_str() {
        let whole = super::html::plain(whole);
        return match whole.split_once(", ") {
            Some((family, given)) if !given.contains(',') && !family.is_empty() && !given.is_empty() => {
                Some(Name { family: family.into(), given: Some(given.into()), ..Name::default() })
            }
            _ => (!whole.is_empty()).then(|| Name { family: whole, ..Name::default() }),
        };
    }
    // A given name alone (Plato) is the whole name.
    let whole = || text("literal").or_else(|| text("name")).or_else(|| text("given"));
    match text("family") {
        Some(family) => Some(Name {
            family,
            given: text("given"),
            particle: text("non-dropping-particle"),
            dropping: text("dropping-particle"),
            suffix: text("suffix"),
        }),
        None => whole().map(|family| Name { family, ..Name::default() }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_of_names() {
        let found = names(&json!([
            {"family": "Bassey", "given": "E. J."},
            {"literal": "World Health Organization"},
            {"given": "Plato"},
            "Shaw, J. M.",
            "Royal Osteoporosis Society",
            {"family": "", "given": ""},
            7,
            null,
        ]));
        let shown: Vec<_> = found.iter().map(|name| (name.family.as_str(), name.given.as_deref().unwrap_or(""))).collect();
        assert_eq!(
            shown,
            [
                ("Bassey", "E. J."),
                ("World Health Organization", ""),
                ("Plato", ""),
                ("Shaw", "J. M."),
                ("Royal Osteoporosis Society", "")
            ]
        );
    }
}
