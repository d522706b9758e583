use geo_types::MultiPolygon;

/// A region: its code, its name and its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Code in its list: `0301`, `03010101`; a file without codes numbers its features from 1.
    pub code: String,
    /// Name; empty where the source has none.
    pub name: String,
    /// Outline with holes and exclaves; x is easting or longitude.
    pub shape: MultiPolygon<f64>,
}
