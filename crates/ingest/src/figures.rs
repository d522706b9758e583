//! From cells to figures: which cells count, in whose borders, and what a gap means.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cube::{Cube, Period, PeriodKind};
use indicators::Grain;
use store::build::Figure;
use store::{RegionChange, ValueStatus};

use crate::contract::code_by_label;
use crate::{Drift, DriftKind, Map, MeasureRule, Moves, Pick, Source, SymbolMeaning};

/// The municipalities of today and how they came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Borders {
    /// Codes of today.
    pub municipalities: BTreeSet<String>,
    /// Changes that lead to them.
    pub changes: Vec<RegionChange>,
}

/// The code under which a figure describes the whole country.
const NATION: &str = "0";

/// What stands in a cell, or in several taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Reading {
    Number(f64, ValueStatus),
    Gap(ValueStatus),
}

/// Makes the figures of one measure from an extract.
///
/// Every municipality of today gets a figure or a gap for every period in which
/// anybody has a value. A sum with a gap among its parts is a gap.
///
/// # Errors
///
/// A drift that says what the rule and the cube do not agree on: a code that is gone, a
/// dimension with several codes of which the rule says nothing, a time that is not a period.
pub fn figures(
    source: &Source,
    rule: &MeasureRule,
    cube: &Cube,
    symbols: &BTreeMap<String, SymbolMeaning>,
    borders: &Borders,
) -> Result<Vec<Figure>, Drift> {
    let cells = Cells::new(source, rule, cube, symbols)?;
    let mut figures = Vec::new();
    for (at, period) in cells.periods()?.into_iter().enumerate() {
        let readings: Vec<(&str, Reading)> = match rule.grain {
            Grain::Nation => {
                let code = source.region.as_ref().and_then(|region| region.nation.as_deref());
                let reading = code.and_then(|code| cells.read(code, at));
                reading.map(|reading| (NATION, reading)).into_iter().collect()
            }
            Grain::Municipality => borders
                .municipalities
                .iter()
                .map(|code| (code.as_str(), cells.in_todays_borders(code, (at, period), borders)))
                .collect(),
        };
        if !readings.iter().any(|(_, reading)| matches!(reading, Reading::Number(..))) {
            continue;
        }
        let name = period_name(period);
        figures.extend(readings.into_iter().map(|(code, reading)| {
            let (value, status) = match reading {
                Reading::Number(number, status) => (Some(number * rule.scale), status),
                Reading::Gap(status) => (None, status),
            };
            Figure {
                municipality_code: code.to_owned(),
                measure: rule.id.clone(),
                period: name.clone(),
                value,
                status,
                source: String::new(),
            }
        }));
    }
    Ok(figures)
}

/// As the snapshot writes periods: `2024`, `2022-10`, `2026-04-20`.
fn period_name(period: Period) -> String {
    match period.kind() {
        // A quarter, half-year or week ends in a month; that is how old its figure is.
        PeriodKind::Quarter | PeriodKind::HalfYear | PeriodKind::Third => {
            let end = period.end();
            format!("{}-{:02}", end.year(), end.month())
        }
        PeriodKind::Week => period.end().to_string(),
        PeriodKind::Year | PeriodKind::Month | PeriodKind::Day => period.to_string(),
    }
}

/// The cells that a measure reads.
struct Cells<'a> {
    cube: &'a Cube,
    symbols: &'a BTreeMap<String, SymbolMeaning>,
    moves: Moves,
    map: Map,
    /// Positions of the places, by code without the prefix.
    places: HashMap<&'a str, usize>,
    time: usize,
    region_stride: usize,
    time_stride: usize,
    /// Where the parts of a sum lie, from the cell of place and period.
    parts: Vec<usize>,
}

impl<'a> Cells<'a> {
    fn new(
        source: &'a Source,
        rule: &MeasureRule,
        cube: &'a Cube,
        symbols: &'a BTreeMap<String, SymbolMeaning>,
    ) -> Result<Cells<'a>, Drift> {
        let missing = |code: &str| Drift::new(DriftKind::MissingDimension, code);
        let region = source.region.as_ref().ok_or_else(|| missing("region"))?;
        let at = |code: &str| cube.dimensions().iter().position(|one| one.code == code);
        let where_at = at(&region.dimension).ok_or_else(|| missing(&region.dimension))?;
        let time = cube.time().ok_or_else(|| missing("Tid"))?;
        let strides = cube.strides();
        let mut parts = vec![0];
        for (position, dimension) in cube.dimensions().iter().enumerate() {
            if position == where_at || position == time {
                continue;
            }
            let picked = picked(rule, dimension)?;
            let stride = strides[position];
            parts = parts
                .iter()
                .flat_map(|part| picked.iter().map(move |at| part + at * stride))
                .collect();
        }
        let codes = cube.dimensions()[where_at].codes().iter().enumerate();
        let plain = |code: &'a String| code.strip_prefix(region.prefix.as_str());
        Ok(Cells {
            cube,
            symbols,
            moves: rule.moves,
            map: source.map,
            places: codes.filter_map(|(at, code)| Some((plain(code)?, at))).collect(),
            time,
            region_stride: strides[where_at],
            time_stride: strides[time],
            parts,
        })
    }

    fn periods(&self) -> Result<Vec<Period>, Drift> {
        let time = &self.cube.dimensions()[self.time];
        let read = |code: &String| {
            let drift = Drift::new(DriftKind::Answer, &time.code);
            Period::parse(code).ok_or_else(|| drift.expected("periods").found(code))
        };
        time.codes().iter().map(read).collect()
    }

    /// What a code of the extract has in a period; `None` where the extract lacks the code.
    fn read(&self, code: &str, period: usize) -> Option<Reading> {
        let first = self.places.get(code)? * self.region_stride + period * self.time_stride;
        let readings = self.parts.iter().map(|part| (self.cell(first + part), 1.0));
        Some(sum(readings))
    }

    fn cell(&self, cell: usize) -> Reading {
        let symbol = self.cube.statuses().at(cell);
        let meaning = symbol.and_then(|symbol| self.symbols.get(symbol));
        match (self.cube.values().at(cell), meaning) {
            (Some(number), Some(SymbolMeaning::Status(status))) if !status.is_gap() => {
                Reading::Number(number, *status)
            }
            // A symbol of a gap beside a number is a note on it.
            (Some(number), _) => Reading::Number(number, ValueStatus::Ok),
            (None, Some(SymbolMeaning::Zero)) => Reading::Number(0.0, ValueStatus::Ok),
            (None, Some(SymbolMeaning::Status(status))) if status.is_gap() => Reading::Gap(*status),
            (None, _) => Reading::Gap(ValueStatus::NotPublished),
        }
    }

    /// What a municipality of today has in a period: its own figure, else that of its predecessors.
    fn in_todays_borders(
        &self,
        code: &str,
        (at, period): (usize, Period),
        borders: &Borders,
    ) -> Reading {
        let own = self.read(code, at);
        let exists = |reading: &Reading| *reading != Reading::Gap(ValueStatus::NotApplicable);
        if let Some(reading) = own.filter(exists) {
            return reading;
        }
        let nothing = own.unwrap_or(Reading::Gap(ValueStatus::NotPublished));
        if self.map != Map::AsOfYear {
            return nothing;
        }
        let start = period.start().to_string();
        let before: Vec<(&RegionChange, Reading)> = borders
            .changes
            .iter()
            .filter(|change| change.new_code == code && change.valid_from > start)
            .filter_map(|change| Some((change, self.read(&change.old_code, at).filter(exists)?)))
            .collect();
        match (self.moves, &before[..]) {
            (_, []) => nothing,
            (_, [(change, reading)]) if change.kind == "renumbered" => *reading,
            (Moves::Sum, parts) if parts.iter().all(|(change, _)| change.weight.is_some()) => {
                sum(parts.iter().map(|(change, reading)| (*reading, change.weight.unwrap_or(1.0))))
            }
            // A rate of several places is not the rate of them together.
            _ => Reading::Gap(ValueStatus::NotPublished),
        }
    }
}

/// Adds up shares of readings; one gap makes a gap, and a share makes an estimate.
fn sum(parts: impl Iterator<Item = (Reading, f64)>) -> Reading {
    let mut total = 0.0;
    let mut status = ValueStatus::Ok;
    let mut gap = None;
    for (reading, weight) in parts {
        match reading {
            Reading::Gap(reason) => gap = Some(worse(gap, reason)),
            Reading::Number(number, of_part) => {
                total += number * weight;
                if of_part != ValueStatus::Ok && status != ValueStatus::Estimated {
                    status = of_part;
                }
                if weight != 1.0 {
                    status = ValueStatus::Estimated;
                }
            }
        }
    }
    gap.map_or(Reading::Number(total, status), Reading::Gap)
}

/// Of two reasons for a gap the one that says more: somebody withheld it before nobody has it.
fn worse(held: Option<ValueStatus>, other: ValueStatus) -> ValueStatus {
    let rank = |status: ValueStatus| match status {
        ValueStatus::Suppressed => 3,
        ValueStatus::NotPublished => 2,
        ValueStatus::NotCollected => 1,
        _ => 0,
    };
    match held {
        Some(held) if rank(held) >= rank(other) => held,
        _ => other,
    }
}

/// Positions of a dimension that a rule reads.
fn picked(rule: &MeasureRule, dimension: &cube::Dimension) -> Result<Vec<usize>, Drift> {
    let codes = dimension.codes();
    let find = |code: &str| {
        let missing = || Drift::new(DriftKind::MissingCode, &dimension.code).expected(code);
        dimension.position(code).ok_or_else(missing)
    };
    match rule.cells.get(&dimension.code) {
        None if codes.len() == 1 => Ok(vec![0]),
        None => {
            let drift = Drift::new(DriftKind::Answer, &dimension.code);
            Err(drift.expected("one code").found(format!("{} codes", codes.len())))
        }
        Some(Pick::Label(words)) => {
            let labels: Vec<(&str, &str)> = codes
                .iter()
                .enumerate()
                .map(|(at, code)| (code.as_str(), dimension.label_at(at)))
                .collect();
            Ok(vec![find(&code_by_label(&dimension.code, words, &labels)?)?])
        }
        Some(Pick::Items(items)) => {
            let mut positions = Vec::new();
            for item in items {
                positions.extend(expand(item, codes.len(), &find)?);
            }
            positions.sort_unstable();
            positions.dedup();
            Ok(positions)
        }
    }
}

/// The positions of one item: a code, `*`, `from(a)`, `to(b)` or `range(a,b)`, in the cube's order.
fn expand(
    item: &str,
    length: usize,
    find: &dyn Fn(&str) -> Result<usize, Drift>,
) -> Result<Vec<usize>, Drift> {
    let inside = |name: &str| {
        let rest = item.strip_prefix(name)?.strip_prefix('(')?;
        rest.strip_suffix(')')
    };
    if item == "*" {
        return Ok((0..length).collect());
    }
    if let Some(first) = inside("from") {
        return Ok((find(first)?..length).collect());
    }
    if let Some(last) = inside("to") {
        return Ok((0..=find(last)?).collect());
    }
    if let Some((first, last)) = inside("range").and_then(|ends| ends.split_once(',')) {
        return Ok((find(first)?..=find(last)?).collect());
    }
    Ok(vec![find(item)?])
}

#[cfg(test)]
mod tests {
    use cube::{Dimension, Statuses, Values};

    use super::*;
    use crate::Sources;

    const SOURCES: &str = r#"
[symbols]
"." = "not_applicable"
".." = "not_published"
":" = "suppressed"
"-" = "zero"
"*" = "preliminary"

[[source]]
name = "rates"
server = "ssb"
table = "1"
language = "no"
confidence = "H"
title = []
select = { Region = ["0", "????"], Alder = "*", Tid = "*" }
region = { dimension = "Region", nation = "0" }
map = "as_of_year"
cadence = { kind = "kostra" }
measure = [
    { id = "rate", cells = { Alder = "from(2)" } },
    { id = "count", cells = { Alder = "*" }, moves = "sum" },
    { id = "nation", cells = { Alder = "1" }, grain = "nation", scale = 1000.0 },
    { id = "unsaid", cells = {} },
    { id = "gone", cells = { Alder = "9" } },
]
"#;

    fn dimension(code: &str, codes: &[&str]) -> Dimension {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        Dimension::new(code, codes, Vec::new()).expect("distinct codes")
    }

    /// Cells as printed, one per age, then per year, then per region.
    fn cube(regions: &[&str], printed: &str) -> Cube {
        let dimensions = vec![
            dimension("Region", regions),
            dimension("Tid", &["2019", "2024"]),
            dimension("Alder", &["1", "2"]),
        ];
        let cells: Vec<&str> = printed.split_whitespace().collect();
        let mut values = Values::with_capacity(cells.len());
        let mut statuses = Statuses::none();
        for (at, cell) in cells.iter().enumerate() {
            let number = cell.trim_end_matches(['*', ':', '.', '-']);
            match number.parse() {
                Ok(number) => values.push(number),
                Err(_) => values.push_missing(),
            }
            statuses.set(at, cells.len(), &cell[number.len()..]);
        }
        Cube::new(dimensions, values, statuses).expect("a cube")
    }

    fn change(old: &str, new: &str, kind: &str, weight: f64) -> RegionChange {
        RegionChange {
            old_code: old.to_owned(),
            old_name: String::new(),
            new_code: new.to_owned(),
            new_name: String::new(),
            valid_from: "2020-01-01".to_owned(),
            kind: kind.to_owned(),
            weight: Some(weight),
            weight_basis: None,
            note: None,
        }
    }

    fn shown(measure: &str, cube: &Cube) -> String {
        let sources = Sources::parse("sources.toml", SOURCES).expect("sources");
        let source = &sources.sources[0];
        let rule = source.measures.iter().find(|rule| rule.id == measure).expect("a measure");
        let borders = Borders {
            municipalities: ["0301", "3101", "3103"].into_iter().map(str::to_owned).collect(),
            changes: vec![
                change("0101", "3101", "renumbered", 1.0),
                change("0104", "3103", "merged", 1.0),
                change("0136", "3103", "split_part", 0.25),
            ],
        };
        let figures = match figures(source, rule, cube, &sources.symbols, &borders) {
            Ok(figures) => figures,
            Err(drift) => return drift.to_string(),
        };
        let line = |figure: &Figure| {
            let value = figure.value.map_or("-".to_owned(), |value| value.to_string());
            format!("{} {} {value} {}", figure.period, figure.municipality_code, figure.status)
        };
        figures.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_symbol_keeps_its_reason_and_a_dash_is_a_zero() {
        let cube = cube(&["0301", "3101", "3103"], "1 2*  1 -  1 ..  1 :  1 .  1 4");
        insta::assert_snapshot!(shown("rate", &cube), @r"
        2019 0301 2 preliminary
        2019 3101 - not_published
        2019 3103 - not_applicable
        2024 0301 0 ok
        2024 3101 - suppressed
        2024 3103 4 ok
        ");
        insta::assert_snapshot!(shown("count", &cube), @r"
        2019 0301 3 preliminary
        2019 3101 - not_published
        2019 3103 - not_applicable
        2024 0301 1 ok
        2024 3101 - suppressed
        2024 3103 5 ok
        ");
    }

    #[test]
    fn a_rate_moves_to_a_new_number_and_a_count_also_through_a_merger() {
        let cube = cube(
            &["0301", "0101", "0104", "0136", "3101", "3103", "EAK"],
            "1 2 3 4  5 6 . .  7 8 . .  100 200 . .  . . 9 10  . . 11 12  0 0 0 0",
        );
        insta::assert_snapshot!(shown("rate", &cube), @r"
        2019 0301 2 ok
        2019 3101 6 ok
        2019 3103 - not_published
        2024 0301 4 ok
        2024 3101 10 ok
        2024 3103 12 ok
        ");
        insta::assert_snapshot!(shown("count", &cube), @r"
        2019 0301 3 ok
        2019 3101 11 ok
        2019 3103 90 estimated
        2024 0301 7 ok
        2024 3101 19 ok
        2024 3103 23 ok
        ");
    }

    #[test]
    fn the_country_is_read_by_its_own_code_and_never_added_up() {
        let cube = cube(&["0", "0301"], "1 2 3 4  5 6 7 8");
        insta::assert_snapshot!(shown("nation", &cube), @r"
        2019 0 1000 ok
        2024 0 3000 ok
        ");
    }

    #[test]
    fn a_rule_that_does_not_fit_the_cube_is_refused() {
        let cube = cube(&["0301"], "1 2 3 4");
        insta::assert_snapshot!(shown("unsaid", &cube), @"`Alder`: asked for one code, got 2 codes");
        insta::assert_snapshot!(shown("gone", &cube), @"the dimension `Alder` has no code `9`");
    }

    #[test]
    fn a_year_in_which_nobody_has_a_figure_is_left_out() {
        let cube = cube(&["0301", "3101"], ".. ..  1 2  .. ..  . .");
        insta::assert_snapshot!(shown("count", &cube), @r"
        2024 0301 3 ok
        2024 3101 - not_applicable
        2024 3103 - not_published
        ");
    }
}
