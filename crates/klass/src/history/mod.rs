//! Regions through time: codes, names, parents and what became of them.
//!
//! A [`RegionHistory`] is a graph. Its nodes are [`Unit`]s, a code with a name over a span
//! of days; its edges are [`Change`]s, each to the code that was in force on the very day
//! after. Beside the edges it keeps what is known about an old code *in whole*: that all of
//! 1534 Haram is 1580 today, though 1507, which it was a part of for four years, was split.
//!
//! Days are the first on which something holds; a span ends on the first day on which it no
//! longer does. The map of a year is the codes in force on its first of January.
//!
//! Nothing here reads a file or asks anybody; see [`Material`] for what it is made from.

mod build;
mod check;
mod conversion;
mod counties;
mod derive;
mod districts;
mod error;
mod lineage;
mod material;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use conversion::Weights;
pub use error::HistoryError;
pub use lineage::{Lineage, Step};
pub use material::{CrosswalkKind, CrosswalkRow, Listed, ListedChange, Material, Vintage};

/// What kind of region a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Fylke, two digits.
    County,
    /// Kommune, four digits.
    Municipality,
    /// Bydel, six digits.
    CityDistrict,
    /// Delområde, six digits; Klass writes it with `00` behind.
    Delomrade,
    /// Grunnkrets, eight digits.
    Grunnkrets,
}

impl Level {
    /// Whether codes of this level may have six digits.
    pub(crate) fn is_six_digits(self) -> bool {
        matches!(self, Level::CityDistrict | Level::Delomrade)
    }

    /// Name in data and answers: `municipality`.
    pub fn name(self) -> &'static str {
        match self {
            Level::County => "county",
            Level::Municipality => "municipality",
            Level::CityDistrict => "city_district",
            Level::Delomrade => "delomrade",
            Level::Grunnkrets => "grunnkrets",
        }
    }
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
    /// Both codes live on, or at least the piece is not the whole: land moved between them.
    BoundaryAdjusted,
}

impl ChangeKind {
    /// Name in data and answers: `boundary_adjusted`.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Renumbered => "renumbered",
            ChangeKind::Merged => "merged",
            ChangeKind::Split => "split",
            ChangeKind::BoundaryAdjusted => "boundary_adjusted",
        }
    }
}

/// One edge of the graph of changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What kind of region changed.
    pub level: Level,
    /// Day from which the new code is in force.
    pub date: Date,
    /// Code until then.
    pub old_code: String,
    /// Code from then on.
    pub new_code: String,
    /// How they relate.
    pub kind: ChangeKind,
    /// Share of the old unit's people that went to the new one; `None`: nobody has said.
    pub weight: Option<f64>,
    /// What the share rests on: `whole_unit`, `population_2024-01-01`.
    pub weight_basis: Option<String>,
    /// What a reader must know.
    pub note: Option<String>,
}

/// A code with a name and a parent over a span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Code.
    pub code: String,
    /// Name while it was in force; empty where only the code is known.
    pub name: String,
    /// What kind of region.
    pub level: Level,
    /// Code of the region it is a part of.
    pub parent: Option<String>,
    /// First day; `None`: before the history begins.
    pub from: Option<Date>,
    /// First day on which it is no longer in force; `None`: it still is.
    pub until: Option<Date>,
}

impl Unit {
    /// Whether the unit was in force on a day.
    pub fn is_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date < until)
    }
}

/// What one code became.
#[derive(Debug, Clone, PartialEq)]
pub struct Became {
    /// Code in force on the day asked about.
    pub code: String,
    /// Its name then.
    pub name: String,
    /// Share of the old unit's people, 0 to 1; `None`: nobody has said.
    pub weight: Option<f64>,
    /// What a share below 1 rests on.
    pub basis: Option<String>,
}

/// The graph of changes of regions.
#[derive(Debug, Clone, Default)]
pub struct RegionHistory {
    /// Oldest span first. A bydel and a delområde may have the same code.
    units: BTreeMap<String, Vec<Unit>>,
    /// In order of date, old code, new code.
    changes: Vec<Change>,
    /// Positions in `changes` by old code.
    by_old: BTreeMap<String, Vec<usize>>,
    /// Old code to the shares of it in the units of [`Self::anchor`], with the day it ended.
    whole: BTreeMap<String, derive::Whole>,
    /// The day whose map `whole` speaks of.
    anchor: Option<Date>,
    /// First and last year whose map is known.
    maps: (i16, i16),
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

    /// The unit that a code named on a day.
    ///
    /// A bydel goes before a delområde of the same code; [`RegionHistory::unit_at`] asks for either.
    pub fn unit_on(&self, code: &str, date: Date) -> Option<&Unit> {
        let on = || self.units(code).iter().filter(|unit| unit.is_on(date));
        on().find(|unit| unit.level == Level::CityDistrict).or_else(|| on().next())
    }

    /// The unit of a level that a code named on a day.
    pub fn unit_at(&self, level: Level, code: &str, date: Date) -> Option<&Unit> {
        self.units(code).iter().find(|unit| unit.level == level && unit.is_on(date))
    }

    /// The units of a level that were in force on a day, in order of code.
    pub fn valid_on(&self, date: Date, level: Level) -> Vec<&Unit> {
        let all = self.units.values().flatten();
        all.filter(|unit| unit.level == level && unit.is_on(date)).collect()
    }

    /// Changes by which a code ended or lost land on a day: where it went.
    pub fn successors<'a>(
        &'a self,
        code: &'a str,
        date: Date,
    ) -> impl Iterator<Item = &'a Change> + 'a {
        let places = self.by_old.get(code).into_iter().flatten();
        places.map(|place| &self.changes[*place]).filter(move |change| change.date == date)
    }

    /// Changes by which a code began or gained land on a day: what it came from.
    pub fn predecessors<'a>(
        &'a self,
        code: &'a str,
        date: Date,
    ) -> impl Iterator<Item = &'a Change> + 'a {
        self.changes.iter().filter(move |change| change.date == date && change.new_code == code)
    }

    /// What a code had become on a day: the codes in force then, with shares and their basis.
    ///
    /// A code that is in force itself is its own answer. Empty for a code that never was, or
    /// that began only later. Pieces of land that moved between two codes are not followed.
    ///
    /// # Errors
    ///
    /// The shares of a code do not add up to 1.
    pub fn on(&self, code: &str, date: Date) -> Result<Vec<Became>, HistoryError> {
        let parts = self.shares(code, date)?;
        let named = parts.into_iter().map(|(code, share)| Became {
            name: self.unit_on(&code, date).map_or_else(String::new, |unit| unit.name.clone()),
            code,
            weight: share.weight,
            basis: share.basis,
        });
        Ok(named.collect())
    }

    /// Code of the region that a code was a part of on a day.
    pub fn parent(&self, code: &str, date: Date) -> Option<&str> {
        self.unit_on(code, date)?.parent.as_deref()
    }

    /// Code of the county that a code belonged to on a day; a county is its own.
    pub fn county_of(&self, code: &str, date: Date) -> Option<&str> {
        let mut unit = self.unit_on(code, date)?;
        while unit.level != Level::County {
            let parent = unit.parent.as_deref()?;
            let mut above = self.units(parent).iter().filter(|above| above.is_on(date));
            unit = above.find(|above| above.level < unit.level)?;
        }
        Some(&unit.code)
    }
}
