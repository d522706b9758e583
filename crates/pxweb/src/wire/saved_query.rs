use serde::{Deserialize, Serialize};

use super::{Link, Rest, VariablesSelection, nullable};

/// A stored query; also the body that stores one.
///
/// The running server wants `outputFormat` and `outputFormatParams`, which the document calls
/// optional; they are always written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SavedQuery {
    /// Given by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `07459`.
    #[serde(deserialize_with = "nullable")]
    pub table_id: String,
    /// Language it was stored in; running it without `lang` uses the server's own.
    #[serde(deserialize_with = "nullable")]
    pub language: String,
    /// What is selected.
    #[serde(deserialize_with = "nullable")]
    pub selection: VariablesSelection,
    /// `json-stat2`.
    #[serde(deserialize_with = "nullable")]
    pub output_format: String,
    /// `UseCodes`, …
    #[serde(deserialize_with = "nullable")]
    pub output_format_params: Vec<String>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// `GET /savedqueries/{id}` and the answer to `POST /savedqueries`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SavedQueryResponse {
    /// Language.
    #[serde(deserialize_with = "nullable")]
    pub language: String,
    /// `10012345`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// The query.
    #[serde(deserialize_with = "nullable")]
    pub saved_query: SavedQuery,
    /// Links.
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Link>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}
