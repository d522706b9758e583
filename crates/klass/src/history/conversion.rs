use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::derive::{Share, check_sum};
use super::{Change, ChangeKind, HistoryError, Level, RegionHistory, Unit};
use crate::rebase::{Conversion, Part};

/// How much of a region lies in each of its parts, where the changes alone do not say it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights {
    /// What the amounts are: `population_2019-01-01`.
    pub basis: String,
    /// Code on the map to convert from and code on the map to convert to, to an amount, such as
    /// the people who live in both. Only their relation counts.
    pub amounts: BTreeMap<(String, String), f64>,
}

/// Parts of one region by their codes.
type Parts = BTreeMap<String, Share>;

impl RegionHistory {
    /// How the municipalities of one year become those of another.
    ///
    /// Forwards, what was merged or renumbered is exact and a split has the shares that the
    /// changes carry; a region that was part of a larger one for a while and came out of it
    /// whole is whole. Backwards, a region that came of one other is exact.
    ///
    /// # Errors
    ///
    /// A year without a map, or [`HistoryError::SharesNeeded`]: backwards, the usual sign of a
    /// municipality that came of several.
    pub fn conversion(&self, from_year: i16, to_year: i16) -> Result<Conversion, HistoryError> {
        self.conversion_by(Level::Municipality, (from_year, to_year), &Weights::default())
    }

    /// How the regions of a level become those of another year, with shares of the caller's own.
    ///
    /// A region whose parts all stand in `weights` is divided by them, any other as
    /// [`RegionHistory::conversion`] does.
    ///
    /// # Errors
    ///
    /// As for [`RegionHistory::conversion`].
    pub fn conversion_by(
        &self,
        level: Level,
        (from_year, to_year): (i16, i16),
        weights: &Weights,
    ) -> Result<Conversion, HistoryError> {
        let (from, to) = (self.map_day(from_year)?, self.map_day(to_year)?);
        let mut pairs = self.forward(level, from.min(to), from.max(to))?;
        if from > to {
            pairs = backward(pairs);
            // What began between the two has nothing to go back to.
            for unit in self.valid_on(from, level) {
                pairs.entry(unit.code.clone()).or_default();
            }
        }
        let mut conversion = Conversion { from_year, to_year, parts: Vec::new() };
        for (code, mut parts) in pairs {
            if parts.is_empty() {
                return Err(HistoryError::NothingFollowed { code, from_year, to_year });
            }
            weigh(&code, &mut parts, weights);
            if parts.values().any(|share| share.weight.is_none()) {
                let parts = parts.into_keys().collect();
                return Err(HistoryError::SharesNeeded { code, parts, from_year, to_year });
            }
            conversion.parts.extend(cut(&code, parts));
        }
        Ok(conversion)
    }

    /// Shares for going back from a year to an earlier one, by the people of the earlier map.
    ///
    /// A region of the later map is divided among those that it came of as their people were, each
    /// with the share of it that went there. A region whose people are not given is left out.
    ///
    /// # Errors
    ///
    /// A year without a map, or the shares of a split are not known.
    pub fn weights_back(
        &self,
        level: Level,
        (from_year, to_year): (i16, i16),
        people: &BTreeMap<String, f64>,
        basis: &str,
    ) -> Result<Weights, HistoryError> {
        let forward = self.conversion_by(level, (to_year, from_year), &Weights::default())?;
        let amount = |part: Part| {
            let amount = people.get(&part.from_code)? * (part.share_to - part.share_from);
            Some(((part.to_code, part.from_code), amount))
        };
        let amounts = forward.parts.into_iter().filter_map(amount).collect();
        Ok(Weights { basis: basis.to_owned(), amounts })
    }

    /// Each code in force on a day, and what it had become on a later one.
    fn forward(
        &self,
        level: Level,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<String, Parts>, HistoryError> {
        let units = self.valid_on(from, level).into_iter();
        units.map(|unit| Ok((unit.code.clone(), self.shares_of(unit, to)?))).collect()
    }

    /// The day whose codes are a year's map.
    fn map_day(&self, year: i16) -> Result<Date, HistoryError> {
        let (first, last) = self.maps;
        if (first..=last).contains(&year) {
            return Ok(date(year, 1, 1));
        }
        Err(HistoryError::NoMap { year, first, last })
    }

    /// What a code had become on a day.
    pub(super) fn shares(&self, code: &str, date: Date) -> Result<Parts, HistoryError> {
        let begun = |unit: &&Unit| unit.from.is_none_or(|from| from <= date);
        match self.units(code).iter().rev().find(begun) {
            Some(unit) => self.shares_of(unit, date),
            None => Ok(Parts::new()),
        }
    }

    fn shares_of(&self, unit: &Unit, date: Date) -> Result<Parts, HistoryError> {
        let walked = self.walk(unit, date);
        if walked.len() < 2 {
            return Ok(walked.into_keys().map(|code| (code, all())).collect());
        }
        let mut parts = self.known_whole(unit, date, &walked).unwrap_or(walked);
        check_sum(&unit.code, &parts)?;
        parts.retain(|_, share| share.weight != Some(0.0));
        match parts.len() {
            // What it rests on is of interest for a share only.
            1 => Ok(parts.into_keys().map(|code| (code, all())).collect()),
            _ => Ok(parts),
        }
    }

    /// Follows the changes step by step, multiplying the shares.
    fn walk(&self, unit: &Unit, date: Date) -> Parts {
        let Some(until) = unit.until.filter(|until| *until <= date) else {
            return Parts::from([(unit.code.clone(), all())]);
        };
        if let Some(renamed) = self.unit_at(unit.level, &unit.code, until) {
            return self.walk(renamed, date);
        }
        let mut found = Parts::new();
        let steps = self.successors(&unit.code, until);
        for change in steps.filter(|change| change.level == unit.level && is_step(change)) {
            let Some(next) = self.unit_at(unit.level, &change.new_code, until) else { continue };
            for (code, share) in self.walk(next, date) {
                add(&mut found, code, &passed_on(change, &share));
            }
        }
        found
    }

    /// Where all of an old unit lies on a day, by what is known of it as a whole.
    fn known_whole(&self, unit: &Unit, date: Date, walked: &Parts) -> Option<Parts> {
        let whole = self.whole.get(&unit.code).filter(|whole| Some(whole.ends) == unit.until)?;
        let anchor = self.anchor?;
        let mut found = Parts::new();
        for (part, share) in &whole.parts {
            if date >= anchor {
                let latest = self.unit_at(unit.level, part, anchor)?;
                for (code, later) in self.walk(latest, date) {
                    let weight = share.weight.zip(later.weight).map(|(one, other)| one * other);
                    let basis = later.basis.or_else(|| share.basis.clone());
                    add(&mut found, code, &Share { weight, basis });
                }
                continue;
            }
            let holds = |code: &&String| {
                *code == part
                    || self.whole.get(*code).is_some_and(|whole| whole.parts.contains_key(part))
            };
            let mut holders = walked.keys().filter(holds);
            let holder = holders.next()?;
            if holders.next().is_some() {
                return None;
            }
            add(&mut found, holder.clone(), share);
        }
        Some(found)
    }
}

/// Whether a change is a step from an old code to a new one, not a piece of land that moved.
pub(super) fn is_step(change: &Change) -> bool {
    change.kind != ChangeKind::BoundaryAdjusted
}

fn all() -> Share {
    Share { weight: Some(1.0), basis: None }
}

fn passed_on(change: &Change, later: &Share) -> Share {
    let is_part = change.weight != Some(1.0);
    let own = change.weight_basis.clone().filter(|_| is_part);
    Share {
        weight: change.weight.zip(later.weight).map(|(one, other)| one * other),
        basis: own.or_else(|| later.basis.clone()),
    }
}

fn add(parts: &mut Parts, code: String, share: &Share) {
    let sum = parts.entry(code).or_insert_with(|| Share { weight: Some(0.0), basis: None });
    sum.weight = sum.weight.zip(share.weight).map(|(sum, one)| sum + one);
    sum.basis = sum.basis.take().or_else(|| share.basis.clone());
}

/// From old to new turned round: exact where the new unit came of one alone.
///
/// A unit that came wholly of one old unit may still be a part of it only.
fn backward(forward: BTreeMap<String, Parts>) -> BTreeMap<String, Parts> {
    let mut found: BTreeMap<String, Parts> = BTreeMap::new();
    for (old, parts) in forward {
        for new in parts.into_keys() {
            let unknown = Share { weight: None, basis: None };
            found.entry(new).or_default().insert(old.clone(), unknown);
        }
    }
    for parts in found.values_mut().filter(|parts| parts.len() == 1) {
        parts.values_mut().for_each(|share| *share = all());
    }
    found
}

/// Puts in the caller's shares where they speak of all parts of a region.
fn weigh(code: &str, parts: &mut Parts, weights: &Weights) {
    let given = |part: &String| weights.amounts.get(&(code.to_owned(), part.clone())).copied();
    let Some(amounts) = parts.keys().map(given).collect::<Option<Vec<f64>>>() else { return };
    let sum: f64 = amounts.iter().sum();
    let is_usable = amounts.iter().all(|amount| *amount >= 0.0) && sum > 0.0 && sum.is_finite();
    if parts.len() < 2 || !is_usable {
        return;
    }
    for (share, amount) in parts.values_mut().zip(amounts) {
        *share = Share { weight: Some(amount / sum), basis: Some(weights.basis.clone()) };
    }
}

/// Lays the shares of one region side by side from 0 to 1, in order of code.
fn cut(code: &str, parts: Parts) -> Vec<Part> {
    let mut at = 0.0;
    let last = parts.len();
    let mut cuts = Vec::with_capacity(last);
    for (position, (to_code, share)) in parts.into_iter().enumerate() {
        let is_last = position + 1 == last;
        let until = if is_last { 1.0 } else { at + share.weight.unwrap_or_default() };
        let basis = share.basis.filter(|_| last > 1);
        let from_code = code.to_owned();
        cuts.push(Part { from_code, to_code, share_from: at, share_to: until, basis });
        at = until;
    }
    cuts
}
