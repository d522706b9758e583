//! Figures side by side, for methods that compare unit with unit.

/// The columns with weight, over the units that have data in them.
///
/// Units stand in an order of their own, by their figures, so that no sum
/// depends on the order in which the caller has them.
pub(crate) struct Table {
    /// Where each row stands at the caller.
    order: Vec<usize>,
    /// Units at the caller, those without data included.
    units: usize,
    /// One for every column of the caller; empty for one without weight.
    pub columns: Vec<Column>,
}

/// One criterion.
pub(crate) struct Column {
    /// Share of the whole weight.
    pub weight: f64,
    /// Figures; 0 where `has` is 0, which no sum then counts.
    pub figures: Vec<f64>,
    /// 1 where there is a figure, 0 for a gap.
    pub has: Vec<f64>,
}

impl Table {
    /// Lays out `columns`; a weight that is not above 0 takes its column out.
    pub fn new(columns: &[&[Option<f64>]], weights: &[f64]) -> Self {
        let weights: Vec<f64> = (0..columns.len())
            .map(|at| weights.get(at).copied().filter(|w| w.is_finite() && *w > 0.0).unwrap_or(0.0))
            .collect();
        let all: f64 = weights.iter().sum();
        let units = columns.iter().map(|column| column.len()).max().unwrap_or(0);
        let figure = |at: usize, unit: usize| {
            let there = columns[at].get(unit).copied().flatten().filter(|x| x.is_finite());
            there.filter(|_| weights[at] > 0.0)
        };
        let mut order: Vec<usize> = (0..units)
            .filter(|unit| (0..columns.len()).any(|at| figure(at, *unit).is_some()))
            .collect();
        order.sort_by(|left, right| {
            let pairs = (0..columns.len()).map(|at| (figure(at, *left), figure(at, *right)));
            pairs
                .map(|(left, right)| match (left, right) {
                    (Some(left), Some(right)) => left.total_cmp(&right),
                    (left, right) => left.is_some().cmp(&right.is_some()),
                })
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let column = |at: usize| {
            let figures = order.iter().map(|unit| figure(at, *unit));
            Column {
                weight: if all > 0.0 { weights[at] / all } else { 0.0 },
                figures: figures.clone().map(|figure| figure.unwrap_or(0.0)).collect(),
                has: figures.map(|figure| if figure.is_some() { 1.0 } else { 0.0 }).collect(),
            }
        };
        let columns = (0..columns.len()).map(column).collect();
        Self { order, units, columns }
    }

    /// Returns how many units take part.
    pub fn rows(&self) -> usize {
        self.order.len()
    }

    /// Returns whether every unit that takes part has every figure.
    pub fn is_whole(&self) -> bool {
        self.weighted().all(|column| column.has.iter().all(|has| *has == 1.0))
    }

    /// The columns that count.
    pub fn weighted(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.weight > 0.0)
    }

    /// Brings one result per row back to the caller's units.
    pub fn at_units<T: Clone>(&self, results: &[Option<T>]) -> Vec<Option<T>> {
        let mut at_units = vec![None; self.units];
        for (unit, result) in self.order.iter().zip(results) {
            at_units[*unit].clone_from(result);
        }
        at_units
    }

    /// Returns the caller's number of a row.
    pub fn unit(&self, row: usize) -> usize {
        self.order[row]
    }
}

impl Column {
    /// Returns the lowest and the highest figure; `None` without figures.
    pub fn ends(&self) -> Option<(f64, f64)> {
        self.present()
            .map(|(_, figure)| (figure, figure))
            .reduce(|(low, high), (figure, _)| (low.min(figure), high.max(figure)))
    }

    /// The figures that are there, with their rows.
    pub fn present(&self) -> impl Iterator<Item = (usize, f64)> {
        let rows = self.figures.iter().zip(&self.has).enumerate();
        rows.filter(|(_, (_, has))| **has == 1.0).map(|(row, (figure, _))| (row, *figure))
    }

    /// The figure of a row.
    pub fn figure(&self, row: usize) -> Option<f64> {
        (self.has[row] == 1.0).then(|| self.figures[row])
    }
}

/// Returns `value` where `one` is above `other` and 0 elsewhere, without a
/// branch: which of two figures is higher is what no processor can foresee.
#[inline(always)]
pub(crate) fn if_above(one: f64, other: f64, value: f64) -> f64 {
    f64::from_bits(value.to_bits() & u64::from(one > other).wrapping_neg())
}

/// Units that methods comparing every pair take; beyond it they need minutes.
pub const MOST_UNITS_IN_PAIRS: usize = 20_000;

/// Units whose pairs are kept one by one.
pub const MOST_UNITS_IN_A_MATRIX: usize = 2_000;

/// Refuses more than `most` units, which cannot be compared pair by pair.
pub(crate) fn refuse_more_than(
    most: usize,
    method: &str,
    units: usize,
) -> Result<(), crate::Problem> {
    if units <= most {
        return Ok(());
    }
    Err(crate::Problem::new(
        "too_many_units_for_pairs",
        "{method} compares every unit with every other and takes at most {most} units, not {units}",
        &[("method", method), ("most", &most.to_string()), ("units", &units.to_string())],
    ))
}
