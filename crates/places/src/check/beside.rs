//! What lies on both sides of every edge: two regions, or nobody where somebody should be.

use std::collections::{BTreeMap, HashMap, HashSet};

use geo_types::Coord;

use super::crossings::Crossings;
use crate::RegionIndex;

/// How far beside the middle of an edge one looks, in lengths of the edge.
const STEP: f64 = 1.0 / 1024.0;

/// An empty area that regions enclose, and two of them.
#[derive(Debug)]
pub(super) struct Gap {
    pub(super) regions: [u32; 2],
    pub(super) place: Coord<f64>,
    pub(super) area: f64,
}

#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) overlaps: BTreeMap<[u32; 2], Coord<f64>>,
    pub(super) gaps: Vec<Gap>,
}

/// Looks beside every edge, and every piece of it where others cross or touch it.
///
/// The overlaps of crossings stay, and have the places they had.
pub(super) fn look(index: &RegionIndex, crossings: &Crossings) -> Beside {
    let mut beside = Beside { overlaps: crossings.overlaps.clone(), gaps: Vec::new() };
    let mut shores = Shores::default();
    for edge in index.edges() {
        let [start, end] = index.edge(edge);
        let mut here = start;
        if let Some(stops) = crossings.stops.get(&edge) {
            let mut stops = stops.clone();
            stops.sort_by(|one, other| square(*one - start).total_cmp(&square(*other - start)));
            for stop in stops {
                beside.look_beside(index, (edge, [here, stop]), &mut shores);
                here = stop;
            }
        }
        beside.look_beside(index, (edge, [here, end]), &mut shores);
    }
    beside.gaps = shores.gaps(index);
    beside
}

impl Beside {
    fn look_beside(
        &mut self,
        index: &RegionIndex,
        (edge, [start, end]): (u32, [Coord<f64>; 2]),
        shores: &mut Shores,
    ) {
        let middle = start + (end - start) / 2.0;
        let across = Coord { x: start.y - end.y, y: end.x - start.x } * STEP;
        let held = [middle + across, middle - across].map(|place| {
            index.regions_at(place, |regions| {
                if let [one, other, ..] = *regions {
                    self.overlaps.entry([one, other]).or_insert(place);
                }
                !regions.is_empty()
            })
        });
        match held {
            [true, false] => shores.add(start, end, edge),
            [false, true] => shores.add(end, start, edge),
            _ => {}
        }
    }
}

fn square(step: Coord<f64>) -> f64 {
    step.x * step.x + step.y * step.y
}

/// Edges with somebody on the left and nobody on the right.
#[derive(Debug, Default)]
struct Shores {
    /// By where they start: their end and their number.
    from: HashMap<[u64; 2], Vec<(Coord<f64>, u32)>>,
    starts: Vec<Coord<f64>>,
}

fn key(place: Coord<f64>) -> [u64; 2] {
    [place.x.to_bits(), place.y.to_bits()]
}

impl Shores {
    fn add(&mut self, start: Coord<f64>, end: Coord<f64>, edge: u32) {
        self.from.entry(key(start)).or_default().push((end, edge));
        self.starts.push(start);
    }

    /// Shores that run round an empty area, on which more than one region lies.
    fn gaps(mut self, index: &RegionIndex) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for start in std::mem::take(&mut self.starts) {
            let Some((area, regions)) = self.follow(start, index) else { continue };
            let mut distinct = regions.iter().copied();
            let (Some(one), Some(other)) = (distinct.next(), distinct.next()) else { continue };
            if area < 0.0 {
                gaps.push(Gap {
                    regions: [one.min(other), one.max(other)],
                    place: start,
                    area: -area,
                });
            }
        }
        gaps
    }

    /// The area inside one shore, negative when it is the empty side, and who lies on it.
    fn follow(&mut self, start: Coord<f64>, index: &RegionIndex) -> Option<(f64, HashSet<u32>)> {
        let mut regions = HashSet::new();
        let (mut doubled, mut here) = (0.0, start);
        let mut came = None;
        loop {
            let (end, edge) = self.take(here, came)?;
            regions.extend(index.regions_beside(edge).into_iter().flatten());
            let (one, other) = (here - start, end - start);
            doubled += one.x * other.y - one.y * other.x;
            came = Some(here);
            here = end;
            if here == start {
                return Some((doubled / 2.0, regions));
            }
        }
    }

    /// The shore that goes on from here, by the sharpest turn to the right.
    fn take(&mut self, here: Coord<f64>, came: Option<Coord<f64>>) -> Option<(Coord<f64>, u32)> {
        let onward = self.from.get_mut(&key(here))?;
        let turned = |end: Coord<f64>| {
            let back = came.map_or(0.0, |came| (came.y - here.y).atan2(came.x - here.x));
            let ahead = (end.y - here.y).atan2(end.x - here.x);
            (ahead - back).rem_euclid(std::f64::consts::TAU)
        };
        // Against the clock from where one came, the first is the sharpest right.
        let sharpest = (0..onward.len())
            .min_by(|&one, &other| turned(onward[one].0).total_cmp(&turned(onward[other].0)))?;
        Some(onward.swap_remove(sharpest))
    }
}
