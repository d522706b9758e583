//! What a pack relies on in a table, and what has changed.

use std::collections::BTreeMap;
use std::fmt;

use cube::{Cube, Dimension, nearest};
use pxweb::Table;

use crate::{Pick, Source};

/// What an extract needs its table to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contract {
    /// Table id.
    pub table: String,
    /// Words of which the title must hold one; lower case.
    pub title: Vec<String>,
    /// Dimensions that are selected.
    pub dimensions: Vec<String>,
    /// Dimensions that must exist and may be left out.
    pub omitted: Vec<String>,
    /// Codes that must exist, by dimension.
    pub codes: BTreeMap<String, Vec<String>>,
    /// The code list a dimension is seen through.
    pub code_lists: BTreeMap<String, String>,
    /// Words that labels must hold, by dimension and code; lower case.
    pub labels: BTreeMap<(String, String), Vec<String>>,
    /// Units by contents code.
    pub units: BTreeMap<String, String>,
    /// Whether the table is known to have ended.
    pub has_ended: bool,
}

/// One thing that is not as the pack relies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// What kind of change.
    pub kind: DriftKind,
    /// The dimension, code or `Dimension/CODE` it is about; empty for the table itself.
    pub at: String,
    /// What the pack relies on.
    pub expected: String,
    /// What the table has.
    pub found: String,
    /// What resembles the thing that is missing, best first.
    pub near: Vec<String>,
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DriftKind {
    /// The title holds none of the expected words: perhaps another table.
    Title,
    /// A dimension is gone.
    MissingDimension,
    /// A dimension that must be chosen from and that the pack does not know.
    NewDimension,
    /// A dimension that was left out may no longer be.
    CannotBeLeftOut,
    /// The dimension no longer offers the code list.
    MissingCodeList,
    /// A code is gone.
    MissingCode,
    /// A label says something else: perhaps the code means something else.
    Label,
    /// No label, or more than one, holds the words by which a code is found.
    NotFound,
    /// The unit has changed.
    Unit,
    /// The agency says that the table has ended.
    Ended,
    /// Something else than was asked for came back.
    Answer,
    /// A figure that no indicator can be made of: outside the valid range, or none at all.
    Figure,
    /// Regions that a layer must have and has not.
    MissingRegion,
    /// Codes in a layer that belong to no region that is known.
    StrangeCode,
    /// Too few or too many shapes, or some without a surface.
    Shapes,
    /// Shapes with faults, such as overlaps; for information: an index answers on them too.
    Faults,
    /// A code that was not there before; for information.
    NewCode,
    /// A code that nobody relies on is gone; for information.
    GoneCode,
}

impl DriftKind {
    /// Name of the sentence that says this: `drift.<key>`.
    pub fn key(self) -> &'static str {
        match self {
            DriftKind::Title => "title",
            DriftKind::MissingDimension => "missing_dimension",
            DriftKind::NewDimension => "new_dimension",
            DriftKind::CannotBeLeftOut => "cannot_be_left_out",
            DriftKind::MissingCodeList => "missing_code_list",
            DriftKind::MissingCode => "missing_code",
            DriftKind::Label => "label",
            DriftKind::NotFound => "not_found",
            DriftKind::Unit => "unit",
            DriftKind::Ended => "ended",
            DriftKind::Answer => "answer",
            DriftKind::Figure => "figure",
            DriftKind::MissingRegion => "missing_region",
            DriftKind::StrangeCode => "strange_code",
            DriftKind::Shapes => "shapes",
            DriftKind::Faults => "faults",
            DriftKind::NewCode => "new_code",
            DriftKind::GoneCode => "gone_code",
        }
    }

    /// Whether the figures can no longer be trusted; the others are information.
    pub fn breaks(self) -> bool {
        !matches!(
            self,
            DriftKind::NewCode | DriftKind::GoneCode | DriftKind::Ended | DriftKind::Faults
        )
    }
}

/// One sentence, in English; the product's own texts are made from the key and the fields.
impl fmt::Display for Drift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Drift { at, expected, found, .. } = self;
        match self.kind {
            DriftKind::Title => {
                write!(formatter, "the title `{found}` holds none of: {expected}")
            }
            DriftKind::MissingDimension => write!(formatter, "there is no dimension `{at}`"),
            DriftKind::NewDimension => {
                write!(formatter, "the dimension `{at}` is new and must be chosen from")
            }
            DriftKind::CannotBeLeftOut => {
                write!(formatter, "the dimension `{at}` can no longer be left out")
            }
            DriftKind::MissingCodeList => {
                write!(formatter, "the dimension `{at}` has no code list `{expected}`")
            }
            DriftKind::MissingCode => {
                write!(formatter, "the dimension `{at}` has no code `{expected}`")
            }
            DriftKind::Label => {
                write!(formatter, "`{at}` is called `{found}`, without: {expected}")
            }
            DriftKind::NotFound if found.is_empty() => {
                write!(formatter, "no label of `{at}` holds: {expected}")
            }
            DriftKind::NotFound => {
                write!(formatter, "several labels of `{at}` hold {expected}: {found}")
            }
            DriftKind::Unit => {
                write!(formatter, "the unit of `{at}` is `{found}`, not `{expected}`")
            }
            DriftKind::Ended => write!(formatter, "the table has ended"),
            DriftKind::Answer => write!(formatter, "`{at}`: asked for {expected}, got {found}"),
            DriftKind::Figure => write!(formatter, "`{at}`: {found}"),
            DriftKind::MissingRegion => write!(formatter, "the layer lacks: {at}"),
            DriftKind::StrangeCode => {
                write!(formatter, "the layer has codes of no region that is known: {at}")
            }
            DriftKind::Shapes if expected.is_empty() => write!(formatter, "`{at}`: {found}"),
            DriftKind::Shapes => write!(formatter, "`{at}`: {found} shapes, not {expected}"),
            DriftKind::Faults => write!(formatter, "{found} faults in the shapes, first: {at}"),
            DriftKind::NewCode => write!(formatter, "`{at}` has the new code `{found}`"),
            DriftKind::GoneCode => write!(formatter, "`{at}` no longer has the code `{expected}`"),
        }?;
        match &self.near[..] {
            [] => Ok(()),
            near => write!(formatter, "; nearest: {}", near.join(", ")),
        }
    }
}

impl Drift {
    pub(crate) fn new(kind: DriftKind, at: impl Into<String>) -> Drift {
        let (expected, found) = (String::new(), String::new());
        Drift { kind, at: at.into(), expected, found, near: Vec::new() }
    }

    pub(crate) fn expected(self, expected: impl Into<String>) -> Drift {
        Drift { expected: expected.into(), ..self }
    }

    pub(crate) fn found(self, found: impl Into<String>) -> Drift {
        Drift { found: found.into(), ..self }
    }

    fn near(self, near: Vec<String>) -> Drift {
        Drift { near, ..self }
    }
}

impl Source {
    /// What this extract needs its table to be.
    pub fn contract(&self) -> Contract {
        let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let rules = self.measures.iter().flat_map(|rule| &rule.cells);
        for (dimension, pick) in self.select.iter().chain(rules) {
            let Pick::Items(items) = pick else { continue };
            let needed = codes.entry(dimension.clone()).or_default();
            for item in items.iter().filter(|item| is_code(item)) {
                if !needed.contains(item) {
                    needed.push(item.clone());
                }
            }
        }
        codes.retain(|_, codes| !codes.is_empty());
        Contract {
            table: self.table.clone(),
            title: self.title.clone(),
            dimensions: self.select.keys().cloned().collect(),
            omitted: self.omit.clone(),
            codes,
            code_lists: self.code_list.clone(),
            labels: self.labels.clone(),
            units: self.units.clone(),
            has_ended: self.cadence == crate::Cadence::Ended,
        }
    }
}

/// Whether an item of a selection is a code and not an expression.
fn is_code(item: &str) -> bool {
    !item.contains(['*', '?', '(', '['])
}

impl Contract {
    /// Holds a table's metadata against the contract; an empty list means that all is well.
    ///
    /// `metadata` is the answer that `table` was read from: it has the units.
    pub fn check(&self, table: &Table, metadata: &Cube) -> Vec<Drift> {
        let mut drifts = Vec::new();
        let title = metadata.label.as_deref().unwrap_or(&table.label);
        let lower = title.to_lowercase();
        if !self.title.is_empty() && !self.title.iter().any(|word| lower.contains(word)) {
            drifts.push(
                Drift::new(DriftKind::Title, "").expected(self.title.join(", ")).found(title),
            );
        }
        if is_discontinued(metadata) && !self.has_ended {
            drifts.push(Drift::new(DriftKind::Ended, ""));
        }
        self.check_dimensions(table, &mut drifts);
        self.check_codes(table, &mut drifts);
        self.check_texts(metadata, &mut drifts);
        drifts
    }

    fn check_dimensions(&self, table: &Table, drifts: &mut Vec<Drift>) {
        for code in self.dimensions.iter().chain(&self.omitted) {
            if !table.variables.iter().any(|variable| variable.code == *code) {
                let others = table.variables.iter().map(|variable| variable.code.as_str());
                let near = nearest(code, others);
                drifts.push(Drift::new(DriftKind::MissingDimension, code).near(near));
            }
        }
        for variable in &table.variables {
            let code = &variable.code;
            if variable.elimination || self.dimensions.contains(code) {
                continue;
            }
            let kind = match self.omitted.contains(code) {
                true => DriftKind::CannotBeLeftOut,
                false => DriftKind::NewDimension,
            };
            drifts.push(Drift::new(kind, code));
        }
        for (code, list) in &self.code_lists {
            let variable = table.variables.iter().find(|variable| variable.code == *code);
            let Some(variable) = variable.filter(|variable| !variable.code_lists.contains(list))
            else {
                continue;
            };
            let near = nearest(list, variable.code_lists.iter().map(String::as_str));
            drifts.push(Drift::new(DriftKind::MissingCodeList, code).expected(list).near(near));
        }
    }

    fn check_codes(&self, table: &Table, drifts: &mut Vec<Drift>) {
        for (dimension, codes) in &self.codes {
            let variable = table.variables.iter().find(|variable| variable.code == *dimension);
            let Some(variable) = variable else { continue };
            let list = self.code_lists.get(dimension).map(|id| table.code_lists.get(id));
            let known: Vec<&str> = match list {
                None => variable.codes.iter().map(String::as_str).collect(),
                Some(Some(list)) => list.values.iter().map(|value| value.code.as_str()).collect(),
                // The list has not been read; evaluating the selection will tell.
                Some(None) => continue,
            };
            for code in codes.iter().filter(|code| !known.contains(&code.as_str())) {
                let near = nearest(code, known.iter().copied());
                let drift = Drift::new(DriftKind::MissingCode, dimension).expected(code);
                drifts.push(drift.near(near));
            }
        }
    }

    /// Holds labels and units of metadata, or of an answer, against the contract.
    pub(crate) fn check_texts(&self, cube: &Cube, drifts: &mut Vec<Drift>) {
        for ((dimension, code), words) in &self.labels {
            let Some(label) = label_of(cube, dimension, code) else { continue };
            let lower = label.to_lowercase();
            if !words.iter().all(|word| lower.contains(word)) {
                let drift = Drift::new(DriftKind::Label, format!("{dimension}/{code}"));
                drifts.push(drift.expected(words.join(", ")).found(label));
            }
        }
        let Some(metric) = cube.metric().map(|at| &cube.dimensions()[at]) else { return };
        for (code, expected) in &self.units {
            let base = metric.units.get(code).and_then(|unit| unit.base.as_deref());
            let Some(found) = base.filter(|_| metric.position(code).is_some()) else { continue };
            if !found.eq_ignore_ascii_case(expected) {
                let drift = Drift::new(DriftKind::Unit, code);
                drifts.push(drift.expected(expected).found(found));
            }
        }
    }
}

/// What is new and what is gone in the dimensions that both cubes have, except time.
pub(crate) fn news(old: &Cube, new: &Cube) -> Vec<Drift> {
    let mut drifts = Vec::new();
    for dimension in new.dimensions().iter().filter(|dimension| !dimension.is_time()) {
        let Some(before) = old.dimension(&dimension.code) else { continue };
        let missing = |from: &Dimension, to: &Dimension| -> Vec<String> {
            from.codes().iter().filter(|code| to.position(code).is_none()).cloned().collect()
        };
        for code in missing(dimension, before) {
            drifts.push(Drift::new(DriftKind::NewCode, &dimension.code).found(code));
        }
        for code in missing(before, dimension) {
            drifts.push(Drift::new(DriftKind::GoneCode, &dimension.code).expected(code));
        }
    }
    drifts
}

/// The one code of a dimension whose label holds all words.
///
/// # Errors
///
/// A drift that names the labels that fit when there are several, or the nearest when there is none.
pub(crate) fn code_by_label(
    dimension: &str,
    words: &[String],
    labels: &[(&str, &str)],
) -> Result<String, Drift> {
    let holds = |label: &str| {
        let lower = label.to_lowercase();
        words.iter().all(|word| lower.contains(word))
    };
    let fitting: Vec<&(&str, &str)> = labels.iter().filter(|(_, label)| holds(label)).collect();
    let drift = Drift::new(DriftKind::NotFound, dimension).expected(words.join(", "));
    match fitting[..] {
        [(code, _)] => Ok((*code).to_owned()),
        [] => Err(drift
            .near(labels.iter().take(8).map(|(code, label)| format!("{code} {label}")).collect())),
        _ => {
            let all: Vec<String> =
                fitting.iter().map(|(code, label)| format!("{code} {label}")).collect();
            Err(drift.found(all.join(", ")))
        }
    }
}

fn label_of<'a>(cube: &'a Cube, dimension: &str, code: &str) -> Option<&'a str> {
    let dimension = cube.dimension(dimension)?;
    Some(dimension.label_at(dimension.position(code)?))
}

fn is_discontinued(metadata: &Cube) -> bool {
    metadata.extension.get("discontinued").and_then(serde_json::Value::as_bool) == Some(true)
}
