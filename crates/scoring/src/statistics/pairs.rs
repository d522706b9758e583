//! What two columns have to do with each other, where both have a figure.

use super::column::{Moments, finite};

/// Returns the covariance with n − 1; `None` below two pairs.
pub fn covariance(left: &[Option<f64>], right: &[Option<f64>]) -> Option<f64> {
    let pairs = complete(left, right);
    let products = Products::of(&pairs)?;
    finite(products.across / (pairs.len() as f64 - 1.0))
}

/// Returns Pearson's correlation; `None` when either column is constant.
pub fn pearson(left: &[Option<f64>], right: &[Option<f64>]) -> Option<f64> {
    Products::of(&complete(left, right))?.correlation()
}

/// Returns Spearman's correlation: Pearson's of the ranks, ties in their middle.
pub fn spearman(left: &[Option<f64>], right: &[Option<f64>]) -> Option<f64> {
    let pairs = complete(left, right);
    let of = |side: usize| middle_ranks(pairs.iter().map(|pair| pair[side]).collect());
    let ranks: Vec<[f64; 2]> = of(0).into_iter().zip(of(1)).map(|(l, r)| [l, r]).collect();
    Products::of(&ranks)?.correlation()
}

/// Returns Kendall's tau-b; `None` when either column is constant.
///
/// Pairs in the wrong order are counted while one column is sorted by merging,
/// so that a long column costs n log n and not n².
pub fn kendall(left: &[Option<f64>], right: &[Option<f64>]) -> Option<f64> {
    let mut pairs = complete(left, right);
    let among = |count: usize| count as f64 * (count as f64 - 1.0) / 2.0;
    let all = among(pairs.len());
    pairs.sort_unstable_by(|one, other| {
        one[0].total_cmp(&other[0]).then(one[1].total_cmp(&other[1]))
    });
    let tied = |runs: &mut dyn Iterator<Item = &[[f64; 2]]>| -> f64 {
        runs.map(|run| among(run.len())).sum()
    };
    let left_tied = tied(&mut pairs.chunk_by(|one, other| one[0] == other[0]));
    let both_tied = tied(&mut pairs.chunk_by(|one, other| one == other));
    let mut rights: Vec<f64> = pairs.iter().map(|pair| pair[1]).collect();
    let swapped = swaps(&mut rights);
    let right_runs = rights.chunk_by(|one, other| one == other);
    let right_tied: f64 = right_runs.map(|run| among(run.len())).sum();
    let agreed = all - left_tied - right_tied + both_tied - 2.0 * swapped as f64;
    finite(agreed / ((all - left_tied) * (all - right_tied)).sqrt())
}

/// A straight line through points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Rise per unit.
    pub slope: f64,
    /// Mean of the points' first coordinate.
    pub at: f64,
    /// Height there, the mean of the second.
    pub height: f64,
}

impl Line {
    /// Height of the line at `x`.
    pub fn at(&self, x: f64) -> f64 {
        self.height + self.slope * (x - self.at)
    }
}

/// Lays the line with the least squares; `None` below two different `x`.
pub fn least_squares(x: &[Option<f64>], y: &[Option<f64>]) -> Option<Line> {
    let products = Products::of(&complete(x, y))?;
    let slope = finite(products.across / products.left)?;
    Some(Line { slope, at: products.means[0], height: products.means[1] })
}

/// The pairs in which both figures are present and finite.
fn complete(left: &[Option<f64>], right: &[Option<f64>]) -> Vec<[f64; 2]> {
    let both = left.iter().zip(right).filter_map(|(left, right)| Some([(*left)?, (*right)?]));
    // −0 counts as 0, so that ties are ties in every order of sorting.
    let plain = both.map(|[left, right]| [left + 0.0, right + 0.0]);
    plain.filter(|pair| pair.iter().all(|figure| figure.is_finite())).collect()
}

/// Sums of products of deviations.
struct Products {
    means: [f64; 2],
    left: f64,
    right: f64,
    across: f64,
}

impl Products {
    fn of(pairs: &[[f64; 2]]) -> Option<Self> {
        if pairs.len() < 2 {
            return None;
        }
        let mean = |side: usize| Moments::of(pairs.iter().map(move |pair| pair[side])).mean();
        let means = [mean(0)?, mean(1)?];
        let mut products = Self { means, left: 0.0, right: 0.0, across: 0.0 };
        for pair in pairs {
            let [left, right] = [pair[0] - means[0], pair[1] - means[1]];
            products.left += left * left;
            products.right += right * right;
            products.across += left * right;
        }
        Some(products)
    }

    fn correlation(&self) -> Option<f64> {
        // One root of the product keeps a perfect correlation at exactly 1.
        let product = self.left * self.right;
        let spread = match product.is_normal() {
            true => product.sqrt(),
            false => self.left.sqrt() * self.right.sqrt(),
        };
        finite(self.across / spread).map(|r| r.clamp(-1.0, 1.0))
    }
}

/// Ascending ranks from 1; equal figures share the middle of their places.
fn middle_ranks(figures: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..figures.len()).collect();
    order.sort_unstable_by(|one, other| figures[*one].total_cmp(&figures[*other]));
    let mut ranks = vec![0.0; figures.len()];
    let mut place = 0;
    for run in order.chunk_by(|one, other| figures[*one] == figures[*other]) {
        let middle = place as f64 + (run.len() as f64 + 1.0) / 2.0;
        run.iter().for_each(|unit| ranks[*unit] = middle);
        place += run.len();
    }
    ranks
}

/// Sorts and returns how many pairs stood in falling order.
fn swaps(figures: &mut [f64]) -> u64 {
    let middle = figures.len() / 2;
    if middle == 0 {
        return 0;
    }
    let (low, high) = figures.split_at_mut(middle);
    let mut count = swaps(low) + swaps(high);
    let mut merged = Vec::with_capacity(low.len() + high.len());
    let (mut at, mut other) = (0, 0);
    while at < low.len() && other < high.len() {
        if low[at] <= high[other] {
            merged.push(low[at]);
            at += 1;
        } else {
            merged.push(high[other]);
            other += 1;
            count += (low.len() - at) as u64;
        }
    }
    merged.extend_from_slice(&low[at..]);
    merged.extend_from_slice(&high[other..]);
    figures.copy_from_slice(&merged);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_units_with_both_figures_count() {
        let left = [Some(1.0), Some(2.0), None, Some(4.0), Some(9.0)];
        let right = [Some(2.0), Some(4.0), Some(1.0), Some(8.0), None];
        assert_eq!(pearson(&left, &right), Some(1.0));
        assert_eq!(covariance(&left[..2], &right[..2]), Some(1.0));
        assert_eq!(pearson(&left, &[Some(1.0); 5]), None, "a constant column has no correlation");
        assert_eq!(kendall(&left, &[Some(1.0); 5]), None);
    }

    #[test]
    fn kendall_counts_as_the_plain_definition_does() {
        let left = [3.0, 1.0, 2.0, 2.0, 5.0, 4.0, 4.0, 0.0, 2.0];
        let right = [1.0, 1.0, 3.0, 2.0, 6.0, 6.0, 2.0, 0.0, 3.0];
        let order = |figures: &[f64], i: usize, j: usize| {
            f64::from(i8::from(figures[i] > figures[j]) - i8::from(figures[i] < figures[j]))
        };
        let (mut agreed, mut lefts, mut rights) = (0.0, 0.0, 0.0);
        for i in 0..9 {
            for j in 0..i {
                let (l, r) = (order(&left, i, j), order(&right, i, j));
                agreed += l * r;
                lefts += l * l;
                rights += r * r;
            }
        }
        let expected: f64 = agreed / f64::sqrt(lefts * rights);
        let found = kendall(&left.map(Some), &right.map(Some)).expect("both columns vary");
        assert!((found - expected).abs() < 1e-15);
    }
}
