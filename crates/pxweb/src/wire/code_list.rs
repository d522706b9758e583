use serde::{Deserialize, Serialize};

use super::{Link, Rest, nullable};
use crate::{CodeList, CodeListKind, CodeListValue};

/// `GET /codelists/{id}`: an aggregation or a value set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodelistResponse {
    /// `agg_KommSummer`; case-sensitive.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Title.
    #[serde(deserialize_with = "nullable")]
    pub label: String,
    /// Language of the labels.
    #[serde(deserialize_with = "nullable")]
    pub language: String,
    /// Languages in which it exists.
    #[serde(deserialize_with = "nullable")]
    pub languages: Vec<String>,
    /// Whether a variable seen through it may be left out.
    #[serde(deserialize_with = "nullable")]
    pub elimination: bool,
    /// Code of the total.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elimination_value_code: Option<String>,
    /// `Aggregation` or `Valueset`.
    #[serde(rename = "type", deserialize_with = "nullable")]
    pub kind: String,
    /// The values, in order.
    #[serde(deserialize_with = "nullable")]
    pub values: Vec<ValueMap>,
    /// `self`, `alternate`.
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Link>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A value, and the codes of the table that it stands for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ValueMap {
    /// `K-3103`.
    #[serde(deserialize_with = "nullable")]
    pub code: String,
    /// `Moss`.
    #[serde(deserialize_with = "nullable")]
    pub label: String,
    /// Codes of the table.
    #[serde(deserialize_with = "nullable")]
    pub value_map: Vec<String>,
    /// Notes.
    #[serde(deserialize_with = "nullable")]
    pub notes: Vec<Note>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A note on a value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// Must be shown.
    #[serde(deserialize_with = "nullable")]
    pub mandatory: bool,
    /// The words.
    #[serde(deserialize_with = "nullable")]
    pub text: String,
}

impl From<CodelistResponse> for CodeList {
    fn from(response: CodelistResponse) -> CodeList {
        // The word of `type` is the publisher's; the server itself goes by the prefix.
        let is_value_set = response.id.starts_with("vs_");
        let value = |value: ValueMap| CodeListValue {
            code: value.code,
            label: value.label,
            value_map: value.value_map,
        };
        CodeList {
            kind: if is_value_set { CodeListKind::ValueSet } else { CodeListKind::Aggregation },
            values: response.values.into_iter().map(value).collect(),
            id: response.id,
            label: response.label,
        }
    }
}

impl CodelistResponse {
    /// The answer for a code list, without links.
    pub fn new(list: &CodeList, language: &str) -> CodelistResponse {
        let kind = match list.kind {
            CodeListKind::Aggregation => "Aggregation",
            CodeListKind::ValueSet => "Valueset",
        };
        let value = |value: &CodeListValue| ValueMap {
            code: value.code.clone(),
            label: value.label.clone(),
            value_map: value.value_map.clone(),
            ..ValueMap::default()
        };
        CodelistResponse {
            id: list.id.clone(),
            label: list.label.clone(),
            language: language.to_owned(),
            languages: vec![language.to_owned()],
            kind: kind.to_owned(),
            values: list.values.iter().map(value).collect(),
            ..CodelistResponse::default()
        }
    }
}
