//! A calendar date, as authors write it and other generators export it.

use std::fmt;

use bitcode::{Decode, Encode};
use serde::de::{Deserializer, Error, Unexpected};
use serde::{Serialize, Serializer};

use super::FromData;

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month, counted from 1.
    pub day: i8,
}

impl Date {
    /// Reads `2026-11-24`, also with a time after it (`T16:29:27.838826`, ` 10:00:00 +0000`), which is dropped:
    /// that is how Eleventy, Hugo and Jekyll write dates.
    pub fn parse(text: &str) -> Option<Date> {
        let (day, rest) = text.trim().split_at_checked(10)?;
        let is_time = rest.is_empty() || rest.starts_with('T') || rest.starts_with('t') || rest.starts_with(' ');
        let date: jiff::civil::Date = is_time.then(|| day.parse().ok())??;
        (date.year() >= 1).then(|| Date { year: date.year(), month: date.month(), day: date.day() })
    }

    /// The day a number of days later.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Date {
        self.plus(jiff::Span::new().days(days))
    }

    /// The same day some years later; the 29th of February becomes the 28th.
    #[must_use]
    pub fn plus_years(self, years: i16) -> Date {
        self.plus(jiff::Span::new().years(years))
    }

    /// Dates end with the year 9999.
    fn plus(self, span: jiff::Span) -> Date {
        let day = jiff::civil::Date::new(self.year, self.month, self.day).ok();
        day.and_then(|day| day.checked_add(span).ok()).map_or(self, |day| Date {
            year: day.year(),
            month: day.month(),
            day: day.day(),
        })
    }

    /// The name of the month in English.
    pub fn month_name(self) -> &'static str {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        usize::try_from(self.month - 1).ok().and_then(|month| NAMES.get(month)).copied().unwrap_or_default()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromData for Date {
    fn from_data<'de, D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        let text = String::from_data(data)?;
        Date::parse(&text).ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &"a date such as 2026-11-24"))
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_of_other_generators_are_read() {
        let day = Some(Date { year: 2025, month: 11, day: 5 });
        for text in ["2025-11-05", "2025-11-05T16:29:27.838826", "2025-11-05 10:00:00 +0000", "2025-11-05T10:00:00Z"] {
            assert_eq!(Date::parse(text), day, "{text}");
        }
        for text in ["", "2025", "2025-13-01", "2025-02-30", "2025-11-051", "5 November 2025", "2025-11-0é"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
