//! Who and what has enough data to take part.

use serde::{Deserialize, Serialize};

/// How much of a row or a column is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Availability {
    /// Cells, with and without a figure.
    pub cells: usize,
    /// Cells without one.
    pub missing: usize,
    /// Cells with the figure 0.
    pub zeros: usize,
}

impl Availability {
    /// Counts the cells of a row or a column.
    pub fn of(cells: impl Iterator<Item = Option<f64>>) -> Self {
        cells.fold(Self::default(), |counted, cell| Self {
            cells: counted.cells + 1,
            missing: counted.missing + usize::from(cell.is_none()),
            zeros: counted.zeros + usize::from(cell == Some(0.0)),
        })
    }

    /// Share of the cells with a figure; `None` without cells.
    pub fn share_present(&self) -> Option<f64> {
        (self.cells > 0).then(|| 1.0 - self.missing as f64 / self.cells as f64)
    }

    /// Share of the figures that are not 0; `None` without figures.
    pub fn share_nonzero(&self) -> Option<f64> {
        let present = self.cells - self.missing;
        (present > 0).then(|| 1.0 - self.zeros as f64 / present as f64)
    }
}

/// Counts what each unit has, over all columns or over those of a group.
pub fn by_unit(columns: &[&[Option<f64>]]) -> Vec<Availability> {
    let units = columns.iter().map(|column| column.len()).max().unwrap_or(0);
    let row = |unit: usize| columns.iter().map(move |column| column.get(unit).copied().flatten());
    (0..units).map(|unit| Availability::of(row(unit))).collect()
}

/// How much a unit or an indicator must have; what is absent is not asked for.
///
/// Only what lies strictly below a minimum is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screening {
    /// Least share of a unit's indicators with a figure, 0 to 1.
    pub data_minimum: Option<f64>,
    /// Least share of a unit's figures other than 0, 0 to 1.
    pub nonzero_minimum: Option<f64>,
    /// Least share of the units with a figure of an indicator, 0 to 1.
    pub indicator_minimum: Option<f64>,
}

impl Screening {
    /// Returns whether a unit has enough figures.
    pub fn has_data(&self, unit: &Availability) -> bool {
        !below(unit.share_present(), self.data_minimum)
    }

    /// Returns whether enough of a unit's figures are other than 0.
    pub fn has_nonzero(&self, unit: &Availability) -> bool {
        !below(unit.share_nonzero(), self.nonzero_minimum)
    }

    /// Returns whether a unit takes part.
    pub fn keeps_unit(&self, unit: &Availability) -> bool {
        self.has_data(unit) && self.has_nonzero(unit)
    }

    /// Returns whether an indicator takes part.
    pub fn keeps_indicator(&self, column: &[Option<f64>]) -> bool {
        let available = Availability::of(column.iter().copied());
        !below(available.share_present(), self.indicator_minimum)
    }
}

fn below(share: Option<f64>, minimum: Option<f64>) -> bool {
    matches!((share, minimum), (Some(share), Some(minimum)) if share < minimum)
}
