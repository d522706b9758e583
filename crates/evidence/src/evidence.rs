//! One snapshot and one pack, ready to be asked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indicators::{Evaluation, Pack, PackFiles};
use scoring::flags::{Flag, moved as moved_flags};
use scoring::{Model, Scores, score};
use store::{Municipality, RegionChange, Snapshot};

use crate::answers::History;
use crate::doubt::Engines;
use crate::error::{EvidenceError, Part};
use crate::figures::{Figures, Known};
use crate::places::{Found, Places};
use crate::question::{ModelChoice, Question};
use crate::receipts::Sources;
use crate::texts::Texts;

/// Where the snapshot and the packs come from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Data folder: its `snapshot.gpkg` and `packs/` are used where present.
    pub data: Option<PathBuf>,
    /// Another snapshot than the data folder's, as one that was made for a day in the past.
    pub snapshot: Option<PathBuf>,
}

impl Origin {
    /// Returns the pack files of this origin.
    pub fn pack_files(&self) -> PackFiles {
        match &self.data {
            Some(data) if data.join("packs").is_dir() => PackFiles::Folder(data.join("packs")),
            _ => PackFiles::Embedded,
        }
    }

    /// Opens the snapshot of this origin.
    ///
    /// # Errors
    ///
    /// A snapshot file that is damaged or cut short; nothing is read from it.
    pub fn snapshot(&self) -> Result<Snapshot, EvidenceError> {
        if let Some(path) = &self.snapshot {
            return Ok(Snapshot::open(path)?);
        }
        match self.data.as_ref().map(|data| data.join("snapshot.gpkg")) {
            Some(path) if path.exists() => Ok(Snapshot::open(&path)?),
            _ => Ok(Snapshot::embedded()?),
        }
    }
}

/// Everything needed to answer: read once, then only asked.
#[derive(Debug)]
pub struct Evidence {
    pub(crate) snapshot: Snapshot,
    pub(crate) pack: Pack,
    pub(crate) texts: Texts,
    pub(crate) municipalities: Vec<Municipality>,
    pub(crate) changes: Vec<RegionChange>,
    pub(crate) models: BTreeMap<String, Model>,
    pub(crate) flags: Vec<Flag>,
    pub(crate) figures: Figures,
    pub(crate) sources: Sources,
    pub(crate) engines: Engines,
    pub(crate) history: History,
}

/// The model that a question gets, and its results.
pub(crate) struct Scored {
    pub(crate) model: Model,
    pub(crate) scores: Scores,
    /// By unit, how old the figures behind the score are, in months.
    pub(crate) ages: Vec<Option<f64>>,
    /// The pack's flags with the model's own thresholds.
    pub(crate) flags: Vec<Flag>,
    /// The model that was preferred but ranks nobody.
    pub(crate) instead_of: Option<String>,
    /// Whether the model is the pack's, in all but its weights.
    pub(crate) is_packs: bool,
}

impl Evidence {
    /// Reads snapshot and pack, computes every indicator, checks every model.
    ///
    /// # Errors
    ///
    /// A damaged snapshot; a pack whose files do not hold together.
    pub fn open(origin: &Origin) -> Result<Self, EvidenceError> {
        let files = origin.pack_files();
        let snapshot = origin.snapshot()?;
        let pack = Pack::load_default(&files)?;
        let texts = Texts::load(&files)?;
        let known = pack.indicator_ids();
        let mut models = BTreeMap::new();
        // Presets after the models that they start from.
        let (whole, presets): (Vec<_>, Vec<_>) =
            pack.models.iter().partition(|(_, text)| Model::base_of(text).is_none());
        for (id, text) in whole.into_iter().chain(presets) {
            let model = parse((id, text), &known, &models)?;
            models.insert(model.id.clone(), model);
        }
        let flags = Flag::parse_all(&pack.flags, &known).map_err(EvidenceError::Flags)?;
        let evaluation = Evaluation::run(&pack, &snapshot, &known)?;
        let municipalities = snapshot.municipalities()?;
        let changes = snapshot.region_changes()?;
        let places = Known { municipalities: &municipalities, changes: &changes };
        let figures = Figures::new(evaluation, places, snapshot.created());
        let sources = Sources::read(&snapshot)?;
        Ok(Self {
            municipalities,
            changes,
            sources,
            snapshot,
            pack,
            texts,
            models,
            flags,
            figures,
            engines: Engines::default(),
            history: History::default(),
        })
    }

    /// Returns the product texts.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Returns the snapshot.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns the pack.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// Reads a model of the user's own.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Model`] with the file's name and the faulty line.
    pub fn own_model(&self, file: &Path, text: &str) -> Result<Model, EvidenceError> {
        parse((&file.display().to_string(), text), &self.pack.indicator_ids(), &self.models)
    }

    /// Finds a municipality by current or former code or name.
    ///
    /// # Errors
    ///
    /// Nobody, or more than one, has that code or name; both are listed.
    pub fn find(&self, asked: &str) -> Result<Found, EvidenceError> {
        Places { municipalities: &self.municipalities, changes: &self.changes }.find(asked)
    }

    /// Returns the names of the models there are, the default ones first.
    pub(crate) fn model_ids(&self) -> Vec<&str> {
        let defaults = self.pack.default_models.iter().map(String::as_str);
        let preferred: Vec<&str> = defaults.filter(|id| self.models.contains_key(*id)).collect();
        let others = self.models.keys().map(String::as_str);
        let rest: Vec<&str> = others.filter(|id| !preferred.contains(id)).collect();
        preferred.into_iter().chain(rest).collect()
    }

    pub(crate) fn named_model(&self, id: &str) -> Result<&Model, EvidenceError> {
        self.models.get(id).ok_or_else(|| EvidenceError::UnknownModel {
            asked: id.to_owned(),
            models: self.model_ids().join(", "),
        })
    }

    /// Scores everybody by the model that the question asks for.
    pub(crate) fn scored(&self, question: &Question) -> Result<Scored, EvidenceError> {
        let (model, instead_of) = match &question.model {
            ModelChoice::Own(model) => (model.as_ref().clone(), None),
            ModelChoice::Named(id) => (self.named_model(id)?.clone(), None),
            ModelChoice::Default => {
                let mut scored = self.default_scored()?;
                if question.weights.is_empty() {
                    scored.flags = self.flags_for(&scored.model, &question.thresholds)?;
                    return Ok(scored);
                }
                (scored.model, scored.instead_of)
            }
        };
        let model = model
            .with_weights(&question.weights)
            .map_err(|error| EvidenceError::Weights(error.problem))?;
        Ok(Scored {
            flags: self.flags_for(&model, &question.thresholds)?,
            scores: score(&model, &self.figures.matrix),
            ages: self.figures.median_ages(&model),
            model,
            instead_of,
            is_packs: !matches!(question.model, ModelChoice::Own(_)),
        })
    }

    /// Returns the pack's flags with the model's thresholds, and with those that are asked for.
    fn flags_for(
        &self,
        model: &Model,
        asked: &[(String, f64)],
    ) -> Result<Vec<Flag>, EvidenceError> {
        let moved = |flag: &Flag| {
            let threshold = model.flag_thresholds.get(&flag.id)?;
            flag.with_threshold(*threshold)
        };
        let flags: Vec<Flag> =
            self.flags.iter().map(|flag| moved(flag).unwrap_or_else(|| flag.clone())).collect();
        let asked: Vec<String> =
            asked.iter().map(|(flag, number)| format!("{flag}={number}")).collect();
        moved_flags(&flags, &asked.join(",")).map_err(Part::Thresholds.fault())
    }

    /// Scores by the first default model that ranks anybody.
    fn default_scored(&self) -> Result<Scored, EvidenceError> {
        let mut passed: Option<String> = None;
        let mut last = None;
        for id in &self.pack.default_models {
            let model = self.named_model(id)?.clone();
            let scores = score(&model, &self.figures.matrix);
            let ranks_anybody = scores.units.iter().any(|unit| unit.rank.is_some());
            let flags = self.flags_for(&model, &[])?;
            let instead_of = passed.clone();
            let ages = self.figures.median_ages(&model);
            let scored = Scored { flags, model, scores, ages, instead_of, is_packs: true };
            if ranks_anybody {
                return Ok(scored);
            }
            passed.get_or_insert_with(|| id.clone());
            last = Some(scored);
        }
        last.ok_or_else(|| EvidenceError::UnknownModel {
            asked: String::new(),
            models: self.model_ids().join(", "),
        })
    }
}

/// Reads a model file; a preset is read on one of `models`.
fn parse(
    (file, text): (&str, &str),
    known: &[&str],
    models: &BTreeMap<String, Model>,
) -> Result<Model, EvidenceError> {
    let read = match Model::base_of(text) {
        None => Model::parse(text, known),
        Some(base) => match models.get(&base) {
            Some(base) => Model::parse_preset(text, known, base),
            None => {
                let names: Vec<&str> = models.keys().map(String::as_str).collect();
                let models = names.join(", ");
                return Err(EvidenceError::UnknownModel { asked: base, models });
            }
        },
    };
    read.map_err(|error| EvidenceError::Model { file: file.to_owned(), error })
}
