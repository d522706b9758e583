//! Points on borders, and regions of every unlikely form.

use geo_types::Coord;
use places::{Region, RegionIndex};
use proptest::prelude::*;

use crate::model::{self, region, sheet};

const UNIT: &[(f64, f64)] = &[(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0), (0.0, 0.0)];

/// The code of the region at a point; `-` for none.
fn at(regions: &[Region], x: f64, y: f64) -> &str {
    let point = Coord { x, y };
    let found = RegionIndex::build(regions).locate(point);
    assert_eq!(found, model::locate(regions, point), "the model agrees at {x} {y}");
    found.map_or("-", |place| &regions[place].code)
}

fn square(code: &str, x: f64, y: f64) -> Region {
    let places: Vec<(f64, f64)> = UNIT.iter().map(|place| (place.0 + x, place.1 + y)).collect();
    region(code, &[&[&places]])
}

#[test]
fn a_border_belongs_to_the_region_east_of_it_or_else_north() {
    let four = [
        square("sw", 0.0, 0.0),
        square("se", 8.0, 0.0),
        square("nw", 0.0, 8.0),
        square("ne", 8.0, 8.0),
    ];
    let borders = [(8.0, 4.0), (8.0, 12.0), (4.0, 8.0), (12.0, 8.0), (8.0, 8.0)];
    let owners = borders.map(|(x, y)| at(&four, x, y));
    assert_eq!(owners, ["se", "ne", "nw", "ne", "ne"]);
    let outer = [(0.0, 0.0), (16.0, 16.0), (16.0, 8.0), (8.0, 16.0), (16.0, 4.0), (0.0, 8.0)];
    let owners = outer.map(|(x, y)| at(&four, x, y));
    assert_eq!(owners, ["sw", "ne", "se", "nw", "se", "nw"]);
    assert_eq!(at(&four, 16.5, 4.0), "-");
}

#[test]
fn where_regions_overlap_the_first_in_order_answers() {
    let overlapping =
        [square("first", 4.0, 4.0), square("second", 0.0, 0.0), square("second again", 0.0, 0.0)];
    assert_eq!(at(&overlapping, 6.0, 6.0), "first");
    assert_eq!(at(&overlapping, 2.0, 2.0), "second");
    assert_eq!(at(&overlapping, 4.0, 6.0), "first");
    // East of the border of the first is the second.
    let second_goes_on = [square("first", 0.0, 0.0), square("second", 4.0, 0.0)];
    assert_eq!(at(&second_goes_on, 8.0, 4.0), "second");
}

#[test]
fn a_hole_an_exclave_and_what_lies_in_them() {
    let hole: &[(f64, f64)] = &[(2.0, 2.0), (2.0, 6.0), (6.0, 6.0), (6.0, 2.0), (2.0, 2.0)];
    let island: &[(f64, f64)] = &[(3.0, 3.0), (4.0, 3.0), (4.0, 4.0), (3.0, 3.0)];
    let regions = [region("ring", &[&[UNIT, hole], &[island]]), region("enclave", &[&[hole]])];
    assert_eq!(at(&regions, 1.0, 4.0), "ring");
    assert_eq!(at(&regions, 5.0, 5.0), "enclave");
    assert_eq!(at(&regions, 3.5, 3.25), "ring", "the island is part of the first region");
    assert_eq!(at(&regions, 2.0, 4.0), "enclave");
    assert_eq!(at(&regions, 6.0, 4.0), "ring");
    let alone = [regions[0].clone()];
    assert_eq!(at(&alone, 5.0, 5.0), "-");
    assert_eq!(at(&alone, 2.0, 4.0), "ring", "nobody is east, so it is whose border it is");
}

#[test]
fn shapes_without_area_hold_no_more_than_their_edges() {
    let line: &[(f64, f64)] = &[(0.0, 0.0), (4.0, 4.0), (0.0, 0.0)];
    let spot: &[(f64, f64)] = &[(2.0, 1.0), (2.0, 1.0), (2.0, 1.0)];
    let regions = [region("empty", &[]), region("spot", &[&[spot]]), region("line", &[&[line]])];
    assert_eq!(at(&regions, 1.0, 1.0), "line");
    assert_eq!(at(&regions, 1.5, 1.0), "-");
    assert_eq!(at(&regions, 2.0, 1.0), "-");
    assert_eq!(at(&[], 2.0, 1.0), "-");
    assert_eq!(at(&regions[..2], 2.0, 1.0), "-");
}

#[test]
fn what_is_not_finite_is_nowhere() {
    let broken =
        region("broken", &[&[&[(0.0, 0.0), (f64::NAN, 0.0), (8.0, 8.0), (0.0, 0.0)]], &[UNIT]]);
    let index = RegionIndex::build(&[broken]);
    assert_eq!(index.locate(Coord { x: 4.0, y: 4.0 }), Some(0), "the sound part counts");
    assert_eq!(index.locate(Coord { x: f64::NAN, y: 4.0 }), None);
    assert_eq!(index.locate(Coord { x: f64::INFINITY, y: 4.0 }), None);
}

fn agrees(regions: &[Region], points: &[Coord<f64>]) -> Result<(), TestCaseError> {
    let index = RegionIndex::build(regions);
    for &point in points {
        prop_assert_eq!(index.locate(point), model::locate(regions, point), "at {:?}", point);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Corners and middles of edges included: one region each, the same in both forms.
    #[test]
    fn every_point_of_a_tiling_belongs_to_exactly_one_region(sheet in sheet()) {
        let (cells, outlines) = (sheet.in_cells(), sheet.in_outlines());
        for point in sheet.points().into_iter().filter(|&point| sheet.covers(point)) {
            prop_assert_eq!(model::holders(&cells, point).len(), 1, "at {:?}", point);
        }
        agrees(&cells, &sheet.points())?;
        agrees(&outlines, &sheet.points())?;
    }

    /// Two tilings of one area, and a stack of the same region.
    #[test]
    fn overlapping_layers_agree_with_the_model(one in sheet(), other in sheet()) {
        let mut regions = one.in_outlines();
        regions.extend(other.in_cells());
        regions.extend(other.in_outlines());
        agrees(&regions, &one.points())?;
    }

    /// Rings of any form: crossing themselves, folding back, repeating points.
    #[test]
    fn shapes_out_of_nothing_agree_with_the_model(
        rings in prop::collection::vec(prop::collection::vec((0_i32..12, 0_i32..12), 0..12), 1..8),
    ) {
        let regions: Vec<Region> = rings
            .iter()
            .map(|ring| ring.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect::<Vec<_>>())
            .map(|ring| region("any", &[&[&ring]]))
            .collect();
        let points: Vec<Coord<f64>> = (0..576)
            .map(|at| Coord { x: f64::from(at % 24) / 2.0, y: f64::from(at / 24) / 2.0 })
            .collect();
        agrees(&regions, &points)?;
    }
}

/// The same layer elsewhere and at another size, by steps that floating point takes exactly.
fn moved(regions: &[Region], move_place: impl Fn(Coord<f64>) -> Coord<f64>) -> Vec<Region> {
    let mut regions = regions.to_vec();
    for region in &mut regions {
        let ring = |ring: &geo_types::LineString<f64>| {
            ring.0.iter().map(|&place| move_place(place)).collect()
        };
        region.shape = region
            .shape
            .iter()
            .map(|part| {
                geo_types::Polygon::new(
                    ring(part.exterior()),
                    part.interiors().iter().map(ring).collect(),
                )
            })
            .collect();
    }
    regions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Degrees, metres far from the origin, and a sheet smaller than its coordinates can tell apart well.
    #[test]
    fn place_and_size_of_a_layer_do_not_matter(sheet in sheet(), at in 0_usize..5) {
        let (scale, x, y) = [
            (1.0 / 4096.0, 10.5, 59.75),
            (1.0, -70_000.0, 6_600_000.0),
            (1024.0, 0.0, 0.0),
            (1.0 / f64::from(1 << 27), 262_144.0, 6_600_000.0),
            (1e-30_f64.log2().floor().exp2(), 0.0, 0.0),
        ][at];
        let move_place = |place: Coord<f64>| Coord { x: place.x * scale + x, y: place.y * scale + y };
        let regions = sheet.in_outlines();
        let index = RegionIndex::build(&moved(&regions, move_place));
        for point in sheet.points() {
            let expected = model::locate(&regions, point);
            prop_assert_eq!(index.locate(move_place(point)), expected, "at {:?}", point);
        }
    }
}

/// A cake of 4,096 pieces that meet in one point, and a stack of one region.
#[test]
fn edges_that_crowd_do_not_fill_the_memory() {
    let rim = |at: i32| {
        let angle = f64::from(at % 4096) * std::f64::consts::TAU / 4096.0;
        (1e6 * angle.cos(), 1e6 * angle.sin())
    };
    let piece = |at| region("piece", &[&[&[(0.0, 0.0), rim(at), rim(at + 1), (0.0, 0.0)]]]);
    let cake: Vec<Region> = (0..4096).map(piece).collect();
    let stack: Vec<Region> = (0..512).map(|_| square("same", 0.0, 0.0)).collect();
    for regions in [cake, stack] {
        let index = RegionIndex::build(&regions);
        let bytes_an_edge = index.memory_bytes() / (3 * regions.len());
        assert!(bytes_an_edge < 2048, "{bytes_an_edge} bytes an edge");
        assert!(index.locate(Coord { x: 1.0, y: 1.5 }).is_some());
    }
}
