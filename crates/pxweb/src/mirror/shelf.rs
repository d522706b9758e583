use std::sync::Arc;

use cube::{Cube, CubeError, Dimension, Period, PeriodKind};

use crate::{CodeList, Table};

/// A collection of tables that can be served.
pub trait Shelf: Send + Sync {
    /// Ids and titles in a language, all of them, sorted by id.
    fn catalogue(&self, language: &str) -> Vec<Entry>;
    /// A table; `None` where it does not exist in this language.
    fn table(&self, id: &str, language: &str) -> Option<Arc<Shelved>>;
    /// A code list by its id, exactly spelled.
    fn code_list(&self, id: &str, language: &str) -> Option<CodeList>;
    /// Ids of the tables that match a search, best first; `None`: search plainly in the titles.
    fn search(&self, query: &str, language: &str) -> Option<Vec<String>>;
}

/// A table with its cells.
#[derive(Debug)]
pub struct Shelved {
    /// What can be selected.
    pub table: Table,
    /// All cells.
    pub cube: Cube,
}

/// A table in the catalogue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entry {
    /// `07459`.
    pub id: String,
    /// Title.
    pub label: String,
    /// What the publisher says of it beside the title.
    pub description: String,
    /// What tables are sorted by within a subject; the id where there is none.
    pub sort_code: Option<String>,
    /// UTC, `2026-02-19T07:00:00Z`.
    pub updated: Option<String>,
    /// Code of the first period.
    pub first_period: String,
    /// Code of the last period.
    pub last_period: String,
    /// Names of the variables, in order.
    pub variable_names: Vec<String>,
    /// Publisher.
    pub source: Option<String>,
    /// Subject.
    pub subject_code: Option<String>,
    /// `Annual`, `Quarterly`, …; told from the periods where it is not said.
    pub time_unit: Option<String>,
    /// Where the table stands in the publisher's tree; it may stand in several places.
    pub paths: Vec<Vec<Subject>>,
    /// No longer updated.
    pub discontinued: bool,
}

/// One step in the publisher's tree of subjects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// `be`.
    pub id: String,
    /// `Population`.
    pub label: String,
}

impl Shelved {
    /// Puts a cube on a shelf, under the id that it will be asked for by.
    ///
    /// What has no label gets its code for one: a PxWeb server always sends labels, and clients
    /// count on them.
    ///
    /// # Errors
    ///
    /// As [`Table::from_metadata`].
    pub fn new(id: &str, cube: Cube) -> Result<Shelved, CubeError> {
        let cube = match cube.dimensions().iter().all(is_labelled) {
            true => cube,
            false => {
                let labelled = cube.dimensions().iter().map(labelled).collect::<Result<_, _>>()?;
                cube.with_cells(labelled, cube.values().clone(), cube.statuses().clone())?
            }
        };
        let table = Table::from_metadata(id, &cube)?;
        Ok(Shelved { table, cube })
    }

    /// What a catalogue says of the table.
    pub fn entry(&self) -> Entry {
        let time = self.table.variables.iter().find(|variable| variable.is_time);
        let codes = time.map_or(&[][..], |variable| variable.codes.as_slice());
        let mut ends: Vec<&String> = codes.first().into_iter().chain(codes.last()).collect();
        // Some publishers list the newest first.
        ends.sort();
        let px = self.cube.extension.get("px");
        let member = |name: &str| Some(px?.get(name)?.as_str()?.to_owned());
        let discontinued = self.cube.extension.get("discontinued");
        let subject = member("subject-code")
            .map(|id| Subject { label: member("subject-area").unwrap_or_else(|| id.clone()), id });
        Entry {
            id: self.table.id.clone(),
            label: self.table.label.clone(),
            updated: self.table.updated.clone(),
            first_period: ends.first().map(|code| (*code).clone()).unwrap_or_default(),
            last_period: ends.last().map(|code| (*code).clone()).unwrap_or_default(),
            variable_names: self.table.variables.iter().map(|one| one.label.clone()).collect(),
            source: self.cube.source.clone(),
            subject_code: member("subject-code"),
            paths: subject.map(|subject| vec![subject]).into_iter().collect(),
            discontinued: discontinued.and_then(serde_json::Value::as_bool) == Some(true),
            ..Entry::default()
        }
    }
}

fn is_labelled(dimension: &Dimension) -> bool {
    dimension.label.is_some() && (0..dimension.len()).all(|at| dimension.stated_label(at).is_some())
}

fn labelled(dimension: &Dimension) -> Result<Dimension, CubeError> {
    let labels = (0..dimension.len()).map(|at| Some(dimension.label_at(at).to_owned())).collect();
    let mut labelled = dimension.clone().with_codes(dimension.codes().to_vec(), labels)?;
    labelled.label = Some(dimension.title().to_owned());
    Ok(labelled)
}

impl Entry {
    /// The interface's word for how long a period is.
    pub(super) fn unit_of_time(&self) -> &str {
        if let Some(unit) = &self.time_unit {
            return unit;
        }
        match Period::parse(&self.first_period).map(|period| period.kind()) {
            Some(PeriodKind::Year) => "Annual",
            Some(PeriodKind::Quarter) => "Quarterly",
            Some(PeriodKind::Month) => "Monthly",
            Some(PeriodKind::Week) => "Weekly",
            _ => "Other",
        }
    }
}
