//! A packed tree of boxes: which of many small things meet an area.

use super::point::Point;

/// Children of a node.
const FAN: usize = 16;

/// Least and greatest corner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) least: Point,
    pub(super) greatest: Point,
}

impl Bounds {
    pub(super) fn of(points: &[Point]) -> Bounds {
        let none = Bounds {
            least: Point { x: i32::MAX, y: i32::MAX },
            greatest: Point { x: i32::MIN, y: i32::MIN },
        };
        points
            .iter()
            .fold(none, |bounds, point| bounds.joined(Bounds { least: *point, greatest: *point }))
    }

    /// The same with one more cell on each side.
    pub(super) fn wider(self) -> Bounds {
        let Bounds { least, greatest } = self;
        Bounds {
            least: Point { x: least.x.saturating_sub(1), y: least.y.saturating_sub(1) },
            greatest: Point { x: greatest.x.saturating_add(1), y: greatest.y.saturating_add(1) },
        }
    }

    fn joined(self, other: Bounds) -> Bounds {
        Bounds {
            least: Point { x: self.least.x.min(other.least.x), y: self.least.y.min(other.least.y) },
            greatest: Point {
                x: self.greatest.x.max(other.greatest.x),
                y: self.greatest.y.max(other.greatest.y),
            },
        }
    }

    pub(super) fn meets(&self, other: &Bounds) -> bool {
        self.least.x <= other.greatest.x
            && other.least.x <= self.greatest.x
            && self.least.y <= other.greatest.y
            && other.least.y <= self.greatest.y
    }
}

/// Items by their boxes; items can be taken out again.
#[derive(Debug)]
pub(super) struct Boxes {
    /// Item at each place of the lowest level.
    items: Vec<u32>,
    /// Place of each item.
    places: Vec<u32>,
    /// The lowest level has a box per item, each further one a box per [`FAN`] of the one below.
    levels: Vec<Vec<Bounds>>,
    /// Items left under each box.
    left: Vec<Vec<u32>>,
}

impl Boxes {
    pub(super) fn new(bounds: &[Bounds]) -> Boxes {
        let whole = bounds.iter().copied().reduce(Bounds::joined);
        let mut items: Vec<u32> = (0..).take(bounds.len()).collect();
        if let Some(whole) = whole {
            items.sort_by_cached_key(|item| curve(&bounds[*item as usize], whole.least));
        }
        let mut places = vec![0; items.len()];
        for (place, item) in (0..).zip(&items) {
            places[*item as usize] = place;
        }
        let mut levels = vec![items.iter().map(|item| bounds[*item as usize]).collect::<Vec<_>>()];
        let mut left = vec![vec![1; items.len()]];
        while levels[levels.len() - 1].len() > 1 {
            let join = |part: &[Bounds]| part.iter().copied().reduce(Bounds::joined);
            levels.push(levels[levels.len() - 1].chunks(FAN).filter_map(join).collect());
            left.push(left[left.len() - 1].chunks(FAN).map(|part| part.iter().sum()).collect());
        }
        Boxes { items, places, levels, left }
    }

    /// Takes an item out.
    pub(super) fn remove(&mut self, item: u32) {
        let mut place = self.places[item as usize] as usize;
        for level in &mut self.left {
            level[place] -= 1;
            place /= FAN;
        }
    }

    /// Whether `is_wanted` holds for any item whose box meets the area.
    pub(super) fn any(&self, area: &Bounds, mut is_wanted: impl FnMut(u32) -> bool) -> bool {
        let mut stack = vec![(self.levels.len() - 1, 0)];
        while let Some((level, place)) = stack.pop() {
            let Some(bounds) = self.levels[level].get(place) else { continue };
            if self.left[level][place] == 0 || !bounds.meets(area) {
                continue;
            }
            if level == 0 {
                if is_wanted(self.items[place]) {
                    return true;
                }
                continue;
            }
            let end = ((place + 1) * FAN).min(self.levels[level - 1].len());
            stack.extend((place * FAN..end).map(|child| (level - 1, child)));
        }
        false
    }

    /// Calls `visit` with every item whose box meets the area.
    pub(super) fn each(&self, area: &Bounds, mut visit: impl FnMut(u32)) {
        self.any(area, |item| {
            visit(item);
            false
        });
    }
}

/// Place of a box's middle along a Morton curve, which keeps near things near.
fn curve(bounds: &Bounds, least: Point) -> u64 {
    let middle = |from: i32, to: i32, start: i32| {
        let distance = (i64::from(from) + i64::from(to)) / 2 - i64::from(start);
        spread(u32::try_from(distance).unwrap_or(0))
    };
    middle(bounds.least.x, bounds.greatest.x, least.x)
        | middle(bounds.least.y, bounds.greatest.y, least.y) << 1
}

/// Puts a zero between all bits.
fn spread(bits: u32) -> u64 {
    let mut spread = u64::from(bits);
    for (shift, mask) in [
        (16, 0x0000_FFFF_0000_FFFF),
        (8, 0x00FF_00FF_00FF_00FF),
        (4, 0x0F0F_0F0F_0F0F_0F0F),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        spread = (spread | spread << shift) & mask;
    }
    spread
}
