//! Adding up: by a code list, or a whole dimension away.
//!
//! A sum with a gap in it is a gap, not a smaller number: the sum is missing and
//! its [`Coverage`] says how many parts were, and why. One gap is no gap: a
//! category that was not in use ([`NOT_IN_USE`]), such as a municipality before
//! it was formed, adds nothing where another part has a number.

use std::collections::BTreeMap;

use crate::{Cube, CubeError, Dimension, Statuses, Values};

/// Statistics Norway's symbol for a category that was not in use.
pub const NOT_IN_USE: &str = ".";

/// Statistics Norway's symbol for a figure that is missing.
const MISSING: &str = "..";

/// Several categories that become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Code of the whole.
    pub code: String,
    /// Shown name.
    pub label: Option<String>,
    /// Positions of the parts; none gives a gap.
    pub parts: Vec<usize>,
}

/// How much of a sum was there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Parts in all.
    pub parts: usize,
    /// Parts without a number.
    pub missing: usize,
    /// How many were missing with each symbol; the empty one where there was none.
    pub reasons: BTreeMap<String, usize>,
}

/// Sums, and what they lack.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregated {
    /// The sums.
    pub cube: Cube,
    /// By cell of `cube`; only cells of which a part was missing.
    pub coverage: BTreeMap<usize, Coverage>,
}

impl Cube {
    /// Adds categories of a dimension together.
    ///
    /// # Errors
    ///
    /// [`CubeError::Forbidden`] when the publisher says that figures must not be added, or that
    /// one of them is an average; [`CubeError::Shape`] for a part that does not exist or a
    /// code that occurs twice.
    pub fn aggregate(&self, dimension: usize, groups: &[Group]) -> Result<Aggregated, CubeError> {
        self.check_addition()?;
        self.aggregate_anyway(dimension, groups)
    }

    /// As [`Cube::aggregate`], also where the publisher forbids it: some servers do so themselves.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`].
    pub fn aggregate_anyway(
        &self,
        dimension: usize,
        groups: &[Group],
    ) -> Result<Aggregated, CubeError> {
        let Some(summed) = self.dimensions().get(dimension) else {
            return Err(CubeError::shape(
                "aggregate",
                format!("there is no dimension {dimension}"),
            ));
        };
        for group in groups {
            if let Some(beyond) = group.parts.iter().find(|part| **part >= summed.len()) {
                let problem = format!("`{}` has a part at {beyond}, beyond the end", group.code);
                return Err(CubeError::shape(format!("dimension `{}`", summed.code), problem));
            }
        }
        let mut dimensions = self.dimensions().to_vec();
        dimensions[dimension] = grouped(summed, groups)?;
        if self.values().is_empty() {
            let cube = self.with_cells(dimensions, Values::default(), Statuses::none())?;
            return Ok(Aggregated { cube, coverage: BTreeMap::new() });
        }
        let outer: usize = self.sizes()[..dimension].iter().product();
        let inner = self.strides()[dimension];
        let cells = outer * groups.len() * inner;
        let mut sums = Sums { values: Values::with_capacity(cells), ..Sums::default() };
        for block in 0..outer {
            for group in groups {
                for column in 0..inner {
                    let part = |at: &usize| (block * summed.len() + at) * inner + column;
                    sums.add(self, group.parts.iter().map(part), cells);
                }
            }
        }
        let cube = self.with_cells(dimensions, sums.values, sums.statuses)?;
        Ok(Aggregated { cube, coverage: sums.coverage })
    }

    /// Sums a dimension away.
    ///
    /// # Errors
    ///
    /// As [`Cube::aggregate`].
    pub fn sum_away(&self, dimension: usize) -> Result<Aggregated, CubeError> {
        self.check_addition()?;
        self.sum_away_anyway(dimension)
    }

    /// As [`Cube::sum_away`], also where the publisher forbids it.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`].
    pub fn sum_away_anyway(&self, dimension: usize) -> Result<Aggregated, CubeError> {
        let parts = (0..self.dimensions().get(dimension).map_or(0, Dimension::len)).collect();
        let all = Group { code: "*".to_owned(), label: None, parts };
        let summed = self.aggregate_anyway(dimension, &[all])?;
        Ok(Aggregated { cube: summed.cube.drop_single(dimension)?, coverage: summed.coverage })
    }

    /// Picks one category of a dimension, such as the designated total, and drops the dimension.
    ///
    /// # Errors
    ///
    /// [`CubeError::UnknownCode`]; [`CubeError::Shape`] for a dimension that does not exist.
    pub fn take_total(&self, dimension: usize, code: &str) -> Result<Cube, CubeError> {
        let Some(eliminated) = self.dimensions().get(dimension) else {
            return Err(CubeError::shape(
                "eliminate",
                format!("there is no dimension {dimension}"),
            ));
        };
        let position = eliminated.find(code)?;
        self.slice(&[(dimension, vec![position])])?.drop_single(dimension)
    }

    /// Whether the publisher allows adding: `aggregallowed`, and no averages among the contents.
    fn check_addition(&self) -> Result<(), CubeError> {
        let forbidden = |reason: String| {
            Err(CubeError::Forbidden { what: "adding figures together".to_owned(), reason })
        };
        let px = self.extension.get("px");
        if px.and_then(|px| px.get("aggregallowed")).and_then(serde_json::Value::as_bool)
            == Some(false)
        {
            return forbidden(
                "the publisher marks the table as one that must not be added up".to_owned(),
            );
        }
        let Some(metric) = self.metric() else { return Ok(()) };
        let metric = &self.dimensions()[metric];
        let kinds = metric.extension.get("measuringType");
        let is_average = |code: &&String| {
            let kind = kinds.and_then(|kinds| kinds.get(code.as_str()));
            kind.and_then(serde_json::Value::as_str) == Some("Average")
        };
        match metric.codes().iter().find(is_average) {
            Some(code) => forbidden(format!("`{code}` is an average")),
            None => Ok(()),
        }
    }
}

/// The sums so far.
#[derive(Default)]
struct Sums {
    values: Values,
    statuses: Statuses,
    coverage: BTreeMap<usize, Coverage>,
}

impl Sums {
    /// Adds one sum of the given cells of `from`.
    fn add(&mut self, from: &Cube, parts: impl Iterator<Item = usize>, cells: usize) {
        let mut coverage = Coverage::default();
        let (mut sum, mut numbers) = (Compensated::default(), 0_usize);
        let mut symbol: Option<Option<&str>> = None;
        for cell in parts {
            coverage.parts += 1;
            let status = from.statuses().at(cell);
            match from.values().at(cell) {
                Some(number) => {
                    sum.add(number);
                    numbers += 1;
                    // A remark on every part is a remark on the whole; on some, it is not.
                    let same = symbol.is_none_or(|known| known == status);
                    symbol = Some(if same { status } else { None });
                }
                None => {
                    coverage.missing += 1;
                    *coverage.reasons.entry(status.unwrap_or("").to_owned()).or_default() += 1;
                }
            }
        }
        let cell = self.values.len();
        let only_unused = coverage.reasons.keys().all(|reason| reason == NOT_IN_USE);
        if numbers > 0 && only_unused {
            self.values.push(sum.total());
            self.statuses.set(cell, cells, symbol.flatten().unwrap_or(""));
        } else {
            self.values.push_missing();
            let mut reasons = coverage.reasons.keys().filter(|reason| *reason != NOT_IN_USE);
            let reason = match (reasons.next(), reasons.next()) {
                (None, _) if coverage.missing > 0 => NOT_IN_USE,
                (Some(only), None) if !only.is_empty() => only,
                _ => MISSING,
            };
            self.statuses.set(cell, cells, reason);
        }
        if coverage.missing > 0 {
            self.coverage.insert(cell, coverage);
        }
    }
}

/// A sum that does not lose the small beside the large (Neumaier), so that order does not matter
/// to the last decimal that is shown.
#[derive(Default)]
struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    fn add(&mut self, number: f64) {
        let sum = self.sum + number;
        self.lost += match self.sum.abs() >= number.abs() {
            true => (self.sum - sum) + number,
            false => (number - sum) + self.sum,
        };
        self.sum = sum;
    }

    fn total(&self) -> f64 {
        self.sum + self.lost
    }
}

/// The dimension with the groups as its categories.
fn grouped(dimension: &Dimension, groups: &[Group]) -> Result<Dimension, CubeError> {
    let codes = groups.iter().map(|group| group.code.clone()).collect();
    let labels = groups.iter().map(|group| group.label.clone()).collect();
    let mut grouped = Dimension::new(dimension.code.clone(), codes, labels)?;
    grouped.label.clone_from(&dimension.label);
    grouped.role = dimension.role;
    grouped.notes.clone_from(&dimension.notes);
    grouped.extension.clone_from(&dimension.extension);
    grouped.link.clone_from(&dimension.link);
    grouped.other.clone_from(&dimension.other);
    Ok(grouped)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::arbitrary;

    fn column(cells: &[(Option<f64>, &str)]) -> Cube {
        let codes = (0..cells.len()).map(|code| code.to_string()).collect();
        let dimension = Dimension::new("Region", codes, Vec::new()).expect("distinct codes");
        let mut statuses = Statuses::none();
        for (cell, (_, symbol)) in cells.iter().enumerate() {
            statuses.set(cell, cells.len(), symbol);
        }
        let values = cells.iter().map(|(number, _)| *number).collect();
        Cube::new(vec![dimension], values, statuses).expect("a value per code")
    }

    /// Adds all cells up and says the sum as a reader would see it.
    fn sum(cells: &[(Option<f64>, &str)]) -> String {
        let summed = column(cells).sum_away(0).expect("may be added");
        let missing = summed.coverage.get(&0).map_or(0, |coverage| coverage.missing);
        match summed.cube.values().at(0) {
            Some(number) => format!("{number}, {missing} of {} missing", cells.len()),
            None => format!(
                "{}, {missing} of {} missing",
                summed.cube.statuses().at(0).unwrap_or("?"),
                cells.len()
            ),
        }
    }

    #[test]
    fn a_sum_with_a_gap_is_a_gap_and_says_why() {
        assert_eq!(sum(&[(Some(1.0), ""), (Some(2.0), "")]), "3, 0 of 2 missing");
        assert_eq!(sum(&[(Some(1.0), ""), (None, ":")]), ":, 1 of 2 missing");
        assert_eq!(sum(&[(None, ".."), (None, ":")]), ".., 2 of 2 missing");
        assert_eq!(sum(&[(None, ""), (Some(2.0), "")]), ".., 1 of 2 missing");
    }

    #[test]
    fn a_category_that_was_not_in_use_adds_nothing() {
        assert_eq!(sum(&[(Some(5.0), ""), (None, ".")]), "5, 1 of 2 missing");
        assert_eq!(sum(&[(None, "."), (None, ".")]), "., 2 of 2 missing");
        assert_eq!(sum(&[(None, "."), (None, ":"), (Some(1.0), "")]), ":, 2 of 3 missing");
    }

    #[test]
    fn averages_are_not_added() {
        let codes = vec!["Gjennomsnitt".to_owned()];
        let mut contents = Dimension::new("ContentsCode", codes, Vec::new()).expect("one code");
        contents
            .extension
            .insert("measuringType".to_owned(), serde_json::json!({ "Gjennomsnitt": "Average" }));
        let cube = Cube::new(vec![contents], Values::zeros(1), Statuses::none()).expect("one cell");
        let refused = cube.sum_away(0).expect_err("an average");
        assert_eq!(
            refused.to_string(),
            "adding figures together is not allowed: `Gjennomsnitt` is an average"
        );
    }

    proptest! {
        /// Against the slowest way there is: every cell found by its codes.
        #[test]
        fn sums_are_what_adding_by_hand_gives(cube in arbitrary(), seed: u64) {
            if cube.dimensions().is_empty() {
                return Ok(());
            }
            let at = usize::try_from(seed % 4).unwrap_or(0) % cube.dimensions().len();
            let size = cube.dimensions()[at].len();
            let groups: Vec<Group> = (0..2)
                .map(|group| Group {
                    code: format!("G{group}"),
                    label: None,
                    parts: (0..size).filter(|part| (seed >> (part + 8 * group)) & 1 == 1).collect(),
                })
                .collect();
            let summed = cube.aggregate(at, &groups).expect("may be added");
            for cell in 0..summed.cube.values().len() {
                let mut codes = summed.cube.codes_at(cell);
                let group = groups.iter().find(|group| group.code == codes[at]).expect("a group");
                let (mut sum, mut gap, mut numbers) = (0.0, false, 0);
                for part in &group.parts {
                    codes[at] = &cube.dimensions()[at].codes()[*part];
                    let found = cube.cell(&codes).expect("a cell");
                    match cube.values().at(found) {
                        Some(number) => { sum += number; numbers += 1; }
                        None => gap |= cube.statuses().at(found) != Some(NOT_IN_USE),
                    }
                }
                let expected = (!gap && numbers > 0).then_some(sum);
                prop_assert_eq!(summed.cube.values().at(cell), expected);
                let missing = summed.coverage.get(&cell).map_or(0, |coverage| coverage.missing);
                prop_assert_eq!(missing, group.parts.len() - numbers);
            }
        }
    }
}
