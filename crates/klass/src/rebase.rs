//! Figures from one map to another, with what was modelled said.
//!
//! A [`Conversion`] says for two maps which shares of which old code go to which new
//! one. The shares of an old code are a cut of the interval from 0 to 1: a count is
//! divided at the cuts and rounded there, so that its parts add up to it exactly.

/// One part of an old region in a new one.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Code on the old map.
    pub from_code: String,
    /// Code on the new map.
    pub to_code: String,
    /// Where its share of the old region begins, 0 to 1.
    pub share_from: f64,
    /// Where its share ends; 1 for the last part.
    pub share_to: f64,
    /// What a share below 1 rests on.
    pub basis: Option<String>,
}

/// How the regions of one map become those of another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conversion {
    /// Year of the old map.
    pub from_year: i16,
    /// Year of the new map.
    pub to_year: i16,
    /// Parts in order of old code and share.
    pub parts: Vec<Part>,
}
