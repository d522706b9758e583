//! What can be said of one column.

/// Returns the values in rising order; what is not finite is left out.
pub fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Returns the `share` quantile (0 to 1) of sorted values, R's type 7.
///
/// Linear interpolation at position (n − 1) · share; `None` without values.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = last as f64 * share.clamp(0.0, 1.0);
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (position - below as f64) * (sorted[above] - sorted[below]))
}

/// Returns the column with a gap where a figure is not finite.
pub fn finite_only(column: &[Option<f64>]) -> Vec<Option<f64>> {
    column.iter().map(|figure| figure.and_then(finite)).collect()
}

/// Returns the mean of the figures present.
pub fn mean(column: &[Option<f64>]) -> Option<f64> {
    Moments::of(column.iter().flatten().copied()).mean()
}

/// Returns the middle of the figures present; of an even number, the mean of the two.
pub fn median(column: &[Option<f64>]) -> Option<f64> {
    quantile(&sorted(column.iter().flatten().copied()), 0.5)
}

/// Number, mean and central moments of some figures.
///
/// Skewness and kurtosis are the spreadsheet's (G1 and excess G2). Figures that
/// are all the same have a standard deviation of exactly 0 and no shape.
///
/// ```
/// # use scoring::statistics::Moments;
/// let moments = Moments::of([1.0, 2.0, 4.0, 9.0].into_iter());
/// assert_eq!(moments.mean(), Some(4.0));
/// assert_eq!(moments.kurtosis(), Some(1.5));
///
/// assert_eq!(Moments::of([3.0, 3.0, 3.0].into_iter()).skewness(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    count: usize,
    mean: f64,
    squares: f64,
    cubes: f64,
    fourths: f64,
}

impl Moments {
    /// Sums the finite figures twice: for the mean, and for the deviations from it.
    pub fn of(figures: impl Iterator<Item = f64> + Clone) -> Self {
        let figures = figures.filter(|figure| figure.is_finite());
        let (mut count, mut sum) = (0_usize, 0.0);
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for figure in figures.clone() {
            count += 1;
            sum += figure;
            least = least.min(figure);
            most = most.max(figure);
        }
        // The sum of equal figures divided by their number may miss them by a bit.
        let mean = if least == most { least } else { sum / count as f64 };
        let mut moments = Self { count, mean, squares: 0.0, cubes: 0.0, fourths: 0.0 };
        for figure in figures {
            let deviation = figure - mean;
            let square = deviation * deviation;
            moments.squares += square;
            moments.cubes += square * deviation;
            moments.fourths += square * square;
        }
        moments
    }

    /// How many figures there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The mean; `None` without figures.
    pub fn mean(&self) -> Option<f64> {
        finite(self.mean).filter(|_| self.count > 0)
    }

    /// The standard deviation with n − 1; `None` below two figures.
    pub fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares / (self.count as f64 - 1.0)).sqrt()).and_then(finite)
    }

    /// G1; `None` below three figures or when all are the same.
    pub fn skewness(&self) -> Option<f64> {
        if self.count < 3 || self.squares == 0.0 {
            return None;
        }
        let n = self.count as f64;
        let spread = self.squares * self.squares.sqrt();
        finite(n.sqrt() * self.cubes / spread * (n * (n - 1.0)).sqrt() / (n - 2.0))
    }

    /// Excess G2; `None` below four figures or when all are the same.
    pub fn kurtosis(&self) -> Option<f64> {
        if self.count < 4 || self.squares == 0.0 {
            return None;
        }
        let n = self.count as f64;
        let peak = n * self.fourths / (self.squares * self.squares) - 3.0;
        finite(((n + 1.0) * peak + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)))
    }
}

/// What a reader wants to know of a column before trusting it.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Units, with and without a figure.
    pub units: usize,
    /// Units with a figure.
    pub present: usize,
    /// Figures that are not 0.
    pub nonzero: usize,
    /// Different figures.
    pub different: usize,
    /// How often the most frequent figure occurs.
    pub most_frequent: usize,
    /// Lowest figure.
    pub lowest: Option<f64>,
    /// Highest figure.
    pub highest: Option<f64>,
    /// Middle figure.
    pub median: Option<f64>,
    /// Mean and shape.
    pub moments: Moments,
}

impl Summary {
    /// Counts and measures a column.
    pub fn of(column: &[Option<f64>]) -> Self {
        let sorted = sorted(column.iter().flatten().copied());
        let runs = || sorted.chunk_by(|left, right| left == right).map(<[f64]>::len);
        Self {
            units: column.len(),
            present: sorted.len(),
            nonzero: sorted.iter().filter(|figure| **figure != 0.0).count(),
            different: runs().count(),
            most_frequent: runs().max().unwrap_or(0),
            lowest: sorted.first().copied(),
            highest: sorted.last().copied(),
            median: quantile(&sorted, 0.5),
            moments: Moments::of(column.iter().flatten().copied()),
        }
    }

    /// Share of the units that have a figure; `None` without units.
    pub fn share_present(&self) -> Option<f64> {
        share(self.present, self.units)
    }

    /// Share of the figures that are not 0; `None` without figures.
    pub fn share_nonzero(&self) -> Option<f64> {
        share(self.nonzero, self.present)
    }

    /// Different figures as a share of the figures; `None` without figures.
    pub fn share_different(&self) -> Option<f64> {
        share(self.different, self.present)
    }

    /// Share of the figures that are the most frequent one; `None` without figures.
    pub fn share_most_frequent(&self) -> Option<f64> {
        share(self.most_frequent, self.present)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

pub(super) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_figures_have_no_spread_however_they_add_up() {
        let moments = Moments::of(std::iter::repeat_n(0.1, 10));
        assert_eq!(moments.mean(), Some(0.1));
        assert_eq!(moments.deviation(), Some(0.0));
        assert_eq!((moments.skewness(), moments.kurtosis()), (None, None));
    }

    #[test]
    fn what_is_not_finite_takes_no_part() {
        let column = [Some(1.0), Some(f64::NAN), None, Some(f64::INFINITY), Some(3.0)];
        assert_eq!(mean(&column), Some(2.0));
        assert_eq!(median(&column), Some(2.0));
        assert_eq!(Summary::of(&column).present, 2);
        assert_eq!(mean(&[None]), None);
    }
}
