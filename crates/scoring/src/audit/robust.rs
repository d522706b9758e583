//! What of a ranking stands without weights, under other methods, and when somebody leaves.

use serde::Serialize;

use crate::aggregate::{Child, aggregate, relational};
use crate::doubt::dominance::{dominance, robust_core};
use crate::doubt::reversal::transitivity;
use crate::model::{Aggregation, Model, Preference, Problem};
use crate::rank::competition_ranks;
use crate::run::{Matrix, Run};
use crate::statistics::kendall;

/// How much of a ranking does not hang on weights, methods and company.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Robustness {
    /// Ranked units that are looked at.
    pub units: usize,
    /// Pairs of which one is at least as good in every indicator that both have.
    pub dominated_pairs: usize,
    /// Those as a share of all pairs.
    pub dominated_share: f64,
    /// Positions of the units that nobody dominates.
    pub front: Vec<usize>,
    /// The dimensions weighed together by other methods.
    pub methods: Vec<OtherMethod>,
    /// Place from the top that the core is about.
    pub core_top: usize,
    /// Positions of the units within it under the model and every other method.
    pub core: Vec<usize>,
    /// How many are within it under at least one.
    pub ever: usize,
    /// What happens when a unit leaves.
    pub leaving: Leaving,
    /// Threes of units that go in a circle when every pair is ranked alone.
    pub circles: usize,
    /// Whether the pairs put the units in the order of the ranking.
    pub pairs_rebuild_the_ranking: bool,
}

/// The ranking by another method at the root.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherMethod {
    /// Name of the method, as in model files.
    pub method: &'static str,
    /// Kendall's correlation of its places with the model's.
    pub kendall: Option<f64>,
    /// How many of the model's first [`Robustness::core_top`] are among its own.
    pub shared_top: usize,
}

/// What leaving out one unit at a time does to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Leaving {
    /// How many were left out, one at a time.
    pub tried: usize,
    /// In how many cases two of the others changed places.
    pub reordered: usize,
    /// The most places that one of the others moved.
    pub furthest: usize,
}

impl Robustness {
    /// Looks at the units that `run` ranks.
    ///
    /// # Errors
    ///
    /// More units than can be compared pair by pair.
    pub fn new(
        model: &Model,
        matrix: &Matrix,
        run: &Run,
        core_top: usize,
    ) -> Result<Self, Problem> {
        let scores = run.scores(model);
        let ranked: Vec<usize> = (0..scores.len()).filter(|at| scores[*at].is_some()).collect();
        let leaves: Vec<Vec<Option<f64>>> =
            run.normalised.iter().map(|column| of_units(column, &ranked)).collect();
        let found = dominance(&slices(&leaves))?;
        let dimensions = Dimensions::new(model, run, &ranked);
        let own = competition_ranks(&of_units(&scores, &ranked));
        let mut rankings = vec![own.clone()];
        let mut methods = Vec::new();
        for (name, method) in others() {
            let ranks = competition_ranks(&dimensions.weighed(&method)?);
            methods.push(OtherMethod {
                method: name,
                kendall: kendall(&places(&own), &places(&ranks)),
                shared_top: shared(&own, &ranks, core_top),
            });
            rankings.push(ranks);
        }
        let views: Vec<&[Option<usize>]> = rankings.iter().map(Vec::as_slice).collect();
        let core = robust_core(&views, core_top);
        let root = &model.groups[0].aggregation;
        let pairs = transitivity(
            &|columns| weigh(root, columns, &dimensions.weights).unwrap_or_default(),
            &slices(&dimensions.columns),
        )?;
        let all = ranked.len() * ranked.len().saturating_sub(1) / 2;
        let named = |positions: Vec<usize>| positions.into_iter().map(|at| ranked[at]).collect();
        Ok(Self {
            units: ranked.len(),
            dominated_pairs: found.pairs.len(),
            dominated_share: if all > 0 { found.pairs.len() as f64 / all as f64 } else { 0.0 },
            front: named(found.front),
            methods,
            core_top,
            core: named(core.in_all),
            ever: core.in_some.len(),
            leaving: leaving(model, matrix, &ranked),
            circles: pairs.circles,
            pairs_rebuild_the_ranking: pairs.rebuilds_the_ranking,
        })
    }
}

/// The root's children: their values among the ranked units, and their weights.
struct Dimensions {
    columns: Vec<Vec<Option<f64>>>,
    weights: Vec<f64>,
}

impl Dimensions {
    fn new(model: &Model, run: &Run, ranked: &[usize]) -> Self {
        let groups = model.dimensions().map(|at| (&run.groups[at], model.groups[at].weight));
        let leaves = model.leaves.iter().zip(&run.normalised);
        let leaves = leaves.filter(|(leaf, _)| leaf.parent == 0);
        let all = groups.chain(leaves.map(|(leaf, column)| (column, leaf.weight)));
        let (columns, weights) =
            all.map(|(column, weight)| (of_units(column, ranked), weight)).unzip();
        Self { columns, weights }
    }

    fn weighed(&self, method: &Aggregation) -> Result<Vec<Option<f64>>, Problem> {
        weigh(method, &slices(&self.columns), &self.weights)
    }
}

fn weigh(
    method: &Aggregation,
    columns: &[&[Option<f64>]],
    weights: &[f64],
) -> Result<Vec<Option<f64>>, Problem> {
    if method.is_relational() {
        return relational(method, columns, weights);
    }
    let unit = |unit: usize| {
        let child = |(column, weight): (&&[Option<f64>], &f64)| Child {
            value: column[unit],
            weight: *weight,
            most: 100.0,
            most_available: if column[unit].is_some() { 100.0 } else { 0.0 },
        };
        let children: Vec<Child> = columns.iter().zip(weights).map(child).collect();
        aggregate(method, &children)
    };
    Ok((0..columns.first().map_or(0, |column| column.len())).map(unit).collect())
}

fn others() -> [(&'static str, Aggregation); 8] {
    [
        ("arithmetic", Aggregation::Arithmetic {}),
        ("geometric", Aggregation::Geometric { floor: 1.0 }),
        ("harmonic", Aggregation::Harmonic { floor: 1.0 }),
        ("owa", Aggregation::Owa { weights: Vec::new(), orness: Some(0.3) }),
        ("topsis", Aggregation::Topsis {}),
        (
            "promethee_ii",
            Aggregation::PrometheeIi { preference: Preference::Linear, q: 0.05, p: 0.3 },
        ),
        ("vikor", Aggregation::Vikor { v: 0.5 }),
        ("copeland", Aggregation::Copeland {}),
    ]
}

fn of_units(column: &[Option<f64>], units: &[usize]) -> Vec<Option<f64>> {
    units.iter().map(|unit| column[*unit]).collect()
}

fn slices(columns: &[Vec<Option<f64>>]) -> Vec<&[Option<f64>]> {
    columns.iter().map(Vec::as_slice).collect()
}

fn places(ranks: &[Option<usize>]) -> Vec<Option<f64>> {
    ranks.iter().map(|rank| rank.map(|rank| rank as f64)).collect()
}

fn shared(left: &[Option<usize>], right: &[Option<usize>], top: usize) -> usize {
    let within = |rank: &Option<usize>| rank.is_some_and(|rank| rank <= top);
    left.iter().zip(right).filter(|(left, right)| within(left) && within(right)).count()
}

/// Ranks again without each unit in turn, from the raw figures on.
fn leaving(model: &Model, matrix: &Matrix, ranked: &[usize]) -> Leaving {
    let others = matrix.of_units(ranked);
    let before = Run::new(model, &others).scores(model);
    let mut found = Leaving { tried: ranked.len(), reordered: 0, furthest: 0 };
    for left_out in 0..ranked.len() {
        let stay: Vec<usize> = (0..ranked.len()).filter(|at| *at != left_out).collect();
        let after = Run::new(model, &others.of_units(&stay)).scores(model);
        let then: Vec<Option<f64>> = stay.iter().map(|at| before[*at]).collect();
        let moves = competition_ranks(&then).into_iter().zip(competition_ranks(&after));
        let furthest = moves.filter_map(|(then, now)| Some(then?.abs_diff(now?))).max();
        let furthest = furthest.unwrap_or(0);
        found.reordered += usize::from(furthest > 0);
        found.furthest = found.furthest.max(furthest);
    }
    found
}
