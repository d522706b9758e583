//! `TIMEVAL` and the times at which things happened.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::names::one;
use super::statement::{Statement, Token};
use crate::{Period, PeriodKind};

/// PX writes local time without a zone. Statistics Norway, Sweden and Denmark live in this one;
/// files from elsewhere are off by an hour or two, which the raw lines show.
const ZONE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// Longest list of periods that an interval may stand for.
const LONGEST: usize = 10_000;

/// `20230615 08:00` as `2023-06-15T06:00:00Z`.
pub(super) fn to_utc(written: &str) -> Option<String> {
    let format = if written.trim().contains(':') { "%Y%m%d %H:%M" } else { "%Y%m%d" };
    let written = written.trim();
    let local = match format {
        "%Y%m%d" => {
            jiff::civil::Date::strptime(format, written).ok()?.to_datetime(Default::default())
        }
        format => DateTime::strptime(format, written).ok()?,
    };
    let instant = local.to_zoned(TimeZone::posix(ZONE).ok()?).ok()?.timestamp();
    Some(instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// `2023-06-15T06:00:00Z` as `20230615 08:00`.
pub(super) fn to_local(written: &str) -> Option<String> {
    let local = match written.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.to_zoned(TimeZone::posix(ZONE).ok()?).datetime(),
        Err(_) => written.parse::<DateTime>().ok()?,
    };
    Some(local.strftime("%Y%m%d %H:%M").to_string())
}

/// `A1` for years, `M1` for months, ….
pub(super) fn scale(codes: &[String]) -> Option<&'static str> {
    let kind = Period::parse(codes.first()?)?.kind();
    let is_same = |code: &String| Period::parse(code).is_some_and(|one| one.kind() == kind);
    codes.iter().all(is_same).then_some(match kind {
        PeriodKind::Year => "A1",
        PeriodKind::HalfYear => "H1",
        PeriodKind::Third => "T1",
        PeriodKind::Quarter => "Q1",
        PeriodKind::Month => "M1",
        PeriodKind::Week => "W1",
        PeriodKind::Day => "D1",
    })
}

/// The scale that `TIMEVAL` states, as in `TLIST(A1)`.
pub(super) fn stated_scale(statement: &Statement) -> Option<&str> {
    match statement.tokens.as_slice() {
        [Token::Word(list), Token::Mark('('), Token::Word(scale), ..]
            if list.eq_ignore_ascii_case("TLIST") =>
        {
            Some(scale)
        }
        _ => None,
    }
}

/// The periods of `TIMEVAL`, listed or as an interval; for files that have them nowhere else,
/// since this list need not be in the order of the values.
pub(super) fn periods(statements: &[Statement], variable: &str) -> Option<Vec<String>> {
    let statement = one(statements, "TIMEVAL", &[variable])?;
    let scale = stated_scale(statement)?;
    let texts: Vec<&String> = statement
        .tokens
        .iter()
        .filter_map(|token| match token {
            Token::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    let is_interval = statement.tokens.contains(&Token::Word("-".to_owned()));
    match (texts.as_slice(), is_interval) {
        ([], _) => None,
        ([first, last], true) => interval(scale, first, last),
        (texts, _) => Some(texts.iter().map(|text| (*text).clone()).collect()),
    }
}

/// All periods from the first to the last, spelled as the first.
fn interval(scale: &str, first: &str, last: &str) -> Option<Vec<String>> {
    let (parts, width) = match scale {
        "A1" => (1, 0),
        "H1" => (2, 1),
        "T1" => (3, 1),
        "Q1" => (4, 1),
        "M1" => (12, 2),
        _ => return None,
    };
    let number = |written: &str| -> Option<usize> {
        let year: usize = written.get(..4)?.parse().ok()?;
        let part = match width {
            0 => 1,
            width => written.get(written.len().checked_sub(width)?..)?.parse().ok()?,
        };
        (1..=parts).contains(&part).then(|| year * parts + part - 1)
    };
    let letter = first.get(4..first.len().checked_sub(width)?)?;
    let numbers = number(first)?..=number(last)?;
    if numbers.end().checked_sub(*numbers.start())? > LONGEST {
        return None;
    }
    let spell = |number: usize| match width {
        0 => format!("{:04}", number / parts),
        width => format!("{:04}{letter}{:0width$}", number / parts, number % parts + 1),
    };
    Some(numbers.map(spell).collect())
}
