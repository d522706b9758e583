//! The contract of `layers`: what is read from real files, and what is refused.

mod bad;
mod coverage;
mod geoparquet;
mod real;

use std::path::Path;

use geo_types::{Coord, Geometry};
use layers::{Feature, Header, LayerError, OpenOptions, Property};

/// A layer, read to its end.
struct Read {
    header: Header,
    features: Vec<Feature>,
}

impl Read {
    /// The text of a field in the first feature where another field has a text.
    fn find(&self, field: &str, text: &str) -> &Feature {
        let at = self.header.position(field).expect("the field is there");
        let is_it = |feature: &&Feature| feature.properties[at].to_text().as_deref() == Some(text);
        self.features.iter().find(is_it).expect("the feature is there")
    }

    fn value<'a>(&self, feature: &'a Feature, field: &str) -> &'a Property {
        &feature.properties[self.header.position(field).expect("the field is there")]
    }
}

fn read(path: &Path) -> Result<Read, LayerError> {
    read_with(path, &OpenOptions::default())
}

fn read_with(path: &Path, options: &OpenOptions) -> Result<Read, LayerError> {
    let mut reader = layers::open(path, options)?;
    let features = reader.by_ref().collect::<Result<Vec<_>, _>>()?;
    Ok(Read { header: reader.header().clone(), features })
}

/// The first coordinate of a shape with surfaces.
fn first(feature: &Feature) -> Coord<f64> {
    match feature.shape.as_ref().expect("it has a shape") {
        Geometry::Polygon(polygon) => polygon.exterior().0[0],
        Geometry::MultiPolygon(polygons) => polygons.0[0].exterior().0[0],
        Geometry::Point(point) => point.0,
        other => panic!("no surface: {other:?}"),
    }
}

/// A file of the test's own.
fn written(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a temporary file");
    path
}

/// An error with its causes, as a person would see it.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
