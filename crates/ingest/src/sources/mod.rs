//! What a pack asks the agencies for, as data.

mod parse;

use std::collections::{BTreeMap, BTreeSet};

use indicators::{Grain, Localised, Pack, PackFiles};
use store::ValueStatus;

use crate::{Cadence, IngestError};

/// The tables of a pack, in the order in which they are fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Sources {
    /// Path of the file inside the packs folder.
    pub file: String,
    /// What the publishers' symbols mean.
    pub symbols: BTreeMap<String, SymbolMeaning>,
    /// What is asked for; what the score needs first comes first.
    pub sources: Vec<Source>,
    /// Tables that are known and not asked for, each with the reason.
    pub not_yet: Vec<NotYet>,
}

/// One extract: a part of a table, and the measures that are made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// `population`; the last part of the extract's name.
    pub name: String,
    /// Name of the server in the list of known ones: `ssb`.
    pub server: String,
    /// Table id.
    pub table: String,
    /// Language asked for.
    pub language: String,
    /// How sure the codes are.
    pub confidence: Confidence,
    /// Words of which the title must hold one; lower case.
    pub title: Vec<String>,
    /// Per dimension what is asked for.
    pub select: BTreeMap<String, Pick>,
    /// Per dimension the code list it is seen through.
    pub code_list: BTreeMap<String, String>,
    /// Dimensions that are left out; the server adds them up.
    pub omit: Vec<String>,
    /// Which dimension says where, for extracts that make measures.
    pub region: Option<Region>,
    /// Which municipal map the codes follow.
    pub map: Map,
    /// When to expect news.
    pub cadence: Cadence,
    /// Words that the label of a code must hold, by dimension and code; lower case.
    pub labels: BTreeMap<(String, String), Vec<String>>,
    /// Unit that the metadata must state, by contents code.
    pub units: BTreeMap<String, String>,
    /// What is made of it.
    pub measures: Vec<MeasureRule>,
    /// Where it stands in the file, from 1.
    pub line: usize,
}

/// How sure a table and its codes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
pub enum Confidence {
    /// Codes seen in a working request or in dated metadata.
    H,
    /// Table sure, codes partly.
    M,
    /// Topic only.
    L,
}

/// What is picked of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub enum Pick {
    /// Codes and expressions.
    Items(Vec<String>),
    /// The one code whose label holds all these words (lower case).
    Label(Vec<String>),
}

/// Which dimension says where.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Code of the dimension.
    pub dimension: String,
    /// What stands before the municipality number: `K-`.
    #[serde(default)]
    pub prefix: String,
    /// Code of the whole country, where the extract has it.
    pub nation: Option<String>,
}

/// Which municipal map figures follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Map {
    /// The publisher's own series in today's borders.
    Merged,
    /// The borders of each year.
    AsOfYear,
    /// Only today's borders exist.
    Current,
}

/// How one measure is made of cells.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureRule {
    /// Measure of the pack.
    pub id: String,
    /// Per dimension the codes that count; several are added up.
    pub cells: BTreeMap<String, Pick>,
    /// Municipalities, or the country.
    pub grain: Grain,
    /// What may be done when municipalities changed.
    pub moves: Moves,
    /// What the published number is multiplied with to be in the measure's unit.
    pub scale: f64,
}

/// What may be done with a figure when municipalities changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moves {
    /// A rate or a median: only carried to a new number of the same place.
    #[default]
    Rename,
    /// A count: added up at mergers, shared out at splits.
    Sum,
}

/// What a publisher's symbol says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolMeaning {
    /// A number that is zero.
    Zero,
    /// How much the number says, or why there is none.
    Status(ValueStatus),
}

/// A table that is known and not asked for.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotYet {
    /// Table id.
    pub table: String,
    /// Measures that wait for it.
    #[serde(default)]
    pub measures: Vec<String>,
    /// Why, by language.
    pub reason: Localised,
}

impl Sources {
    /// Reads and checks the sources of a pack.
    ///
    /// # Errors
    ///
    /// [`IngestError::Sources`] names the line: TOML that does not parse, a name that occurs
    /// twice, a measure that the pack does not define or that two sources make, cells outside
    /// the selection.
    pub fn load(files: &PackFiles, pack: &Pack) -> Result<Sources, IngestError> {
        let file = format!("{}/sources.toml", pack.id);
        let sources = parse::parse(&file, &files.text(&file)?)?;
        sources.check(pack)?;
        Ok(sources)
    }

    /// Reads sources without a pack to hold them against.
    ///
    /// # Errors
    ///
    /// As [`Sources::load`].
    pub fn parse(file: &str, text: &str) -> Result<Sources, IngestError> {
        parse::parse(file, text)
    }

    /// The source of an extract: by the extract's whole name, its short name or its table.
    pub fn find<'a>(&'a self, asked: &'a str) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter(move |source| {
            source.extract() == asked || source.name == asked || source.table == asked
        })
    }

    fn check(&self, pack: &Pack) -> Result<(), IngestError> {
        let mut made = BTreeSet::new();
        for source in &self.sources {
            for rule in &source.measures {
                let fault = |problem| IngestError::sources(&self.file, source.line, problem);
                let Some(measure) = pack.measures.get(&rule.id) else {
                    return Err(fault(format!("measure `{}` is not in measures.toml", rule.id)));
                };
                if measure.grain != rule.grain {
                    let problem =
                        format!("measure `{}` has another grain in measures.toml", rule.id);
                    return Err(fault(problem));
                }
                if !measure.table.contains(&source.table) {
                    let problem = format!(
                        "measure `{}` is of `{}` in measures.toml, not of {}",
                        rule.id, measure.table, source.table
                    );
                    return Err(fault(problem));
                }
                if !made.insert(&rule.id) {
                    return Err(fault(format!("measure `{}` is made twice", rule.id)));
                }
            }
        }
        let mut waiting = self.not_yet.iter().flat_map(|table| &table.measures);
        match waiting.find(|id| !pack.measures.contains_key(*id)) {
            Some(id) => {
                let problem = format!("measure `{id}` is not in measures.toml");
                Err(IngestError::sources(&self.file, 1, problem))
            }
            None => Ok(()),
        }
    }
}

impl Source {
    /// Name of the extract: `ssb.07459.no.population`.
    pub fn extract(&self) -> String {
        format!("{}.{}.{}.{}", self.server, self.table, self.language, self.name)
    }
}

impl Pick {
    /// One code.
    pub fn code(code: &str) -> Pick {
        Pick::Items(vec![code.to_owned()])
    }
}
