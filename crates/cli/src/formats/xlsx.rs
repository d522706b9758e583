//! Excel workbooks. Text is written as text, never as a formula.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::{Cell, Sheet};

/// Writes one sheet with a frozen, filtered header; a gap is an empty cell.
pub fn render(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date: the same table gives the same bytes.
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    let worksheet = workbook.add_worksheet();
    let name: String = sheet.name.chars().filter(|letter| !"[]:*?/\\".contains(*letter)).collect();
    worksheet.set_name(name.chars().take(31).collect::<String>())?;
    let bold = Format::new().set_bold();
    for (at, column) in sheet.columns.iter().enumerate() {
        worksheet.write_with_format(0, index(at), &column.title, &bold)?;
    }
    for (row_at, row) in sheet.rows.iter().enumerate() {
        let line = u32::try_from(row_at + 1).unwrap_or(u32::MAX);
        for (at, cell) in row.iter().enumerate() {
            match cell {
                Cell::Missing => {}
                Cell::Text(text) => {
                    worksheet.write_string(line, index(at), text)?;
                }
                Cell::Integer(number) => {
                    worksheet.write_number(line, index(at), *number as f64)?;
                }
                Cell::Number(number) => {
                    worksheet.write_number(line, index(at), *number)?;
                }
            }
        }
    }
    worksheet.set_freeze_panes(1, 0)?;
    if !sheet.columns.is_empty() {
        let last = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
        worksheet.autofilter(0, 0, last, index(sheet.columns.len() - 1))?;
    }
    worksheet.autofit();
    workbook.save_to_buffer()
}

fn index(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}
