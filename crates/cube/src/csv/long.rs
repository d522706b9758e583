//! The long table: a row per cell, codes and labels, value and status.

use std::collections::HashMap;
use std::io::{self, Write};

use super::fault;
use super::fields::{Row, Table, put_number};
use crate::{Cube, CubeError, Dimension, MAX_CELLS, Statuses, Values, digits};

/// Writes one row per cell: per dimension its code and, as `<code>_label`, its label; then
/// `value` and `status`, empty where there is none.
///
/// UTF-8, comma, a dot before decimals; numbers have as many digits as give them back, and are
/// never in quotes.
///
/// # Errors
///
/// What `out` refuses.
pub fn write(cube: &Cube, out: &mut impl Write) -> io::Result<()> {
    let mut block = Vec::with_capacity(1 << 17);
    for dimension in cube.dimensions() {
        push_name(&mut block, &dimension.code);
        block.push(b',');
        push_text(&mut block, &format!("{}_label", dimension.code));
        block.push(b',');
    }
    block.extend_from_slice(b"value,status\n");
    let written: Vec<Vec<Vec<u8>>> = cube.dimensions().iter().map(categories).collect();
    let sizes = cube.sizes();
    let mut at = vec![0; sizes.len()];
    for cell in 0..cube.values().len() {
        for (dimension, position) in at.iter().enumerate() {
            block.extend_from_slice(&written[dimension][*position]);
        }
        match (cube.values().exact(cell), cube.values().at(cell)) {
            (Some(exact), _) => block.extend_from_slice(exact.as_bytes()),
            (None, Some(number)) => digits::push(&mut block, number),
            (None, None) => {}
        }
        block.push(b',');
        push_text(&mut block, cube.statuses().at(cell).unwrap_or_default());
        block.push(b'\n');
        if block.len() > 1 << 16 {
            out.write_all(&block)?;
            block.clear();
        }
        step(&mut at, &sizes);
    }
    out.write_all(&block)
}

/// The next cell, row by row.
pub(crate) fn step(at: &mut [usize], sizes: &[usize]) {
    for (position, size) in at.iter_mut().zip(sizes).rev() {
        *position += 1;
        if *position < *size {
            return;
        }
        *position = 0;
    }
}

/// `code,label,` of each category, made once.
fn categories(dimension: &Dimension) -> Vec<Vec<u8>> {
    let one = |(position, code): (usize, &String)| {
        let mut both = Vec::new();
        push_name(&mut both, code);
        both.push(b',');
        push_name(&mut both, dimension.label_at(position));
        both.push(b',');
        both
    };
    dimension.codes().iter().enumerate().map(one).collect()
}

/// A name, code or label: also in quotes where a row of blanks would be passed over.
fn push_name(out: &mut Vec<u8>, text: &str) {
    match text.trim().is_empty() {
        true => out.extend_from_slice(format!("\"{text}\"").as_bytes()),
        false => push_text(out, text),
    }
}

/// A text, in quotes where it needs them: also where a reader could take a letter of it for the
/// separator of the table, or for a byte order mark.
fn push_text(out: &mut Vec<u8>, text: &str) {
    if !text.contains([',', ';', '\t', '"', '\n', '\r', '\u{feff}']) {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// How many dimensions a table has, if it is one of ours.
pub(super) fn dimensions(table: &Table<'_>) -> Option<usize> {
    let header: Vec<&str> = table.rows.first()?.fields.iter().map(|one| &*one.text).collect();
    let (own, ["value", "status"]) = header.split_at(header.len().checked_sub(2)?) else {
        return None;
    };
    let is_pair = |pair: &[&str]| pair.len() == 2 && pair[1] == format!("{}_label", pair[0]);
    (table.separator == ',' && own.chunks(2).all(is_pair)).then_some(own.len() / 2)
}

/// The categories of a dimension in the order in which they come.
#[derive(Default)]
struct Found {
    codes: Vec<String>,
    labels: Vec<Option<String>>,
    positions: HashMap<String, usize>,
}

/// Reads a table of ours. Rows may come in any order; those that are not there are empty cells.
pub(super) fn read(table: &Table<'_>, count: usize) -> Result<Cube, CubeError> {
    let (header, rows) = table.rows.split_first().expect("a table has a row");
    let mut found: Vec<Found> = (0..count).map(|_| Found::default()).collect();
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        places.push(place(row, &mut found)?);
    }
    let cells = crate::cells(found.iter().map(|one| one.codes.len()), MAX_CELLS)?;
    let mut values = Values::missing(cells);
    let mut statuses = Statuses::none();
    let mut seen = vec![false; cells];
    for (row, place) in rows.iter().zip(places) {
        let step = |cell: usize, (at, one): (&usize, &Found)| cell * one.codes.len() + at;
        let cell = place.iter().zip(&found).fold(0, step);
        if std::mem::replace(&mut seen[cell], true) {
            return Err(fault(row.line, "these codes stood in a row before"));
        }
        let written = row.fields[2 * count].text.trim();
        if !written.is_empty() {
            put_number(&mut values, cell, written)
                .ok_or_else(|| fault(row.line, format!("`{written}` is not a number")))?;
        }
        statuses.set(cell, cells, &row.fields[2 * count + 1].text);
    }
    let dimension = |(at, one): (usize, Found)| {
        Dimension::new(&*header.fields[2 * at].text, one.codes, one.labels)
    };
    let dimensions = found.into_iter().enumerate().map(dimension);
    Cube::new(dimensions.collect::<Result<Vec<Dimension>, CubeError>>()?, values, statuses)
}

fn place(row: &Row<'_>, found: &mut [Found]) -> Result<Vec<usize>, CubeError> {
    let wanted = 2 * found.len() + 2;
    if row.fields.len() != wanted {
        let problem = format!("{} fields, not {wanted}", row.fields.len());
        return Err(fault(row.line, problem));
    }
    let mut place = Vec::with_capacity(found.len());
    for (pair, one) in row.fields.chunks(2).zip(found) {
        let position = match one.positions.get(&*pair[0].text) {
            Some(position) => *position,
            None => {
                let position = one.codes.len();
                one.positions.insert(pair[0].text.clone().into_owned(), position);
                one.codes.push(pair[0].text.clone().into_owned());
                one.labels.push(Some(pair[1].text.clone().into_owned()));
                position
            }
        };
        place.push(position);
    }
    Ok(place)
}
