//! Excel workbooks: the long table, and a sheet about it. Text is text, never a formula.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::{Cube, CubeError};

/// Rows of a sheet, without the heading.
const ROWS: u64 = 1_048_575;

/// Longest text of a cell.
const TEXT: usize = 32_767;

/// A workbook with the sheets `data` (the long table: numbers as numbers, a gap as an empty
/// cell, the symbol beside it) and `info` (title, source, time, notes, units).
///
/// The same cube gives the same bytes.
///
/// # Errors
///
/// [`CubeError::TooLarge`] when there are more cells than a sheet has rows;
/// [`CubeError::Shape`] when Excel cannot hold something else.
pub fn to_vec(cube: &Cube) -> Result<Vec<u8>, CubeError> {
    let cells = cube.values().len() as u64;
    if cells > ROWS {
        return Err(CubeError::TooLarge { cells, limit: ROWS });
    }
    workbook(cube).map_err(|error| CubeError::shape("workbook", error.to_string()))
}

fn workbook(cube: &Cube) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date: the same cube gives the same bytes.
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    data(cube, workbook.add_worksheet())?;
    info(cube, workbook.add_worksheet())?;
    workbook.save_to_buffer()
}

fn data(cube: &Cube, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("data")?;
    let bold = Format::new().set_bold();
    let mut column = 0;
    for dimension in cube.dimensions() {
        for title in [dimension.code.clone(), format!("{}_label", dimension.code)] {
            sheet.write_string_with_format(0, column, clipped(&title), &bold)?;
            column += 1;
        }
    }
    sheet.write_string_with_format(0, column, "value", &bold)?;
    sheet.write_string_with_format(0, column + 1, "status", &bold)?;
    let sizes = cube.sizes();
    let mut at = vec![0; sizes.len()];
    for (cell, row) in (0..cube.values().len()).zip(1_u32..) {
        let mut column = 0;
        for (dimension, position) in cube.dimensions().iter().zip(&at) {
            sheet.write_string(row, column, clipped(&dimension.codes()[*position]))?;
            sheet.write_string(row, column + 1, clipped(dimension.label_at(*position)))?;
            column += 2;
        }
        if let Some(number) = cube.values().at(cell) {
            sheet.write_number(row, column, number)?;
        }
        if let Some(status) = cube.statuses().at(cell) {
            sheet.write_string(row, column + 1, clipped(status))?;
        }
        crate::csv::step(&mut at, &sizes);
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = u32::try_from(cube.values().len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last, column + 1)?;
    Ok(())
}

/// Two columns: what, and what of it.
fn info(cube: &Cube, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("info")?;
    let mut rows: Vec<(&str, String)> = Vec::new();
    let texts = [
        ("title", &cube.label),
        ("source", &cube.source),
        ("updated", &cube.updated),
        ("href", &cube.href),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            rows.push((name, text.clone()));
        }
    }
    rows.extend(cube.notes.iter().map(|note| ("note", note.clone())));
    for dimension in cube.dimensions() {
        let title = dimension.title();
        rows.push(("dimension", format!("{}: {title}", dimension.code)));
        rows.extend(dimension.notes.iter().map(|note| ("note", format!("{title}: {note}"))));
        for (position, code) in dimension.codes().iter().enumerate() {
            let label = dimension.label_at(position);
            if let Some(base) = dimension.units.get(code).and_then(|unit| unit.base.as_ref()) {
                rows.push(("unit", format!("{label}: {base}")));
            }
            for note in dimension.category_notes.get(code).into_iter().flatten() {
                rows.push(("note", format!("{label}: {note}")));
            }
        }
    }
    for ((name, text), row) in rows.iter().zip(0_u32..) {
        sheet.write_string(row, 0, *name)?;
        sheet.write_string(row, 1, clipped(text))?;
    }
    Ok(())
}

/// As much of a text as a cell holds.
fn clipped(text: &str) -> &str {
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
