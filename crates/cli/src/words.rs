//! Amounts as people say them.

use std::time::Duration;

use evidence::Language;

use crate::commands::Session;

/// Bytes in the unit that gives one to three digits before the decimals.
pub fn bytes(language: Language, bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut amount, mut unit) = (bytes as f64, 0);
    while amount >= 1000.0 && unit + 1 < units.len() {
        amount /= 1000.0;
        unit += 1;
    }
    let decimals = usize::from(unit > 0 && amount < 10.0);
    format!("{} {}", language.number(amount, decimals), units[unit])
}

/// A length of time in its two largest units.
pub fn duration(session: &Session<'_>, duration: Duration) -> String {
    let seconds = duration.as_secs_f64().ceil() as u64;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let [hours_text, minutes_text, rest_text] = [hours, minutes, rest].map(|n| n.to_string());
    let places =
        [("hours", hours_text.as_str()), ("minutes", &minutes_text), ("seconds", &rest_text)];
    let key = match (hours, minutes) {
        (0, 0) => "time.seconds",
        (0, _) => "time.minutes",
        _ => "time.hours",
    };
    session.say(key, &places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_in_a_unit_that_fits() {
        let said =
            [0, 999, 1_000, 45_678, 8_200_000, 3_000_000_000].map(|n| bytes(Language::English, n));
        assert_eq!(said, ["0 B", "999 B", "1.0 kB", "46 kB", "8.2 MB", "3.0 GB"]);
    }
}
