//! Cubes made for tests.

use cube::{Cube, Dimension, Role, Statuses};
use proptest::prelude::*;

/// A dimension of codes and labels.
pub fn dimension(code: &str, label: &str, categories: &[(&str, &str)]) -> Dimension {
    let codes = categories.iter().map(|(code, _)| (*code).to_owned()).collect();
    let labels = categories.iter().map(|(_, label)| Some((*label).to_owned())).collect();
    let mut dimension = Dimension::new(code, codes, labels).expect("distinct codes");
    dimension.label = Some(label.to_owned());
    dimension
}

/// A cube without symbols.
pub fn cube(dimensions: Vec<Dimension>, values: &[Option<f64>]) -> Cube {
    Cube::new(dimensions, values.iter().copied().collect(), Statuses::none()).expect("all cells")
}

/// Texts with all that has a meaning in some format.
fn text() -> impl Strategy<Value = String> {
    "[a-zæøåÆØÅ0-9\",;:\\n' ().=\\[\\]šáŋ–-]{1,12}"
        .prop_filter("blank", |text| !text.trim().is_empty())
}

fn number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        3 => (-1_000_000_i32..1_000_000, 0_i32..4)
            .prop_map(|(whole, decimals)| Some(f64::from(whole) / 10_f64.powi(decimals))),
        1 => proptest::num::f64::NORMAL.prop_map(Some),
        2 => Just(None),
    ]
}

fn status() -> impl Strategy<Value = String> {
    let known = ["", "", "", ".", "..", ":", "-", "*", "p", "c", "be", "u", "x", "y", "z"];
    proptest::sample::select(known.to_vec()).prop_map(str::to_owned)
}

/// Name and categories of a dimension: label, note.
type Axis = (String, Vec<(String, Option<String>)>);

/// Any cube of one to three dimensions, with labels, notes, gaps and symbols.
pub fn cubes() -> impl Strategy<Value = Cube> {
    let categories = proptest::collection::vec((text(), proptest::option::of(text())), 1..5);
    let dimension = (text(), categories);
    proptest::collection::vec(dimension, 1..4).prop_flat_map(|dimensions| {
        let cells: usize = dimensions.iter().map(|(_, categories)| categories.len()).product();
        let values = proptest::collection::vec((number(), status()), cells);
        (Just(dimensions), values, 0..4_usize)
            .prop_map(|(dimensions, cells, metric)| build(&dimensions, &cells, metric))
    })
}

fn build(dimensions: &[Axis], cells: &[(Option<f64>, String)], metric: usize) -> Cube {
    let one = |(at, (name, categories)): (usize, &Axis)| {
        let code = |position: usize| format!("{position}-Å");
        let codes = (0..categories.len()).map(code).collect();
        let labels = categories.iter().map(|(label, _)| Some(label.clone())).collect();
        let mut dimension =
            Dimension::new(format!("D{at}"), codes, labels).expect("distinct codes");
        dimension.label = Some(name.clone());
        dimension.role = (at == metric).then_some(Role::Metric);
        for (position, (_, note)) in categories.iter().enumerate() {
            if let Some(note) = note {
                let notes = vec![note.replace('"', "'")];
                dimension.category_notes.insert(code(position), notes);
            }
        }
        dimension
    };
    let dimensions = dimensions.iter().enumerate().map(one).collect();
    let mut statuses = Statuses::none();
    for (cell, (_, status)) in cells.iter().enumerate() {
        statuses.set(cell, cells.len(), status);
    }
    let values = cells.iter().map(|(number, _)| *number).collect();
    Cube::new(dimensions, values, statuses).expect("all cells")
}
