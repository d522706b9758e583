//! Gives every position its own cell at the least total squared distance.

use super::grid::Cell;
use super::plane::Vector;

/// Assigns each position one of the cells; there are at least as many cells as positions.
pub fn assign(positions: &[Vector], cells: &[Cell]) -> Vec<Cell> {
    let cost = |position: usize, cell: usize| {
        // Whole millionths: the last bit of a sum decides no tie.
        ((cells[cell].centre() - positions[position]).length_squared() * 1e6).round() as i64
    };
    let chosen = least_cost(positions.len(), cells.len(), cost);
    chosen.into_iter().map(|cell| cells[cell]).collect()
}

/// The Hungarian method by shortest augmenting paths: for each row its column.
///
/// There must be at least as many columns as rows. Column 0 of the working
/// arrays is the virtual column from which each row starts its path.
fn least_cost(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> i64) -> Vec<usize> {
    const UNREACHED: i64 = i64::MAX / 4;
    let mut row_price = vec![0_i64; rows + 1];
    let mut column_price = vec![0_i64; columns + 1];
    let mut holder = vec![0_usize; columns + 1];
    for row in 1..=rows {
        let mut distance = vec![UNREACHED; columns + 1];
        let mut came_from = vec![0_usize; columns + 1];
        let mut done = vec![false; columns + 1];
        let mut column = 0;
        holder[0] = row;
        while holder[column] != 0 {
            done[column] = true;
            let current = holder[column];
            let (mut step, mut next) = (UNREACHED, 0);
            for other in 1..=columns {
                if done[other] {
                    continue;
                }
                let reduced =
                    cost(current - 1, other - 1) - row_price[current] - column_price[other];
                if reduced < distance[other] {
                    distance[other] = reduced;
                    came_from[other] = column;
                }
                if distance[other] < step {
                    (step, next) = (distance[other], other);
                }
            }
            for other in 0..=columns {
                if done[other] {
                    row_price[holder[other]] += step;
                    column_price[other] -= step;
                } else {
                    distance[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            let previous = came_from[column];
            holder[column] = holder[previous];
            column = previous;
        }
    }
    let mut chosen = vec![0; rows];
    for column in 1..=columns {
        if holder[column] != 0 {
            chosen[holder[column] - 1] = column - 1;
        }
    }
    chosen
}
