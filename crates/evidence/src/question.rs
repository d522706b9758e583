//! What can be asked.

use scoring::{Model, Problem};

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
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let (name, weight) = part.rsplit_once(':').unwrap_or((part, ""));
                match weight.trim().parse::<f64>() {
                    Ok(weight) if !name.trim().is_empty() => Ok((name.trim().to_owned(), weight)),
                    _ => {
                        let english = "`{part}` is not `name:number`";
                        Err(Problem::new("weights_syntax", english, &[("part", part)]))
                    }
                }
            })
            .collect()
    }
}
