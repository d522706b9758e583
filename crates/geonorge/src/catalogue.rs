//! The catalogue of data sets. Hits are counted from 1.

use serde::Deserialize;

use crate::GeonorgeError;
use crate::url::{Parameters, encode};

/// A search in the catalogue for data sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueQuery {
    /// Words.
    pub text: String,
    /// Hits at most.
    pub limit: u32,
    /// The first hit, from 1.
    pub offset: u32,
}

impl CatalogueQuery {
    /// The first ten data sets for some words.
    pub fn text(text: impl Into<String>) -> CatalogueQuery {
        CatalogueQuery { text: text.into(), limit: 10, offset: 1 }
    }

    /// Path and parameters.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Question`] when the offset is 0.
    pub fn target(&self) -> Result<String, GeonorgeError> {
        if self.offset == 0 {
            return Err(GeonorgeError::question("offset", "hits are counted from 1"));
        }
        let parameters = Parameters::default()
            .with("text", &self.text)
            .with("limit", self.limit)
            .with("offset", self.offset)
            .with("facets[0]name", "type")
            .with("facets[0]value", "dataset");
        Ok(parameters.after("/api/search"))
    }
}

/// Path of the full record of a data set.
pub fn record_target(uuid: &str) -> String {
    format!("/api/getdata/{}", encode(uuid))
}

/// What a search finds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CataloguePage {
    /// Hits there are.
    #[serde(rename = "NumFound")]
    pub total: u64,
    /// The first one, from 1.
    #[serde(rename = "Offset", default)]
    pub offset: u64,
    /// The hits.
    #[serde(rename = "Results", default)]
    pub entries: Vec<CatalogueEntry>,
}

/// A data set in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CatalogueEntry {
    /// Its key everywhere.
    pub uuid: String,
    /// Title.
    pub title: String,
    /// `dataset`, `service`.
    pub r#type: Option<String>,
    /// Publisher.
    pub organization: Option<String>,
    /// Where it is fetched.
    pub distribution_url: Option<String>,
    /// `GEONORGE:DOWNLOAD`, `W3C:AtomFeed`.
    pub distribution_protocol: Option<String>,
    /// Whether everybody may use it.
    pub is_open_data: Option<bool>,
}

impl CataloguePage {
    /// Reads an answer of the search.
    ///
    /// # Errors
    ///
    /// [`GeonorgeError::Unreadable`] when it is not one.
    pub fn read(body: &[u8]) -> Result<CataloguePage, GeonorgeError> {
        serde_json::from_slice(body).map_err(|error| GeonorgeError::unreadable("catalogue", error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_counted_from_one() {
        let query = CatalogueQuery::text("tettsteder");
        assert_eq!(
            query.target().expect("a question"),
            "/api/search?text=tettsteder&limit=10&offset=1&facets[0]name=type&facets[0]value=dataset"
        );
        assert!(CatalogueQuery { offset: 0, ..query }.target().is_err());
    }

    #[test]
    fn a_hit_keeps_the_key_of_the_data_set() {
        let body = br#"{"NumFound":2,"Limit":10,"Offset":1,"Results":[
            {"Uuid":"173f4a15-dead-4f82-b92e-f37396b72cea","Title":"Tettsteder","Type":"dataset",
             "Organization":"Statistisk sentralbyr\u00e5","IsOpenData":true,"Theme":"Samfunn"}],"Facets":[]}"#;
        let page = CataloguePage::read(body).expect("a page");
        assert_eq!(page.total, 2);
        assert_eq!(page.entries[0].uuid, "173f4a15-dead-4f82-b92e-f37396b72cea");
        assert_eq!(page.entries[0].organization.as_deref(), Some("Statistisk sentralbyrå"));
        assert_eq!(page.entries[0].is_open_data, Some(true));
    }
}
