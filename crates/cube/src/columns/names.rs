use std::collections::HashSet;

use crate::Dimension;

/// Names of the columns of a long table: no two the same, in any case of letters.
///
/// A dimension's column is named by its code. Where that is taken (by `value`, `status`
/// or a dimension before it), a number follows; labels give way to codes.
///
/// ```
/// # use cube::{Dimension, columns::Names};
/// let dimensions = ["A", "A_label", "value"]
///     .map(|code| Dimension::new(code, Vec::new(), Vec::new()).expect("no codes"));
/// let names = Names::of(&dimensions);
/// assert_eq!(names.codes, ["A", "A_label", "value_2"]);
/// assert_eq!(names.labels, ["A_label_2", "A_label_label", "value_label"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Of the codes, per dimension.
    pub codes: Vec<String>,
    /// Of the labels, per dimension.
    pub labels: Vec<String>,
}

impl Names {
    /// The column of numbers.
    pub const VALUE: &'static str = "value";
    /// The column of symbols.
    pub const STATUS: &'static str = "status";
    /// The column of whole numbers that `f64` does not hold, where there are any.
    pub const EXACT: &'static str = "value_exact";

    /// The names for a cube of these dimensions.
    pub fn of(dimensions: &[Dimension]) -> Names {
        let mut taken: HashSet<String> =
            [Names::VALUE, Names::STATUS, Names::EXACT].map(str::to_owned).into();
        let mut free = |wanted: String| {
            let mut name = wanted.clone();
            let mut number = 2;
            while !taken.insert(name.to_lowercase()) {
                name = format!("{wanted}_{number}");
                number += 1;
            }
            name
        };
        let stem = |one: &Dimension| match one.code.trim().is_empty() {
            true => "dimension".to_owned(),
            false => one.code.clone(),
        };
        let codes = dimensions.iter().map(|one| free(stem(one))).collect();
        let labels = dimensions.iter().map(|one| free(format!("{}_label", stem(one)))).collect();
        Names { codes, labels }
    }
}
