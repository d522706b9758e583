//! A hexagon for every municipality: Norway with one equal cell per place.
//!
//! A map coloured by municipality shows Finnmark and hides Oslo. Here every
//! place is one hexagon, near its true neighbours and in their true direction.
//! Projected places are relaxed to even distances ([`relax`]), one patch of as
//! many cells is chosen ([`outline`]), each place gets one ([`assign`]), and a
//! local search mends neighbours, directions and counties ([`improve`]).
//!
//! The same places give the same cells, in whatever order they come and on
//! whatever machine: coordinates are whole metres, searches have a fixed seed,
//! and nothing after the projection uses a function that platforms round
//! differently. The layout is one patch without holes.
//!
//! Counties are part of the input (a [`Place`], not only a point), because a
//! county in one patch is what a reader looks for first.

mod assign;
mod grid;
mod improve;
mod neighbours;
mod outline;
mod plane;
mod projection;
#[cfg(test)]
mod quality;
mod relax;

use grid::Cell;
use plane::Vector;

/// A municipality as the layout sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Places with the same code are kept in one patch where possible.
    pub county_code: String,
}

/// Gives each place a cell of its own: column and row of an "odd-r" grid.
///
/// Hexagons have a point at the top; row 0 is the northernmost and rows grow
/// southward, column 0 is the westernmost and columns grow eastward. Odd rows
/// stand half a hexagon further east.
pub fn layout(places: &[Place]) -> Vec<(i32, i32)> {
    let projected: Vec<Vector> =
        places.iter().map(|place| projection::project(place.longitude, place.latitude)).collect();
    let order = reading_order(places, &projected);
    let points: Vec<Vector> = order.iter().map(|place| projected[*place]).collect();
    let counties = county_numbers(order.iter().map(|place| places[*place].county_code.as_str()));

    let pairs = neighbours::neighbour_pairs(&points);
    let relaxed = relax::relax(&points, &pairs);
    let cells = assign::assign(&relaxed, &outline::outline(&relaxed));
    let wish =
        improve::Wish { pairs: &pairs, points: &points, relaxed: &relaxed, counties: &counties };
    let offsets = from_corner(&improve::improve(&wish, &cells));

    let mut layout = vec![(0, 0); places.len()];
    for (place, offset) in order.into_iter().zip(offsets) {
        layout[place] = offset;
    }
    layout
}

/// Places from north to south, so that the order of the input decides nothing.
fn reading_order(places: &[Place], points: &[Vector]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&first, &second| {
        (points[first].y.total_cmp(&points[second].y))
            .then(points[first].x.total_cmp(&points[second].x))
            .then_with(|| places[first].county_code.cmp(&places[second].county_code))
    });
    order
}

fn county_numbers<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut known: Vec<&str> = Vec::new();
    codes
        .map(|code| {
            known.iter().position(|known| *known == code).unwrap_or_else(|| {
                known.push(code);
                known.len() - 1
            })
        })
        .collect()
}

/// Offsets with the northernmost row and the westernmost column at 0.
fn from_corner(cells: &[Cell]) -> Vec<(i32, i32)> {
    let top = cells.iter().map(|cell| cell.r).min().unwrap_or(0);
    let offsets: Vec<(i32, i32)> =
        cells.iter().map(|cell| Cell { q: cell.q, r: cell.r - top }.offset()).collect();
    let left = offsets.iter().map(|offset| offset.0).min().unwrap_or(0);
    offsets.into_iter().map(|(column, row)| (column - left, row)).collect()
}

#[cfg(test)]
mod tests;
