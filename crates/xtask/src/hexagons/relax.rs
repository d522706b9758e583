//! Spreads the places evenly: every neighbour about one hexagon away, in its true direction.
//!
//! Dense and empty regions take the same room for each place, which is what a
//! cartogram is for; directions are kept, which is what makes the country
//! recognisable.

use super::plane::Vector;

const SWEEPS: usize = 1500;

/// The wished distance to a neighbour: less than the room, so that no gap stays open.
const WISHED: f64 = 0.8;

/// How far places closer than this push each other apart.
const ROOM: f64 = 1.0;

/// Returns positions where neighbours are about 1 apart, centred on the origin.
pub fn relax(points: &[Vector], pairs: &[(usize, usize)]) -> Vec<Vector> {
    let mut positions = scaled(points, pairs);
    let mut wished: Vec<Vec<(usize, Vector)>> = vec![Vec::new(); points.len()];
    for &(first, second) in pairs {
        let step = (points[second] - points[first]).unit() * WISHED;
        wished[second].push((first, step));
        wished[first].push((second, step * -1.0));
    }
    for sweep in 0..SWEEPS {
        // The pull fades, so that the last sweeps only make room.
        let pull = 0.6 * (1.0 - sweep as f64 / SWEEPS as f64);
        for place in 0..positions.len() {
            if wished[place].is_empty() {
                continue;
            }
            let sum = wished[place]
                .iter()
                .fold(Vector::ZERO, |sum, &(neighbour, step)| sum + positions[neighbour] + step);
            let target = sum * (1.0 / wished[place].len() as f64);
            positions[place] = positions[place] + (target - positions[place]) * pull;
        }
        make_room(&mut positions);
    }
    positions
}

/// Moves the mean to the origin and makes the mean neighbour distance 1.
fn scaled(points: &[Vector], pairs: &[(usize, usize)]) -> Vec<Vector> {
    let count = points.len().max(1) as f64;
    let middle = points.iter().fold(Vector::ZERO, |sum, point| sum + *point) * (1.0 / count);
    let lengths: f64 =
        pairs.iter().map(|&(first, second)| (points[second] - points[first]).length()).sum();
    let scale = if lengths > 0.0 { pairs.len() as f64 / lengths } else { 1.0 };
    points.iter().map(|point| (*point - middle) * scale).collect()
}

fn make_room(positions: &mut [Vector]) {
    for first in 0..positions.len() {
        for second in first + 1..positions.len() {
            let apart = positions[second] - positions[first];
            if apart.y.abs() >= ROOM || apart.length_squared() >= ROOM * ROOM {
                continue;
            }
            let push = apart.unit() * (0.4 * (ROOM - apart.length()));
            positions[first] = positions[first] - push;
            positions[second] = positions[second] + push;
        }
    }
}
