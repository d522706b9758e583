//! What no history may contain.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::conversion::is_step;
use super::derive::{Share, check_sum};
use super::{Change, HistoryError, Level, RegionHistory};

/// Refuses a history that contradicts itself.
pub(super) fn check(history: &RegionHistory) -> Result<(), HistoryError> {
    let mut levels: BTreeMap<Level, Vec<&Change>> = BTreeMap::new();
    for change in history.changes.iter().filter(|change| is_step(change)) {
        levels.entry(change.level).or_default().push(change);
    }
    for changes in levels.values() {
        no_circle(
            changes.iter().map(|change| (change.old_code.as_str(), change.new_code.as_str())),
        )?;
        for change in changes {
            ends_apart(history, change)?;
            is_in_order(history, change)?;
        }
        sums(changes)?;
    }
    Ok(())
}

/// Refuses edges that lead from a code back to it; an edge to the code itself is none.
pub(super) fn no_circle<'a>(
    edges: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), HistoryError> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (old, new) in edges.filter(|(old, new)| old != new) {
        next.entry(old).or_default().push(new);
    }
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in next.keys().copied() {
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((code, turn)) = way.last_mut() {
            let onward = next.get(code).and_then(|news| news.get(*turn)).copied();
            *turn += 1;
            let Some(onward) = onward.filter(|_| !done.contains(code)) else {
                done.insert(code);
                way.pop();
                continue;
            };
            if let Some(at) = way.iter().position(|(code, _)| *code == onward) {
                let codes = way[at..].iter().map(|(code, _)| *code).chain([onward]);
                return Err(HistoryError::Circle { codes: codes.map(str::to_owned).collect() });
            }
            way.push((onward, 0));
        }
    }
    Ok(())
}

/// Refuses an old code that lives on, under another name, as if it had not ended.
fn ends_apart(history: &RegionHistory, change: &Change) -> Result<(), HistoryError> {
    let (code, date) = (change.old_code.clone(), change.date);
    if change.old_code == change.new_code {
        return Err(HistoryError::Itself { code, date });
    }
    let Some(after) = history.unit_at(change.level, &code, date) else { return Ok(()) };
    let before = history.units(&code).iter().find(|unit| unit.until == Some(date));
    let old_name = before.map_or(&after.name, |before| &before.name).clone();
    Err(HistoryError::AliveAtBothEnds { code, old_name, new_name: after.name.clone(), date })
}

/// Refuses a change on a day on which its old code did not end, or its new code was not there.
fn is_in_order(history: &RegionHistory, change: &Change) -> Result<(), HistoryError> {
    let on = |code: &str, date: Date| history.unit_at(change.level, code, date).is_some();
    let units = history.units(&change.old_code).iter();
    let mut ends = units.filter(|unit| unit.level == change.level).filter_map(|unit| unit.until);
    let ended = history
        .units(&change.old_code)
        .iter()
        .any(|unit| unit.level == change.level && unit.until == Some(change.date));
    if ended && on(&change.new_code, change.date) {
        return Ok(());
    }
    let (code, other) = (change.old_code.clone(), change.new_code.clone());
    let ends = ends.next_back().unwrap_or(change.date);
    Err(HistoryError::OutOfOrder { code, ends, other, date: change.date })
}

fn sums(changes: &[&Change]) -> Result<(), HistoryError> {
    let mut parts: BTreeMap<(&str, Date), BTreeMap<String, Share>> = BTreeMap::new();
    for change in changes {
        if let Some(weight) = change.weight.filter(|weight| !(0.0..=1.0).contains(weight)) {
            let (code, part) = (change.old_code.clone(), change.new_code.clone());
            return Err(HistoryError::NoShare { code, part, weight });
        }
        let share = Share { weight: change.weight, basis: None };
        let whole = parts.entry((&change.old_code, change.date)).or_default();
        whole.insert(change.new_code.clone(), share);
    }
    parts.iter().try_for_each(|((code, _), parts)| check_sum(code, parts))
}
