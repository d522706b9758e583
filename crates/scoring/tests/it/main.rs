//! The contract of `scoring`: the report's algorithm, the rules of a model,
//! properties, and figures that other tools computed.

mod audit;
mod doubt;
mod explain;
mod faults;
mod flags;
mod oracle;
mod peers;
mod properties;
mod report;
mod rules;
mod years;

use std::collections::HashMap;

use scoring::Matrix;

/// Lays out figures of a few units: one row per unit, in the order of `columns`.
pub fn matrix(columns: &[&str], rows: &[(&str, &[Option<f64>])]) -> Matrix {
    let column = |at: usize| rows.iter().map(|(_, row)| row[at]).collect();
    Matrix {
        units: rows.iter().map(|(unit, _)| (*unit).to_owned()).collect(),
        columns: columns
            .iter()
            .enumerate()
            .map(|(at, name)| ((*name).to_owned(), column(at)))
            .collect::<HashMap<String, Vec<Option<f64>>>>(),
        ..Matrix::default()
    }
}
