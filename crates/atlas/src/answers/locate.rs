//! Which region a point lies in.

use places::crs::Crs;
use serde::Serialize;
use utoipa::ToSchema;

use crate::layer::Located;
use crate::{Atlas, AtlasError, Layer, LayerCard, Position, Precision};

/// Where a point lies.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Location {
    /// Degrees north (EPSG:4258).
    pub latitude: f64,
    /// Degrees east (EPSG:4258).
    pub longitude: f64,
    /// Metres east (EPSG:25833).
    pub easting_m: f64,
    /// Metres north (EPSG:25833).
    pub northing_m: f64,
    /// `mainland`, with the sea around it; `svalbard` or `jan_mayen`, which no municipality holds.
    pub area: String,
    /// What the layers say, in the order in which they were asked.
    pub matches: Vec<LayerMatch>,
}

/// What one layer says of a point.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LayerMatch {
    /// Name of the layer.
    pub layer: String,
    /// The region that the point lies in; absent when it lies in none.
    pub region: Option<RegionName>,
    /// Where it lies in none: the nearest region.
    pub nearest: Option<NearestRegion>,
    /// Where the borders come from.
    pub source: LayerSource,
}

/// A region by code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegionName {
    /// Code.
    pub code: String,
    /// Name; empty where the layer has none.
    pub name: String,
}

/// The nearest region to a point in none.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NearestRegion {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Metres to its border.
    pub distance_m: f64,
}

/// Where the borders of a layer come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LayerSource {
    /// Who made it.
    pub publisher: String,
    /// Licence.
    pub licence: String,
    /// ISO date of the data.
    pub date: String,
    /// Version in the archive: twelve hex digits.
    pub version: Option<String>,
    /// Metres by which borders may be off, where they were simplified.
    pub simplified_m: Option<u32>,
}

impl From<&LayerCard> for LayerSource {
    fn from(card: &LayerCard) -> LayerSource {
        LayerSource {
            publisher: card.publisher.clone(),
            licence: card.licence.clone(),
            date: card.date.clone(),
            version: card.version.clone(),
            simplified_m: match card.precision {
                Precision::Full => None,
                Precision::SimplifiedM(metres) => Some(metres),
            },
        }
    }
}

impl Location {
    /// Says which region of each layer a point lies in.
    pub fn of<'a>(
        position: Position,
        layers: impl Iterator<Item = (&'a str, &'a Layer)>,
    ) -> Location {
        let degrees = position.within(Crs::Etrs89);
        let metres = position.within(Crs::Utm33);
        Location {
            latitude: degrees.y,
            longitude: degrees.x,
            easting_m: metres.x,
            northing_m: metres.y,
            area: position.area().name().to_owned(),
            matches: layers.map(|(id, layer)| LayerMatch::of(position, id, layer)).collect(),
        }
    }
}

impl LayerMatch {
    fn of(position: Position, id: &str, layer: &Layer) -> LayerMatch {
        let (mut region, mut nearest) = (None, None);
        match layer.locate(position.within(layer.crs())) {
            Located::In(code, name) => {
                region = Some(RegionName { code: code.to_owned(), name: name.to_owned() });
            }
            Located::Nearest { code, name, distance_m } => {
                let (code, name) = (code.to_owned(), name.to_owned());
                nearest = Some(NearestRegion { code, name, distance_m });
            }
            Located::Nowhere => {}
        }
        let source = LayerSource::from(&layer.card);
        LayerMatch { layer: id.to_owned(), region, nearest, source }
    }
}

impl Atlas {
    /// Says which region of each layer a point lies in.
    ///
    /// # Errors
    ///
    /// As [`Atlas::layer`].
    pub fn locate(&self, position: Position, layers: &[&str]) -> Result<Location, AtlasError> {
        let mut read = Vec::with_capacity(layers.len());
        for id in layers {
            read.push((*id, self.layer(id)?));
        }
        Ok(Location::of(position, read.iter().map(|(id, layer)| (*id, &**layer))))
    }
}
