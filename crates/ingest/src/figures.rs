//! From cells to figures: which cells count, in whose borders, and what a gap means.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cube::{Cube, Period, PeriodKind};
use indicators::Grain;
use store::ValueStatus;
use store::build::{Figure, ModelledShare};

use crate::contract::code_by_label;
use crate::moves::{Borders, OfToday, Reason, less_sure};
use crate::{Drift, DriftKind, Map, MeasureRule, Moves, Pick, Source, SymbolMeaning};

/// The figures of one measure on today's map, and what they were made of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeasureFigures {
    /// A figure or a gap per municipality of today and period.
    pub figures: Vec<Figure>,
    /// As published, under the codes of their year, where figures had to be moved.
    pub published: Vec<Figure>,
    /// Shares of figures that came through a split.
    pub modelled: Vec<ModelledShare>,
}

/// The code under which a figure describes the whole country.
const NATION: &str = "0";

/// What stands in a cell, or in several taken together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reading {
    Number(f64, ValueStatus),
    Gap(ValueStatus),
}

/// Makes the figures of one measure from an extract.
///
/// Every municipality of today gets a figure or a gap for every period in which
/// anybody has a value. A sum with a gap among its parts is a gap. What stands on the map of
/// its year is moved to today's, and kept as it was beside it.
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
) -> Result<MeasureFigures, Drift> {
    let cells = Cells::new(source, rule, cube, symbols)?;
    let mut made = MeasureFigures::default();
    for (at, period) in cells.periods()?.into_iter().enumerate() {
        let found: Vec<(&str, OfToday<'_>)> = match rule.grain {
            Grain::Nation => {
                let code = source.region.as_ref().and_then(|region| region.nation.as_deref());
                let reading = code.and_then(|code| cells.read(code, at));
                reading.map(|reading| (NATION, OfToday::own(reading))).into_iter().collect()
            }
            Grain::Municipality => cells.on_todays_map(at, period, borders),
        };
        if !found.iter().any(|(_, one)| matches!(one.reading, Reading::Number(..))) {
            continue;
        }
        let name = period_name(period);
        let parts: BTreeSet<&str> = found.iter().flat_map(|(_, one)| one.parts.clone()).collect();
        made.published.extend(
            parts
                .into_iter()
                .filter_map(|code| Some(figure_of(rule, code, &name, cells.read(code, at)?))),
        );
        made.modelled.extend(found.iter().filter_map(|(code, one)| {
            Some(ModelledShare {
                municipality_code: (*code).to_owned(),
                measure: rule.id.clone(),
                period: name.clone(),
                share: one.modelled?,
            })
        }));
        let figures =
            found.into_iter().map(|(code, one)| figure_of(rule, code, &name, one.reading));
        made.figures.extend(figures);
    }
    Ok(made)
}

fn figure_of(rule: &MeasureRule, code: &str, period: &str, reading: Reading) -> Figure {
    let (value, status) = match reading {
        Reading::Number(number, status) => (Some(number * rule.scale), status),
        Reading::Gap(status) => (None, status),
    };
    Figure {
        municipality_code: code.to_owned(),
        measure: rule.id.clone(),
        period: period.to_owned(),
        value,
        status,
        source: String::new(),
    }
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
        Some(sum(self.parts.iter().map(|part| self.cell(first + part))))
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

    /// What every municipality of today has in a period.
    fn on_todays_map<'b>(
        &self,
        at: usize,
        period: Period,
        borders: &'b Borders,
    ) -> Vec<(&'b str, OfToday<'b>)> {
        let map = borders.map_of(period).filter(|_| self.map == Map::AsOfYear);
        let read = |code: &str| self.read(code, at);
        let of_today = |code: &'b String| {
            let found = match &map {
                Some(map) => map.of_today(code, self.moves, &read),
                None => {
                    let nothing = Reading::Gap(ValueStatus::NotPublished);
                    OfToday::own(read(code).unwrap_or(nothing))
                }
            };
            (code.as_str(), found)
        };
        borders.municipalities.iter().map(of_today).collect()
    }
}

/// Adds up readings; one gap makes a gap.
fn sum(parts: impl Iterator<Item = Reading>) -> Reading {
    let mut total = 0.0;
    let mut status = ValueStatus::Ok;
    let mut gap = None;
    for reading in parts {
        match reading {
            Reading::Gap(reason) => gap = gap.max(Some(Reason(reason))),
            Reading::Number(number, of_part) => {
                total += number;
                status = less_sure(status, of_part);
            }
        }
    }
    gap.map_or(Reading::Number(total, status), |Reason(reason)| Reading::Gap(reason))
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
    use store::RegionConversion;

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

    fn part(from_code: &str, to_code: &str, cut: [f64; 2]) -> RegionConversion {
        RegionConversion {
            from_year: 2019,
            from_code: from_code.to_owned(),
            to_year: 2024,
            to_code: to_code.to_owned(),
            share_from: cut[0],
            share_to: cut[1],
            kind: String::new(),
            basis: None,
        }
    }

    fn shown(measure: &str, cube: &Cube) -> String {
        let sources = Sources::parse("sources.toml", SOURCES).expect("sources");
        let source = &sources.sources[0];
        let rule = source.measures.iter().find(|rule| rule.id == measure).expect("a measure");
        let today = ["0301", "3101", "3103"];
        let mut conversions = vec![
            part("0101", "3101", [0.0, 1.0]),
            part("0104", "3103", [0.0, 1.0]),
            part("0136", "3103", [0.0, 0.25]),
            part("0136", "3105", [0.25, 1.0]),
            part("0301", "0301", [0.0, 1.0]),
        ];
        conversions.extend(
            today.map(|code| RegionConversion { from_year: 2024, ..part(code, code, [0.0, 1.0]) }),
        );
        let borders = Borders::new(today.into_iter().map(str::to_owned).collect(), &conversions);
        let made = match figures(source, rule, cube, &sources.symbols, &borders) {
            Ok(made) => made,
            Err(drift) => return drift.to_string(),
        };
        let line = |figure: &Figure| {
            let value = figure.value.map_or("-".to_owned(), |value| value.to_string());
            format!("{} {} {value} {}", figure.period, figure.municipality_code, figure.status)
        };
        let published = made.published.iter().map(|figure| format!("published {}", line(figure)));
        let modelled = made.modelled.iter().map(|one| {
            format!("modelled {} {} {:.3}", one.period, one.municipality_code, one.share)
        });
        let lines = made.figures.iter().map(line).chain(published).chain(modelled);
        lines.collect::<Vec<_>>().join("\n")
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
        published 2019 0101 6 ok
        published 2019 0104 8 ok
        published 2019 0136 200 ok
        ");
        insta::assert_snapshot!(shown("count", &cube), @r"
        2019 0301 3 ok
        2019 3101 11 ok
        2019 3103 90 estimated
        2024 0301 7 ok
        2024 3101 19 ok
        2024 3103 23 ok
        published 2019 0101 11 ok
        published 2019 0104 15 ok
        published 2019 0136 300 ok
        modelled 2019 3103 0.833
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
