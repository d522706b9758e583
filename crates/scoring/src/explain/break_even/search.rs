//! Finding where a yes turns to a no.

/// Width at which bisection ends, as a share of the range.
pub(super) const TOLERANCE: f64 = 1e-9;

/// The nearest turns below and above a number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Turns {
    pub(super) below: Option<f64>,
    pub(super) above: Option<f64>,
}

/// Picks the nearest of `candidates` on either side of `now` behind which the answer has turned.
///
/// `step` is how far behind a candidate the answer is read.
pub(super) fn among(
    candidates: &[f64],
    (now, holds): (f64, bool),
    step: f64,
    answer: &mut dyn FnMut(f64) -> bool,
) -> Turns {
    let mut sorted: Vec<f64> = candidates.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.partition_point(|candidate| *candidate < now);
    // A candidate at the present number itself may turn the answer on either side.
    let upto = sorted.partition_point(|candidate| *candidate <= now);
    let behind = |candidate: f64| step * candidate.abs().max(1.0);
    let mut turned = |x: f64| answer(x) != holds;
    let above = sorted[middle..].iter().copied().find(|x| turned(x + behind(*x)));
    let below = sorted[..upto].iter().rev().copied().find(|x| turned(x - behind(*x)));
    Turns { below, above }
}

/// Walks from `now` over `points` on either side until the answer turns, and bisects there.
pub(super) fn walk(
    points: &[f64],
    (now, holds): (f64, bool),
    width: f64,
    answer: &mut dyn FnMut(f64) -> bool,
) -> Turns {
    let mut sorted: Vec<f64> = points.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let mut towards = |side: &mut dyn Iterator<Item = f64>| {
        let mut last = now;
        for point in side {
            if answer(point) != holds {
                return Some(bisect((last, point), width, &mut |x| answer(x) == holds));
            }
            last = point;
        }
        None
    };
    let middle = sorted.partition_point(|point| *point <= now);
    let below = sorted.partition_point(|point| *point < now);
    let above = towards(&mut sorted[middle..].iter().copied());
    let below = towards(&mut sorted[..below].iter().rev().copied());
    Turns { below, above }
}

/// Narrows the stretch from `same` to `turned` and returns its turned end.
fn bisect(
    (mut same, mut turned): (f64, f64),
    width: f64,
    is_same: &mut dyn FnMut(f64) -> bool,
) -> f64 {
    for _ in 0..200 {
        let middle = same + (turned - same) / 2.0;
        if (turned - same).abs() <= width || middle == same || middle == turned {
            break;
        }
        if is_same(middle) {
            same = middle;
        } else {
            turned = middle;
        }
    }
    turned
}

/// Returns `count` even steps from `low` to `high`, both included.
pub(super) fn steps(low: f64, high: f64, count: usize) -> Vec<f64> {
    (0..=count).map(|at| low + (high - low) * (at as f64 / count as f64)).collect()
}
