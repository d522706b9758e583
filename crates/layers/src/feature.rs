use geo_types::Geometry;
use places::crs::Crs;

/// One thing on a map: a shape and what is said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Shape in the system of the layer; `None` where the file has a row without one.
    pub shape: Option<Geometry<f64>>,
    /// What is said of it, in the order of [`Header::fields`].
    pub properties: Vec<Property>,
}

/// A value of a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// The file says nothing here.
    Absent,
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

/// What a file says of itself before its features.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Name of the layer.
    pub name: String,
    /// System of all coordinates.
    pub crs: Crs,
    /// Names of the properties.
    pub fields: Vec<String>,
    /// Number of features, where the file says it.
    pub count: Option<u64>,
}

/// Who made a layer, under which licence, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// `Kartverket`.
    pub publisher: String,
    /// `CC BY 4.0`.
    pub licence: String,
    /// ISO date of the data.
    pub date: String,
    /// File, or address it was fetched from.
    pub origin: String,
}
