//! Draws: one set of weights and choices each, made from a seed or read from elsewhere.
//!
//! Draw 0 is the model itself, so that its own ranks are always among those told.
//! Weights move as the model's [`WeightSpread`] says and are not brought back to
//! a sum: every method divides by it. Each number depends on the seed, the draw
//! and the node alone, so a draw can be made again without those before it.

use serde::{Deserialize, Serialize};

use super::random::{Source, Use};
use crate::model::{
    AggregationChoice, MOST_DRAWS, MissingChoice, Model, NormalisationChoice, Problem, SpreadShape,
    TreatmentChoice, Uncertainty, WeightSpread,
};
use crate::run::children_of;

/// One set of weights and choices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draw {
    /// Number of the draw; 0 is the model itself.
    pub index: usize,
    /// Weights of all nodes: the model's groups, then its leaves. The root's plays no part.
    pub weights: Vec<f64>,
    /// How indicators are valued.
    pub normalisation: NormalisationChoice,
    /// How the dimensions become one number.
    pub aggregation: AggregationChoice,
    /// What is done to outliers.
    pub treatment: TreatmentChoice,
    /// What a gap costs.
    pub missing: MissingChoice,
}

impl Draw {
    /// The model's own weights and choices.
    pub fn of(model: &Model) -> Self {
        let groups = model.groups.iter().map(|group| group.weight);
        Self {
            index: 0,
            weights: groups.chain(model.leaves.iter().map(|leaf| leaf.weight)).collect(),
            normalisation: NormalisationChoice::Model,
            aggregation: AggregationChoice::Model,
            treatment: TreatmentChoice::Model,
            missing: MissingChoice::Model,
        }
    }
}

/// Draws that can be written down, read again and replayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draws {
    /// Where they started; absent for draws from elsewhere.
    pub seed: Option<u64>,
    /// Names of the nodes, in the order of the weights.
    pub nodes: Vec<String>,
    /// The draws.
    pub draws: Vec<Draw>,
}

/// Returns the names of a model's nodes in the order of a draw's weights: group ids,
/// then indicator ids.
pub fn nodes(model: &Model) -> Vec<String> {
    let groups = model.groups.iter().map(|group| group.id.clone());
    groups.chain(model.leaves.iter().map(|leaf| leaf.indicator.clone())).collect()
}

/// Makes `count` draws over the model's open choices; without any, weights move by a quarter.
///
/// # Errors
///
/// More draws than are kept at once, or none.
pub fn draws_from(model: &Model, seed: u64, count: usize) -> Result<Draws, Problem> {
    within_limit(count)?;
    let open = model.uncertainty.clone().unwrap_or_default();
    let sampler = Sampler::new(model, &open, seed);
    let draws = (0..count).map(|index| sampler.draw(index)).collect();
    Ok(Draws { seed: Some(seed), nodes: nodes(model), draws })
}

/// Checks a number of draws.
pub(super) fn within_limit(count: usize) -> Result<(), Problem> {
    if (1..=MOST_DRAWS).contains(&count) {
        return Ok(());
    }
    let (number, most) = (count.to_string(), MOST_DRAWS.to_string());
    let english = "{number} draws; give 1 to {most}";
    Err(Problem::new("draws", english, &[("number", &number), ("most", &most)]))
}

impl Draws {
    /// Puts the weights in the order of a model's nodes, so that they can be run on it.
    ///
    /// A node that the list does not name keeps the model's weight.
    ///
    /// # Errors
    ///
    /// A name that the model does not have, too many draws, a draw with another number
    /// of weights than there are names, a weight that is negative or not a number.
    pub fn for_model(&self, model: &Model) -> Result<Self, Problem> {
        within_limit(self.draws.len())?;
        let wanted = nodes(model);
        let own = Draw::of(model).weights;
        let mut places = Vec::with_capacity(self.nodes.len());
        for name in &self.nodes {
            let leaf = |leaf: &crate::Leaf| leaf.code.as_ref() == Some(name);
            let place = wanted
                .iter()
                .position(|node| node == name)
                .or_else(|| model.leaves.iter().position(leaf).map(|at| model.groups.len() + at));
            places.push(place.ok_or_else(|| {
                let english = "the model has no group or indicator `{name}` to weigh";
                Problem::new("unknown_node", english, &[("name", name)])
            })?);
        }
        let mut draws = Vec::with_capacity(self.draws.len());
        for draw in &self.draws {
            let mut weights = own.clone();
            if draw.weights.len() != places.len() {
                return Err(weight_count(draw.weights.len(), places.len()));
            }
            for (place, weight) in places.iter().zip(&draw.weights) {
                weights[*place] = checked_weight(&wanted[*place], *weight)?;
            }
            draws.push(Draw { weights, ..draw.clone() });
        }
        Ok(Self { seed: self.seed, nodes: wanted, draws })
    }
}

/// States that a draw has another number of weights than there are nodes.
pub(super) fn weight_count(found: usize, wanted: usize) -> Problem {
    let (found, wanted) = (found.to_string(), wanted.to_string());
    let english = "a draw has {found} weights for {wanted} nodes";
    Problem::new("draw_weights", english, &[("found", &found), ("wanted", &wanted)])
}

fn checked_weight(name: &str, weight: f64) -> Result<f64, Problem> {
    if crate::model::is_weight(weight) {
        return Ok(weight);
    }
    let number = weight.to_string();
    let english = "the weight of `{name}` in a draw is {number}; give 0 or more";
    Err(Problem::new("draw_weight", english, &[("name", name), ("number", &number)]))
}

/// Moves a weight by up to a share of itself: w (1 + spread (2u - 1)) for an even number u,
/// as COINr's noisy weights (Becker et al. 2022).
pub fn moved(weight: f64, spread: f64, even: f64) -> f64 {
    weight * (1.0 + spread * (2.0 * even - 1.0))
}

/// Makes draws one by one.
#[derive(Debug, Clone)]
pub struct Sampler {
    seed: u64,
    nominal: Draw,
    /// By node: shape of its gamma number and what that is multiplied by.
    gammas: Vec<(f64, f64)>,
    spread: WeightSpread,
    open: Open,
}

/// The choices to draw from, each as likely.
#[derive(Debug, Clone)]
struct Open {
    normalisation: Vec<NormalisationChoice>,
    aggregation: Vec<AggregationChoice>,
    treatment: Vec<TreatmentChoice>,
    missing: Vec<MissingChoice>,
}

impl Sampler {
    /// Prepares draws over `open` around a model's weights.
    pub fn new(model: &Model, open: &Uncertainty, seed: u64) -> Self {
        Self {
            seed,
            nominal: Draw::of(model),
            gammas: gammas(model, open.weights.spread),
            spread: open.weights,
            open: Open {
                normalisation: open.normalisation.clone(),
                aggregation: open.aggregation.clone(),
                treatment: open.treatment.clone(),
                missing: open.missing.clone(),
            },
        }
    }

    /// Makes a draw; 0 is the model itself.
    pub fn draw(&self, index: usize) -> Draw {
        let mut draw = self.nominal.clone();
        self.make(index, &mut draw);
        draw
    }

    /// Makes a draw in the place of another of the same model.
    pub(super) fn make(&self, index: usize, draw: &mut Draw) {
        if index == 0 {
            draw.clone_from(&self.nominal);
            return;
        }
        draw.index = index;
        self.sample(Source::new(self.seed, index as u32), draw);
    }

    /// Moves every weight and makes every choice with the numbers of `source`.
    pub(super) fn sample(&self, source: Source, draw: &mut Draw) {
        for (node, weight) in draw.weights.iter_mut().enumerate().skip(1) {
            *weight = self.weight(&source, node);
        }
        draw.normalisation = chosen(&source, 0, &self.open.normalisation);
        draw.aggregation = chosen(&source, 1, &self.open.aggregation);
        draw.treatment = chosen(&source, 2, &self.open.treatment);
        draw.missing = chosen(&source, 3, &self.open.missing);
    }

    fn weight(&self, source: &Source, node: usize) -> f64 {
        let own = self.nominal.weights[node];
        let (shape, scale) = self.gammas[node];
        match self.spread.shape {
            SpreadShape::Dirichlet if scale > 0.0 => {
                scale * source.gamma(Use::Weight, node as u32, shape)
            }
            SpreadShape::Dirichlet => own,
            SpreadShape::Uniform => {
                moved(own, self.spread.spread, source.uniform(Use::Weight, node as u32))
            }
        }
    }
}

fn chosen<T: Copy>(source: &Source, place: u32, from: &[T]) -> T {
    from[source.below(Use::Choice, place, from.len())]
}

/// Returns each node's gamma shape and factor for weights that are Dirichlet among siblings.
///
/// A share p among k siblings under the concentration c has the variance p (1 - p) / (c + 1);
/// c is set so that p = 1 / k has the coefficient of variation `spread`. Gamma numbers of
/// shape c p divided by their sum are Dirichlet (Devroye 1986), and means divide by it.
/// A node without siblings keeps its weight.
fn gammas(model: &Model, spread: f64) -> Vec<(f64, f64)> {
    /// Least concentration, where all weight falls to one sibling.
    const LEAST: f64 = 0.01;
    let own = Draw::of(model).weights;
    let mut gammas = vec![(0.0, 0.0); own.len()];
    for children in children_of(model) {
        let places: Vec<usize> =
            children.nodes().map(|node| node.place(model.groups.len())).collect();
        let sum: f64 = places.iter().map(|place| own[*place]).sum();
        let weighed = places.iter().filter(|place| own[**place] > 0.0).count() as f64;
        if spread <= 0.0 || weighed < 2.0 {
            continue;
        }
        let concentration = ((weighed - 1.0) / (spread * spread) - 1.0).max(LEAST);
        for place in places.into_iter().filter(|place| own[*place] > 0.0) {
            gammas[place] = (concentration * own[place] / sum, sum / concentration);
        }
    }
    gammas
}
