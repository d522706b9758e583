use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::lists::{CodeItem, WireError, json};
use super::text;

/// Links of an answer by their relation; one of several under the same relation is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Link {
    /// Address.
    #[serde(default, deserialize_with = "text::required")]
    pub href: String,
}

type Links = BTreeMap<String, Link>;

/// Where in a list a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Page {
    /// Entries on a page.
    pub size: u64,
    /// Entries on all pages.
    pub total_elements: u64,
    /// Pages.
    pub total_pages: u64,
    /// This one, from 0.
    pub number: u64,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// What is on this page.
    pub entries: Vec<T>,
    /// Where it stands.
    pub page: Page,
    /// `next`, `prev`, `first`, `last`, `self`, `search`.
    pub links: Links,
}

/// A classification in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClassificationEntry {
    /// Name in its primary language, or the one asked for.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// `131`.
    #[serde(deserialize_with = "text::required")]
    pub id: String,
    /// `Klassifikasjon` or `Kodeliste`.
    #[serde(deserialize_with = "text::optional")]
    pub classification_type: Option<String>,
    /// When it was changed last, as Klass writes it.
    #[serde(deserialize_with = "text::optional")]
    pub last_modified: Option<String>,
}

/// A hit of a search.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SearchResult {
    /// Name.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// Id of the classification.
    #[serde(deserialize_with = "text::required")]
    pub id: String,
    /// Language of the name.
    #[serde(deserialize_with = "text::optional")]
    pub language: Option<String>,
    /// Where the words were found.
    #[serde(deserialize_with = "text::optional")]
    pub snippet: Option<String>,
    /// The higher the better.
    pub search_score: f64,
}

/// Who answers for a classification.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Contact {
    /// Name.
    #[serde(deserialize_with = "text::optional")]
    pub name: Option<String>,
    /// Address.
    #[serde(deserialize_with = "text::optional")]
    pub email: Option<String>,
    /// Telephone.
    #[serde(deserialize_with = "text::optional")]
    pub phone: Option<String>,
}

/// A version in a classification.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VersionEntry {
    /// Name.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// Id.
    #[serde(deserialize_with = "text::required")]
    pub id: String,
    /// First day.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_from: Option<Date>,
    /// First day without it; `None`: in force.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_to: Option<Date>,
    /// Languages that it is published in.
    pub published: Vec<String>,
}

/// A classification with its versions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Classification {
    /// Name.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// Id.
    #[serde(deserialize_with = "text::required")]
    pub id: String,
    /// What it is.
    #[serde(deserialize_with = "text::optional")]
    pub description: Option<String>,
    /// `nb`.
    #[serde(deserialize_with = "text::optional")]
    pub primary_language: Option<String>,
    /// When it was changed last, as Klass writes it.
    #[serde(deserialize_with = "text::optional")]
    pub last_modified: Option<String>,
    /// Who answers for it.
    pub contact_person: Option<Contact>,
    /// Section of Statistics Norway.
    #[serde(deserialize_with = "text::optional")]
    pub owning_section: Option<String>,
    /// What is classified.
    pub statistical_units: Vec<String>,
    /// Its versions, in the order sent.
    pub versions: Vec<VersionEntry>,
}

/// The name of a level.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wording {
    /// `1`.
    #[serde(deserialize_with = "text::required")]
    pub level_number: String,
    /// `Kommune`.
    #[serde(deserialize_with = "text::optional")]
    pub level_name: Option<String>,
}

/// A correspondence table or a variant in a version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TableEntry {
    /// Name.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// Id.
    #[serde(deserialize_with = "text::required")]
    pub id: String,
    /// Version that it leads to.
    #[serde(deserialize_with = "text::optional")]
    pub target: Option<String>,
}

/// A version or a variant, with its codes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodeSet {
    /// Name.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// Id.
    #[serde(deserialize_with = "text::required")]
    pub id: String,
    /// First day.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_from: Option<Date>,
    /// First day without it; `None`: in force.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_to: Option<Date>,
    /// When it was changed last, as Klass writes it.
    #[serde(deserialize_with = "text::optional")]
    pub last_modified: Option<String>,
    /// Languages that it is published in.
    pub published: Vec<String>,
    /// What it is.
    #[serde(deserialize_with = "text::optional")]
    pub introduction: Option<String>,
    /// Tables to other classifications, or to its own other versions.
    pub correspondence_tables: Vec<TableEntry>,
    /// Other groupings of the same codes.
    pub classification_variants: Vec<TableEntry>,
    /// Its levels.
    pub levels: Vec<Wording>,
    /// Its codes.
    pub classification_items: Vec<CodeItem>,
}

/// A correspondence table with its pairs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CorrespondenceTable {
    /// Name.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// Id.
    #[serde(deserialize_with = "text::required")]
    pub id: String,
    /// Name of the version that it leads from.
    #[serde(deserialize_with = "text::optional")]
    pub source: Option<String>,
    /// Its id.
    #[serde(deserialize_with = "text::optional")]
    pub source_id: Option<String>,
    /// Name of the version that it leads to.
    #[serde(deserialize_with = "text::optional")]
    pub target: Option<String>,
    /// Its id.
    #[serde(deserialize_with = "text::optional")]
    pub target_id: Option<String>,
    /// Whether both are versions of one classification.
    pub change_table: bool,
    /// When it was changed last, as Klass writes it.
    #[serde(deserialize_with = "text::optional")]
    pub last_modified: Option<String>,
    /// Its pairs.
    pub correspondence_maps: Vec<super::Correspondence>,
}

/// What Klass says when it refuses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// `Bad Request`.
    #[serde(deserialize_with = "text::optional")]
    pub title: Option<String>,
    /// What is wrong.
    #[serde(deserialize_with = "text::optional")]
    pub detail: Option<String>,
}

#[derive(Deserialize)]
struct Paged<E> {
    #[serde(rename = "_embedded", default = "Option::default")]
    embedded: Option<E>,
    #[serde(rename = "_links", default)]
    links: Links,
    #[serde(default)]
    page: Page,
}

/// Reads a page of `/classifications`.
///
/// # Errors
///
/// [`WireError::Json`].
pub fn classifications(bytes: &[u8]) -> Result<Listing<ClassificationEntry>, WireError> {
    #[derive(Deserialize)]
    struct Embedded {
        classifications: Vec<ClassificationEntry>,
    }
    let read: Paged<Embedded> = json(bytes, "a list of classifications")?;
    let entries = read.embedded.map(|embedded| embedded.classifications).unwrap_or_default();
    Ok(Listing { entries, page: read.page, links: read.links })
}

/// Reads a page of `/classifications/search`.
///
/// # Errors
///
/// [`WireError::Json`].
pub fn search_results(bytes: &[u8]) -> Result<Listing<SearchResult>, WireError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Embedded {
        search_results: Vec<SearchResult>,
    }
    let read: Paged<Embedded> = json(bytes, "a list of search results")?;
    let entries = read.embedded.map(|embedded| embedded.search_results).unwrap_or_default();
    Ok(Listing { entries, page: read.page, links: read.links })
}

/// Reads `/classifications/{id}`.
///
/// # Errors
///
/// [`WireError::Json`].
pub fn classification(bytes: &[u8]) -> Result<Classification, WireError> {
    json(bytes, "a classification")
}

/// Reads `/versions/{id}` or `/variants/{id}`.
///
/// # Errors
///
/// [`WireError::Json`].
pub fn code_set(bytes: &[u8]) -> Result<CodeSet, WireError> {
    json(bytes, "a version or a variant")
}

/// Reads `/correspondencetables/{id}`.
///
/// # Errors
///
/// [`WireError::Json`].
pub fn correspondence_table(bytes: &[u8]) -> Result<CorrespondenceTable, WireError> {
    json(bytes, "a correspondence table")
}

/// The words of a refusal: the detail of a problem, else its title, else the text itself.
pub fn problem(bytes: &[u8]) -> String {
    let read = serde_json::from_slice::<Problem>(bytes).ok();
    let words = read.and_then(|problem| problem.detail.or(problem.title));
    words.unwrap_or_else(|| {
        let text = String::from_utf8_lossy(bytes);
        let is_page = text.trim_start().starts_with('<');
        let line = text.lines().next().unwrap_or_default().trim();
        if is_page { String::new() } else { line.chars().take(300).collect() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_list_knows_where_the_next_is() {
        let page = br#"{"_embedded":{"classifications":[{"name":"Standard for kommuneinndeling",
            "id":131,"classificationType":"Klassifikasjon","lastModified":"2024-01-02T10:00:00.000+0000",
            "_links":{"self":{"href":"x"}}}]},
            "_links":{"next":{"href":"https://data.ssb.no/api/klass/v1/classifications?page=1&size=20"},
                      "search":{"href":"x{?query}","templated":true}},
            "page":{"size":20,"totalElements":21,"totalPages":2,"number":0}}"#;
        let listing = classifications(page).expect("a page");
        assert_eq!((listing.entries[0].id.as_str(), listing.page.total_pages), ("131", 2));
        assert!(listing.links["next"].href.ends_with("page=1&size=20"));
        let none = classifications(br#"{"_links":{},"page":{"size":20}}"#).expect("an empty page");
        assert!(none.entries.is_empty());
    }

    #[test]
    fn a_version_has_its_codes_and_a_table_its_pairs() {
        let version = br#"{"name":"Kommuneinndeling 2024","id":2209,"validFrom":"2024-01-01",
            "published":["nb","nn","en"],"levels":[{"levelNumber":1,"levelName":null}],
            "classificationItems":[{"code":"0301","parentCode":"","level":"1","name":"Oslo"}]}"#;
        let version = code_set(version).expect("a version");
        assert_eq!(version.classification_items[0].code, "0301");
        assert_eq!((version.valid_to, version.published.len()), (None, 3));
        let table = br#"{"name":"131 - 104","id":1,"source":"a","sourceId":2,"target":"b",
            "targetId":3,"changeTable":false,
            "correspondenceMaps":[{"sourceCode":"0301","targetCode":"03"}]}"#;
        let table = correspondence_table(table).expect("a table");
        assert_eq!(table.correspondence_maps[0].target_code, "03");
    }

    #[test]
    fn a_refusal_is_said_in_the_words_of_klass() {
        let json = br#"{"type":"about:blank","title":"Not Found","status":404,
            "detail":"Classification is not published in language: ENGLISH"}"#;
        assert_eq!(problem(json), "Classification is not published in language: ENGLISH");
        assert_eq!(
            problem(b"CorrespondenceList does not contain x"),
            "CorrespondenceList does not contain x"
        );
        assert_eq!(problem(b"<html><p>Varnish</p></html>"), "");
    }
}
