//! Tables laid out for people: what they say, and what they leave unsaid.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::fault;
use super::fields::{Field, Row, Table, put_number};
use crate::{Cube, CubeError, Dimension, MAX_CELLS, Object, Statuses, Values};

/// Names of variables that are written in digits although they are no numbers.
const TIMES: [&str; 14] = [
    "tid", "time", "år", "year", "måned", "month", "kvartal", "quarter", "uke", "week", "halvår",
    "halfyear", "dato", "date",
];

/// Longest symbol that may stand for a number.
const SYMBOL: usize = 8;

/// Code of the dimension that the columns make.
const COLUMNS: &str = "columns";

/// The parts of a table.
struct Parts<'t, 'a> {
    title: Option<&'t str>,
    /// Names of the columns of texts.
    stub: Vec<String>,
    /// Texts above the columns of numbers.
    columns: Vec<String>,
    /// How many rows of headings there are.
    headings: usize,
    rows: &'t [Row<'a>],
}

pub(super) fn read(table: &Table<'_>) -> Result<Cube, CubeError> {
    let parts = parts(table)?;
    let mut places: Vec<Texts> = vec![Texts::default(); parts.stub.len()];
    let mut positions = Vec::with_capacity(parts.rows.len());
    for row in parts.rows {
        let wanted = parts.stub.len() + parts.columns.len();
        if row.fields.len() != wanted {
            let problem = format!("{} fields, but the heading has {wanted}", row.fields.len());
            return Err(fault(row.line, problem));
        }
        let one = |(field, texts): (&Field<'_>, &mut Texts)| texts.position(&field.text);
        positions.push(row.fields.iter().zip(&mut places).map(one).collect::<Vec<usize>>());
    }
    let width = parts.columns.len();
    let sizes = places.iter().map(|texts| texts.all.len()).chain([width]);
    let cells = crate::cells(sizes, MAX_CELLS)?;
    let mut values = Values::missing(cells);
    let mut statuses = Statuses::none();
    let mut seen = vec![false; cells / width.max(1)];
    for (row, position) in parts.rows.iter().zip(positions) {
        let step = |at: usize, (position, texts): (&usize, &Texts)| at * texts.all.len() + position;
        let at = position.iter().zip(&places).fold(0, step);
        if std::mem::replace(&mut seen[at], true) {
            return Err(fault(row.line, "these texts stood in a row before"));
        }
        for (column, field) in row.fields[parts.stub.len()..].iter().enumerate() {
            let cell = at * width + column;
            put(&mut values, (cell, field.text.trim()), row.line)?;
            if values.at(cell).is_none_or(|_| field.text.trim() == "-") {
                statuses.set(cell, cells, field.text.trim());
            }
        }
    }
    describe(&parts, places, values, statuses)
}

/// A number, nil, or nothing.
fn put(values: &mut Values, (cell, text): (usize, &str), line: usize) -> Result<(), CubeError> {
    if text == "-" {
        values.set(cell, Some(0.0));
        return Ok(());
    }
    if put_number(values, cell, text).is_some() || is_symbol(text) {
        return Ok(());
    }
    put_number(values, cell, &text.replace(',', "."))
        .ok_or_else(|| fault(line, format!("`{text}` is neither a number nor a symbol")))
}

fn is_symbol(text: &str) -> bool {
    text.chars().count() <= SYMBOL && !text.contains(|letter: char| letter.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    let mut cell = Values::missing(1);
    put(&mut cell, (0, text.trim()), 0).is_ok()
}

/// Texts of a column in the order in which they come.
#[derive(Default, Clone)]
struct Texts {
    all: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Texts {
    fn position(&mut self, text: &str) -> usize {
        if let Some(position) = self.positions.get(text) {
            return *position;
        }
        self.positions.insert(text.to_owned(), self.all.len());
        self.all.push(text.to_owned());
        self.all.len() - 1
    }
}

fn parts<'t, 'a>(table: &'t Table<'a>) -> Result<Parts<'t, 'a>, CubeError> {
    let (title, rows) = match table.rows.split_first() {
        Some((first, rest)) if first.fields.len() == 1 && !rest.is_empty() => {
            (Some(&*first.fields[0].text), rest)
        }
        _ => (None, table.rows.as_slice()),
    };
    let first = &rows[0];
    if first.fields.len() < 2 {
        return Err(fault(first.line, "one column only; a table has texts and numbers"));
    }
    let is_blank = |field: &Field<'_>| field.text.trim().is_empty();
    let blanks = first.fields.iter().take_while(|field| is_blank(field)).count();
    let headings = match blanks {
        0 => 1,
        _ => rows.iter().take_while(|row| is_blank(&row.fields[0])).count(),
    };
    let only_headings =
        headings == rows.len() || (blanks == 1 && headings == rows.len() - 1 && rows.len() == 2);
    let headings = if only_headings { 1 } else { headings };
    let (head, body) = rows.split_at(headings);
    if body.is_empty() {
        return Err(fault(first.line, "a heading without rows"));
    }
    let texts =
        if blanks > 0 { blanks.min(first.fields.len() - 1) } else { count_texts(first, body) };
    let names = |at: usize| match first.fields[at].text.trim() {
        "" => format!("column{}", at + 1),
        name => name.to_owned(),
    };
    Ok(Parts {
        title,
        stub: (0..texts).map(names).collect(),
        columns: columns(head, texts),
        headings,
        rows: body,
    })
}

/// How many of the first columns are texts: in quotes, or with something that is no number.
fn count_texts(header: &Row<'_>, body: &[Row<'_>]) -> usize {
    let width = header.fields.len();
    let has_quotes = body.iter().any(|row| row.fields.iter().any(|field| field.is_quoted));
    let is_text = |at: usize| {
        let mut fields = body.iter().filter_map(|row| row.fields.get(at));
        match has_quotes {
            true => fields.any(|field| field.is_quoted),
            false => {
                let name = header.fields[at].text.trim().to_lowercase();
                TIMES.contains(&name.as_str()) || fields.any(|field| !is_number(&field.text))
            }
        }
    };
    (0..width - 1).rev().find(|at| is_text(*at)).map_or(1, |last| last + 1)
}

/// The texts above each column of numbers, joined; a blank one is that to its left.
fn columns(head: &[Row<'_>], texts: usize) -> Vec<String> {
    let width = head.iter().map(|row| row.fields.len()).max().unwrap_or(0);
    let mut columns = vec![String::new(); width.saturating_sub(texts)];
    for row in head {
        let mut last = "";
        for (at, column) in columns.iter_mut().enumerate() {
            if let Some(field) = row.fields.get(texts + at)
                && !field.text.trim().is_empty()
            {
                last = field.text.trim();
            }
            if !column.is_empty() && !last.is_empty() {
                column.push(' ');
            }
            column.push_str(last);
        }
    }
    columns
}

fn describe(
    parts: &Parts<'_, '_>,
    places: Vec<Texts>,
    values: Values,
    statuses: Statuses,
) -> Result<Cube, CubeError> {
    let mut said = Object::new();
    let mut dimensions = Vec::new();
    let names = parts.stub.iter().map(String::as_str).chain([COLUMNS]);
    let texts = places.into_iter().map(|texts| texts.all).chain([parts.columns.clone()]);
    // Where every name has its code in front, so have the texts.
    let all_have = parts.stub.iter().all(|name| pair(name).is_some());
    for (name, texts) in names.zip(texts) {
        let (code, label) = match pair(name).filter(|_| all_have) {
            Some((code, label)) => (code, Some(label)),
            None => (name.to_owned(), None),
        };
        let paired = if all_have { split(&texts, pair) } else { None };
        let (from, mut dimension) = match paired.or_else(|| numbered(&texts)) {
            Some(pairs) => {
                let (codes, labels) =
                    pairs.into_iter().map(|(code, label)| (code, Some(label))).unzip();
                ("in front of the texts", Dimension::new(&code, codes, labels)?)
            }
            None => ("the texts themselves", Dimension::new(&code, texts, Vec::new())?),
        };
        dimension.label = label;
        said.insert(code, json!(from));
        dimensions.push(dimension);
    }
    let mut cube = Cube::new(dimensions, values, statuses)?;
    cube.label = parts.title.map(str::to_owned);
    let mut csv = Object::new();
    csv.insert("codes".to_owned(), json!(said));
    let columns = format!("`{COLUMNS}` joins the values of all variables above the columns");
    csv.insert(COLUMNS.to_owned(), json!(columns));
    csv.insert("headings".to_owned(), json!(parts.headings));
    cube.extension.insert("csv".to_owned(), json!(csv));
    Ok(cube)
}

/// All texts taken apart, where the codes are distinct.
fn split(
    texts: &[String],
    by: impl Fn(&str) -> Option<(String, String)>,
) -> Option<Vec<(String, String)>> {
    let pairs: Vec<(String, String)> = texts.iter().map(|text| by(text)).collect::<Option<_>>()?;
    let distinct: HashSet<&String> = pairs.iter().map(|(code, _)| code).collect();
    (distinct.len() == pairs.len()).then_some(pairs)
}

/// `0301 Oslo`: the texts begin with codes. `12 years` does not: such codes have four letters
/// and digits or more. One in ten may have a word for its code, as the rest at the end of a list.
fn numbered(texts: &[String]) -> Option<Vec<(String, String)>> {
    let pairs = split(texts, |text| {
        text.split_once(' ').map(|(code, label)| (code.to_owned(), label.trim().to_owned()))
    })?;
    let is_code = |word: &str| word.len() >= 4 && word.contains(|one: char| one.is_ascii_digit());
    let coded = pairs.iter().filter(|(code, _)| is_code(code)).count();
    (coded > 0 && coded * 10 >= pairs.len() * 9).then_some(pairs)
}

/// `Region - region`; not where there are several of them.
fn pair(text: &str) -> Option<(String, String)> {
    let (code, label) = text.split_once(" - ")?;
    (!code.contains(' ')).then(|| (code.to_owned(), label.to_owned()))
}
