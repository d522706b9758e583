//! Faults of shapes, and their places.

use geo_types::Coord;
use places::check::{Faults, check, close_ring, repair};
use places::{Region, RegionIndex};

use crate::model::region;

/// One fault a line: what, where, in which regions.
fn seen(faults: &Faults) -> Vec<String> {
    let line = |fault: &places::check::Fault| {
        let codes = [Some(&fault.code), fault.other.as_ref()].into_iter().flatten();
        let codes: Vec<&str> = codes.map(String::as_str).collect();
        let place = fault.place.map_or("-".to_owned(), |place| format!("{} {}", place.x, place.y));
        let mended = if fault.is_repaired { ", mended" } else { "" };
        format!("{} in {} at {place}{mended}", fault.kind.key(), codes.join(" and "))
    };
    faults.listed.iter().map(line).collect()
}

fn rectangle(code: &str, from: (f64, f64), to: (f64, f64)) -> Region {
    region(code, &[&[&[from, (to.0, from.1), to, (from.0, to.1), from]]])
}

#[test]
fn a_sound_tiling_has_no_faults() {
    let hole: &[(f64, f64)] = &[(2.0, 2.0), (2.0, 6.0), (6.0, 6.0), (6.0, 2.0), (2.0, 2.0)];
    let outline: &[(f64, f64)] = &[(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0), (0.0, 0.0)];
    let regions = [
        region("a", &[&[outline, hole]]),
        region("b", &[&[hole]]),
        rectangle("c", (8.0, 0.0), (9.0, 8.0)),
        // Meets `c` along a part of its side.
        rectangle("d", (9.0, 2.0), (12.0, 3.0)),
        // An outline with a lake that nobody holds.
        region(
            "e",
            &[&[
                &[(20.0, 0.0), (28.0, 0.0), (28.0, 8.0), (20.0, 0.0)],
                &[(24.0, 1.0), (25.0, 1.0), (25.0, 2.0), (24.0, 1.0)],
            ]],
        ),
    ];
    assert_eq!(check(&regions, 9), Faults::default());
}

#[test]
fn a_crossing_is_named_with_its_place() {
    let bow = region("bow", &[&[&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0), (0.0, 0.0)]]]);
    let spike = region(
        "spike",
        &[&[&[(0.0, 9.0), (4.0, 9.0), (8.0, 9.0), (4.0, 9.0), (4.0, 12.0), (0.0, 9.0)]]],
    );
    assert_eq!(
        seen(&check(&[bow, spike], 9)),
        ["self_intersection in bow at 2 2", "self_intersection in spike at 4 9"]
    );
}

#[test]
fn overlaps_are_found_when_they_cross_and_when_they_do_not() {
    let crossing = [rectangle("a", (0.0, 0.0), (4.0, 4.0)), rectangle("b", (2.0, 2.0), (6.0, 6.0))];
    assert_eq!(seen(&check(&crossing, 9))[0], "overlap in a and b at 4 2");
    let inside = [
        rectangle("a", (0.0, 0.0), (1024.0, 1024.0)),
        rectangle("b", (256.0, 256.0), (512.0, 512.0)),
    ];
    let found = check(&inside, 9);
    assert_eq!((found.total, found.listed[0].kind.key()), (1, "overlap"));
    let level = [rectangle("a", (0.0, 0.0), (2.0, 1.0)), rectangle("b", (1.0, 0.0), (3.0, 1.0))];
    assert_eq!(check(&level, 9).total, 1, "sides along each other");
    let same = [rectangle("a", (0.0, 0.0), (2.0, 1.0)), rectangle("b", (0.0, 0.0), (2.0, 1.0))];
    assert_eq!(check(&same, 9).total, 1);
}

#[test]
fn a_gap_between_regions_has_an_area() {
    let regions = [
        rectangle("south", (0.0, 0.0), (9.0, 3.0)),
        rectangle("north", (0.0, 6.0), (9.0, 9.0)),
        region("west", &[&[&[(0.0, 3.0), (4.0, 3.0), (4.0, 6.0), (0.0, 6.0), (0.0, 3.0)]]]),
        region("east", &[&[&[(5.0, 3.0), (9.0, 3.0), (9.0, 6.0), (5.0, 6.0), (5.0, 3.0)]]]),
    ];
    // The corners of the gap are not corners of south and north.
    let found = check(&regions, 9);
    assert_eq!(format!("{:?}", found.listed[0].kind), "Gap { area: 3.0 }");
    assert_eq!(found.total, 1);
    let south = region(
        "south",
        &[&[&[(0.0, 0.0), (9.0, 0.0), (9.0, 3.0), (5.0, 3.0), (4.0, 3.0), (0.0, 3.0), (0.0, 0.0)]]],
    );
    let north = region(
        "north",
        &[&[&[(0.0, 6.0), (4.0, 6.0), (5.0, 6.0), (9.0, 6.0), (9.0, 9.0), (0.0, 9.0), (0.0, 6.0)]]],
    );
    let [_, _, west, east] = regions;
    let found = check(&[south, north, west, east], 9);
    assert_eq!(format!("{:?}", found.listed[0].kind), "Gap { area: 3.0 }");
    assert_eq!(found.total, 1);
}

/// As when each outline was simplified alone.
#[test]
fn borders_that_wind_round_each_other_leave_gaps_and_overlaps() {
    let west = region(
        "west",
        &[&[&[
            (0.0, 0.0),
            (10.0, 0.0),
            (12.0, 3.0),
            (8.0, 9.0),
            (10.0, 12.0),
            (0.0, 12.0),
            (0.0, 0.0),
        ]]],
    );
    let east =
        region("east", &[&[&[(20.0, 0.0), (20.0, 12.0), (10.0, 12.0), (10.0, 0.0), (20.0, 0.0)]]]);
    let found = check(&[west, east], 9);
    assert_eq!(seen(&found)[0], "overlap in west and east at 10 6");
    assert_eq!(format!("{:?}", found.listed[1].kind), "Gap { area: 6.0 }");
    assert_eq!(found.total, 2);
}

#[test]
fn codes_rings_and_numbers_are_looked_at() {
    let flat = region("0301", &[&[&[(0.0, 0.0), (4.0, 4.0), (0.0, 0.0)]]]);
    let broken = region(
        "0301",
        &[
            &[&[(1.0, 1.0), (f64::NAN, 0.0), (8.0, 8.0), (1.0, 1.0)]],
            &[&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (0.0, 0.0)]],
        ],
    );
    let mut regions = [flat, broken, region("empty", &[])];
    let expected = ["too_few_points in 0301 at 0 0", "self_intersection in 0301 at 0 0"];
    let found = seen(&check(&regions, 9));
    assert_eq!(found[0], expected[0]);
    assert_eq!(
        found[1..4],
        ["duplicate_code in 0301 at -", "not_finite in 0301 at 1 1", "no_shape in empty at -"]
    );
    assert_eq!(found[4..], expected[1..]);
    assert_eq!(check(&regions, 2).listed.len(), 2, "no more than asked for");
    assert_eq!(check(&regions, 2).total, 5, "and all counted");
    let mended = repair(&mut regions, 9);
    assert_eq!(
        seen(&mended),
        ["too_few_points in 0301 at 0 0, mended", "not_finite in 0301 at 1 1, mended"]
    );
    assert_eq!(regions[1].shape.0.len(), 1);
    let outline = regions[1].shape.0[0].exterior();
    assert_eq!(outline.0[1], Coord { x: 9.0, y: 9.0 }, "wound against the clock");
    assert_eq!(RegionIndex::build(&regions).locate(Coord { x: 1.0, y: 4.0 }), Some(1));
}

#[test]
fn an_open_ring_is_closed_and_said() {
    let mut ring =
        vec![Coord { x: 0.0, y: 0.0 }, Coord { x: 1.0, y: 0.0 }, Coord { x: 1.0, y: 1.0 }];
    assert!(close_ring(&mut ring));
    assert_eq!(ring.len(), 4);
    assert!(!close_ring(&mut ring));
    assert!(!close_ring(&mut Vec::new()));
}
