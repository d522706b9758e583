use std::io;

use serde_json::{Value, json};

use super::{dimension, members::join};
use crate::{Cube, Object, Role, Statuses, Values};

/// Bytes that are gathered before they are handed on.
const PIECE: usize = 64 * 1024;

/// Writes a JSON-stat 2.0 dataset, its members in PxWeb's order: the texts and dimensions at
/// once, then the cells in pieces.
///
/// A cube without values is written as metadata, with `value` an empty array.
///
/// # Errors
///
/// Those of `out`.
pub fn write(cube: &Cube, out: &mut impl io::Write) -> io::Result<()> {
    let mut text = head(cube);
    text.extend_from_slice(b",\"value\":[");
    out.write_all(&text)?;
    text.clear();
    text.reserve(PIECE + 64);
    values(cube.values(), &mut text, out)?;
    text.push(b']');
    statuses(cube.statuses(), &mut text, out)?;
    text.push(b'}');
    out.write_all(&text)
}

/// [`write`] into memory.
pub fn to_vec(cube: &Cube) -> Vec<u8> {
    let mut document = Vec::with_capacity(4096 + cube.values().len() * 6);
    write(cube, &mut document).expect("memory takes every byte");
    document
}

/// The dataset without its cells.
pub(crate) fn metadata(cube: &Cube) -> String {
    let mut text = head(cube);
    text.extend_from_slice(b",\"value\":[]}");
    String::from_utf8(text).expect("serde_json writes UTF-8")
}

/// The document up to its cells, without the closing brace.
fn head(cube: &Cube) -> Vec<u8> {
    let mut members = Object::new();
    let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    put("version", json!("2.0"));
    put("class", json!("dataset"));
    let texts = [("href", &cube.href), ("label", &cube.label), ("source", &cube.source)];
    for (name, text) in texts.into_iter().chain([("updated", &cube.updated)]) {
        if let Some(text) = text {
            put(name, json!(text));
        }
    }
    if !cube.link.is_empty() {
        put("link", Value::Object(cube.link.clone()));
    }
    if !cube.notes.is_empty() {
        put("note", json!(cube.notes));
    }
    let roles = roles(cube);
    if !roles.is_empty() {
        put("role", Value::Object(roles));
    }
    put("id", cube.dimensions().iter().map(|one| one.code.as_str()).collect());
    put("size", cube.dimensions().iter().map(|one| one.len()).collect());
    let dimensions = cube.dimensions().iter().map(|one| (one.code.clone(), dimension::write(one)));
    put("dimension", Value::Object(dimensions.collect()));
    if !cube.extension.is_empty() {
        put("extension", Value::Object(cube.extension.clone()));
    }
    let is_cells = |name: &str| name == "value" || name == "status";
    for (name, left) in cube.other.iter().filter(|(name, _)| !is_cells(name)) {
        join(&mut members, name, left);
    }
    let mut text = serde_json::to_vec(&members).expect("a tree of JSON is JSON");
    text.pop();
    text
}

fn roles(cube: &Cube) -> Object {
    let named = [
        ("time", Role::Time),
        ("geo", Role::Geo),
        ("metric", Role::Metric),
        ("classification", Role::Classification),
    ];
    let listed = named.into_iter().map(|(name, role)| {
        let with_role = cube.dimensions().iter().filter(|one| one.role == Some(role));
        (name.to_owned(), with_role.map(|one| one.code.as_str()).collect::<Vec<_>>())
    });
    listed
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(name, codes)| (name, json!(codes)))
        .collect()
}

fn values(values: &Values, text: &mut Vec<u8>, out: &mut impl io::Write) -> io::Result<()> {
    let has_exact = values.has_exact();
    for (cell, number) in values.iter().enumerate() {
        if cell > 0 {
            text.push(b',');
        }
        match number {
            None => text.extend_from_slice(b"null"),
            Some(number) => match has_exact.then(|| values.exact(cell)).flatten() {
                Some(written) => text.extend_from_slice(written.as_bytes()),
                None => push_number(text, number),
            },
        }
        if text.len() >= PIECE {
            out.write_all(text)?;
            text.clear();
        }
    }
    Ok(())
}

/// The shortest text that is this number again; whole numbers without decimals.
fn push_number(text: &mut Vec<u8>, number: f64) {
    let whole = number as i64;
    let is_written = if whole as f64 == number && whole.unsigned_abs() < 1 << 53 && whole != 0 {
        serde_json::to_writer(text, &whole)
    } else if number == 0.0 {
        // A zero may have a sign, and then it is not whole.
        text.extend_from_slice(if number.is_sign_negative() { b"-0.0" } else { b"0" });
        Ok(())
    } else if number.fract() == 0.0 && number.abs() < super::WRITTEN_OUT as f64 {
        serde_json::to_writer(text, &(number as i128))
    } else {
        serde_json::to_writer(text, &number)
    };
    is_written.expect("memory takes every byte");
}

fn statuses(statuses: &Statuses, text: &mut Vec<u8>, out: &mut impl io::Write) -> io::Result<()> {
    let symbols: Vec<Vec<u8>> = statuses
        .symbols()
        .iter()
        .map(|symbol| serde_json::to_vec(symbol).expect("a text is JSON"))
        .collect();
    let mut lead: &[u8] = b",\"status\":{\"";
    for (cell, key) in statuses.keys().iter().enumerate() {
        let Some(symbol) = usize::from(*key).checked_sub(1).and_then(|at| symbols.get(at)) else {
            continue;
        };
        text.extend_from_slice(lead);
        lead = b",\"";
        serde_json::to_writer(&mut *text, &cell).expect("memory takes every byte");
        text.extend_from_slice(b"\":");
        text.extend_from_slice(symbol);
        if text.len() >= PIECE {
            out.write_all(text)?;
            text.clear();
        }
    }
    if lead == b",\"" {
        text.push(b'}');
    }
    Ok(())
}
