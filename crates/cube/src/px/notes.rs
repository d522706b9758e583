//! Notes on the table, its variables, values and cells.

use serde_json::{Value, json};

use super::names::About;
use super::read::Lines;
use super::statement::Statement;
use crate::{Cube, Dimension, Object, Statuses, Values};

/// Notes on the table; `NOTEX` is one that must be shown.
pub(super) fn on_table(lines: &mut Lines<'_>, cube: &mut Cube) {
    let (notes, mandatory) = take(lines, ["NOTE", "NOTEX"], &About::Table);
    cube.notes = notes;
    put(&mut cube.extension, "noteMandatory", mandatory);
}

/// Notes on a variable and on its values.
pub(super) fn on_dimension(lines: &mut Lines<'_>, at: usize, dimension: &mut Dimension) {
    let (notes, mandatory) = take(lines, ["NOTE", "NOTEX"], &About::Variable(at));
    dimension.notes = notes;
    put(&mut dimension.extension, "noteMandatory", mandatory);
    let names = lines.names;
    let mut noted: Vec<usize> = lines
        .left
        .iter()
        .filter(|line| line.keyword.starts_with("VALUENOTE"))
        .filter_map(|line| match names.about(line) {
            About::Value(one, position) if one == at => Some(position),
            _ => None,
        })
        .collect();
    noted.sort_unstable();
    noted.dedup();
    let mut all = Object::new();
    for position in noted {
        let about = About::Value(at, position);
        let (notes, mandatory) = take(lines, ["VALUENOTE", "VALUENOTEX"], &about);
        let code = &names.variables[at].codes[position];
        dimension.category_notes.insert(code.clone(), notes);
        put(&mut all, code, mandatory);
    }
    put(&mut dimension.extension, "categoryNoteMandatory", all);
}

/// `DATANOTECELL`: a symbol beside a number. Where dots stand already, they remain.
pub(super) fn on_cells(lines: &mut Lines<'_>, values: &Values, statuses: &mut Statuses) {
    let sizes: Vec<usize> = lines.names.sizes().collect();
    // A few lines full of `*` could otherwise keep a reader busy for hours.
    let mut allowance = 4 * values.len() + 1_000_000;
    for line in lines.take("DATANOTECELL", |about| matches!(about, About::Cells(_))) {
        let About::Cells(positions) = lines.names.about(&line) else { continue };
        let free = positions.iter().zip(&sizes).filter(|(position, _)| position.is_none());
        let touched: usize = free.map(|(_, size)| *size).product();
        let Some(symbol) = line.single().filter(|_| touched <= allowance).map(str::to_owned) else {
            lines.left.push(line);
            continue;
        };
        allowance -= touched;
        for cell in cells(&positions, &sizes) {
            if statuses.at(cell).is_none() {
                statuses.set(cell, values.len(), &symbol);
            }
        }
    }
}

/// The cells at these positions, all of a variable where there is none.
fn cells(positions: &[Option<usize>], sizes: &[usize]) -> Vec<usize> {
    let mut cells = vec![0];
    for (position, size) in positions.iter().zip(sizes) {
        cells = match position {
            Some(position) => cells.iter().map(|cell| cell * size + position).collect(),
            None => {
                cells.iter().flat_map(|cell| (0..*size).map(move |at| cell * size + at)).collect()
            }
        };
    }
    cells
}

/// Notes about something in the order of the file, and which of them must be shown.
fn take(lines: &mut Lines<'_>, keywords: [&str; 2], about: &About) -> (Vec<String>, Object) {
    let names = lines.names;
    let is_note = |line: &mut Statement| {
        keywords.contains(&line.keyword.as_str())
            && line.single().is_some()
            && names.about(line) == *about
    };
    let taken: Vec<Statement> = lines.left.extract_if(.., is_note).collect();
    let mut notes = Vec::new();
    let mut mandatory = Object::new();
    for line in taken {
        for note in split(line.single().unwrap_or_default()) {
            if line.keyword.ends_with('X') {
                mandatory.insert(notes.len().to_string(), json!(true));
            }
            notes.push(note);
        }
    }
    (notes, mandatory)
}

fn put(object: &mut Object, member: &str, value: Object) {
    if !value.is_empty() {
        object.insert(member.to_owned(), Value::Object(value));
    }
}

/// `##` divides notes and `#` lines, save in an address, where it begins an anchor.
fn split(text: &str) -> Vec<String> {
    text.split("##").filter(|note| !note.trim().is_empty()).map(lines_of).collect()
}

fn lines_of(note: &str) -> String {
    let mut lines = String::with_capacity(note.len());
    let mut word = 0;
    for letter in note.chars() {
        if letter == '#' && !lines[word..].contains("://") {
            lines.push('\n');
            word = lines.len();
            continue;
        }
        lines.push(letter);
        if letter.is_whitespace() {
            word = lines.len();
        }
    }
    lines
}
