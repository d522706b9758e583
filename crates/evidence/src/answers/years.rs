//! The model over the years, and what the flags were worth.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use indicators::Evaluation;
use scoring::flags::back_test::{BackTest, LEAST_EVENTS, Record, back_test};
use scoring::flags::{Evidence as FlagEvidence, Observed, Rule, Verdict};
use scoring::years::{Panel, Scales, course, score_years};
use serde::Serialize;
use utoipa::ToSchema;

use super::SnapshotRef;
use crate::error::{EvidenceError, Part};
use crate::evidence::Evidence;
use crate::figures::{Figures, Known};
use crate::question::Question;
use crate::texts::Language;

/// The figures as they were known year by year; made when first asked for.
#[derive(Debug, Default)]
pub(crate) struct History(OnceLock<BTreeMap<i32, Figures>>);

/// A model over all years that it ranks anybody in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct YearsReport {
    /// Id of the model.
    pub model: String,
    /// What the model is called.
    pub model_title: String,
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// Years in which anybody is ranked.
    pub years: Vec<YearHead>,
    /// Years with figures in which nobody is ranked, since too little was known.
    pub years_without: Vec<i32>,
    /// Municipalities by code.
    pub municipalities: Vec<MunicipalityYears>,
}

/// One year of a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct YearHead {
    /// The year.
    pub year: i32,
    /// How many were ranked.
    pub ranked: usize,
    /// Of the model's indicators, how many have figures of just that year; the others stand on
    /// older ones.
    pub indicators_new: usize,
}

/// One municipality over the years.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MunicipalityYears {
    /// Four digits.
    pub municipality_code: String,
    /// Name that is unique in the country.
    pub name: String,
    /// Year by year.
    pub years: Vec<YearStanding>,
    /// Growth of the score by year, as a share; `null` below two years.
    pub cagr: Option<f64>,
    /// Slope of the score in per cent of its first year, by least squares.
    pub percent_a_year: Option<f64>,
    /// Places gained from the first year with a rank to the last; below 0 for places lost.
    pub places_gained: Option<i64>,
}

/// One municipality in one year.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct YearStanding {
    /// The year.
    pub year: i32,
    /// Score; `null` when not ranked.
    pub score: Option<f64>,
    /// Place.
    pub rank: Option<usize>,
    /// How many were ranked.
    pub of: usize,
}

/// How often the flags came before what they warn of.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BackTestList {
    /// The snapshot that the figures are from.
    pub snapshot: SnapshotRef,
    /// Language of the texts.
    pub language: String,
    /// By flag, those that can be counted first.
    pub flags: Vec<FlagBackTest>,
}

/// One flag's record.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FlagBackTest {
    /// Key, such as `R11`.
    pub id: String,
    /// What the flag is called.
    pub title: String,
    /// Years after the flag in which the event counts: first and last.
    pub window: Option<[u32; 2]>,
    /// Raised, and the event came.
    pub hits: Option<usize>,
    /// Raised, and it did not.
    pub false_alarms: Option<usize>,
    /// Clear, and it came.
    pub misses: Option<usize>,
    /// Clear, and it did not.
    pub quiet: Option<usize>,
    /// Of the cases in which the event came, those with the flag raised.
    pub hit_rate: Option<f64>,
    /// Of the cases in which it did not, those with the flag raised.
    pub false_alarm_rate: Option<f64>,
    /// Of the cases with the flag raised, those in which it came.
    pub precision: Option<f64>,
    /// 95 % interval of that share; cases of consecutive years overlap, so it is too narrow.
    pub precision_interval: Option<[f64; 2]>,
    /// Of all cases, those in which the event came.
    pub base_rate: Option<f64>,
    /// Why it cannot be counted; `null` where it can.
    pub missing: Option<String>,
}

impl Evidence {
    fn history(&self) -> Result<&BTreeMap<i32, Figures>, EvidenceError> {
        if let Some(made) = self.history.0.get() {
            return Ok(made);
        }
        let known = self.pack.indicator_ids();
        let places = Known { municipalities: &self.municipalities, changes: &self.changes };
        let years = Evaluation::over_years(&self.pack, &self.snapshot, &known)?;
        let figures = |(year, evaluation): (i32, Evaluation)| {
            (year, Figures::new(evaluation, places, &format!("{year}-12-31")))
        };
        Ok(self.history.0.get_or_init(|| years.into_iter().map(figures).collect()))
    }

    /// Scores by a model in every year that figures were known for.
    ///
    /// A year knows the newest figures up to it, so the last year is the ranking of today.
    ///
    /// # Errors
    ///
    /// An unknown model or municipality; weights that the model cannot use.
    pub fn years(
        &self,
        question: &Question,
        municipality: Option<&str>,
    ) -> Result<YearsReport, EvidenceError> {
        let scored = self.scored(question)?;
        let only = municipality.map(|asked| self.only(asked)).transpose()?;
        let history = self.history()?;
        let panel = Panel {
            years: history.keys().copied().collect(),
            matrices: history.values().map(|figures| figures.matrix.clone()).collect(),
        };
        let results = score_years(&scored.model, &panel, Scales::OfTheYear)
            .map_err(Part::Comparison.fault())?;
        let (with, without): (Vec<_>, Vec<_>) =
            results.into_iter().partition(|year| year.ranks.iter().any(Option::is_some));
        let is_new = |year: i32, indicator: &str| {
            let series = history.get(&year).and_then(|figures| figures.series(indicator));
            series
                .and_then(|series| series.newest_period.as_deref())
                .is_some_and(|period| period.starts_with(&year.to_string()))
        };
        let head = |year: &scoring::years::YearScores| YearHead {
            year: year.year,
            ranked: year.ranks.iter().flatten().count(),
            indicators_new: (scored.model.leaves.iter())
                .filter(|leaf| is_new(year.year, &leaf.indicator))
                .count(),
        };
        let unit = |unit: usize| {
            let place = &self.municipalities[unit];
            let course = course(&with, unit);
            let moments = course.moments.iter();
            MunicipalityYears {
                municipality_code: place.municipality_code.clone(),
                name: place.display_name.clone(),
                years: moments
                    .map(|at| YearStanding {
                        year: at.year,
                        score: at.score,
                        rank: at.rank,
                        of: at.of,
                    })
                    .collect(),
                cagr: course.trend.cagr,
                percent_a_year: course.trend.percent_a_year,
                places_gained: course.places_gained,
            }
        };
        let units = 0..self.municipalities.len();
        Ok(YearsReport {
            model: scored.model.id.clone(),
            model_title: scored.model.title.in_language(question.language.code()).to_owned(),
            snapshot: self.snapshot_ref(),
            language: question.language.code().to_owned(),
            years: with.iter().map(head).collect(),
            years_without: without.iter().map(|year| year.year).collect(),
            municipalities: units
                .filter(|at| only.is_none_or(|only| only == *at))
                .map(unit)
                .collect(),
        })
    }

    /// Counts for every flag how often it came before what it warns of.
    ///
    /// # Errors
    ///
    /// An indicator whose SQL does not run.
    pub fn back_tests(&self, language: Language) -> Result<BackTestList, EvidenceError> {
        let history = self.history()?;
        let years: Vec<i32> = history.keys().copied().collect();
        let record = |rule: &Rule| -> Record {
            (0..self.municipalities.len())
                .map(|unit| {
                    history
                        .iter()
                        .map(|(year, figures)| {
                            match rule.judge(&InYear { figures, unit, year: *year }) {
                                Verdict::Raised(_) => Some(true),
                                Verdict::Clear => Some(false),
                                Verdict::Unknown(_) => None,
                            }
                        })
                        .collect()
                })
                .collect()
        };
        let mut flags: Vec<FlagBackTest> = self
            .flags
            .iter()
            .map(|flag| {
                let counted = flag.back_test.as_ref().map(|tested| {
                    let window = [tested.window.after, tested.window.within];
                    let (flag, event) = (record(&flag.rule), record(&tested.event));
                    (window, back_test(&years, &flag, &event, tested.window, LEAST_EVENTS))
                });
                let missing = flag.back_test_missing.as_ref();
                FlagBackTest {
                    id: flag.id.clone(),
                    title: flag.title.in_language(language.code()).to_owned(),
                    missing: missing.map(|text| text.in_language(language.code()).to_owned()),
                    ..counted.map_or_else(FlagBackTest::uncounted, FlagBackTest::counted)
                }
            })
            .collect();
        flags.sort_by_key(|flag| flag.window.is_none());
        Ok(BackTestList {
            snapshot: self.snapshot_ref(),
            language: language.code().to_owned(),
            flags,
        })
    }

    fn only(&self, asked: &str) -> Result<usize, EvidenceError> {
        let found = self.find(asked)?;
        let code = &found.municipality_code;
        self.figures.position(code).ok_or_else(|| EvidenceError::UnknownMunicipality {
            asked: asked.to_owned(),
            nearest: code.clone(),
        })
    }
}

impl FlagBackTest {
    fn uncounted() -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            window: None,
            hits: None,
            false_alarms: None,
            misses: None,
            quiet: None,
            hit_rate: None,
            false_alarm_rate: None,
            precision: None,
            precision_interval: None,
            base_rate: None,
            missing: None,
        }
    }

    fn counted((window, test): ([u32; 2], BackTest)) -> Self {
        let rates = test.rates.as_ref();
        let precision = rates.and_then(|rates| rates.precision);
        Self {
            window: Some(window),
            hits: Some(test.hits),
            false_alarms: Some(test.false_alarms),
            misses: Some(test.misses),
            quiet: Some(test.quiet),
            hit_rate: rates.map(|rates| rates.hit_rate.share),
            false_alarm_rate: rates.and_then(|rates| Some(rates.false_alarm_rate?.share)),
            precision: precision.map(|rate| rate.share),
            precision_interval: precision.map(|rate| [rate.low, rate.high]),
            base_rate: rates.map(|rates| rates.base_rate.share),
            ..Self::uncounted()
        }
    }
}

/// One municipality in one year: what was measured in just that year, so that one old figure is
/// not counted as an event again and again.
struct InYear<'a> {
    figures: &'a Figures,
    unit: usize,
    year: i32,
}

impl FlagEvidence for InYear<'_> {
    fn observed(&self, indicator: &str) -> Observed {
        let of_year = self.figures.observation(indicator, self.unit).filter(|observation| {
            let period = observation.period.as_deref();
            period.is_some_and(|period| period.starts_with(&self.year.to_string()))
        });
        match of_year.and_then(|observation| observation.value) {
            Some(value) => Observed::Value(value),
            None => Observed::Gap("not_published".to_owned()),
        }
    }

    fn distribution(&self, indicator: &str) -> &[f64] {
        self.figures.sorted(indicator)
    }

    fn coverage(&self) -> Option<f64> {
        None
    }

    fn figure_age_months(&self) -> Option<f64> {
        None
    }
}
