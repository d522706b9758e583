//! Red flags in words.

use scoring::Text;
use scoring::flags::{Flag, Ground, Scope, Severity, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::SnapshotRef;
use crate::error::EvidenceError;
use crate::evidence::{Evidence, Scored};
use crate::question::Question;
use crate::texts::Language;

/// Flags of one or all municipalities.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FlagList {
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Model whose coverage and figures the flags on data quality judge.
    pub model: String,
    /// Language of the texts.
    pub language: String,
    /// Municipalities by code.
    pub municipalities: Vec<MunicipalityFlags>,
}

/// Flags of one municipality: raised, not raised, and not to be judged.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MunicipalityFlags {
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Flags that are raised, the gravest first.
    pub flags: Vec<RaisedFlag>,
    /// Flags that cannot be judged; they are not clear.
    pub flags_unknown: Vec<UnknownFlag>,
    /// Flags that were judged and are not raised.
    pub flags_clear: Vec<ClearFlag>,
}

/// A raised flag with the figure it stands on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RaisedFlag {
    /// Key, such as `R2`.
    pub id: String,
    /// Version of the rule.
    pub version: u32,
    /// `critical`, `warning` or `information`.
    #[schema(value_type = String)]
    pub severity: Severity,
    /// What the flag is called.
    pub title: String,
    /// One sentence with figure and threshold.
    pub text: String,
    /// The figure; `null` when a status raises the flag.
    pub value: Option<f64>,
    /// The threshold in the unit of the figure.
    pub threshold: Option<f64>,
    /// Unit of both.
    pub unit: String,
    /// Period of the figure.
    pub period: Option<String>,
    /// Status of the figure.
    pub value_status: Option<String>,
    /// Table that the figure comes from.
    pub source: Option<String>,
    /// Where the rule comes from.
    pub basis: String,
    /// Why nobody can say how often the flag came before what it warns of; `null` where that
    /// can be counted.
    pub back_test_missing: Option<String>,
}

/// A flag that cannot be judged.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct UnknownFlag {
    /// Key.
    pub id: String,
    /// What the flag is called.
    pub title: String,
    /// What is missing.
    pub reason: String,
}

/// A flag that was judged and is not raised.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ClearFlag {
    /// Key.
    pub id: String,
    /// What the flag is called.
    pub title: String,
}

impl Evidence {
    /// Judges the flags of one municipality, or of all.
    ///
    /// # Errors
    ///
    /// An unknown or ambiguous municipality, an unknown model.
    pub fn flags(
        &self,
        municipality: Option<&str>,
        question: &Question,
    ) -> Result<FlagList, EvidenceError> {
        let only = match municipality {
            Some(asked) => self.figures.position(&self.find(asked)?.municipality_code),
            None => None,
        };
        let scored = self.scored(question)?;
        let units = 0..self.municipalities.len();
        let wanted = units.filter(|unit| only.is_none_or(|only| only == *unit));
        Ok(FlagList {
            snapshot: self.snapshot_ref(),
            model: scored.model.id.clone(),
            language: question.language.code().to_owned(),
            municipalities: wanted
                .map(|unit| self.municipality_flags(&scored, unit, question.language))
                .collect(),
        })
    }

    pub(super) fn municipality_flags(
        &self,
        scored: &Scored,
        unit: usize,
        language: Language,
    ) -> MunicipalityFlags {
        let place = self.figures.place(unit, scored);
        let mut answer = MunicipalityFlags {
            municipality_code: self.municipalities[unit].municipality_code.clone(),
            name: self.municipalities[unit].display_name.clone(),
            flags: Vec::new(),
            flags_unknown: Vec::new(),
            flags_clear: Vec::new(),
        };
        for flag in &scored.flags {
            let title = |text: &Text| text.in_language(language.code()).to_owned();
            match flag.rule.judge(&place) {
                Verdict::Raised(ground) => {
                    answer.flags.push(self.raised(flag, &ground, unit, language))
                }
                Verdict::Clear => answer
                    .flags_clear
                    .push(ClearFlag { id: flag.id.clone(), title: title(&flag.title) }),
                Verdict::Unknown(what) => answer.flags_unknown.push(UnknownFlag {
                    id: flag.id.clone(),
                    title: title(&flag.title),
                    reason: self.unknown_reason(flag, &what, unit, language),
                }),
            }
        }
        answer.flags.sort_by_key(|flag| flag.severity);
        answer
    }

    fn raised(&self, flag: &Flag, ground: &Ground, unit: usize, language: Language) -> RaisedFlag {
        let indicator = ground.indicator.as_ref().and_then(|id| self.pack.indicators.get(id));
        let observation =
            ground.indicator.as_deref().and_then(|id| self.figures.observation(id, unit));
        // Coverage and age have no indicator: a share, and whole months.
        let whole = ground.value.is_some_and(|value| value.fract() == 0.0);
        let plain = if whole { 0 } else { 2 };
        let decimals = indicator.map_or(plain, |indicator| usize::from(indicator.decimals));
        let unit_text = indicator
            .map(|indicator| super::localised(&indicator.unit, language).to_owned())
            .unwrap_or_default();
        let period = observation.and_then(|observation| observation.period.clone());
        let write = |number: Option<f64>| {
            number.map_or_else(|| "–".to_owned(), |number| language.number(number, decimals))
        };
        let text = flag
            .text
            .in_language(language.code())
            .replace("{value}", &write(ground.value))
            .replace("{threshold}", &write(ground.threshold))
            .replace("{unit}", &unit_text)
            .replace("{period}", period.as_deref().unwrap_or("–"));
        let first_table = indicator
            .and_then(|indicator| indicator.inputs.first())
            .and_then(|input| self.pack.measures.get(input))
            .map(|measure| measure.table.clone());
        RaisedFlag {
            id: flag.id.clone(),
            version: flag.version,
            severity: flag.severity,
            title: flag.title.in_language(language.code()).to_owned(),
            text,
            value: ground.value,
            threshold: ground.threshold,
            unit: unit_text,
            period,
            value_status: observation.map(|observation| observation.status.as_str().to_owned()),
            source: first_table,
            basis: flag.basis.in_language(language.code()).to_owned(),
            back_test_missing: flag
                .back_test_missing
                .as_ref()
                .map(|why| why.in_language(language.code()).to_owned()),
        }
    }

    fn unknown_reason(&self, flag: &Flag, what: &str, unit: usize, language: Language) -> String {
        if flag.scope == Scope::Lot {
            return self.say(language, "flag.unknown.lot", &[]);
        }
        let Some(indicator) = self.pack.indicators.get(what) else {
            return self.say(language, "flag.unknown.model", &[]);
        };
        if let Some(reason) = self.unavailable(what, language) {
            return reason;
        }
        let title = super::localised(&indicator.title, language);
        let status = self.figures.observation(what, unit).map(|observation| observation.status);
        let status = self.status_text(status, language);
        self.say(language, "flag.unknown.gap", &[("indicator", title), ("status", &status)])
    }

    pub(super) fn status_text(
        &self,
        status: Option<store::ValueStatus>,
        language: Language,
    ) -> String {
        let status = status.unwrap_or(store::ValueStatus::NotCollected);
        self.say(language, &format!("status.{}", status.as_str()), &[])
    }
}
