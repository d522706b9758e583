//! TopoJSON: regions as rings of shared arcs, so that a border travels once.
//!
//! Positions are whole numbers of grid cells, each the way from the one before, in the
//! layer's own system with y north. The object `regions` holds the regions; `counties`
//! holds the borders between groups of them and `coast` those that nobody shares, as
//! lines over the same arcs.

use places::coverage::{Outline, Part, Point, Step, Topology};
use serde::Serialize;

/// A whole TopoJSON document.
#[derive(Debug, Serialize)]
pub struct Document<'topology> {
    r#type: &'static str,
    crs: System,
    bbox: [f64; 4],
    transform: Transform,
    objects: Objects<'topology>,
    arcs: Vec<Vec<[i64; 2]>>,
}

/// Old GeoJSON's way to name a system; TopoJSON readers ignore it.
#[derive(Debug, Serialize)]
struct System {
    r#type: &'static str,
    properties: SystemName,
}

#[derive(Debug, Serialize)]
struct SystemName {
    name: String,
}

#[derive(Debug, Serialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Debug, Serialize)]
struct Objects<'topology> {
    regions: Collection<'topology>,
    counties: Lines,
    coast: Lines,
}

#[derive(Debug, Serialize)]
struct Collection<'topology> {
    r#type: &'static str,
    geometries: Vec<Shape<'topology>>,
}

#[derive(Debug, Serialize)]
struct Shape<'topology> {
    r#type: &'static str,
    id: &'topology str,
    properties: Properties<'topology>,
    arcs: Vec<Vec<Vec<i64>>>,
}

#[derive(Debug, Serialize)]
struct Properties<'topology> {
    code: &'topology str,
    name: &'topology str,
}

#[derive(Debug, Serialize)]
struct Lines {
    r#type: &'static str,
    arcs: Vec<Vec<i64>>,
}

/// Describes a topology in the system with this EPSG number; `group` is a region's county.
pub fn document<'topology, G: PartialEq>(
    topology: &'topology Topology,
    epsg: u32,
    group: impl Fn(&'topology str) -> G,
) -> Document<'topology> {
    let least = corner(topology, i32::min);
    let greatest = corner(topology, i32::max);
    let grid = topology.grid();
    let (from, to) = (grid.coordinate(least), grid.coordinate(greatest));
    let outlines = topology.outlines(group);
    Document {
        r#type: "Topology",
        crs: System {
            r#type: "name",
            properties: SystemName { name: format!("urn:ogc:def:crs:EPSG::{epsg}") },
        },
        bbox: [from.x, from.y, to.x, to.y],
        transform: Transform { scale: [grid.cell(); 2], translate: [from.x, from.y] },
        objects: Objects {
            regions: Collection { r#type: "GeometryCollection", geometries: shapes(topology) },
            counties: lines(&outlines, |outline| !outline.is_outer),
            coast: lines(&outlines, |outline| outline.is_outer),
        },
        arcs: topology.arcs().iter().map(|arc| deltas(&arc.points, least)).collect(),
    }
}

fn corner(topology: &Topology, pick: fn(i32, i32) -> i32) -> Point {
    let points = topology.arcs().iter().flat_map(|arc| arc.points.iter().copied());
    let picked =
        points.reduce(|one, other| Point { x: pick(one.x, other.x), y: pick(one.y, other.y) });
    picked.unwrap_or(Point { x: 0, y: 0 })
}

fn shapes(topology: &Topology) -> Vec<Shape<'_>> {
    let named = topology.regions().iter().zip(topology.parts());
    named
        .map(|(named, parts)| Shape {
            r#type: "MultiPolygon",
            id: &named.code,
            properties: Properties { code: &named.code, name: &named.name },
            arcs: parts.iter().map(rings).collect(),
        })
        .collect()
}

fn rings(part: &Part) -> Vec<Vec<i64>> {
    std::iter::once(&part.outer)
        .chain(&part.holes)
        .map(|ring| ring.iter().map(|step| reference(*step)).collect())
        .collect()
}

/// An arc's position; its complement when the arc is walked backwards.
fn reference(step: Step) -> i64 {
    let position = i64::from(step.arc);
    if step.is_reversed { !position } else { position }
}

fn lines(outlines: &[Outline], is_wanted: impl Fn(&Outline) -> bool) -> Lines {
    let wanted = outlines.iter().filter(|outline| is_wanted(outline));
    Lines {
        r#type: "MultiLineString",
        arcs: wanted.map(|outline| vec![outline.arc as i64]).collect(),
    }
}

fn deltas(points: &[Point], start: Point) -> Vec<[i64; 2]> {
    let mut before = start;
    let delta = |point: &Point| {
        let way =
            [i64::from(point.x) - i64::from(before.x), i64::from(point.y) - i64::from(before.y)];
        before = *point;
        way
    };
    points.iter().map(delta).collect()
}
