//! Which ring is an outline, and which a hole in which: a Shapefile says it by the winding alone.

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use crate::Notes;

/// Puts rings together; outlines run clockwise, holes the other way.
///
/// A hole that lies in no outline is taken for an outline that was wound wrongly.
pub(super) fn polygons(rings: Vec<Vec<Coord<f64>>>, notes: &mut Notes) -> Geometry<f64> {
    let rings: Vec<Ring> =
        rings.into_iter().filter(|ring| !ring.is_empty()).map(Ring::new).collect();
    let (mut outlines, holes): (Vec<Ring>, Vec<Ring>) =
        rings.into_iter().partition(|ring| ring.area <= 0.0);
    let mut inside: Vec<Vec<Ring>> = outlines.iter().map(|_| Vec::new()).collect();
    for hole in holes {
        // The smallest one, where outlines lie in each other's holes.
        let around = (0..inside.len())
            .filter(|at| outlines[*at].holds(&hole))
            .min_by(|one, other| outlines[*other].area.total_cmp(&outlines[*one].area));
        match around {
            Some(at) => inside[at].push(hole),
            None => {
                outlines.push(hole);
                inside.push(Vec::new());
            }
        }
    }
    let mut polygons: Vec<Polygon<f64>> = outlines
        .into_iter()
        .zip(inside)
        .map(|(outline, holes)| {
            let rings = std::iter::once(outline).chain(holes).map(|ring| ring.line).collect();
            crate::shape::polygon(rings, notes)
        })
        .collect();
    match polygons.len() {
        0 => Polygon::new(LineString(Vec::new()), Vec::new()).into(),
        1 => polygons.remove(0).into(),
        _ => MultiPolygon(polygons).into(),
    }
}

struct Ring {
    line: Vec<Coord<f64>>,
    /// Twice the area; negative when it runs clockwise.
    area: f64,
    low: Coord<f64>,
    high: Coord<f64>,
}

impl Ring {
    fn new(line: Vec<Coord<f64>>) -> Ring {
        let first = line.first().copied().unwrap_or_default();
        // Taken from the first point, so that large coordinates do not eat the digits.
        let pairs = line.windows(2).map(|pair| {
            let (a, b) = (pair[0] - first, pair[1] - first);
            a.x * b.y - b.x * a.y
        });
        let area = pairs.sum();
        let (mut low, mut high) = (first, first);
        for at in &line {
            low = Coord { x: low.x.min(at.x), y: low.y.min(at.y) };
            high = Coord { x: high.x.max(at.x), y: high.y.max(at.y) };
        }
        Ring { line, area, low, high }
    }

    /// Whether a hole lies in this outline; holes may touch outlines, so each of its corners may say.
    fn holds(&self, hole: &Ring) -> bool {
        let boxes = self.low.x <= hole.low.x
            && self.low.y <= hole.low.y
            && self.high.x >= hole.high.x
            && self.high.y >= hole.high.y;
        if !boxes {
            return false;
        }
        let corners = hole.line.iter().filter(|corner| !self.line.contains(corner));
        // Every corner touches the outline: the middle of the first edge decides.
        let middle = hole.line.windows(2).next().map(|edge| (edge[0] + edge[1]) / 2.0);
        corners.copied().next().or(middle).is_some_and(|at| self.surrounds(at))
    }

    /// Ray to the east.
    fn surrounds(&self, at: Coord<f64>) -> bool {
        let crossings = self.line.windows(2).filter(|edge| {
            let (a, b) = (edge[0], edge[1]);
            (a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x
        });
        crossings.count() % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f64, high: f64) -> Vec<Coord<f64>> {
        // Clockwise.
        [(low, low), (low, high), (high, high), (high, low), (low, low)]
            .map(|(x, y)| Coord { x, y })
            .to_vec()
    }

    fn reversed(mut ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
        ring.reverse();
        ring
    }

    #[test]
    fn an_island_in_a_lake_keeps_its_own_lake() {
        let rings = vec![
            square(0., 100.),
            reversed(square(10., 90.)),
            square(20., 80.),
            reversed(square(30., 40.)),
        ];
        let Geometry::MultiPolygon(parts) = polygons(rings, &mut Notes::default()) else {
            panic!("two outlines make a multipolygon");
        };
        let holes: Vec<usize> = parts.0.iter().map(|part| part.interiors().len()).collect();
        assert_eq!(holes, [1, 1]);
        assert_eq!(parts.0[1].interiors()[0].0[0], Coord { x: 30., y: 30. });
    }

    #[test]
    fn a_ring_that_is_wound_wrongly_is_still_an_outline() {
        let shape = polygons(vec![reversed(square(0., 1.))], &mut Notes::default());
        assert!(matches!(shape, Geometry::Polygon(_)));
    }
}
