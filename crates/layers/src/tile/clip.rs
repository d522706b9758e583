//! Rings cut to a square, by Sutherland and Hodgman.

use places::coverage::Point;

/// The square of a tile in the steps of its zoom, y north.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// North-west corner.
    pub(super) corner: [i64; 2],
    /// Length of a side.
    pub(super) side: i64,
    /// How far beyond its edges a tile draws.
    pub(super) buffer: i64,
}

impl Window {
    /// Whether a box reaches into the window.
    pub(super) fn meets(&self, least: Point, greatest: Point) -> bool {
        let [west, north] = self.corner;
        i64::from(least.x) <= west + self.side + self.buffer
            && i64::from(greatest.x) >= west - self.buffer
            && i64::from(least.y) <= north + self.buffer
            && i64::from(greatest.y) >= north - self.side - self.buffer
    }

    /// What of a polygon lies in the window, in the tile's own steps, y south.
    ///
    /// Outer rings have a positive area there, holes a negative one, as the format asks.
    pub(super) fn cut(&self, rings: &[Vec<Point>]) -> Vec<Vec<[i32; 2]>> {
        let mut cut = Vec::new();
        for (place, ring) in rings.iter().enumerate() {
            match self.cut_ring(ring) {
                Some(ring) => cut.push(ring),
                // Where the outer ring is not, the holes are not.
                None if place == 0 => break,
                None => {}
            }
        }
        cut
    }

    fn cut_ring(&self, ring: &[Point]) -> Option<Vec<[i32; 2]>> {
        let [west, north] = self.corner;
        // South is down, so a ring that ran anticlockwise would now run the other way.
        let mut points: Vec<[i64; 2]> = ring
            .iter()
            .rev()
            .map(|point| [i64::from(point.x) - west, north - i64::from(point.y)])
            .collect();
        let (least, greatest) = (-self.buffer, self.side + self.buffer);
        for axis in [0, 1] {
            points = half(&points, axis, |value| value >= least, least);
            points = half(&points, axis, |value| value <= greatest, greatest);
        }
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        if area(&points) == 0 {
            return None;
        }
        let small = |[x, y]: [i64; 2]| Some([i32::try_from(x).ok()?, i32::try_from(y).ok()?]);
        points.into_iter().map(small).collect()
    }
}

/// The part of a ring on one side of a line; where it crosses, a point on the line.
fn half(
    ring: &[[i64; 2]],
    axis: usize,
    is_inside: impl Fn(i64) -> bool,
    line: i64,
) -> Vec<[i64; 2]> {
    let mut kept = Vec::with_capacity(ring.len());
    let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
    for (from, to) in before.zip(ring) {
        if is_inside(from[axis]) != is_inside(to[axis]) {
            kept.push(crossing(*from, *to, axis, line));
        }
        if is_inside(to[axis]) {
            kept.push(*to);
        }
    }
    kept
}

/// Where an edge meets a line, the same from both sides of a border.
fn crossing(from: [i64; 2], to: [i64; 2], axis: usize, line: i64) -> [i64; 2] {
    let (from, to) = if from < to { (from, to) } else { (to, from) };
    let other = 1 - axis;
    let whole = i128::from(to[axis] - from[axis]);
    let part = i128::from(line - from[axis]) * i128::from(to[other] - from[other]);
    let mut point = [line; 2];
    point[other] = from[other] + i64::try_from(part.div_euclid(whole)).unwrap_or(0);
    point
}

fn area(ring: &[[i64; 2]]) -> i128 {
    let ends = ring.iter().zip(ring.iter().skip(1).chain(ring.first()));
    ends.map(|(from, to)| {
        i128::from(from[0]) * i128::from(to[1]) - i128::from(to[0]) * i128::from(from[1])
    })
    .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { corner: [0, 100], side: 100, buffer: 10 };

    fn ring(points: &[(i32, i32)]) -> Vec<Point> {
        points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
    }

    #[test]
    fn a_square_over_the_corner_is_cut_at_the_buffer() {
        let square = ring(&[(50, 50), (200, 50), (200, 200), (50, 200)]);
        let cut = WINDOW.cut(&[square]);
        let mut corners = cut[0].clone();
        corners.sort_unstable();
        assert_eq!(corners, [[50, -10], [50, 50], [110, -10], [110, 50]]);
        let wide: Vec<[i64; 2]> =
            cut[0].iter().map(|[x, y]| [i64::from(*x), i64::from(*y)]).collect();
        assert!(area(&wide) > 0, "an outer ring has a positive area with y south");
    }

    #[test]
    fn what_lies_outside_is_not_there_and_neither_are_its_holes() {
        let far = ring(&[(300, 300), (400, 300), (400, 400)]);
        let hole = ring(&[(310, 310), (320, 320), (320, 310)]);
        assert!(WINDOW.cut(&[far, hole]).is_empty());
    }

    #[test]
    fn a_ring_around_the_window_becomes_the_window() {
        let around = ring(&[(-500, -500), (500, -500), (500, 500), (-500, 500)]);
        let mut cut = WINDOW.cut(&[around]).remove(0);
        cut.sort_unstable();
        assert_eq!(cut, [[-10, -10], [-10, 110], [110, -10], [110, 110]]);
    }
}
