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

#[cfg(test)]
mod tests {
    use super::*;

    /// Says what is wrong with a column of units `0301`, `1103` and `4601`.
    fn told<T>(
        figures: [Option<f64>; 3],
        check: impl Fn(&Named<'_>) -> Result<T, Problem>,
    ) -> String {
        let units = ["0301", "1103", "4601"].map(str::to_owned);
        let column = Named { indicator: "rent", units: &units, figures: &figures };
        check(&column).err().map_or_else(|| "fine".to_owned(), |problem| problem.to_string())
    }

    #[test]
    fn a_fault_of_a_column_names_the_indicator_and_the_unit() {
        let one = Some(1.0);
        assert_eq!(told([one, None, Some(2.0)], |column| column.comparable()), "fine");
        assert_eq!(told([None; 3], |column| column.comparable()), "nobody has a figure of `rent`");
        assert_eq!(
            told([one, None, one], |column| column.comparable()),
            "everybody with a figure of `rent` has the same, 1, and a scale needs two"
        );
        assert_eq!(
            told([one, Some(f64::INFINITY), None], |column| column.finite()),
            "`rent` has a figure for `1103` that is no finite number: inf"
        );
        assert_eq!(
            told([one, None, Some(-2.5)], |column| column.not_negative()),
            "`rent` has a figure below 0 for `4601` (-2.5), which neither a logarithm nor a rate \
             can be"
        );
    }

    #[test]
    fn a_reference_must_exist_and_have_a_figure() {
        let figures = [Some(1.0), None, Some(3.0)];
        assert_eq!(told(figures, |column| column.reference("4601")), "fine");
        assert_eq!(
            told(figures, |column| column.reference("9999")),
            "`rent` is held against `9999`, and there is no such unit"
        );
        assert_eq!(
            told(figures, |column| column.reference("1103")),
            "`rent` is held against `1103`, which has no figure of it"
        );
    }

    #[test]
    fn a_target_must_be_better_than_the_worst_figure() {
        let figures = [Some(1.0), None, Some(3.0)];
        assert_eq!(told(figures, |column| column.target(9.0, Direction::Higher)), "fine");
        assert_eq!(
            told(figures, |column| column.target(3.0, Direction::Lower)),
            "the target of `rent`, 3, is no better than the worst figure, 3"
        );
    }

    #[test]
    fn gaps_need_a_group_with_a_figure() {
        let groups = |labels: [Option<&str>; 3]| labels.map(|label| label.map(str::to_owned));
        let figures = [Some(1.0), None, Some(3.0)];
        let check = |labels| told(figures, |column| column.groups(&groups(labels)));
        assert_eq!(check([Some("a"), Some("a"), None]), "fine");
        assert_eq!(
            check([Some("a"), Some("b"), None]),
            "nobody in the group `b` has a figure of `rent`, so gaps there stay gaps"
        );
        assert_eq!(
            check([Some("a"), None, None]),
            "`1103` has neither a figure of `rent` nor a group to take one from"
        );
        let zero = told(figures, |column| Err::<(), _>(column.denominator_unusable(1, 0.0)));
        assert_eq!(zero, "`rent` is divided by 0 for `1103`, so its figure is a gap");
    }
}
