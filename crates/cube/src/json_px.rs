//! The old API's `json`: columns, rows of keys, and values as texts. Not JSON-stat.
//!
//! It has codes and no labels, except for what is measured. Nil (`-`) is an exact zero with
//! that status.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::{Cube, CubeError, Dimension, MAX_CELLS, Role, Statuses, Values, digits};

/// What the dimension of the value columns is called.
const CONTENTS: &str = "ContentsCode";

#[derive(Serialize, Deserialize)]
struct Table {
    columns: Vec<Column>,
    #[serde(default)]
    comments: Vec<Comment>,
    data: Vec<Row>,
    #[serde(default)]
    metadata: Vec<Metadata>,
}

#[derive(Serialize, Deserialize)]
struct Column {
    code: String,
    #[serde(default)]
    text: Option<String>,
    /// `d` dimension, `t` time, `c` contents.
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Comment {
    #[serde(default)]
    variable: Option<String>,
    #[serde(default)]
    value: Option<String>,
    comment: String,
}

#[derive(Serialize, Deserialize)]
struct Row {
    key: Vec<String>,
    values: Vec<Option<String>>,
}

#[derive(Serialize, Deserialize, Default)]
struct Metadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    infofile: Option<String>,
    #[serde(default)]
    updated: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    source: Option<String>,
}

/// Reads the old API's `json`.
///
/// Rows that are not there are cells without a number. The value columns become the dimension
/// `ContentsCode`, the last.
///
/// # Errors
///
/// [`CubeError::Syntax`] with the line and column, or the row; [`CubeError::TooLarge`] before
/// anything is allocated; [`CubeError::Shape`] when codes repeat.
pub fn read(bytes: &[u8]) -> Result<Cube, CubeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let table: Table = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        // serde repeats the place at the end of what it says.
        let said = error.to_string();
        let problem = said.split(" at line ").next().unwrap_or_default().to_owned();
        CubeError::Syntax { format: "PX-JSON", place, problem }
    })?;
    let (contents, keys): (Vec<&Column>, Vec<&Column>) =
        table.columns.iter().partition(|column| column.kind == "c");
    if contents.is_empty() {
        return Err(fault("member columns".to_owned(), "no column of type `c`"));
    }
    let (found, places) = places(&table.data, keys.len())?;
    let sizes = found.iter().map(|one| one.codes.len()).chain([contents.len()]);
    let cells = crate::cells(sizes, MAX_CELLS)?;
    let (values, statuses) = numbers(&table.data, (&found, &places), (cells, contents.len()))?;
    let mut dimensions = Vec::new();
    for (column, one) in keys.iter().zip(found) {
        let mut dimension = Dimension::new(&column.code, one.codes, Vec::new())?;
        dimension.label = column.text.clone();
        dimension.role = (column.kind == "t").then_some(Role::Time);
        dimensions.push(dimension);
    }
    let codes = contents.iter().map(|column| column.code.clone()).collect();
    let labels = contents.iter().map(|column| column.text.clone()).collect();
    let mut metric = Dimension::new(CONTENTS, codes, labels)?;
    metric.role = Some(Role::Metric);
    for column in &contents {
        if let Some(unit) = &column.unit {
            let base = Some(unit.clone());
            metric.units.insert(column.code.clone(), crate::Unit { base, ..Default::default() });
        }
    }
    dimensions.push(metric);
    let mut cube = Cube::new(dimensions, values, statuses)?;
    describe(&mut cube, table);
    Ok(cube)
}

/// The codes of a key column in the order in which they come.
#[derive(Default)]
struct Found {
    codes: Vec<String>,
    positions: HashMap<String, usize>,
}

/// The codes of each key column, and the positions in each row.
fn places(data: &[Row], keys: usize) -> Result<(Vec<Found>, Vec<Vec<usize>>), CubeError> {
    let mut found: Vec<Found> = (0..keys).map(|_| Found::default()).collect();
    let mut places = Vec::with_capacity(data.len());
    for (at, row) in data.iter().enumerate() {
        if row.key.len() != keys {
            let problem = format!("{} keys for {keys} columns", row.key.len());
            return Err(fault(format!("data, row {}", at + 1), problem));
        }
        let mut place = Vec::with_capacity(keys);
        for (code, one) in row.key.iter().zip(&mut found) {
            let next = one.codes.len();
            let position = *one.positions.entry(code.clone()).or_insert(next);
            if position == next {
                one.codes.push(code.clone());
            }
            place.push(position);
        }
        places.push(place);
    }
    Ok((found, places))
}

fn numbers(
    data: &[Row],
    (found, places): (&[Found], &[Vec<usize>]),
    (cells, width): (usize, usize),
) -> Result<(Values, Statuses), CubeError> {
    let mut values = Values::missing(cells);
    let mut statuses = Statuses::none();
    let mut seen = vec![false; cells / width];
    for (at, (row, place)) in data.iter().zip(places).enumerate() {
        let place_of = || format!("data, row {}", at + 1);
        let step =
            |cell: usize, (position, one): (&usize, &Found)| cell * one.codes.len() + position;
        let first = place.iter().zip(found).fold(0, step);
        if std::mem::replace(&mut seen[first], true) {
            return Err(fault(place_of(), "these keys occurred in a row before"));
        }
        if row.values.len() != width {
            let problem = format!("{} values for {width} columns", row.values.len());
            return Err(fault(place_of(), problem));
        }
        for (column, written) in row.values.iter().enumerate() {
            let cell = first * width + column;
            let Some(written) = written.as_deref().map(str::trim) else { continue };
            match written {
                "-" => {
                    values.set(cell, Some(0.0));
                    statuses.set(cell, cells, written);
                }
                number if crate::csv::put_number(&mut values, cell, number).is_some() => {}
                symbol if symbol.contains(|one: char| one.is_ascii_digit()) => {
                    let problem = format!("`{symbol}` is neither a number nor a symbol");
                    return Err(fault(place_of(), problem));
                }
                symbol => statuses.set(cell, cells, symbol),
            }
        }
    }
    Ok((values, statuses))
}

fn describe(cube: &mut Cube, table: Table) {
    if let Some(metadata) = table.metadata.into_iter().next() {
        cube.label = metadata.label;
        cube.source = metadata.source;
        cube.updated = metadata.updated;
        if let Some(infofile) = metadata.infofile {
            cube.extension.insert("px".to_owned(), serde_json::json!({ "infofile": infofile }));
        }
    }
    for comment in table.comments {
        let text = comment.comment.trim().to_owned();
        let variable = comment.variable.filter(|code| !code.is_empty());
        let dimension =
            variable.and_then(|code| cube.dimensions_mut().find(|one| one.code == code));
        match (dimension, comment.value.filter(|code| !code.is_empty())) {
            (Some(dimension), Some(code)) => {
                dimension.category_notes.entry(code).or_default().push(text);
            }
            (Some(dimension), None) => dimension.notes.push(text),
            (None, _) => cube.notes.push(text),
        }
    }
}

/// Writes the old API's `json`.
///
/// What is measured goes across, all other dimensions into the keys; a cube without such a
/// dimension has one value column with its title. Labels of other categories are lost.
///
/// # Errors
///
/// What `out` refuses.
pub fn write(cube: &Cube, out: &mut impl Write) -> io::Result<()> {
    let metric = cube.metric();
    let keys: Vec<usize> = (0..cube.dimensions().len()).filter(|at| Some(*at) != metric).collect();
    let mut columns: Vec<Column> =
        keys.iter().map(|at| key_column(&cube.dimensions()[*at])).collect();
    columns.extend(value_columns(cube, metric));
    let strides = cube.strides();
    let (across, stride) = metric.map_or((1, 1), |at| (cube.dimensions()[at].len(), strides[at]));
    let sizes: Vec<usize> = keys.iter().map(|at| cube.dimensions()[*at].len()).collect();
    let mut at = vec![0; keys.len()];
    let rows: usize = if cube.values().is_empty() { 0 } else { sizes.iter().product() };
    let mut data = Vec::with_capacity(rows);
    for _ in 0..rows {
        let first: usize = at.iter().zip(&keys).map(|(at, key)| at * strides[*key]).sum();
        let code = |(at, key): (&usize, &usize)| cube.dimensions()[*key].codes()[*at].clone();
        data.push(Row {
            key: at.iter().zip(&keys).map(code).collect(),
            values: (0..across).map(|column| Some(cell(cube, first + column * stride))).collect(),
        });
        crate::csv::step(&mut at, &sizes);
    }
    let px = cube.extension.get("px").and_then(|px| px.get("infofile"));
    let metadata = Metadata {
        infofile: px.and_then(|infofile| infofile.as_str()).map(str::to_owned),
        updated: cube.updated.clone(),
        label: cube.label.clone(),
        source: cube.source.clone(),
    };
    let table = Table { columns, comments: comments(cube), data, metadata: vec![metadata] };
    serde_json::to_writer(out, &table).map_err(io::Error::from)
}

fn key_column(dimension: &Dimension) -> Column {
    Column {
        code: dimension.code.clone(),
        text: Some(dimension.title().to_owned()),
        kind: if dimension.is_time() { "t" } else { "d" }.to_owned(),
        unit: None,
    }
}

fn value_columns(cube: &Cube, metric: Option<usize>) -> Vec<Column> {
    let Some(at) = metric else {
        let text = cube.label.clone().or_else(|| Some("value".to_owned()));
        return vec![Column { code: "value".to_owned(), text, kind: "c".to_owned(), unit: None }];
    };
    let dimension = &cube.dimensions()[at];
    let column = |(position, code): (usize, &String)| Column {
        code: code.clone(),
        text: Some(dimension.label_at(position).to_owned()),
        kind: "c".to_owned(),
        unit: dimension.units.get(code).and_then(|unit| unit.base.clone()),
    };
    dimension.codes().iter().enumerate().map(column).collect()
}

fn comments(cube: &Cube) -> Vec<Comment> {
    let comment = |variable: Option<&str>, value: Option<&str>, text: &String| Comment {
        variable: variable.map(str::to_owned),
        value: value.map(str::to_owned),
        comment: text.clone(),
    };
    let mut all: Vec<Comment> = cube.notes.iter().map(|text| comment(None, None, text)).collect();
    for dimension in cube.dimensions() {
        let code = Some(dimension.code.as_str());
        all.extend(dimension.notes.iter().map(|text| comment(code, None, text)));
        for (value, notes) in &dimension.category_notes {
            all.extend(notes.iter().map(|text| comment(code, Some(value), text)));
        }
    }
    all
}

/// A number, or the symbol in its place; `..` where there is neither.
fn cell(cube: &Cube, cell: usize) -> String {
    let status = cube.statuses().at(cell);
    if let Some(exact) = cube.values().exact(cell) {
        return exact.to_owned();
    }
    match cube.values().at(cell) {
        Some(number) if number == 0.0 && status == Some("-") => "-".to_owned(),
        Some(number) => {
            let mut text = Vec::new();
            digits::push(&mut text, number);
            String::from_utf8_lossy(&text).into_owned()
        }
        None => status.unwrap_or("..").to_owned(),
    }
}

fn fault(place: String, problem: impl Into<String>) -> CubeError {
    CubeError::Syntax { format: "PX-JSON", place, problem: problem.into() }
}
