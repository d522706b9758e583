use jiff::civil::Date;

/// Why a history or a conversion could not be made.
///
/// Each variant has a [key](HistoryError::key) and [places](HistoryError::places), from which
/// a sentence is made in the reader's language.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The changes lead from a code back to itself.
    #[error("the changes lead in a circle: {}", codes.join(" -> "))]
    Circle {
        /// Codes on the way, the first again as the last.
        codes: Vec<String>,
    },
    /// A code is said to have become itself, although it ended.
    #[error("`{code}` is said to have become itself on {date}")]
    Itself {
        /// The code.
        code: String,
        /// When.
        date: Date,
    },
    /// A code ends before it began, or twice.
    #[error("`{code}` ends on {ends}, which does not fit `{other}` on {date}")]
    OutOfOrder {
        /// The code.
        code: String,
        /// When it ends.
        ends: Date,
        /// The code of the change it does not fit.
        other: String,
        /// The day of that change.
        date: Date,
    },
    /// The parts of an old unit are more or less than the whole.
    #[error("the shares of `{code}` in {} add up to {sum}, not to 1", parts.join(", "))]
    Sum {
        /// The old code.
        code: String,
        /// The new codes.
        parts: Vec<String>,
        /// What the shares add up to.
        sum: f64,
    },
    /// A share is not a number between 0 and 1.
    #[error("the share of `{code}` in `{part}` is {weight}, which is no share")]
    NoShare {
        /// The old code.
        code: String,
        /// The new code.
        part: String,
        /// What was given.
        weight: f64,
    },
    /// A code that ended is in force on the same day under another name.
    #[error("`{code}` ended as `{old_name}` on {date} and is in force then as `{new_name}`")]
    AliveAtBothEnds {
        /// The code.
        code: String,
        /// Its name before.
        old_name: String,
        /// Its name after.
        new_name: String,
        /// When.
        date: Date,
    },
    /// Which codes followed cannot be told from a table that names only today's.
    #[error("what `{code}` became on {date} cannot be told: {} all fit", candidates.join(", "))]
    Ambiguous {
        /// The old code.
        code: String,
        /// When it ended.
        date: Date,
        /// Codes that may have followed.
        candidates: Vec<String>,
    },
    /// A code is mapped to one that neither is in force nor ever ended.
    #[error("`{code}` is said to have become `{part}`, which is no region")]
    Unknown {
        /// The old code.
        code: String,
        /// The unknown one.
        part: String,
    },
    /// A region has several parts on the other map and nobody has said how large each is.
    #[error("`{code}` of {from_year} lies in {} in {to_year}; shares for these are needed", parts.join(", "))]
    SharesNeeded {
        /// Code on the map to convert from.
        code: String,
        /// Codes on the map to convert to.
        parts: Vec<String>,
        /// Year of the first.
        from_year: i16,
        /// Year of the second.
        to_year: i16,
    },
    /// A region ended and nothing is known to have followed it; what it counted would be lost.
    #[error("`{code}` of {from_year} ended before {to_year}, and nothing followed it")]
    NothingFollowed {
        /// Code on the map to convert from.
        code: String,
        /// Year of that map.
        from_year: i16,
        /// Year of the other.
        to_year: i16,
    },
    /// No map of that year is known.
    #[error("no map of {year} is known; the history has {first} to {last}")]
    NoMap {
        /// Year asked for.
        year: i16,
        /// First year known.
        first: i16,
        /// Last year known.
        last: i16,
    },
}

impl HistoryError {
    /// Name of the sentence that says this in a language: `fault.history.<key>`.
    pub fn key(&self) -> &'static str {
        match self {
            HistoryError::Circle { .. } => "circle",
            HistoryError::Itself { .. } => "itself",
            HistoryError::OutOfOrder { .. } => "out_of_order",
            HistoryError::Sum { .. } => "sum",
            HistoryError::NoShare { .. } => "no_share",
            HistoryError::AliveAtBothEnds { .. } => "alive_at_both_ends",
            HistoryError::Ambiguous { .. } => "ambiguous",
            HistoryError::Unknown { .. } => "unknown",
            HistoryError::SharesNeeded { .. } => "shares_needed",
            HistoryError::NothingFollowed { .. } => "nothing_followed",
            HistoryError::NoMap { .. } => "no_map",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            HistoryError::Circle { codes } => vec![("codes", codes.join(" → "))],
            HistoryError::Itself { code, date } => {
                vec![("code", code.clone()), ("date", date.to_string())]
            }
            HistoryError::OutOfOrder { code, ends, other, date } => vec![
                ("code", code.clone()),
                ("ends", ends.to_string()),
                ("other", other.clone()),
                ("date", date.to_string()),
            ],
            HistoryError::Sum { code, parts, sum } => {
                vec![("code", code.clone()), ("parts", parts.join(", ")), ("sum", sum.to_string())]
            }
            HistoryError::NoShare { code, part, weight } => {
                vec![("code", code.clone()), ("part", part.clone()), ("weight", weight.to_string())]
            }
            HistoryError::AliveAtBothEnds { code, old_name, new_name, date } => vec![
                ("code", code.clone()),
                ("old_name", old_name.clone()),
                ("new_name", new_name.clone()),
                ("date", date.to_string()),
            ],
            HistoryError::Ambiguous { code, date, candidates } => vec![
                ("code", code.clone()),
                ("date", date.to_string()),
                ("candidates", candidates.join(", ")),
            ],
            HistoryError::Unknown { code, part } => {
                vec![("code", code.clone()), ("part", part.clone())]
            }
            HistoryError::SharesNeeded { code, parts, from_year, to_year } => vec![
                ("code", code.clone()),
                ("parts", parts.join(", ")),
                ("from_year", from_year.to_string()),
                ("to_year", to_year.to_string()),
            ],
            HistoryError::NothingFollowed { code, from_year, to_year } => vec![
                ("code", code.clone()),
                ("from_year", from_year.to_string()),
                ("to_year", to_year.to_string()),
            ],
            HistoryError::NoMap { year, first, last } => vec![
                ("year", year.to_string()),
                ("first", first.to_string()),
                ("last", last.to_string()),
            ],
        }
    }
}
