/// How a selection is cut: some dimensions whole, one in pieces, the others one code at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// The dimensions in the final cube's order, as positions in the order asked for.
    pub(super) order: Vec<usize>,
    /// Position in `order` of the dimension that is in pieces; those after it are whole.
    pub(super) split: usize,
    /// Number of pieces, of nearly one size.
    pub(super) pieces: usize,
    /// Requests in all.
    pub(super) requests: u64,
}

/// With more dimensions of two codes or more than this, only the order asked for is looked at.
const MANY: usize = 14;

/// Chooses the order that takes the fewest requests: the one asked for, where that is within a
/// twentieth of what the cells alone would take.
pub(super) fn choose(sizes: &[usize], max_cells: u64) -> Cut {
    let max_cells = max_cells.max(1);
    let own = cut_in_order((0..sizes.len()).collect(), sizes, max_cells);
    let least = product(sizes).div_ceil(max_cells);
    let is_near = u128::from(own.requests) * 100 <= u128::from(least) * 105;
    if is_near || sizes.iter().filter(|size| **size > 1).count() > MANY {
        return own;
    }
    match best(sizes, max_cells) {
        Some(best) if best.requests < own.requests => best,
        _ => own,
    }
}

/// A block lies in one piece when all after the split are whole and all before it are fixed.
fn cut_in_order(order: Vec<usize>, sizes: &[usize], max_cells: u64) -> Cut {
    let mut inner: u64 = 1;
    let mut split = order.len().saturating_sub(1);
    while split > 0 && inner.saturating_mul(size(sizes, order[split])) <= max_cells {
        inner = inner.saturating_mul(size(sizes, order[split]));
        split -= 1;
    }
    let Some(at) = order.get(split) else {
        return Cut { order, split: 0, pieces: 1, requests: 1 };
    };
    let length = size(sizes, *at);
    let pieces = length.div_ceil((max_cells / inner).clamp(1, length.max(1)));
    let outer = order[..split].iter().map(|at| size(sizes, *at)).fold(1, u64::saturating_mul);
    // A dimension has fewer codes than memory has bytes.
    let count = usize::try_from(pieces).unwrap_or(usize::MAX);
    Cut { order, split, pieces: count, requests: outer.saturating_mul(pieces) }
}

/// Tries every set of whole dimensions with every dimension to cut.
fn best(sizes: &[usize], max_cells: u64) -> Option<Cut> {
    let long: Vec<usize> = (0..sizes.len()).filter(|at| sizes[*at] > 1).collect();
    let all = product(sizes);
    let mut best: Option<(u64, usize, Vec<usize>)> = None;
    for whole in 0_u32..1 << long.len() {
        let is_whole = |at: usize| {
            long.iter().position(|one| *one == at).is_some_and(|bit| whole & (1 << bit) != 0)
        };
        let inner = (0..sizes.len())
            .filter(|at| is_whole(*at))
            .fold(1, |product: u64, at| product.saturating_mul(size(sizes, at)));
        if inner > max_cells {
            continue;
        }
        for split in long.iter().copied().filter(|at| !is_whole(*at)) {
            let length = size(sizes, split);
            let pieces = length.div_ceil((max_cells / inner).min(length));
            let requests = (all / inner / length).saturating_mul(pieces);
            if best.as_ref().is_some_and(|(fewest, ..)| requests > *fewest) {
                continue;
            }
            let order = in_order(sizes.len(), split, is_whole);
            let moved = inversions(&order);
            if best.as_ref().is_none_or(|known| (requests, moved) < (known.0, known.1)) {
                best = Some((requests, moved, order));
            }
        }
    }
    best.map(|(_, _, order)| cut_in_order(order, sizes, max_cells))
}

fn in_order(count: usize, split: usize, is_whole: impl Fn(usize) -> bool) -> Vec<usize> {
    let is_outer = |at: &usize| *at != split && !is_whole(*at);
    let outer = (0..count).filter(is_outer);
    outer.chain([split]).chain((0..count).filter(|at| is_whole(*at))).collect()
}

fn inversions(order: &[usize]) -> usize {
    let before = |at: usize| order[..at].iter().filter(|other| **other > order[at]).count();
    (0..order.len()).map(before).sum()
}

fn size(sizes: &[usize], at: usize) -> u64 {
    sizes[at] as u64
}

fn product(sizes: &[usize]) -> u64 {
    sizes.iter().map(|size| *size as u64).fold(1, u64::saturating_mul)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(sizes: &[usize], max_cells: u64) -> String {
        let Cut { order, requests, .. } = choose(sizes, max_cells);
        let least = product(sizes).div_ceil(max_cells);
        format!("{sizes:?} by {max_cells}: {order:?}, {requests} of {least}")
    }

    #[test]
    fn the_order_asked_for_stays_unless_another_takes_fewer_requests() {
        let lines = [
            chosen(&[360, 2, 106, 1, 40], 800_000),
            chosen(&[3, 34_097, 2, 49], 800_000),
            chosen(&[34_097, 1, 294], 800_000),
            chosen(&[11, 95_000, 10], 800_000),
            chosen(&[7], 3),
            chosen(&[], 3),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r"
        [360, 2, 106, 1, 40] by 800000: [0, 1, 2, 3, 4], 4 of 4
        [3, 34097, 2, 49] by 800000: [1, 0, 2, 3], 13 of 13
        [34097, 1, 294] by 800000: [0, 1, 2], 13 of 13
        [11, 95000, 10] by 800000: [1, 0, 2], 14 of 14
        [7] by 3: [0], 3 of 3
        [] by 3: [], 1 of 1
        ");
    }
}
