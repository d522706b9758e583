use super::{Answer, Client, ClientError};
use crate::selection::Selection;
use crate::wire::{ConfigResponse, SavedQuery, SavedQueryResponse, SelectionResponse};
use crate::wire::{TableResponse, TablesResponse};
use crate::{CodeList, Table, v0};

/// A table, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableRef {
    /// `07459`; in the old interface also a path, `BE/BE0101/BefolkningNy`.
    pub id: String,
    /// `no`.
    pub language: String,
    /// The table's `updated`, where the catalogue has said it: answers that were kept for the
    /// same are used again.
    pub updated: Option<String>,
}

/// Which tables are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TablesQuery {
    /// Language.
    pub language: String,
    /// Lucene; empty for all.
    pub query: String,
    /// Only those updated in so many days back.
    pub past_days: Option<u32>,
    /// Also those that are no longer updated.
    pub discontinued: Discontinued,
    /// Entries on a page; the server's own number where it is `None`.
    pub page_size: Option<u32>,
}

/// Whether tables that are no longer updated are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Discontinued {
    /// No.
    #[default]
    LeftOut,
    /// Yes.
    Included,
}

/// Format of the data, and its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFormat {
    /// `json-stat2`, `csv`, `px`, `xlsx`, `html`, `json-px`, `parquet`; in the old interface also others.
    pub name: String,
    /// `UseCodes`, `SeparatorSemicolon`, …
    pub parameters: Vec<String>,
}

impl OutputFormat {
    /// A format without parameters.
    pub fn new(name: &str) -> OutputFormat {
        OutputFormat { name: name.to_owned(), parameters: Vec::new() }
    }

    /// `json-stat2`: what machines should ask for.
    pub fn json_stat() -> OutputFormat {
        OutputFormat::new("json-stat2")
    }
}

impl Client<'_> {
    /// Limits, languages, formats. Heeds the pace that it names from then on.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn config(&self) -> Result<ConfigResponse, ClientError> {
        todo!()
    }

    /// A page of the catalogue, from 1.
    ///
    /// # Errors
    ///
    /// [`FaultKind::NonExistentPage`](crate::FaultKind::NonExistentPage) past the end.
    pub fn tables(&self, query: &TablesQuery, page: u32) -> Result<TablesResponse, ClientError> {
        let _ = (query, page);
        todo!()
    }

    /// All pages of the catalogue.
    ///
    /// # Errors
    ///
    /// As every question; the pages that came are kept, so that another try goes on from there.
    pub fn all_tables(&self, query: &TablesQuery) -> Result<Vec<TableResponse>, ClientError> {
        let _ = query;
        todo!()
    }

    /// A table's entry in the catalogue.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn table(&self, table: &TableRef) -> Result<TableResponse, ClientError> {
        let _ = table;
        todo!()
    }

    /// The metadata of version 2: a JSON-stat cube without values.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn metadata(&self, table: &TableRef) -> Result<Answer, ClientError> {
        let _ = table;
        todo!()
    }

    /// What can be selected: from the metadata of version 2, or of the old interface where the
    /// server has nothing else.
    ///
    /// # Errors
    ///
    /// No such table in this language, or metadata that cannot be understood.
    pub fn selectable(&self, table: &TableRef) -> Result<Table, ClientError> {
        let _ = table;
        todo!()
    }

    /// The metadata of the old interface.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn metadata_v0(&self, table: &TableRef) -> Result<v0::Metadata, ClientError> {
        let _ = table;
        todo!()
    }

    /// An aggregation or a value set.
    ///
    /// # Errors
    ///
    /// No such code list; ids are case-sensitive.
    pub fn code_list(&self, id: &str, language: &str) -> Result<CodeList, ClientError> {
        let _ = (id, language);
        todo!()
    }

    /// What the server answers with when nothing is selected.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn default_selection(&self, table: &TableRef) -> Result<SelectionResponse, ClientError> {
        let _ = table;
        todo!()
    }

    /// A stored query.
    ///
    /// # Errors
    ///
    /// No such query.
    pub fn saved_query(&self, id: &str, language: &str) -> Result<SavedQueryResponse, ClientError> {
        let _ = (id, language);
        todo!()
    }

    /// Runs a stored query. `language` is always said, since the server forgets the stored one.
    ///
    /// # Errors
    ///
    /// No such query.
    pub fn saved_query_data(
        &self,
        id: &str,
        language: &str,
        format: &OutputFormat,
    ) -> Result<Answer, ClientError> {
        let _ = (id, language, format);
        todo!()
    }

    /// Stores a query at the server.
    ///
    /// # Errors
    ///
    /// The server refuses the selection.
    pub fn save_query(&self, query: &SavedQuery) -> Result<SavedQueryResponse, ClientError> {
        let _ = query;
        todo!()
    }

    /// Data, by GET while the address is short enough, else by POST.
    ///
    /// # Errors
    ///
    /// The server refuses the selection; the answer is not what was asked for.
    pub fn data(
        &self,
        table: &TableRef,
        selection: &Selection,
        format: &OutputFormat,
    ) -> Result<Answer, ClientError> {
        let _ = (table, selection, format);
        todo!()
    }

    /// Data of the old interface.
    ///
    /// # Errors
    ///
    /// The server refuses the query; the answer is not what was asked for.
    pub fn data_v0(&self, table: &TableRef, query: &v0::Query) -> Result<Answer, ClientError> {
        let _ = (table, query);
        todo!()
    }
}
