//! Regions as the snapshot keeps them: shapes in WKB, in EPSG:25833.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use places::Region;
use store::build::Boundary;

/// WKB's numbers for the shapes that occur here.
const POLYGON: u32 = 3;
const MULTIPOLYGON: u32 = 6;

/// The region as a row of the snapshot's table for `layer`.
pub fn to_boundary(layer: &str, region: &Region) -> Boundary {
    let mut wkb = head(MULTIPOLYGON, region.shape.0.len());
    for polygon in &region.shape {
        wkb.extend(head(POLYGON, 1 + polygon.interiors().len()));
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            wkb.extend(count(ring.0.len()));
            for Coord { x, y } in &ring.0 {
                wkb.extend(x.to_le_bytes());
                wkb.extend(y.to_le_bytes());
            }
        }
    }
    Boundary {
        layer: layer.to_owned(),
        code: region.code.clone(),
        name: region.name.clone(),
        wkb,
        source: String::new(),
    }
}

/// The row as a region; `None` when its shape is not what the snapshot's builder accepts.
pub fn to_region(boundary: &Boundary) -> Option<Region> {
    let mut reader = Reader(&boundary.wkb);
    let mut polygons = Vec::new();
    for _ in 0..reader.count_of(MULTIPOLYGON)? {
        let mut rings = Vec::new();
        for _ in 0..reader.count_of(POLYGON)? {
            let mut ring = Vec::new();
            for _ in 0..reader.whole()? {
                ring.push(Coord { x: reader.number()?, y: reader.number()? });
            }
            rings.push(LineString(ring));
        }
        let mut rings = rings.into_iter();
        polygons.push(Polygon::new(rings.next()?, rings.collect()));
    }
    Some(Region {
        code: boundary.code.clone(),
        name: boundary.name.clone(),
        shape: MultiPolygon(polygons),
    })
}

fn head(kind: u32, parts: usize) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend(kind.to_le_bytes());
    bytes.extend(count(parts));
    bytes
}

fn count(parts: usize) -> [u8; 4] {
    u32::try_from(parts).unwrap_or(u32::MAX).to_le_bytes()
}

struct Reader<'bytes>(&'bytes [u8]);

impl Reader<'_> {
    fn count_of(&mut self, kind: u32) -> Option<u32> {
        let [1] = self.take()? else { return None };
        (self.whole()? == kind).then(|| self.whole()).flatten()
    }

    fn whole(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn number(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}
