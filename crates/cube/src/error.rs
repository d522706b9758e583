use std::fmt;

/// Why bytes are not a cube, or why a cube cannot answer.
///
/// Each variant has a [key](CubeError::key) and [places](CubeError::places), from
/// which a sentence is made in the reader's language.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CubeError {
    /// The bytes are not of the format they were taken for.
    #[error("not {format}: {problem} ({place})")]
    Syntax {
        /// `JSON-stat`, `PX`, `CSV`, `PX-JSON`, `Parquet`.
        format: &'static str,
        /// `line 3, column 17`, `keyword VALUES("region")`, `member size`.
        place: String,
        /// What is wrong, without the place.
        problem: String,
    },
    /// The parts do not agree: sizes, positions, numbers of values.
    #[error("{place}: {problem}")]
    Shape {
        /// The member or dimension.
        place: String,
        /// What does not agree with what.
        problem: String,
    },
    /// The cube would be larger than is allowed; nothing was allocated.
    #[error("{cells} cells are more than the {limit} that are allowed here")]
    TooLarge {
        /// Product of the sizes, or the largest number there is.
        cells: u64,
        /// What was allowed.
        limit: u64,
    },
    /// The caller asked for a dimension that this cube does not have.
    #[error("there is no dimension `{dimension}`{}", Near(near))]
    UnknownDimension {
        /// The dimension asked for.
        dimension: String,
        /// Those that resemble it, best first.
        near: Vec<String>,
    },
    /// The caller asked for a code that this dimension does not have: the usual
    /// sign of a municipality merged away since the request was written.
    #[error("dimension `{dimension}` has no code `{code}`{}", Near(near))]
    UnknownCode {
        /// Dimension code.
        dimension: String,
        /// The code asked for.
        code: String,
        /// Codes that resemble it, best first.
        near: Vec<String>,
    },
    /// The publisher forbids what was asked, such as adding medians.
    #[error("{what} is not allowed: {reason}")]
    Forbidden {
        /// What was asked.
        what: String,
        /// Why not.
        reason: String,
    },
}

impl CubeError {
    /// Name of the sentence that says this in a language: `fault.cube.<key>`.
    pub fn key(&self) -> &'static str {
        match self {
            CubeError::Syntax { .. } => "syntax",
            CubeError::Shape { .. } => "shape",
            CubeError::TooLarge { .. } => "too_large",
            CubeError::UnknownDimension { .. } => "unknown_dimension",
            CubeError::UnknownCode { .. } => "unknown_code",
            CubeError::Forbidden { .. } => "forbidden",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            CubeError::Syntax { format, place, problem } => vec![
                ("format", (*format).to_owned()),
                ("place", place.clone()),
                ("problem", problem.clone()),
            ],
            CubeError::Shape { place, problem } => {
                vec![("place", place.clone()), ("problem", problem.clone())]
            }
            CubeError::TooLarge { cells, limit } => {
                vec![("cells", cells.to_string()), ("limit", limit.to_string())]
            }
            CubeError::UnknownDimension { dimension, near } => {
                vec![("dimension", dimension.clone()), ("near", near.join(", "))]
            }
            CubeError::UnknownCode { dimension, code, near } => vec![
                ("dimension", dimension.clone()),
                ("code", code.clone()),
                ("near", near.join(", ")),
            ],
            CubeError::Forbidden { what, reason } => {
                vec![("what", what.clone()), ("reason", reason.clone())]
            }
        }
    }

    pub(crate) fn shape(place: impl Into<String>, problem: impl Into<String>) -> CubeError {
        CubeError::Shape { place: place.into(), problem: problem.into() }
    }
}

/// `; nearest: a, b`, or nothing.
struct Near<'a>(&'a [String]);

impl fmt::Display for Near<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => Ok(()),
            near => write!(formatter, "; nearest: {}", near.join(", ")),
        }
    }
}

/// The (at most) four of `candidates` that resemble `asked` most, best first.
///
/// ```
/// let codes = ["0301", "1103", "4601"];
/// assert_eq!(cube::nearest("0302", codes)[0], "0301");
/// ```
pub fn nearest<'a>(asked: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let asked = asked.to_lowercase();
    let mut rated: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&asked, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.6)
        .collect();
    rated.sort_by(|left, right| right.0.total_cmp(&left.0));
    rated.into_iter().take(4).map(|(_, candidate)| candidate.to_owned()).collect()
}
