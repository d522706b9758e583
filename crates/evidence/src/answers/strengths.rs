//! Where a municipality stands apart from those it is compared with.

use std::collections::BTreeMap;

use scoring::UnitScore;
use scoring::explain::strengths::{Against, Standing, sides, standings};
use serde::Serialize;
use utoipa::ToSchema;

use crate::evidence::{Evidence, Scored};
use crate::texts::Language;

/// How many sides of each kind are told.
const MOST: usize = 3;

/// The strong and the weak sides of a municipality beside one comparison.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Sides {
    /// `country`, or the name of a grouping, such as `county`.
    pub against: String,
    /// What it is compared with.
    pub title: String,
    /// What raises the score most, beside the comparison.
    pub strengths: Vec<Side>,
    /// What lowers it most.
    pub weaknesses: Vec<Side>,
}

/// One indicator beside the comparison.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Side {
    /// Id of the indicator.
    pub id: String,
    /// Short code in the model.
    pub code: Option<String>,
    /// What it is called.
    pub title: String,
    /// Value on the model's scale.
    pub value: f64,
    /// The comparison's value on the same scale.
    pub compared: f64,
    /// The distance times the effective weight: about what it moves the score.
    pub effect: f64,
}

impl Evidence {
    /// Returns the sides beside the country, and beside each group that it belongs to.
    pub(super) fn strengths(
        &self,
        scored: &Scored,
        unit: usize,
        national: &UnitScore,
        language: Language,
    ) -> Vec<Sides> {
        let country: Vec<Option<f64>> = national.leaves.iter().map(|node| node.value).collect();
        let told = |against: &str, title: String, with: Against<'_>| {
            let found = sides(&standings(&scored.model, &scored.scores, unit, with), MOST);
            let side = |standing: &Standing| self.side(scored, standing, language);
            Sides {
                against: against.to_owned(),
                title,
                strengths: found.strengths.iter().map(side).collect(),
                weaknesses: found.weaknesses.iter().map(side).collect(),
            }
        };
        let title = self.say(language, "strengths.country", &[]);
        let mut all = vec![told("country", title, Against::Values(&country))];
        let labels: BTreeMap<_, _> = self.figures.matrix.labels.iter().collect();
        for (label, values) in labels {
            let Some(value) = values.get(unit).and_then(Option::as_ref) else { continue };
            let title = self.group_name(label, value, unit, language);
            all.push(told(label, title, Against::Label(values)));
        }
        all
    }

    fn side(&self, scored: &Scored, standing: &Standing, language: Language) -> Side {
        let leaf = &scored.model.leaves[standing.leaf];
        Side {
            id: leaf.indicator.clone(),
            code: leaf.code.clone(),
            title: self.indicator_title(&leaf.indicator, language),
            value: standing.value,
            compared: standing.compared,
            effect: standing.effect,
        }
    }
}
