//! Nearest, box and many points against every edge of every region.

use geo_types::{Coord, Rect, coord};
use places::{Region, RegionIndex};
use proptest::prelude::*;

use crate::model::{self, region, sheet};

fn nearest(regions: &[Region], point: Coord<f64>) -> Option<(usize, f64)> {
    let lines = |region: &Region| -> Vec<geo_types::Line<f64>> {
        let polygons = region.shape.iter();
        let rings = polygons
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        rings.flat_map(|ring| ring.lines()).collect()
    };
    let far = |line: geo_types::Line<f64>| {
        let (along, apart) = (line.end - line.start, point - line.start);
        let share =
            (apart.x * along.x + apart.y * along.y) / (along.x * along.x + along.y * along.y);
        let foot = line.start + along * share.clamp(0.0, 1.0);
        (point.x - foot.x).hypot(point.y - foot.y)
    };
    let outside = regions
        .iter()
        .enumerate()
        .flat_map(|(place, region)| lines(region).into_iter().map(move |line| (place, far(line))));
    match model::locate(regions, point) {
        Some(place) => Some((place, 0.0)),
        None => outside.min_by(|one, other| one.1.total_cmp(&other.1)),
    }
}

#[test]
fn nearest_of_two_islands_and_of_none() {
    let islands = [
        region("west", &[&[&[(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]]]),
        region("east", &[&[&[(10.0, 0.0), (11.0, 0.0), (10.0, 1.0), (10.0, 0.0)]]]),
    ];
    let index = RegionIndex::build(&islands);
    assert_eq!(index.nearest(coord! { x: 3.0, y: 0.0 }), Some((0, 2.0)));
    assert_eq!(index.nearest(coord! { x: 5.5, y: 0.0 }), Some((0, 4.5)), "the first of two");
    assert_eq!(index.nearest(coord! { x: 1e6, y: 0.0 }), Some((1, 1e6 - 11.0)));
    assert_eq!(index.nearest(coord! { x: 0.25, y: 0.25 }), Some((0, 0.0)));
    assert_eq!(index.nearest(coord! { x: f64::NAN, y: 0.0 }), None);
    assert_eq!(RegionIndex::build(&[]).nearest(coord! { x: 0.0, y: 0.0 }), None);
}

#[test]
fn a_box_meets_what_holds_it_what_it_holds_and_what_it_touches() {
    let regions = [
        region("large", &[&[&[(0.0, 0.0), (90.0, 0.0), (90.0, 90.0), (0.0, 90.0), (0.0, 0.0)]]]),
        region("small", &[&[&[(5.0, 5.0), (6.0, 5.0), (5.0, 6.0), (5.0, 5.0)]]]),
    ];
    let index = RegionIndex::build(&regions);
    let within = |from: (f64, f64), to: (f64, f64)| index.within(Rect::new(from, to));
    assert_eq!(within((4.0, 4.0), (7.0, 7.0)), [0, 1]);
    assert_eq!(within((50.0, 50.0), (51.0, 51.0)), [0]);
    assert_eq!(within((5.75, 5.75), (7.0, 7.0)), [0], "past the slanted side");
    assert_eq!(within((6.0, 5.0), (7.0, 6.0)), [0, 1], "touches a corner");
    assert_eq!(within((-2.0, -2.0), (0.0, 0.0)), [0]);
    assert_eq!(within((-2.0, -2.0), (-1.0, 99.0)), [0_usize; 0]);
    assert_eq!(within((-2.0, -2.0), (99.0, 99.0)), [0, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nearest_agrees_with_the_model(sheet in sheet(), x in -90_i32..180, y in -90_i32..180) {
        let mut regions = sheet.in_cells();
        regions.remove(0);
        let index = RegionIndex::build(&regions);
        let point = Coord { x: f64::from(x) / 2.0, y: f64::from(y) / 2.0 };
        match (index.nearest(point), nearest(&regions, point)) {
            (Some((_, found)), Some((_, expected))) => prop_assert!((found - expected).abs() < 1e-9),
            (found, expected) => prop_assert_eq!(found, expected),
        }
    }

    /// More points than are looked up one by one, on one thread and on three.
    #[test]
    fn many_points_are_as_each_point(one in sheet(), other in sheet()) {
        let mut regions = one.in_outlines();
        regions.extend(other.in_cells());
        let index = RegionIndex::build(&regions);
        let mut points = one.points();
        points.extend(other.points());
        points.push(Coord { x: f64::NAN, y: 1.0 });
        let expected: Vec<Option<u32>> =
            points.iter().map(|&point| index.locate(point).map(|place| place as u32)).collect();
        prop_assert_eq!(&index.locate_many(&points, 1), &expected);
        prop_assert_eq!(&index.locate_many(&points, 3), &expected);
    }

    #[test]
    fn all_regions_at_a_point_agree_with_the_model(one in sheet(), other in sheet()) {
        let mut regions = one.in_outlines();
        regions.extend(other.in_cells());
        let index = RegionIndex::build(&regions);
        for point in other.points() {
            let held = model::holders(&regions, point);
            let expected = if held.is_empty() { Vec::from_iter(model::locate(&regions, point)) } else { held };
            prop_assert_eq!(index.locate_all(point), expected);
        }
    }
}
