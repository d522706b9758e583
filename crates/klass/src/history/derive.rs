//! From a table of old codes and what they came to in the end, the steps between.
//!
//! The table says that 1612 Hemne ended in 2018 and lies in 5055 today. That it was 5011 Hemne
//! for two years follows: 5011 also ended in 5055, later, and no other code of that time bears
//! the name. The steps are found from the newest day back, since a code that is known to have
//! begun later cannot have followed earlier.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Change, ChangeKind, CrosswalkKind, CrosswalkRow, HistoryError, Level, Listed};

/// How far the shares of one unit may be from 1 together.
pub(super) const TOLERANCE: f64 = 1e-6;

/// A share of one unit, and what it rests on.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Share {
    pub weight: Option<f64>,
    pub basis: Option<String>,
}

/// An old code and where all of it lies in the end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Whole {
    pub name: String,
    pub ends: Date,
    /// Later code to share.
    pub parts: BTreeMap<String, Share>,
}

/// What was derived.
#[derive(Debug, Default)]
pub(super) struct Derived {
    pub whole: BTreeMap<String, Whole>,
    pub changes: Vec<Change>,
    /// First day of the codes that began within the table.
    pub begins: BTreeMap<String, Date>,
}

/// Finds the steps.
pub(super) fn derive(rows: &[CrosswalkRow], latest: &[Listed]) -> Result<Derived, HistoryError> {
    let names: BTreeMap<&str, &str> =
        latest.iter().map(|one| (one.code.as_str(), one.name.as_str())).collect();
    let mut search = Search { whole: whole_units(rows, &names)?, names, ..Search::default() };
    for row in rows.iter().filter(|row| row.old_code == row.new_code) {
        search.kept.insert((row.old_code.clone(), row.date));
    }
    let mut dates: BTreeSet<Date> = search.whole.values().map(|whole| whole.ends).collect();
    let mut changes = Vec::new();
    while let Some(date) = dates.pop_last() {
        changes.extend(search.step(date)?);
    }
    for row in rows.iter().filter(|row| row.kind == CrosswalkKind::BoundaryAdjusted) {
        changes.push(search.boundary(row));
    }
    Ok(Derived { whole: search.whole, changes, begins: search.begins })
}

/// The rows of each code that ended, together.
fn whole_units(
    rows: &[CrosswalkRow],
    latest: &BTreeMap<&str, &str>,
) -> Result<BTreeMap<String, Whole>, HistoryError> {
    let mut found: BTreeMap<String, Whole> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.kind != CrosswalkKind::BoundaryAdjusted) {
        let code = row.old_code.clone();
        if row.old_code == row.new_code {
            if !latest.contains_key(code.as_str()) {
                return Err(HistoryError::Itself { code, date: row.date });
            }
            continue;
        }
        if !latest.contains_key(row.new_code.as_str()) {
            return Err(HistoryError::Unknown { code, part: row.new_code.clone() });
        }
        if let Some(weight) = row.weight.filter(|weight| !(0.0..=1.0).contains(weight)) {
            return Err(HistoryError::NoShare { code, part: row.new_code.clone(), weight });
        }
        let (name, parts) = (row.old_name.clone(), BTreeMap::new());
        let whole =
            found.entry(code.clone()).or_insert_with(|| Whole { name, ends: row.date, parts });
        if whole.ends != row.date {
            let (ends, other) = (whole.ends, row.new_code.clone());
            return Err(HistoryError::OutOfOrder { code, ends, other, date: row.date });
        }
        let share = Share { weight: row.weight, basis: row.weight_basis.clone() };
        whole.parts.insert(row.new_code.clone(), share);
    }
    for (code, whole) in &found {
        if let Some(name) = latest.get(code.as_str()) {
            return Err(HistoryError::AliveAtBothEnds {
                code: code.clone(),
                old_name: whole.name.clone(),
                new_name: (*name).to_owned(),
                date: whole.ends,
            });
        }
        check_sum(code, &whole.parts)?;
    }
    Ok(found)
}

/// Refuses shares that do not make a whole; one that is unknown may be anything.
pub(super) fn check_sum(code: &str, parts: &BTreeMap<String, Share>) -> Result<(), HistoryError> {
    let Some(sum) = parts.values().map(|share| share.weight).sum::<Option<f64>>() else {
        return Ok(());
    };
    if (sum - 1.0).abs() <= TOLERANCE {
        return Ok(());
    }
    let (code, parts) = (code.to_owned(), parts.keys().cloned().collect());
    Err(HistoryError::Sum { code, parts, sum })
}

#[derive(Default)]
struct Search<'a> {
    names: BTreeMap<&'a str, &'a str>,
    whole: BTreeMap<String, Whole>,
    /// Codes of the latest map that lived through a day on which they took over others.
    kept: BTreeSet<(String, Date)>,
    begins: BTreeMap<String, Date>,
}

impl Search<'_> {
    /// The changes of one day, all later days being known.
    fn step(&mut self, date: Date) -> Result<Vec<Change>, HistoryError> {
        let ending: Vec<&String> = self
            .whole
            .iter()
            .filter(|(_, whole)| whole.ends == date)
            .map(|(code, _)| code)
            .collect();
        // By name first: who kept it shows who else may have joined them.
        let mut followed: BTreeMap<(&String, &String), String> = BTreeMap::new();
        let mut heirs: BTreeSet<String> = BTreeSet::new();
        let mut open = Vec::new();
        for code in ending {
            for part in self.whole[code].parts.keys() {
                let candidates = self.candidates(part, date);
                match self.by_name(code, &candidates) {
                    Some(heir) => {
                        heirs.insert(heir.clone());
                        followed.insert((code, part), heir);
                    }
                    None => open.push((code, part, candidates)),
                }
            }
        }
        for (code, part, candidates) in open {
            let joined: Vec<&String> =
                candidates.iter().filter(|candidate| heirs.contains(*candidate)).collect();
            let heir = match (joined.as_slice(), candidates.as_slice()) {
                ([only], _) => (*only).clone(),
                (_, [only]) => only.clone(),
                _ => {
                    return Err(HistoryError::Ambiguous { code: code.clone(), date, candidates });
                }
            };
            followed.insert((code, part), heir);
        }
        let changes = self.changes(date, &followed);
        for heir in followed.into_values().collect::<BTreeSet<String>>() {
            if !self.kept.contains(&(heir.clone(), date)) {
                self.begins.insert(heir, date);
            }
        }
        Ok(changes)
    }

    /// Codes that were in force after a day, as far as is known, and lie in a later one.
    fn candidates(&self, part: &str, date: Date) -> Vec<String> {
        let later = self
            .whole
            .iter()
            .filter(|(_, whole)| whole.ends > date && whole.parts.contains_key(part))
            .map(|(code, _)| code.as_str());
        let not_yet = |code: &str| self.begins.get(code).is_some_and(|begins| *begins > date);
        later.chain([part]).filter(|code| !not_yet(code)).map(str::to_owned).collect()
    }

    /// The one candidate that bears the name and, if it was divided later, in the same parts.
    fn by_name(&self, code: &str, candidates: &[String]) -> Option<String> {
        if let [only] = candidates {
            return Some(only.clone());
        }
        let whole = &self.whole[code];
        let mut found = candidates.iter().filter(|candidate| {
            let parts = self.whole.get(*candidate).map_or(1, |other| other.parts.len());
            same_name(&whole.name, self.name(candidate)) && parts >= whole.parts.len()
        });
        let first = found.next()?;
        found.next().is_none().then(|| first.clone())
    }

    fn name(&self, code: &str) -> &str {
        let latest = || self.names.get(code).copied().unwrap_or_default();
        self.whole.get(code).map_or_else(latest, |whole| &whole.name)
    }

    fn changes(&self, date: Date, followed: &BTreeMap<(&String, &String), String>) -> Vec<Change> {
        let mut edges: BTreeMap<(&String, &String), Share> = BTreeMap::new();
        for ((code, part), heir) in followed {
            let share = &self.whole[*code].parts[*part];
            let edge = edges
                .entry((*code, heir))
                .or_insert_with(|| Share { weight: Some(0.0), basis: share.basis.clone() });
            edge.weight = edge.weight.zip(share.weight).map(|(sum, one)| sum + one);
        }
        let count = |wanted: &dyn Fn(&(&String, &String)) -> bool| {
            edges.keys().filter(|edge| wanted(edge)).count()
        };
        let change = |(&(old, new), share): (&(&String, &String), &Share)| {
            let is_split = count(&|edge| edge.0 == old) > 1;
            let kept = self.kept.contains(&(new.clone(), date));
            let is_merged = kept || count(&|edge| edge.1 == new) > 1;
            let kind = match (is_split, is_merged) {
                (true, _) => ChangeKind::Split,
                (false, true) => ChangeKind::Merged,
                (false, false) => ChangeKind::Renumbered,
            };
            let whole = Share { weight: Some(1.0), basis: Some("whole_unit".to_owned()) };
            // All parts of a unit in one code are the whole of it, whatever their shares are.
            let share = if is_split { share.clone() } else { whole };
            Change {
                level: Level::Municipality,
                date,
                old_code: old.clone(),
                new_code: new.clone(),
                kind,
                weight: share.weight,
                weight_basis: share.basis,
                note: None,
            }
        };
        edges.iter().map(change).collect()
    }

    /// A piece of land that moved, with the code that received it in force on that day.
    fn boundary(&self, row: &CrosswalkRow) -> Change {
        let candidates = self.candidates(&row.new_code, row.date);
        let latest = self.name(&row.new_code);
        let same = candidates.iter().filter(|code| same_name(self.name(code), latest));
        let new_code = same.min_by_key(|code| self.whole.get(*code).map(|whole| whole.ends));
        Change {
            level: Level::Municipality,
            date: row.date,
            old_code: row.old_code.clone(),
            new_code: new_code.unwrap_or(&row.new_code).clone(),
            kind: ChangeKind::BoundaryAdjusted,
            weight: row.weight,
            weight_basis: row.weight_basis.clone(),
            note: row.note.clone(),
        }
    }
}

/// Whether two names share one of their languages: `Trondheim` and `Trondheim - Tråante`.
fn same_name(one: &str, other: &str) -> bool {
    let mut names = one.split(" - ");
    names.any(|name| other.split(" - ").any(|other| name.trim() == other.trim()))
}
