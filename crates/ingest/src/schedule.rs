//! When to look: publication rules.
//!
//! Freshness comes from what the agency says (`updated`, `nextUpdate`) and from
//! when it publishes, never from how long ago somebody looked.

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// When a table is expected to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
    /// Every year, or every so many years, about a day.
    Yearly {
        /// Month of the usual day.
        month: i8,
        /// The usual day.
        day: i8,
        /// Years between.
        every: i16,
    },
    /// About seven weeks after each quarter.
    Quarterly,
    /// About the middle of each month.
    Monthly,
    /// KOSTRA: first figures on 15 March, revised ones on 15 June.
    Kostra,
    /// After the elections, every second autumn.
    Elections,
    /// Never again.
    Ended,
}

impl Cadence {
    /// First expected day of news after `day`; `None` when there will be none.
    pub fn after(self, day: Date) -> Option<Date> {
        let days: Vec<Date> = match self {
            Cadence::Ended => return None,
            Cadence::Yearly { month, day: on, every } => {
                return yearly(day, (month, on), every);
            }
            Cadence::Kostra => in_years(day, &[(3, 15), (6, 15)]),
            Cadence::Quarterly => in_years(day, &[(2, 20), (5, 20), (8, 20), (11, 20)]),
            Cadence::Monthly => {
                let days: Vec<(i8, i8)> = (1..=12).map(|month| (month, 15)).collect();
                in_years(day, &days)
            }
            // Parliament in 2025, municipal councils in 2027, and so on.
            Cadence::Elections => {
                let all = in_years(day, &[(11, 1)]);
                all.into_iter().filter(|day| day.year() % 2 == 1).collect()
            }
        };
        days.into_iter().find(|candidate| *candidate > day)
    }
}

/// The first such day after `day`; with several years between, counted from the last news.
fn yearly(day: Date, (month, on): (i8, i8), every: i16) -> Option<Date> {
    let in_year = |year: i16| Date::new(year, month, on).ok();
    let this = in_year(day.year())?;
    // News some weeks before or after the usual day are those of that day.
    let heard = this.checked_sub(45.days()).ok()? <= day;
    let year = if heard { day.year() + every } else { day.year() + every - 1 };
    in_year(year)
}

fn in_years(day: Date, days: &[(i8, i8)]) -> Vec<Date> {
    let years = day.year()..=day.year() + 2;
    years
        .flat_map(|year| {
            days.iter().filter_map(move |(month, on)| Date::new(year, *month, *on).ok())
        })
        .collect()
}

/// The day on which a table is due again: the agency's own word before the rule.
///
/// `updated` is when the held version was changed, `next_update` what the agency announces;
/// both as the agency writes them. `None` when nothing is expected.
///
/// ```
/// use ingest::{Cadence, next_due};
/// let due = next_due(Cadence::Kostra, Some("2026-03-16T07:00:00Z"), None);
/// assert_eq!(due.expect("a day").to_string(), "2026-06-15");
/// ```
pub fn next_due(
    cadence: Cadence,
    updated: Option<&str>,
    next_update: Option<&str>,
) -> Option<Date> {
    let day_of = |text: &str| text.get(..10)?.parse::<Date>().ok();
    let updated = updated.and_then(day_of)?;
    let announced = next_update.and_then(day_of).filter(|next| *next > updated);
    announced.or_else(|| cadence.after(updated))
}

/// The next moment at which to look for news: after the publication hour, outside the quiet hours.
///
/// Looks once a day, at 08:40 in Oslo, some minutes past the peak. The offset keeps many
/// installations from coming at once: pass a number that is each one's own.
pub fn next_moment(now: Timestamp, offset_minutes: u8) -> Timestamp {
    let here = now.to_zoned(oslo());
    let at = time(8, 40, 0, 0).saturating_add(i64::from(offset_minutes.min(60)).minutes());
    let mut day = here.date();
    loop {
        let moment: Option<Zoned> = day.to_datetime(at).to_zoned(here.time_zone().clone()).ok();
        match moment {
            Some(moment) if moment.timestamp() > now => return moment.timestamp(),
            _ => match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => return now,
            },
        }
    }
}

/// Oslo's clock by its rule, so that no list of time zones is needed.
fn oslo() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(cadence: Cadence, updated: &str) -> String {
        cadence
            .after(updated.parse().expect("a date"))
            .map_or("never".to_owned(), |day| day.to_string())
    }

    #[test]
    fn news_are_expected_when_the_agency_publishes() {
        let population = Cadence::Yearly { month: 2, day: 20, every: 1 };
        assert_eq!(due(population, "2026-02-19"), "2027-02-20", "a day early is this year's");
        assert_eq!(due(population, "2025-11-02"), "2026-02-20", "a correction in autumn");
        assert_eq!(due(population, "2026-02-20"), "2027-02-20");
        let projection = Cadence::Yearly { month: 6, day: 15, every: 2 };
        assert_eq!(due(projection, "2026-06-10"), "2028-06-15");
        assert_eq!(due(Cadence::Kostra, "2026-03-16"), "2026-06-15");
        assert_eq!(due(Cadence::Kostra, "2026-06-15"), "2027-03-15");
        assert_eq!(due(Cadence::Quarterly, "2026-11-20"), "2027-02-20");
        assert_eq!(due(Cadence::Monthly, "2026-12-15"), "2027-01-15");
        assert_eq!(due(Cadence::Elections, "2025-11-20"), "2027-11-01");
        assert_eq!(due(Cadence::Ended, "2024-03-01"), "never");
    }

    #[test]
    fn the_agencys_own_announcement_goes_before_the_rule() {
        let rule = Cadence::Yearly { month: 2, day: 20, every: 1 };
        let due = |next| next_due(rule, Some("2026-02-19T07:00:00Z"), next).expect("a day");
        assert_eq!(due(Some("2027-02-18T07:00:00Z")), Date::constant(2027, 2, 18));
        assert_eq!(
            due(Some("2026-02-19T07:00:00Z")),
            Date::constant(2027, 2, 20),
            "one that has passed"
        );
        assert_eq!(next_due(rule, None, None), None);
    }

    #[test]
    fn the_clock_is_that_of_oslo_in_summer_and_winter() {
        let next = |now: &str| next_moment(now.parse().expect("a moment"), 5).to_string();
        assert_eq!(next("2026-01-15T07:00:00Z"), "2026-01-15T07:45:00Z");
        assert_eq!(next("2026-07-15T07:00:00Z"), "2026-07-16T06:45:00Z");
        assert_eq!(next("2026-03-28T12:00:00Z"), "2026-03-29T06:45:00Z", "the night of the change");
    }
}
