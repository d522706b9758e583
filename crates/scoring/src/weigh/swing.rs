//! Swing weights: points for going from the worst to the best in each criterion.

use crate::Problem;

/// Why points cannot be made weights.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PointsFault {
    /// Points that are not a number of at least 0.
    #[error("criterion {criterion} has {points} points, not a number of at least 0")]
    NotPoints {
        /// Place of the criterion, from 0.
        criterion: usize,
        /// What was given.
        points: f64,
    },
    /// No criterion has any points.
    #[error("no criterion has any points")]
    AllZero,
    /// The swing that matters most has not 100 points.
    #[error("criterion {criterion} has {points} points; the swing that matters most has 100")]
    NotOutOfHundred {
        /// The criterion with most points, from 0.
        criterion: usize,
        /// Its points.
        points: f64,
    },
}

impl PointsFault {
    /// Says the same of named criteria.
    pub fn problem(&self, criteria: &[&str]) -> Problem {
        let name = |at: &usize| criteria.get(*at).copied().unwrap_or("?");
        match self {
            Self::NotPoints { criterion, points } => Problem::new(
                "swing_not_points",
                "{criterion} has {points} points; points are numbers of at least 0",
                &[("criterion", name(criterion)), ("points", &points.to_string())],
            ),
            Self::AllZero => Problem::new("swing_all_zero", "no criterion has any points", &[]),
            Self::NotOutOfHundred { criterion, points } => Problem::new(
                "swing_not_out_of_hundred",
                "{criterion} has most points, {points}; the swing that matters most has 100",
                &[("criterion", name(criterion)), ("points", &points.to_string())],
            ),
        }
    }
}

/// Turns points into weights (von Winterfeldt & Edwards 1986).
///
/// The swing that matters most gets 100 points and the others are judged
/// against it; 0 means that it does not matter at all.
///
/// # Errors
///
/// Points that are negative or no number, none at all, or most points not 100.
///
/// ```
/// # use scoring::weigh::swing::swing;
/// assert_eq!(swing(&[100.0, 60.0, 40.0])?, [0.5, 0.3, 0.2]);
/// # Ok::<(), scoring::weigh::swing::PointsFault>(())
/// ```
pub fn swing(points: &[f64]) -> Result<Vec<f64>, PointsFault> {
    let unfit = |points: &f64| !(points.is_finite() && *points >= 0.0);
    if let Some(criterion) = points.iter().position(unfit) {
        return Err(PointsFault::NotPoints { criterion, points: points[criterion] });
    }
    let most = points.iter().copied().fold(0.0, f64::max);
    if most == 0.0 {
        return Err(PointsFault::AllZero);
    }
    if most != 100.0 {
        let criterion = points.iter().position(|points| *points == most).unwrap_or(0);
        return Err(PointsFault::NotOutOfHundred { criterion, points: most });
    }
    let all: f64 = points.iter().sum();
    Ok(points.iter().map(|points| points / all).collect())
}
