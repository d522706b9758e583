//! Ordered weighted averaging: weights for places, not for children.

use super::Child;

/// How much the best, the second best and so on count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Order<'a> {
    /// Weights from the best child to the worst, as if all were present.
    Weights(&'a [f64]),
    /// From 0 (only the worst counts) through 0.5 (the mean) to 1 (only the best).
    Orness(f64),
}

impl Order<'_> {
    /// Returns the part of the whole that the best `share` of the weight gets.
    ///
    /// Both ends are exact: nothing gets 0, everything gets 1.
    fn quantifier(&self, share: f64) -> f64 {
        match self {
            _ if share >= 1.0 => 1.0,
            _ if share <= 0.0 => 0.0,
            Self::Orness(orness) if *orness <= 0.0 => 0.0,
            Self::Orness(orness) if *orness >= 1.0 => 1.0,
            Self::Orness(orness) => libm::pow(share, 1.0 / orness - 1.0),
            Self::Weights(weights) => {
                let all: f64 = weights.iter().sum();
                let place = share * weights.len() as f64;
                let whole = libm::floor(place) as usize;
                let before: f64 = weights.iter().take(whole).sum();
                let within = weights.get(whole).map_or(0.0, |next| next * (place - whole as f64));
                (before + within) / all
            }
        }
    }

    /// Returns whether the order can be used: weights of at least 0, not all 0.
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Orness(orness) => (0.0..=1.0).contains(orness),
            Self::Weights(weights) => {
                let fit = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
                fit && weights.iter().sum::<f64>() > 0.0
            }
        }
    }

    /// Returns the orness of the order among `count` equal children (Yager 1988).
    pub fn orness(&self, count: usize) -> Option<f64> {
        if !self.is_usable() || count < 2 {
            return None;
        }
        let cut = |place: usize| self.quantifier(place as f64 / count as f64);
        let part = |place: usize| (cut(place + 1) - cut(place)) * (count - 1 - place) as f64;
        Some((0..count).map(part).sum::<f64>() / (count - 1) as f64)
    }
}

/// Returns the mean of the children in order of value, the best first.
///
/// The order is a curve over the weight passed so far (a regular increasing
/// quantifier, Yager 1996), so the children's own weights count too, and a gap
/// leaves a curve for those that remain: with all children present and equally
/// weighted, [`Order::Weights`] are used as they stand; with equal weights in
/// the order the result is the weighted mean.
///
/// `None` without a child of weight, or when the order [cannot be used](Order::is_usable).
///
/// ```
/// # use scoring::aggregate::{Child, owa::{Order, owa}};
/// let child = |value| Child { value, weight: 1.0, most: 100.0, most_available: 100.0 };
/// let children = [child(Some(80.0)), child(Some(20.0)), child(Some(50.0))];
/// let cautious = Order::Weights(&[0.1, 0.3, 0.6]);
/// assert_eq!(owa(&children, cautious).map(f64::round), Some(35.0));
/// assert_eq!(owa(&children, Order::Orness(0.0)), Some(20.0));
/// ```
pub fn owa(children: &[Child], order: Order) -> Option<f64> {
    let parts = owa_weights(children, order)?;
    let part = |(child, part): (&Child, &Option<f64>)| child.value.zip(*part);
    let sum = children.iter().zip(&parts).filter_map(part).map(|(value, part)| value * part).sum();
    let (low, high) = super::ends(children)?;
    Some(f64::clamp(sum, low, high))
}

/// Returns what each child counts for in [`owa`]; the parts present sum to 1.
pub fn owa_weights(children: &[Child], order: Order) -> Option<Vec<Option<f64>>> {
    if !order.is_usable() {
        return None;
    }
    let mut present: Vec<(usize, f64)> = super::counted(children).collect();
    present.sort_by(|(_, left), (_, right)| right.total_cmp(left));
    let all: f64 = present.iter().map(|(at, _)| children[*at].weight).sum();
    let mut parts = vec![None; children.len()];
    let (mut passed, mut before) = (0.0, 0.0);
    let last = present.last()?.0;
    for (at, _) in present {
        passed += children[at].weight;
        let so_far = if at == last { 1.0 } else { order.quantifier(passed / all) };
        parts[at] = Some(so_far - before);
        before = so_far;
    }
    Some(parts)
}
