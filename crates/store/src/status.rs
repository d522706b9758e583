use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::StoreError;

/// How much a figure says, or why there is none.
///
/// The first four and [`Break`](ValueStatus::Break) stand beside a value; the
/// others are gaps and never do. A zero is a value.
///
/// ```
/// use store::ValueStatus;
/// assert!(ValueStatus::Suppressed.is_gap());
/// assert_eq!("ok".parse::<ValueStatus>()?, ValueStatus::Ok);
/// # Ok::<(), store::StoreError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueStatus {
    /// A final figure.
    Ok,
    /// The publisher will revise it.
    Preliminary,
    /// An estimate, the publisher's or ours; the source says whose.
    Estimated,
    /// Withheld by the publisher, to protect persons.
    Suppressed,
    /// The question does not arise here.
    NotApplicable,
    /// The source lists the cell without a usable figure, or has no cell.
    NotPublished,
    /// Nobody reported it.
    NotCollected,
    /// A value, but not comparable with earlier periods.
    Break,
}

impl ValueStatus {
    /// Every status, in the order of the list.
    pub const ALL: [ValueStatus; 8] = [
        ValueStatus::Ok,
        ValueStatus::Preliminary,
        ValueStatus::Estimated,
        ValueStatus::Suppressed,
        ValueStatus::NotApplicable,
        ValueStatus::NotPublished,
        ValueStatus::NotCollected,
        ValueStatus::Break,
    ];

    /// The word used in the snapshot, in SQL and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ValueStatus::Ok => "ok",
            ValueStatus::Preliminary => "preliminary",
            ValueStatus::Estimated => "estimated",
            ValueStatus::Suppressed => "suppressed",
            ValueStatus::NotApplicable => "not_applicable",
            ValueStatus::NotPublished => "not_published",
            ValueStatus::NotCollected => "not_collected",
            ValueStatus::Break => "break",
        }
    }

    /// Whether this status means that there is no value.
    pub fn is_gap(self) -> bool {
        match self {
            ValueStatus::Ok
            | ValueStatus::Preliminary
            | ValueStatus::Estimated
            | ValueStatus::Break => false,
            ValueStatus::Suppressed
            | ValueStatus::NotApplicable
            | ValueStatus::NotPublished
            | ValueStatus::NotCollected => true,
        }
    }
}

impl fmt::Display for ValueStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for ValueStatus {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        ValueStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| StoreError::UnknownStatus { status: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back_from_its_own_word() {
        for status in ValueStatus::ALL {
            assert_eq!(status.as_str().parse::<ValueStatus>().ok(), Some(status));
        }
    }

    #[test]
    fn the_word_of_the_facts_for_a_gap_is_not_a_status_here() {
        let error = "missing_source".parse::<ValueStatus>().expect_err("refused");
        assert_eq!(error.to_string(), "`missing_source` is not a value status");
    }
}
