/// Why a question of geography has no answer.
///
/// Each variant has a [key](AtlasError::key) and [places](AtlasError::places), from
/// which a sentence is made in the reader's language: `fault.atlas.<key>`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AtlasError {
    /// No boundaries have been fetched or imported.
    #[error("there are no boundaries at hand; `grunnlag sync --boundaries` fetches them")]
    NoBoundaries,
    /// There is no layer of this name.
    #[error("there is no layer `{asked}`; there are {layers}")]
    UnknownLayer {
        /// What was asked for.
        asked: String,
        /// The layers there are.
        layers: String,
    },
    /// The layer is at hand and does not hold this region.
    #[error("the layer `{layer}` has no boundary of `{code}`")]
    NoBoundary {
        /// Code of the region.
        code: String,
        /// Name of the layer.
        layer: String,
    },
    /// The layer is at hand and cannot be read.
    #[error("the layer `{layer}` cannot be read: {cause}")]
    Unreadable {
        /// Its name.
        layer: String,
        /// What is wrong.
        cause: String,
    },
    /// There has never been a region with this code.
    #[error("there is and was no region `{asked}`")]
    UnknownRegion {
        /// What was asked for.
        asked: String,
    },
    /// The code stands in tables and is no region: unknown, abroad, the rest.
    #[error("`{asked}` is no region: {meaning}")]
    NoRegion {
        /// What was asked for.
        asked: String,
        /// What it stands for: the end of `region.nonregion.<meaning>`.
        meaning: &'static str,
    },
    /// There is a region of this code, but not on that day.
    #[error("{code} was not in force on {date}")]
    NotInForce {
        /// Its code.
        code: String,
        /// The day.
        date: String,
    },
    /// The history contradicts itself.
    #[error("the history of regions contradicts itself: {cause}")]
    History {
        /// How.
        cause: String,
    },
    /// What was given is no date.
    #[error("`{asked}` is no date; write it as 2024-01-01")]
    NotADate {
        /// What was given.
        asked: String,
    },
}

impl AtlasError {
    /// Name of the sentence that says this in a language.
    pub fn key(&self) -> &'static str {
        match self {
            AtlasError::NoBoundaries => "no_boundaries",
            AtlasError::UnknownLayer { .. } => "unknown_layer",
            AtlasError::NoBoundary { .. } => "no_boundary",
            AtlasError::Unreadable { .. } => "unreadable",
            AtlasError::UnknownRegion { .. } => "unknown_region",
            AtlasError::NoRegion { .. } => "no_region",
            AtlasError::NotInForce { .. } => "not_in_force",
            AtlasError::History { .. } => "history",
            AtlasError::NotADate { .. } => "not_a_date",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            AtlasError::NoBoundaries => Vec::new(),
            AtlasError::UnknownLayer { asked, layers } => {
                vec![("asked", asked.clone()), ("layers", layers.clone())]
            }
            AtlasError::NoBoundary { code, layer } => {
                vec![("code", code.clone()), ("layer", layer.clone())]
            }
            AtlasError::Unreadable { layer, cause } => {
                vec![("layer", layer.clone()), ("cause", cause.clone())]
            }
            AtlasError::UnknownRegion { asked } | AtlasError::NotADate { asked } => {
                vec![("asked", asked.clone())]
            }
            AtlasError::History { cause } => vec![("cause", cause.clone())],
            AtlasError::NoRegion { asked, meaning } => {
                vec![("asked", asked.clone()), ("meaning", (*meaning).to_owned())]
            }
            AtlasError::NotInForce { code, date } => {
                vec![("code", code.clone()), ("date", date.clone())]
            }
        }
    }
}
