//! Symmetric matrices, small and dense.

/// Returns eigenvalues from the largest down, each with its vector of length 1.
///
/// Jacobi's rotations in a fixed order (Golub & Van Loan 2013, section 8.5), so
/// the same matrix gives the same bits. The vector's largest entry is positive;
/// where several are as large, the first of them.
pub(super) fn eigen(mut matrix: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let size = matrix.len();
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|row| (0..size).map(|at| f64::from(u8::from(at == row))).collect()).collect();
    for _ in 0..100 {
        let mut off = 0.0;
        for row in 0..size {
            for at in row + 1..size {
                off += matrix[row][at] * matrix[row][at];
                rotate(&mut matrix, &mut vectors, (row, at));
            }
        }
        if off == 0.0 {
            break;
        }
    }
    let mut found: Vec<(f64, Vec<f64>)> = (0..size)
        .map(|at| {
            let vector: Vec<f64> = vectors.iter().map(|row| row[at]).collect();
            (matrix[at][at], turned(vector))
        })
        .collect();
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    found
}

/// Makes the entry at `(row, at)` zero.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], (row, at): (usize, usize)) {
    let entry = matrix[row][at];
    let scale = matrix[row][row].abs() + matrix[at][at].abs();
    if entry.abs() <= f64::EPSILON * f64::EPSILON * scale {
        (matrix[row][at], matrix[at][row]) = (0.0, 0.0);
        return;
    }
    let middle = (matrix[at][at] - matrix[row][row]) / (2.0 * entry);
    let tangent = middle.signum() / (middle.abs() + libm::sqrt(middle * middle + 1.0));
    let cosine = 1.0 / libm::sqrt(tangent * tangent + 1.0);
    let sine = tangent * cosine;
    for line in matrix.iter_mut().chain(vectors.iter_mut()) {
        let (left, right) = (line[row], line[at]);
        line[row] = cosine * left - sine * right;
        line[at] = sine * left + cosine * right;
    }
    let (above, below) = matrix.split_at_mut(at);
    for (left, right) in above[row].iter_mut().zip(&mut below[0]) {
        (*left, *right) = (cosine * *left - sine * *right, sine * *left + cosine * *right);
    }
    (matrix[row][at], matrix[at][row]) = (0.0, 0.0);
}

/// Gives a vector the sign in which its first largest entry is positive.
fn turned(vector: Vec<f64>) -> Vec<f64> {
    let largest = vector.iter().fold(0.0_f64, |most, entry| most.max(entry.abs()));
    let first = vector.iter().find(|entry| entry.abs() >= largest * (1.0 - 1e-9));
    let sign = if first.is_some_and(|entry| *entry < 0.0) { -1.0 } else { 1.0 };
    vector.into_iter().map(|entry| sign * entry).collect()
}

/// Solves `matrix` x = `right` by elimination; `None` when it has no single solution.
pub(super) fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    let scale = matrix.iter().flatten().fold(0.0_f64, |most, entry| most.max(entry.abs()));
    for step in 0..size {
        let pivot = (step..size)
            .max_by(|one, two| matrix[*one][step].abs().total_cmp(&matrix[*two][step].abs()))?;
        if matrix[pivot][step].abs() <= 1e-12 * scale {
            return None;
        }
        matrix.swap(step, pivot);
        right.swap(step, pivot);
        let top = matrix[step].clone();
        for row in step + 1..size {
            let share = matrix[row][step] / top[step];
            for (entry, above) in matrix[row].iter_mut().zip(&top).skip(step) {
                *entry -= share * above;
            }
            right[row] -= share * right[step];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|at| matrix[row][at] * right[at]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_rebuild_the_matrix() {
        let matrix = vec![vec![4.0, 1.0, -2.0], vec![1.0, 2.0, 0.0], vec![-2.0, 0.0, 3.0]];
        let found = eigen(matrix.clone());
        for row in 0..3 {
            for at in 0..3 {
                let entry: f64 = found.iter().map(|(value, v)| value * v[row] * v[at]).sum();
                assert!((entry - matrix[row][at]).abs() < 1e-14, "{row} {at}: {entry}");
            }
        }
        assert!(found[0].0 >= found[1].0 && found[1].0 >= found[2].0);
    }

    #[test]
    fn a_matrix_without_a_single_solution_has_none() {
        assert_eq!(solve(vec![vec![1.0, 2.0], vec![2.0, 4.0]], vec![1.0, 2.0]), None);
        let found = solve(vec![vec![0.0, 2.0], vec![4.0, 0.0]], vec![2.0, 8.0]);
        assert_eq!(found, Some(vec![2.0, 1.0]));
    }
}
