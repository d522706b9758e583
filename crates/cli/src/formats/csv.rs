//! Comma-separated tables: UTF-8, decimal point, empty for a gap.

use super::{Cell, Sheet};

/// Writes keys as header and numbers so that they read back to the same bits.
pub fn render(sheet: &Sheet) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(sheet.columns.iter().map(|column| column.key.as_str()))?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Missing => String::new(),
            Cell::Text(text) => harmless(text),
            Cell::Integer(number) => number.to_string(),
            Cell::Number(number) => number.to_string(),
        }))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Keeps spreadsheets from taking a text for a formula.
pub fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Column;
    use super::*;

    #[test]
    fn a_text_is_never_a_formula_and_a_gap_is_never_a_zero() {
        let sheet = Sheet {
            name: "t".to_owned(),
            columns: vec![Column::text("a", "A"), Column::number("b", "B", 1)],
            rows: vec![
                vec![Cell::from("=HYPERLINK(\"http://evil\")"), Cell::Missing],
                vec![Cell::from("-1+1"), Cell::Number(-1.5)],
                vec![Cell::from("Herøy, \"nord\""), Cell::Number(0.1 + 0.2)],
            ],
        };
        insta::assert_snapshot!(render(&sheet).expect("memory takes it"), @r#"
        a,b
        "'=HYPERLINK(""http://evil"")",
        '-1+1,-1.5
        "Herøy, ""nord""",0.30000000000000004
        "#);
    }
}
