//! Statistics of columns with gaps.
//!
//! A gap takes no part, and neither does a figure that is not finite. What two
//! columns have to do with each other is told over the units where both have a
//! figure ([`covariance`], [`pearson`], [`spearman`], [`kendall`]). Where too
//! few figures are left to say anything, the answer is `None`, never a NaN.
//!
//! Deviations are summed around the mean in a second pass, in the order of the
//! units, so that the same column gives the same bits.

mod chance;
mod column;
mod pairs;

pub use chance::pearson_p_value;
pub use column::{Moments, Summary, finite_only, mean, median, quantile, sorted};
pub use pairs::{Line, covariance, kendall, least_squares, pearson, spearman};
