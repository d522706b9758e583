//! The bytes of a Mapbox vector tile, version 2.1: one layer of polygons with two texts each.
//!
//! A tile is a protocol buffer; of that format it needs whole numbers and lengths only.

use std::collections::BTreeMap;

/// Numbers of the fields, by message, as the specification gives them.
mod field {
    pub(super) const TILE_LAYERS: u32 = 3;
    pub(super) const LAYER_NAME: u32 = 1;
    pub(super) const LAYER_FEATURES: u32 = 2;
    pub(super) const LAYER_KEYS: u32 = 3;
    pub(super) const LAYER_VALUES: u32 = 4;
    pub(super) const LAYER_EXTENT: u32 = 5;
    pub(super) const LAYER_VERSION: u32 = 15;
    pub(super) const FEATURE_ID: u32 = 1;
    pub(super) const FEATURE_TAGS: u32 = 2;
    pub(super) const FEATURE_TYPE: u32 = 3;
    pub(super) const FEATURE_GEOMETRY: u32 = 4;
    pub(super) const VALUE_STRING: u32 = 1;
}

const VERSION: u64 = 2;
const POLYGON: u64 = 3;
const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// What is said of each region, by position among the keys.
const KEYS: [&str; 2] = ["code", "name"];

/// A layer in the making.
pub(super) struct Layer {
    name: String,
    extent: i32,
    features: Vec<u8>,
    values: BTreeMap<String, u32>,
}

impl Layer {
    pub(super) fn new(name: &str, extent: i32) -> Layer {
        Layer { name: name.to_owned(), extent, features: Vec::new(), values: BTreeMap::new() }
    }

    /// Adds a region; each ring once around, the first point not repeated.
    pub(super) fn add(&mut self, code: &str, name: &str, rings: &[Vec<[i32; 2]>]) {
        let mut feature = Vec::new();
        // Numbers are for whoever draws; the code is the name of the region.
        if let Ok(number) = code.parse() {
            whole(&mut feature, field::FEATURE_ID, number);
        }
        let tags = [0, self.value(code), 1, self.value(name)];
        packed(&mut feature, field::FEATURE_TAGS, &tags);
        whole(&mut feature, field::FEATURE_TYPE, POLYGON);
        packed(&mut feature, field::FEATURE_GEOMETRY, &commands(rings));
        bytes(&mut self.features, field::LAYER_FEATURES, &feature);
    }

    /// The tile; `None` when nothing was added.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        if self.features.is_empty() {
            return None;
        }
        let mut layer = Vec::new();
        bytes(&mut layer, field::LAYER_NAME, self.name.as_bytes());
        layer.extend(self.features);
        for key in KEYS {
            bytes(&mut layer, field::LAYER_KEYS, key.as_bytes());
        }
        let mut values: Vec<(u32, String)> =
            self.values.into_iter().map(|(text, place)| (place, text)).collect();
        values.sort_unstable();
        for (_, text) in values {
            let mut value = Vec::new();
            bytes(&mut value, field::VALUE_STRING, text.as_bytes());
            bytes(&mut layer, field::LAYER_VALUES, &value);
        }
        whole(&mut layer, field::LAYER_EXTENT, self.extent.unsigned_abs().into());
        whole(&mut layer, field::LAYER_VERSION, VERSION);
        let mut tile = Vec::new();
        bytes(&mut tile, field::TILE_LAYERS, &layer);
        Some(tile)
    }

    /// The place of a text among the values.
    fn value(&mut self, text: &str) -> u32 {
        let next = self.values.len() as u32;
        *self.values.entry(text.to_owned()).or_insert(next)
    }
}

/// Rings as commands: each position is the way from the one before.
fn commands(rings: &[Vec<[i32; 2]>]) -> Vec<u32> {
    let mut commands = Vec::new();
    let mut at = [0, 0];
    for ring in rings {
        let command = |id: u32, count: usize| id | (count as u32) << 3;
        for (place, point) in ring.iter().enumerate() {
            match place {
                0 => commands.push(command(MOVE_TO, 1)),
                1 => commands.push(command(LINE_TO, ring.len() - 1)),
                _ => {}
            }
            commands.extend([zigzag(point[0] - at[0]), zigzag(point[1] - at[1])]);
            at = *point;
        }
        commands.push(command(CLOSE_PATH, 1));
    }
    commands
}

/// Small numbers of either sign as small numbers.
fn zigzag(number: i32) -> u32 {
    (number << 1 ^ number >> 31).cast_unsigned()
}

fn varint(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn whole(into: &mut Vec<u8>, field: u32, number: u64) {
    varint(into, u64::from(field << 3));
    varint(into, number);
}

fn bytes(into: &mut Vec<u8>, field: u32, content: &[u8]) {
    varint(into, u64::from(field << 3 | 2));
    varint(into, content.len() as u64);
    into.extend(content);
}

fn packed(into: &mut Vec<u8>, field: u32, numbers: &[u32]) {
    let mut content = Vec::new();
    for number in numbers {
        varint(&mut content, u64::from(*number));
    }
    bytes(into, field, &content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_written_as_in_the_specification() {
        // The example of section 4.3.5.5: a polygon with three points.
        assert_eq!(
            commands(&[vec![[3, 6], [8, 12], [20, 34]]]),
            [9, 6, 12, 18, 10, 12, 24, 44, 15]
        );
    }

    #[test]
    fn an_empty_layer_is_no_tile() {
        assert_eq!(Layer::new("municipalities", 4096).finish(), None);
    }
}
