//! GML 3.2, as Kartverket, SSB and the municipalities publish it; also 3.1 and 2.
//!
//! A file is read twice: once for its kinds of features, their fields and their system, then
//! feature by feature. A kind of feature is a layer. The system may be said for each shape, in
//! several spellings, which also decide whether latitude comes first.
//!
//! Entities are not accepted, and shapes that stand elsewhere in the file are not sought.

mod arc;
mod events;
mod shape;
mod survey;

use std::path::Path;

use crate::reader::{Found, Source};
use crate::{Feature, Field, LayerError, Notes, Property};
use events::{Events, Next, Tag};
use shape::{Axes, Shapes};

const FORMAT: &str = "GML";

/// Field with the id that an element has itself.
const ID: &str = "gml_id";

/// A fault of this format.
fn refuse(place: impl Into<String>, problem: impl ToString) -> LayerError {
    LayerError::syntax(FORMAT, place, problem)
}

/// Whether an element holds features.
fn is_member(name: &str) -> bool {
    matches!(name, "featureMember" | "featureMembers" | "member" | "additionalObjects")
}

/// Whether an element in a member is no feature, but a collection of further members.
fn is_collection(name: &str) -> bool {
    name.ends_with("FeatureCollection") || name == "Tuple"
}

/// Opens a file.
pub(crate) fn open(path: &Path, layer: Option<&str>) -> Result<Found, LayerError> {
    let survey = survey::survey(path)?;
    let kind = survey.choose(layer)?;
    let crs = kind.system()?;
    let fields: Vec<Field> = kind.fields().iter().map(|(_, name)| Field::text(name)).collect();
    let source = Features {
        walk: Walk::open(path)?,
        kind: kind.name.clone(),
        paths: kind.fields().into_iter().map(|(path, _)| path).collect(),
        shape_path: kind.shape_path(),
        count: 0,
        notes: Notes::default(),
    };
    Ok(Found {
        name: Some(kind.name.clone()),
        crs,
        default_crs: None,
        fields,
        count: Some(kind.count),
        provenance: None,
        source: Box::new(source),
    })
}

/// A walk from feature to feature.
struct Walk {
    events: Events,
    /// For each open element around a feature, whether its children are features.
    around: Vec<bool>,
    /// What the envelope of the collection says.
    envelope: Envelope,
}

/// What a `boundedBy` says of the shapes inside.
#[derive(Debug, Default, Clone)]
struct Envelope {
    system: Option<String>,
    dimension: Option<usize>,
}

impl Envelope {
    /// How shapes are read that say nothing themselves.
    fn axes(&self) -> Axes {
        let axes = Axes::of_system(self.system.as_deref().unwrap_or_default());
        Axes { hint: self.dimension, ..axes }
    }
}

impl Walk {
    fn open(path: &Path) -> Result<Walk, LayerError> {
        Ok(Walk { events: Events::open(path)?, around: Vec::new(), envelope: Envelope::default() })
    }

    /// The start of the next feature.
    fn next(&mut self) -> Result<Option<Tag>, LayerError> {
        while let Some(next) = self.events.next()? {
            match next {
                Next::Start(tag) => {
                    let holds_features = self.around.last().copied().unwrap_or(false);
                    if holds_features && !is_collection(&tag.name) {
                        return Ok(Some(tag));
                    }
                    if tag.name == "boundedBy" {
                        self.envelope = envelope(&mut self.events, &self.envelope)?;
                        continue;
                    }
                    self.around.push(is_member(&tag.name));
                }
                Next::End => drop(self.around.pop()),
                Next::Text(_) => {}
            }
        }
        Ok(None)
    }
}

/// Reads a `boundedBy` to its end; what it does not say is as around it.
fn envelope(events: &mut Events, around: &Envelope) -> Result<Envelope, LayerError> {
    let mut found = Envelope::default();
    while let Some(tag) = events.child()? {
        found = Envelope { system: tag.system, dimension: tag.dimension };
        events.skip()?;
    }
    let (system, dimension) = (around.system.clone(), around.dimension);
    Ok(Envelope { system: found.system.or(system), dimension: found.dimension.or(dimension) })
}

/// What a walk through a feature meets.
trait Visitor {
    /// A shape begins at a path of properties; it must be read to its end.
    fn shape(
        &mut self,
        events: &mut Events,
        path: &[String],
        tag: &Tag,
        envelope: &Envelope,
    ) -> Result<(), LayerError>;

    /// A property has a text.
    fn text(&mut self, path: &[String], text: String) -> Result<(), LayerError>;
}

/// Walks through the feature that was begun; `around` is what the collection says.
fn visit(
    events: &mut Events,
    around: &Envelope,
    visitor: &mut impl Visitor,
) -> Result<(), LayerError> {
    let begin = events.depth();
    let mut own = around.clone();
    // Names of the open properties; elements of a type add nothing to the path.
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    while let Some(next) = events.next()? {
        match next {
            Next::Start(tag) if tag.name == "boundedBy" && open.is_empty() => {
                own = envelope(events, &own)?;
            }
            Next::Start(tag) if shape::is_shape(&tag.name) => {
                if let Some(open) = open.last_mut() {
                    open.has_content = true;
                }
                visitor.shape(events, &path, &tag, &own)?;
            }
            Next::Start(tag) => {
                if let Some(open) = open.last_mut() {
                    open.has_content = true;
                }
                let is_type = open.len() % 2 == 1 && tag.name.starts_with(char::is_uppercase);
                if !is_type {
                    path.push(tag.name);
                }
                let reference = tag.reference;
                open.push(Open { is_type, has_content: false, text: String::new(), reference });
            }
            Next::Text(text) => {
                if let Some(open) = open.last_mut() {
                    open.text.push_str(&text);
                }
            }
            Next::End => {
                if events.depth() < begin {
                    return Ok(());
                }
                let Some(open) = open.pop() else { continue };
                let text = Some(open.text.trim()).filter(|text| !text.is_empty());
                let text = text.map(str::to_owned).or(open.reference);
                if let (false, false, Some(text)) = (open.has_content, open.is_type, text) {
                    visitor.text(&path, text)?;
                }
                if !open.is_type {
                    path.pop();
                }
            }
        }
    }
    Ok(())
}

/// An element that is open inside a feature.
struct Open {
    is_type: bool,
    has_content: bool,
    text: String,
    reference: Option<String>,
}

/// The features of one kind, one by one.
struct Features {
    walk: Walk,
    kind: String,
    /// The paths that are fields, in order; the first may be the id.
    paths: Vec<String>,
    shape_path: Option<String>,
    count: u64,
    notes: Notes,
}

impl Source for Features {
    fn next(&mut self) -> Result<Option<Feature>, LayerError> {
        while let Some(tag) = self.walk.next()? {
            if tag.name != self.kind {
                self.walk.events.skip()?;
                continue;
            }
            self.count += 1;
            let mut one = One {
                feature: Feature {
                    shape: None,
                    properties: vec![Property::Absent; self.paths.len()],
                },
                paths: &self.paths,
                shape_path: self.shape_path.as_deref(),
                place: format!("feature {}", self.count),
                notes: &mut self.notes,
            };
            if let (Some(id), Some(at)) = (tag.id, one.position(ID)) {
                one.feature.properties[at] = Property::Text(id);
            }
            visit(&mut self.walk.events, &self.walk.envelope, &mut one)?;
            return Ok(Some(one.feature));
        }
        Ok(None)
    }

    fn notes(&self) -> Notes {
        self.notes
    }
}

/// The feature under way.
struct One<'features> {
    feature: Feature,
    paths: &'features [String],
    shape_path: Option<&'features str>,
    place: String,
    notes: &'features mut Notes,
}

impl One<'_> {
    fn position(&self, path: &str) -> Option<usize> {
        self.paths.iter().position(|known| known == path)
    }
}

impl Visitor for One<'_> {
    fn shape(
        &mut self,
        events: &mut Events,
        path: &[String],
        tag: &Tag,
        envelope: &Envelope,
    ) -> Result<(), LayerError> {
        let is_ours = self.shape_path == Some(path.join(".").as_str());
        if !is_ours || self.feature.shape.is_some() {
            return events.skip();
        }
        let axes = envelope.axes();
        let mut shapes = Shapes { events, notes: self.notes, place: self.place.clone() };
        self.feature.shape = Some(shapes.read(tag, axes)?);
        Ok(())
    }

    fn text(&mut self, path: &[String], text: String) -> Result<(), LayerError> {
        let Some(at) = self.position(&path.join(".")) else { return Ok(()) };
        // A property may be said several times.
        let value = &mut self.feature.properties[at];
        *value = Property::Text(match value.to_text() {
            Some(before) => format!("{before}, {text}"),
            None => text,
        });
        Ok(())
    }
}
