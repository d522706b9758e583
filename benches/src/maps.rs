//! Figures moved to another map: twenty years of a hundred measures.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ingest::regions;
use klass::rebase::{Conversion, Figures, Nature, Reading, rebase};
use store::Snapshot;

use crate::{median, repeated, row};

const MEASURES: usize = 100;
const LIMIT: &str = "100 ms";

/// Prints the row.
pub fn run() {
    let Ok(snapshot) = Snapshot::embedded() else { return };
    let Ok(history) = regions::history(&snapshot, None).map(|(history, _)| history) else { return };
    // The maps of 2013 to 2019 have the most municipalities; twenty years on them are the worst case.
    let years = (0..20).map(|at| 2013 + at % 7);
    let tables: Vec<(Conversion, Figures<u8>)> = years
        .filter_map(|year| {
            let conversion = history.conversion(year, 2024).ok()?;
            let figures = made(&conversion)?;
            Some((conversion, figures))
        })
        .collect();
    let regions: usize = tables.iter().map(|(_, figures)| figures.regions().len()).sum();
    let mut times = repeated(30, || {
        let start = Instant::now();
        for (conversion, figures) in &tables {
            black_box(rebase(black_box(figures), conversion, Nature::Count, 0));
        }
        start.elapsed()
    });
    let floor = median(repeated(30, || copied(&tables)));
    let what = format!(
        "rebase of {} years x {} municipalities x {MEASURES} measures",
        tables.len(),
        regions / tables.len().max(1)
    );
    row(&what, &mut times, LIMIT, Some(("a copy of the same cells", floor)));
}

/// Whole and broken numbers, and one gap in sixty.
fn made(conversion: &Conversion) -> Option<Figures<u8>> {
    let mut regions: Vec<String> =
        conversion.parts.iter().map(|part| part.from_code.clone()).collect();
    regions.dedup();
    let cell = |at: usize| match at % 60 {
        7 => Reading::Gap(1),
        even if even % 2 == 0 => Reading::Number((at * 7919 % 100_003) as f64),
        _ => Reading::Number((at * 7919 % 100_003) as f64 / 8.0),
    };
    let cells = (0..regions.len() * MEASURES).map(cell).collect();
    Figures::new(regions, MEASURES, cells)
}

/// The least that moving can be: the same cells, written somewhere else.
fn copied(tables: &[(Conversion, Figures<u8>)]) -> Duration {
    let start = Instant::now();
    for (_, figures) in tables {
        black_box(figures.clone());
    }
    start.elapsed()
}
