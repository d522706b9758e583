//! Edges that cross, found in the leaves of the index.

use std::collections::{BTreeMap, HashMap};

use geo_types::Coord;

use crate::RegionIndex;
use crate::exact::{is_on, turn};

type Edge = [Coord<f64>; 2];

/// Where regions cross themselves, and where two cross each other: one place each.
#[derive(Debug, Default)]
pub(super) struct Crossings {
    pub(super) selves: BTreeMap<u32, Coord<f64>>,
    pub(super) overlaps: BTreeMap<[u32; 2], Coord<f64>>,
    /// Where edges are crossed or touched between their ends.
    pub(super) stops: HashMap<u32, Vec<Coord<f64>>>,
}

pub(super) fn find(index: &RegionIndex) -> Crossings {
    let mut crossings = Crossings::default();
    let mut edges: Vec<(u32, Edge)> = Vec::new();
    for leaf in index.leaves() {
        edges.clear();
        edges.extend(leaf.map(|edge| (edge, index.edge(edge))));
        // In the same order in each leaf, so that a crossing has the same place to the last bit.
        edges.sort_unstable_by_key(|(edge, _)| *edge);
        for (at, &(one, one_edge)) in edges.iter().enumerate() {
            for &(other, other_edge) in &edges[at + 1..] {
                if is_apart(one_edge, other_edge) {
                    continue;
                }
                if let Some(place) = crossing(one_edge, other_edge) {
                    crossings.add_crossing(index, [one, other], place);
                    continue;
                }
                if let Some(place) = overrun(one_edge, other_edge) {
                    crossings.add_overrun(index, [one, other], place);
                }
                crossings.add_touches((one, one_edge), other_edge);
                crossings.add_touches((other, other_edge), one_edge);
            }
        }
    }
    for edge in index.edges_used_twice() {
        let [Some(region), _] = index.regions_beside(edge) else { continue };
        crossings.selves.entry(region).or_insert(index.edge(edge)[0]);
    }
    crossings
}

impl Crossings {
    /// Both sides of both edges are met around a crossing, so their regions overlap there.
    fn add_crossing(&mut self, index: &RegionIndex, edges: [u32; 2], place: Coord<f64>) {
        for edge in edges {
            self.add_stop(edge, place);
        }
        let [ones, others] = edges.map(|edge| index.regions_beside(edge));
        for one in ones.into_iter().flatten() {
            for other in others.into_iter().flatten() {
                if one == other {
                    self.selves.entry(one).or_insert(place);
                } else {
                    self.overlaps.entry([one.min(other), one.max(other)]).or_insert(place);
                }
            }
        }
    }

    /// Ends of another edge that lie on an edge between its own.
    fn add_touches(&mut self, (edge, [start, end]): (u32, Edge), other: Edge) {
        for place in other {
            if place != start && place != end && is_on(start, end, place) {
                self.add_stop(edge, place);
            }
        }
    }

    fn add_stop(&mut self, edge: u32, place: Coord<f64>) {
        let stops = self.stops.entry(edge).or_default();
        if !stops.contains(&place) {
            stops.push(place);
        }
    }

    /// Two edges along each other are a fault in one outline, and usual in two.
    fn add_overrun(&mut self, index: &RegionIndex, edges: [u32; 2], place: Coord<f64>) {
        for part in index.parts_of_both(edges) {
            if let Some(region) = index.region_of(part) {
                self.selves.entry(region).or_insert(place);
            }
        }
    }
}

/// Where the insides of two edges cross.
fn crossing([a, b]: Edge, [c, d]: Edge) -> Option<Coord<f64>> {
    let (to_c, to_d) = (turn(a, b, c), turn(a, b, d));
    let (to_a, to_b) = (turn(c, d, a), turn(c, d, b));
    let are_opposite =
        |one: f64, other: f64| (one > 0.0 && other < 0.0) || (one < 0.0 && other > 0.0);
    let share = to_a / (to_a - to_b);
    (are_opposite(to_c, to_d) && are_opposite(to_a, to_b)).then(|| a + (b - a) * share)
}

/// Where two edges on one line run along each other for more than a point.
fn overrun([a, b]: Edge, [c, d]: Edge) -> Option<Coord<f64>> {
    if turn(a, b, c) != 0.0 || turn(a, b, d) != 0.0 {
        return None;
    }
    let key = |place: Coord<f64>| (place.x, place.y);
    let ordered = |one: Coord<f64>, other: Coord<f64>| match key(one) <= key(other) {
        true => (one, other),
        false => (other, one),
    };
    let ((low, high), (from, to)) = (ordered(a, b), ordered(c, d));
    let start = if key(low) >= key(from) { low } else { from };
    let end = if key(high) <= key(to) { high } else { to };
    (key(start) < key(end)).then_some(start)
}

fn is_apart([a, b]: Edge, [c, d]: Edge) -> bool {
    a.x.max(b.x) < c.x.min(d.x)
        || c.x.max(d.x) < a.x.min(b.x)
        || a.y.max(b.y) < c.y.min(d.y)
        || c.y.max(d.y) < a.y.min(b.y)
}
