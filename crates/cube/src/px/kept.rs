//! Lines that no member of JSON-stat means, and the texts of other languages: kept in codes,
//! so that they still fit when the cube has been cut.

use serde_json::{Value, json};

use super::names::{About, Names};
use super::page::rank;
use super::statement::{Statement, Token};
use super::write::clean;
use crate::Object;

/// Lines that are made anew from the cube in each language.
const MADE_ANEW: [&str; 8] =
    ["STUB", "HEADING", "CONTVARIABLE", "VARIABLECODE", "VALUES", "CODES", "TIMEVAL", "KEYS"];

/// Kept lines as members of `extension.px.lines`.
pub(super) fn lines(statements: &[Statement], names: &Names) -> Vec<Value> {
    lines_but(statements, names, &[])
}

/// In the order in which they are written, so that a file that is written anew gives them alike.
fn lines_but(statements: &[Statement], names: &Names, dropped: &[&str]) -> Vec<Value> {
    let mut kept: Vec<&Statement> =
        statements.iter().filter(|one| !dropped.contains(&one.keyword.as_str())).collect();
    kept.sort_by_cached_key(|one| rank(&one.keyword, &names.about(one)));
    kept.into_iter().map(|statement| line(statement, names)).collect()
}

/// Texts of another language: names of variables, of values, and its other lines.
pub(super) fn translation(statements: &[Statement], names: &Names) -> Value {
    let mut variables = Object::new();
    let mut values = Object::new();
    for variable in &names.variables {
        variables.insert(variable.code.clone(), json!(variable.name));
        let texts: Object = variable
            .codes
            .iter()
            .zip(&variable.texts)
            .map(|(code, text)| (code.clone(), json!(text)))
            .collect();
        values.insert(variable.code.clone(), Value::Object(texts));
    }
    let others = lines_but(statements, names, &MADE_ANEW);
    json!({ "variables": variables, "values": values, "lines": others })
}

fn line(statement: &Statement, names: &Names) -> Value {
    let mut line = Object::new();
    line.insert("keyword".to_owned(), json!(statement.keyword));
    let code = |at: usize| &names.variables[at].code;
    let category = |at: usize, position: usize| &names.variables[at].codes[position];
    let mut put = |member: &str, value: Value| line.insert(member.to_owned(), value);
    match names.about(statement) {
        About::Table => {}
        About::Variable(at) => {
            put("dimension", json!(code(at)));
        }
        About::Value(at, position) => {
            put("dimension", json!(code(at)));
            put("category", json!(category(at, position)));
        }
        About::Contents(position) => {
            // Only a file with such a variable has lines about its values.
            let at = names.contents.unwrap_or_default();
            put("contents", json!(category(at, position)));
        }
        About::Cells(positions) => {
            let cells: Object = positions
                .iter()
                .enumerate()
                .filter_map(|(at, position)| Some((at, (*position)?)))
                .map(|(at, position)| (code(at).clone(), json!(category(at, position))))
                .collect();
            put("cells", Value::Object(cells));
        }
        About::Other(keys) => {
            put("keys", json!(keys));
        }
    }
    match statement.tokens.as_slice() {
        [Token::Text(text)] => put("text", json!(text)),
        tokens => put("raw", json!(raw(tokens))),
    };
    Value::Object(line)
}

/// Values as a file spells them.
fn raw(tokens: &[Token]) -> String {
    let mut raw = String::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Text(text) => {
                raw.push('"');
                raw.push_str(text);
                raw.push('"');
            }
            Token::Word(word) => {
                if at > 0 && matches!(tokens[at - 1], Token::Word(_)) {
                    raw.push(' ');
                }
                raw.push_str(word);
            }
            Token::Mark(mark) => raw.push(*mark),
        }
    }
    raw
}

/// What a kept line of a cube is about, if that is still there.
pub(super) fn about(line: &Object, names: &Names) -> Option<About> {
    let text = |member: &str| line.get(member).and_then(Value::as_str);
    let variable = |code: &str| names.variables.iter().position(|one| one.code == code);
    let category =
        |at: usize, code: &str| names.variables[at].codes.iter().position(|one| one == code);
    if let Some(keys) = line.get("keys").and_then(Value::as_array) {
        let keys = keys.iter().filter_map(Value::as_str).map(clean).collect();
        return Some(About::Other(keys));
    }
    if let Some(cells) = line.get("cells").and_then(Value::as_object) {
        let mut positions = vec![None; names.variables.len()];
        for (code, value) in cells {
            let at = variable(code)?;
            positions[at] = Some(category(at, value.as_str()?)?);
        }
        return Some(About::Cells(positions));
    }
    if let Some(code) = text("contents") {
        return category(names.contents?, code).map(About::Contents);
    }
    match (text("dimension"), text("category")) {
        (None, _) => Some(About::Table),
        (Some(code), None) => variable(code).map(About::Variable),
        (Some(code), Some(value)) => {
            let at = variable(code)?;
            category(at, value).map(|position| About::Value(at, position))
        }
    }
}
