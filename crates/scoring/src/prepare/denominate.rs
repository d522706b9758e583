//! Figures per inhabitant, per household, per square kilometre.

/// A column divided by another.
#[derive(Debug, Clone, PartialEq)]
pub struct Denominated {
    /// The quotients.
    pub figures: Vec<Option<f64>>,
    /// Units with a figure whose denominator is 0 or less: their quotient is a gap.
    pub unusable: Vec<usize>,
}

/// Divides each figure by its denominator, counted in units of `scale`.
///
/// Without a denominator there is no quotient. A denominator of 0 gives none
/// either, and is named: nothing is known of a place with nobody in it, and an
/// infinity would win every ranking.
///
/// ```
/// # use scoring::prepare::denominate::denominate;
/// let cases = [Some(30.0), Some(4.0), None, Some(1.0)];
/// let inhabitants = [Some(15_000.0), Some(0.0), Some(900.0), None];
/// let per_thousand = denominate(&cases, &inhabitants, 1000.0);
/// assert_eq!(per_thousand.figures, [Some(2.0), None, None, None]);
/// assert_eq!(per_thousand.unusable, [1]);
/// ```
pub fn denominate(
    figures: &[Option<f64>],
    denominators: &[Option<f64>],
    scale: f64,
) -> Denominated {
    let mut unusable = Vec::new();
    let quotient = |(unit, (figure, denominator)): (usize, (&Option<f64>, &Option<f64>))| {
        let (figure, denominator) = ((*figure)?, (*denominator)?);
        if denominator <= 0.0 {
            unusable.push(unit);
            return None;
        }
        Some(figure / (denominator / scale)).filter(|quotient| quotient.is_finite())
    };
    let figures = figures.iter().zip(denominators).enumerate().map(quotient).collect();
    Denominated { figures, unusable }
}
