//! Rates of small places, drawn towards what is known of places like them.
//!
//! In a place of 300 people one case more or less moves a rate further than
//! anything real does. The rate is taken as a Poisson count around a true rate
//! that varies between places (Poisson-gamma), and both the mean and the spread
//! of the true rates are estimated by the method of moments: R. J. Marshall,
//! "Mapping disease and mortality rates using empirical Bayes estimators",
//! Applied Statistics 40 (1991), 283–294, the global estimator.
//!
//! With rates rᵢ and exposures nᵢ: m = Σ nᵢ rᵢ ÷ Σ nᵢ, s² = Σ nᵢ (rᵢ − m)² ÷ Σ nᵢ,
//! A = max(0, s² − m ÷ n̄). A place keeps the share A ÷ (A + m ÷ nᵢ) of its own
//! distance from m. So the estimate lies between the two, a large place stays
//! nearly where it is, and where chance explains the whole spread all get m.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A group needs this many rates before it is a target of its own.
pub const SMALLEST_GROUP: usize = 5;

/// Rates and what they are rates of.
#[derive(Debug, Clone, Copy)]
pub struct Rates<'a> {
    /// Cases per `per` units of exposure.
    pub figures: &'a [Option<f64>],
    /// What the cases are counted among, such as persons.
    pub exposures: &'a [Option<f64>],
    /// Scale of the rates: 1000 for cases per thousand.
    pub per: f64,
}

/// What a figure was drawn towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Towards {
    /// The rate of all places together.
    Whole,
    /// The rate of the place's group.
    Group,
    /// The whole, as the place's group has too few rates, or it has no group.
    WholeForSmallGroup,
}

/// Why a figure was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// No exposure is known, or it is 0 or less.
    NoExposure,
    /// Below 0: no rate of counts.
    NotARate,
}

/// One place's figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shrunk {
    /// No figure, or none that is finite; shrinking fills no gap.
    Gap,
    /// The figure as it is.
    Kept {
        /// The raw figure.
        figure: f64,
        /// Why.
        because: Kept,
    },
    /// The figure drawn towards another.
    Drawn {
        /// The estimate, between the raw figure and the target.
        figure: f64,
        /// Share of its own distance that the place keeps, 0 to 1.
        own_weight: f64,
        /// The rate it is drawn towards.
        target: f64,
        /// Whose rate that is.
        towards: Towards,
    },
}

impl Shrunk {
    /// The figure that goes on to the next step.
    pub fn figure(&self) -> Option<f64> {
        match self {
            Self::Gap => None,
            Self::Kept { figure, .. } | Self::Drawn { figure, .. } => Some(*figure),
        }
    }
}

/// Draws every rate towards the rate of all.
pub fn towards_whole(rates: &Rates<'_>) -> Vec<Shrunk> {
    let whole = Prior::of((0..rates.figures.len()).filter_map(|unit| rates.at(unit).ok()));
    let draw = |unit| rates.draw(unit, |_| whole.map(|prior| (prior, Towards::Whole)));
    (0..rates.figures.len()).map(draw).collect()
}

/// Draws every rate towards the rate of its group.
///
/// A group with fewer than [`SMALLEST_GROUP`] rates says too little of how rates
/// vary: its places are drawn towards the whole, and so is one without a group.
///
/// ```
/// # use scoring::prepare::shrink::{Rates, Shrunk, Towards, towards_group};
/// let figures = [Some(20.0), Some(0.0), Some(10.0)];
/// let exposures = [Some(100.0), Some(100.0), Some(100.0)];
/// let rates = Rates { figures: &figures, exposures: &exposures, per: 1000.0 };
/// let drawn = towards_group(&rates, &[Some("a".into()), Some("a".into()), None]);
/// // One case in a hundred, give or take one, is what chance gives: all get the mean.
/// let (target, towards) = (10.0, Towards::WholeForSmallGroup);
/// let expected = Shrunk::Drawn { figure: 10.0, own_weight: 0.0, target, towards };
/// assert_eq!(drawn, [expected; 3]);
/// ```
pub fn towards_group(rates: &Rates<'_>, groups: &[Option<String>]) -> Vec<Shrunk> {
    let units = 0..rates.figures.len();
    let whole = Prior::of(units.clone().filter_map(|unit| rates.at(unit).ok()));
    let mut members: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for unit in units.clone() {
        if let (Ok(rate), Some(Some(group))) = (rates.at(unit), groups.get(unit)) {
            members.entry(group).or_default().push(rate);
        }
    }
    let priors: BTreeMap<&str, Prior> = members
        .iter()
        .filter(|(_, rates)| rates.len() >= SMALLEST_GROUP)
        .filter_map(|(group, rates)| Some((*group, Prior::of(rates.iter().copied())?)))
        .collect();
    let prior = |unit: usize| {
        let group = groups.get(unit).and_then(Option::as_deref);
        match group.and_then(|group| priors.get(group)) {
            Some(prior) => Some((*prior, Towards::Group)),
            None => whole.map(|prior| (prior, Towards::WholeForSmallGroup)),
        }
    };
    units.map(|unit| rates.draw(unit, prior)).collect()
}

impl Rates<'_> {
    /// The rate per unit of exposure, and the exposure; or what comes of the figure instead.
    fn at(&self, unit: usize) -> Result<(f64, f64), Shrunk> {
        let figure = self.figures[unit].filter(|figure| figure.is_finite());
        let Some(figure) = figure else { return Err(Shrunk::Gap) };
        let exposure = self.exposures.get(unit).copied().flatten();
        let Some(exposure) = exposure.filter(|exposure| exposure.is_finite() && *exposure > 0.0)
        else {
            return Err(Shrunk::Kept { figure, because: Kept::NoExposure });
        };
        if figure < 0.0 {
            return Err(Shrunk::Kept { figure, because: Kept::NotARate });
        }
        Ok((figure / self.per, exposure))
    }

    fn draw(&self, unit: usize, prior: impl Fn(usize) -> Option<(Prior, Towards)>) -> Shrunk {
        let (rate, exposure) = match self.at(unit) {
            Ok(rate) => rate,
            Err(instead) => return instead,
        };
        // Where there is this rate there is a whole, unless the numbers overflow.
        let raw = self.figures[unit].unwrap_or(rate * self.per);
        let Some((prior, towards)) = prior(unit) else {
            return Shrunk::Kept { figure: raw, because: Kept::NotARate };
        };
        let own_weight = prior.own_weight(exposure);
        let target = self.per * prior.mean;
        let estimate = target + own_weight * (raw - target);
        // Rounding may carry the estimate past an end by a bit.
        let figure = estimate.clamp(raw.min(target), raw.max(target));
        Shrunk::Drawn { figure, own_weight, target, towards }
    }
}

/// Mean and variance of the true rates.
#[derive(Debug, Clone, Copy)]
struct Prior {
    mean: f64,
    variance: f64,
}

impl Prior {
    fn of(rates: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Self> {
        let count = rates.clone().count() as f64;
        let exposure: f64 = rates.clone().map(|(_, exposure)| exposure).sum();
        let cases: f64 = rates.clone().map(|(rate, exposure)| rate * exposure).sum();
        let mean = cases / exposure;
        let squares: f64 = rates.map(|(rate, exposure)| exposure * (rate - mean).powi(2)).sum();
        let variance = (squares / exposure - mean / (exposure / count)).max(0.0);
        (mean.is_finite() && variance.is_finite()).then_some(Self { mean, variance })
    }

    fn own_weight(&self, exposure: f64) -> f64 {
        if self.variance == 0.0 {
            return 0.0;
        }
        self.variance / (self.variance + self.mean / exposure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rates as counts over exposures; the figures are per `per`.
    fn figures(counts: &[(f64, f64)], per: f64) -> (Vec<Option<f64>>, Vec<Option<f64>>) {
        let rate = |(cases, exposure): &(f64, f64)| Some(cases / exposure * per);
        let exposures = counts.iter().map(|(_, exposure)| Some(*exposure));
        (counts.iter().map(rate).collect(), exposures.collect())
    }

    #[test]
    fn the_estimator_of_marshall_1991_worked_by_hand() {
        // Cases and persons: 10 of 100, 30 of 200, 40 of 700; together 80 of 1000.
        //   m  = 0.08, n̄ = 1000 ÷ 3
        //   s² = (100 · 0.02² + 200 · 0.07² + 700 · (2 ÷ 35 − 0.08)²) ÷ 1000
        //      = (0.04 + 0.98 + 12.8 ÷ 35) ÷ 1000 = 0.0485 ÷ 35
        //   A  = 0.0485 ÷ 35 − 0.00024 = 0.0401 ÷ 35
        // The first keeps A ÷ (A + 0.0008) = 0.0401 ÷ 0.0681 of its distance of 20 per
        // thousand, the second 0.0401 ÷ 0.0541 of 70, the third 0.0401 ÷ 0.0441 of −160 ÷ 7.
        let (figures, exposures) = figures(&[(10.0, 100.0), (30.0, 200.0), (40.0, 700.0)], 1000.0);
        let drawn = towards_whole(&Rates { figures: &figures, exposures: &exposures, per: 1000.0 });
        let expected = [
            80.0 + 401.0 / 681.0 * 20.0,
            80.0 + 401.0 / 541.0 * 70.0,
            80.0 - 401.0 / 441.0 * 160.0 / 7.0,
        ];
        for (drawn, expected) in drawn.iter().zip(expected) {
            let found = drawn.figure().expect("every rate has an estimate");
            assert!((found - expected).abs() < 1e-11, "{found} is not {expected}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_left_and_says_why() {
        let figures = [Some(5.0), Some(9.0), None, Some(-1.0), Some(7.0)];
        let exposures = [Some(1e6), None, Some(10.0), Some(10.0), Some(0.0)];
        let drawn = towards_whole(&Rates { figures: &figures, exposures: &exposures, per: 100.0 });
        let kept = |figure, because| Shrunk::Kept { figure, because };
        assert_eq!(drawn[0].figure(), Some(5.0), "alone, a rate is its own target");
        assert_eq!(drawn[1], kept(9.0, Kept::NoExposure));
        assert_eq!(drawn[2], Shrunk::Gap);
        assert_eq!(drawn[3], kept(-1.0, Kept::NotARate));
        assert_eq!(drawn[4], kept(7.0, Kept::NoExposure));
    }

    #[test]
    fn groups_of_five_have_a_target_of_their_own_and_smaller_ones_say_so() {
        let counts: Vec<(f64, f64)> = (0..9).map(|at| (f64::from(at * at + 1), 50.0)).collect();
        let (figures, exposures) = figures(&counts, 1000.0);
        let rates = Rates { figures: &figures, exposures: &exposures, per: 1000.0 };
        let group = |unit: usize| Some(if unit < 5 { "large" } else { "small" }.to_owned());
        let drawn = towards_group(&rates, &(0..9).map(group).collect::<Vec<_>>());
        let towards = |shrunk: &Shrunk| match shrunk {
            Shrunk::Drawn { towards, target, .. } => (*towards, target.round()),
            _ => panic!("every rate is drawn"),
        };
        // 1 + 2 + 5 + 10 + 17 cases of 250; with 26 + 37 + 50 + 65 more of 450 in all.
        assert_eq!(towards(&drawn[0]), (Towards::Group, 140.0));
        assert_eq!(towards(&drawn[8]), (Towards::WholeForSmallGroup, 473.0));
    }
}
