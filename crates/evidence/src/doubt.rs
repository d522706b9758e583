//! How sure a ranking is: engines kept ready, and draws run on them.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use scoring::doubt::draws::{Draws, Sampler, draws_from};
use scoring::doubt::engine::Engine;
use scoring::doubt::intervals::{Intervals, Which, intervals};
use scoring::{Matrix, Model, Problem, Uncertainty};

use crate::error::{EvidenceError, Part};
use crate::evidence::{Evidence, Scored};
use crate::question::{DrawsAsked, Question};

/// Most threads that draws run on: a page beside them must still be answered.
const MOST_THREADS: usize = 2;

/// Engines of the pack's models, each made when it is first asked for.
///
/// What an engine prepares does not depend on the weights, so a slider waits for draws alone.
#[derive(Debug, Default)]
pub(crate) struct Engines(Mutex<HashMap<String, Arc<Engine>>>);

impl Engines {
    fn of(&self, model: &Model, matrix: &Matrix) -> Arc<Engine> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = kept
            .entry(model.id.clone())
            .or_insert_with(|| Arc::new(Engine::new(model, matrix, &open_choices(model))));
        Arc::clone(engine)
    }
}

/// Draws that were run, and what they told.
pub(crate) struct Told {
    pub(crate) intervals: Intervals,
    pub(crate) seed: u64,
    pub(crate) open: Uncertainty,
    /// What could not be done as the model asks.
    pub(crate) notes: Vec<Problem>,
}

/// Returns the choices that a model leaves open.
pub(crate) fn open_choices(model: &Model) -> Uncertainty {
    model.uncertainty.clone().unwrap_or_default()
}

/// Returns how many threads draws run on.
pub(crate) fn threads() -> NonZeroUsize {
    let machine = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    machine.min(NonZeroUsize::new(MOST_THREADS).unwrap_or(NonZeroUsize::MIN))
}

impl Evidence {
    /// Returns the engine of a scored model.
    pub(crate) fn engine(&self, scored: &Scored) -> Engine {
        let matrix = &self.figures.matrix;
        match self.models.get(&scored.model.id).filter(|_| scored.is_packs) {
            Some(own) => self.engines.of(own, matrix).reweighted(&scored.model, matrix),
            None => Engine::new(&scored.model, matrix, &open_choices(&scored.model)),
        }
    }

    /// Runs draws of a scored model.
    pub(crate) fn told(&self, scored: &Scored, asked: DrawsAsked) -> Result<Told, EvidenceError> {
        told(&self.engine(scored), &scored.model, asked)
    }

    /// Returns the list of draws that a question makes, so that they can be run again elsewhere.
    ///
    /// # Errors
    ///
    /// An unknown model, unusable weights, no draws or too many.
    pub fn draws(&self, question: &Question) -> Result<Draws, EvidenceError> {
        let model = self.scored(question)?.model;
        let open = open_choices(&model);
        let asked = question.uncertainty.unwrap_or_default();
        let (seed, count) = (asked.seed.unwrap_or(open.seed), asked.draws.unwrap_or(open.draws));
        draws_from(&model, seed, count).map_err(Part::Draws.fault())
    }
}

/// Runs draws on an engine of `model`.
pub(crate) fn told(
    engine: &Engine,
    model: &Model,
    asked: DrawsAsked,
) -> Result<Told, EvidenceError> {
    let open = open_choices(model);
    let (seed, count) = (asked.seed.unwrap_or(open.seed), asked.draws.unwrap_or(open.draws));
    let sampler = Sampler::new(model, &open, seed);
    let intervals = intervals(engine, Which::Made(&sampler, count), &open, threads())
        .map_err(Part::Draws.fault())?;
    Ok(Told { intervals, seed, open, notes: engine.notes().to_vec() })
}
