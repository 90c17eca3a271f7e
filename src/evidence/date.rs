//! Dates of records: the ways in which people write them, as CSL's `date-parts`.

use serde_json::{Map, Value, json};

/// A date as `{"date-parts": [[year, month, day]]}`, or `None` where it is no date.
///
/// Read are `{year, month, day}`, `date-parts` (with the end of a range), `raw` and `literal`, a bare year, and texts such
/// as `1995-03-02`, `1995-03/1995-05`, `March 1995`, `2 March 1995`, `Spring 1995` and `ca. 1995`. A `season` and `circa`
/// are kept. Years before Christ are negative; there is no year 0.
pub fn issued(value: &Value) -> Option<Value> {
    let Date { start, end, season, circa } = date(value)?;
    let mut map = Map::new();
    map.insert("date-parts".into(), Value::Array([Some(start), end].into_iter().flatten().map(Day::parts).collect()));
    if let Some(season) = season {
        map.insert("season".into(), season.into());
    }
    if circa {
        map.insert("circa".into(), true.into());
    }
    Some(Value::Object(map))
}

/// A date, the end of a range, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) start: Day,
    pub(super) end: Option<Day>,
    /// 1 to 4: spring to winter.
    pub(super) season: Option<u8>,
    pub(super) circa: bool,
}

/// A year, a month of one, or a day of it.
#[expect(clippy::struct_field_names, reason = "they are the parts of a date")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) year: i16,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
}

impl Day {
    /// A day that the calendar has.
    fn new(year: i64, month: Option<i64>, day: Option<i64>) -> Option<Day> {
        const DAYS: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let year = i16::try_from(year).ok().filter(|year| *year != 0 && (-9999..=9999).contains(year))?;
        let (month, day) = match (month, day) {
            (None, None) => (None, None),
            (None, Some(_)) => return None,
            (Some(month), day) => {
                let days = DAYS.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
                let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
                let days = if month == 2 && !leap { 28 } else { *days };
                if day.is_some_and(|day| !(1..=days).contains(&day)) {
                    return None;
                }
                (u8::try_from(month).ok(), day.and_then(|day| u8::try_from(day).ok()))
            }
        };
        Some(Day { year, month, day })
    }

    fn parts(self) -> Value {
        match (self.month, self.day) {
            (Some(month), Some(day)) => json!([self.year, month, day]),
            (Some(month), None) => json!([self.year, month]),
            _ => json!([self.year]),
        }
    }
}

impl From<Day> for Date {
    fn from(start: Day) -> Self {
        Date { start, end: None, season: None, circa: false }
    }
}

/// The year of a date in any form.
pub(super) fn year(value: &Value) -> Option<i16> {
    date(value).map(|date| date.start.year)
}

/// A date in any form.
pub(super) fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Number(year) => Day::new(year.as_i64()?, None, None).map(Date::from),
        Value::String(text) => from_text(text),
        Value::Array(_) => from_parts(value),
        Value::Object(map) => {
            let given = |key: &str| map.get(key).filter(|value| !value.is_null());
            let found = if let Some(parts) = given("date-parts").or_else(|| given("date_parts")) {
                from_parts(parts)
            } else if given("year").is_some() {
                let part = |key| given(key).map_or(Some(None), |value| number(value).map(Some));
                let month = given("month")
                    .map_or(Some(None), |value| number(value).or_else(|| month(value.as_str()?).map(i64::from)).map(Some));
                Day::new(number(given("year")?)?, month?, part("day")?).map(Date::from)
            } else {
                given("raw").or_else(|| given("literal")).and_then(Value::as_str).and_then(from_text)
            };
            found.map(|date| Date {
                season: date.season.or_else(|| {
                    let value = given("season")?;
                    number(value)
                        .filter(|n| (1..=4).contains(n))
                        .and_then(|n| u8::try_from(n).ok())
                        .or_else(|| season(value.as_str()?))
                }),
                circa: date.circa
                    || given("circa").is_some_and(|value| ["true", "1"].contains(&value.to_string().trim_matches('"'))),
                ..date
            })
        }
        _ => None,
    }
}

fn from_parts(value: &Value) -> Option<Date> {
    let list = value.as_array()?;
    let day = |parts: &Value| {
        let parts = parts.as_array()?;
        // Trailing empty texts are common in exported files.
        let given = parts.iter().filter(|part| !part.is_null() && part.as_str() != Some(""));
        let numbers = given.map(number).collect::<Option<Vec<i64>>>()?;
        let numbers = numbers.split(|n| *n == 0).next()?;
        Day::new(*numbers.first()?, numbers.get(1).copied(), numbers.get(2).copied())
    };
    match list.as_slice() {
        [first, rest @ ..] if first.is_array() => Some(Date { end: rest.first().and_then(day), ..Date::from(day(first)?) }),
        _ => day(value).map(Date::from),
    }
}

/// A whole number, or a text of one.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The number of an English month, by its first three letters at least.
pub(super) fn month(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim().trim_end_matches('.').to_lowercase();
    let found = MONTHS.iter().position(|month| word.len() >= 3 && (month.starts_with(&word) || word == "sept"))?;
    u8::try_from(if word == "sept" { 9 } else { found + 1 }).ok()
}

fn season(word: &str) -> Option<u8> {
    match word.trim().to_lowercase().as_str() {
        "spring" => Some(1),
        "summer" => Some(2),
        "autumn" | "fall" => Some(3),
        "winter" => Some(4),
        _ => None,
    }
}

fn from_text(text: &str) -> Option<Date> {
    let text = text.trim();
    let bare = text.trim_end_matches(['~', '?', '%']).trim_end();
    let lower = bare.to_lowercase();
    let sure = ["circa ", "ca. ", "ca ", "c. "]
        .iter()
        .find(|word| lower.starts_with(*word))
        .map_or(bare, |word| bare[word.len()..].trim());
    let date = sure
        .split_once('/')
        .and_then(|(start, end)| {
            let open = matches!(end.trim(), "" | "..");
            Some(Date { end: if open { None } else { Some(iso(end)?) }, ..Date::from(iso(start)?) })
        })
        .or_else(|| iso(sure).map(Date::from))
        .or_else(|| worded(sure))?;
    Some(Date { circa: date.circa || sure.len() != text.len(), ..date })
}

/// `1995`, `1995-03`, `1995-03-02`, `1995/03/02`, each with a time or without.
fn iso(text: &str) -> Option<Day> {
    let text = text.trim().trim_end_matches(['~', '?', '%']);
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let text = if matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) { text.get(..10)? } else { text };
    let mut parts = text.split(['-', '/']).map(|part| {
        let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i64>().ok()).flatten()
    });
    let year = parts.next()??;
    // Two digits could be any century, so a year has four.
    (text.find(['-', '/']).unwrap_or(text.len()) == 4).then_some(())?;
    let month = parts.next().map_or(Some(None), |part| part.map(Some))?;
    let day = parts.next().map_or(Some(None), |part| part.map(Some))?;
    if parts.next().is_some() {
        return None;
    }
    Day::new(sign * year, month, day)
}

/// `March 1995`, `2 March 1995`, `1995 Mar 2`, `Spring 1995`; of `Mar-Apr 1995` the first month.
fn worded(text: &str) -> Option<Date> {
    let (mut year, mut months, mut day, mut found_season) = (None, Vec::new(), None, None);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let ordinal = ["", "st", "nd", "rd", "th"].contains(&&word[digits.len()..]);
        if let Some(month) = month(word) {
            months.push(i64::from(month));
        } else if let Some(season) = season(word) {
            found_season = Some(season);
        } else if word.len() == 4 && year.is_none() {
            year = Some(word.parse().ok()?);
        } else if digits.len() <= 2 && ordinal && day.is_none() {
            day = Some(digits.parse().ok()?);
        } else {
            return None;
        }
    }
    if months.len() > 2 || (found_season.is_some() && !months.is_empty()) {
        return None;
    }
    Some(Date { season: found_season, ..Date::from(Day::new(year?, months.first().copied(), day)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_date() {
        for (written, parts) in [
            (json!({"year": 1995, "month": 3}), "[[1995,3]]"),
            (json!({"year": 1995, "month": "March", "day": "2"}), "[[1995,3,2]]"),
            (json!({"year": "1995", "month": null}), "[[1995]]"),
            (json!({"date-parts": [[1995, 3, 2]]}), "[[1995,3,2]]"),
            (json!({"date-parts": [["1995", "3", ""]]}), "[[1995,3]]"),
            (json!({"date-parts": [[2020, 1], [2020, 4]]}), "[[2020,1],[2020,4]]"),
            (json!({"raw": "1995-03-02"}), "[[1995,3,2]]"),
            (json!({"literal": "2 March 1995"}), "[[1995,3,2]]"),
            (json!([1995, 3]), "[[1995,3]]"),
            (json!(1995), "[[1995]]"),
            (json!(-44), "[[-44]]"),
            (json!("1995"), "[[1995]]"),
            (json!("1995-03-02T10:00:00.000000Z"), "[[1995,3,2]]"),
            (json!("1995/03/02"), "[[1995,3,2]]"),
            (json!("1995-03/1995-05"), "[[1995,3],[1995,5]]"),
            (json!("2019/.."), "[[2019]]"),
            (json!("1995 Mar 2"), "[[1995,3,2]]"),
            (json!("2nd Sept. 1995"), "[[1995,9,2]]"),
            (json!("1995 Mar-Apr"), "[[1995,3]]"),
            (json!("2024-02-29"), "[[2024,2,29]]"),
        ] {
            assert_eq!(issued(&written).map(|date| date["date-parts"].to_string()).as_deref(), Some(parts), "{written}");
        }
        assert_eq!(issued(&json!("ca. 1995")), Some(json!({"date-parts": [[1995]], "circa": true})));
        assert_eq!(issued(&json!("1995~")), Some(json!({"date-parts": [[1995]], "circa": true})));
        assert_eq!(issued(&json!("Spring 1995")), Some(json!({"date-parts": [[1995]], "season": 1})));
        assert_eq!(
            issued(&json!({"date-parts": [[1995]], "season": "2", "circa": 1})),
            Some(json!({"date-parts": [[1995]], "season": 2, "circa": true}))
        );
    }

    #[test]
    fn what_is_no_date() {
        for written in [
            json!(0),
            json!(1995.5),
            json!(123_456),
            json!(i64::MIN),
            json!({"year": 1995, "month": 13}),
            json!({"year": 1995, "month": i64::MIN}),
            json!({"year": 1995, "day": 2}),
            json!({"year": 1995, "month": 2, "day": 30}),
            json!({"date-parts": []}),
            json!({"date-parts": [[]]}),
            json!({"date-parts": [[1995, 13]]}),
            json!("1995-13"),
            json!("95"),
            json!("03/02/1995"),
            json!("in press"),
            json!("2023-02-29"),
            json!("199x"),
            json!("– é 1995 😀 ß"),
            json!(""),
            json!(true),
            json!(null),
        ] {
            assert_eq!(issued(&written), None, "{written}");
        }
    }
}
