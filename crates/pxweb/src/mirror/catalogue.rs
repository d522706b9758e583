//! `/tables`: the catalogue, searched and in pages.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::call::{Call, link};
use super::refusal::Refusal;
use super::search::Query;
use super::{Entry, Mirror, Reply, Shelf, Subject};
use crate::address::encode;
use crate::wire::{Link, PageInfo, PathElement, TableResponse, TablesResponse};
use crate::{Fault, FaultKind};

/// A page of a list: which, how long, and how many entries there are in all.
struct Page {
    number: usize,
    size: usize,
    total: usize,
}

impl Page {
    fn last(&self) -> usize {
        self.total.div_ceil(self.size).max(1)
    }
}

impl<S: Shelf> Mirror<S> {
    pub(super) fn tables(&self, call: &Call<'_>) -> Result<Reply, Refusal> {
        let size = call.number("pageSize")?.unwrap_or(self.settings.page_size).max(1);
        let number = call.number("pageNumber")?.unwrap_or(1);
        let past_days = call.number("pastDays")?;
        let with_discontinued = call.flag("includeDiscontinued")?;
        let query = call.parameter("query").unwrap_or("").trim();
        let Some(mut found) = self.found(query, &call.language) else {
            // The reference server does not catch a malformed query.
            return Ok(Reply::empty(500));
        };
        found.retain(|entry| with_discontinued || !entry.discontinued);
        if let Some(days) = past_days {
            found.retain(|entry| is_within(entry, days));
        }
        let page = Page { number, size, total: found.len() };
        if page.number > page.last() && page.total > 0 {
            return Err(Fault::new(FaultKind::NonExistentPage).into());
        }
        let others = self.ids_in_other_languages(&call.language);
        let first = (page.number - 1).saturating_mul(page.size);
        let shown = found.iter().skip(first).take(page.size);
        let tables = shown.map(|entry| describe(call, entry, &others)).collect();
        Ok(Reply::json(200, &listing(call, tables, &page)))
    }

    pub(super) fn table(&self, call: &Call<'_>, id: &str) -> Result<Reply, Refusal> {
        let entries = self.shelf.catalogue(&call.language);
        let found = entries.iter().find(|entry| entry.id.eq_ignore_ascii_case(id));
        let entry = found.ok_or_else(|| Refusal::no_table(id))?;
        let others = self.ids_in_other_languages(&call.language);
        let language = Some(call.language.clone());
        Ok(Reply::json(200, &TableResponse { language, ..describe(call, entry, &others) }))
    }

    /// Entries that match; `None` for a query that is not well formed.
    pub(super) fn found(&self, query: &str, language: &str) -> Option<Vec<Entry>> {
        let mut entries = self.shelf.catalogue(language);
        if query.is_empty() {
            return Some(entries);
        }
        let parsed = Query::parse(query)?;
        let ranked = match parsed.is_plain() {
            true => self.shelf.search(query, language),
            false => None,
        };
        match ranked {
            Some(ids) => {
                let by_id = |id: &String| entries.iter().find(|entry| entry.id == *id).cloned();
                Some(ids.iter().filter_map(by_id).collect())
            }
            None => {
                entries.retain(|entry| parsed.finds(entry));
                Some(entries)
            }
        }
    }

    /// The other languages, with the ids of the tables that they have.
    fn ids_in_other_languages(&self, language: &str) -> Vec<(String, HashSet<String>)> {
        let others = self.settings.languages.iter().filter(|other| *other != language);
        others
            .map(|other| {
                let ids = self.shelf.catalogue(other).into_iter().map(|entry| entry.id).collect();
                (other.clone(), ids)
            })
            .collect()
    }
}

/// Whether a table was updated in the last `days` days.
fn is_within(entry: &Entry, days: usize) -> bool {
    let updated = entry.updated.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
    let hours = i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(24).min(24 * 365 * 1000);
    let since = Timestamp::now().saturating_sub(SignedDuration::from_hours(hours));
    updated.is_some_and(|updated| since.is_ok_and(|since| updated >= since))
}

fn listing(call: &Call<'_>, tables: Vec<TableResponse>, page: &Page) -> TablesResponse {
    let asked = |number: usize| {
        let mut href = format!("{}/tables/?lang={}", call.base, call.language);
        for name in ["query", "pastDays", "includeDiscontinued"] {
            if let Some(value) = call.parameter(name) {
                href.push_str(&format!("&{name}={}", encode(value)));
            }
        }
        // The reference server spells this one in lower case.
        href.push_str(&format!("&pagesize={}&pageNumber={number}", page.size));
        href
    };
    let mut links = Vec::new();
    if page.number < page.last() {
        links.push(call.link("next", asked(page.number + 1)));
    }
    if page.number > 1 {
        links.push(call.link("previous", asked(page.number - 1)));
    }
    if page.last() > 1 {
        links.push(call.link("last", asked(page.last())));
    }
    let page = PageInfo {
        page_number: page.number as u64,
        page_size: page.size as u64,
        total_elements: page.total as u64,
        total_pages: page.last() as u64,
        links,
        ..PageInfo::default()
    };
    let own = asked(usize::try_from(page.page_number).unwrap_or(1));
    TablesResponse {
        language: call.language.clone(),
        tables,
        page,
        links: vec![call.link("self", own)],
        ..TablesResponse::default()
    }
}

fn describe(call: &Call<'_>, entry: &Entry, others: &[(String, HashSet<String>)]) -> TableResponse {
    TableResponse {
        id: entry.id.clone(),
        label: entry.label.clone(),
        description: Some(entry.description.clone()),
        sort_code: Some(entry.sort_code.as_ref().unwrap_or(&entry.id).clone()),
        updated: entry.updated.clone(),
        first_period: Some(entry.first_period.clone()),
        last_period: Some(entry.last_period.clone()),
        category: Some("public".to_owned()),
        variable_names: entry.variable_names.clone(),
        discontinued: entry.discontinued.then_some(true),
        source: entry.source.clone(),
        subject_code: entry.subject_code.clone(),
        time_unit: Some(entry.unit_of_time().to_owned()),
        paths: Some(entry.paths.iter().map(|path| path.iter().map(step).collect()).collect()),
        links: links(call, &entry.id, others),
        ..TableResponse::default()
    }
}

fn step(subject: &Subject) -> PathElement {
    let (id, label) = (subject.id.clone(), subject.label.clone());
    PathElement { id, label, ..PathElement::default() }
}

fn links(call: &Call<'_>, id: &str, others: &[(String, HashSet<String>)]) -> Vec<Link> {
    let (address, language) = (call.table_address(id), &call.language);
    let mut links = vec![call.link("self", format!("{address}?lang={language}"))];
    for (other, ids) in others {
        if ids.contains(id) {
            links.push(link("alternate", other, format!("{address}?lang={other}")));
        }
    }
    links.push(call.link("metadata", format!("{address}/metadata?lang={language}")));
    let data = format!("{address}/data?lang={language}&outputFormat=json-stat2");
    links.push(call.link("data", data));
    links
}
