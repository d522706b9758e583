//! The municipalities that are most like one.

use std::collections::BTreeMap;

use scoring::peers::{COMMON_MINIMUM, Criterion, Likeness, Neighbour, Standardised, group_ranks};
use scoring::{Groups, Model, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::{SnapshotRef, localised};
use crate::error::{EvidenceError, Part};
use crate::evidence::{Evidence, Scored};
use crate::question::Question;
use crate::texts::Language;

/// What is asked of peers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeersAsked {
    /// How many; ten when absent.
    pub count: Option<usize>,
    /// Only among those of the same group: the name of a label, such as `county`.
    pub within: Option<String>,
}

/// The municipalities nearest to one, by a stated distance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PeerList {
    /// Id of the model whose indicators and weights make the distance.
    pub model: String,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// What the distance is, and what is not known.
    pub notes: Vec<String>,
    /// Name of the group that the peers are among; `null` for the whole country.
    pub within: Option<String>,
    /// What the distance is made of.
    pub criteria: Vec<PeerCriterion>,
    /// The groups that the municipality belongs to, with its place in each.
    pub groups: Vec<PeerGroup>,
    /// The nearest first.
    pub peers: Vec<Peer>,
}

/// An indicator of the distance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PeerCriterion {
    /// Id of the indicator.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its weight, in any unit.
    pub weight: f64,
}

/// A group that a municipality belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PeerGroup {
    /// Name of the grouping, such as `county`.
    pub label: String,
    /// Name of the group.
    pub group: String,
    /// Place inside the group, 1 for the highest score; `null` when not ranked.
    pub rank: Option<usize>,
    /// How many of the group are ranked.
    pub of: usize,
}

/// A municipality near another.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Peer {
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Name of the county.
    pub county_name: String,
    /// Distance in standard deviations.
    pub distance: f64,
    /// Share of the weight that both have figures for, 0 to 1.
    pub common: f64,
    /// Place in the country; `null` when not ranked.
    pub rank: Option<usize>,
    /// Score; `null` when not ranked.
    pub score: Option<f64>,
    /// What the squared distance is made of, the largest share first.
    pub shares: Vec<PeerShare>,
}

/// One indicator's share of a distance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PeerShare {
    /// Id of the indicator.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Share of the squared distance, 0 to 1; `null` where one of the two has a gap.
    pub share: Option<f64>,
}

/// How many are listed unless asked for otherwise.
const COUNT: usize = 10;

/// Name of the grouping that today's sources lack.
const KOSTRA: &str = "kostra_group";

impl Evidence {
    /// Finds the municipalities that are most like one.
    ///
    /// The question's weights are of the distance: by group, code or id of the model, or by
    /// the id of any indicator there is.
    ///
    /// # Errors
    ///
    /// An unknown municipality, model, indicator or grouping; weights that cannot be used.
    pub fn peers(
        &self,
        municipality: &str,
        asked: &PeersAsked,
        question: &Question,
    ) -> Result<PeerList, EvidenceError> {
        let found = self.find(municipality)?;
        let unit = self.figures.position(&found.municipality_code).unwrap_or_default();
        let language = question.language;
        let plain = Question { weights: Vec::new(), ..question.clone() };
        let scored = self.scored(&plain)?;
        let weights = self.distance_weights(&scored.model, &question.weights)?;
        let criteria = self.criteria(&weights);
        let likeness = Likeness::new(&criteria, Standardised::ZScores, COMMON_MINIMUM)
            .map_err(Part::Peers.fault())?;
        let count = asked.count.unwrap_or(COUNT);
        let mut near = likeness.nearest(unit, self.municipalities.len());
        if let Some(label) = &asked.within {
            let groups = self.grouping(label)?;
            near.retain(|one| {
                groups.of[one.unit].is_some() && groups.of[one.unit] == groups.of[unit]
            });
        }
        near.truncate(count);
        let heads: Vec<PeerCriterion> = criteria
            .iter()
            .map(|one| PeerCriterion {
                id: one.id.to_owned(),
                title: self.indicator_title(one.id, language),
                weight: one.weight,
            })
            .collect();
        Ok(PeerList {
            model: scored.model.id.clone(),
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            municipality_code: found.municipality_code,
            name: self.municipalities[unit].display_name.clone(),
            notes: self.peer_notes(language),
            within: asked.within.clone(),
            groups: self.own_groups(&scored, unit, language),
            peers: near.iter().map(|one| self.peer(&scored, one, &heads)).collect(),
            criteria: heads,
        })
    }

    /// Returns the weights of the distance by indicator: the model's, as they are set otherwise.
    fn distance_weights(
        &self,
        model: &Model,
        asked: &[(String, f64)],
    ) -> Result<Vec<(String, f64)>, EvidenceError> {
        let is_node = |name: &str| {
            model.groups.iter().skip(1).any(|group| group.id == name)
                || model
                    .leaves
                    .iter()
                    .any(|leaf| leaf.indicator == name || leaf.code.as_deref() == Some(name))
        };
        let (nodes, others): (Vec<_>, Vec<_>) =
            asked.iter().cloned().partition(|(name, _)| is_node(name));
        if let Some((name, _)) =
            others.iter().find(|(name, _)| !self.pack.indicators.contains_key(name))
        {
            return Err(self.unknown_indicator(name));
        }
        let model =
            model.with_weights(&nodes).map_err(|error| EvidenceError::Weights(error.problem))?;
        let shares = model.effective_weights();
        let leaves = model.leaves.iter().zip(shares);
        // In percent, so that an indicator from outside the model can be weighed beside them.
        let own = leaves.map(|(leaf, share)| (leaf.indicator.clone(), 100.0 * share));
        Ok(own.chain(others).collect())
    }

    fn criteria<'a>(&'a self, weights: &'a [(String, f64)]) -> Vec<Criterion<'a>> {
        let columns = &self.figures.matrix.columns;
        weights
            .iter()
            .filter_map(|(id, weight)| {
                let column = columns.get(id)?;
                Some(Criterion { id, column, weight: *weight })
            })
            .collect()
    }

    /// Returns the groups of a label.
    pub(crate) fn grouping(&self, label: &str) -> Result<Groups, EvidenceError> {
        let labels = &self.figures.matrix.labels;
        self.figures.matrix.groups(label).ok_or_else(|| {
            let mut known: Vec<&str> = labels.keys().map(String::as_str).collect();
            known.sort_unstable();
            let known = known.join(", ");
            let places = [("label", label), ("labels", known.as_str())];
            let english = match label {
                KOSTRA => "the snapshot has no KOSTRA groups; choose among {labels}",
                _ => "there is no grouping `{label}`; choose among {labels}",
            };
            let key = if label == KOSTRA { "no_kostra_groups" } else { "unknown_grouping" };
            Part::Peers.fault()(Problem::new(key, english, &places))
        })
    }

    fn peer_notes(&self, language: Language) -> Vec<String> {
        let mut notes = vec![self.say(language, "peers.distance", &[])];
        if !self.figures.matrix.labels.contains_key(KOSTRA) {
            notes.push(self.say(language, "peers.no_kostra", &[]));
        }
        notes
    }

    fn own_groups(&self, scored: &Scored, unit: usize, language: Language) -> Vec<PeerGroup> {
        let scores: Vec<Option<f64>> = scored.scores.units.iter().map(|unit| unit.score).collect();
        let labels: BTreeMap<_, _> = self.figures.matrix.labels.iter().collect();
        let group = |label: &String, values: &[Option<String>]| {
            let value = values.get(unit)?.as_ref()?;
            let groups = Groups::new(values);
            let ranks = group_ranks(&scores, &groups);
            let own = groups.of[unit];
            let members = (0..scores.len()).filter(|at| groups.of[*at] == own);
            Some(PeerGroup {
                label: label.clone(),
                group: self.group_name(label, value, unit, language),
                rank: ranks[unit].map(|place| place.rank),
                of: members.filter(|at| scores[*at].is_some()).count(),
            })
        };
        labels.into_iter().filter_map(|(label, values)| group(label, values)).collect()
    }

    /// Names a group as people do.
    pub(super) fn group_name(
        &self,
        label: &str,
        value: &str,
        unit: usize,
        language: Language,
    ) -> String {
        match label {
            "county" => self.municipalities[unit].county_name.clone(),
            "centrality" => self.say(language, "peers.centrality", &[("class", value)]),
            _ => value.to_owned(),
        }
    }

    pub(super) fn indicator_title(&self, id: &str, language: Language) -> String {
        let indicator = self.pack.indicators.get(id);
        indicator.map_or(id, |indicator| localised(&indicator.title, language)).to_owned()
    }

    fn peer(&self, scored: &Scored, near: &Neighbour, criteria: &[PeerCriterion]) -> Peer {
        let place = &self.municipalities[near.unit];
        let result = &scored.scores.units[near.unit];
        let mut shares: Vec<PeerShare> = criteria
            .iter()
            .zip(&near.shares)
            .filter(|(criterion, _)| criterion.weight > 0.0)
            .map(|(criterion, share)| PeerShare {
                id: criterion.id.clone(),
                title: criterion.title.clone(),
                share: *share,
            })
            .collect();
        let size = |one: &PeerShare| one.share.unwrap_or(-1.0);
        shares.sort_by(|left, right| size(right).total_cmp(&size(left)));
        Peer {
            municipality_code: place.municipality_code.clone(),
            name: place.display_name.clone(),
            county_name: place.county_name.clone(),
            distance: near.distance,
            common: near.common,
            rank: result.rank,
            score: result.score,
            shares,
        }
    }
}
