//! Times that people read: RFC 3339, UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use crate::StoreError;

/// Now, to the millisecond.
pub(super) fn now() -> String {
    let now = Timestamp::now();
    now.round(Unit::Millisecond).unwrap_or(now).to_string()
}

/// The same moment in UTC, as this archive writes it.
pub(super) fn normal(text: &str) -> Result<String, StoreError> {
    parse(text).map(|time| time.to_string())
}

/// A moment.
pub(super) fn parse(text: &str) -> Result<Timestamp, StoreError> {
    text.trim().parse().map_err(|_| StoreError::Time { text: text.to_owned() })
}

/// A moment, or the last one of a day in UTC.
pub(super) fn parse_or_end_of_day(text: &str) -> Result<Timestamp, StoreError> {
    let Ok(date) = text.trim().parse::<Date>() else { return parse(text) };
    if text.contains(['T', 't', ' ']) {
        return parse(text);
    }
    date.at(23, 59, 59, 999_999_999)
        .to_zoned(TimeZone::UTC)
        .map(|end| end.timestamp())
        .map_err(|_| StoreError::Time { text: text.to_owned() })
}

/// Nanoseconds since 1970, for comparing; times of the years 1678 to 2262.
pub(super) fn since_1970_ns(time: Timestamp) -> i64 {
    let limit = if time.as_second() < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(time.as_nanosecond()).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lasts_to_its_end() {
        let end = parse_or_end_of_day("2026-03-01").expect("a date");
        assert!(end >= parse("2026-03-01T23:59:59Z").expect("a time"));
        assert!(end < parse("2026-03-02T00:00:00Z").expect("a time"));
    }

    #[test]
    fn times_are_compared_and_kept_in_utc() {
        assert_eq!(normal("2026-03-01T08:00:00+01:00").expect("a time"), "2026-03-01T07:00:00Z");
        for wrong in ["", "yesterday", "2026-13-01", "2026-03-01T08:00:00", "2026-03"] {
            assert!(parse_or_end_of_day(wrong).is_err(), "{wrong}");
        }
    }
}
