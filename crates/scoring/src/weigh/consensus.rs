//! One set of weights out of several people's.

use crate::Problem;

/// What several people agree on, and how far apart they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Consensus {
    /// The geometric mean, summing to 1.
    pub weights: Vec<f64>,
    /// Lowest weight that anybody gives each criterion.
    pub lowest: Vec<f64>,
    /// Highest weight that anybody gives each criterion.
    pub highest: Vec<f64>,
    /// For each person, the share of all weight that would have to move to get to the consensus.
    pub distances: Vec<f64>,
}

/// Why people's weights cannot be brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsensusFault {
    /// Nobody gave weights, or no criterion is weighed.
    #[error("nobody gave weights")]
    Nobody,
    /// Somebody weighs another number of criteria than the first.
    #[error("person {person} weighs another number of criteria")]
    Length {
        /// Who, from 0.
        person: usize,
    },
    /// A weight of 0 or below, which the geometric mean cannot take: one person
    /// would decide alone that the criterion does not count.
    #[error("person {person} gives criterion {criterion} no weight above 0")]
    NotPositive {
        /// Who, from 0.
        person: usize,
        /// What, from 0.
        criterion: usize,
    },
}

impl ConsensusFault {
    /// Says the same of named people and criteria.
    pub fn problem(&self, people: &[&str], criteria: &[&str]) -> Problem {
        let name = |names: &[&str], at: usize| names.get(at).copied().unwrap_or("?").to_owned();
        match self {
            Self::Nobody => Problem::new("consensus_nobody", "nobody gave weights", &[]),
            Self::Length { person } => Problem::new(
                "consensus_length",
                "{person} weighs another number of criteria than the others",
                &[("person", &name(people, *person))],
            ),
            Self::NotPositive { person, criterion } => Problem::new(
                "consensus_not_positive",
                "{person} gives {criterion} no weight and would decide alone; give it a little or leave the criterion out for all",
                &[("person", &name(people, *person)), ("criterion", &name(criteria, *criterion))],
            ),
        }
    }
}

/// Returns the geometric mean of several people's weights (Forman & Peniwati 1998).
///
/// Each person counts the same, and so do proportions: whether weights sum to
/// 1 or to 100 has no influence.
///
/// # Errors
///
/// Nobody, different numbers of criteria, or a weight that is not above 0.
pub fn consensus(people: &[&[f64]]) -> Result<Consensus, ConsensusFault> {
    let count = people.first().map_or(0, |person| person.len());
    if count == 0 {
        return Err(ConsensusFault::Nobody);
    }
    for (person, weights) in people.iter().enumerate() {
        if weights.len() != count {
            return Err(ConsensusFault::Length { person });
        }
        let unfit = |weight: &f64| !(weight.is_finite() && *weight > 0.0);
        if let Some(criterion) = weights.iter().position(unfit) {
            return Err(ConsensusFault::NotPositive { person, criterion });
        }
    }
    let shares: Vec<Vec<f64>> = people
        .iter()
        .map(|weights| {
            let all: f64 = weights.iter().sum();
            weights.iter().map(|weight| weight / all).collect()
        })
        .collect();
    let of_all = |at: usize| shares.iter().map(move |shares| shares[at]);
    let means: Vec<f64> = (0..count)
        .map(|at| libm::exp(of_all(at).map(libm::log).sum::<f64>() / people.len() as f64))
        .collect();
    let all: f64 = means.iter().sum();
    let weights: Vec<f64> = means.into_iter().map(|mean| mean / all).collect();
    let distance = |shares: &Vec<f64>| {
        shares.iter().zip(&weights).map(|(own, mean)| (own - mean).abs()).sum::<f64>() / 2.0
    };
    Ok(Consensus {
        lowest: (0..count).map(|at| of_all(at).fold(f64::INFINITY, f64::min)).collect(),
        highest: (0..count).map(|at| of_all(at).fold(0.0, f64::max)).collect(),
        distances: shares.iter().map(distance).collect(),
        weights,
    })
}
