//! What a municipality of today has of figures that stand on the map of their year.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use cube::Period;
use klass::rebase::{Conversion, Moved, Part, Reading as Counted, Sum};
use store::{RegionConversion, ValueStatus};

use crate::Moves;
use crate::figures::Reading;
use crate::maps::conversions_to;

/// The municipalities of today and how they came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Borders {
    /// Codes of today.
    pub municipalities: BTreeSet<String>,
    /// Conversions to today's map, by the year of the map they come from.
    pub conversions: BTreeMap<i16, Conversion>,
}

impl Borders {
    /// Today's municipalities, and what became of the regions of every map that is known.
    ///
    /// Today's map is the newest that anything is converted to.
    pub fn new(municipalities: BTreeSet<String>, conversions: &[RegionConversion]) -> Borders {
        let today = conversions.iter().map(|one| one.to_year).max();
        let conversions = today.map(|today| conversions_to(today, conversions));
        Borders { municipalities, conversions: conversions.unwrap_or_default() }
    }

    /// The map that figures of a period stand on: the one in force when it begins.
    ///
    /// Before the oldest map that is known, and after the newest, that one has to do.
    pub(crate) fn map_of(&self, period: Period) -> Option<MapOfYear<'_>> {
        let year = period.start().year();
        let (first, last) = (self.conversions.keys().next()?, self.conversions.keys().last()?);
        let conversion = self.conversions.get(&year.clamp(*first, *last))?;
        let mut into: HashMap<&str, Vec<&Part>> = HashMap::new();
        for part in &conversion.parts {
            into.entry(&part.to_code).or_default().push(part);
        }
        Some(MapOfYear { conversion, into })
    }
}

/// The map of one year, seen from today's.
pub(crate) struct MapOfYear<'a> {
    conversion: &'a Conversion,
    /// Per code of today the regions that it is made of.
    into: HashMap<&'a str, Vec<&'a Part>>,
}

/// What a municipality of today has, and what it was made of.
pub(crate) struct OfToday<'a> {
    pub(crate) reading: Reading,
    /// The share that came through a split, where there was one.
    pub(crate) modelled: Option<f64>,
    /// Codes under which the parts were published; none where nothing had to be moved.
    pub(crate) parts: Vec<&'a str>,
}

impl OfToday<'_> {
    /// As published, under a code of today.
    pub(crate) fn own(reading: Reading) -> Self {
        OfToday { reading, modelled: None, parts: Vec::new() }
    }
}

impl<'a> MapOfYear<'a> {
    /// What `code` has; `read` says what stands under a code, `None` where it is not listed.
    pub(crate) fn of_today(
        &self,
        code: &str,
        moves: Moves,
        read: &dyn Fn(&str) -> Option<Reading>,
    ) -> OfToday<'a> {
        let own = read(code);
        let was_there = !self.conversion.of(code).is_empty();
        // The publisher itself has moved it to today's map.
        if let Some(Reading::Number(..)) = own.filter(|_| !was_there) {
            return OfToday::own(own.unwrap_or(NOTHING));
        }
        let none = Vec::new();
        let parts = self.into.get(code).unwrap_or(&none);
        let exists = |reading: &Reading| *reading != Reading::Gap(ValueStatus::NotApplicable);
        let readings: Vec<(&Part, Option<Reading>)> =
            parts.iter().map(|part| (*part, read(&part.from_code).filter(exists))).collect();
        let found: Vec<&'a str> = readings
            .iter()
            .zip(parts)
            .filter(|((_, reading), _)| reading.is_some())
            .map(|(_, part)| part.from_code.as_str())
            .collect();
        if found.is_empty() {
            return OfToday::own(own.unwrap_or(NOTHING));
        }
        match (moves, &readings[..]) {
            (_, [(part, Some(reading))]) if part.is_whole() => {
                let parts = if part.from_code == code { Vec::new() } else { found };
                OfToday { reading: *reading, modelled: None, parts }
            }
            // A rate of several places is not the rate of them together.
            (Moves::Rename, _) => OfToday { reading: NOTHING, modelled: None, parts: found },
            (Moves::Sum, _) => {
                let (reading, modelled) = added_up(&readings);
                OfToday { reading, modelled, parts: found }
            }
        }
    }
}

/// Nobody has published anything.
const NOTHING: Reading = Reading::Gap(ValueStatus::NotPublished);

fn added_up(readings: &[(&Part, Option<Reading>)]) -> (Reading, Option<f64>) {
    let mut sum: Sum<Reason> = Sum::default();
    let mut status = ValueStatus::Ok;
    for (part, reading) in readings {
        match reading.unwrap_or(NOTHING) {
            Reading::Gap(reason) => sum.add(Counted::Gap(Reason(reason)), part),
            Reading::Number(number, of_part) => {
                status = less_sure(status, of_part);
                sum.add(Counted::Number(number), part);
            }
        }
    }
    match sum.finish() {
        Moved::Number(number, modelled) if modelled.is_estimate() => {
            (Reading::Number(number, ValueStatus::Estimated), Some(modelled.share()))
        }
        Moved::Number(number, _) => (Reading::Number(number, status), None),
        Moved::Gap(Reason(reason), _) => (Reading::Gap(reason), None),
        Moved::Refused(_) => (NOTHING, None),
    }
}

/// Of what two numbers say of themselves the one that a reader of their sum must know.
pub(crate) fn less_sure(held: ValueStatus, other: ValueStatus) -> ValueStatus {
    match (held, other) {
        (held, ValueStatus::Ok) => held,
        (ValueStatus::Estimated, _) => held,
        (_, other) => other,
    }
}

/// A reason for a gap; of two, the one that says more: somebody withheld it before nobody has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason(pub(crate) ValueStatus);

impl Reason {
    fn rank(self) -> u8 {
        match self.0 {
            ValueStatus::Suppressed => 3,
            ValueStatus::NotPublished => 2,
            ValueStatus::NotCollected => 1,
            _ => 0,
        }
    }
}

impl Ord for Reason {
    fn cmp(&self, other: &Reason) -> Ordering {
        self.rank().cmp(&other.rank()).then(self.0.cmp(&other.0))
    }
}

impl PartialOrd for Reason {
    fn partial_cmp(&self, other: &Reason) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
