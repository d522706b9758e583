//! Shared borders of real files: as many regions out as in, and nothing crosses, however coarse.

use geo_types::MultiPolygon;
use layers::OpenOptions;
use layers::boundaries::move_to_utm33;
use layers::regions::{Choice, read};
use layers::tile::{Pyramid, TileId};
use places::Region;
use places::coverage::{Grid, Part, Tolerance, Topology};
use places::crs::Crs;

/// Files under `real/geo`, and how many regions each has.
const FILES: [(&str, usize); 9] = [
    ("2024/kommuner-m.geojson", 357),
    ("2024/kommuner-s.geojson", 357),
    ("2024/fylker-s.geojson", 15),
    // Somebody's simplification had lost two of 356; the rest must stay.
    ("2020/kommuner-small.geojson", 354),
    ("vestland-land.geojson", 43),
    ("telemark-kommuner-wgs84.geojson", 17),
    ("ssb-no-maps-2024/norge-fylkesinndelt.geo.json", 15),
    ("ssb-no-maps-2024/no-fylke-18.geo.json", 41),
    ("grunnkretser/bamble-4012.geojson", 25),
];

/// Half a centimetre: points a centimetre apart are not taken for one.
fn fine() -> Grid {
    Grid::of_parts(1.0, 200.0)
}

fn regions(file: &str) -> Option<Vec<Region>> {
    let path = testkit::shared()?.join("real/geo").join(file);
    let reader = layers::open(&path, &OpenOptions::default()).expect("the file can be read");
    let system = reader.header().crs;
    let (mut regions, _) = read(reader, &Choice::default()).expect("the file can be read");
    for region in &mut regions {
        move_to_utm33(region, system).expect("Norway is within reach");
    }
    Some(regions)
}

/// Square metres of each region, from the rings that come out.
fn areas(topology: &Topology) -> Vec<f64> {
    let ring_area = |ring: &geo_types::LineString<f64>| {
        let base = ring.0[0];
        ring.lines()
            .map(|line| {
                (line.start.x - base.x) * (line.end.y - base.y)
                    - (line.end.x - base.x) * (line.start.y - base.y)
            })
            .sum::<f64>()
            / 2.0
    };
    let area = |shape: MultiPolygon<f64>| {
        let rings =
            shape.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        // Holes run the other way, and count as less than nothing.
        rings.map(ring_area).sum()
    };
    topology.to_regions().into_iter().map(|region| area(region.shape)).collect()
}

/// Cuts what came out anew: an overlap or a crossing would make the areas other ones.
fn check(name: &str, topology: &Topology, count: usize) {
    let found = areas(topology);
    assert_eq!(found.len(), count, "{name}");
    assert!(found.iter().all(|area| *area > 0.0), "{name}: a region was lost");
    let again = Topology::of(&topology.to_regions(), fine());
    assert_eq!(again.shapeless(), 0, "{name}");
    for (region, (before, after)) in topology.regions().iter().zip(found.iter().zip(areas(&again)))
    {
        assert!((before - after).abs() < 1e-3, "{name} {}: {before} m² are {after}", region.code);
    }
    let points = |part: &Part| topology.ring(&part.outer).len();
    let fewest = topology.parts().iter().flatten().map(points).min();
    assert!(fewest >= Some(3), "{name}: a ring of {fewest:?} points");
}

#[test]
fn as_many_regions_come_out_as_went_in_at_every_tolerance() {
    for (file, count) in FILES {
        let Some(regions) = regions(file) else { return };
        assert_eq!(regions.len(), count, "{file}");
        let whole = Topology::of(&regions, Grid::CENTIMETRES);
        check(file, &whole, count);
        for length in [20.0, 200.0, 1_000.0, 5_000.0, 1e6] {
            check(
                &format!("{file} at {length} m"),
                &whole.simplify(Tolerance::length(length)),
                count,
            );
        }
        for cell in [10, 100, 2_000] {
            let coarse = whole.on_grid(Grid::of_units(cell));
            check(&format!("{file} on {cell} m"), &coarse, count);
            let simple = coarse.simplify(Tolerance::length(10.0 * f64::from(cell)));
            check(&format!("{file} on {cell} m, simplified"), &simple, count);
        }
    }
}

#[test]
fn names_and_codes_are_those_of_the_file() {
    let Some(regions) = regions("2024/kommuner-s.geojson") else { return };
    let simple = Topology::of(&regions, Grid::CENTIMETRES).simplify(Tolerance::length(2_000.0));
    let named = |regions: &[Region]| -> Vec<(String, String)> {
        regions.iter().map(|region| (region.code.clone(), region.name.clone())).collect()
    };
    assert_eq!(named(&simple.to_regions()), named(&regions));
}

#[test]
fn every_region_is_in_a_tile_at_every_zoom() {
    let Some(regions) = regions("2024/kommuner-s.geojson") else { return };
    let whole = Topology::of(&regions, Grid::CENTIMETRES);
    let pyramid = Pyramid::new("municipalities", whole, Crs::Utm33);
    // All of Norway is in few tiles far out; each code stands in one of them.
    for (zoom, columns, rows) in [(0, 0..1, 0..1), (2, 2..3, 0..2), (5, 15..20, 5..11)] {
        let mut found = std::collections::BTreeSet::new();
        for column in columns {
            for row in rows.clone() {
                let tile = TileId::new(zoom, column, row).expect("there is such a tile");
                let bytes = pyramid.tile(tile).unwrap_or_default();
                // Texts stand in a tile as they are: a value of four bytes.
                found.extend(
                    regions
                        .iter()
                        .filter(|region| {
                            let value = [b"\x22\x06\x0a\x04", region.code.as_bytes()].concat();
                            bytes.windows(value.len()).any(|window| window == value)
                        })
                        .map(|region| region.code.clone()),
                );
            }
        }
        assert_eq!(found.len(), 357, "zoom {zoom}");
    }
}

#[test]
fn a_tile_that_is_not_there_has_no_number() {
    for (zoom, column, row) in [(17, 0, 0), (255, 0, 0), (0, 1, 0), (3, 0, 8), (16, u32::MAX, 0)] {
        assert_eq!(TileId::new(zoom, column, row), None);
    }
    assert!(TileId::new(16, 65_535, 65_535).is_some());
}
