//! The first reading of a file: which kinds of features it has, their fields and their system.

use std::collections::HashMap;
use std::path::Path;

use places::crs::Crs;

use super::events::{Events, Tag};
use super::{Envelope, FORMAT, ID, Visitor, Walk, shape, visit};
use crate::{LayerError, srs};

/// Most kinds of features, fields of one, and spellings of systems.
const MOST_NAMES: usize = 2_000;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Survey {
    kinds: Vec<Kind>,
}

/// A kind of feature.
#[derive(Debug, Default)]
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) count: u64,
    has_id: bool,
    paths: Vec<String>,
    known: HashMap<String, ()>,
    shapes: Vec<ShapeAt>,
    systems: Vec<String>,
    without_system: bool,
}

/// A property with shapes.
#[derive(Debug)]
struct ShapeAt {
    path: String,
    surfaces: u64,
    others: u64,
}

/// Walks through the whole file.
pub(super) fn survey(path: &Path) -> Result<Survey, LayerError> {
    let mut walk = Walk::open(path)?;
    let mut survey = Survey::default();
    let mut positions: HashMap<String, usize> = HashMap::new();
    while let Some(tag) = walk.next()? {
        let at = match positions.get(&tag.name) {
            Some(at) => *at,
            None => {
                bounded(survey.kinds.len(), "the number of kinds of features")?;
                positions.insert(tag.name.clone(), survey.kinds.len());
                survey.kinds.push(Kind { name: tag.name.clone(), ..Kind::default() });
                survey.kinds.len() - 1
            }
        };
        let kind = &mut survey.kinds[at];
        kind.count += 1;
        kind.has_id |= tag.id.is_some();
        visit(&mut walk.events, &walk.envelope, kind)?;
    }
    if survey.kinds.is_empty() {
        return Err(super::refuse("the end", "there are no features"));
    }
    Ok(survey)
}

fn bounded(count: usize, what: &str) -> Result<(), LayerError> {
    if count < MOST_NAMES {
        return Ok(());
    }
    Err(LayerError::TooLarge { what: what.to_owned(), limit: MOST_NAMES.to_string() })
}

impl Visitor for Kind {
    fn shape(
        &mut self,
        events: &mut Events,
        path: &[String],
        tag: &Tag,
        envelope: &Envelope,
    ) -> Result<(), LayerError> {
        let path = path.join(".");
        let at = match self.shapes.iter().position(|shape| shape.path == path) {
            Some(at) => at,
            None => {
                bounded(self.shapes.len(), "the number of fields")?;
                self.shapes.push(ShapeAt { path, surfaces: 0, others: 0 });
                self.shapes.len() - 1
            }
        };
        let is_surface = shape::is_surface(&tag.name);
        self.shapes[at].surfaces += u64::from(is_surface);
        self.shapes[at].others += u64::from(!is_surface);
        match tag.system.as_deref().or(envelope.system.as_deref()) {
            None => self.without_system = true,
            Some(system) if self.systems.iter().any(|known| known == system) => {}
            Some(system) => {
                bounded(self.systems.len(), "the number of coordinate systems")?;
                self.systems.push(system.to_owned());
            }
        }
        events.skip()
    }

    fn text(&mut self, path: &[String], _: String) -> Result<(), LayerError> {
        let path = path.join(".");
        if self.known.insert(path.clone(), ()).is_none() {
            bounded(self.paths.len(), "the number of fields")?;
            self.paths.push(path);
        }
        Ok(())
    }
}

impl Survey {
    /// The kind that was asked for; otherwise the only one with surfaces, the only one with
    /// shapes, or the only one.
    pub(super) fn choose(&self, layer: Option<&str>) -> Result<&Kind, LayerError> {
        let names = || self.kinds.iter().map(|kind| kind.name.clone()).collect::<Vec<_>>();
        if let Some(layer) = layer {
            let found = self.kinds.iter().find(|kind| kind.name == layer);
            return found.ok_or_else(|| LayerError::NoSuchLayer {
                layer: layer.to_owned(),
                layers: names(),
            });
        }
        let only = |fits: fn(&Kind) -> bool| {
            let mut fitting = self.kinds.iter().filter(|kind| fits(kind));
            fitting.next().filter(|_| fitting.next().is_none())
        };
        let has_surfaces = |kind: &Kind| kind.shapes.iter().any(|shape| shape.surfaces > 0);
        only(has_surfaces)
            .or_else(|| only(|kind| !kind.shapes.is_empty()))
            .or_else(|| only(|_| true))
            .ok_or_else(|| LayerError::SeveralLayers { layers: names() })
    }
}

impl Kind {
    /// The property whose shapes are the layer's: the one with most surfaces, or most shapes.
    pub(super) fn shape_path(&self) -> Option<String> {
        let weight = |shape: &&ShapeAt| (shape.surfaces, shape.others);
        // The first one, where several are equal.
        self.shapes.iter().rev().max_by_key(weight).map(|shape| shape.path.clone())
    }

    /// Paths of the fields and their names: the last part of a path, where no other has the same.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
        let mut times: HashMap<String, usize> = HashMap::new();
        for path in &self.paths {
            *times.entry(last(path)).or_default() += 1;
        }
        let id = self.has_id.then(|| (ID.to_owned(), ID.to_owned()));
        let named = self.paths.iter().filter(|path| *path != ID).map(|path| {
            let last = last(path);
            let name = if times[&last] == 1 { last } else { path.clone() };
            (path.clone(), name)
        });
        id.into_iter().chain(named).collect()
    }

    /// The system of all shapes; `None` when nothing is said.
    pub(super) fn system(&self) -> Result<Option<Crs>, LayerError> {
        let mut found = None;
        for name in &self.systems {
            let crs = srs::from_name(name)?.crs;
            if found.is_some_and(|found| found != crs) {
                return Err(LayerError::NotSupported {
                    format: FORMAT,
                    place: format!("`{}`", self.name),
                    what: "a layer in several coordinate systems".to_owned(),
                });
            }
            found = Some(crs);
        }
        if found.is_some() && self.without_system {
            let problem = "some shapes have a coordinate system, and some have none";
            return Err(super::refuse(format!("`{}`", self.name), problem));
        }
        Ok(found)
    }
}
