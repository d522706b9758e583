//! Thresholds that a user moves, by the flag and the name inside it.
//!
//! `R5=900` moves the only threshold of R5, `R16.above=170` one of two. A name is the one
//! that the file gives (`name = "minimum"`), the comparison (`above`), the indicator, or
//! both (`house_price_index.above`).

use serde::Serialize;

use super::{Flag, Rule, Test};
use crate::model::Problem;

/// A number in a flag's rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Threshold {
    /// The shortest name that means this one alone.
    pub name: String,
    /// Indicator that it is about; `None` for coverage, age and borders.
    pub indicator: Option<String>,
    /// How figures are compared, as flag files say it.
    pub comparison: &'static str,
    /// The number, in the unit of the indicator or in percent of the units.
    pub number: f64,
}

/// A number with all that it can be called.
struct Named<'a> {
    own: Option<&'a str>,
    indicator: Option<&'a str>,
    comparison: &'static str,
    number: f64,
}

impl Test {
    fn parts(&self) -> (&'static str, f64) {
        match self {
            Self::Below(number) => ("below", *number),
            Self::Above(number) => ("above", *number),
            Self::AtLeast(number) => ("at_least", *number),
            Self::AtMost(number) => ("at_most", *number),
            Self::Equals(number) => ("equals", *number),
            Self::AbovePercentile(number) => ("above_percentile", *number),
            Self::BelowPercentile(number) => ("below_percentile", *number),
        }
    }

    fn put(&mut self, to: f64) {
        match self {
            Self::Below(number)
            | Self::Above(number)
            | Self::AtLeast(number)
            | Self::AtMost(number)
            | Self::Equals(number)
            | Self::AbovePercentile(number)
            | Self::BelowPercentile(number) => *number = to,
        }
    }
}

impl Rule {
    /// Lists the numbers of a rule in the order of the file.
    fn numbers(&self) -> Vec<Named<'_>> {
        let limit = |comparison, number: &f64| {
            vec![Named { own: None, indicator: None, comparison, number: *number }]
        };
        match self {
            Self::Indicator { indicator, test, name } => {
                let (comparison, number) = test.parts();
                let (own, indicator) = (name.as_deref(), Some(indicator.as_str()));
                vec![Named { own, indicator, comparison, number }]
            }
            Self::StatusIs { .. } => Vec::new(),
            Self::CoverageBelow(number) => limit("coverage_below", number),
            Self::FigureOlderThanMonths(number) => limit("figure_older_than_months", number),
            Self::BoundaryChangedWithinYears(number) => {
                limit("boundary_changed_within_years", number)
            }
            Self::Given(given, rule) => {
                let mut numbers = rule.numbers();
                numbers.extend(given.numbers());
                numbers
            }
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::numbers).collect(),
        }
    }

    /// Sets the number at `place` among [`Rule::numbers`]; counts `place` down on the way.
    fn put(&mut self, place: &mut usize, to: f64) {
        let mut here = |set: &mut dyn FnMut()| {
            if *place == 0 {
                set();
            }
            *place = place.wrapping_sub(1);
        };
        match self {
            Self::Indicator { test, .. } => here(&mut || test.put(to)),
            Self::StatusIs { .. } => {}
            Self::CoverageBelow(number)
            | Self::FigureOlderThanMonths(number)
            | Self::BoundaryChangedWithinYears(number) => here(&mut || *number = to),
            Self::Given(given, rule) => {
                rule.put(place, to);
                given.put(place, to);
            }
            Self::All(rules) | Self::Any(rules) => {
                rules.iter_mut().for_each(|rule| rule.put(place, to));
            }
        }
    }
}

impl Named<'_> {
    fn both(&self) -> Option<String> {
        self.indicator.map(|indicator| format!("{indicator}.{}", self.comparison))
    }

    fn is_called(&self, name: &str) -> bool {
        self.own == Some(name)
            || self.comparison == name
            || self.indicator == Some(name)
            || self.both().as_deref() == Some(name)
    }

    /// Returns what the number must lie between, or what it must be.
    fn range(&self) -> (f64, f64) {
        match self.comparison {
            "above_percentile" | "below_percentile" => (0.0, 100.0),
            "coverage_below" => (0.0, 1.0),
            "figure_older_than_months" | "boundary_changed_within_years" => (0.0, f64::MAX),
            _ => (f64::MIN, f64::MAX),
        }
    }
}

impl Flag {
    /// Lists the thresholds that can be moved; none where a status raises the flag.
    pub fn thresholds(&self) -> Vec<Threshold> {
        let numbers = self.rule.numbers();
        let threshold = |number: &Named<'_>| {
            let alone = |name: &str| numbers.iter().filter(|one| one.is_called(name)).count() == 1;
            let names = [number.own, Some(number.comparison), number.indicator];
            let short = names.into_iter().flatten().find(|name| alone(name)).map(str::to_owned);
            Threshold {
                name: short.or_else(|| number.both()).unwrap_or_default(),
                indicator: number.indicator.map(str::to_owned),
                comparison: number.comparison,
                number: number.number,
            }
        };
        numbers.iter().map(threshold).collect()
    }

    /// Returns the flag with another threshold; `None` where it has not just one, or the
    /// number cannot be one.
    pub fn with_threshold(&self, number: f64) -> Option<Self> {
        self.with(None, number).ok()
    }

    /// Returns the flag with the threshold of this name moved.
    ///
    /// # Errors
    ///
    /// A name that the flag does not have or that means more than one of its thresholds; a
    /// number that is none, or lies outside what the comparison takes.
    pub fn with_named_threshold(&self, name: &str, number: f64) -> Result<Self, Problem> {
        self.with(Some(name), number)
    }

    fn with(&self, name: Option<&str>, number: f64) -> Result<Self, Problem> {
        let numbers = self.rule.numbers();
        let called = |name: &str| -> Vec<usize> {
            let own = (0..numbers.len()).find(|at| numbers[*at].own == Some(name));
            let any = (0..numbers.len()).filter(|at| numbers[*at].is_called(name));
            own.map_or_else(|| any.collect(), |own| vec![own])
        };
        let found = name.map_or_else(|| (0..numbers.len()).collect(), called);
        let names = || {
            let names: Vec<String> = self.thresholds().into_iter().map(|one| one.name).collect();
            names.join(", ")
        };
        let places = [("flag", self.id.as_str()), ("name", name.unwrap_or_default())];
        let problem = |key, english: &str| {
            let places = [places[0], places[1], ("names", &*names())];
            Err(Problem::new(key, english, &places))
        };
        let at = match (found.as_slice(), name) {
            ([at], _) => *at,
            _ if numbers.is_empty() => {
                return problem("flag_without_threshold", "the flag `{flag}` has no threshold");
            }
            ([], _) => {
                let english = "the flag `{flag}` has no threshold `{name}`; it has {names}";
                return problem("flag_threshold_unknown", english);
            }
            _ => {
                let english = "the flag `{flag}` has several thresholds; name one of {names}";
                return problem("flag_threshold_open", english);
            }
        };
        let (low, high) = numbers[at].range();
        if !number.is_finite() || number < low || number > high {
            let english = "the threshold `{name}` of the flag `{flag}` cannot be {number}";
            let told = self.thresholds()[at].name.clone();
            let number = number.to_string();
            let places = [places[0], ("name", told.as_str()), ("number", &number)];
            return Err(Problem::new("flag_threshold_of_range", english, &places));
        }
        let mut moved = self.clone();
        moved.rule.put(&mut at.clone(), number);
        Ok(moved)
    }
}

/// Returns the flags with thresholds moved as `text` says: `R5=900,R16.above=170`.
///
/// Decimals have a point. An empty text moves nothing.
///
/// # Errors
///
/// A part that is not `flag=number` or `flag.name=number`; a flag or a name that is not
/// there; one threshold moved twice; a number that the comparison does not take.
pub fn moved(flags: &[Flag], text: &str) -> Result<Vec<Flag>, Problem> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    moved_to(flags, &parts.map(read).collect::<Result<Vec<_>, _>>()?)
}

/// Returns the flags with thresholds moved, by `flag` or `flag.name`.
///
/// # Errors
///
/// As [`moved`], but for what is no pair.
pub fn moved_to<T: AsRef<str>>(flags: &[Flag], to: &[(T, f64)]) -> Result<Vec<Flag>, Problem> {
    let mut flags = flags.to_vec();
    let mut done: Vec<&str> = Vec::new();
    for (target, number) in to {
        let target = target.as_ref();
        let (id, name) = match target.split_once('.') {
            Some((id, name)) => (id, Some(name)),
            None => (target, None),
        };
        if done.contains(&target) {
            let english = "the threshold `{threshold}` is moved twice";
            return Err(Problem::new("flag_threshold_twice", english, &[("threshold", target)]));
        }
        done.push(target);
        let Some(at) = flags.iter().position(|flag| flag.id.eq_ignore_ascii_case(id)) else {
            let ids: Vec<&str> = flags.iter().map(|flag| flag.id.as_str()).collect();
            let english = "there is no flag `{flag}`; there are {flags}";
            let places = [("flag", id), ("flags", &*ids.join(", "))];
            return Err(Problem::new("flag_unknown", english, &places));
        };
        flags[at] = flags[at].with(name, *number)?;
    }
    Ok(flags)
}

fn read(part: &str) -> Result<(&str, f64), Problem> {
    let pair = part.split_once('=').map(|(target, number)| (target.trim(), number.trim()));
    let read = pair.and_then(|(target, number)| Some((target, number.parse::<f64>().ok()?)));
    read.filter(|(target, _)| !target.is_empty()).ok_or_else(|| {
        let english =
            "`{part}` moves no threshold; write a flag and a number, as `R5=900` or `R16.above=170`";
        Problem::new("flag_threshold_syntax", english, &[("part", part)])
    })
}
