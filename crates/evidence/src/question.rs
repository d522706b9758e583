//! What can be asked.

use scoring::{Model, Problem};

use crate::error::{EvidenceError, Part};
use crate::texts::Language;

/// A question about all municipalities or one.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Model to score by.
    pub model: ModelChoice,
    /// Language of the answer.
    pub language: Language,
    /// Other weights than the model's, by group id, indicator code or id.
    pub weights: Vec<(String, f64)>,
    /// Only this county (two digits).
    pub county: Option<String>,
    /// Only this many ranked municipalities.
    pub top: Option<usize>,
    /// Other thresholds than the pack's and the model's, by flag id.
    pub thresholds: Vec<(String, f64)>,
    /// How sure the ranking is, where that is asked for.
    pub uncertainty: Option<DrawsAsked>,
}

/// Which draws tell how sure a ranking is; what is absent is as the model says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DrawsAsked {
    /// How many.
    pub draws: Option<usize>,
    /// Where they start.
    pub seed: Option<u64>,
}

impl DrawsAsked {
    /// Refuses more draws than whoever answers can do.
    ///
    /// # Errors
    ///
    /// No draws, or more than `most`.
    pub fn within(self, most: usize) -> Result<Self, EvidenceError> {
        let Some(draws) = self.draws.filter(|draws| !(1..=most).contains(draws)) else {
            return Ok(self);
        };
        let (number, most) = (draws.to_string(), most.to_string());
        let places = [("number", number.as_str()), ("most", &most)];
        let problem = Problem::new("draws", "{number} draws; give 1 to {most}", &places);
        Err(EvidenceError::Asked { what: Part::Draws, problem })
    }
}

/// Which model to score by.
#[derive(Debug, Clone, Default)]
pub enum ModelChoice {
    /// The first of the pack's default models that ranks anybody.
    #[default]
    Default,
    /// A model of the pack.
    Named(String),
    /// A model of the user's own.
    Own(Box<Model>),
}

impl Question {
    /// Reads weights written as `B:40,M:25`.
    ///
    /// # Errors
    ///
    /// The part that is not a name and a number.
    pub fn parse_weights(text: &str) -> Result<Vec<(String, f64)>, Problem> {
        parts(text)
            .map(|part| {
                let english = "`{part}` is not `name:number`";
                pair(part).ok_or_else(|| Problem::new("weights_syntax", english, &[("part", part)]))
            })
            .collect()
    }

    /// Reads thresholds of flags written as `R5=900,R2=1.5`.
    ///
    /// # Errors
    ///
    /// The part that is not a flag and a number.
    pub fn parse_thresholds(text: &str) -> Result<Vec<(String, f64)>, Problem> {
        parts(text)
            .map(|part| {
                let english = "`{part}` is not a flag and a number, as in `R5=900`";
                let found = pair(part).filter(|(_, number)| number.is_finite());
                found.ok_or_else(|| Problem::new("threshold_syntax", english, &[("part", part)]))
            })
            .collect()
    }

    /// Reads figures that are set otherwise, written as `net_operating_result_percent=2.1`.
    ///
    /// # Errors
    ///
    /// The part that is not an indicator and a number.
    pub fn parse_settings(text: &str) -> Result<Vec<(String, f64)>, Problem> {
        parts(text)
            .map(|part| {
                let english = "`{part}` is not an indicator and a number, as in `robek_listed=0`";
                let found = pair(part).filter(|(_, number)| number.is_finite());
                found.ok_or_else(|| Problem::new("setting_syntax", english, &[("part", part)]))
            })
            .collect()
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// Reads a name and a number with `:` or `=` between them.
fn pair(part: &str) -> Option<(String, f64)> {
    let (name, number) = part.rsplit_once([':', '='])?;
    let number = number.trim().parse().ok()?;
    (!name.trim().is_empty()).then(|| (name.trim().to_owned(), number))
}
