//! Chooses as many cells as there are places: one patch, no holes, dense first.
//!
//! A generous patch around the positions is peeled from its border, thinnest
//! populated cell first, until one cell is left for each position. A cell is
//! only peeled where that neither splits the patch nor opens a hole.

use super::grid::{Board, Cell};
use super::plane::Vector;

/// How far a position lends weight to cells, in hexagons.
const REACH: f64 = 2.0;

/// Returns exactly `positions.len()` cells.
pub fn outline(positions: &[Vector]) -> Vec<Cell> {
    let near: Vec<Cell> = positions.iter().map(|position| Cell::near(*position)).collect();
    let mut radius = 1;
    loop {
        let board = Board::around(&near, radius + 2);
        let mut inside = filled(&board, &near, radius);
        if inside.iter().filter(|inside| **inside).count() >= positions.len()
            && patches(&board, &inside) <= 1
        {
            peel(&board, &mut inside, positions);
            return (0..board.len())
                .filter(|index| inside[*index])
                .map(|index| board.cell(index))
                .collect();
        }
        radius += 1;
    }
}

/// Marks all cells within `radius` of a position, and what they enclose.
fn filled(board: &Board, near: &[Cell], radius: i32) -> Vec<bool> {
    let mut inside: Vec<bool> = (0..board.len())
        .map(|index| near.iter().any(|cell| cell.distance(board.cell(index)) <= radius))
        .collect();
    // The rim is free of marks, so one flood from the rim finds all that is outside.
    let mut outside: Vec<bool> = (0..board.len()).map(|index| !board.is_inner(index)).collect();
    let mut open: Vec<usize> = (0..board.len())
        .filter(|index| {
            board.is_inner(*index)
                && !inside[*index]
                && board.around_cell(*index).iter().any(|beside| outside[*beside])
        })
        .collect();
    while let Some(index) = open.pop() {
        if outside[index] || inside[index] {
            continue;
        }
        outside[index] = true;
        open.extend(board.around_cell(index));
    }
    for index in 0..board.len() {
        inside[index] |= !outside[index];
    }
    inside
}

fn patches(board: &Board, inside: &[bool]) -> usize {
    let mut seen = vec![false; board.len()];
    let mut patches = 0;
    for start in 0..board.len() {
        if !inside[start] || seen[start] {
            continue;
        }
        patches += 1;
        let mut open = vec![start];
        while let Some(index) = open.pop() {
            if inside[index] && !seen[index] {
                seen[index] = true;
                open.extend(board.around_cell(index));
            }
        }
    }
    patches
}

fn peel(board: &Board, inside: &mut [bool], positions: &[Vector]) {
    let weights: Vec<i64> =
        (0..board.len()).map(|index| weight(board.cell(index).centre(), positions)).collect();
    let surplus = inside.iter().filter(|inside| **inside).count() - positions.len();
    for _ in 0..surplus {
        let thinnest = (0..board.len())
            .filter(|index| inside[*index] && board.is_loose(*index, |cell| inside[cell]))
            .min_by_key(|index| weights[*index]);
        if let Some(index) = thinnest {
            inside[index] = false;
        }
    }
}

/// How densely the surroundings are populated, in whole millionths.
fn weight(centre: Vector, positions: &[Vector]) -> i64 {
    let sum: f64 = positions
        .iter()
        .map(|position| (1.0 - (*position - centre).length_squared() / (REACH * REACH)).max(0.0))
        .sum();
    (sum * 1e6).round() as i64
}
