//! Figures from one map to another, with what was modelled said.
//!
//! A [`Conversion`] says for two maps which shares of which old code go to which new
//! one. The shares of an old code are a cut of the interval from 0 to 1: a count is
//! divided at the cuts and rounded there, so that its parts add up to it exactly.
//!
//! Only counts are added up or divided. A rate or a median is carried to a new number
//! of the same place, worked out again from its numerator and denominator, or refused
//! with the reason; it is never averaged.
//!
//! A gap stays a gap: one part that is missing makes the sum missing, and the sum says
//! how many parts it lacks.

mod conversion;
mod figures;
mod weights;

pub use conversion::{Conversion, ConversionError, Part, PartKind};
pub use figures::{Figures, rebase, rebase_rate};
pub use weights::Weights;

/// What kind of number is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Persons, dwellings, kroner: parts add up to the whole.
    Count,
    /// A rate, a share, a mean or a median: parts do not add up.
    Rate,
}

/// What stands in a cell of a publication.
///
/// `G` says why there is none; of two reasons the larger one says more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading<G> {
    /// A number.
    Number(f64),
    /// None, and why.
    Gap(G),
}

/// What stands in a cell after it was moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moved<G> {
    /// A number, and how much of it was modelled.
    Number(f64, Modelled),
    /// At least one part is missing.
    Gap(G, Coverage),
    /// It cannot be moved without inventing something.
    Refused(Refusal),
}

/// How much of a number came through a split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Modelled {
    /// Nothing: carried over, renumbered or merged, which is exact.
    Nothing,
    /// This share of it, 0 to 1, came from regions that were divided.
    Share(f64),
}

impl Modelled {
    /// The share; 0 when nothing was modelled.
    pub fn share(self) -> f64 {
        match self {
            Modelled::Nothing => 0.0,
            Modelled::Share(share) => share,
        }
    }

    /// Whether the number is an estimate, which also a zero from a divided region is.
    pub fn is_estimate(self) -> bool {
        matches!(self, Modelled::Share(_))
    }
}

/// How many of the parts of a sum were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Regions of the old map that make up the new one.
    pub parts: u32,
    /// Those without a number.
    pub missing: u32,
}

/// Why a number was not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The region was made of several: their rates do not add up.
    Merged,
    /// The region was a part of another: its rate is not known to be the same.
    Split,
    /// The denominator is zero.
    NoDenominator,
}

impl Refusal {
    /// Short name, under which a sentence stands in the texts.
    pub fn key(self) -> &'static str {
        match self {
            Refusal::Merged => "merged",
            Refusal::Split => "split",
            Refusal::NoDenominator => "no_denominator",
        }
    }
}

/// The share of a count between two cuts.
///
/// Shares that follow each other add up to the count: exactly for whole numbers,
/// which stay whole, and to the accuracy of the arithmetic for others.
///
/// ```
/// use klass::rebase::share_of;
/// assert_eq!([share_of(7.0, 0.0, 0.5), share_of(7.0, 0.5, 1.0)], [4.0, 3.0]);
/// assert_eq!(share_of(0.5, 0.0, 0.5), 0.25);
/// ```
pub fn share_of(count: f64, share_from: f64, share_to: f64) -> f64 {
    if count.fract() == 0.0 {
        (count * share_to).round() - (count * share_from).round()
    } else {
        count * share_to - count * share_from
    }
}

/// Adds up counts that come from several regions.
///
/// Of several reasons for a gap the largest is told.
#[derive(Debug, Clone, Copy)]
pub struct Sum<G> {
    total: f64,
    size: f64,
    divided: Option<f64>,
    reason: Option<G>,
    coverage: Coverage,
}

impl<G> Default for Sum<G> {
    fn default() -> Self {
        let coverage = Coverage { parts: 0, missing: 0 };
        Sum { total: 0.0, size: 0.0, divided: None, reason: None, coverage }
    }
}

impl<G: Copy + Ord> Sum<G> {
    /// Adds one region's share.
    pub fn add(&mut self, reading: Reading<G>, part: &Part) {
        self.coverage.parts += 1;
        match reading {
            Reading::Gap(reason) => {
                self.coverage.missing += 1;
                self.reason = self.reason.max(Some(reason));
            }
            Reading::Number(count) if part.is_whole() => {
                self.total += count;
                self.size += count.abs();
            }
            Reading::Number(count) => {
                let share = share_of(count, part.share_from, part.share_to);
                self.total += share;
                self.size += share.abs();
                self.divided = Some(self.divided.unwrap_or(0.0) + share.abs());
            }
        }
    }

    /// The sum, or why there is none.
    pub fn finish(self) -> Moved<G> {
        match (self.reason, self.divided) {
            (Some(reason), _) => Moved::Gap(reason, self.coverage),
            (None, None) => Moved::Number(self.total, Modelled::Nothing),
            (None, Some(divided)) => {
                let share = if self.size > 0.0 { divided / self.size } else { 0.0 };
                Moved::Number(self.total, Modelled::Share(share))
            }
        }
    }
}
