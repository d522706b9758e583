use serde::{Deserialize, Serialize};

use super::{Rest, nullable};

/// `GET /config`: limits, languages, formats.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigResponse {
    /// Version of the interface.
    #[serde(deserialize_with = "nullable")]
    pub api_version: String,
    /// Version of the program.
    #[serde(deserialize_with = "nullable")]
    pub app_version: String,
    /// Offered languages.
    #[serde(deserialize_with = "nullable")]
    pub languages: Vec<Language>,
    /// Used where none is asked for.
    #[serde(deserialize_with = "nullable")]
    pub default_language: String,
    /// Cells in one answer.
    #[serde(deserialize_with = "nullable")]
    pub max_data_cells: u64,
    /// 0 means that another part of the server limits, not that nothing does.
    #[serde(deserialize_with = "nullable")]
    pub max_calls_per_time_window: u32,
    /// Seconds.
    #[serde(deserialize_with = "nullable")]
    pub time_window: u64,
    /// Address of the licence.
    #[serde(deserialize_with = "nullable")]
    pub license: String,
    /// How the publisher wants to be named.
    #[serde(deserialize_with = "nullable")]
    pub source_references: Vec<SourceReference>,
    /// Used where none is asked for.
    #[serde(deserialize_with = "nullable")]
    pub default_data_format: String,
    /// Offered formats.
    #[serde(deserialize_with = "nullable")]
    pub data_formats: Vec<String>,
    /// Switches of the server.
    #[serde(deserialize_with = "nullable")]
    pub features: Vec<Feature>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A language that is offered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Language {
    /// `no`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Its own name.
    #[serde(deserialize_with = "nullable")]
    pub label: String,
}

/// How the publisher wants to be named, in a language.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceReference {
    /// `no`.
    #[serde(deserialize_with = "nullable")]
    pub language: String,
    /// The words.
    #[serde(deserialize_with = "nullable")]
    pub text: String,
}

/// A switch of the server.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Feature {
    /// `CORS`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Its settings.
    #[serde(deserialize_with = "nullable")]
    pub params: Vec<Parameter>,
}

/// A setting of a switch.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameter {
    /// Name.
    #[serde(deserialize_with = "nullable")]
    pub key: String,
    /// Always text, `"True"` too.
    #[serde(deserialize_with = "nullable")]
    pub value: String,
}
