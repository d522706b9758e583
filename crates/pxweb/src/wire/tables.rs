use serde::{Deserialize, Serialize};

use super::{Link, Rest, nullable};

/// `GET /tables`: a page of the catalogue.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TablesResponse {
    /// Language of the titles.
    #[serde(deserialize_with = "nullable")]
    pub language: String,
    /// The entries.
    #[serde(deserialize_with = "nullable")]
    pub tables: Vec<TableResponse>,
    /// Where in the whole this page stands.
    #[serde(deserialize_with = "nullable")]
    pub page: PageInfo,
    /// `self`.
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Link>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// Where a page stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PageInfo {
    /// From 1.
    #[serde(deserialize_with = "nullable")]
    pub page_number: u64,
    /// Entries on a page.
    #[serde(deserialize_with = "nullable")]
    pub page_size: u64,
    /// Entries in all.
    #[serde(deserialize_with = "nullable")]
    pub total_elements: u64,
    /// At least 1.
    #[serde(deserialize_with = "nullable")]
    pub total_pages: u64,
    /// `next`, `previous`, `last`.
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Link>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A table's entry, in the catalogue or by itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TableResponse {
    /// Only where the entry stands by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `07459`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Title.
    #[serde(deserialize_with = "nullable")]
    pub label: String,
    /// Often empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the publisher sorts by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_code: Option<String>,
    /// UTC, whole seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// Code of the first period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_period: Option<String>,
    /// Code of the last period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_period: Option<String>,
    /// `internal`, `public`, `private`, `section`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Labels of the variables.
    #[serde(deserialize_with = "nullable")]
    pub variable_names: Vec<String>,
    /// No longer updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discontinued: Option<bool>,
    /// Publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Code of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    /// `Annual`, `Quarterly`, `Monthly`, `Weekly`, `Other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_unit: Option<String>,
    /// The places in the menu at which the table stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<Vec<Vec<PathElement>>>,
    /// `self`, `alternate`, `metadata`, `data`.
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Link>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A step of a place in the menu.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PathElement {
    /// `be01`.
    #[serde(deserialize_with = "nullable")]
    pub id: String,
    /// Title.
    #[serde(deserialize_with = "nullable")]
    pub label: String,
    /// What the publisher sorts by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_code: Option<String>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}
