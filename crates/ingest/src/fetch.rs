//! One extract: from a table's metadata to a version in the archive.
//!
//! Metadata is read and held against the contract before any figure is asked for.
//! Every block must belong to the same publication of the table; where the agency
//! publishes in the middle, the extract begins again with the new one, and what
//! has been kept under the old is not mixed in.

use cube::{Assembly, Cube};
use pxweb::client::{Client, ClientError, OutputFormat, TableRef};
use pxweb::plan::{Limits, Plan};
use pxweb::selection::{Evaluated, Selection, Surprise, VariableSelection};
use pxweb::{Fault, Table};
use serde_json::json;
use store::archive::{Archive, Published, Version, VersionInfo};

use crate::bridge::{self, Bridge, Used};
use crate::contract::{self, code_by_label};
use crate::{Drift, DriftKind, IngestError, Pick, Progress, Source, SyncEvent};

/// How often an extract begins again because the table was published while it was being read.
const PUBLICATIONS: usize = 3;

/// What became of an extract.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A new version, and what is new in its codes.
    Fetched {
        /// The version.
        version: String,
        /// Codes that came and went since the last version; for information.
        news: Vec<Drift>,
    },
    /// Nothing has changed since this version.
    Unchanged {
        /// The version.
        version: String,
    },
    /// It does not fit, and never did: nothing of it is used.
    Refused {
        /// Why.
        reasons: Vec<Refusal>,
    },
    /// It no longer fits: the last good version stays in use.
    Drifted {
        /// What has changed.
        reasons: Vec<Refusal>,
        /// The version that stays in use.
        keeps: String,
    },
    /// The server could not be asked; what was fetched is kept.
    Failed {
        /// Why.
        error: ClientError,
    },
    /// Not looked at, since the server could not be asked before.
    NotReached,
}

/// Why an extract is not used.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The table is not as the pack relies on.
    Drift(Drift),
    /// The selection does not fit the table.
    Fault(Fault),
    /// The server says no.
    Server(ClientError),
    /// Something else came than what was asked for.
    Surprise(Surprise),
    /// The answer cannot be read, or its blocks do not fit each other.
    Cube(cube::CubeError),
    /// The catalogue has no such table.
    NotInCatalogue,
    /// The table was published again and again while it was read.
    KeepsChanging,
    /// Geonorge does not offer it, or answers something else.
    Geonorge(geonorge::GeonorgeError),
    /// The file of a layer cannot be read.
    Layer(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Drift(drift) => drift.fmt(formatter),
            Refusal::Fault(fault) => {
                fault.fmt(formatter)?;
                let named = [&fault.variable, &fault.code];
                for name in named.into_iter().flatten() {
                    write!(formatter, " `{name}`")?;
                }
                match &fault.near[..] {
                    [] => Ok(()),
                    near => write!(formatter, "; nearest: {}", near.join(", ")),
                }
            }
            Refusal::Server(error) => error.fmt(formatter),
            Refusal::Surprise(surprise) => {
                write!(formatter, "the answer differs from the question: {}", surprise.key())?;
                for (_, value) in surprise.places() {
                    write!(formatter, " {value}")?;
                }
                Ok(())
            }
            Refusal::Cube(error) => error.fmt(formatter),
            Refusal::NotInCatalogue => formatter.write_str("the catalogue has no such table"),
            Refusal::KeepsChanging => {
                formatter.write_str("the table was published again while it was being read")
            }
            Refusal::Geonorge(error) => error.fmt(formatter),
            Refusal::Layer(problem) => formatter.write_str(problem),
        }
    }
}

/// Why one extract stops.
pub(crate) enum Halt {
    /// This extract only.
    Refused(Vec<Refusal>),
    /// The server; others of it need not be tried.
    Failed(ClientError),
    /// Everything.
    Fatal(IngestError),
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Halt {
        Halt::Refused(vec![refusal])
    }
}

impl From<ClientError> for Halt {
    fn from(error: ClientError) -> Halt {
        match error {
            ClientError::Budget(ref inner) if inner.cause == bridge::STOPPED => {
                Halt::Fatal(IngestError::Interrupted)
            }
            ClientError::Archive(ref inner) if inner.cause == bridge::STOPPED => {
                Halt::Fatal(IngestError::Interrupted)
            }
            ClientError::Archive(ref inner) if inner.cause == bridge::NOT_KEPT => {
                Halt::Failed(error)
            }
            ClientError::Archive(_) | ClientError::Budget(_) => {
                Halt::Fatal(IngestError::Client(Box::new(error)))
            }
            ClientError::Refused { .. }
            | ClientError::WrongLanguage { .. }
            | ClientError::NotAsAsked { .. }
            | ClientError::Fault(_) => Halt::Refused(vec![Refusal::Server(error)]),
            other => Halt::Failed(other),
        }
    }
}

/// Fetches extracts of one server.
pub(crate) struct Fetcher<'a> {
    pub(crate) archive: &'a Archive,
    pub(crate) client: &'a Client<'a>,
    pub(crate) bridge: &'a Bridge<'a>,
    pub(crate) limits: Limits,
    pub(crate) progress: &'a dyn Progress,
}

/// A table that has been read and fits the contract, and what to ask of it.
pub(crate) struct Prepared {
    pub(crate) table: Table,
    pub(crate) asked: TableRef,
    pub(crate) plan: Plan,
}

impl Fetcher<'_> {
    /// Fetches an extract of the publication that the catalogue names.
    pub(crate) fn fetch(
        &self,
        source: &Source,
        updated: Option<&str>,
    ) -> Result<Outcome, IngestError> {
        let extract = source.extract();
        let held = self.archive.current(&extract)?;
        if let Some(held) = &held
            && updated.is_some()
            && held.info.updated.as_deref() == updated
            && held.info.query == query_of(source)
        {
            return Ok(Outcome::Unchanged { version: held.version.clone() });
        }
        let made = self.whole(source, updated).and_then(|whole| self.publish(source, whole));
        match (made, held) {
            (Ok(Published::New(version)), held) => Ok(self.published(&version, held.as_ref())),
            (Ok(Published::Unchanged(version)), _) => {
                Ok(Outcome::Unchanged { version: version.version })
            }
            (Err(Halt::Refused(reasons)), Some(held)) => {
                Ok(Outcome::Drifted { reasons, keeps: held.version })
            }
            (Err(Halt::Refused(reasons)), None) => Ok(Outcome::Refused { reasons }),
            (Err(Halt::Failed(error)), _) => Ok(Outcome::Failed { error }),
            (Err(Halt::Fatal(error)), _) => Err(error),
        }
    }

    /// Reads a table's metadata, holds it against the contract and plans the extract.
    pub(crate) fn prepare(&self, source: &Source, updated: Option<&str>) -> Result<Prepared, Halt> {
        let mut asked = TableRef {
            id: source.table.clone(),
            language: source.language.clone(),
            updated: updated.map(str::to_owned),
        };
        let metadata = read(&self.client.metadata(&asked)?.body)?;
        // The catalogue may be older than the table.
        asked.updated = metadata.updated.clone().or(asked.updated);
        let mut table = Table::from_metadata(&source.table, &metadata).map_err(Refusal::Cube)?;
        let contract = source.contract();
        fits(contract.check(&table, &metadata))?;
        for list in source.code_list.values() {
            if !table.code_lists.contains_key(list) {
                let read = self.client.code_list(list, &source.language)?;
                table.code_lists.insert(list.clone(), read);
            }
        }
        fits(contract.check(&table, &metadata))?;
        let selection = selection_of(source, &table).map_err(Refusal::Drift)?;
        let plan = Plan::make(&table, &selection, &self.limits).map_err(Refusal::Fault)?;
        if let Some(left_out) = plan.evaluated.silently_eliminated.first() {
            let variable = table.variables[*left_out].code.clone();
            return Err(Refusal::Surprise(Surprise::Eliminated { variable }).into());
        }
        Ok(Prepared { table, asked, plan })
    }

    /// All blocks of one publication.
    fn whole(&self, source: &Source, updated: Option<&str>) -> Result<Whole, Halt> {
        let mut updated = updated.map(str::to_owned);
        for _ in 0..PUBLICATIONS {
            let prepared = self.prepare(source, updated.as_deref())?;
            self.progress
                .see(&SyncEvent::Planned { extract: &source.extract(), plan: &prepared.plan });
            match self.blocks(source, &prepared)? {
                Blocks::All(whole) => return Ok(*whole),
                Blocks::PublishedAnew(newer) => updated = newer,
            }
        }
        Err(Refusal::KeepsChanging.into())
    }

    fn blocks(&self, source: &Source, prepared: &Prepared) -> Result<Blocks, Halt> {
        let Prepared { table, asked, plan } = prepared;
        let target = target_of(&plan.evaluated, table);
        let mut assembly = Assembly::new(target, cube::MAX_CELLS).map_err(Refusal::Cube)?;
        let mut used = Vec::with_capacity(plan.blocks.len());
        self.bridge.take_used();
        for (at, block) in plan.blocks.iter().enumerate() {
            let answer = self.client.data(asked, &block.selection, &OutputFormat::json_stat())?;
            let answers = self.bridge.take_used();
            let cube = read(&answer.body)?;
            if cube.updated.is_some() && cube.updated != asked.updated {
                self.reject(&answers, "belongs to another publication of the table")?;
                return Ok(Blocks::PublishedAnew(cube.updated));
            }
            if let Some(other) = Surprise::in_language(&source.language, &cube) {
                self.reject(&answers, "is in another language")?;
                return Err(Refusal::Surprise(other).into());
            }
            assembly.put(&cube).map_err(Refusal::Cube)?;
            used.extend(answers);
            let extract = source.extract();
            let of = plan.blocks.len();
            self.progress.see(&SyncEvent::Block { extract: &extract, done: at + 1, of });
        }
        let cube = assembly.finish().map_err(Refusal::Cube)?;
        let surprises = plan.evaluated.check_against(table, &cube);
        match surprises.into_iter().next() {
            Some(surprise) => Err(Refusal::Surprise(surprise).into()),
            None => Ok(Blocks::All(Box::new(Whole { cube, used }))),
        }
    }

    /// Without a network: looks for the answer to every block, so that those that lack are counted.
    pub(crate) fn look_for_blocks(&self, prepared: &Prepared) {
        for block in &prepared.plan.blocks {
            let format = OutputFormat::json_stat();
            // An answer that is not held is counted by the bridge.
            let _ = self.client.data(&prepared.asked, &block.selection, &format);
        }
    }

    /// Never to be recalled as the answer to that question.
    fn reject(&self, answers: &[Used], reason: &str) -> Result<(), Halt> {
        for answer in answers {
            self.archive.reject(answer.id, reason).map_err(|error| Halt::Fatal(error.into()))?;
        }
        Ok(())
    }

    fn publish(&self, source: &Source, whole: Whole) -> Result<Published, Halt> {
        let Whole { cube, used } = whole;
        let mut drifts = Vec::new();
        source.contract().check_texts(&cube, &mut drifts);
        let parquet = cube::columns::to_parquet(&cube);
        let text: Vec<String> = drifts.iter().map(Drift::to_string).collect();
        let fetched_at = used.iter().map(|answer| answer.received_at.as_str()).max();
        let info = VersionInfo {
            table: source.table.clone(),
            server: self.client.server().host(),
            language: source.language.clone(),
            updated: cube.updated.clone(),
            query: query_of(source),
            answer_ids: used.iter().map(|answer| answer.id).collect(),
            fetched_at: fetched_at.unwrap_or_default().to_owned(),
            drift: (!text.is_empty()).then(|| text.join("; ")),
        };
        let published = self
            .archive
            .publish(&source.extract(), &parquet, &info)
            .map_err(|error| Halt::Fatal(error.into()))?;
        // The version is kept for whoever looks into the matter, and never current.
        fits(drifts)?;
        Ok(published)
    }

    fn published(&self, version: &Version, held: Option<&Version>) -> Outcome {
        let read = |version: &Version| {
            let bytes = self.archive.extract_bytes(version).ok()?;
            cube::columns::from_parquet(&bytes).ok()
        };
        let news = held.and_then(|held| Some(contract::news(&read(held)?, &read(version)?)));
        Outcome::Fetched { version: version.version.clone(), news: news.unwrap_or_default() }
    }
}

/// All cells of an extract, and the answers that they came in.
struct Whole {
    cube: Cube,
    used: Vec<Used>,
}

enum Blocks {
    All(Box<Whole>),
    /// With the `updated` of the newer publication.
    PublishedAnew(Option<String>),
}

fn read(body: &[u8]) -> Result<Cube, Halt> {
    cube::jsonstat::read(body).map_err(|error| Refusal::Cube(error).into())
}

/// Nothing, when no drift breaks the contract.
fn fits(drifts: Vec<Drift>) -> Result<(), Halt> {
    let breaking: Vec<Refusal> =
        drifts.into_iter().filter(|drift| drift.kind.breaks()).map(Refusal::Drift).collect();
    if breaking.is_empty() { Ok(()) } else { Err(Halt::Refused(breaking)) }
}

/// The dimensions of the final cube, in the order of the evaluated selection.
fn target_of(evaluated: &Evaluated, table: &Table) -> Vec<(String, Vec<String>)> {
    let variables = evaluated.variables.iter();
    variables.map(|one| (table.variables[one.variable].code.clone(), one.codes.clone())).collect()
}

/// What is asked of the table; codes that are known by their label are looked up.
fn selection_of(source: &Source, table: &Table) -> Result<Selection, Drift> {
    let mut variables = Vec::with_capacity(source.select.len());
    for (dimension, pick) in &source.select {
        let code_list = source.code_list.get(dimension).cloned();
        let items = match pick {
            Pick::Items(items) => items.clone(),
            Pick::Label(words) => vec![find_by_label(table, dimension, code_list.as_ref(), words)?],
        };
        variables.push(VariableSelection { variable: dimension.clone(), code_list, items });
    }
    Ok(Selection { variables, placement: None })
}

fn find_by_label(
    table: &Table,
    dimension: &str,
    list: Option<&String>,
    words: &[String],
) -> Result<String, Drift> {
    let variable = table.variables.iter().find(|variable| variable.code == dimension);
    let variable = variable.ok_or_else(|| Drift::new(DriftKind::MissingDimension, dimension))?;
    let labels: Vec<(&str, &str)> = match list.and_then(|list| table.code_lists.get(list)) {
        Some(list) => {
            list.values.iter().map(|value| (value.code.as_str(), value.label.as_str())).collect()
        }
        None => {
            let pairs = variable.codes.iter().zip(&variable.labels);
            pairs.map(|(code, label)| (code.as_str(), label.as_str())).collect()
        }
    };
    code_by_label(dimension, words, &labels)
}

/// The query of an extract as it is remembered: as the pack writes it, so that another one is noticed.
pub(crate) fn query_of(source: &Source) -> String {
    let items = |pick: &Pick| match pick {
        Pick::Items(items) => json!(items),
        Pick::Label(words) => json!({ "label": words }),
    };
    let selection: serde_json::Map<String, serde_json::Value> =
        source.select.iter().map(|(dimension, pick)| (dimension.clone(), items(pick))).collect();
    json!({
        "table": source.table,
        "language": source.language,
        "selection": selection,
        "codelist": source.code_list,
    })
    .to_string()
}
