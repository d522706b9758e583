use std::collections::BTreeSet;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::ask::Ask;
use super::judge::Expect;
use super::{Answer, Client, ClientError, Pace, Question, Request};
use crate::address::encode;
use crate::selection::Selection;
use crate::wire::{CodelistResponse, ConfigResponse, SavedQuery, SavedQueryResponse};
use crate::wire::{SelectionResponse, TableResponse, TablesResponse};
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

    fn expect(&self, language: &str) -> Expect {
        match self.name.to_lowercase().as_str() {
            "json-stat2" | "json-stat" => Expect::JsonStat(language.to_owned()),
            other => Expect::Format(other.to_owned()),
        }
    }

    fn to_query(&self) -> String {
        let mut query = format!("outputFormat={}", encode(&self.name));
        if !self.parameters.is_empty() {
            query.push_str("&outputFormatParams=");
            query.push_str(&self.parameters.join(","));
        }
        query
    }

    fn words(&self) -> String {
        let mut words = self.name.clone();
        for parameter in &self.parameters {
            words.push(' ');
            words.push_str(parameter);
        }
        words
    }
}

/// Entries on a page when the whole catalogue is read.
const LARGE_PAGE: u32 = 1_000;
/// Characters of an address that every known server takes.
const SAFE_URL: usize = 2_000;

impl Client<'_> {
    /// Limits, languages, formats. Heeds the pace that it names from then on.
    ///
    /// # Errors
    ///
    /// As every question: see [`ClientError`].
    pub fn config(&self) -> Result<ConfigResponse, ClientError> {
        let question = self.question("v2", "", "config");
        let config: ConfigResponse = self.read(self.get(question, "/config")?, "maxDataCells")?;
        if config.max_calls_per_time_window > 0 && config.time_window > 0 {
            let window = Duration::from_secs(config.time_window);
            self.asker.heed(Pace { calls: config.max_calls_per_time_window, window });
        }
        Ok(config)
    }

    /// A page of the catalogue, from 1.
    ///
    /// # Errors
    ///
    /// [`FaultKind::NonExistentPage`](crate::FaultKind::NonExistentPage) past the end.
    pub fn tables(&self, query: &TablesQuery, page: u32) -> Result<TablesResponse, ClientError> {
        let language = self.language(&query.language);
        let mut parameters = format!("lang={}&pageNumber={page}", encode(language));
        let mut add = |name: &str, value: &str| {
            parameters.push_str(&format!("&{name}={}", encode(value)));
        };
        if !query.query.is_empty() {
            add("query", &query.query);
        }
        if let Some(days) = query.past_days {
            add("pastDays", &days.to_string());
        }
        if query.discontinued == Discontinued::Included {
            add("includeDiscontinued", "true");
        }
        if let Some(size) = query.page_size {
            add("pageSize", &size.to_string());
        }
        let what = format!("catalogue {parameters}");
        let question = self.question("v2", language, &what);
        let ask = self.get(question, &format!("/tables?{parameters}"))?;
        self.read(ask, "tables")
    }

    /// All pages of the catalogue, a thousand entries at a time where no size is said.
    ///
    /// # Errors
    ///
    /// As every question; the pages that came are kept, so that another try goes on from there.
    pub fn all_tables(&self, query: &TablesQuery) -> Result<Vec<TableResponse>, ClientError> {
        let page_size = Some(query.page_size.unwrap_or(LARGE_PAGE));
        let query = TablesQuery { page_size, ..query.clone() };
        let mut seen = BTreeSet::new();
        let mut tables = Vec::new();
        for page in 1.. {
            let response = self.tables(&query, page)?;
            let is_empty = response.tables.is_empty();
            // A table that is released while we read moves the others to the next page.
            let new = response.tables.into_iter().filter(|table| seen.insert(table.id.clone()));
            tables.extend(new);
            if is_empty || u64::from(page) >= response.page.total_pages {
                break;
            }
        }
        Ok(tables)
    }

    /// A table's entry in the catalogue.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn table(&self, table: &TableRef) -> Result<TableResponse, ClientError> {
        let question = self.stamped(self.about("v2", table, "table"));
        let ask = self.get(question, &self.table_path(table, ""))?;
        self.read(ask, "id")
    }

    /// The metadata of version 2: a JSON-stat cube without values.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn metadata(&self, table: &TableRef) -> Result<Answer, ClientError> {
        let ask =
            self.get(self.about("v2", table, "metadata"), &self.table_path(table, "/metadata"))?;
        let expect = Expect::JsonStat(self.language(&table.language).to_owned());
        self.ask(&Ask { expect, ..ask })
    }

    /// What can be selected: from the metadata of version 2, or of the old interface where the
    /// server has nothing else.
    ///
    /// Code lists are known by their ids only; see [`Client::read_code_lists`].
    ///
    /// # Errors
    ///
    /// No such table in this language, or metadata that cannot be understood.
    pub fn selectable(&self, table: &TableRef) -> Result<Table, ClientError> {
        if self.server.v2.is_none() {
            return Ok(self.metadata_v0(table)?.to_table(&table.id));
        }
        let answer = self.metadata(table)?;
        let cube = cube::jsonstat::read(&answer.body);
        let read = cube.and_then(|cube| Table::from_metadata(&table.id, &cube));
        read.map_err(|error| not_as_asked("metadata", error))
    }

    /// Reads the code lists that a selection needs and the table does not have yet.
    ///
    /// # Errors
    ///
    /// No such code list; ids are case-sensitive.
    pub fn read_code_lists(
        &self,
        table: &mut Table,
        selection: &Selection,
        language: &str,
    ) -> Result<(), ClientError> {
        for id in selection.code_lists_to_read(table) {
            let list = self.code_list(&id, language)?;
            table.code_lists.insert(id, list);
        }
        Ok(())
    }

    /// The metadata of the old interface.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn metadata_v0(&self, table: &TableRef) -> Result<v0::Metadata, ClientError> {
        let question = self.about("v0", table, "metadata");
        let request = Request::get(self.v0_url(table)?);
        self.read(plain(question, request), "variables")
    }

    /// An aggregation or a value set.
    ///
    /// # Errors
    ///
    /// No such code list; ids are case-sensitive.
    pub fn code_list(&self, id: &str, language: &str) -> Result<CodeList, ClientError> {
        let language = self.language(language);
        let question = self.question("v2", language, &format!("codelist {id}"));
        let path = format!("/codelists/{}?lang={}", encode(id), encode(language));
        let list: CodelistResponse = self.read(self.get(question, &path)?, "values")?;
        Ok(list.into())
    }

    /// What the server answers with when nothing is selected.
    ///
    /// # Errors
    ///
    /// No such table in this language.
    pub fn default_selection(&self, table: &TableRef) -> Result<SelectionResponse, ClientError> {
        let question = self.about("v2", table, "default selection");
        self.read(self.get(question, &self.table_path(table, "/defaultselection"))?, "selection")
    }

    /// A stored query.
    ///
    /// # Errors
    ///
    /// No such query.
    pub fn saved_query(&self, id: &str, language: &str) -> Result<SavedQueryResponse, ClientError> {
        let language = self.language(language);
        let question = self.question("v2", language, &format!("saved query {id}"));
        let path = format!("/savedqueries/{}?lang={}", encode(id), encode(language));
        self.read(self.get(question, &path)?, "savedQuery")
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
        let language = self.language(language);
        let what = format!("data {} of saved query {id}", format.words());
        let question = self.question("v2", language, &what);
        let lang = encode(language);
        let path = format!("/savedqueries/{}/data?lang={lang}&{}", encode(id), format.to_query());
        let ask = self.get(question, &path)?;
        self.ask(&Ask { expect: format.expect(language), is_data: true, ..ask })
    }

    /// Stores a query at the server.
    ///
    /// # Errors
    ///
    /// The server refuses the selection.
    pub fn save_query(&self, query: &SavedQuery) -> Result<SavedQueryResponse, ClientError> {
        let body = serde_json::to_string(query).expect("plain data can be written as JSON");
        let question = self.question("v2", &query.language, &format!("save query {body}"));
        let url = format!("{}/savedqueries", self.v2_base()?);
        let request = Request::post(url, body);
        self.read(plain(question, request), "id")
    }

    /// Data, by GET while the address is short enough, else by POST.
    ///
    /// A code that is listed twice is asked for once: the reference server falls over it.
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
        let language = self.language(&table.language);
        let selection = without_repeats(selection);
        let what = format!("data {} {}", format.words(), canonical(&selection));
        let path = format!("/tables/{}/data?lang={}", encode(&table.id), encode(language));
        let base = format!("{}{path}&{}", self.v2_base()?, format.to_query());
        let query = selection.to_query();
        let separator = if query.is_empty() { "" } else { "&" };
        let url = format!("{base}{separator}{query}");
        let get = Request::get(url);
        let post = Request::post(base, selection.to_body().to_string());
        let longest = self.asker.settings().max_url.or(self.server.max_url).unwrap_or(SAFE_URL);
        let fits = get.url.len() <= longest && selection.fits_in_query();
        let (request, instead) = if fits { (get, Some(post)) } else { (post, None) };
        let question = self.about("v2", table, &what);
        let expect = format.expect(language);
        self.ask(&Ask { question, request, instead, expect, is_data: true })
    }

    /// Data of the old interface.
    ///
    /// # Errors
    ///
    /// The server refuses the query; the answer is not what was asked for.
    pub fn data_v0(&self, table: &TableRef, query: &v0::Query) -> Result<Answer, ClientError> {
        let body = query.to_body().to_string();
        let question = self.about("v0", table, &format!("data {body}"));
        let format = OutputFormat::new(query.format());
        let request = Request::post(self.v0_url(table)?, body);
        let expect = format.expect(self.language(&table.language));
        self.ask(&Ask { question, request, instead: None, expect, is_data: true })
    }

    /// Asks, and reads the answer as JSON that has a member.
    fn read<T: DeserializeOwned>(&self, ask: Ask, member: &'static str) -> Result<T, ClientError> {
        let what = ask.question.what.clone();
        let answer = self.ask(&Ask { expect: Expect::Member(member), ..ask })?;
        serde_json::from_slice(&answer.body).map_err(|error| not_as_asked(&what, error))
    }

    fn get(&self, question: Question, path: &str) -> Result<Ask, ClientError> {
        let url = format!("{}{path}", self.v2_base()?);
        Ok(plain(question, Request::get(url)))
    }

    fn v2_base(&self) -> Result<&str, ClientError> {
        let base = self.server.v2.as_deref().map(|base| base.trim_end_matches('/'));
        base.ok_or_else(|| self.no_such_interface("v2"))
    }

    fn v0_url(&self, table: &TableRef) -> Result<String, ClientError> {
        let base = self.server.v0.as_deref().ok_or_else(|| self.no_such_interface("v0"))?;
        let base = base.replace("{lang}", self.language(&table.language));
        let parts: Vec<String> = table.id.split('/').map(encode).collect();
        Ok(format!("{}/{}", base.trim_end_matches('/'), parts.join("/")))
    }

    fn no_such_interface(&self, api: &'static str) -> ClientError {
        ClientError::NoSuchInterface { server: self.server.name.clone(), api }
    }

    fn table_path(&self, table: &TableRef, rest: &str) -> String {
        let language = encode(self.language(&table.language));
        format!("/tables/{}{rest}?lang={language}", encode(&table.id))
    }

    fn language<'a>(&'a self, asked: &'a str) -> &'a str {
        if asked.is_empty() { self.server.default_language() } else { asked }
    }

    /// A question about a table; answers belong to its `updated`, or to the stamp.
    fn about(&self, api: &str, table: &TableRef, what: &str) -> Question {
        let question = self.question(api, self.language(&table.language), what);
        let updated = table.updated.clone().or(question.updated);
        Question { table: Some(table.id.clone()), updated, ..question }
    }

    fn question(&self, api: &str, language: &str, what: &str) -> Question {
        Question {
            host: self.server.host_of(api),
            api: api.to_owned(),
            language: language.to_owned(),
            table: None,
            what: what.to_owned(),
            updated: Some(self.stamp()),
        }
    }

    /// The same question, of which the answer is what tells `updated`.
    fn stamped(&self, question: Question) -> Question {
        Question { updated: Some(self.stamp()), ..question }
    }

    fn stamp(&self) -> String {
        let hour = || self.asker.now().strftime("%Y-%m-%dT%HZ").to_string();
        self.asker.settings().stamp.clone().unwrap_or_else(hour)
    }
}

fn plain(question: Question, request: Request) -> Ask {
    // `read` says which member it expects.
    let expect = Expect::Member("");
    Ask { question, request, instead: None, expect, is_data: false }
}

fn not_as_asked(what: &str, error: impl std::fmt::Display) -> ClientError {
    ClientError::NotAsAsked {
        what: what.to_owned(),
        expected: "what the interface describes".to_owned(),
        problem: error.to_string(),
    }
}

fn without_repeats(selection: &Selection) -> Selection {
    let mut selection = selection.clone();
    for variable in &mut selection.variables {
        let mut seen = BTreeSet::new();
        variable.items.retain(|item| seen.insert(item.to_lowercase()));
    }
    selection
}

/// The same text for the same selection, whatever the order in which variables are named.
fn canonical(selection: &Selection) -> String {
    let mut selection = selection.clone();
    selection.variables.sort_by(|left, right| left.variable.cmp(&right.variable));
    selection.to_body().to_string()
}
