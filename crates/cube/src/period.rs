use std::fmt;

use jiff::civil::Date;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodKind {
    /// `2024`
    Year,
    /// `2024H1`
    HalfYear,
    /// `2024T1`: four months
    Third,
    /// `2024K1`, `2024Q1`, `2024-Q1`
    Quarter,
    /// `2024M03`, `2024-03`
    Month,
    /// `2024U05`, `2024W05`: ISO weeks
    Week,
    /// `2024-03-01`, `2024M03D01`, `20240301`
    Day,
}

/// A real period of time, read from a statistical code.
///
/// ```
/// use cube::Period;
/// let quarter = Period::parse("2024K3").expect("a quarter");
/// assert_eq!(quarter.start().to_string(), "2024-07-01");
/// assert_eq!(quarter.end().to_string(), "2024-09-30");
/// assert_eq!(Period::parse("2024-Q3"), Some(quarter));
/// assert_eq!(Period::parse("17"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    start: Date,
    kind: PeriodKind,
}

impl Period {
    /// Reads a code as PxWeb, Eurostat or ISO 8601 write it; letters in any case.
    ///
    /// Running numbers, as Greenland and Oslo use for time, are not periods.
    pub fn parse(code: &str) -> Option<Period> {
        let (year, rest) = code.split_at_checked(4)?;
        if !code.is_ascii() || !all_digits(year) {
            return None;
        }
        let year: i16 = year.parse().ok().filter(|year| (1000..=9998).contains(year))?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        if rest.is_empty() {
            return (code.len() == 4).then(|| first(year, 1, PeriodKind::Year))?;
        }
        let letter = rest.chars().next()?.to_ascii_uppercase();
        let number = |text: &str| text.parse::<i8>().ok().filter(|_| all_digits(text));
        match letter {
            'H' => part(year, number(&rest[1..])?, 6, PeriodKind::HalfYear),
            'T' => part(year, number(&rest[1..])?, 4, PeriodKind::Third),
            'K' | 'Q' => part(year, number(&rest[1..])?, 3, PeriodKind::Quarter),
            'U' | 'W' => week(year, number(&rest[1..])?),
            'M' => match rest[1..].split_once(['D', 'd']) {
                Some((month, day)) => day_of(year, number(month)?, number(day)?),
                None => part(year, number(&rest[1..])?, 1, PeriodKind::Month),
            },
            _ => match (rest.len(), rest.split_once('-')) {
                (2, _) if code.len() == 7 => part(year, number(rest)?, 1, PeriodKind::Month),
                (_, Some((month, day))) => day_of(year, number(month)?, number(day)?),
                (4, _) if code.len() == 8 => day_of(year, number(&rest[..2])?, number(&rest[2..])?),
                _ => None,
            },
        }
    }

    /// First day.
    pub fn start(self) -> Date {
        self.start
    }

    /// Last day.
    pub fn end(self) -> Date {
        use jiff::ToSpan;
        let span = match self.kind {
            PeriodKind::Year => 12.months(),
            PeriodKind::HalfYear => 6.months(),
            PeriodKind::Third => 4.months(),
            PeriodKind::Quarter => 3.months(),
            PeriodKind::Month => 1.months(),
            PeriodKind::Week => 7.days(),
            PeriodKind::Day => 1.days(),
        };
        // Years end at 9998, so that the next period begins within the calendar.
        self.start.saturating_add(span).yesterday().unwrap_or(self.start)
    }

    /// How long it is.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// The year it is counted to; for weeks the ISO year.
    pub fn year(self) -> i16 {
        match self.kind {
            PeriodKind::Week => self.start.iso_week_date().year(),
            _ => self.start.year(),
        }
    }
}

/// As ISO 8601 has it, and where it has nothing, as PxWeb does: `2024`, `2024-Q1`, `2024-03`, `2024-W05`.
impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.year(), self.start.month());
        match self.kind {
            PeriodKind::Year => write!(formatter, "{year}"),
            PeriodKind::HalfYear => write!(formatter, "{year}-H{}", (month - 1) / 6 + 1),
            PeriodKind::Third => write!(formatter, "{year}-T{}", (month - 1) / 4 + 1),
            PeriodKind::Quarter => write!(formatter, "{year}-Q{}", (month - 1) / 3 + 1),
            PeriodKind::Month => write!(formatter, "{year}-{month:02}"),
            PeriodKind::Week => {
                write!(formatter, "{year}-W{:02}", self.start.iso_week_date().week())
            }
            PeriodKind::Day => write!(formatter, "{}", self.start),
        }
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn first(year: i16, month: i8, kind: PeriodKind) -> Option<Period> {
    Some(Period { start: Date::new(year, month, 1).ok()?, kind })
}

fn part(year: i16, number: i8, months: i8, kind: PeriodKind) -> Option<Period> {
    let last = 12 / months;
    (1..=last).contains(&number).then(|| first(year, (number - 1) * months + 1, kind))?
}

fn week(year: i16, number: i8) -> Option<Period> {
    use jiff::civil::{ISOWeekDate, Weekday};
    let start = ISOWeekDate::new(year, number, Weekday::Monday).ok()?.date();
    Some(Period { start, kind: PeriodKind::Week })
}

fn day_of(year: i16, month: i8, day: i8) -> Option<Period> {
    Some(Period { start: Date::new(year, month, day).ok()?, kind: PeriodKind::Day })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str) -> String {
        match Period::parse(code) {
            None => format!("{code}: not a period"),
            Some(period) => format!("{period}: {} to {}", period.start(), period.end()),
        }
    }

    #[test]
    fn codes_of_every_agency_become_days() {
        let codes = [
            "2024",
            "2024H2",
            "2024T3",
            "2024K4",
            "2024Q1",
            "2024-Q1",
            "2024M02",
            "2024m12",
            "2024-02",
            "2024U01",
            "2020W53",
            "2024M02D29",
            "2024-02-29",
            "20240229",
        ];
        let lines: Vec<String> = codes.iter().map(|code| shown(code)).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        2024: 2024-01-01 to 2024-12-31
        2024-H2: 2024-07-01 to 2024-12-31
        2024-T3: 2024-09-01 to 2024-12-31
        2024-Q4: 2024-10-01 to 2024-12-31
        2024-Q1: 2024-01-01 to 2024-03-31
        2024-Q1: 2024-01-01 to 2024-03-31
        2024-02: 2024-02-01 to 2024-02-29
        2024-12: 2024-12-01 to 2024-12-31
        2024-02: 2024-02-01 to 2024-02-29
        2024-W01: 2024-01-01 to 2024-01-07
        2020-W53: 2020-12-28 to 2021-01-03
        2024-02-29: 2024-02-29 to 2024-02-29
        2024-02-29: 2024-02-29 to 2024-02-29
        2024-02-29: 2024-02-29 to 2024-02-29
        ");
    }

    #[test]
    fn what_is_not_a_period_is_not_guessed_at() {
        for code in [
            "",
            "17",
            "2024M13",
            "2024K0",
            "2024U54",
            "2024-2024",
            "202",
            "2024-",
            "år24",
            "2023-2024",
        ] {
            assert_eq!(Period::parse(code), None, "{code}");
        }
    }
}
