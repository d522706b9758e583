//! The contract of `store`: what a snapshot promises to those who read it.

mod building;
mod embedded;
mod maps;
mod opening;
mod sandbox;

use store::build::{Figure, NewMeasure, SnapshotBuilder};
use store::{Municipality, Source, StoreError, ValueStatus};

/// Two municipalities, one measure, one gap.
fn small() -> SnapshotBuilder {
    let mut builder = SnapshotBuilder::new("2026-11-21");
    builder.municipalities = vec![municipality("0301", "Oslo"), municipality("1507", "Ålesund")];
    builder.sources = vec![Source {
        source: "ssb".to_owned(),
        publisher: "SSB".to_owned(),
        title: "StatBank 07459".to_owned(),
        licence: "CC BY 4.0".to_owned(),
        reference_date: "2024".to_owned(),
        retrieved_via: "a test".to_owned(),
    }];
    builder.measures = vec![NewMeasure {
        measure: "population_persons".to_owned(),
        latest_period: "2024".to_owned(),
        coverage_latest: 1,
        source: "ssb".to_owned(),
        ..NewMeasure::default()
    }];
    builder.figures = vec![
        figure("0301", Some(717_710.0), ValueStatus::Ok),
        figure("1507", None, ValueStatus::Suppressed),
    ];
    builder
}

fn municipality(code: &str, name: &str) -> Municipality {
    Municipality {
        municipality_code: code.to_owned(),
        name: name.to_owned(),
        display_name: name.to_owned(),
        alternative_names: vec![],
        county_code: code[..2].to_owned(),
        county_name: "County".to_owned(),
        longitude: 10.5,
        latitude: 60.0,
        hexagon_column: 3,
        hexagon_row: 4,
        total_area_km2: 454.12,
        centrality_class: 1,
        centrality_index: 1000,
    }
}

fn figure(code: &str, value: Option<f64>, status: ValueStatus) -> Figure {
    Figure {
        municipality_code: code.to_owned(),
        measure: "population_persons".to_owned(),
        period: "2024".to_owned(),
        value,
        status,
        source: "ssb".to_owned(),
    }
}

/// An error as a reader sees it, causes included.
fn told(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
