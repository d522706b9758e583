//! What is wrong with shapes: not closed, crossing themselves, overlapping, apart.
//!
//! [`check`] looks and changes nothing; [`repair`] mends what has one obvious remedy. An
//! index answers on faulty shapes too, by the even-odd rule in each polygon, so that a layer
//! with faults can be used and its faults listed beside it.
//!
//! Crossings are found exactly. Overlaps and gaps are looked for beside the middle of every
//! edge, and of every piece of one that others cross or touch, a thousandth of its length
//! away: what is thinner and crosses nothing is not seen.
//! A ring that meets itself in a vertex is no fault here.

mod beside;
mod crossings;
mod rings;

use std::collections::HashMap;

use geo_types::Coord;

use crate::{Region, RegionIndex};

pub use rings::{close_ring, repair};

/// What a fault is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The last point of a ring is not its first.
    OpenRing,
    /// A ring with fewer than three different points in a row.
    TooFewPoints,
    /// A coordinate that is infinite or not a number.
    NotFinite,
    /// A region without any ring.
    NoShape,
    /// The outline crosses itself, or runs over itself, or two polygons of a region do.
    SelfIntersection,
    /// Two regions hold the same place.
    Overlap,
    /// An area between regions that nobody holds.
    Gap {
        /// Its area, in units of the coordinates squared.
        area: f64,
    },
    /// A code that an earlier region has.
    DuplicateCode,
}

impl FaultKind {
    /// A name for texts and reports.
    pub fn key(self) -> &'static str {
        match self {
            FaultKind::OpenRing => "open_ring",
            FaultKind::TooFewPoints => "too_few_points",
            FaultKind::NotFinite => "not_finite",
            FaultKind::NoShape => "no_shape",
            FaultKind::SelfIntersection => "self_intersection",
            FaultKind::Overlap => "overlap",
            FaultKind::Gap { .. } => "gap",
            FaultKind::DuplicateCode => "duplicate_code",
        }
    }
}

/// A fault: what, in which region, where, and whether it was mended.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// Position of the region.
    pub region: usize,
    /// Its code.
    pub code: String,
    /// Code of the other region, where there are two.
    pub other: Option<String>,
    /// One place where it is seen, in the coordinates of the layer.
    pub place: Option<Coord<f64>>,
    /// Whether [`repair`], or the reader of the file, has mended it.
    pub is_repaired: bool,
}

/// Faults found: the first ones listed, all counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// At most as many as were asked for.
    pub listed: Vec<Fault>,
    /// How many there are: a region that crosses itself counts once, and so do two that overlap.
    pub total: usize,
}

impl Faults {
    fn add(&mut self, fault: Fault, most: usize) {
        self.total += 1;
        if self.listed.len() < most {
            self.listed.push(fault);
        }
    }
}

fn fault(kind: FaultKind, regions: &[Region], region: usize, place: Option<Coord<f64>>) -> Fault {
    let code = regions[region].code.clone();
    Fault { kind, region, code, other: None, place, is_repaired: false }
}

/// Lists at most `most` faults of a layer: those of rings first, then crossings, overlaps, gaps.
///
/// Winding is no fault: formats differ in it, and nothing here depends on it.
///
/// ```
/// # use geo_types::polygon;
/// # use places::{Region, check::{FaultKind, check}};
/// let bow_tie = polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 4.0), (x: 4.0, y: 0.0), (x: 0.0, y: 3.0)];
/// let region =
///     Region { code: "0301".to_owned(), name: String::new(), shape: vec![bow_tie].into() };
/// let faults = check(&[region], 10);
/// assert_eq!(faults.listed[0].kind, FaultKind::SelfIntersection);
/// ```
pub fn check(regions: &[Region], most: usize) -> Faults {
    let mut faults = Faults::default();
    let mut first_of_code: HashMap<&str, usize> = HashMap::new();
    for (place, region) in regions.iter().enumerate() {
        if *first_of_code.entry(&region.code).or_insert(place) != place {
            faults.add(fault(FaultKind::DuplicateCode, regions, place, None), most);
        }
        for (kind, at) in rings::faults(region) {
            faults.add(fault(kind, regions, place, at), most);
        }
    }
    let index = RegionIndex::build(regions);
    let crossings = crossings::find(&index);
    let beside = beside::look(&index, &crossings);
    for (&region, &place) in &crossings.selves {
        let found = fault(FaultKind::SelfIntersection, regions, region as usize, Some(place));
        faults.add(found, most);
    }
    let two = |kind, [region, other]: [u32; 2], place| {
        let other = Some(regions[other as usize].code.clone());
        Fault { other, ..fault(kind, regions, region as usize, Some(place)) }
    };
    for (&pair, &place) in &beside.overlaps {
        faults.add(two(FaultKind::Overlap, pair, place), most);
    }
    for gap in &beside.gaps {
        faults.add(two(FaultKind::Gap { area: gap.area }, gap.regions, gap.place), most);
    }
    faults
}
