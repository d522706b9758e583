//! The objects that answer questions, one shape for command line and HTTP.
//!
//! Numbers are unrounded; the reader rounds. An absent number is `null` and
//! always has a reason beside it.

mod audit;
mod break_even;
mod changes;
mod compare;
mod explain;
mod flags;
mod indicators;
mod models;
mod peers;
mod rank;
mod sensitivity;
mod snapshot;
mod strengths;
mod uncertainty;
mod weights;
mod whatif;
mod years;

use std::collections::BTreeMap;

use ::indicators::Availability;
use scoring::{Model, NotRanked, UnitScore};
use serde::Serialize;
use utoipa::ToSchema;

use crate::evidence::Evidence;
use crate::texts::Language;

pub use audit::{Audit, AuditedPlace, MethodBeside, RemovedPart, RobustnessReport};
pub use break_even::{Overtaking, TippingPoint};
pub use changes::{ChangePart, ChangeSince, ChangeStep};
pub use compare::{ComparedModel, ComparedMunicipality, ComparedPair, ModelComparison, TopOverlap};
pub use explain::{ExplainedDimension, ExplainedIndicator, Explanation, ScoreRange};
pub use flags::{ClearFlag, FlagList, MunicipalityFlags, RaisedFlag, UnknownFlag};
pub use indicators::{IndicatorEntry, IndicatorList, IndicatorValues, MunicipalityValue};
pub use models::{
    CoverageRules, ModelCheck, ModelDetail, ModelEntry, ModelGroup, ModelIndicator, ModelList,
    ModelTier,
};
pub use peers::{Peer, PeerCriterion, PeerGroup, PeerList, PeerShare, PeersAsked};
pub use rank::{DimensionHead, DimensionScore, FlagMark, MunicipalityScore, Ranking};
pub use sensitivity::{SensitivityInput, SensitivityReport};
pub use snapshot::{MunicipalityEntry, MunicipalityList, SnapshotRef, SnapshotReport, SourceEntry};
pub use strengths::{Side, Sides};
pub use uncertainty::{
    MunicipalityInterval, OpenChoices, RankInterval, RankIntervals, RankingUncertainty,
    RobustTierHead, TopShare, WeightMoves,
};
pub use weights::{Judged, WeighedGroup, WeighedMember, WeighingMethod, WeightProposal};
pub use whatif::{Passed, Setting, Standing, WeightSetting, WhatIf};
pub(crate) use years::History;
pub use years::{
    BackTestList, FlagBackTest, MunicipalityYears, YearHead, YearStanding, YearsReport,
};

/// Where a number comes from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Receipt {
    /// Table or page of the first measure.
    pub table: String,
    /// What was asked of it.
    pub selection: String,
    /// Who published it.
    pub publisher: String,
    /// Licence.
    pub licence: String,
    /// Day or period to which the source refers; `null` when not in the snapshot.
    pub reference_date: Option<String>,
    /// SHA-256 of the measure's figures in the snapshot; `null` when not in it.
    pub checksum: Option<String>,
    /// File of the SQL that computes the indicator.
    pub sql: String,
    /// All measures that the indicator reads.
    pub measures: Vec<MeasureReceipt>,
}

/// Where one measure comes from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MeasureReceipt {
    /// Name of the measure.
    pub measure: String,
    /// What it is called.
    pub title: String,
    /// Table or page.
    pub table: String,
    /// What was asked of it.
    pub selection: String,
    /// Who published it.
    pub publisher: String,
    /// Licence.
    pub licence: String,
    /// Day or period to which the source refers.
    pub reference_date: Option<String>,
    /// How the figures reached the snapshot.
    pub retrieved_via: Option<String>,
    /// SHA-256 of the measure's figures in the snapshot.
    pub checksum: Option<String>,
    /// What to be careful with, in the words of the measure's dictionary.
    pub caveat: Option<String>,
    /// What the municipality's figure was made of, where it is not what was published.
    pub as_published: Option<String>,
    /// Whether the snapshot holds it.
    pub in_snapshot: bool,
}

impl Evidence {
    /// Says `key` in the language of the answer.
    pub(crate) fn say(&self, language: Language, key: &str, places: &[(&str, &str)]) -> String {
        self.texts.say(language, key, places)
    }

    /// Says in one sentence why a municipality has no rank.
    fn reason(&self, model: &Model, unit: &UnitScore, language: Language) -> Option<String> {
        let sentences: Vec<String> = unit
            .reasons
            .iter()
            .map(|reason| match reason {
                NotRanked::DimensionTooThin { dimension, coverage, minimum } => self.say(
                    language,
                    "reason.dimension",
                    &[
                        ("dimension", model.groups[*dimension].title.in_language(language.code())),
                        ("coverage", &language.percent(*coverage)),
                        ("minimum", &language.percent(*minimum)),
                    ],
                ),
                NotRanked::TotalTooThin { coverage, minimum } => self.say(
                    language,
                    "reason.total",
                    &[
                        ("coverage", &language.percent(*coverage)),
                        ("minimum", &language.percent(*minimum)),
                    ],
                ),
                NotRanked::ScreenedOut { share, minimum } => self.say(
                    language,
                    "reason.screened",
                    &[
                        ("share", &language.percent(*share)),
                        ("minimum", &language.percent(*minimum)),
                    ],
                ),
                NotRanked::NoData => self.say(language, "reason.no_data", &[]),
            })
            .collect();
        (!sentences.is_empty()).then(|| sentences.join("; "))
    }

    /// Says why nobody has an indicator; `None` when somebody has.
    fn unavailable(&self, indicator: &str, language: Language) -> Option<String> {
        let series = self.figures.series(indicator)?;
        match &series.availability {
            Availability::Available => None,
            Availability::NoValues => Some(self.say(language, "unavailable.no_values", &[])),
            Availability::MeasuresMissing(missing) => {
                let describe = |id: &String| {
                    let Some(measure) = self.pack.measures.get(id) else { return id.clone() };
                    let pending = localised(&measure.pending, language);
                    let known = [measure.table.as_str(), pending];
                    let known: Vec<&str> =
                        known.into_iter().filter(|part| !part.is_empty()).collect();
                    known.join(" – ")
                };
                let mut tables: Vec<String> = missing.iter().map(describe).collect();
                tables.dedup();
                let places = [("measures", tables.join("; "))];
                let places: Vec<(&str, &str)> =
                    places.iter().map(|(name, value)| (*name, value.as_str())).collect();
                Some(self.say(language, "unavailable.measures", &places))
            }
        }
    }

    /// Returns what a reader must know before using the model.
    fn notes(&self, model: &Model, instead_of: Option<&str>, language: Language) -> Vec<String> {
        let fallback = instead_of.map(|id| {
            let places = [("preferred", id), ("shown", model.id.as_str())];
            self.say(language, "note.instead_of", &places)
        });
        let own = model.notes.iter().map(|note| note.in_language(language.code()).to_owned());
        fallback.into_iter().chain(own).collect()
    }
}

/// Returns the text in the language, else in bokmål, else nothing.
pub(crate) fn localised(texts: &BTreeMap<String, String>, language: Language) -> &str {
    texts.get(language.code()).or_else(|| texts.get("nb")).map_or("", String::as_str)
}
