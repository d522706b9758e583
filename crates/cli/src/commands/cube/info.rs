use std::collections::BTreeMap;
use std::fmt::Write;

use cube::{Cube, Dimension, Role};
use serde::Serialize;

use crate::args::TextFormat;
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// What is in a cube.
#[derive(Serialize)]
struct CubeInfo {
    title: Option<String>,
    source: Option<String>,
    updated: Option<String>,
    cells: usize,
    has_values: bool,
    cells_without_number: usize,
    /// By symbol, `null` for cells that have none.
    without_number: Vec<SymbolCount>,
    /// Numbers with a symbol beside them.
    with_number: Vec<SymbolCount>,
    period: Option<Span>,
    dimensions: Vec<DimensionInfo>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct SymbolCount {
    symbol: Option<String>,
    meaning: String,
    cells: usize,
}

/// From the first day of the first period to the last day of the last.
#[derive(Serialize)]
struct Span {
    first: String,
    last: String,
    start: String,
    end: String,
}

#[derive(Serialize)]
struct DimensionInfo {
    code: String,
    label: String,
    role: Option<&'static str>,
    size: usize,
    first: Option<String>,
    last: Option<String>,
}

/// Says what is in a cube.
pub fn show(session: &Session<'_>, cube: &Cube, format: TextFormat) -> Result<(), Failure> {
    let info = describe(session, cube);
    let text = match format {
        TextFormat::Json => formats::as_json(&info, session.texts, session.language)?,
        TextFormat::Text => page(session, &info),
    };
    session.output(None).text(&text)
}

fn describe(session: &Session<'_>, cube: &Cube) -> CubeInfo {
    let (without_number, with_number) = count_symbols(session, cube);
    CubeInfo {
        title: cube.label.clone(),
        source: cube.source.clone(),
        updated: cube.updated.clone(),
        cells: cube.cells(),
        has_values: !cube.values().is_empty(),
        cells_without_number: cube.values().count_missing(),
        without_number,
        with_number,
        period: cube.time().and_then(|at| span(&cube.dimensions()[at])),
        dimensions: cube.dimensions().iter().map(dimension).collect(),
        notes: cube.notes.clone(),
    }
}

fn count_symbols(session: &Session<'_>, cube: &Cube) -> (Vec<SymbolCount>, Vec<SymbolCount>) {
    let (mut without, mut with) = (BTreeMap::new(), BTreeMap::new());
    for cell in 0..cube.values().len() {
        let symbol = cube.statuses().at(cell);
        if !cube.values().has(cell) {
            *without.entry(symbol).or_insert(0_usize) += 1;
        } else if symbol.is_some() {
            *with.entry(symbol).or_insert(0_usize) += 1;
        }
    }
    let listed = |counts: BTreeMap<Option<&str>, usize>| {
        let mut listed: Vec<SymbolCount> = counts
            .into_iter()
            .map(|(symbol, cells)| SymbolCount {
                symbol: symbol.map(str::to_owned),
                meaning: symbol_meaning(session, symbol),
                cells,
            })
            .collect();
        listed.sort_by_key(|one| std::cmp::Reverse(one.cells));
        listed
    };
    (listed(without), listed(with))
}

/// What a symbol means at the Nordic agencies; another one speaks for itself.
pub fn symbol_meaning(session: &Session<'_>, symbol: Option<&str>) -> String {
    let key = match symbol {
        None => "none",
        Some(".") => "not_possible",
        Some("..") => "missing",
        Some("...") => "not_yet",
        Some(":") => "confidential",
        Some("-") => "nil",
        Some("*") => "preliminary",
        Some(_) => "other",
    };
    session.say(&format!("cube.symbol.{key}"), &[])
}

fn span(dimension: &Dimension) -> Option<Span> {
    let periods = dimension.periods().into_iter().collect::<Option<Vec<_>>>()?;
    let first = periods.iter().min_by_key(|period| period.start())?;
    let last = periods.iter().max_by_key(|period| period.end())?;
    Some(Span {
        first: first.to_string(),
        last: last.to_string(),
        start: first.start().to_string(),
        end: last.end().to_string(),
    })
}

fn dimension(dimension: &Dimension) -> DimensionInfo {
    DimensionInfo {
        code: dimension.code.clone(),
        label: dimension.title().to_owned(),
        role: match dimension.role {
            Some(Role::Time) => Some("time"),
            Some(Role::Geo) => Some("geo"),
            Some(Role::Metric) => Some("metric"),
            Some(Role::Classification) => Some("classification"),
            None => None,
        },
        size: dimension.len(),
        first: dimension.codes().first().cloned(),
        last: dimension.codes().last().cloned(),
    }
}

fn page(session: &Session<'_>, info: &CubeInfo) -> String {
    let dash = || "–".to_owned();
    let count = |number: usize| session.language.number(number as f64, 0);
    let mut text = session.say(
        "cube.info",
        &[
            ("title", &info.title.clone().unwrap_or_else(dash)),
            ("source", &info.source.clone().unwrap_or_else(dash)),
            ("updated", &info.updated.clone().unwrap_or_else(dash)),
        ],
    );
    text.push('\n');
    if let Some(span) = &info.period {
        let places = [
            ("first", span.first.as_str()),
            ("last", &span.last),
            ("start", &span.start),
            ("end", &span.end),
        ];
        let _ = writeln!(text, "{}", session.say("cube.period", &places));
    }
    let cells = count(info.cells);
    let missing = count(info.cells_without_number);
    let key = if info.has_values { "cube.cells" } else { "cube.metadata" };
    let _ = writeln!(text, "{}", session.say(key, &[("cells", &cells), ("missing", &missing)]));
    for (key, counts) in
        [("cube.without_number", &info.without_number), ("cube.with_number", &info.with_number)]
    {
        for one in counts {
            let symbol = one.symbol.clone().unwrap_or_else(dash);
            let cells = count(one.cells);
            let places =
                [("symbol", symbol.as_str()), ("meaning", &one.meaning), ("cells", &cells)];
            let _ = writeln!(text, "  {}", session.say(key, &places));
        }
    }
    text.push('\n');
    text.push_str(&formats::on_screen(&dimension_sheet(session, info), session.language));
    for note in &info.notes {
        let _ = write!(text, "\n• {note}\n");
    }
    text
}

fn dimension_sheet(session: &Session<'_>, info: &CubeInfo) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("code", say("column.dimension")),
        Column::text("label", say("column.title")),
        Column::text("role", say("column.role")),
        Column::integer("size", say("column.codes")),
        Column::text("first", say("column.first")),
        Column::text("last", say("column.last")),
    ];
    let rows = info.dimensions.iter().map(|dimension| {
        let role = dimension.role.map(|role| say(&format!("cube.role.{role}")));
        vec![
            Cell::from(dimension.code.clone()),
            dimension.label.clone().into(),
            role.into(),
            dimension.size.into(),
            dimension.first.clone().into(),
            dimension.last.clone().into(),
        ]
    });
    Sheet { name: say("cube.sheet"), columns, rows: rows.collect() }
}
