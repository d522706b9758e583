//! When to ask again.

use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::{rfc2822, strtime};

use crate::Settings;

/// Chance, for waits that differ: repeatable where a seed is given.
#[derive(Debug)]
pub(crate) struct Chance(AtomicU64);

impl Chance {
    pub fn new(seed: Option<u64>) -> Chance {
        let own = || std::hash::RandomState::new().build_hasher().finish();
        Chance(AtomicU64::new(seed.unwrap_or_else(own)))
    }

    /// Some part of a pause, from nothing to all of it.
    pub fn part_of(&self, pause: Duration) -> Duration {
        // SplitMix64: a step, then a mix of the bits.
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let share = ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        pause.mul_f64(share)
    }
}

/// The longest wait before the attempt after `failures` failures: doubled each time, bounded.
pub(crate) fn longest_pause(settings: &Settings, failures: u32) -> Duration {
    let doubled = 2_u32.checked_pow(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    settings.first_pause.saturating_mul(doubled).min(settings.longest_pause)
}

/// How long `Retry-After` asks to wait: seconds, or until a date in any of HTTP's three forms.
///
/// A date that has passed asks for no wait; what cannot be read is as if it were not there.
pub(crate) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let date = http_date(value)?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, and the two old forms that a recipient must know.
fn http_date(text: &str) -> Option<Timestamp> {
    if let Ok(date) = rfc2822::parse(text) {
        return Some(date.timestamp());
    }
    let old = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    old.iter().find_map(|form| {
        let civil = strtime::parse(form, text).ok()?.to_datetime().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(value: &str) -> Option<u64> {
        let now = "1994-11-06T08:49:07Z".parse().expect("a time");
        retry_after(value, now).map(|pause| pause.as_secs())
    }

    #[test]
    fn a_server_says_when_in_seconds_or_with_a_date() {
        assert_eq!(seconds(" 120 "), Some(120));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(30));
        assert_eq!(seconds("Sunday, 06-Nov-94 08:49:37 GMT"), Some(30));
        assert_eq!(seconds("Sun Nov  6 08:49:37 1994"), Some(30));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(seconds("99999999999999999999999"), Some(u64::from(u32::MAX)));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds(""), None);
        assert_eq!(seconds("-5"), None);
    }

    #[test]
    fn waits_grow_and_are_bounded() {
        let settings = Settings::default();
        let seconds = |failures| longest_pause(&settings, failures).as_secs();
        assert_eq!([1, 2, 3, 4, 7, 90].map(seconds), [2, 4, 8, 16, 120, 120]);
    }

    #[test]
    fn chance_can_be_repeated_and_stays_within_bounds() {
        let (one, other) = (Chance::new(Some(7)), Chance::new(Some(7)));
        let whole = Duration::from_secs(10);
        let drawn: Vec<Duration> = (0..200).map(|_| one.part_of(whole)).collect();
        assert!(drawn.iter().all(|part| *part <= whole && *part == other.part_of(whole)));
        let mean = drawn.iter().sum::<Duration>() / 200;
        assert!(mean > Duration::from_secs(4) && mean < Duration::from_secs(6), "{mean:?}");
    }
}
