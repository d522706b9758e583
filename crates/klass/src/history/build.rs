use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::derive::derive;
use super::{Change, ChangeKind, HistoryError, Level, Listed, ListedChange, Material};
use super::{RegionHistory, Unit, Vintage};
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
        let lives = lives(material);
        history.take_steps(&material.changes, &lives)?;
        history.take_in_order(material, &lives);
        if let Some(last) = material.known_until {
            history.maps.1 = history.maps.1.max(last.year());
        }
        for spans in history.units.values_mut() {
            spans.sort_by_key(|unit| (unit.from, unit.level));
        }
        let key = |one: &Change| (one.date, one.old_code.clone(), one.new_code.clone(), one.level);
        history.changes.sort_by_key(key);
        for (place, change) in history.changes.iter().enumerate() {
            history.by_old.entry(change.old_code.clone()).or_default().push(place);
        }
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

    /// Whether the crosswalk has settled the municipalities of a day: then a list of changes may
    /// add pieces of land that moved, but ends and begins nothing.
    fn is_settled(&self, level: Level, date: Date) -> bool {
        level == Level::Municipality
            && !self.whole.is_empty()
            && self.anchor.is_some_and(|anchor| date <= anchor)
    }

    /// Changes and lists, by their day: of the same day, first what changed, then what there is.
    fn take_in_order(&mut self, material: &Material, lives: &BTreeSet<Origin<'_>>) {
        let mut changes: Vec<&ListedChange> = material.changes.iter().collect();
        changes.sort_by_key(|change| change.date);
        let mut vintages: Vec<&Vintage> = material.vintages.iter().collect();
        vintages.sort_by_key(|vintage| (vintage.from, vintage.level));
        let mut vintages = vintages.into_iter().peekable();
        for change in changes {
            while let Some(vintage) = vintages.next_if(|vintage| vintage.from < change.date) {
                self.take_vintage(vintage);
            }
            let (level, date) = (change.level, change.date);
            if kept(change).is_some() {
                change.new.iter().for_each(|new| self.rename(level, date, new));
                continue;
            }
            if self.is_settled(level, date) {
                continue;
            }
            let old = change.old.as_ref().filter(|old| !lives.contains(&(level, date, &old.code)));
            old.into_iter().for_each(|old| self.end(level, date, old));
            change.new.iter().for_each(|new| self.begin(level, date, new));
        }
        vintages.for_each(|vintage| self.take_vintage(vintage));
    }

    /// Listed successors go before derived ones, unless the crosswalk has settled their day.
    fn take_steps(
        &mut self,
        listed: &[ListedChange],
        lives: &BTreeSet<Origin<'_>>,
    ) -> Result<(), HistoryError> {
        let mut steps: BTreeMap<Origin<'_>, BTreeSet<&str>> = BTreeMap::new();
        let mut sources: BTreeMap<Origin<'_>, usize> = BTreeMap::new();
        for change in listed {
            let Some((old, new)) = change.old.as_ref().zip(change.new.as_ref()) else { continue };
            let (old, new) = (old.code.as_str(), new.code.as_str());
            let of = |code| (change.level, change.date, code);
            let is_new = old != new && steps.entry(of(old)).or_default().insert(new);
            if is_new {
                *sources.entry(of(new)).or_default() += 1;
            }
        }
        // The tables without Klass have the steps of counties and city districts too.
        let before = self.changes.clone();
        let known: BTreeSet<(Origin<'_>, &str)> = before.iter().map(place).collect();
        for (origin, news) in &steps {
            let (level, date, _) = *origin;
            if self.is_settled(level, date) {
                self.take_moved_land(*origin, news)?;
                continue;
            }
            for new in news {
                let to = (level, date, *new);
                let is_merged = sources[&to] > 1 || lives.contains(&to);
                let kind = match (lives.contains(origin), news.len(), is_merged) {
                    // The code lives on: what it lost is a piece of it.
                    (true, ..) => ChangeKind::BoundaryAdjusted,
                    (false, 2.., _) => ChangeKind::Split,
                    (false, _, true) => ChangeKind::Merged,
                    _ => ChangeKind::Renumbered,
                };
                if !known.contains(&(*origin, *new)) {
                    self.changes.push(step(*origin, new, kind));
                }
            }
        }
        Ok(())
    }

    /// On a day that the crosswalk has settled: what it does not have is land that moved.
    fn take_moved_land(
        &mut self,
        origin: Origin<'_>,
        news: &BTreeSet<&str>,
    ) -> Result<(), HistoryError> {
        let (level, date, old) = origin;
        let eve = date.yesterday().unwrap_or(date);
        for new in news {
            if self.changes.iter().any(|one| place(one) == (origin, *new)) {
                continue;
            }
            if self.unit_at(level, old, eve).is_none() || self.unit_at(level, new, date).is_none() {
                return Err(HistoryError::Unknown {
                    code: old.to_owned(),
                    part: (*new).to_owned(),
                });
            }
            self.changes.push(step(origin, new, ChangeKind::BoundaryAdjusted));
        }
        Ok(())
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
        if last.name == listed.name
            || listed.name.is_empty()
            || last.from.is_some_and(|from| from >= date)
        {
            return;
        }
        let (until, parent) = (last.until, last.parent.clone());
        last.until = Some(date);
        self.put(Unit { from: Some(date), until, parent, ..unit(level, listed) });
    }

    /// A complete list: what it has begins or goes on, what it lacks has ended.
    fn take_vintage(&mut self, vintage: &Vintage) {
        let listed = vintage.listed.iter().filter(|one| codes::is_listed(vintage.level, &one.code));
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
        // In force, or of a list that ended on the day on which this one begins.
        let mut known: Vec<&mut Unit> = self.spans(level, &one.code).collect();
        let at = known.iter().position(|unit| unit.is_on(vintage.from));
        let at = at.or_else(|| known.iter().position(|unit| unit.until == Some(vintage.from)));
        if let Some(on) = at.map(|at| &mut known[at]) {
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
        if let Some(above) = one.code.get(..6).filter(|_| level == Level::Grunnkrets) {
            let above = above.to_owned();
            if self.unit_at(Level::Delomrade, &above, vintage.from).is_none() {
                let listed = Listed { code: above, name: String::new(), parent: None };
                self.put(Unit { from, until, ..unit(Level::Delomrade, &listed) });
            }
        }
    }
}

/// Level, day and code of what something came of.
type Origin<'a> = (Level, Date, &'a str);

fn place(change: &Change) -> (Origin<'_>, &str) {
    ((change.level, change.date, &change.old_code), &change.new_code)
}

/// The code that a row says to have lived through its day, perhaps under another name.
fn kept(change: &ListedChange) -> Option<Origin<'_>> {
    let (old, new) = change.old.as_ref().zip(change.new.as_ref())?;
    (old.code == new.code).then_some((change.level, change.date, old.code.as_str()))
}

/// Codes that lived through a change: a row says so, or the next list after it still has them.
fn lives(material: &Material) -> BTreeSet<Origin<'_>> {
    let mut found: BTreeSet<Origin<'_>> = material.changes.iter().filter_map(kept).collect();
    let codes: Vec<(&Vintage, BTreeSet<&str>)> = material
        .vintages
        .iter()
        .map(|vintage| {
            (vintage, vintage.listed.iter().map(|one| canonical(vintage, one)).collect())
        })
        .collect();
    for change in &material.changes {
        let Some(old) = &change.old else { continue };
        let after = codes
            .iter()
            .filter(|(vintage, _)| vintage.level == change.level && vintage.from >= change.date);
        let next = after.min_by_key(|(vintage, _)| vintage.from);
        if next.is_some_and(|(_, codes)| codes.contains(old.code.as_str())) {
            found.insert((change.level, change.date, &old.code));
        }
    }
    found
}

fn canonical<'m>(vintage: &Vintage, one: &'m Listed) -> &'m str {
    codes::canonical(vintage.level, &one.code)
}

/// A listed step; how much of a unit went where, a list never says.
fn step(origin: Origin<'_>, new: &str, kind: ChangeKind) -> Change {
    let (level, date, old) = origin;
    let is_whole = matches!(kind, ChangeKind::Merged | ChangeKind::Renumbered);
    Change {
        level,
        date,
        old_code: old.to_owned(),
        new_code: new.to_owned(),
        kind,
        weight: is_whole.then_some(1.0),
        weight_basis: is_whole.then(|| "whole_unit".to_owned()),
        note: None,
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
