//! What must hold of a column before a step, in one sentence each.

use std::collections::BTreeMap;

use crate::model::{Direction, Problem};

/// A column with its names, so that what is wrong with it can be said.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The indicator.
    pub indicator: &'a str,
    /// The units, in the order of the figures.
    pub units: &'a [String],
    /// The figures.
    pub figures: &'a [Option<f64>],
}

impl Named<'_> {
    /// Checks that every figure is a number.
    ///
    /// # Errors
    ///
    /// Names the first unit whose figure is infinite or not a number.
    pub fn finite(&self) -> Result<(), Problem> {
        let english = "`{indicator}` has a figure for `{unit}` that is no finite number: {figure}";
        self.none("figure_not_finite", english, |figure| !figure.is_finite())
    }

    /// Checks that no figure is negative, as a logarithm or a rate needs it.
    ///
    /// # Errors
    ///
    /// Names the first unit with a figure below 0.
    pub fn not_negative(&self) -> Result<(), Problem> {
        let english = "`{indicator}` has a figure below 0 for `{unit}` ({figure}), which neither \
                       a logarithm nor a rate can be";
        self.none("figure_negative", english, |figure| figure < 0.0)
    }

    /// Checks that a scale can be made of the column: two different figures at least.
    ///
    /// # Errors
    ///
    /// Says that nobody has a figure, or that everybody has the same.
    pub fn comparable(&self) -> Result<(), Problem> {
        let mut figures = self.figures.iter().flatten().filter(|figure| figure.is_finite());
        let Some(first) = figures.next() else {
            return Err(self.problem("column_empty", "nobody has a figure of `{indicator}`", &[]));
        };
        if figures.any(|figure| figure != first) {
            return Ok(());
        }
        let english = "everybody with a figure of `{indicator}` has the same, {figure}, and a \
                       scale needs two";
        Err(self.problem("column_constant", english, &[("figure", &first.to_string())]))
    }

    /// Returns the figure of the unit that others are held against.
    ///
    /// # Errors
    ///
    /// Says that there is no such unit, or that it has no figure.
    pub fn reference(&self, unit: &str) -> Result<f64, Problem> {
        let at = self.units.iter().position(|known| known == unit).ok_or_else(|| {
            let english = "`{indicator}` is held against `{unit}`, and there is no such unit";
            self.problem("reference_unknown", english, &[("unit", unit)])
        })?;
        self.figures.get(at).copied().flatten().ok_or_else(|| {
            let english = "`{indicator}` is held against `{unit}`, which has no figure of it";
            self.problem("reference_gap", english, &[("unit", unit)])
        })
    }

    /// Checks that a target is better than the worst figure.
    ///
    /// # Errors
    ///
    /// Names the target and the worst figure.
    pub fn target(&self, target: f64, direction: Direction) -> Result<(), Problem> {
        let figures = self.figures.iter().flatten().copied();
        let (worst, better) = match direction {
            Direction::Higher => (figures.reduce(f64::min), f64::gt as fn(&f64, &f64) -> bool),
            Direction::Lower => (figures.reduce(f64::max), f64::lt as fn(&f64, &f64) -> bool),
        };
        let Some(worst) = worst.filter(|worst| !better(&target, worst)) else { return Ok(()) };
        let english = "the target of `{indicator}`, {target}, is no better than the worst figure, \
                       {worst}";
        let places = [("target", target.to_string()), ("worst", worst.to_string())];
        let places = places.each_ref().map(|(place, value)| (*place, value.as_str()));
        Err(self.problem("target_too_low", english, &places))
    }

    /// Checks that every gap can be filled from the unit's group.
    ///
    /// # Errors
    ///
    /// Names a group where nobody has a figure, or a unit with a gap and no group.
    pub fn groups(&self, groups: &[Option<String>]) -> Result<(), Problem> {
        let mut has_figure: BTreeMap<&str, bool> = BTreeMap::new();
        for (unit, (figure, group)) in self.figures.iter().zip(groups).enumerate() {
            match group {
                Some(group) => *has_figure.entry(group).or_default() |= figure.is_some(),
                None if figure.is_none() => {
                    let english = "`{unit}` has neither a figure of `{indicator}` nor a group to \
                                   take one from";
                    return Err(self.problem("group_none", english, &[("unit", self.unit(unit))]));
                }
                None => {}
            }
        }
        let Some((group, _)) = has_figure.iter().find(|(_, has_figure)| !**has_figure) else {
            return Ok(());
        };
        let english = "nobody in the group `{group}` has a figure of `{indicator}`, so gaps there \
                       stay gaps";
        Err(self.problem("group_empty", english, &[("group", group)]))
    }

    /// Says that a unit's denominator is 0 or less.
    pub fn denominator_unusable(&self, unit: usize, denominator: f64) -> Problem {
        let english = "`{indicator}` is divided by {denominator} for `{unit}`, so its figure is a \
                       gap";
        let places = [("denominator", denominator.to_string())];
        let places = [("unit", self.unit(unit)), ("denominator", places[0].1.as_str())];
        self.problem("denominator_unusable", english, &places)
    }

    fn none(
        &self,
        key: &'static str,
        english: &str,
        fault: impl Fn(f64) -> bool,
    ) -> Result<(), Problem> {
        let at_fault = |(unit, figure): (usize, &Option<f64>)| {
            figure.filter(|figure| fault(*figure)).map(|figure| (unit, figure))
        };
        let Some((unit, figure)) = self.figures.iter().enumerate().find_map(at_fault) else {
            return Ok(());
        };
        let figure = figure.to_string();
        Err(self.problem(key, english, &[("unit", self.unit(unit)), ("figure", &figure)]))
    }

    fn unit(&self, at: usize) -> &str {
        self.units.get(at).map_or("?", String::as_str)
    }

    fn problem(
        &self,
        key: &'static str,
        english: &str,
        places: &[(&'static str, &str)],
    ) -> Problem {
        let all: Vec<_> = [("indicator", self.indicator)].iter().chain(places).copied().collect();
        Problem::new(key, english, &all)
    }
}
