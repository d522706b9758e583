//! The hours in which a server should be left in peace.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::{Server, WindowKind};

/// The kinds of hours that hold at an instant, and how long each still lasts.
///
/// Where several of a kind hold, the one that lasts longest counts.
pub fn at(server: &Server, now: Timestamp) -> Vec<(WindowKind, Duration)> {
    let Some(zone) = server.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok()) else {
        return Vec::new();
    };
    let local = now.to_zoned(zone.clone());
    let mut holding: Vec<(WindowKind, Duration)> = Vec::new();
    for window in &server.windows {
        if !(window.from..window.to).contains(&local.time()) {
            continue;
        }
        let end = local.date().to_datetime(window.to).to_zoned(zone.clone());
        let left = end.map(|end| end.timestamp().duration_since(now));
        let left = left.ok().and_then(|left| Duration::try_from(left).ok()).unwrap_or_default();
        match holding.iter_mut().find(|(kind, _)| *kind == window.kind) {
            Some((_, longest)) => *longest = left.max(*longest),
            None => holding.push((window.kind, left)),
        }
    }
    holding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Servers;

    fn holding(instant: &str) -> String {
        let ssb = Servers::known().find("ssb").expect("in the list");
        let now = instant.parse().expect("a time");
        let said =
            at(ssb, now).into_iter().map(|(kind, left)| format!("{kind:?} {}", left.as_secs()));
        said.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn the_hours_are_those_of_oslo_in_summer_and_winter() {
        assert_eq!(holding("2026-01-15T04:01:00Z"), "Reload 240, Zeros 10740");
        assert_eq!(holding("2026-07-15T03:01:00Z"), "Reload 240, Zeros 10740");
        assert_eq!(holding("2026-07-15T05:56:00Z"), "Zeros 240, Peak 1140");
        assert_eq!(holding("2026-07-15T09:30:00Z"), "Reload 300");
        assert_eq!(holding("2026-07-15T09:35:00Z"), "");
    }

    #[test]
    fn a_server_without_a_zone_has_no_hours() {
        let server = Server::unknown("https://example.org/api/v2").expect("an address");
        assert_eq!(at(&server, "2026-07-15T03:01:00Z".parse().expect("a time")), []);
    }
}
