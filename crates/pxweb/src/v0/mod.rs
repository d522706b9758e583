//! The old interface (v0, v1): its shapes, and the way to and from version 2.

use serde::{Deserialize, Serialize};

/// `GET …/table/{id}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Title.
    pub title: String,
}

/// Body of `POST …/table/{id}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {}
