//! Regions from a layer: which field is the code, which the name.
//!
//! Files name these fields in many ways; the usual ones are known here, the most particular
//! first, so that a file of grunnkretser is not taken for one of municipalities. A code that
//! lost its leading zero in a spreadsheet (301) gets it back where the field says how long its
//! codes are, and [`Tidied`] says how often.

use std::collections::HashMap;

use places::Region;
use serde::Serialize;

use crate::{Feature, Field, Header, LayerError, Property, Reader, shape};

/// Fields that are codes, in lower case without `_`, with the length of their codes; the most
/// particular first.
const CODE_FIELDS: &[(&str, usize)] = &[
    ("grunnkretsnummer", 8),
    ("grunnkretsnr", 8),
    ("grunnkrets", 8),
    ("delområdenummer", 6),
    ("delomradenummer", 6),
    ("tettstednummer", 4),
    ("tettstednr", 4),
    ("kommunenummer", 4),
    ("kommunenr", 4),
    ("kommnr", 4),
    ("fylkesnummer", 2),
    ("fylkesnr", 2),
    ("fylke", 2),
];

/// Fields that may be codes of any length.
const OTHER_CODE_FIELDS: &[&str] =
    &["code", "kode", "nummer", "nr", "regionkode", "id", "lokalid", "gmlid", "fid"];

/// Fields that are names, the most particular first.
const NAME_FIELDS: &[&str] = &[
    "grunnkretsnavn",
    "delområdenavn",
    "delomradenavn",
    "tettstednavn",
    "kommunenavn",
    "fylkesnavn",
    "name",
    "navn",
    "administrativenhetnavn",
    "title",
    "tittel",
];

/// Which fields are code and name, as a person says it.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Field with the code; one of the usual ones when absent.
    pub code: Option<String>,
    /// Field with the name; one of the usual ones when absent.
    pub name: Option<String>,
}

/// Which fields are code and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    code: Option<usize>,
    name: Option<usize>,
    /// How long the codes are, where the field says it.
    code_digits: Option<usize>,
}

/// What was done to make regions of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tidied {
    /// Codes that got back a leading zero.
    pub padded: u64,
    /// Features without a code, which are left out of the regions.
    pub without_code: u64,
    /// Features without a surface, which are left out of the regions.
    pub without_surface: u64,
    /// Features that belong to a region already met, and were joined to it.
    pub joined: u64,
}

impl Columns {
    /// Finds the fields of a layer.
    ///
    /// # Errors
    ///
    /// [`LayerError::NoSuchField`] when a field that was asked for is not there.
    pub fn find(header: &Header, choice: &Choice) -> Result<Columns, LayerError> {
        let asked = |name: &Option<String>| match name {
            None => Ok(None),
            Some(name) => match header.position(name) {
                Some(at) => Ok(Some(at)),
                None => Err(LayerError::NoSuchField {
                    field: name.clone(),
                    fields: header.field_names(),
                }),
            },
        };
        let plain: Vec<String> = header.fields.iter().map(|field| plain(&field.name)).collect();
        let find = |name: &str| plain.iter().position(|field| field == name);
        // What we wrote ourselves has them as `code` and `name`, beside the source's own.
        let ours = |name: &str| header.provenance.is_some().then(|| find(name)).flatten();
        let code = match asked(&choice.code)?.or_else(|| ours("code")) {
            Some(at) => Some(at),
            None => CODE_FIELDS
                .iter()
                .map(|(name, _)| *name)
                .chain(OTHER_CODE_FIELDS.iter().copied())
                .find_map(find),
        };
        let name = match asked(&choice.name)?.or_else(|| ours("name")) {
            Some(at) => Some(at),
            None => NAME_FIELDS.iter().find_map(|name| find(name)),
        };
        let digits = |at: usize| {
            let known = CODE_FIELDS.iter().find(|(name, _)| *name == plain[at]);
            known.map(|(_, digits)| *digits)
        };
        Ok(Columns { code, name, code_digits: code.and_then(digits) })
    }

    /// The field with the code.
    pub fn code<'header>(&self, header: &'header Header) -> Option<&'header Field> {
        self.code.map(|at| &header.fields[at])
    }

    /// The field with the name.
    pub fn name<'header>(&self, header: &'header Header) -> Option<&'header Field> {
        self.name.map(|at| &header.fields[at])
    }

    /// The code of a feature; `number` is its position from 1, which serves where a layer has no
    /// codes at all.
    pub fn code_of(&self, feature: &Feature, number: u64, tidied: &mut Tidied) -> Option<String> {
        let Some(at) = self.code else { return Some(number.to_string()) };
        let code = feature.properties.get(at).and_then(Property::to_text);
        let code = code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
        let Some(code) = code else {
            tidied.without_code += 1;
            return None;
        };
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && self.code_digits == Some(code.len() + 1) {
            tidied.padded += 1;
            return Some(format!("0{code}"));
        }
        Some(code)
    }

    /// The name of a feature; empty where it has none.
    pub fn name_of(&self, feature: &Feature) -> String {
        let name = self.name.and_then(|at| feature.properties.get(at));
        name.and_then(Property::to_text).unwrap_or_default()
    }
}

/// A name of a field as it is compared.
fn plain(name: &str) -> String {
    // The last part of a path: `identifikasjon.lokalId`.
    let last = name.rsplit('.').next().unwrap_or(name);
    last.to_lowercase().replace(['_', ' '], "")
}

/// Reads all regions of a layer, in the order in which their codes come first.
///
/// Features with the same code are one region.
///
/// # Errors
///
/// As [`crate::open`], and [`LayerError::NoSuchField`].
pub fn read(mut reader: Reader, choice: &Choice) -> Result<(Vec<Region>, Tidied), LayerError> {
    let columns = Columns::find(reader.header(), choice)?;
    let mut tidied = Tidied::default();
    let mut regions = Collected::default();
    let mut number = 0;
    for feature in reader.by_ref() {
        let feature = feature?;
        number += 1;
        let Some(code) = columns.code_of(&feature, number, &mut tidied) else { continue };
        let name = columns.name_of(&feature);
        let Some(shape) = feature.shape.and_then(shape::surfaces) else {
            tidied.without_surface += 1;
            continue;
        };
        tidied.joined += u64::from(regions.add(Region { code, name, shape }));
    }
    Ok((regions.into_regions(), tidied))
}

/// Regions as they come, those with the same code joined.
#[derive(Debug, Default)]
pub struct Collected {
    regions: Vec<Region>,
    positions: HashMap<String, usize>,
}

impl Collected {
    /// Adds a region; `true` when it was joined to an earlier one.
    pub fn add(&mut self, region: Region) -> bool {
        if let Some(&at) = self.positions.get(&region.code) {
            self.regions[at].shape.0.extend(region.shape.0);
            return true;
        }
        self.positions.insert(region.code.clone(), self.regions.len());
        self.regions.push(region);
        false
    }

    /// The regions, in the order in which their codes came first.
    pub fn into_regions(self) -> Vec<Region> {
        self.regions
    }
}

/// Reads the region with a code; its features are joined. `None` when the layer lacks it.
///
/// # Errors
///
/// As [`read`].
pub fn one(mut reader: Reader, code: &str) -> Result<Option<Region>, LayerError> {
    let columns = Columns::find(reader.header(), &Choice::default())?;
    let mut tidied = Tidied::default();
    let mut found: Option<Region> = None;
    let mut number = 0;
    for feature in reader.by_ref() {
        let feature = feature?;
        number += 1;
        if columns.code_of(&feature, number, &mut tidied).as_deref() != Some(code) {
            continue;
        }
        let name = columns.name_of(&feature);
        let Some(shape) = feature.shape.and_then(shape::surfaces) else { continue };
        match &mut found {
            Some(region) => region.shape.0.extend(shape.0),
            None => found = Some(Region { code: code.to_owned(), name, shape }),
        }
    }
    Ok(found)
}
