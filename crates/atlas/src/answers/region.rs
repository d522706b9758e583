//! A region, and what became of it.

use jiff::civil::Date;
use klass::codes::{self, Meaning};
use klass::history::{Became, Change, Step, Unit};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Atlas, AtlasError, HistorySource};

/// A region on a day.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionDetail {
    /// Code.
    pub code: String,
    /// Name while it was in force; empty where only the code is known.
    pub name: String,
    /// `county`, `municipality`, `city_district`, `delomrade` or `grunnkrets`.
    pub level: String,
    /// The day that was asked about.
    #[schema(value_type = String)]
    pub date: Date,
    /// Whether it was in force on that day.
    pub in_force: bool,
    /// First day; absent when it is older than the history.
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// First day on which it no longer was; absent while it is in force.
    #[schema(value_type = Option<String>)]
    pub until: Option<Date>,
    /// What it is a part of, from near to far.
    pub parents: Vec<ParentRegion>,
    /// Where it was not in force on the day: what it had become by then.
    pub became: Vec<BecameRegion>,
    /// What the answer rests on.
    pub sources: Vec<HistorySource>,
}

/// A region that another is a part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParentRegion {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What kind of region.
    pub level: String,
}

/// What a region became, in part or in whole.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BecameRegion {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Share of the old region's people, 0 to 1; absent when nobody has said.
    pub weight: Option<f64>,
    /// What a share below 1 rests on.
    pub basis: Option<String>,
}

/// All that is known of a code through time.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionLineage {
    /// Code.
    pub code: String,
    /// What the code has named, oldest first.
    pub spans: Vec<RegionSpan>,
    /// Changes that led to it, oldest first.
    pub ancestors: Vec<RegionChange>,
    /// Changes after it, oldest first.
    pub descendants: Vec<RegionChange>,
    /// What it is on the day asked about.
    pub became: Vec<BecameRegion>,
    /// The day that was asked about.
    #[schema(value_type = String)]
    pub date: Date,
    /// What the answer rests on.
    pub sources: Vec<HistorySource>,
}

/// What a code named over a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegionSpan {
    /// Name.
    pub name: String,
    /// What kind of region.
    pub level: String,
    /// First day; absent when it is older than the history.
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// First day on which it no longer was.
    #[schema(value_type = Option<String>)]
    pub until: Option<Date>,
}

/// One change on the way to or from a region.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegionChange {
    /// How many changes away, from 1.
    pub distance: usize,
    /// First day of the new code.
    #[schema(value_type = String)]
    pub date: Date,
    /// Code until then.
    pub old_code: String,
    /// Its name.
    pub old_name: String,
    /// Code from then on.
    pub new_code: String,
    /// Its name.
    pub new_name: String,
    /// `renumbered`, `merged`, `split` or `boundary_adjusted`.
    pub kind: String,
    /// Share of the old region's people that went here; absent when nobody has said.
    pub weight: Option<f64>,
    /// What the share rests on.
    pub basis: Option<String>,
    /// What a reader must know.
    pub note: Option<String>,
}

impl Atlas {
    /// Says what a code names on a day, and what it had become by then.
    ///
    /// # Errors
    ///
    /// The code is no region, or has never been one, or began later.
    pub fn region(&self, code: &str, date: Date) -> Result<RegionDetail, AtlasError> {
        let units = self.units(code)?;
        let on_the_day = self.history().unit_on(code, date);
        let last_before = || units.iter().rfind(|unit| unit.from.is_none_or(|from| from <= date));
        let unit = on_the_day.or_else(last_before).ok_or_else(|| AtlasError::NotInForce {
            code: code.to_owned(),
            date: date.to_string(),
        })?;
        let in_force = on_the_day.is_some();
        // Parents are those of the day, or of the last day on which there was such a region.
        let day = unit.until.filter(|_| !in_force).and_then(|until| until.yesterday().ok());
        Ok(RegionDetail {
            code: code.to_owned(),
            name: unit.name.clone(),
            level: unit.level.name().to_owned(),
            date,
            in_force,
            from: unit.from,
            until: unit.until,
            parents: self.parents(unit, day.unwrap_or(date)),
            became: if in_force { Vec::new() } else { self.became(code, date)? },
            sources: self.sources().to_vec(),
        })
    }

    /// Says all that led to a code and became of it.
    ///
    /// # Errors
    ///
    /// The code is no region, or has never been one.
    pub fn lineage(&self, code: &str, date: Date) -> Result<RegionLineage, AtlasError> {
        self.units(code)?;
        let lineage = self.history().lineage(code);
        let changes = |steps: &[Step<'_>]| steps.iter().map(|step| self.change(step)).collect();
        Ok(RegionLineage {
            code: code.to_owned(),
            spans: lineage.units.iter().map(span).collect(),
            ancestors: changes(&lineage.ancestors),
            descendants: changes(&lineage.descendants),
            became: self.became(code, date)?,
            date,
            sources: self.sources().to_vec(),
        })
    }

    fn units(&self, code: &str) -> Result<&[Unit], AtlasError> {
        let units = self.history().units(code);
        if !units.is_empty() {
            return Ok(units);
        }
        let asked = code.to_owned();
        let meaning = match codes::recognise(code).meaning {
            Meaning::Region(_) | Meaning::Nothing => {
                return Err(AtlasError::UnknownRegion { asked });
            }
            Meaning::Nation => "nation",
            Meaning::NationWithoutOslo => "nation_without_oslo",
            Meaning::OutsideCounties => "outside_counties",
            Meaning::Unknown => "unknown",
            Meaning::Remainder => "rest",
            Meaning::Group | Meaning::Sum => "other",
        };
        Err(AtlasError::NoRegion { asked, meaning })
    }

    fn became(&self, code: &str, date: Date) -> Result<Vec<BecameRegion>, AtlasError> {
        let became = self.history().on(code, date);
        let became = became.map_err(|error| AtlasError::History { cause: error.to_string() })?;
        let named =
            |Became { code, name, weight, basis }| BecameRegion { code, name, weight, basis };
        Ok(became.into_iter().map(named).collect())
    }

    fn parents(&self, unit: &Unit, date: Date) -> Vec<ParentRegion> {
        let mut parents = Vec::new();
        let mut level = unit.level;
        let mut next = unit.parent.clone();
        while let Some(code) = next {
            let above = self.history().units(&code).iter();
            let Some(above) = above.filter(|one| one.is_on(date)).find(|one| one.level < level)
            else {
                break;
            };
            level = above.level;
            let (name, level) = (above.name.clone(), above.level.name().to_owned());
            next = above.parent.clone();
            parents.push(ParentRegion { code, name, level });
        }
        parents
    }

    fn change(&self, step: &Step<'_>) -> RegionChange {
        let Change { date, old_code, new_code, kind, weight, weight_basis, note, .. } = step.change;
        let before = date.yesterday().unwrap_or(*date);
        let name = |code: &str, day: Date| {
            self.history().unit_on(code, day).map(|unit| unit.name.clone()).unwrap_or_default()
        };
        RegionChange {
            distance: step.distance,
            date: *date,
            old_name: name(old_code, before),
            old_code: old_code.clone(),
            new_name: name(new_code, *date),
            new_code: new_code.clone(),
            kind: kind.name().to_owned(),
            weight: *weight,
            basis: weight_basis.clone(),
            note: note.clone(),
        }
    }
}

fn span(unit: &Unit) -> RegionSpan {
    let (from, until) = (unit.from, unit.until);
    RegionSpan { name: unit.name.clone(), level: unit.level.name().to_owned(), from, until }
}
