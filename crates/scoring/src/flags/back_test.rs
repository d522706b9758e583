//! How often a flag came before what it warns of.
//!
//! Every year in which a unit was judged is one case, and is held against the
//! years after it: raised and the event came (hit), raised and it did not
//! (false alarm), clear and it came (miss), clear and it did not (quiet). A
//! case whose flag or whose window is not wholly known is left out, unless the
//! event is seen in the part that is.
//!
//! Intervals are Wilson's (1927) at 95 %. Cases of one unit in years after
//! each other share most of their figures, so the true uncertainty is greater.

use serde::Serialize;

/// Events below which nothing is told.
pub const LEAST_EVENTS: usize = 10;

/// Years after a case in which the event counts, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first, at least 1.
    pub after: u32,
    /// The last.
    pub within: u32,
}

/// Whether something was so, by unit and then by year; `None` where nobody knows.
pub type Record = Vec<Vec<Option<bool>>>;

/// A share of cases with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// The share, 0 to 1.
    pub share: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How many cases it is of.
    pub of: usize,
}

/// The cases of a flag, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct BackTest {
    /// Raised, and the event came.
    pub hits: usize,
    /// Raised, and it did not.
    pub false_alarms: usize,
    /// Clear, and it came.
    pub misses: usize,
    /// Clear, and it did not.
    pub quiet: usize,
    /// Cases that could not be counted.
    pub left_out: usize,
    /// Different events: one unit in one year.
    pub events: usize,
    /// What follows; absent with too few events to say.
    pub rates: Option<Rates>,
}

/// What the counts of a back-test say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rates {
    /// Of the cases in which the event came, those with the flag raised.
    pub hit_rate: Rate,
    /// Of the cases in which it did not, those with the flag raised; absent where it always came.
    pub false_alarm_rate: Option<Rate>,
    /// Of the cases with the flag raised, those in which it came; absent for a flag never raised.
    pub precision: Option<Rate>,
    /// Of all cases, those in which it came: what a flag that knows nothing would get.
    pub base_rate: Rate,
    /// Median years from a raised flag to the event; absent without a hit.
    pub lead_time_years: Option<f64>,
}

/// Counts how often a flag came before an event.
///
/// `years` rise and name the columns of both records, which have the same units. With fewer
/// than `least_events` different events the counts stand alone, without rates.
pub fn back_test(
    years: &[i32],
    flag: &Record,
    event: &Record,
    window: Window,
    least_events: usize,
) -> BackTest {
    let mut test = BackTest::default();
    let (mut leads, mut events) = (Vec::new(), std::collections::BTreeSet::new());
    for (unit, (raised, came)) in flag.iter().zip(event).enumerate() {
        for (at, raised) in raised.iter().enumerate() {
            let outcome = outcome((years, at), came, window);
            match (raised, outcome) {
                (Some(true), Some(Some(_))) => test.hits += 1,
                (Some(true), Some(None)) => test.false_alarms += 1,
                (Some(false), Some(Some(_))) => test.misses += 1,
                (Some(false), Some(None)) => test.quiet += 1,
                _ => {
                    test.left_out += 1;
                    continue;
                }
            }
            if let Some(Some(year)) = outcome {
                events.insert((unit, year));
                if *raised == Some(true) {
                    leads.push(f64::from(year - years[at]));
                }
            }
        }
    }
    test.events = events.len();
    test.rates = (test.events >= least_events.max(1)).then(|| rates(&test, leads)).flatten();
    test
}

/// Returns the year of the first event in the window, `Some(None)` where there surely is none,
/// and `None` where nobody knows.
fn outcome(
    (years, at): (&[i32], usize),
    came: &[Option<bool>],
    window: Window,
) -> Option<Option<i32>> {
    let mut is_known = true;
    for later in window.after..=window.within {
        let year = years[at].saturating_add_unsigned(later);
        let known = years.binary_search(&year).ok().and_then(|at| came.get(at).copied().flatten());
        match known {
            Some(true) => return Some(Some(year)),
            Some(false) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(None)
}

fn rates(test: &BackTest, leads: Vec<f64>) -> Option<Rates> {
    let came = test.hits + test.misses;
    let stayed_away = test.false_alarms + test.quiet;
    let leads = crate::normalise::sorted(leads.into_iter());
    Some(Rates {
        hit_rate: wilson(test.hits, came)?,
        false_alarm_rate: wilson(test.false_alarms, stayed_away),
        precision: wilson(test.hits, test.hits + test.false_alarms),
        base_rate: wilson(came, came + stayed_away)?,
        lead_time_years: crate::normalise::quantile(&leads, 0.5),
    })
}

/// Returns a share with Wilson's interval at 95 %; `None` of no cases.
///
/// (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) ÷ (1 + z²/n), z = 1.959964 (Wilson 1927).
pub fn wilson(of_these: usize, cases: usize) -> Option<Rate> {
    const Z: f64 = 1.959_963_984_540_054;
    let n = cases as f64;
    let share = (cases > 0).then(|| of_these as f64 / n)?;
    let middle = share + Z * Z / (2.0 * n);
    let reach = Z * libm::sqrt(share * (1.0 - share) / n + Z * Z / (4.0 * n * n));
    let whole = 1.0 + Z * Z / n;
    // Rounding must not carry an end past the share itself.
    let low = ((middle - reach) / whole).clamp(0.0, share);
    let high = ((middle + reach) / whole).clamp(share, 1.0);
    Some(Rate { share, low, high, of: cases })
}
