//! Which shares of which old code go to which new one.

use std::collections::{BTreeMap, BTreeSet};

/// One part of an old region in a new one.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Code on the old map.
    pub from_code: String,
    /// Code on the new map.
    pub to_code: String,
    /// Where its share of the old region begins, 0 to 1.
    pub share_from: f64,
    /// Where its share ends; 1 for the last part.
    pub share_to: f64,
    /// What a share below 1 rests on.
    pub basis: Option<String>,
}

impl Part {
    /// The whole of a region.
    pub fn whole(from_code: impl Into<String>, to_code: impl Into<String>) -> Part {
        let (from_code, to_code) = (from_code.into(), to_code.into());
        Part { from_code, to_code, share_from: 0.0, share_to: 1.0, basis: None }
    }

    /// Whether the old region went undivided into the new one.
    pub fn is_whole(&self) -> bool {
        self.share_from == 0.0 && self.share_to == 1.0
    }
}

/// How a part's old region relates to its new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The same code for the same area.
    Unchanged,
    /// Another code for the same area.
    Renumbered,
    /// The old region became a part of a larger one.
    Merged,
    /// The old region was divided.
    Split,
}

impl PartKind {
    /// The word used in the snapshot.
    pub fn as_str(self) -> &'static str {
        match self {
            PartKind::Unchanged => "unchanged",
            PartKind::Renumbered => "renumbered",
            PartKind::Merged => "merged",
            PartKind::Split => "split",
        }
    }
}

/// How the regions of one map become those of another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conversion {
    /// Year of the old map.
    pub from_year: i16,
    /// Year of the new map.
    pub to_year: i16,
    /// Parts in order of old code and share.
    pub parts: Vec<Part>,
}

/// Why there is no conversion.
///
/// Each variant has a [key](ConversionError::key) and [places](ConversionError::places),
/// from which a sentence is made in the reader's language.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConversionError {
    /// The shares of an old code leave something out, or count something twice.
    #[error("the shares of `{code}` add up to {sum}, not to 1")]
    Shares {
        /// The old code.
        code: String,
        /// What they add up to.
        sum: f64,
    },
    /// A share is negative, above 1, or not a number.
    #[error("the share of `{code}` in `{to_code}` is {share}, which is not between 0 and 1")]
    Share {
        /// The old code.
        code: String,
        /// The new code.
        to_code: String,
        /// The share.
        share: f64,
    },
    /// Following the changes from a code leads back to it.
    #[error("the changes of `{code}` lead back to it")]
    Cycle {
        /// The code.
        code: String,
    },
    /// A code is on neither map.
    #[error("there is no region `{code}` on the map of {year}")]
    UnknownCode {
        /// The code.
        code: String,
        /// Year of the map.
        year: i16,
    },
    /// Nobody says how a region was divided.
    #[error("`{code}` was divided between {into}, and no shares are known")]
    NoShares {
        /// The old code.
        code: String,
        /// The new codes.
        into: String,
    },
    /// A line of a file with weights cannot be read.
    #[error("line {line} of the weights: {problem}")]
    Weights {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

impl ConversionError {
    /// Short name, under which a sentence stands in the texts.
    pub fn key(&self) -> &'static str {
        match self {
            ConversionError::Shares { .. } => "shares",
            ConversionError::Share { .. } => "share",
            ConversionError::Cycle { .. } => "cycle",
            ConversionError::UnknownCode { .. } => "unknown_code",
            ConversionError::NoShares { .. } => "no_shares",
            ConversionError::Weights { .. } => "weights",
        }
    }

    /// What stands in the sentence.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            ConversionError::Shares { code, sum } => {
                vec![("code", code.clone()), ("sum", sum.to_string())]
            }
            ConversionError::Share { code, to_code, share } => vec![
                ("code", code.clone()),
                ("to_code", to_code.clone()),
                ("share", share.to_string()),
            ],
            ConversionError::Cycle { code } => vec![("code", code.clone())],
            ConversionError::UnknownCode { code, year } => {
                vec![("code", code.clone()), ("year", year.to_string())]
            }
            ConversionError::NoShares { code, into } => {
                vec![("code", code.clone()), ("into", into.clone())]
            }
            ConversionError::Weights { line, problem } => {
                vec![("line", line.to_string()), ("problem", problem.clone())]
            }
        }
    }
}

/// Shares are written with few digits; what they leave out is put on the last one.
pub(super) const TOLERANCE: f64 = 1e-6;

impl Conversion {
    /// A conversion of shares per old and new code, in any order.
    ///
    /// The shares of a code are laid end to end in order of their new codes, and the last
    /// one ends at 1 exactly. Equal pairs are added together.
    ///
    /// # Errors
    ///
    /// [`ConversionError::Share`] and [`ConversionError::Shares`].
    pub fn from_shares(
        (from_year, to_year): (i16, i16),
        shares: impl IntoIterator<Item = (String, String, f64, Option<String>)>,
    ) -> Result<Conversion, ConversionError> {
        let mut by_code: BTreeMap<String, BTreeMap<String, (f64, Option<String>)>> =
            BTreeMap::new();
        for (code, to_code, share, basis) in shares {
            if !(0.0..=1.0 + TOLERANCE).contains(&share) {
                return Err(ConversionError::Share { code, to_code, share });
            }
            let held = by_code.entry(code).or_default().entry(to_code).or_insert((0.0, None));
            held.0 += share;
            held.1 = held.1.take().or(basis);
        }
        let mut parts = Vec::new();
        for (code, mut into) in by_code {
            let sum: f64 = into.values().map(|(share, _)| share).sum();
            if (sum - 1.0).abs() > TOLERANCE {
                return Err(ConversionError::Shares { code, sum: rounded(sum) });
            }
            into.retain(|_, (share, _)| *share > 0.0);
            let last = into.len() - 1;
            let mut share_from = 0.0;
            for (at, (to_code, (share, basis))) in into.into_iter().enumerate() {
                let share_to = if at == last { 1.0 } else { share_from + share };
                let basis = basis.filter(|_| last > 0);
                let from_code = code.clone();
                parts.push(Part { from_code, to_code, share_from, share_to, basis });
                share_from = share_to;
            }
        }
        Ok(Conversion { from_year, to_year, parts })
    }

    /// Every code stays what it is.
    pub fn identity(year: i16, codes: impl IntoIterator<Item = String>) -> Conversion {
        let mut parts: Vec<Part> =
            codes.into_iter().map(|code| Part::whole(code.clone(), code)).collect();
        parts.sort_by(|left, right| left.from_code.cmp(&right.from_code));
        Conversion { from_year: year, to_year: year, parts }
    }

    /// Checks that the parts of every old code are a cut of 0 to 1.
    ///
    /// # Errors
    ///
    /// [`ConversionError::Share`] for a part that ends before it begins;
    /// [`ConversionError::Shares`] for shares that leave a gap, overlap, or do not end at 1.
    pub fn check(&self) -> Result<(), ConversionError> {
        for parts in self.by_from_code() {
            let code = &parts[0].from_code;
            let mut end = 0.0;
            let mut sum = 0.0;
            for part in parts {
                let share = part.share_to - part.share_from;
                if !(0.0..=1.0).contains(&share) {
                    let (code, to_code) = (code.clone(), part.to_code.clone());
                    return Err(ConversionError::Share { code, to_code, share });
                }
                sum += share;
                if part.share_from != end {
                    let sum = rounded(sum);
                    return Err(ConversionError::Shares { code: code.clone(), sum });
                }
                end = part.share_to;
            }
            if end != 1.0 {
                return Err(ConversionError::Shares { code: code.clone(), sum: rounded(sum) });
            }
        }
        Ok(())
    }

    /// This conversion and then another: the cuts of the second are laid into the first's.
    ///
    /// A code that the second does not know stays what it is only when it has nothing to say
    /// about that code's map; here that is an error.
    ///
    /// # Errors
    ///
    /// [`ConversionError::UnknownCode`] when a new code of this one is no old code of `next`.
    pub fn then(&self, next: &Conversion) -> Result<Conversion, ConversionError> {
        let mut parts: Vec<Part> = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let onward = next.of(&part.to_code);
            if onward.is_empty() {
                let (code, year) = (part.to_code.clone(), next.from_year);
                return Err(ConversionError::UnknownCode { code, year });
            }
            let width = part.share_to - part.share_from;
            for (at, step) in onward.iter().enumerate() {
                // The ends are copied, so that neighbours meet to the last bit.
                let share_from = match at {
                    0 => part.share_from,
                    _ => part.share_from + width * step.share_from,
                };
                let share_to = match at + 1 == onward.len() {
                    true => part.share_to,
                    false => part.share_from + width * step.share_to,
                };
                let basis = part.basis.clone().or_else(|| step.basis.clone());
                let (from_code, to_code) = (part.from_code.clone(), step.to_code.clone());
                match parts.last_mut() {
                    // What was divided and came together again was never divided.
                    Some(last) if last.from_code == from_code && last.to_code == to_code => {
                        last.share_to = share_to;
                        if last.is_whole() {
                            last.basis = None;
                        }
                    }
                    _ => parts.push(Part { from_code, to_code, share_from, share_to, basis }),
                }
            }
        }
        Ok(Conversion { from_year: self.from_year, to_year: next.to_year, parts })
    }

    /// The way back, where no new region has parts of several old ones.
    ///
    /// # Errors
    ///
    /// [`ConversionError::NoShares`] when a new region was merged: nothing here says how to
    /// divide it.
    pub fn inverse(&self) -> Result<Conversion, ConversionError> {
        let mut back: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for part in &self.parts {
            back.entry(&part.to_code).or_default().insert(&part.from_code);
        }
        let mut parts = Vec::with_capacity(back.len());
        for (code, from) in back {
            let mut codes = from.into_iter();
            match (codes.next(), codes.next()) {
                (Some(only), None) => parts.push(Part::whole(code, only)),
                (first, second) => {
                    let into: Vec<&str> = first.into_iter().chain(second).chain(codes).collect();
                    let (code, into) = (code.to_owned(), into.join(", "));
                    return Err(ConversionError::NoShares { code, into });
                }
            }
        }
        Ok(Conversion { from_year: self.to_year, to_year: self.from_year, parts })
    }

    /// The parts of an old code, in order; empty when it is not on the old map.
    pub fn of(&self, from_code: &str) -> &[Part] {
        let first = self.parts.partition_point(|part| part.from_code.as_str() < from_code);
        let rest = &self.parts[first..];
        let length = rest.partition_point(|part| part.from_code == from_code);
        &rest[..length]
    }

    /// How each part's old region relates to its new one, in the order of the parts.
    pub fn kinds(&self) -> Vec<PartKind> {
        let mut sources: BTreeMap<&str, u32> = BTreeMap::new();
        for part in &self.parts {
            *sources.entry(&part.to_code).or_default() += 1;
        }
        let kind = |part: &Part| match sources.get(part.to_code.as_str()) {
            _ if !part.is_whole() => PartKind::Split,
            Some(1) if part.from_code == part.to_code => PartKind::Unchanged,
            Some(1) => PartKind::Renumbered,
            _ => PartKind::Merged,
        };
        self.parts.iter().map(kind).collect()
    }

    /// The codes of the new map, in order.
    pub fn new_codes(&self) -> Vec<&str> {
        let codes: BTreeSet<&str> = self.parts.iter().map(|part| part.to_code.as_str()).collect();
        codes.into_iter().collect()
    }

    fn by_from_code(&self) -> impl Iterator<Item = &[Part]> {
        self.parts.chunk_by(|left, right| left.from_code == right.from_code)
    }
}

/// As many digits as a reader wants to see of a sum that should be 1.
pub(super) fn rounded(sum: f64) -> f64 {
    (sum * 1e6).round() / 1e6
}
