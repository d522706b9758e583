//! Regions through time: codes, names, parents and what became of them.

use std::collections::BTreeMap;

/// What kind of region a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Fylke, two digits.
    County,
    /// Kommune, four digits.
    Municipality,
    /// Bydel, six digits.
    CityDistrict,
    /// Delområde, six digits, or eight that end in `00`.
    Delomrade,
    /// Grunnkrets, eight digits.
    Grunnkrets,
}

/// How an old code relates to a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// The same area under another code.
    Renumbered,
    /// Became a part of a larger area.
    Merged,
    /// A part of it went here, another part elsewhere.
    Split,
    /// Both codes live on; a piece of land moved between them.
    BoundaryAdjusted,
}

/// One edge of the graph of changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// ISO date from which the new code is in force.
    pub date: String,
    /// Code until then.
    pub old_code: String,
    /// Code from then on.
    pub new_code: String,
    /// How they relate.
    pub kind: ChangeKind,
    /// Share of the old unit's people that went to the new one; 1 unless it was split.
    pub weight: Option<f64>,
    /// What the share rests on: `whole_unit`, `grunnkretser 2023`, `population_2024-01-01`.
    pub weight_basis: Option<String>,
}

/// A code with a name and a parent over a span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Code.
    pub code: String,
    /// Name while it was in force.
    pub name: String,
    /// What kind of region.
    pub level: Level,
    /// Code of the region it is a part of.
    pub parent: Option<String>,
    /// ISO date from which it is in force; `None`: before the history begins.
    pub from: Option<String>,
    /// ISO date from which it no longer is; `None`: in force.
    pub until: Option<String>,
}

/// The graph of changes of regions.
#[derive(Debug, Clone, Default)]
pub struct RegionHistory {
    units: BTreeMap<String, Vec<Unit>>,
    changes: Vec<Change>,
}

impl RegionHistory {
    /// Changes in order of date, old code, new code.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The spans of a code, oldest first; empty for a code that never was.
    pub fn units(&self, code: &str) -> &[Unit] {
        self.units.get(code).map_or(&[], Vec::as_slice)
    }
}
