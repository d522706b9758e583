//! Strengths and weaknesses: where a unit stands apart from those it is compared with.
//!
//! Ours ([`standings`]): the distance of the unit's normalised value from the
//! comparison's, times the indicator's effective weight. So what moves the
//! score most stands first, and an indicator on which all are alike is neither.
//!
//! COINr's ([`by_rank`]): the indicators on which the unit's own rank is best
//! and worst. It needs no weights and no scale, but a rank says nothing about
//! how far apart the units are. It is kept to be held against COINr.

use crate::model::{Direction, Model};
use crate::normalise::{quantile, sorted};
use crate::rank::competition_ranks;
use crate::run::Scores;

/// Units with a value that a comparison needs, the unit itself included.
pub const LEAST_COMPARED: usize = 3;

/// What a unit is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Against<'a> {
    /// The median of all units.
    All,
    /// The median of the units with the same label as the unit, such as its county.
    Label(&'a [Option<String>]),
    /// Values by leaf from elsewhere, such as the country's own ([`Scores::profile`]).
    Values(&'a [Option<f64>]),
}

/// One indicator of a unit beside the comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Position in the model's leaves.
    pub leaf: usize,
    /// The unit's normalised value.
    pub value: f64,
    /// The comparison's.
    pub compared: f64,
    /// `value` less `compared`: above 0 is a strength.
    pub distance: f64,
    /// `distance` times the effective weight: about what it moves the score.
    pub effect: f64,
}

/// The strongest and the weakest sides of a unit, each in falling order of effect.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sides {
    /// Better than the comparison.
    pub strengths: Vec<Standing>,
    /// Worse than the comparison.
    pub weaknesses: Vec<Standing>,
}

/// Returns every indicator that can be compared, in the model's order.
///
/// Left out: an indicator that the unit does not have or that was filled in,
/// and one that fewer than [`LEAST_COMPARED`] of the compared units have.
pub fn standings(
    model: &Model,
    scores: &Scores,
    unit: usize,
    against: Against<'_>,
) -> Vec<Standing> {
    let weights = model.effective_weights();
    let standing = |leaf: usize| {
        let node = scores.units[unit].leaves[leaf];
        let value = node.value.filter(|_| node.coverage > 0.0)?;
        let compared = compared(scores, (unit, leaf), against)?;
        let distance = value - compared;
        let weight = if weights[leaf].is_finite() { weights[leaf] } else { 0.0 };
        Some(Standing { leaf, value, compared, distance, effect: weight * distance })
    };
    (0..model.leaves.len()).filter_map(standing).collect()
}

fn compared(scores: &Scores, (unit, leaf): (usize, usize), against: Against<'_>) -> Option<f64> {
    let median = |belongs: &dyn Fn(usize) -> bool| {
        let nodes = scores.units.iter().enumerate().filter(|(at, _)| belongs(*at));
        let nodes = nodes.map(|(_, unit)| unit.leaves[leaf]).filter(|node| node.coverage > 0.0);
        let values = sorted(nodes.filter_map(|node| node.value));
        quantile(&values, 0.5).filter(|_| values.len() >= LEAST_COMPARED)
    };
    match against {
        Against::All => median(&|_| true),
        Against::Label(labels) => {
            let own = labels.get(unit)?.as_ref()?;
            median(&|at| labels[at].as_ref() == Some(own))
        }
        Against::Values(values) => values.get(leaf).copied().flatten(),
    }
}

/// Returns the `most` strongest and the `most` weakest sides of a unit.
///
/// Sorted by effect; where the effect is the same, in the model's order. A
/// distance of 0 is neither, and so is an indicator without weight.
pub fn sides(standings: &[Standing], most: usize) -> Sides {
    let of = |sign: f64| -> Vec<Standing> {
        let mut side: Vec<Standing> =
            standings.iter().copied().filter(|standing| sign * standing.effect > 0.0).collect();
        side.sort_by(|left, right| (sign * right.effect).total_cmp(&(sign * left.effect)));
        side.truncate(most);
        side
    };
    Sides { strengths: of(1.0), weaknesses: of(-1.0) }
}

/// One indicator, as ranks are taken of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked<'a> {
    /// Figures by unit.
    pub column: &'a [Option<f64>],
    /// Which end is better.
    pub direction: Direction,
    /// Name of the group above it: ties are broken by it.
    pub parent: &'a str,
}

/// Which indicators [`by_rank`] passes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassOver {
    /// None but gaps.
    Gaps,
    /// Those on which the unit is last, too. COINr's default: it hides the worst.
    Last,
    /// Those as well with at most half as many different figures as units; a gap is one figure.
    LastAndFewFigures,
}

/// An indicator and the unit's rank on it, 1 for the best.
pub type RankedAt = (usize, usize);

/// Returns a unit's best and worst ranks as COINr's `get_str_weak` does, `most` of each.
///
/// Ties stand in order of the parent's name and then as listed. The weaknesses are the
/// last ones of the same list, the better first; where fewer than twice `most` are left,
/// an indicator can be on both sides.
pub fn by_rank(
    indicators: &[Ranked<'_>],
    unit: usize,
    most: usize,
    pass_over: PassOver,
) -> (Vec<RankedAt>, Vec<RankedAt>) {
    let rank_of = |indicator: &Ranked<'_>| {
        let turned: Vec<Option<f64>> = match indicator.direction {
            Direction::Higher => indicator.column.to_vec(),
            Direction::Lower => indicator.column.iter().map(|x| x.map(|x| -x)).collect(),
        };
        let ranks = competition_ranks(&turned);
        let own = ranks[unit]?;
        let last = ranks.iter().flatten().max().copied();
        let few = || 2 * different(indicator.column) <= indicator.column.len();
        match pass_over {
            PassOver::Gaps => Some(own),
            PassOver::Last => (Some(own) != last).then_some(own),
            PassOver::LastAndFewFigures => (Some(own) != last && !few()).then_some(own),
        }
    };
    let with_rank = |(at, indicator)| rank_of(indicator).map(|rank| (at, rank));
    let mut list: Vec<RankedAt> = indicators.iter().enumerate().filter_map(with_rank).collect();
    list.sort_by_key(|(at, rank)| (*rank, indicators[*at].parent, *at));
    let strengths = list.iter().copied().take(most).collect();
    let weaknesses = list[list.len().saturating_sub(most)..].to_vec();
    (strengths, weaknesses)
}

/// Returns how many different figures there are; all gaps together are one.
fn different(column: &[Option<f64>]) -> usize {
    let mut bits: Vec<Option<u64>> = column.iter().map(|x| x.map(f64::to_bits)).collect();
    bits.sort_unstable();
    bits.dedup();
    bits.len()
}
