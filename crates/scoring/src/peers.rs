//! Peers: the units that are most like one, and ranks among those of one kind.
//!
//! The distance is Euclidean on standardised columns, weighted:
//! d(a, b) = √(Σ wᵢ (zᵢ(a) − zᵢ(b))² ÷ Σ wᵢ), over the columns that both have.
//! Dividing by the weight that took part scales a pair with gaps up to a pair
//! without. A pair that shares too little weight has no distance: it is not
//! far away, it is unknown.

use crate::model::Problem;
use crate::normalise::sorted;
use crate::rank::competition_ranks;
use crate::run::Groups;

/// Share of the weight that two units must both have, unless asked for otherwise.
pub const COMMON_MINIMUM: f64 = 0.6;

/// A column that units are compared by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criterion<'a> {
    /// Id of the indicator.
    pub id: &'a str,
    /// Figures by unit.
    pub column: &'a [Option<f64>],
    /// Weight, in any unit; 0 takes the column out.
    pub weight: f64,
}

/// How columns of different units are made comparable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standardised {
    /// Distance from the mean in standard deviations (n − 1): one outlier makes all others alike.
    #[default]
    ZScores,
    /// Share of the others that are lower, ties in the middle, 0 to 1: outliers do not count.
    Ranks,
}

/// Units laid out so that likeness is nearness.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// By column: standardised figures; all gaps where the column separates nobody.
    columns: Vec<Vec<Option<f64>>>,
    /// By column: share of the weight of those that separate somebody.
    weights: Vec<f64>,
    common_minimum: f64,
}

/// A unit near another.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// Position of the unit.
    pub unit: usize,
    /// Distance, in standard deviations or in shares of the ranks.
    pub distance: f64,
    /// Share of the weight that both have, 0 to 1.
    pub common: f64,
    /// By column: its share of the squared distance; they add up to 1, or are all 0 between
    /// units that are alike. `None` where one of the two has a gap.
    pub shares: Vec<Option<f64>>,
}

impl Likeness {
    /// Lays out units by weighted columns.
    ///
    /// A column of one value separates nobody and takes no part.
    ///
    /// # Errors
    ///
    /// A weight that is negative or not a number; no column with both weight and
    /// two different figures; a least common share outside 0 to 1.
    pub fn new(
        criteria: &[Criterion<'_>],
        standardised: Standardised,
        common_minimum: f64,
    ) -> Result<Self, Problem> {
        check(criteria, common_minimum)?;
        let columns: Vec<Vec<Option<f64>>> = criteria
            .iter()
            .map(|criterion| match standardised {
                Standardised::ZScores => z_scores(criterion.column),
                Standardised::Ranks => rank_shares(criterion.column),
            })
            .collect();
        let separates = |column: &[Option<f64>]| column.iter().any(Option::is_some);
        let weight = |(criterion, column): (&Criterion<'_>, &Vec<Option<f64>>)| {
            if separates(column) { criterion.weight } else { 0.0 }
        };
        let weights: Vec<f64> = criteria.iter().zip(&columns).map(weight).collect();
        let whole: f64 = weights.iter().sum();
        if whole.is_nan() || whole <= 0.0 {
            let english = "no indicator to compare by has both a weight and two different figures";
            return Err(Problem::new("peers_nothing_to_compare", english, &[]));
        }
        let weights = weights.into_iter().map(|weight| weight / whole).collect();
        Ok(Self { columns, weights, common_minimum })
    }

    /// Returns how far apart two units are; `None` where they share too little.
    pub fn distance(&self, left: usize, right: usize) -> Option<f64> {
        self.squared(left, right).map(|(squares, common)| libm::sqrt(squares / common))
    }

    /// Returns the `most` units nearest to `unit`, the nearest first.
    ///
    /// Equally near ones stand in their own order. The unit itself is left out, and so is
    /// whoever shares too little with it.
    pub fn nearest(&self, unit: usize, most: usize) -> Vec<Neighbour> {
        let count = self.columns.first().map_or(0, Vec::len);
        let others = (0..count).filter(|other| *other != unit);
        let mut near: Vec<(f64, usize)> =
            others.filter_map(|other| Some((self.distance(unit, other)?, other))).collect();
        near.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        near.truncate(most);
        near.into_iter().filter_map(|(_, other)| self.neighbour(unit, other)).collect()
    }

    /// Returns what makes two units alike or different; `None` where they share too little.
    pub fn neighbour(&self, unit: usize, other: usize) -> Option<Neighbour> {
        let (squares, common) = self.squared(unit, other)?;
        let share = |at: usize| {
            let square = self.square(at, unit, other)?;
            Some(if squares > 0.0 { square / squares } else { 0.0 })
        };
        Some(Neighbour {
            unit: other,
            distance: libm::sqrt(squares / common),
            common: common.min(1.0),
            shares: (0..self.columns.len()).map(share).collect(),
        })
    }

    /// The weighted squares and the weight that took part.
    fn squared(&self, left: usize, right: usize) -> Option<(f64, f64)> {
        let (mut squares, mut common) = (0.0, 0.0);
        for (at, weight) in self.weights.iter().enumerate() {
            if let Some(square) = self.square(at, left, right) {
                squares += square;
                common += weight;
            }
        }
        // A sum of shares may miss the minimum in its last digits.
        (common > 0.0 && common + 1e-12 >= self.common_minimum).then_some((squares, common))
    }

    fn square(&self, at: usize, left: usize, right: usize) -> Option<f64> {
        let column = &self.columns[at];
        let difference = column[left]? - column[right]?;
        Some(self.weights[at] * difference * difference)
    }
}

fn check(criteria: &[Criterion<'_>], common_minimum: f64) -> Result<(), Problem> {
    if !(0.0..=1.0).contains(&common_minimum) {
        let english = "the least common share is {number}; give 0 to 1";
        let number = common_minimum.to_string();
        return Err(Problem::new("peers_common_minimum", english, &[("number", &number)]));
    }
    match criteria.iter().find(|one| !one.weight.is_finite() || one.weight < 0.0) {
        None => Ok(()),
        Some(criterion) => {
            let english = "the weight of `{name}` is {number}; give 0 or more";
            let number = criterion.weight.to_string();
            let places = [("name", criterion.id), ("number", number.as_str())];
            Err(Problem::new("peers_weight", english, &places))
        }
    }
}

fn z_scores(column: &[Option<f64>]) -> Vec<Option<f64>> {
    let present = sorted(column.iter().flatten().copied());
    let (Some(low), Some(high)) = (present.first(), present.last()) else {
        return vec![None; column.len()];
    };
    // Measured from the lowest in ranges: no figure is too large to be squared.
    let range = high - low;
    let scaled = |figure: f64| (figure - low) / range;
    let n = present.len() as f64;
    let mean = present.iter().map(|figure| scaled(*figure)).sum::<f64>() / n;
    let squares: f64 = present.iter().map(|figure| (scaled(*figure) - mean).powi(2)).sum();
    let deviation = libm::sqrt(squares / (n - 1.0));
    let z = |figure: f64| Some((scaled(figure) - mean) / deviation).filter(|z| z.is_finite());
    column.iter().map(|figure| figure.and_then(z)).collect()
}

fn rank_shares(column: &[Option<f64>]) -> Vec<Option<f64>> {
    let present = sorted(column.iter().flatten().copied());
    if present.first() == present.last() {
        return vec![None; column.len()];
    }
    let share = |figure: f64| {
        let below = present.partition_point(|other| *other < figure);
        let upto = present.partition_point(|other| *other <= figure);
        (below + upto - 1) as f64 / 2.0 / (present.len() - 1) as f64
    };
    let finite = |figure: &Option<f64>| figure.filter(|figure| figure.is_finite()).map(share);
    column.iter().map(finite).collect()
}

/// A place among the units of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupRank {
    /// Place from the top; ties share the lowest number.
    pub rank: usize,
    /// How many of the group have a score.
    pub of: usize,
}

/// Ranks units inside their groups; a unit without a score or a group has none.
pub fn group_ranks(scores: &[Option<f64>], groups: &Groups) -> Vec<Option<GroupRank>> {
    let mut ranks = vec![None; scores.len()];
    for group in 0..groups.names.len() {
        let members: Vec<usize> =
            (0..scores.len()).filter(|unit| groups.of[*unit] == Some(group)).collect();
        let own: Vec<Option<f64>> = members.iter().map(|unit| scores[*unit]).collect();
        let of = own.iter().flatten().count();
        for (unit, rank) in members.into_iter().zip(competition_ranks(&own)) {
            ranks[unit] = rank.map(|rank| GroupRank { rank, of });
        }
    }
    ranks
}
