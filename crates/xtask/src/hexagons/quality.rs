//! How good a layout is, in the numbers its tests hold it to.

use std::collections::BTreeSet;

use super::grid::Cell;
use super::neighbours::neighbour_pairs;
use super::plane::Vector;
use super::projection::project;
use super::{Place, county_numbers};

/// What a reader would notice about a layout.
#[derive(Debug)]
pub struct Quality {
    /// Steps between neighbours, on average; 1 is perfect and cannot be reached.
    pub mean_distance: f64,
    /// Share of neighbours whose direction is less than 60 degrees off.
    pub direction_percent: f64,
    /// Connected patches of the whole.
    pub patches: usize,
    /// Enclosed areas without places.
    pub holes: usize,
    /// Counties in more than one patch.
    pub split_counties: usize,
}

/// Judges the cells of `places`, as [`super::layout`] gives them.
pub fn quality(places: &[Place], offsets: &[(i32, i32)]) -> Quality {
    let points: Vec<Vector> =
        places.iter().map(|place| project(place.longitude, place.latitude)).collect();
    let cells: Vec<Cell> =
        offsets.iter().map(|&(column, row)| Cell::from_offset(column, row)).collect();
    let pairs = neighbour_pairs(&points);
    let steps: Vec<i32> =
        pairs.iter().map(|&(first, second)| cells[first].distance(cells[second])).collect();
    let directed = pairs.iter().filter(|&&(first, second)| {
        let truth = (points[second] - points[first]).unit();
        truth.dot((cells[second].centre() - cells[first].centre()).unit()) >= 0.5
    });
    let counties = county_numbers(places.iter().map(|place| place.county_code.as_str()));
    let county_count = counties.iter().max().map_or(0, |most| most + 1);
    let split = (0..county_count).filter(|county| {
        let own = cells.iter().zip(&counties).filter(|(_, of)| *of == county);
        patches(own.map(|(cell, _)| *cell).collect()) > 1
    });
    let count = pairs.len() as f64;
    Quality {
        mean_distance: f64::from(steps.iter().sum::<i32>()) / count,
        direction_percent: 100.0 * directed.count() as f64 / count,
        patches: patches(cells.iter().copied().collect()),
        holes: patches(free_cells(&cells)) - 1,
        split_counties: split.count(),
    }
}

/// All free cells of a parallelogram with a margin of one around `cells`.
fn free_cells(cells: &[Cell]) -> BTreeSet<Cell> {
    let taken: BTreeSet<Cell> = cells.iter().copied().collect();
    let range = |values: Vec<i32>| {
        let least = values.iter().min().expect("there are cells");
        let most = values.iter().max().expect("there are cells");
        (least - 1)..=(most + 1)
    };
    let rows = range(cells.iter().map(|cell| cell.r).collect());
    let columns = range(cells.iter().map(|cell| cell.q).collect());
    rows.flat_map(|r| columns.clone().map(move |q| Cell { q, r }))
        .filter(|cell| !taken.contains(cell))
        .collect()
}

fn patches(mut cells: BTreeSet<Cell>) -> usize {
    let mut patches = 0;
    while let Some(start) = cells.pop_first() {
        patches += 1;
        let mut open = vec![start];
        while let Some(cell) = open.pop() {
            for (q, r) in [(1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)] {
                let beside = Cell { q: cell.q + q, r: cell.r + r };
                if cells.remove(&beside) {
                    open.push(beside);
                }
            }
        }
    }
    patches
}
