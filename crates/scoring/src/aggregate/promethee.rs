//! PROMETHEE II: how strongly each unit is preferred to the others, and they to it.

use crate::{Preference, Problem};

use super::table::{Column, MOST_UNITS_IN_PAIRS, Table, if_above, refuse_more_than};

/// How a difference in one criterion becomes a preference from 0 to 1 (Brans & Vincke 1985).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Difference up to which the two are as good as each other.
    pub q: f64,
    /// Difference from which the preference is full.
    pub p: f64,
    /// What `q` and `p` are measured in.
    pub measure: Measure,
}

/// What the thresholds are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Shares of the distance from the lowest to the highest figure of each column.
    Range,
    /// The columns' own unit.
    Absolute,
}

impl Thresholds {
    /// For the preference that has none.
    pub const NONE: Self = Self { q: 0.0, p: 0.0, measure: Measure::Absolute };
}

/// The flows of each unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    /// Mean preference for the unit over the others, 0 to 1.
    pub plus: Vec<Option<f64>>,
    /// Mean preference for the others over the unit, 0 to 1.
    pub minus: Vec<Option<f64>>,
    /// `plus` less `minus`: the score, -1 to 1.
    pub net: Vec<Option<f64>>,
    /// Parts of `net`, one column per criterion: they add up to it.
    pub by_criterion: Vec<Vec<Option<f64>>>,
}

/// Scores units by the net flow of preference.
///
/// Two units are compared in the criteria in which both have a figure, with
/// the weights rescaled to those; a unit's flow is its mean over the units with
/// which it shares one. A unit that shares none with anybody is a gap.
///
/// Without gaps the columns are sorted rather than compared pair by pair, and
/// the number of units is free.
///
/// # Errors
///
/// Gaps and more than [`MOST_UNITS_IN_PAIRS`] units.
pub fn promethee_ii(
    columns: &[&[Option<f64>]],
    weights: &[f64],
    preference: Preference,
    thresholds: Thresholds,
) -> Result<Flows, Problem> {
    let table = Table::new(columns, weights);
    let curve = |column| Curve::new(preference, thresholds, column);
    let curves: Vec<Curve> = table.columns.iter().map(curve).collect();
    let mut sums = Sums::new(table.rows(), table.columns.len());
    if table.is_whole() {
        sums.by_sorting(&table, &curves);
    } else {
        refuse_more_than(MOST_UNITS_IN_PAIRS, "PROMETHEE II", table.rows())?;
        sums.by_pairs(&table, &curves);
    }
    Ok(sums.flows(&table))
}

/// Preferences summed over the others.
struct Sums {
    plus: Vec<f64>,
    minus: Vec<f64>,
    parts: Vec<Vec<f64>>,
    others: Vec<usize>,
}

impl Sums {
    fn new(rows: usize, criteria: usize) -> Self {
        let none = || vec![0.0; rows];
        let parts = vec![none(); criteria];
        Self { plus: none(), minus: none(), parts, others: vec![0; rows] }
    }

    fn by_sorting(&mut self, table: &Table, curves: &[Curve]) {
        self.others.fill(table.rows().saturating_sub(1));
        for ((column, curve), parts) in table.columns.iter().zip(curves).zip(&mut self.parts) {
            if column.weight == 0.0 {
                continue;
            }
            let sorted = Sorted::new(&column.figures);
            for (row, figure) in column.figures.iter().enumerate() {
                let plus = column.weight * sorted.preferred_to(*figure, *curve);
                let minus = column.weight * sorted.preferring(*figure, *curve);
                self.plus[row] += plus;
                self.minus[row] += minus;
                parts[row] += plus - minus;
            }
        }
    }

    fn by_pairs(&mut self, table: &Table, curves: &[Curve]) {
        let mut shared = vec![0.0; table.rows()];
        for row in 0..table.rows() {
            shared.fill(0.0);
            for column in table.weighted().filter(|column| column.has[row] == 1.0) {
                for (shared, has) in shared.iter_mut().zip(&column.has).skip(row + 1) {
                    *shared += column.weight * has;
                }
            }
            for (other, shared) in shared.iter_mut().enumerate().skip(row + 1) {
                let held = usize::from(*shared > 0.0);
                self.others[row] += held;
                self.others[other] += held;
                *shared = if *shared > 0.0 { 1.0 / *shared } else { 0.0 };
            }
            for (at, column) in table.columns.iter().enumerate() {
                if column.weight > 0.0 && column.has[row] == 1.0 {
                    let curve = curves[at];
                    match curve.between {
                        Between::Half => {
                            self.compare(row, (at, column), &shared, |d| curve.step(d))
                        }
                        Between::Rising => {
                            self.compare(row, (at, column), &shared, |d| curve.rise(d))
                        }
                    }
                }
            }
        }
    }

    /// Adds one criterion of one unit's comparisons with those after it, by one over the weight shared.
    ///
    /// Without a branch, so that many are compared at once.
    fn compare(
        &mut self,
        row: usize,
        (at, column): (usize, &Column),
        per_shared: &[f64],
        preference: impl Fn(f64) -> f64,
    ) {
        let own = column.figures[row];
        let others = column.figures[row + 1..].iter().zip(&column.has[row + 1..]);
        let others = others.zip(&per_shared[row + 1..]);
        let sums = self.plus[row + 1..].iter_mut().zip(&mut self.minus[row + 1..]);
        let sums = sums.zip(&mut self.parts[at][row + 1..]);
        let (mut plus_sum, mut minus_sum) = (0.0, 0.0);
        for (((figure, has), per_shared), ((plus_other, minus_other), part)) in others.zip(sums) {
            let weight = column.weight * has * per_shared;
            let plus = weight * preference(own - figure);
            let minus = weight * preference(figure - own);
            plus_sum += plus;
            minus_sum += minus;
            *plus_other += minus;
            *minus_other += plus;
            *part += minus - plus;
        }
        self.plus[row] += plus_sum;
        self.minus[row] += minus_sum;
        self.parts[at][row] += plus_sum - minus_sum;
    }

    fn flows(&self, table: &Table) -> Flows {
        let mean = |sums: &[f64]| -> Vec<Option<f64>> {
            let means = sums.iter().zip(&self.others);
            means.map(|(sum, others)| (*others > 0).then(|| sum / *others as f64)).collect()
        };
        let (plus, minus) = (mean(&self.plus), mean(&self.minus));
        let net = plus.iter().zip(&minus).map(|(plus, minus)| Some((*plus)? - (*minus)?));
        let net: Vec<Option<f64>> = net.collect();
        let by_criterion = table.columns.iter().zip(&self.parts).map(|(column, parts)| {
            let means = mean(parts);
            let part = |(row, part): (usize, Option<f64>)| part.filter(|_| column.has[row] == 1.0);
            table.at_units(&means.into_iter().enumerate().map(part).collect::<Vec<_>>())
        });
        Flows {
            by_criterion: by_criterion.collect(),
            plus: table.at_units(&plus),
            minus: table.at_units(&minus),
            net: table.at_units(&net),
        }
    }
}

/// Every shape at once: nothing up to `q`, all above `p`, something between.
#[derive(Debug, Clone, Copy)]
struct Curve {
    q: f64,
    p: f64,
    between: Between,
}

#[derive(Debug, Clone, Copy)]
enum Between {
    Half,
    Rising,
}

impl Curve {
    fn new(preference: Preference, thresholds: Thresholds, column: &Column) -> Self {
        let unit = match thresholds.measure {
            Measure::Absolute => 1.0,
            Measure::Range => column.ends().map_or(0.0, |(low, high)| high - low),
        };
        let (q, p) = (thresholds.q.max(0.0) * unit, thresholds.p.max(0.0) * unit);
        let (q, p) = match preference {
            Preference::Usual => (0.0, 0.0),
            Preference::UShape => (q, q),
            Preference::VShape => (0.0, p),
            Preference::Level | Preference::Linear => (q, p),
        };
        // A slope without length is a step.
        let steps = preference == Preference::Level || p <= q;
        Self { q, p: p.max(q), between: if steps { Between::Half } else { Between::Rising } }
    }

    /// Half above `q`, the other half above `p`.
    fn step(self, difference: f64) -> f64 {
        let half = |threshold: f64| if_above(difference, threshold, 0.5);
        half(self.q) + half(self.p)
    }

    /// A slope from `q` to `p`.
    fn rise(self, difference: f64) -> f64 {
        ((difference - self.q) / (self.p - self.q)).clamp(0.0, 1.0)
    }
}

/// A column in rising order, with the sums of all that stand before.
struct Sorted {
    figures: Vec<f64>,
    /// Sums of distances from the lowest: figures far from zero keep their digits.
    before: Vec<f64>,
}

impl Sorted {
    fn new(figures: &[f64]) -> Self {
        let figures = crate::normalise::sorted(figures.iter().copied());
        let lowest = figures.first().copied().unwrap_or(0.0);
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for figure in &figures {
            sum += figure - lowest;
            before.push(sum);
        }
        Self { figures, before }
    }

    /// Returns the summed preference for `figure` over all others.
    fn preferred_to(&self, figure: f64, curve: Curve) -> f64 {
        let full = self.figures.partition_point(|other| figure - other > curve.p);
        let some = self.figures.partition_point(|other| figure - other > curve.q);
        let count = (some - full) as f64;
        let distances = || {
            let own = figure - self.figures[0];
            count * own - (self.before[some] - self.before[full])
        };
        full as f64 + self.between(count, distances, curve)
    }

    /// Returns the summed preference of all others over `figure`.
    fn preferring(&self, figure: f64, curve: Curve) -> f64 {
        let none = self.figures.partition_point(|other| other - figure <= curve.q);
        let some = self.figures.partition_point(|other| other - figure <= curve.p);
        let count = (some - none) as f64;
        let distances = || {
            let own = figure - self.figures[0];
            self.before[some] - self.before[none] - count * own
        };
        (self.figures.len() - some) as f64 + self.between(count, distances, curve)
    }

    fn between(&self, count: f64, distances: impl Fn() -> f64, curve: Curve) -> f64 {
        match curve.between {
            _ if count == 0.0 => 0.0,
            Between::Half => count / 2.0,
            Between::Rising => (distances() - count * curve.q) / (curve.p - curve.q),
        }
    }
}
