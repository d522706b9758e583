//! The power mean: one family from the worst child to the best.

use super::Child;

/// Returns (sum w x^p / sum w)^(1/p) over the children present.
///
/// Power 1 is the arithmetic mean, -1 the harmonic, 2 the quadratic; 0 is its
/// limit, the geometric mean. A zero is a value: with a power of 0 or below the
/// mean is then 0, which is the limit too.
///
/// `None` with a negative value, where the mean is undefined or falls when the
/// value rises, and without a child of weight.
///
/// ```
/// # use scoring::aggregate::{Child, power::power_mean};
/// let child = |value| Child { value, weight: 1.0, most: 100.0, most_available: 100.0 };
/// let children = [child(Some(1.0)), child(Some(7.0)), child(None)];
/// assert_eq!(power_mean(&children, 2.0), Some(5.0));
/// ```
pub fn power_mean(children: &[Child], power: f64) -> Option<f64> {
    let (low, high) = super::ends(children)?;
    if low < 0.0 || !power.is_finite() {
        return None;
    }
    if high == 0.0 || (low == 0.0 && power <= 0.0) {
        return Some(0.0);
    }
    let weight: f64 = super::counted(children).map(|(at, _)| children[at].weight).sum();
    let mean = |scaled: &dyn Fn(f64) -> f64| {
        super::counted(children).map(|(at, value)| children[at].weight * scaled(value)).sum::<f64>()
            / weight
    };
    // Measured in the child that dominates, so that no power overflows.
    let unit = if power > 0.0 { high } else { low };
    let found = if power == 0.0 {
        libm::exp(mean(&libm::log))
    } else {
        unit * libm::pow(mean(&|value| libm::pow(value / unit, power)), 1.0 / power)
    };
    Some(found.clamp(low, high))
}
