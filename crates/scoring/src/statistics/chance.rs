//! How often chance alone would give such a correlation.

use super::pairs::pearson;

/// Returns the two-sided p-value of Pearson's correlation of two columns.
///
/// With n pairs, t = r √((n − 2) ÷ (1 − r²)) has n − 2 degrees of freedom, whose
/// two tails hold the regularised incomplete beta function of 1 − r² with
/// (n − 2) ÷ 2 and ½. `None` below three pairs or when a column is constant.
pub fn pearson_p_value(left: &[Option<f64>], right: &[Option<f64>]) -> Option<f64> {
    let both = |(left, right): (&Option<f64>, &Option<f64>)| {
        left.is_some_and(f64::is_finite) && right.is_some_and(f64::is_finite)
    };
    let pairs = left.iter().zip(right).filter(|pair| both(*pair)).count();
    if pairs < 3 {
        return None;
    }
    let r = pearson(left, right)?;
    Some(incomplete_beta((1.0 - r) * (1.0 + r), (pairs as f64 - 2.0) / 2.0, 0.5))
}

/// The regularised incomplete beta function I_x(a, b).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction below converges fast on this side of the mean only.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let scale = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(scale + a * libm::log(x) + b * libm::log1p(-x)) / a;
    (front * continued_fraction(x, a, b)).clamp(0.0, 1.0)
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    // Stands for 0 where the method divides.
    let away_from_zero = |number: f64| if number.abs() < 1e-300 { 1e-300 } else { number };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..10_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            fraction *= c * d;
        }
        if (fraction - before).abs() <= f64::EPSILON * fraction.abs() {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beta_function_has_its_known_values() {
        // I_x(1, 1) = x; I_x(2, 2) = x² (3 − 2x); I_x(½, ½) = 2 ÷ π · asin √x.
        for x in [0.01, 0.3, 0.5, 0.77, 0.999] {
            assert!((incomplete_beta(x, 1.0, 1.0) - x).abs() < 1e-14);
            assert!((incomplete_beta(x, 2.0, 2.0) - x * x * (3.0 - 2.0 * x)).abs() < 1e-14);
            let arc = 2.0 / std::f64::consts::PI * libm::asin(libm::sqrt(x));
            assert!((incomplete_beta(x, 0.5, 0.5) - arc).abs() < 1e-14);
        }
    }

    #[test]
    fn a_perfect_correlation_is_never_chance_and_two_pairs_say_nothing() {
        let column = [Some(1.0), Some(2.0), Some(3.0)];
        assert_eq!(pearson_p_value(&column, &column), Some(0.0));
        assert_eq!(pearson_p_value(&column[..2], &column[..2]), None);
    }
}
