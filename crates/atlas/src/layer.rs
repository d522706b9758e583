use std::sync::OnceLock;

use geo_types::Coord;
use places::crs::{Crs, transformed};
use places::{Region, RegionIndex};

/// What is said of a layer beside its shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerCard {
    /// `municipalities`, `grunnkretser`, or the name it was imported under.
    pub id: String,
    /// Who made it.
    pub publisher: String,
    /// Licence.
    pub licence: String,
    /// ISO date of the data.
    pub date: String,
    /// Version of the extract: twelve hex digits.
    pub version: Option<String>,
    /// How exact its borders are.
    pub precision: Precision,
}

/// How exact the borders of a layer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// As its publisher gives them.
    Full,
    /// Simplified; a point may lie on the other side so many metres from a border.
    SimplifiedM(u32),
}

/// A layer that can be asked which region a point lies in.
#[derive(Debug)]
pub struct Layer {
    /// What is said of it.
    pub card: LayerCard,
    crs: Crs,
    names: Vec<(String, String)>,
    index: RegionIndex,
    /// The same in metres, for distances, where the layer is in degrees.
    metric: OnceLock<RegionIndex>,
    regions: Vec<Region>,
}

/// Where a point lies in a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Located<'a> {
    /// In this region.
    In(&'a str, &'a str),
    /// In none; the nearest and how far its border is.
    Nearest {
        /// Its code.
        code: &'a str,
        /// Its name.
        name: &'a str,
        /// Metres to its border.
        distance_m: f64,
    },
    /// In none, and there is nothing near.
    Nowhere,
}

impl Layer {
    /// Indexes the regions of a layer.
    pub fn new(card: LayerCard, crs: Crs, regions: Vec<Region>) -> Layer {
        let index = RegionIndex::build(&regions);
        let names = regions.iter().map(|one| (one.code.clone(), one.name.clone())).collect();
        // Metres need no second index, and then nobody needs the shapes again.
        let regions = if crs.is_geographic() { regions } else { Vec::new() };
        Layer { card, crs, names, index, metric: OnceLock::new(), regions }
    }

    /// System of its coordinates.
    pub fn crs(&self) -> Crs {
        self.crs
    }

    /// How many regions it has.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether it has no region.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Code and name of a region.
    pub fn region(&self, at: usize) -> (&str, &str) {
        let (code, name) = &self.names[at];
        (code, name)
    }

    /// Where a point in the layer's own system lies.
    pub fn locate(&self, point: Coord<f64>) -> Located<'_> {
        if let Some(at) = self.index.locate(point) {
            let (code, name) = self.region(at);
            return Located::In(code, name);
        }
        let nearest = match self.crs.is_geographic() {
            true => transformed(self.crs, Crs::Utm33, point)
                .and_then(|moved| self.metric().nearest(moved)),
            false => self.index.nearest(point),
        };
        nearest.map_or(Located::Nowhere, |(at, distance_m)| {
            let (code, name) = self.region(at);
            Located::Nearest { code, name, distance_m }
        })
    }

    /// The region of each point in the layer's own system, on so many threads.
    pub fn locate_many(&self, points: &[Coord<f64>], threads: usize) -> Vec<Option<u32>> {
        self.index.locate_many(points, threads)
    }

    /// An index in metres; its borders bend a little between the points of long edges.
    fn metric(&self) -> &RegionIndex {
        self.metric.get_or_init(|| {
            let moved: Vec<Region> = self
                .regions
                .iter()
                .map(|region| Region {
                    shape: in_metres(&region.shape, self.crs),
                    ..region.clone()
                })
                .collect();
            RegionIndex::build(&moved)
        })
    }
}

fn in_metres(shape: &geo_types::MultiPolygon<f64>, from: Crs) -> geo_types::MultiPolygon<f64> {
    use geo_types::{LineString, Polygon};
    let ring = |ring: &LineString<f64>| -> LineString<f64> {
        // What is no place anywhere is near to nobody.
        ring.0.iter().filter_map(|point| transformed(from, Crs::Utm33, *point)).collect()
    };
    let polygon = |polygon: &Polygon<f64>| {
        Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
    };
    shape.0.iter().map(polygon).collect()
}
