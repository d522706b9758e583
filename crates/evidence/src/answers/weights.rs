//! Weights that figures or people propose.

use std::fmt::Write;

use scoring::weigh::ahp::{Judgements, ahp};
use scoring::weigh::critic::{Correlation, Scale, critic};
use scoring::weigh::deviation::{gini, standard_deviation};
use scoring::weigh::entropy::entropy;
use scoring::weigh::merec::merec;
use scoring::weigh::optimise::{balance, infomax};
use scoring::weigh::pca::principal_components;
use scoring::weigh::swing::swing;
use scoring::weigh::{Unweighable, equal};
use scoring::{Column, Model, Problem, Run};
use serde::Serialize;
use utoipa::ToSchema;

use super::SnapshotRef;
use crate::error::{EvidenceError, Part, worded};
use crate::evidence::Evidence;
use crate::question::Question;
use crate::texts::Language;

/// How weights are drawn from figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeighingMethod {
    /// The same for all.
    Equal,
    /// More to what tells units apart.
    Entropy,
    /// More to what differs and is unlike the others.
    Critic,
    /// Squared loadings of the first principal component.
    Pca,
    /// Correlations with the total in proportion to the model's weights.
    Balance,
    /// The largest sum of correlations with the total.
    Infomax,
    /// In proportion to standard deviations.
    Deviation,
    /// In proportion to what is lost without it.
    Merec,
    /// In proportion to Gini coefficients.
    Gini,
}

impl WeighingMethod {
    /// All methods, by the names they are asked for by.
    pub const ALL: [(&'static str, Self); 9] = [
        ("equal", Self::Equal),
        ("entropy", Self::Entropy),
        ("critic", Self::Critic),
        ("pca", Self::Pca),
        ("balance", Self::Balance),
        ("infomax", Self::Infomax),
        ("deviation", Self::Deviation),
        ("merec", Self::Merec),
        ("gini", Self::Gini),
    ];

    /// Returns the method of that name.
    ///
    /// # Errors
    ///
    /// Another name; all are named.
    pub fn named(name: &str) -> Result<Self, EvidenceError> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, method)| *method).ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
            let english = "there is no method `{name}`; choose among {methods}";
            let places = [("name", name), ("methods", &all.join(", "))];
            Part::Weighing.fault()(Problem::new("unknown_weighing", english, &places))
        })
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }

    fn weigh(self, columns: &[&[Option<f64>]], own: &[f64]) -> Result<Vec<f64>, Unweighable> {
        match self {
            Self::Equal => Ok(equal(columns.len())),
            Self::Entropy => entropy(columns),
            Self::Critic => critic(columns, Correlation::default(), Scale::default()),
            Self::Pca => principal_components(columns)?.weights(),
            Self::Balance => balance(columns, own).map(|found| found.weights),
            Self::Infomax => infomax(columns).map(|found| found.weights),
            Self::Deviation => standard_deviation(columns),
            Self::Merec => merec(columns),
            Self::Gini => gini(columns),
        }
    }
}

/// What people judged, as it was written down.
#[derive(Debug, Clone, PartialEq)]
pub enum Judged {
    /// The first matters so many times more than the second.
    Pairs(Vec<(String, String, f64)>),
    /// Points for each swing, 100 for the one that matters most.
    Points(Vec<(String, f64)>),
}

/// Weights that are proposed for a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WeightProposal {
    /// Id of the model.
    pub model: String,
    /// What the model is called.
    pub model_title: String,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// How the weights were found.
    pub method: String,
    /// The same in a sentence.
    pub method_text: String,
    /// Consistency ratio of judgements in pairs; `null` where there is none.
    pub consistency_ratio: Option<f64>,
    /// Group by group, from the root down.
    pub groups: Vec<WeighedGroup>,
    /// The proposal as `rank` takes it.
    pub weights: String,
    /// The proposal as lines of a model file.
    pub toml: String,
}

/// The proposed weights of one group's members.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WeighedGroup {
    /// Key inside the model.
    pub id: String,
    /// What the group is called.
    pub title: String,
    /// Why nothing is proposed here; `null` when something is.
    pub reason: Option<String>,
    /// The members.
    pub members: Vec<WeighedMember>,
}

/// One member of a group with its weights.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WeighedMember {
    /// Group id, or the indicator's short code or id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Weight in the model.
    pub weight: f64,
    /// Proposed weight, in the same unit; `null` where nothing is proposed.
    pub proposed: Option<f64>,
}

/// A member of a group, as a method sees it.
struct Member {
    is_group: bool,
    id: String,
    indicator: String,
    title: String,
    weight: f64,
    column: Column,
}

impl Member {
    fn has_figures(&self) -> bool {
        self.column.iter().any(Option::is_some)
    }
}

impl Evidence {
    /// Proposes weights from the figures, group by group.
    ///
    /// # Errors
    ///
    /// An unknown model.
    pub fn weights(
        &self,
        question: &Question,
        method: WeighingMethod,
    ) -> Result<WeightProposal, EvidenceError> {
        let model = self.scored(question)?.model;
        let language = question.language;
        let run = Run::new(&model, &self.figures.matrix);
        let groups: Vec<(WeighedGroup, Vec<Member>)> = (0..model.groups.len())
            .map(|at| {
                let members = self.members(&model, &run, at, language);
                (self.weighed(&model, (at, &members), method, language), members)
            })
            .filter(|(group, _)| group.members.len() > 1)
            .collect();
        let name = method.name();
        Ok(self.proposal(&model, (name, None), groups, language))
    }

    /// Proposes weights from people's judgements on members of one group.
    ///
    /// # Errors
    ///
    /// An unknown model or name, names of different groups, judgements that are incomplete
    /// or contradict each other too much.
    pub fn judged_weights(
        &self,
        question: &Question,
        judged: &Judged,
    ) -> Result<WeightProposal, EvidenceError> {
        let model = self.scored(question)?.model;
        let language = question.language;
        let run = Run::new(&model, &self.figures.matrix);
        let names = names_of(judged);
        let (at, chosen) = self.siblings(&model, &run, &names, language)?;
        let found = match judged {
            Judged::Pairs(pairs) => from_pairs(&names, pairs),
            Judged::Points(points) => from_points(&names, points),
        };
        let (shares, ratio) = found.map_err(Part::Weighing.fault())?;
        let group = self.group_head(&model, at, &chosen, language);
        let group = propose(group, &chosen, &shares);
        let method =
            if ratio.is_some() || matches!(judged, Judged::Pairs(_)) { "ahp" } else { "swing" };
        Ok(self.proposal(&model, (method, ratio), vec![(group, chosen)], language))
    }

    fn weighed(
        &self,
        model: &Model,
        (at, members): (usize, &[Member]),
        method: WeighingMethod,
        language: Language,
    ) -> WeighedGroup {
        let mut group = self.group_head(model, at, members, language);
        if !model.groups[at].aggregation.uses_weights() {
            group.reason = Some(self.say(language, "weights.unweighed", &[]));
            return group;
        }
        let with: Vec<&Member> =
            members.iter().filter(|one| one.has_figures() && one.weight > 0.0).collect();
        if with.len() < 2 {
            group.reason = Some(self.say(language, "weights.too_few", &[]));
            return group;
        }
        let columns: Vec<&[Option<f64>]> = with.iter().map(|one| one.column.as_ref()).collect();
        let own: Vec<f64> = with.iter().map(|one| one.weight).collect();
        match method.weigh(&columns, &own) {
            Ok(shares) => {
                let mut shares = shares.into_iter();
                let all: Vec<Option<f64>> = members
                    .iter()
                    .map(|one| {
                        let takes_part = one.has_figures() && one.weight > 0.0;
                        takes_part.then(|| shares.next()).flatten()
                    })
                    .collect();
                propose_some(group, members, &all)
            }
            Err(fault) => {
                let names: Vec<&str> = with.iter().map(|one| one.id.as_str()).collect();
                let units: Vec<&str> =
                    self.municipalities.iter().map(|place| place.display_name.as_str()).collect();
                let problem = fault.problem(&names, &units);
                group.reason = Some(worded(&problem, &self.texts, language));
                group
            }
        }
    }

    fn group_head(
        &self,
        model: &Model,
        at: usize,
        members: &[Member],
        language: Language,
    ) -> WeighedGroup {
        let group = &model.groups[at];
        WeighedGroup {
            id: group.id.clone(),
            title: group.title.in_language(language.code()).to_owned(),
            reason: None,
            members: members
                .iter()
                .map(|one| WeighedMember {
                    id: one.id.clone(),
                    title: one.title.clone(),
                    weight: one.weight,
                    proposed: None,
                })
                .collect(),
        }
    }

    fn members(&self, model: &Model, run: &Run, at: usize, language: Language) -> Vec<Member> {
        let groups = model.groups.iter().enumerate().filter(|(_, group)| group.parent == Some(at));
        let groups = groups.map(|(position, group)| Member {
            is_group: true,
            id: group.id.clone(),
            indicator: group.id.clone(),
            title: group.title.in_language(language.code()).to_owned(),
            weight: group.weight,
            column: Column::clone(&run.groups[position]),
        });
        let leaves = model.leaves.iter().enumerate().filter(|(_, leaf)| leaf.parent == at);
        let leaves = leaves.map(|(position, leaf)| Member {
            is_group: false,
            id: leaf.code.clone().unwrap_or_else(|| leaf.indicator.clone()),
            indicator: leaf.indicator.clone(),
            title: self.indicator_title(&leaf.indicator, language),
            weight: leaf.weight,
            column: Column::clone(&run.normalised[position]),
        });
        groups.chain(leaves).collect()
    }

    /// Finds named members of one group, in the order of the names.
    fn siblings(
        &self,
        model: &Model,
        run: &Run,
        names: &[String],
        language: Language,
    ) -> Result<(usize, Vec<Member>), EvidenceError> {
        let fault = Part::Weighing.fault();
        let is = |one: &Member, name: &str| one.id == name || one.indicator == name;
        for at in 0..model.groups.len() {
            let mut members = self.members(model, run, at, language);
            let Some(first) = names.first() else { break };
            if !members.iter().any(|one| is(one, first)) {
                continue;
            }
            let mut chosen = Vec::with_capacity(names.len());
            for name in names {
                let Some(found) = members.iter().position(|one| is(one, name)) else {
                    let english = "`{name}` is not beside `{first}` in the model; judge members of one group at a time";
                    let places = [("name", name.as_str()), ("first", first)];
                    return Err(fault(Problem::new("judged_strangers", english, &places)));
                };
                chosen.push(members.remove(found));
            }
            return Ok((at, chosen));
        }
        let name = names.first().map_or("", String::as_str);
        let english = "the model has no group or indicator `{name}` to weigh";
        Err(fault(Problem::new("unknown_node", english, &[("name", name)])))
    }

    fn proposal(
        &self,
        model: &Model,
        (method, ratio): (&str, Option<f64>),
        groups: Vec<(WeighedGroup, Vec<Member>)>,
        language: Language,
    ) -> WeightProposal {
        let mut weights: Vec<String> = Vec::new();
        let mut toml = String::new();
        for (group, members) in &groups {
            for (weighed, member) in group.members.iter().zip(members) {
                let Some(proposed) = weighed.proposed else { continue };
                let number = short(proposed);
                weights.push(format!("{}:{number}", weighed.id));
                let head = if member.is_group { "[[group]]" } else { "[[indicator]]" };
                let _ =
                    writeln!(toml, "{head}\nid = \"{}\"\nweight = {number}\n", member.indicator);
            }
        }
        WeightProposal {
            model: model.id.clone(),
            model_title: model.title.in_language(language.code()).to_owned(),
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            method: method.to_owned(),
            method_text: self.say(language, &format!("weights.method.{method}"), &[]),
            consistency_ratio: ratio,
            groups: groups.into_iter().map(|(group, _)| group).collect(),
            weights: weights.join(","),
            toml,
        }
    }
}

/// Writes a weight in at most four decimals.
fn short(weight: f64) -> String {
    let text = format!("{weight:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn propose(group: WeighedGroup, members: &[Member], shares: &[f64]) -> WeighedGroup {
    let shares: Vec<Option<f64>> = shares.iter().copied().map(Some).collect();
    propose_some(group, members, &shares)
}

/// Sets shares on the unit of the model's weights, so that the two can be compared.
fn propose_some(
    mut group: WeighedGroup,
    members: &[Member],
    shares: &[Option<f64>],
) -> WeighedGroup {
    let part = members.iter().zip(shares).filter(|(_, share)| share.is_some());
    let whole: f64 = part.map(|(one, _)| one.weight).sum();
    for (member, share) in group.members.iter_mut().zip(shares) {
        member.proposed = share.map(|share| share * whole);
    }
    group
}

/// Returns the names that are judged, each once, in the order of their first mention.
fn names_of(judged: &Judged) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &String| {
        if !names.contains(name) {
            names.push(name.clone());
        }
    };
    match judged {
        Judged::Pairs(pairs) => pairs.iter().for_each(|(first, second, _)| {
            add(first);
            add(second);
        }),
        Judged::Points(points) => points.iter().for_each(|(name, _)| add(name)),
    }
    names
}

fn from_pairs(
    names: &[String],
    pairs: &[(String, String, f64)],
) -> Result<(Vec<f64>, Option<f64>), Problem> {
    let at = |name: &String| names.iter().position(|known| known == name).unwrap_or_default();
    let numbered: Vec<(usize, usize, f64)> =
        pairs.iter().map(|(first, second, times)| (at(first), at(second), *times)).collect();
    let spoken: Vec<&str> = names.iter().map(String::as_str).collect();
    let judgements =
        Judgements::from_pairs(names.len(), &numbered).map_err(|fault| fault.problem(&spoken))?;
    let found = ahp(&judgements);
    match found.problem(&spoken).filter(|_| found.is_contradictory()) {
        Some(problem) => Err(problem),
        None => Ok((found.weights, found.ratio)),
    }
}

fn from_points(
    names: &[String],
    points: &[(String, f64)],
) -> Result<(Vec<f64>, Option<f64>), Problem> {
    if let Some((name, _)) = points.get(names.len()) {
        let english = "`{name}` has points more than once";
        return Err(Problem::new("judged_twice", english, &[("name", name)]));
    }
    let spoken: Vec<&str> = names.iter().map(String::as_str).collect();
    let given: Vec<f64> = points.iter().map(|(_, points)| *points).collect();
    swing(&given).map(|weights| (weights, None)).map_err(|fault| fault.problem(&spoken))
}
