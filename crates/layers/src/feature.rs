use geo_types::{Coord, Geometry, MultiPolygon};
use places::crs::Crs;
use serde::{Deserialize, Serialize};

use crate::{Format, shape};

/// One thing on a map: a shape and what is said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Shape in the system of the layer; `None` where the file has a row without one. A point
    /// that is empty is a multipoint without points. Heights are dropped.
    pub shape: Option<Geometry<f64>>,
    /// What is said of it, in the order of [`Header::fields`].
    pub properties: Vec<Property>,
}

impl Feature {
    /// Calls `see` with every position of the shape, in order.
    pub fn each_position(&self, see: &mut dyn FnMut(Coord<f64>)) {
        if let Some(shape) = &self.shape {
            shape::each_coordinate(shape, see);
        }
    }

    /// The surfaces of the shape, which make a region; `None` when it has none.
    pub fn surfaces(&self) -> Option<MultiPolygon<f64>> {
        self.shape.clone().and_then(shape::surfaces)
    }
}

/// A value of a feature.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Property {
    /// The file says nothing here.
    #[default]
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

impl Property {
    /// As text; `None` when the file says nothing.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Property::Absent => None,
            Property::Text(text) => Some(text.clone()),
            Property::Whole(number) => Some(number.to_string()),
            Property::Number(number) => Some(number.to_string()),
            Property::Flag(flag) => Some(flag.to_string()),
        }
    }

    /// Its kind; `None` when the file says nothing.
    pub fn kind(&self) -> Option<FieldKind> {
        match self {
            Property::Absent => None,
            Property::Text(_) => Some(FieldKind::Text),
            Property::Whole(_) => Some(FieldKind::Whole),
            Property::Number(_) => Some(FieldKind::Number),
            Property::Flag(_) => Some(FieldKind::Flag),
        }
    }

    /// The same, said as `kind`; what does not fit becomes text in a field of text, and absent
    /// elsewhere.
    pub(crate) fn into_kind(self, kind: FieldKind) -> Property {
        match (kind, self) {
            (FieldKind::Text, value) => value.to_text().map_or(Property::Absent, Property::Text),
            (FieldKind::Number, Property::Whole(number)) => Property::Number(number as f64),
            (kind, value) if value.kind() == Some(kind) => value,
            _ => Property::Absent,
        }
    }
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Yes or no.
    Flag,
}

impl FieldKind {
    /// The kind that holds values of both.
    pub(crate) fn with(self, other: FieldKind) -> FieldKind {
        use FieldKind::{Number, Text, Whole};
        match (self, other) {
            (one, other) if one == other => one,
            (Whole, Number) | (Number, Whole) => Number,
            _ => Text,
        }
    }
}

/// A field: its name and the kind of its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Name, as the file writes it.
    pub name: String,
    /// Kind of all its values.
    pub kind: FieldKind,
}

impl Field {
    /// A field of text.
    pub fn text(name: impl Into<String>) -> Field {
        Field { name: name.into(), kind: FieldKind::Text }
    }
}

/// What a file says of itself before its features.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Name of the layer.
    pub name: String,
    /// Format that it was read from.
    pub format: Format,
    /// System of all coordinates.
    pub crs: Crs,
    /// The properties, in order.
    pub fields: Vec<Field>,
    /// Number of features, where the file says it.
    pub count: Option<u64>,
    /// Who made it, where the file says it.
    pub provenance: Option<Provenance>,
}

impl Header {
    /// Names of the fields.
    pub fn field_names(&self) -> Vec<String> {
        self.fields.iter().map(|field| field.name.clone()).collect()
    }

    /// Position of the field with this name, in any case.
    pub fn position(&self, name: &str) -> Option<usize> {
        let exact = self.fields.iter().position(|field| field.name == name);
        let wanted = name.to_lowercase();
        exact.or_else(|| self.fields.iter().position(|field| field.name.to_lowercase() == wanted))
    }
}

/// Who made a layer, under which licence, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
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

/// What was put right or left out while reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Notes {
    /// Rings that did not end where they began, and were closed.
    pub open_rings: u64,
    /// Rings of fewer than four positions.
    pub short_rings: u64,
    /// Arcs that were replaced by short straight lines.
    pub arcs: u64,
    /// Shapes whose heights were dropped.
    pub heights: u64,
}
