use crate::client::ClientError;

/// Why a question to Kartverket or Geonorge has no answer.
///
/// Each variant has a [key](GeonorgeError::key) and [places](GeonorgeError::places), from
/// which a sentence is made in the reader's language.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GeonorgeError {
    /// The question breaks a rule of the service; found before anything was asked.
    #[error("`{parameter}` cannot be asked for: {problem}")]
    Question {
        /// Name of the parameter.
        parameter: &'static str,
        /// The rule that is broken.
        problem: String,
    },
    /// The answer is a success and not what the service describes.
    #[error("the answer about {what} cannot be read: {problem}")]
    Unreadable {
        /// What was asked.
        what: String,
        /// What is wrong.
        problem: String,
    },
    /// The service understood and says no; asking again gives the same.
    #[error("the service refuses {what}: {problem}")]
    Refused {
        /// What was asked.
        what: String,
        /// The service's words.
        problem: String,
    },
    /// No feed or order offers the file that the data set is declared with.
    #[error("{dataset} is not offered for {area} in {projection} as {format}")]
    NotOffered {
        /// Data set.
        dataset: String,
        /// Area.
        area: String,
        /// `EPSG:25833`.
        projection: String,
        /// `GML`.
        format: String,
    },
    /// The data set may only be fetched by those who have an agreement.
    #[error("{dataset} is not open: {restriction}")]
    Restricted {
        /// Data set.
        dataset: String,
        /// As the publisher writes it.
        restriction: String,
    },
    /// An order was not made ready in the time that was allowed.
    #[error("the order {reference} of {dataset} is not ready after {polls} looks; run again")]
    NotReady {
        /// Data set.
        dataset: String,
        /// Reference number of the order.
        reference: String,
        /// How often it was looked at.
        polls: u32,
    },
    /// The link of an order is no longer valid; ordering again gives a new one.
    #[error("the link to {what} has expired")]
    Expired {
        /// What was asked.
        what: String,
    },
    /// No answer came, or none that could be kept.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl GeonorgeError {
    pub(crate) fn unreadable(what: impl Into<String>, problem: impl ToString) -> GeonorgeError {
        GeonorgeError::Unreadable { what: what.into(), problem: problem.to_string() }
    }

    pub(crate) fn question(parameter: &'static str, problem: impl Into<String>) -> GeonorgeError {
        GeonorgeError::Question { parameter, problem: problem.into() }
    }

    /// Name of the sentence that says this in a language: `fault.geonorge.<key>`.
    pub fn key(&self) -> &'static str {
        match self {
            GeonorgeError::Question { .. } => "question",
            GeonorgeError::Unreadable { .. } => "unreadable",
            GeonorgeError::Refused { .. } => "refused",
            GeonorgeError::NotOffered { .. } => "not_offered",
            GeonorgeError::Restricted { .. } => "restricted",
            GeonorgeError::NotReady { .. } => "not_ready",
            GeonorgeError::Expired { .. } => "expired",
            GeonorgeError::Client(_) => "client",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            GeonorgeError::Question { parameter, problem } => {
                vec![("parameter", (*parameter).to_owned()), ("problem", problem.clone())]
            }
            GeonorgeError::Unreadable { what, problem }
            | GeonorgeError::Refused { what, problem } => {
                vec![("what", what.clone()), ("problem", problem.clone())]
            }
            GeonorgeError::NotOffered { dataset, area, projection, format } => vec![
                ("dataset", dataset.clone()),
                ("area", area.clone()),
                ("projection", projection.clone()),
                ("format", format.clone()),
            ],
            GeonorgeError::Restricted { dataset, restriction } => {
                vec![("dataset", dataset.clone()), ("restriction", restriction.clone())]
            }
            GeonorgeError::NotReady { dataset, reference, polls } => vec![
                ("dataset", dataset.clone()),
                ("reference", reference.clone()),
                ("polls", polls.to_string()),
            ],
            GeonorgeError::Expired { what } => vec![("what", what.clone())],
            GeonorgeError::Client(error) => error.places(),
        }
    }
}
