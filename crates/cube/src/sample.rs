//! Cubes made up for property tests.

use proptest::prelude::*;

use crate::{Cube, Dimension, Statuses, Values};

/// Up to four dimensions, gaps, symbols, repeated labels.
pub(crate) fn arbitrary() -> impl Strategy<Value = Cube> {
    prop::collection::vec(1_usize..5, 0..4).prop_flat_map(|sizes| {
        let cells: usize = sizes.iter().product();
        let cell = (prop::option::weighted(0.7, -1e6_f64..1e6), 0_usize..5);
        prop::collection::vec(cell, cells).prop_map(move |cells| build(&sizes, &cells))
    })
}

fn build(sizes: &[usize], cells: &[(Option<f64>, usize)]) -> Cube {
    let dimensions = sizes.iter().enumerate().map(|(at, size)| {
        let codes = (0..*size).map(|code| format!("{at}{code}")).collect();
        let labels = (0..*size).map(|code| Some(format!("label {}", code / 2))).collect();
        Dimension::new(format!("D{at}"), codes, labels).expect("distinct codes")
    });
    let values: Values = cells.iter().map(|(number, _)| number.map(f64::round)).collect();
    let mut statuses = Statuses::none();
    for (cell, (_, symbol)) in cells.iter().enumerate() {
        statuses.set(cell, cells.len(), ["", ".", "..", ":", "*"][*symbol]);
    }
    Cube::new(dimensions.collect(), values, statuses).expect("as many values as cells")
}
