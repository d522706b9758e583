use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::conversion::is_step;
use super::derive::derive;
use super::{
    Change, ChangeKind, HistoryError, Level, Listed, Material, RegionHistory, Unit, Vintage,
};
use super::{check, counties, districts};
use crate::codes;

/// First year whose map is known: from then to 2017 no municipality changed.
const FIRST_YEAR: i16 = 2013;
/// Last year whose map the embedded table is known to hold for.
const LAST_YEAR: i16 = 2026;

impl RegionHistory {
    /// Puts a history together.
    ///
    /// # Errors
    ///
    /// A circle, a code that became itself, days out of order, shares that do not add up to 1, a
    /// code that ended and lives on under another name, or a step that cannot be told.
    pub fn new(material: &Material) -> Result<RegionHistory, HistoryError> {
        let mut history = RegionHistory { maps: (FIRST_YEAR, LAST_YEAR), ..Default::default() };
        counties::units().chain(districts::units()).for_each(|unit| history.put(unit));
        history.changes.extend(counties::changes().chain(districts::changes()));
        history.take_crosswalk(material)?;
        history.take_changes(material);
        for vintage in &material.vintages {
            history.take_vintage(vintage);
        }
        if let Some(last) = material.known_until {
            history.maps.1 = history.maps.1.max(last.year());
        }
        for spans in history.units.values_mut() {
            spans.sort_by_key(|unit| (unit.from, unit.level));
        }
        let key = |one: &Change| (one.date, one.old_code.clone(), one.new_code.clone(), one.level);
        history.changes.sort_by_key(key);
        check::check(&history)?;
        Ok(history)
    }

    fn put(&mut self, unit: Unit) {
        self.units.entry(unit.code.clone()).or_default().push(unit);
    }

    fn take_crosswalk(&mut self, material: &Material) -> Result<(), HistoryError> {
        check::no_circle(
            material.crosswalk.iter().map(|row| (row.old_code.as_str(), row.new_code.as_str())),
        )?;
        let derived = derive(&material.crosswalk, &material.municipalities)?;
        self.anchor = material.anchor.or_else(|| derived.begins.values().max().copied());
        for listed in &material.municipalities {
            let from = derived.begins.get(&listed.code).copied();
            self.put(Unit { from, ..municipality(&listed.code, &listed.name) });
        }
        for (code, whole) in &derived.whole {
            let from = derived.begins.get(code).copied();
            self.put(Unit { from, until: Some(whole.ends), ..municipality(code, &whole.name) });
        }
        self.changes.extend(derived.changes);
        self.whole = derived.whole;
        Ok(())
    }

    /// Changes listed one by one go before derived ones; the shares of the latter are kept.
    fn take_changes(&mut self, material: &Material) {
        let mut listed: Vec<&super::ListedChange> = material.changes.iter().collect();
        listed.sort_by_key(|change| change.date);
        let mut steps: BTreeMap<(Level, Date, &str), BTreeSet<&str>> = BTreeMap::new();
        let is_kept = |change: &&super::ListedChange| {
            change
                .old
                .as_ref()
                .zip(change.new.as_ref())
                .is_some_and(|(old, new)| old.code == new.code)
        };
        let kept: BTreeSet<(Level, Date, &str)> = (listed.iter().copied().filter(is_kept))
            .filter_map(|change| {
                Some((change.level, change.date, change.old.as_ref()?.code.as_str()))
            })
            .collect();
        for change in listed {
            match (&change.old, &change.new) {
                (Some(old), Some(new)) if old.code == new.code => {
                    self.rename(change.level, change.date, new);
                }
                (Some(old), Some(new)) => {
                    if !kept.contains(&(change.level, change.date, old.code.as_str())) {
                        self.end(change.level, change.date, old);
                    }
                    self.begin(change.level, change.date, new);
                    let step = (change.level, change.date, old.code.as_str());
                    steps.entry(step).or_default().insert(&new.code);
                }
                (Some(old), None) => self.end(change.level, change.date, old),
                (None, Some(new)) => self.begin(change.level, change.date, new),
                (None, None) => {}
            }
        }
        let mut sources: BTreeMap<(Level, Date, &str), usize> = BTreeMap::new();
        for ((level, date, _), news) in &steps {
            for new in news {
                *sources.entry((*level, *date, new)).or_default() += 1;
            }
        }
        for ((level, date, old), news) in &steps {
            let is_merged = |new: &str| sources[&(*level, *date, new)] > 1;
            self.replace_steps(*level, *date, old, news.iter().map(|new| (*new, is_merged(new))));
        }
    }

    /// Puts the listed successors of a code in the place of the derived ones.
    fn replace_steps<'m>(
        &mut self,
        level: Level,
        date: Date,
        old: &str,
        news: impl ExactSizeIterator<Item = (&'m str, bool)>,
    ) {
        let is_old = |change: &Change| {
            (change.level, change.date) == (level, date)
                && change.old_code == old
                && is_step(change)
        };
        let (derived, others) = std::mem::take(&mut self.changes).into_iter().partition(is_old);
        self.changes = others;
        let derived: Vec<Change> = derived;
        // The code lives on: what it lost is land, unless a table says how much.
        let lives_on = self.unit_at(level, old, date).is_some();
        let count = news.len();
        for (new, is_merged) in news {
            let known = derived.iter().find(|change| change.new_code == new);
            let kind = match (lives_on, count, is_merged) {
                (true, ..) => ChangeKind::BoundaryAdjusted,
                (false, 2.., _) => ChangeKind::Split,
                (false, _, true) => ChangeKind::Merged,
                _ => ChangeKind::Renumbered,
            };
            let whole = (count == 1 && !lives_on).then(|| (1.0, "whole_unit".to_owned()));
            let (weight, weight_basis) = match (whole, known) {
                (Some((weight, basis)), _) => (Some(weight), Some(basis)),
                (None, Some(known)) => (known.weight, known.weight_basis.clone()),
                (None, None) => (None, None),
            };
            self.changes.push(Change {
                level,
                date,
                old_code: old.to_owned(),
                new_code: new.to_owned(),
                kind,
                weight,
                weight_basis,
                note: known.and_then(|known| known.note.clone()),
            });
        }
    }

    fn spans(&mut self, level: Level, code: &str) -> impl Iterator<Item = &mut Unit> {
        let spans = self.units.get_mut(code).into_iter().flatten();
        spans.filter(move |unit| unit.level == level)
    }

    /// The code ends, unless it is known to have ended or to begin only later.
    fn end(&mut self, level: Level, date: Date, listed: &Listed) {
        if self.spans(level, &listed.code).next().is_none() {
            return self.put(Unit { until: Some(date), ..unit(level, listed) });
        }
        let lives = |unit: &&mut Unit| {
            unit.until.is_none_or(|until| until > date) && unit.from.is_none_or(|from| from < date)
        };
        if let Some(last) = self.spans(level, &listed.code).find(lives) {
            last.until = Some(date);
        }
    }

    /// The code begins, unless it was in force before.
    fn begin(&mut self, level: Level, date: Date, listed: &Listed) {
        let mut spans = self.spans(level, &listed.code);
        if spans.all(|unit| !unit.is_on(date)) {
            drop(spans);
            self.put(Unit { from: Some(date), ..unit(level, listed) });
        }
    }

    fn rename(&mut self, level: Level, date: Date, listed: &Listed) {
        let Some(last) = self.spans(level, &listed.code).find(|unit| unit.is_on(date)) else {
            return;
        };
        if last.name == listed.name || last.from.is_some_and(|from| from >= date) {
            return;
        }
        let (until, parent) = (last.until, last.parent.clone());
        last.until = Some(date);
        self.put(Unit { from: Some(date), until, parent, ..unit(level, listed) });
    }

    /// A complete list: what it has begins or goes on, what it lacks has ended.
    fn take_vintage(&mut self, vintage: &Vintage) {
        let listed = vintage.listed.iter().filter(|one| codes::is_region(&one.code));
        let mut seen = BTreeSet::new();
        for one in listed {
            let one = Listed {
                code: codes::canonical(vintage.level, &one.code).to_owned(),
                name: one.name.clone(),
                parent: one.parent.clone(),
            };
            seen.insert(one.code.clone());
            self.see(vintage, &one);
        }
        let level = vintage.level;
        let gone = |unit: &&mut Unit| unit.level == level && unit.is_on(vintage.from);
        for unit in self.units.values_mut().flatten().filter(gone) {
            if !seen.contains(&unit.code) {
                unit.until = Some(vintage.from);
            }
        }
    }

    fn see(&mut self, vintage: &Vintage, one: &Listed) {
        let level = vintage.level;
        let known = |unit: &&mut Unit| unit.is_on(vintage.from) || unit.until == Some(vintage.from);
        if let Some(on) = self.spans(level, &one.code).find(known) {
            if on.name.is_empty() {
                on.name.clone_from(&one.name);
            }
            // Municipalities are listed here with their Sami names and there without.
            if on.name == one.name || level == Level::Municipality {
                if on.until == Some(vintage.from) {
                    on.until = vintage.until;
                }
                return;
            }
            on.until = Some(vintage.from);
        }
        let (from, until) = (Some(vintage.from), vintage.until);
        self.put(Unit { from, until, ..unit(level, one) });
        if level == Level::Grunnkrets {
            let above = codes::canonical(Level::Delomrade, &one.code[..6]).to_owned();
            if self.unit_at(Level::Delomrade, &above, vintage.from).is_none() {
                let listed = Listed { code: above, name: String::new(), parent: None };
                self.put(Unit { from, until, ..unit(Level::Delomrade, &listed) });
            }
        }
    }
}

fn municipality(code: &str, name: &str) -> Unit {
    let listed = Listed { code: code.to_owned(), name: name.to_owned(), parent: None };
    unit(Level::Municipality, &listed)
}

/// A unit without an end or a beginning, with the parent that its code says where the list
/// says none.
fn unit(level: Level, listed: &Listed) -> Unit {
    let by_code = match level {
        Level::County => None,
        Level::Municipality => listed.code.get(..2),
        Level::CityDistrict | Level::Delomrade => listed.code.get(..4),
        Level::Grunnkrets => listed.code.get(..6),
    };
    let given = listed.parent.as_deref().filter(|parent| !parent.is_empty());
    let parent = match level {
        Level::Grunnkrets => {
            given.map(|parent| codes::canonical(Level::Delomrade, parent)).or(by_code)
        }
        _ => given.or(by_code),
    };
    Unit {
        code: listed.code.clone(),
        name: listed.name.clone(),
        level,
        parent: parent.map(str::to_owned),
        from: None,
        until: None,
    }
}
