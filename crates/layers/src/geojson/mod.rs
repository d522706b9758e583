//! GeoJSON: RFC 7946, and the older form with a `crs` member.
//!
//! A file is read twice: once for its system, its fields and their number, then feature by
//! feature. GeoJSON has longitude or easting first, whatever the system's authority says.

mod lexer;
mod shape;
mod write;

use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::fields::FieldSurvey;
use crate::reader::{Found, Source};
use crate::{Feature, Field, LayerError, Notes, Property, srs};
use lexer::{Keep, Lexer};
use shape::RawShape;

pub use write::{Axes, Writer, one};

const FORMAT: &str = "GeoJSON";

/// Bytes read from the file at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// A fault of this format.
fn refuse(place: impl Into<String>, problem: impl ToString) -> LayerError {
    LayerError::syntax(FORMAT, place, problem)
}

/// A feature as it stands in the file.
#[derive(Deserialize)]
struct RawFeature {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<Value>,
    geometry: Option<RawShape>,
    properties: Option<Map<String, Value>>,
}

/// A feature without its shape: what the first reading needs.
#[derive(Deserialize)]
struct Outline {
    id: Option<Value>,
    properties: Option<Map<String, Value>>,
}

/// What the first reading finds.
#[derive(Default)]
struct Survey {
    kind: Option<String>,
    name: Option<String>,
    crs: Option<Value>,
    has_features: bool,
    count: u64,
    fields: FieldSurvey,
    has_id: bool,
}

/// Opens a file.
pub(crate) fn open(path: &Path) -> Result<Found, LayerError> {
    let file = File::open(path).map_err(LayerError::read(path))?;
    let survey = survey(&file)?;
    let crs = match &survey.crs {
        None => None,
        Some(crs) => Some(named_system(crs)?),
    };
    let mut fields = survey.fields.into_fields();
    // An id of the feature itself, unless a property has the same name.
    let has_id = survey.has_id && fields.iter().all(|field| field.name != "id");
    if has_id {
        fields.insert(0, Field::text("id"));
    }
    let mut file = file;
    file.rewind().map_err(LayerError::read(path))?;
    let mut lexer = Lexer::new(BufReader::with_capacity(BUFFER_BYTES, file));
    lexer.skip_mark()?;
    if survey.has_features {
        enter_features(&mut lexer)?;
    }
    let features = Features {
        lexer,
        fields: fields.clone(),
        has_id,
        is_single: !survey.has_features,
        count: 0,
        bytes: Vec::new(),
        has_ended: false,
        notes: Notes::default(),
    };
    Ok(Found {
        name: survey.name,
        crs,
        // RFC 7946 has one system; whoever opens the file may know better.
        default_crs: Some(places::crs::Crs::Wgs84),
        fields,
        count: Some(survey.count),
        provenance: None,
        source: Box::new(features),
    })
}

/// The system in a `crs` member: `{"type":"name","properties":{"name":"EPSG:25833"}}`.
fn named_system(crs: &Value) -> Result<places::crs::Crs, LayerError> {
    let properties = &crs["properties"];
    let code = properties["code"].as_u64().map(|code| format!("EPSG:{code}"));
    let name = properties["name"].as_str().map(str::to_owned).or(code);
    let Some(name) = name else {
        return Err(LayerError::UnknownSystem { found: crs.to_string() });
    };
    Ok(srs::from_name(&name)?.crs)
}

/// Walks through the whole file.
fn survey(file: &File) -> Result<Survey, LayerError> {
    let mut lexer = Lexer::new(BufReader::with_capacity(BUFFER_BYTES, file));
    lexer.skip_mark()?;
    let mut survey = Survey::default();
    lexer.expect(b'{')?;
    if lexer.peek()? == Some(b'}') {
        return Err(refuse("the beginning", "the object is empty"));
    }
    loop {
        let member = lexer.name()?;
        lexer.expect(b':')?;
        match member.as_str() {
            "features" if !survey.has_features => {
                survey.has_features = true;
                survey_features(&mut lexer, &mut survey)?;
            }
            "type" => survey.kind = kept(&mut lexer)?.as_str().map(str::to_owned),
            "name" => survey.name = kept(&mut lexer)?.as_str().map(str::to_owned),
            "crs" => survey.crs = Some(kept(&mut lexer)?).filter(|crs| !crs.is_null()),
            _ => lexer.value(Keep::Nothing)?,
        }
        if !lexer.more(b'}')? {
            break;
        }
    }
    if lexer.peek()?.is_some() {
        return Err(refuse("the end", "something follows the collection"));
    }
    match survey.kind.as_deref() {
        Some("FeatureCollection") if survey.has_features => {}
        Some("Feature") if !survey.has_features => survey_single(file, &mut survey)?,
        Some("FeatureCollection") => return Err(refuse("the end", "there are no `features`")),
        _ => return Err(refuse("the beginning", "the file is no `FeatureCollection`")),
    }
    Ok(survey)
}

fn kept(lexer: &mut Lexer<impl std::io::BufRead>) -> Result<Value, LayerError> {
    let mut bytes = Vec::new();
    lexer.value(Keep::Into(&mut bytes))?;
    serde_json::from_slice(&bytes).map_err(|error| refuse("the beginning", error))
}

/// Walks through the list of features.
fn survey_features(
    lexer: &mut Lexer<impl std::io::BufRead>,
    survey: &mut Survey,
) -> Result<(), LayerError> {
    let mut bytes = Vec::new();
    lexer.expect(b'[')?;
    if lexer.peek()? == Some(b']') {
        return lexer.expect(b']');
    }
    loop {
        bytes.clear();
        lexer.value(Keep::Into(&mut bytes))?;
        survey.note(&bytes)?;
        if !lexer.more(b']')? {
            return Ok(());
        }
    }
}

/// A file that is one feature.
fn survey_single(mut file: &File, survey: &mut Survey) -> Result<(), LayerError> {
    file.rewind().map_err(|error| refuse("the beginning", error))?;
    let mut lexer = Lexer::new(BufReader::new(file));
    lexer.skip_mark()?;
    let mut bytes = Vec::new();
    lexer.value(Keep::Into(&mut bytes))?;
    survey.note(&bytes)
}

impl Survey {
    fn note(&mut self, feature: &[u8]) -> Result<(), LayerError> {
        self.count += 1;
        let outline: Outline = parse(feature, self.count)?;
        self.has_id |= outline.id.is_some();
        for (name, value) in outline.properties.unwrap_or_default() {
            self.fields.note(&name, property(value).kind())?;
        }
        Ok(())
    }
}

fn parse<'de, T: Deserialize<'de>>(feature: &'de [u8], number: u64) -> Result<T, LayerError> {
    serde_json::from_slice(feature).map_err(|error| {
        let problem = match std::str::from_utf8(feature) {
            Err(_) => "the text is not UTF-8".to_owned(),
            Ok(_) => error.to_string(),
        };
        refuse(format!("feature {number}"), problem)
    })
}

/// Steps to the first feature.
fn enter_features(lexer: &mut Lexer<BufReader<File>>) -> Result<(), LayerError> {
    lexer.expect(b'{')?;
    loop {
        let member = lexer.name()?;
        lexer.expect(b':')?;
        if member == "features" {
            return lexer.expect(b'[');
        }
        lexer.value(Keep::Nothing)?;
        lexer.more(b'}')?;
    }
}

/// The features, one by one.
struct Features {
    lexer: Lexer<BufReader<File>>,
    fields: Vec<Field>,
    has_id: bool,
    is_single: bool,
    count: u64,
    bytes: Vec<u8>,
    has_ended: bool,
    notes: Notes,
}

impl Source for Features {
    fn next(&mut self) -> Result<Option<Feature>, LayerError> {
        if self.has_ended {
            return Ok(None);
        }
        if self.count == 0 && !self.is_single && self.lexer.peek()? == Some(b']') {
            self.has_ended = true;
            return Ok(None);
        }
        self.bytes.clear();
        self.lexer.value(Keep::Into(&mut self.bytes))?;
        self.has_ended = self.is_single || !self.lexer.more(b']')?;
        self.count += 1;
        let raw: RawFeature = parse(&self.bytes, self.count)?;
        self.feature(raw).map(Some)
    }

    fn notes(&self) -> Notes {
        self.notes
    }
}

impl Features {
    fn feature(&mut self, raw: RawFeature) -> Result<Feature, LayerError> {
        let place = || format!("feature {}", self.count);
        if raw.kind.as_deref().is_some_and(|kind| kind != "Feature") {
            return Err(refuse(place(), "it is no `Feature`"));
        }
        let shape = raw.geometry.map(|shape| shape.into_shape(&mut self.notes)).transpose();
        let shape = shape.map_err(|problem| refuse(place(), problem))?;
        let mut said = raw.properties.unwrap_or_default();
        let mut properties = Vec::with_capacity(self.fields.len());
        for (at, field) in self.fields.iter().enumerate() {
            let value = if self.has_id && at == 0 {
                raw.id.clone().map(property)
            } else {
                said.get_mut(&field.name).map(|value| property(value.take()))
            };
            properties.push(value.unwrap_or_default().into_kind(field.kind));
        }
        Ok(Feature { shape, properties })
    }
}

/// A JSON value as a property; lists and objects stay as JSON.
fn property(value: Value) -> Property {
    match value {
        Value::Null => Property::Absent,
        Value::Bool(flag) => Property::Flag(flag),
        Value::String(text) => Property::Text(text),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Property::Whole(whole),
            (None, Some(number)) => Property::Number(number),
            (None, None) => Property::Text(number.to_string()),
        },
        nested => Property::Text(nested.to_string()),
    }
}
