//! A difference between two cubes, laid out.

use cube::Difference;
use serde::Serialize;

use super::Session;
use crate::formats::{Cell, Column, Sheet};

/// What differs between two versions of an extract.
#[derive(Serialize)]
pub struct DifferenceReport {
    /// Name of the extract.
    pub extract: String,
    /// The older version.
    pub from: VersionReport,
    /// The newer version.
    pub to: VersionReport,
    /// Cells that both have.
    pub compared: usize,
    /// Everything that differs: texts, dimensions, codes, then cells.
    pub changes: Vec<Change>,
}

/// Which version.
#[derive(Serialize)]
pub struct VersionReport {
    /// First 12 digits of the checksum.
    pub version: String,
    /// The table's own time of change.
    pub updated: Option<String>,
    /// From when on the archive knew it.
    pub known_from: String,
}

/// One thing that differs.
#[derive(Serialize)]
pub struct Change {
    /// `cell`, `code_added`, …
    pub kind: &'static str,
    /// Codes of the cell, or the place of the text.
    pub place: String,
    /// Older number, code's label or text.
    pub old: Option<String>,
    /// Older symbol.
    pub old_status: Option<String>,
    /// Newer number, code's label or text.
    pub new: Option<String>,
    /// Newer symbol.
    pub new_status: Option<String>,
}

impl Change {
    fn plain(kind: &'static str, place: &str, old: Option<&str>, new: Option<&str>) -> Change {
        Change {
            kind,
            place: place.to_owned(),
            old: old.map(str::to_owned),
            old_status: None,
            new: new.map(str::to_owned),
            new_status: None,
        }
    }
}

/// Lists everything that differs.
pub fn list(difference: &Difference) -> Vec<Change> {
    let mut changes = Vec::new();
    for text in &difference.texts {
        changes.push(Change::plain("text", &text.place, text.old.as_deref(), text.new.as_deref()));
    }
    for code in &difference.dimensions_added {
        changes.push(Change::plain("dimension_added", code, None, Some(code)));
    }
    for code in &difference.dimensions_removed {
        changes.push(Change::plain("dimension_removed", code, Some(code), None));
    }
    for one in &difference.codes_added {
        let place = format!("{} {}", one.dimension, one.code);
        changes.push(Change::plain("code_added", &place, None, Some(&one.label)));
    }
    for one in &difference.codes_removed {
        let place = format!("{} {}", one.dimension, one.code);
        changes.push(Change::plain("code_removed", &place, Some(&one.label), None));
    }
    for cell in &difference.cells {
        changes.push(Change {
            kind: "cell",
            place: cell.codes.join(" "),
            old: cell.old.0.map(|number| number.to_string()),
            old_status: cell.old.1.clone(),
            new: cell.new.0.map(|number| number.to_string()),
            new_status: cell.new.1.clone(),
        });
    }
    changes
}

/// The changes as a table.
pub fn sheet(session: &Session<'_>, changes: &[Change]) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("kind", say("column.what")),
        Column::text("place", say("column.where")),
        Column::text("old", say("column.old")),
        Column::text("old_status", say("column.status")),
        Column::text("new", say("column.new")),
        Column::text("new_status", say("column.status")),
    ];
    let rows = changes.iter().map(|change| {
        vec![
            Cell::from(say(&format!("diff.kind.{}", change.kind))),
            change.place.clone().into(),
            change.old.clone().into(),
            change.old_status.clone().into(),
            change.new.clone().into(),
            change.new_status.clone().into(),
        ]
    });
    Sheet { name: say("diff.sheet"), columns, rows: rows.collect() }
}
