use std::time::Duration;

use crate::transport::header;

/// Calls allowed in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Calls.
    pub calls: u32,
    /// Window.
    pub window: Duration,
}

/// The window that servers count in when they do not say.
const USUAL_WINDOW: Duration = Duration::from_secs(60);

impl Pace {
    /// For a server that says nothing: 30 calls a minute.
    pub const CAREFUL: Pace = Pace { calls: 30, window: USUAL_WINDOW };

    /// A pace at which neither this nor the other is ever exceeded.
    ///
    /// Where neither implies the other, as 40 a minute and 30 in ten seconds, calls are spaced
    /// out evenly when that is faster than the fewest calls in the longest window.
    #[must_use]
    pub fn and(self, other: Pace) -> Pace {
        let both = Pace {
            calls: self.calls.min(other.calls).max(1),
            window: self.window.max(other.window),
        };
        if both == self || both == other {
            return both;
        }
        let spaced = Pace { calls: 1, window: self.spacing().max(other.spacing()) };
        if spaced.window.saturating_mul(both.calls) < both.window { spaced } else { both }
    }

    /// How long so many calls take, after the window has been filled once.
    pub fn takes(self, calls: u64) -> Duration {
        let full = calls.saturating_sub(1) / u64::from(self.calls.max(1));
        self.window.saturating_mul(u32::try_from(full).unwrap_or(u32::MAX))
    }

    /// What the headers of an answer say, `x-ratelimit-policy: 40;w=60s` or the limit alone.
    pub fn from_headers(headers: &[(String, String)]) -> Option<Pace> {
        let policy = header(headers, "x-ratelimit-policy").and_then(read_policy);
        policy.or_else(|| {
            let calls = header(headers, "x-ratelimit-limit")?.trim().parse().ok()?;
            (calls > 0).then_some(Pace { calls, window: USUAL_WINDOW })
        })
    }

    /// So far apart, calls never exceed this pace: `calls` of them span the window.
    fn spacing(self) -> Duration {
        // Rounded up: a nanosecond less would let one more call into the window.
        self.window / self.calls.saturating_sub(1).max(1) + Duration::from_nanos(1)
    }
}

/// `40;w=60s`, also without the `s`.
fn read_policy(policy: &str) -> Option<Pace> {
    let mut parts = policy.split(';').map(str::trim);
    let calls = parts.next()?.parse().ok().filter(|calls| *calls > 0)?;
    let window = parts.find_map(|part| part.strip_prefix("w="))?;
    let seconds = window.trim_end_matches('s').parse().ok().filter(|seconds| *seconds > 0)?;
    Some(Pace { calls, window: Duration::from_secs(seconds) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pace(calls: u32, seconds: u64) -> Pace {
        Pace { calls, window: Duration::from_secs(seconds) }
    }

    fn said(name: &str, value: &str) -> Option<Pace> {
        Pace::from_headers(&[(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn headers_say_a_pace() {
        assert_eq!(said("x-ratelimit-policy", "40;w=60s"), Some(pace(40, 60)));
        assert_eq!(said("x-ratelimit-policy", "10; w=1"), Some(pace(10, 1)));
        assert_eq!(said("x-ratelimit-limit", "40"), Some(pace(40, 60)));
        assert_eq!(said("x-ratelimit-policy", "0;w=60"), None);
        assert_eq!(said("x-ratelimit-limit", "many"), None);
    }

    #[test]
    fn the_lower_of_two_paces_counts() {
        assert_eq!(pace(40, 60).and(pace(30, 60)), pace(30, 60));
        assert_eq!(pace(30, 10).and(pace(30, 60)), pace(30, 60));
    }

    #[test]
    fn paces_that_do_not_imply_each_other_are_met_by_spacing() {
        let both = pace(40, 60).and(pace(30, 10));
        assert_eq!(both.calls, 1);
        assert_eq!(both.window.as_millis(), 1_538);
    }

    /// The most calls that a pace lets into a window of another length.
    fn most(pace: Pace, window: Duration) -> u128 {
        let (window, own) = (window.as_nanos(), pace.window.as_nanos());
        match pace.calls {
            1 => window / own + 1,
            calls => u128::from(calls) * window.div_ceil(own),
        }
    }

    proptest! {
        #[test]
        fn neither_pace_is_exceeded(a in (1..60_u32, 1..120_u64), b in (1..60_u32, 1..120_u64)) {
            let (a, b) = (pace(a.0, a.1), pace(b.0, b.1));
            let both = a.and(b);
            for one in [a, b] {
                prop_assert!(
                    most(both, one.window) <= u128::from(one.calls.max(2)),
                    "{both:?} lets {} into {one:?}", most(both, one.window)
                );
            }
        }
    }
}
