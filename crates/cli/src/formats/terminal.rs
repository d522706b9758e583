//! Tables for people at a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use evidence::Language;

use super::{Cell, Kind, Sheet};

/// Draws the columns that belong on a screen and hold anything; a gap is a dash.
pub fn render(sheet: &Sheet, language: Language) -> String {
    let holds_anything = |at: usize| {
        let empty = |cell: &Cell| *cell == Cell::Missing || *cell == Cell::Text(String::new());
        sheet.rows.is_empty() || !sheet.rows.iter().all(|row| empty(&row[at]))
    };
    let shown: Vec<usize> = (0..sheet.columns.len())
        .filter(|at| sheet.columns[*at].on_screen && holds_anything(*at))
        .collect();
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(shown.iter().map(|at| aligned(&sheet.columns[*at].title, sheet, *at)));
    for row in &sheet.rows {
        table.add_row(shown.iter().map(|at| {
            let text = match &row[*at] {
                Cell::Missing => "–".to_owned(),
                Cell::Text(text) => printable(text),
                Cell::Integer(number) => number.to_string(),
                Cell::Number(number) => language.number(*number, sheet.columns[*at].decimals),
            };
            aligned(&text, sheet, *at)
        }));
    }
    let mut lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    lines.insert(1.min(lines.len()), "─".repeat(width));
    format!("{}\n", lines.join("\n"))
}

fn aligned(text: &str, sheet: &Sheet, column: usize) -> comfy_table::Cell {
    let alignment = match sheet.columns[column].kind {
        Kind::Text => CellAlignment::Left,
        Kind::Integer | Kind::Number => CellAlignment::Right,
    };
    comfy_table::Cell::new(text).set_alignment(alignment)
}

/// Control characters could move the cursor or recolour the screen.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
