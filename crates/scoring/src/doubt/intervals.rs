//! Between which places a unit lies, over many draws.
//!
//! Ranks are counted, not kept: one count for each unit and place. The counts are
//! whole numbers, so their sum over threads is the same in any order.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::Serialize;

use super::draws::{self, Draw, Draws, Sampler};
use super::engine::{Engine, Work, in_parts};
use crate::model::{Problem, RobustTier, Text, Uncertainty};

/// Most counts that are kept at once, by all threads together: a quarter of a gigabyte.
const MOST_COUNTS: usize = 64 << 20;

/// Which draws are run.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// So many made on the way; the first is the model itself.
    Made(&'a Sampler, usize),
    /// Those of a list, whose weights stand in the order of the model's nodes.
    Listed(&'a Draws),
}

impl Which<'_> {
    fn count(&self) -> usize {
        match self {
            Self::Made(_, count) => *count,
            Self::Listed(list) => list.draws.len(),
        }
    }

    /// Runs the draws of a range; `each` sees the results of every one.
    fn run(
        &self,
        engine: &Engine,
        range: std::ops::Range<usize>,
        mut each: impl FnMut(&Work),
    ) -> Result<(), Problem> {
        let (mut work, mut made) = (Work::default(), engine.own_draw().clone());
        for at in range {
            let draw: &Draw = match self {
                Self::Listed(list) => &list.draws[at],
                Self::Made(sampler, _) => {
                    sampler.make(at, &mut made);
                    &made
                }
            };
            engine.run(draw, &mut work)?;
            each(&work);
        }
        Ok(())
    }
}

/// The intervals of all units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Intervals {
    /// How many draws they are of.
    pub draws: usize,
    /// The places whose shares are told.
    pub top: Vec<usize>,
    /// The place that the tiers are about.
    pub tier_top: usize,
    /// The tiers, the surest first.
    pub tiers: Vec<RobustTier>,
    /// By unit; `None` for one that the model does not rank.
    pub units: Vec<Option<UnitInterval>>,
}

/// Between which places one unit lies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitInterval {
    /// Place under the model itself.
    pub rank: usize,
    /// 5th percentile of the places, R's type 7, not rounded.
    pub p5: f64,
    /// Median of the places.
    pub p50: f64,
    /// 95th percentile of the places.
    pub p95: f64,
    /// Mean place.
    pub mean: f64,
    /// Best place of all draws.
    pub best: usize,
    /// Worst place of all draws.
    pub worst: usize,
    /// Share of the draws among the first so many, in the order of [`Intervals::top`].
    pub top: Vec<f64>,
    /// Share of the draws among the first [`Intervals::tier_top`].
    pub tier_share: f64,
    /// Position in [`Intervals::tiers`]; `None` below the last of them.
    pub tier: Option<usize>,
    /// In how many draws the unit has a place; fewer than all where a draw left it no value.
    pub ranked: usize,
}

impl UnitInterval {
    /// Returns p5, p50 and p95 as whole places.
    ///
    /// The ends are rounded outwards, so that the interval never looks narrower than
    /// it is; the median to the nearest, a half to the worse place.
    pub fn places(&self) -> [usize; 3] {
        [self.p5.floor(), self.p50.round(), self.p95.ceil()].map(|place| place as usize)
    }
}

/// Returns the tiers of a model that declares none, about the first `tier_top`.
pub fn default_tiers() -> Vec<RobustTier> {
    let tier = |(id, from, nb, en): (&str, f64, &str, &str)| {
        let title = [("nb", nb), ("en", en)];
        let title = title.map(|(language, text)| (language.to_owned(), text.to_owned()));
        RobustTier { id: id.to_owned(), from, title: Text(BTreeMap::from(title)) }
    };
    [
        ("sure", 0.8, "sikker topp", "sure top"),
        ("likely", 0.5, "trolig topp", "likely top"),
        ("possible", 0.2, "mulig topp", "possible top"),
        ("low", 0.0, "neppe topp", "unlikely top"),
    ]
    .map(tier)
    .to_vec()
}

/// Runs draws and tells each unit's places; `open` says which shares and tiers.
///
/// # Errors
///
/// No draws or too many, more units than can be counted, or a draw that does not
/// fit the model.
pub fn intervals(
    engine: &Engine,
    which: Which<'_>,
    open: &Uncertainty,
    threads: NonZeroUsize,
) -> Result<Intervals, Problem> {
    let draws = which.count();
    draws::within_limit(draws)?;
    let ranked = engine.ranked();
    let counts = places_of(engine, which, threads)?;
    let tiers = if open.tier.is_empty() { default_tiers() } else { open.tier.clone() };
    let mut units = vec![None; engine.nominal().ranks.len()];
    for (at, unit) in ranked.iter().enumerate() {
        let unit = *unit as usize;
        let Some(rank) = engine.nominal().ranks[unit] else { continue };
        let counts = Counts::new(&counts[at * ranked.len()..(at + 1) * ranked.len()]);
        let tier_share = counts.within(open.tier_top) as f64 / draws as f64;
        units[unit] = Some(UnitInterval {
            rank,
            p5: counts.quantile(0.05),
            p50: counts.quantile(0.5),
            p95: counts.quantile(0.95),
            mean: counts.mean(),
            best: counts.place(0),
            worst: counts.place(counts.total().saturating_sub(1)),
            top: open.top.iter().map(|n| counts.within(*n) as f64 / draws as f64).collect(),
            tier_share,
            tier: tiers.iter().position(|tier| tier_share >= tier.from),
            ranked: counts.total(),
        });
    }
    Ok(Intervals { draws, top: open.top.clone(), tier_top: open.tier_top, tiers, units })
}

/// Returns how often each ranked unit had each place: unit by unit, place by place.
///
/// # Errors
///
/// As [`intervals`].
pub fn places_of(
    engine: &Engine,
    which: Which<'_>,
    threads: NonZeroUsize,
) -> Result<Vec<u32>, Problem> {
    let ranked = engine.ranked();
    let size = ranked.len() * ranked.len();
    if size * threads.get() > MOST_COUNTS {
        let (units, most) = (ranked.len().to_string(), MOST_COUNTS.isqrt().to_string());
        let english = "intervals of {units} ranked units need too much memory; at most {most}, \
                       fewer with several threads";
        let places = [("units", units.as_str()), ("most", &most)];
        return Err(Problem::new("interval_units", english, &places));
    }
    let parts: Vec<Result<_, Problem>> = in_parts(which.count(), threads, |range| {
        let mut counts = vec![0_u32; size];
        which.run(engine, range, |work| {
            for (row, unit) in counts.chunks_exact_mut(ranked.len().max(1)).zip(ranked) {
                let rank = work.ranks()[*unit as usize];
                if rank > 0 {
                    row[rank as usize - 1] += 1;
                }
            }
        })?;
        Ok(counts)
    });
    let mut counts = vec![0; size];
    for part in parts {
        for (sum, count) in counts.iter_mut().zip(part?) {
            *sum += count;
        }
    }
    Ok(counts)
}

/// In how many draws one unit had each place or a better one.
struct Counts(Vec<usize>);

impl Counts {
    fn new(counts: &[u32]) -> Self {
        let mut passed = 0;
        let upto = |count: &u32| {
            passed += *count as usize;
            passed
        };
        Self(counts.iter().map(upto).collect())
    }

    fn total(&self) -> usize {
        self.0.last().copied().unwrap_or(0)
    }

    fn within(&self, places: usize) -> usize {
        let at = places.min(self.0.len());
        at.checked_sub(1).map_or(0, |last| self.0[last])
    }

    /// Returns the place at a position among all places in rising order.
    fn place(&self, position: usize) -> usize {
        (self.0.partition_point(|passed| *passed <= position) + 1).min(self.0.len())
    }

    /// R's type 7: linear interpolation at position (n − 1) · share.
    fn quantile(&self, share: f64) -> f64 {
        let last = self.total().saturating_sub(1);
        let position = last as f64 * share;
        let below = position.floor() as usize;
        let (low, high) = (self.place(below), self.place((below + 1).min(last)));
        low as f64 + (position - below as f64) * (high as f64 - low as f64)
    }

    fn mean(&self) -> f64 {
        let total = self.total();
        // Each draw counts once for every place above its own, and once for its own.
        let above: usize = self.0.iter().map(|passed| total - passed).sum();
        (total + above) as f64 / total.max(1) as f64
    }
}
