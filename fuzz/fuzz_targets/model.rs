//! Any text is a model or a refusal that names a line of it; what is read can score.
#![no_main]

use std::collections::HashMap;

use scoring::{Matrix, Model};

libfuzzer_sys::fuzz_target!(|text: &str| {
    // What stands in quotes is an indicator, so that the models of the pack are read to their end.
    let known: Vec<&str> = text.split('"').collect();
    let model = match Model::parse(text, &known) {
        Ok(model) => model,
        Err(error) => {
            assert!((1..=text.lines().count().max(1)).contains(&error.line), "{error:?}");
            return;
        }
    };
    let column = || vec![Some(0.0), None, Some(-1.5), Some(1e9)];
    let columns: HashMap<String, Vec<Option<f64>>> =
        model.leaves.iter().map(|leaf| (leaf.indicator.clone(), column())).collect();
    let units = (0..4).map(|unit| unit.to_string()).collect();
    assert_eq!(scoring::score(&model, &Matrix { units, columns, ..Matrix::default() }).units.len(), 4);
});
