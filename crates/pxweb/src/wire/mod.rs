//! The shapes of version 2 on the wire.
//!
//! Read generously and written as the reference server writes: every member may
//! be absent or null, members that are not known here are kept in `rest`, and
//! what is absent is not written.

mod code_list;
mod config;
mod problem;
mod saved_query;
mod selection;
mod tables;

use serde::{Deserialize, Deserializer, Serialize};

pub use code_list::{CodelistResponse, Note, ValueMap};
pub use config::{ConfigResponse, Feature, Language, Parameter, SourceReference};
pub use problem::Problem;
pub use saved_query::{SavedQuery, SavedQueryResponse};
pub use selection::{SelectionResponse, VariablePlacement, VariableSelection, VariablesSelection};
pub use tables::{PageInfo, PathElement, TableResponse, TablesResponse};

/// Members that have no field of their own, as they came.
pub type Rest = cube::Object;

/// A link to something related.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Link {
    /// `self`, `alternate`, `metadata`, `data`, `next`, `previous`, `last`.
    #[serde(deserialize_with = "nullable")]
    pub rel: String,
    /// Language of what it leads to.
    #[serde(deserialize_with = "nullable")]
    pub hreflang: String,
    /// Address, whole or from the root of the host.
    #[serde(deserialize_with = "nullable")]
    pub href: String,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// Reads null as the default.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round<T: Serialize + serde::de::DeserializeOwned>(path: &str) -> Option<()> {
        let text = std::fs::read_to_string(testkit::shared()?.join("real").join(path));
        let came: serde_json::Value =
            serde_json::from_str(&text.expect("the recording can be read")).expect("JSON");
        let read: T = serde_json::from_value(came.clone()).expect("the recording has the shape");
        let written = serde_json::to_value(&read).expect("plain data");
        assert_eq!(written, came, "{path} is written as it was read");
        Some(())
    }

    #[test]
    fn recordings_are_written_as_they_were_read() {
        let Some(()) = round::<ConfigResponse>("pxwebapi-reference-server/config.json") else {
            return;
        };
        round::<TablesResponse>("pxwebapi-reference-server/tables.json");
        round::<TableResponse>("pxwebapi-reference-server/table-tab004.json");
        round::<TableResponse>("ssb/v2/05810/table-en.json");
        round::<Problem>("ssb/v2/errors/http400-non-existent-table.json");
    }

    #[test]
    fn null_and_unknown_members_are_survived() {
        let text = r#"{"id":"1","label":null,"updated":null,"links":null,"paths":null,"new":[1]}"#;
        let table: TableResponse = serde_json::from_str(text).expect("everything is nullable");
        assert_eq!((table.label, table.links.len()), (String::new(), 0));
        assert_eq!(table.rest["new"], serde_json::json!([1]));
    }
}
