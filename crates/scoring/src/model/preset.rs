//! Presets: a model that differs from another in weights, and perhaps some indicators more.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use toml::Spanned;

use super::parse::{Builder, IndicatorTable};
use super::{Model, ModelError, Text, check};

#[derive(Deserialize)]
struct Base {
    base: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresetFile {
    id: String,
    version: u32,
    #[serde(rename = "base")]
    _base: String,
    title: Text,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    notes: Vec<Text>,
    #[serde(default)]
    indicator: Vec<IndicatorTable>,
    #[serde(default)]
    weights: BTreeMap<Spanned<String>, f64>,
}

impl Model {
    /// Returns the id of the model that a preset file starts from; `None` for a whole model.
    pub fn base_of(text: &str) -> Option<String> {
        toml::from_str::<Base>(text).ok()?.base
    }

    /// Reads a preset file: another name, other weights and indicators more than `base` has.
    ///
    /// Notes of the preset stand before those of its base.
    ///
    /// # Errors
    ///
    /// One fault with its line, as [`Model::parse`]; a weight for a node that
    /// neither the base nor the preset has.
    pub fn parse_preset(
        text: &str,
        known_indicators: &[&str],
        base: &Self,
    ) -> Result<Self, ModelError> {
        let file: PresetFile =
            toml::from_str(text).map_err(|error| ModelError::toml(text, &error))?;
        let taken = base.leaves.iter().flat_map(|leaf| {
            [Some(leaf.indicator.clone()), leaf.code.clone()].into_iter().flatten()
        });
        let taken = taken.chain(base.groups.iter().map(|group| group.id.clone()));
        let mut builder = Builder { text, places: taken.map(|name| (name, 0)).collect() };
        let positions: HashMap<&str, usize> =
            base.groups.iter().enumerate().map(|(at, group)| (group.id.as_str(), at)).collect();
        let mut leaves = base.leaves.clone();
        for table in &file.indicator {
            leaves.push(builder.leaf(table, &positions, known_indicators)?);
        }
        let mut notes = file.notes;
        notes.extend(base.notes.iter().cloned());
        let mut model = Self {
            id: file.id,
            version: file.version,
            title: file.title,
            description: file.description,
            notes,
            leaves,
            ..base.clone()
        };
        for (name, weight) in &file.weights {
            let given = [(name.as_ref().clone(), *weight)];
            model = model
                .with_weights(&given)
                .map_err(|error| ModelError::at(text, name.span().start, error.problem))?;
        }
        check::model(&model).map_err(|(_, problem)| ModelError::at(text, 0, problem))?;
        Ok(model)
    }
}
