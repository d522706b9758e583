//! Guesses where there is a gap, each one listed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Direction;
use crate::statistics::{finite_only, mean, median};

/// Which middle stands in for a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Middle {
    /// The mean.
    Mean,
    /// The median.
    Median,
}

impl Middle {
    fn of(self, figures: &[Option<f64>]) -> Option<f64> {
        match self {
            Self::Mean => mean(figures),
            Self::Median => median(figures),
        }
    }
}

/// A column with guesses in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imputed {
    /// Figures and guesses; what nobody could guess is still a gap.
    pub figures: Vec<Option<f64>>,
    /// Units whose figure is a guess, in rising order.
    pub filled: Vec<usize>,
}

impl Imputed {
    /// Fills each gap with what `guess` says of it.
    pub(super) fn by(figures: &[Option<f64>], guess: impl Fn(usize) -> Option<f64>) -> Self {
        let mut filled = Vec::new();
        let mut figures = finite_only(figures);
        for (unit, figure) in figures.iter_mut().enumerate().filter(|(_, figure)| figure.is_none())
        {
            *figure = guess(unit).filter(|guess| guess.is_finite());
            if figure.is_some() {
                filled.push(unit);
            }
        }
        Self { figures, filled }
    }
}

/// Fills gaps with the middle of the column.
pub fn by_column(figures: &[Option<f64>], middle: Middle) -> Imputed {
    let guess = middle.of(figures);
    Imputed::by(figures, |_| guess)
}

/// Fills gaps with the middle of the unit's group.
///
/// A unit without a group keeps its gap, and so do all in a group where nobody
/// has a figure: nothing is known there.
pub fn by_group(figures: &[Option<f64>], groups: &[Option<String>], middle: Middle) -> Imputed {
    let mut members: BTreeMap<&str, Vec<Option<f64>>> = BTreeMap::new();
    for (figure, group) in figures.iter().zip(groups) {
        if let Some(group) = group {
            members.entry(group).or_default().push(*figure);
        }
    }
    let guesses: BTreeMap<&str, Option<f64>> =
        members.iter().map(|(group, figures)| (*group, middle.of(figures))).collect();
    Imputed::by(figures, |unit| guesses.get(groups.get(unit)?.as_deref()?).copied()?)
}

/// Fills each unit's gaps with the middle of its own other figures, column by column.
///
/// Every column is first scaled from its worst (0) to its best (1), the middle is
/// taken there, and is scaled back. A column of one figure takes no part.
pub fn by_row(columns: &[(&[Option<f64>], Direction)], middle: Middle) -> Vec<Imputed> {
    let scales: Vec<Option<Scale>> =
        columns.iter().map(|(figures, direction)| Scale::of(figures, *direction)).collect();
    let guess = |column: usize, unit: usize| {
        let others = (0..columns.len()).filter(|other| *other != column).map(|other| {
            let figure = columns[other].0.get(unit).copied().flatten()?;
            scales[other].as_ref().map(|scale| scale.position(figure))
        });
        let middle = middle.of(&others.collect::<Vec<_>>())?;
        Some(scales[column].as_ref()?.figure(middle))
    };
    let column = |(at, (figures, _)): (usize, &(&[Option<f64>], Direction))| {
        Imputed::by(figures, |unit| guess(at, unit))
    };
    columns.iter().enumerate().map(column).collect()
}

/// From the worst figure of a column to its best.
struct Scale {
    worst: f64,
    best: f64,
}

impl Scale {
    fn of(figures: &[Option<f64>], direction: Direction) -> Option<Self> {
        let finite = || figures.iter().flatten().copied().filter(|figure| figure.is_finite());
        let (low, high) = (finite().reduce(f64::min)?, finite().reduce(f64::max)?);
        let (worst, best) = match direction {
            Direction::Higher => (low, high),
            Direction::Lower => (high, low),
        };
        (worst != best).then_some(Self { worst, best })
    }

    fn position(&self, figure: f64) -> f64 {
        (figure - self.worst) / (self.best - self.worst)
    }

    fn figure(&self, position: f64) -> f64 {
        position * (self.best - self.worst) + self.worst
    }
}
