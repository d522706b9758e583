//! TOPSIS: near the best that anybody has, far from the worst.

use super::table::Table;

/// What is done with the figures first, and how distance is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruler {
    /// Scale of each column.
    pub scale: Scale,
    /// Way from one point to another.
    pub distance: Distance,
}

/// Scale of each column before it is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As it comes: the columns are comparable already.
    AsItIs,
    /// From 0 at the lowest to 1 at the highest.
    MinMax,
    /// Divided by the column's length, the root of its sum of squares (Hwang & Yoon 1981).
    Vector,
}

/// Way from one point to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// Straight.
    Euclidean,
    /// Along the axes.
    CityBlock,
}

/// What each unit's closeness is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Topsis {
    /// The score: 1 at the ideal, 0 at its opposite.
    pub closeness: Vec<Option<f64>>,
    /// Distance to the ideal, in the criteria the unit has.
    pub to_ideal: Vec<Option<f64>>,
    /// Distance to the opposite of the ideal.
    pub to_anti_ideal: Vec<Option<f64>>,
    /// Highest weighted figure of each criterion.
    pub ideal: Vec<Option<f64>>,
    /// Lowest weighted figure of each criterion.
    pub anti_ideal: Vec<Option<f64>>,
    /// The weighted figures, one column per criterion.
    pub weighted: Vec<Vec<Option<f64>>>,
}

impl Topsis {
    /// Returns how far a unit is from the ideal in each criterion, weighted.
    pub fn short_of_ideal(&self, unit: usize) -> Vec<Option<f64>> {
        let criteria = self.ideal.iter().zip(&self.weighted);
        criteria.map(|(ideal, weighted)| Some((*ideal)? - (*weighted.get(unit)?)?)).collect()
    }
}

/// Scores units by their closeness to the ideal point (Hwang & Yoon 1981).
///
/// Columns are turned so that more is better. The ideal is the column-wise best
/// of what units have. A unit is measured in the criteria it has a figure in,
/// with the weights rescaled to those; without data, or where nothing separates
/// it from anybody, it is a gap.
pub fn topsis(columns: &[&[Option<f64>]], weights: &[f64], ruler: Ruler) -> Topsis {
    let table = Table::new(columns, weights);
    let weighted: Vec<Vec<Option<f64>>> = table
        .columns
        .iter()
        .map(|column| {
            let (zero, unit) = unit(column, ruler.scale);
            let scaled = |figure: f64| column.weight * (figure - zero) / unit;
            let kept = (0..table.rows()).map(|row| column.figure(row).map(scaled));
            kept.collect()
        })
        .collect();
    let end = |choose: fn(f64, f64) -> f64| -> Vec<Option<f64>> {
        weighted.iter().map(|column| column.iter().flatten().copied().reduce(choose)).collect()
    };
    let (ideal, anti_ideal) = (end(f64::max), end(f64::min));
    let away = |row: usize, point: &[Option<f64>]| {
        let mut sum = 0.0;
        let mut weight = 0.0;
        for ((column, point), side) in weighted.iter().zip(point).zip(&table.columns) {
            if let (Some(figure), Some(point)) = (column[row], point) {
                let way = (figure - point).abs();
                sum += if ruler.distance == Distance::Euclidean { way * way } else { way };
                weight += side.weight;
            }
        }
        let whole = if ruler.distance == Distance::Euclidean { libm::sqrt(sum) } else { sum };
        (weight > 0.0).then(|| whole / weight).filter(|distance| distance.is_finite())
    };
    let to = |point: &[Option<f64>]| -> Vec<Option<f64>> {
        (0..table.rows()).map(|row| away(row, point)).collect()
    };
    let (to_ideal, to_anti_ideal) = (to(&ideal), to(&anti_ideal));
    let closeness = to_ideal.iter().zip(&to_anti_ideal).map(|(best, worst)| {
        let (best, worst) = ((*best)?, (*worst)?);
        (best + worst > 0.0).then(|| worst / (best + worst))
    });
    Topsis {
        closeness: table.at_units(&closeness.collect::<Vec<_>>()),
        to_ideal: table.at_units(&to_ideal),
        to_anti_ideal: table.at_units(&to_anti_ideal),
        weighted: weighted.iter().map(|column| table.at_units(column)).collect(),
        ideal,
        anti_ideal,
    }
}

/// Returns what is subtracted from a column and what it is then divided by.
fn unit(column: &super::table::Column, scale: Scale) -> (f64, f64) {
    let (zero, unit) = match scale {
        Scale::AsItIs => (0.0, 1.0),
        Scale::MinMax => column.ends().map_or((0.0, 1.0), |(low, high)| (low, high - low)),
        Scale::Vector => {
            let squares: f64 = column.present().map(|(_, figure)| figure * figure).sum();
            (0.0, libm::sqrt(squares))
        }
    };
    (zero, if unit > 0.0 { unit } else { 1.0 })
}
