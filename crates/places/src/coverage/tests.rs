//! Tilings made up for the purpose: whatever goes in, no gap, no overlap and no crossing comes out.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use super::point::{Point, place_in_ring, turn};
use super::{Grid, Named, Tolerance, Topology};
use crate::Region;

/// One unit is one cell, so that what is expected can be written down.
const GRID: fn() -> Grid = || Grid::of_units(1);

fn ring(points: &[(i32, i32)]) -> LineString<f64> {
    let mut ring: Vec<Coord<f64>> =
        points.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
    ring.push(ring[0]);
    LineString(ring)
}

fn region(code: &str, polygons: Vec<Polygon<f64>>) -> Region {
    Region { code: code.to_owned(), name: String::new(), shape: MultiPolygon(polygons) }
}

fn square(code: &str, x: i32, y: i32, side: i32) -> Region {
    let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)];
    region(code, vec![Polygon::new(ring(&corners), vec![])])
}

/// Twice the area of each region, and how many parts and holes it has.
fn measures(topology: &Topology) -> Vec<(i128, usize, usize)> {
    let area = |steps: &Vec<super::Step>| super::ring_area(&topology.ring(steps));
    let measure = |parts: Vec<super::Part>| {
        let holes: usize = parts.iter().map(|part| part.holes.len()).sum();
        let whole = parts.iter().flat_map(|part| std::iter::once(&part.outer).chain(&part.holes));
        (whole.map(area).sum(), parts.len(), holes)
    };
    topology.parts().into_iter().map(measure).collect()
}

/// What breaks the promise of a tiling: edges that meet elsewhere than at their ends.
fn crossings(topology: &Topology) -> Vec<String> {
    let edges: Vec<(Point, Point)> = topology
        .arcs()
        .iter()
        .flat_map(|arc| arc.points.windows(2).map(|pair| (pair[0], pair[1])))
        .collect();
    let mut found = Vec::new();
    for (place, (a, b)) in edges.iter().enumerate() {
        for (c, d) in &edges[place + 1..] {
            let is_on = |from: &Point, to: &Point, point: &Point| {
                turn(*from, *to, *point) == 0
                    && from.x.min(to.x) <= point.x
                    && point.x <= from.x.max(to.x)
                    && from.y.min(to.y) <= point.y
                    && point.y <= from.y.max(to.y)
                    && point != from
                    && point != to
            };
            let touches = is_on(a, b, c) || is_on(a, b, d) || is_on(c, d, a) || is_on(c, d, b);
            let crosses = turn(*a, *b, *c).signum() * turn(*a, *b, *d).signum() < 0
                && turn(*c, *d, *a).signum() * turn(*c, *d, *b).signum() < 0;
            let is_same = (a.min(b), a.max(b)) == (c.min(d), c.max(d));
            if touches || crosses || is_same {
                found.push(format!("{a:?} {b:?} meets {c:?} {d:?}"));
            }
        }
    }
    found
}

/// The regions that a point lies inside of, by the rings that come out.
fn owners(topology: &Topology, point: Point) -> Vec<usize> {
    let parts = topology.parts();
    let is_in = |part: &super::Part| {
        place_in_ring(point, &topology.ring(&part.outer)).is_gt()
            && !part.holes.iter().any(|hole| place_in_ring(point, &topology.ring(hole)).is_ge())
    };
    (0..parts.len()).filter(|region| parts[*region].iter().any(is_in)).collect()
}

fn check(topology: &Topology, regions: usize) {
    assert_eq!(crossings(topology), Vec::<String>::new());
    let measures = measures(topology);
    assert_eq!(measures.len(), regions);
    for (area, _, _) in &measures {
        assert!(*area > 0, "a region was lost: {measures:?}");
    }
    for steps in topology.parts().iter().flatten().map(|part| &part.outer) {
        assert!(topology.ring(steps).len() >= 3, "a ring has four points with the closing one");
    }
}

#[test]
fn neighbours_share_one_arc_wherever_their_rings_begin() {
    let left = square("A", 0, 0, 10);
    let turned = [(20, 10), (10, 10), (10, 0), (20, 0)];
    let right = region("B", vec![Polygon::new(ring(&turned), vec![])]);
    let topology = Topology::of(&[left, right], GRID());
    assert_eq!(topology.arcs().len(), 3, "one between them, and a coast for each");
    let shared: Vec<_> =
        topology.arcs().iter().filter(|arc| arc.left.is_some() && arc.right.is_some()).collect();
    assert_eq!(shared[0].points, [Point { x: 10, y: 0 }, Point { x: 10, y: 10 }]);
    assert_eq!(measures(&topology), [(200, 1, 0), (200, 1, 0)]);
}

#[test]
fn a_hair_between_two_drawings_of_a_border_closes() {
    let left = square("A", 0, 0, 10);
    let near = [(11, 0), (20, 0), (20, 10), (10, 11)];
    let right = region("B", vec![Polygon::new(ring(&near), vec![])]);
    let topology = Topology::of(&[left, right], GRID());
    assert_eq!(topology.arcs().len(), 3);
    check(&topology, 2);
}

#[test]
fn a_border_with_a_point_that_only_one_side_has_is_shared_all_the_same() {
    let left = square("A", 0, 0, 10);
    let right = [(10, 0), (20, 0), (20, 10), (10, 10), (10, 4)];
    let topology =
        Topology::of(&[left, region("B", vec![Polygon::new(ring(&right), vec![])])], GRID());
    assert_eq!(topology.arcs().len(), 3);
    assert_eq!(measures(&topology), [(200, 1, 0), (200, 1, 0)]);
}

#[test]
fn a_ring_that_crosses_itself_keeps_what_it_goes_around() {
    // Two lobes, the smaller one walked the wrong way around.
    let bow = [(0, 0), (30, 20), (30, 0), (0, 20)];
    let topology = Topology::of(&[region("A", vec![Polygon::new(ring(&bow), vec![])])], GRID());
    check(&topology, 1);
}

#[test]
fn where_two_regions_overlap_the_first_has_the_place() {
    let topology = Topology::of(&[square("A", 0, 0, 10), square("B", 5, 0, 10)], GRID());
    assert_eq!(measures(&topology), [(200, 1, 0), (100, 1, 0)]);
    let topology = Topology::of(&[square("A", 0, 0, 10), square("B", 2, 2, 2)], GRID());
    assert_eq!(
        topology.shapeless(),
        1,
        "one that is covered wholly has no shape, and that is said"
    );
}

#[test]
fn enclaves_lakes_and_islands_in_lakes_are_holes_and_parts() {
    let hole = |x, y, side| ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)]);
    let around = Polygon::new(hole(0, 0, 100), vec![hole(10, 10, 20), hole(40, 40, 50)]);
    // An island in the lake belongs to the region around it.
    let island = Polygon::new(hole(60, 60, 10), vec![]);
    let topology =
        Topology::of(&[region("A", vec![around, island]), square("B", 10, 10, 20)], GRID());
    assert_eq!(measures(&topology), [(2 * (10_000 - 400 - 2_500 + 100), 2, 2), (800, 1, 0)]);
    assert_eq!(owners(&topology, Point { x: 15, y: 15 }), [1]);
    assert_eq!(owners(&topology, Point { x: 50, y: 50 }), Vec::<usize>::new());
    assert_eq!(owners(&topology, Point { x: 65, y: 65 }), [0]);
}

#[test]
fn regions_that_touch_in_a_point_stay_apart() {
    let topology = Topology::of(&[square("A", 0, 0, 10), square("B", 10, 10, 10)], GRID());
    assert_eq!(measures(&topology), [(200, 1, 0), (200, 1, 0)]);
    // One region whose two parts touch: two rings, neither of which visits a point twice.
    let parts = [square("A", 0, 0, 10), square("A", 10, 10, 10)].map(|part| part.shape.0).concat();
    assert_eq!(measures(&Topology::of(&[region("A", parts)], GRID())), [(400, 2, 0)]);
}

#[test]
fn the_smallest_island_of_all_stays_when_it_is_all_there_is() {
    let regions = [square("A", 0, 0, 1000), square("B", 2000, 0, 2), square("C", 10, 10, 2)];
    let mut land = square("A", 0, 0, 1000);
    land.shape.0.extend(square("A", 3000, 0, 5).shape.0);
    let topology =
        Topology::of(&[land, regions[1].clone()], GRID()).simplify(Tolerance::length(500.0));
    check(&topology, 2);
    assert_eq!(measures(&topology).iter().map(|measure| measure.1).collect::<Vec<_>>(), [1, 1]);
    // Nor does a grid of ten kilometres close it.
    check(&topology.on_grid(Grid::of_units(10_000)), 2);
}

#[test]
fn an_enclave_goes_only_where_its_region_has_more() {
    let hole = ring(&[(10, 10), (14, 10), (14, 14), (10, 14)]);
    let around = Polygon::new(ring(&[(0, 0), (100, 0), (100, 100), (0, 100)]), vec![hole]);
    let mut other = square("B", 10, 10, 4);
    let alone = Topology::of(&[region("A", vec![around.clone()]), other.clone()], GRID());
    assert_eq!(measures(&alone.simplify(Tolerance::length(5.0)))[1].1, 1);
    other.shape.0.extend(square("B", 200, 0, 90).shape.0);
    let elsewhere = Topology::of(&[region("A", vec![around]), other], GRID());
    let simple = elsewhere.simplify(Tolerance::length(5.0));
    assert_eq!(measures(&simple), [(20_000, 1, 0), (16_200, 1, 0)], "the hole closes with it");
}

#[test]
fn two_arcs_between_the_same_ends_do_not_fall_together() {
    // B is a thin lens on A's coast: both its arcs would like to be the same straight line.
    let land = [(0, 0), (100, 0), (100, 50), (50, 53), (0, 50)];
    let lens = [(0, 50), (50, 53), (100, 50), (50, 55)];
    let topology = Topology::of(
        &["A", "B"].map(|code| {
            let points = if code == "A" { &land[..] } else { &lens[..] };
            region(code, vec![Polygon::new(ring(points), vec![])])
        }),
        GRID(),
    );
    check(&topology.simplify(Tolerance::length(1e6)), 2);
}

#[test]
fn counties_are_the_municipalities_without_the_borders_inside() {
    let regions = [square("0101", 0, 0, 10), square("0102", 10, 0, 10), square("0201", 20, 0, 10)];
    let topology = Topology::of(&regions, GRID());
    let county = |code: &str| code[..2].to_owned();
    let counties =
        topology.dissolve(|region| Named { code: county(&region.code), name: String::new() });
    assert_eq!(measures(&counties), [(400, 1, 0), (200, 1, 0)]);
    let inner: Vec<_> =
        topology.outlines(county).into_iter().filter(|outline| !outline.is_outer).collect();
    assert_eq!(inner.len(), 1);
    assert_eq!(topology.line(inner[0].arc)[0].x, 20.0);
}

#[test]
fn nothing_comes_of_nothing() {
    let empty = Topology::of(&[], GRID());
    assert!(empty.simplify(Tolerance::length(1.0)).to_regions().is_empty());
    let flat = region("A", vec![Polygon::new(ring(&[(0, 0), (10, 0)]), vec![])]);
    let topology = Topology::of(&[flat, region("B", vec![])], GRID());
    assert_eq!((topology.shapeless(), topology.arcs().len()), (2, 0));
}

/// A made tiling: jittered squares, each of a region or the sea.
#[derive(Debug, Clone)]
struct Tiling {
    size: usize,
    owners: Vec<Option<usize>>,
    jitter: Vec<(i32, i32)>,
}

const REGIONS: usize = 4;

fn tilings() -> impl Strategy<Value = Tiling> {
    (2_usize..7).prop_flat_map(|size| {
        let owners =
            proptest::collection::vec(proptest::option::weighted(0.8, 0..REGIONS), size * size);
        let jitter = proptest::collection::vec((-12..13, -12..13), (2 * size + 1) * (2 * size + 1));
        (owners, jitter).prop_map(move |(owners, jitter)| Tiling { size, owners, jitter })
    })
}

impl Tiling {
    /// Corners stand at even places; between two corners is one more point.
    fn point(&self, column: usize, row: usize) -> (i32, i32) {
        let (x, y) = self.jitter[row * (2 * self.size + 1) + column];
        (50 * column as i32 + x, 50 * row as i32 + y)
    }

    fn cell(&self, place: usize) -> Polygon<f64> {
        let (column, row) = (2 * (place % self.size), 2 * (place / self.size));
        let around = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        let mut points: Vec<(i32, i32)> =
            around.iter().map(|(right, up)| self.point(column + right, row + up)).collect();
        // Rings begin anywhere and run either way.
        points.rotate_left(place % 8);
        if place.is_multiple_of(3) {
            points.reverse();
        }
        Polygon::new(ring(&points), vec![])
    }

    /// The regions that have a cell, a polygon for each cell.
    fn regions(&self) -> Vec<Region> {
        let of = |region: usize| {
            let cells = (0..self.owners.len()).filter(|place| self.owners[*place] == Some(region));
            self::region(&region.to_string(), cells.map(|place| self.cell(place)).collect())
        };
        (0..REGIONS).map(of).filter(|region| !region.shape.0.is_empty()).collect()
    }
}

/// Twice the area of what was put in.
fn area_of(region: &Region) -> i128 {
    let ring_area = |polygon: &Polygon<f64>| {
        let points: Vec<Point> =
            polygon.exterior().coords().map(|coordinate| GRID().point(*coordinate)).collect();
        super::ring_area(&points).abs()
    };
    region.shape.iter().map(ring_area).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_tiling_keeps_every_area_to_the_last_cell(tiling in tilings()) {
        let regions = tiling.regions();
        let topology = Topology::of(&regions, GRID());
        prop_assert_eq!(crossings(&topology), Vec::<String>::new());
        let found: Vec<i128> = measures(&topology).iter().map(|measure| measure.0).collect();
        prop_assert_eq!(found, regions.iter().map(area_of).collect::<Vec<_>>());
        // What comes out goes in again and is the same, whole rings instead of cells.
        prop_assert_eq!(Topology::of(&topology.to_regions(), GRID()), topology);
    }

    #[test]
    fn nothing_crosses_and_nobody_is_lost_however_little_is_left(
        tiling in tilings(),
        length in prop_oneof![1.0..100.0, Just(1e5)],
    ) {
        let regions = tiling.regions();
        let simple = Topology::of(&regions, GRID()).simplify(Tolerance::length(length));
        check(&simple, regions.len());
        for x in 0..10 {
            for y in 0..10 {
                let owners = owners(&simple, Point { x: 61 * x, y: 67 * y });
                prop_assert!(owners.len() <= 1, "{:?}", owners);
            }
        }
    }

    #[test]
    fn a_coarse_grid_keeps_a_tiling(tiling in tilings(), cell in 2_u32..400) {
        let regions = tiling.regions();
        let coarse = Topology::of(&regions, GRID()).on_grid(Grid::of_units(cell));
        check(&coarse, regions.len());
        check(&coarse.simplify(Tolerance::length(f64::from(cell) * 2.0)), regions.len());
    }

    #[test]
    fn whatever_is_thrown_together_becomes_a_tiling(
        rings in proptest::collection::vec(
            proptest::collection::vec((0..200_i32, 0..200_i32), 3..9), 1..7),
    ) {
        let regions: Vec<Region> = rings.iter().zip(["A", "B", "C", "D", "E", "F"])
            .map(|(points, code)| region(code, vec![Polygon::new(ring(points), vec![])])).collect();
        let topology = Topology::of(&regions, GRID());
        prop_assert_eq!(crossings(&topology), Vec::<String>::new());
        prop_assert_eq!(crossings(&topology.simplify(Tolerance::length(20.0))), Vec::<String>::new());
        for x in 0..10 {
            for y in 0..10 {
                let owners = owners(&topology, Point { x: 20 * x + 3, y: 20 * y + 7 });
                prop_assert!(owners.len() <= 1, "{:?}", owners);
            }
        }
    }
}
