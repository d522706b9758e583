//! From a cube to lines, in the order of Statistics Norway's server.

use std::collections::HashSet;
use std::io::{self, Write};

use serde_json::Value;

use super::names::{About, Names, Variable};
use super::page::{Body, Page};
use super::statement::{is_language, is_line};
use super::symbols::Slots;
use super::{kept, time, vocabulary};
use crate::{Cube, Dimension, Object, Role};

/// How a PX file is written.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Language of the cube's texts, `no`, where the cube does not say.
    pub language: Option<String>,
    /// In which letters.
    pub code_page: CodePage,
    /// When the file is made, local time, `20260223 22:57`.
    pub created: Option<String>,
}

/// In which letters a PX file is written; the file says so itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CodePage {
    /// Latin-1 where all texts fit, as most servers do; else UTF-8.
    #[default]
    Fitting,
    /// UTF-8.
    Utf8,
}

/// Writes a cube as a PX file.
///
/// Quotation marks in texts become two apostrophes, and the second of two variables with one
/// name gets its code behind the name. An empty cell whose status is shown as nil (`-`) is
/// written as nil, which is read as the number 0.
///
/// # Errors
///
/// What `out` refuses; [`io::ErrorKind::InvalidInput`] when the cube has no dimensions or, as
/// metadata, no cells.
pub fn write(cube: &Cube, options: &Options, out: &mut impl Write) -> io::Result<()> {
    if cube.dimensions().is_empty() || (cube.values().is_empty() && cube.cells() > 0) {
        let problem = "a PX file needs at least one variable, and its numbers";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
    }
    let names = names(cube);
    let stub = stub(cube);
    let slots = Slots::of(cube);
    let mut page = Page::new(cube, &names);
    head(&mut page, cube, options);
    placement(&mut page, cube, stub);
    for (at, dimension) in cube.dimensions().iter().enumerate() {
        variable(&mut page, dimension, at);
        belongings(&mut page, dimension, at);
    }
    if let Some(at) = names.contents {
        contents(&mut page, &cube.dimensions()[at], at);
    }
    publisher(&mut page, cube);
    slots.declare(&mut page);
    slots.note(cube, &mut page);
    let languages = translations(cube);
    for (language, translation) in &languages {
        translate(&mut page, cube, (language, translation), stub);
    }
    page.write(options.code_page, out)?;
    numbers(cube, stub, &slots, out)
}

/// Names as the file has them: no two alike, no quotation marks.
fn names(cube: &Cube) -> Names {
    let mut taken = HashSet::new();
    let variables = cube
        .dimensions()
        .iter()
        .map(|dimension| {
            let name = distinct(clean(dimension.title()), &dimension.code, &mut taken);
            let texts = (0..dimension.len()).map(|at| clean(dimension.label_at(at))).collect();
            spelled(dimension, name, texts)
        })
        .collect();
    let contents = cube.dimensions().iter().position(|one| one.role == Some(Role::Metric));
    Names { variables, contents }
}

fn spelled(dimension: &Dimension, name: String, texts: Vec<String>) -> Variable {
    let codes = dimension.codes().iter().map(|code| clean(code)).collect();
    Variable::new(dimension.code.clone(), name, codes, texts)
}

fn distinct(name: String, code: &str, taken: &mut HashSet<String>) -> String {
    let name = if name.is_empty() { clean(code) } else { name };
    let mut name = name;
    while !taken.insert(name.clone()) {
        name = format!("{name} ({})", clean(code));
    }
    name
}

/// A quotation mark would end the text.
pub(super) fn clean(text: &str) -> String {
    text.replace('"', "''")
}

/// How many of the first dimensions are the rows.
fn stub(cube: &Cube) -> usize {
    let dimensions = cube.dimensions();
    let listed = |member: &str| -> Option<Vec<&str>> {
        let list = cube.extension.get("px")?.get(member)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).collect())
    };
    let by_default = if dimensions.len() > 1 { dimensions.len() - 1 } else { 1 };
    let (Some(stub), Some(heading)) = (listed("stub"), listed("heading")) else {
        return by_default;
    };
    let first = dimensions.iter().take_while(|one| stub.contains(&one.code.as_str())).count();
    let fits = dimensions[first..].iter().all(|one| heading.contains(&one.code.as_str()));
    if fits { first } else { by_default }
}

/// What says how to read the file, and what the table is called.
fn head(page: &mut Page<'_>, cube: &Cube, options: &Options) {
    let px = px(cube);
    let table = &About::Table;
    if let Some(created) = &options.created {
        page.replace("CREATION-DATE", created);
    }
    let language = px.and_then(|px| px.get("language")).and_then(Value::as_str);
    if let Some(language) = language.or(options.language.as_deref()) {
        page.text("LANGUAGE", table, language);
        let mut all = vec![language.to_owned()];
        all.extend(translations(cube).into_iter().map(|(other, _)| other.to_owned()));
        if all.len() > 1 {
            page.texts("LANGUAGES", table, all);
        }
    }
    let decimals = px.and_then(|px| px.get("decimals")).and_then(Value::as_u64).unwrap_or(0);
    page.word("DECIMALS", table, &decimals.to_string());
    page.word("SHOWDECIMALS", table, &decimals.to_string());
    for (keyword, member) in vocabulary::TEXTS {
        let text = px.and_then(|px| px.get(member)).and_then(Value::as_str);
        let is_mandatory =
            ["MATRIX", "SUBJECT-CODE", "SUBJECT-AREA", "CONTENTS"].contains(&keyword);
        match text {
            Some(text) => page.text(keyword, table, text),
            None if is_mandatory => page.text(keyword, table, ""),
            None => {}
        }
    }
    for (keyword, member) in vocabulary::SWITCHES {
        match px.and_then(|px| px.get(member)).and_then(Value::as_bool) {
            Some(true) if keyword != "AGGREGALLOWED" => page.word(keyword, table, "YES"),
            Some(false) => page.word(keyword, table, "NO"),
            _ => {}
        }
    }
    page.text("TITLE", table, cube.label.as_deref().unwrap_or_default());
    notes(page, ["NOTE", "NOTEX"], table, (&cube.notes, cube.extension.get("noteMandatory")));
}

fn placement(page: &mut Page<'_>, cube: &Cube, stub: usize) {
    let names = page.names();
    let all: Vec<String> = names.variables.iter().map(|one| one.name.clone()).collect();
    let contents = names.contents.map(|at| all[at].clone());
    let (rows, columns) = all.split_at(stub.min(cube.dimensions().len()));
    for (keyword, list) in [("STUB", rows), ("HEADING", columns)] {
        if !list.is_empty() {
            page.texts(keyword, &About::Table, list.to_vec());
        }
    }
    if let Some(contents) = contents {
        page.text("CONTVARIABLE", &About::Table, &contents);
    }
}

/// Names, values, codes and roles of a variable.
fn variable(page: &mut Page<'_>, dimension: &Dimension, at: usize) {
    let about = About::Variable(at);
    let own = page.names().variables[at].clone();
    if dimension.label.is_some() || own.name != own.code {
        page.text("VARIABLECODE", &about, &own.code);
    }
    page.texts("VALUES", &about, own.texts.clone());
    if (0..dimension.len()).any(|position| dimension.stated_label(position).is_some()) {
        page.texts("CODES", &about, own.codes.clone());
    }
    match dimension.role {
        Some(Role::Time) => {
            if let Some(scale) = time::scale(dimension.codes()) {
                let mut periods = vec![format!("TLIST({scale})")];
                periods.extend(own.codes.iter().map(|code| format!("\"{code}\"")));
                page.add("TIMEVAL", &about, Body::Items(periods));
            }
            page.text("VARIABLE-TYPE", &about, "T");
        }
        Some(Role::Geo) => page.text("VARIABLE-TYPE", &about, "G"),
        _ => {}
    }
    let extension = &dimension.extension;
    let total = extension.get("eliminationValueCode").and_then(Value::as_str);
    let total = total.and_then(|code| dimension.position(code));
    match (total, extension.get("elimination").and_then(Value::as_bool)) {
        (Some(position), _) => page.text("ELIMINATION", &about, own.key(position)),
        (None, Some(true)) => page.word("ELIMINATION", &about, "YES"),
        _ => {}
    }
    let show = extension.get("show").and_then(Value::as_str);
    let known = vocabulary::SHOW.iter().find(|(_, name)| show == Some(*name));
    if let Some((code, _)) = known.filter(|(_, name)| *name != "value") {
        page.word("PRESTEXT", &about, code);
    }
}

/// Notes, parts and references of a variable and its values.
fn belongings(page: &mut Page<'_>, dimension: &Dimension, at: usize) {
    let extension = &dimension.extension;
    let mandatory = extension.get("noteMandatory");
    notes(page, ["NOTE", "NOTEX"], &About::Variable(at), (&dimension.notes, mandatory));
    let mandatory = extension.get("categoryNoteMandatory");
    for (position, code) in dimension.codes().iter().enumerate() {
        if let Some(texts) = dimension.category_notes.get(code) {
            let mandatory = mandatory.and_then(|all| all.get(code));
            let about = About::Value(at, position);
            notes(page, ["VALUENOTE", "VALUENOTEX"], &about, (texts, mandatory));
        }
    }
    hierarchy(page, dimension, at);
    let described = dimension.link.get("describedby").and_then(Value::as_array);
    for object in described.into_iter().flatten() {
        for (code, urn) in object.get("extension").and_then(Value::as_object).into_iter().flatten()
        {
            let about = match dimension.position(code) {
                _ if *code == dimension.code => About::Variable(at),
                Some(position) => About::Value(at, position),
                None => continue,
            };
            page.text("META-ID", &about, &urn.as_str().unwrap_or_default().replace(' ', ","));
        }
    }
}

fn hierarchy(page: &mut Page<'_>, dimension: &Dimension, at: usize) {
    let own = &page.names().variables[at];
    let key = |code: &String| Some(format!("\"{}\"", own.key(dimension.position(code)?)));
    let is_part = |code: &String| dimension.children.values().any(|parts| parts.contains(code));
    let mut items: Vec<String> =
        dimension.children.keys().filter(|code| !is_part(code)).filter_map(key).collect();
    for (whole, parts) in &dimension.children {
        let pair = |part| Some(format!("{}:{}", key(whole)?, key(part)?));
        items.extend(parts.iter().filter_map(pair));
    }
    if !items.is_empty() {
        page.add("HIERARCHIES", &About::Variable(at), Body::Items(items));
    }
}

/// Units and the like of what is measured.
fn contents(page: &mut Page<'_>, dimension: &Dimension, at: usize) {
    let shown = page.decimals();
    let named = |member: &str, code: &str| -> Option<String> {
        dimension.extension.get(member)?.get(code)?.as_str().map(str::to_owned)
    };
    for (position, code) in dimension.codes().iter().enumerate() {
        let about = About::Contents(position);
        if let Some(unit) = dimension.units.get(code) {
            if let Some(decimals) = unit.decimals.filter(|own| u64::from(*own) != shown) {
                page.word("PRECISION", &About::Value(at, position), &decimals.to_string());
            }
            if let Some(base) = &unit.base {
                page.text("UNITS", &about, base);
            }
        }
        if let Some(measuring) = named("measuringType", code) {
            let known = vocabulary::MEASURING.iter().find(|(_, name)| measuring == *name);
            page.text("STOCKFA", &about, known.map_or("Other", |(short, _)| short));
        }
        let prices = named("priceType", code);
        let known = vocabulary::PRICES.iter().find(|(_, name)| prices.as_deref() == Some(*name));
        if let Some((short, _)) = known {
            page.text("CFPRICES", &about, short);
        }
        let adjusted = named("adjustment", code);
        let known =
            vocabulary::ADJUSTMENT.iter().find(|(_, _, name)| adjusted.as_deref() == Some(*name));
        if let Some((day, season, _)) = known {
            page.word("DAYADJ", &about, day);
            page.word("SEASADJ", &about, season);
        }
        for (keyword, member) in [("REFPERIOD", "refperiod"), ("BASEPERIOD", "basePeriod")] {
            if let Some(text) = named(member, code) {
                page.text(keyword, &about, &text);
            }
        }
    }
}

/// Who publishes, whom to ask, when it was changed, in what it is counted.
fn publisher(page: &mut Page<'_>, cube: &Cube) {
    if let Some(source) = &cube.source {
        page.text("SOURCE", &About::Table, source);
    }
    let metric = page.names().contents;
    let first = metric.and_then(|at| {
        let dimension = &cube.dimensions()[at];
        dimension.units.get(dimension.codes().first()?)?.base.clone()
    });
    let unit = px(cube).and_then(|px| px.get("units")).and_then(Value::as_str);
    page.text("UNITS", &About::Table, unit.or(first.as_deref()).unwrap_or_default());
    let contacts = cube.extension.get("contact").and_then(Value::as_array);
    let raw: Vec<&str> = contacts
        .into_iter()
        .flatten()
        .filter_map(|contact| contact.get("raw").and_then(Value::as_str))
        .collect();
    let updated = cube.updated.as_deref().and_then(time::to_local);
    let lines = [("CONTACT", Some(raw.join("##"))), ("LAST-UPDATED", updated)];
    for (keyword, text) in lines {
        let Some(text) = text.filter(|text| !text.is_empty() && !page.has(keyword)) else {
            continue;
        };
        match metric {
            None => page.text(keyword, &About::Table, &text),
            Some(at) => (0..cube.dimensions()[at].len())
                .for_each(|position| page.text(keyword, &About::Contents(position), &text)),
        }
    }
}

/// Notes in their order: `##` between them, a line of its own where the need to show changes.
fn notes(
    page: &mut Page<'_>,
    [plain, mandatory]: [&str; 2],
    about: &About,
    (notes, shown): (&[String], Option<&Value>),
) {
    let must = |position: usize| {
        shown.and_then(|all| all.get(position.to_string())).and_then(Value::as_bool) == Some(true)
    };
    let mut begin = 0;
    while begin < notes.len() {
        let same = (begin..notes.len()).take_while(|at| must(*at) == must(begin)).count();
        let keyword = if must(begin) { mandatory } else { plain };
        page.text(keyword, about, &notes[begin..begin + same].join("##"));
        begin += same;
    }
}

fn translations(cube: &Cube) -> Vec<(&str, &Object)> {
    let all = px(cube).and_then(|px| px.get("translations")).and_then(Value::as_object);
    let own = px(cube).and_then(|px| px.get("language")).and_then(Value::as_str);
    all.into_iter()
        .flatten()
        .filter(|(language, _)| is_language(language) && own != Some(language.as_str()))
        .filter_map(|(language, texts)| Some((language.as_str(), texts.as_object()?)))
        .collect()
}

/// The lines of another language.
fn translate(page: &mut Page<'_>, cube: &Cube, (language, texts): (&str, &Object), stub: usize) {
    let main = page.names();
    let text = |member: &str, code: &str| texts.get(member).and_then(|all| all.get(code));
    let mut taken = HashSet::new();
    let variables = cube
        .dimensions()
        .iter()
        .enumerate()
        .map(|(at, dimension)| {
            let name = text("variables", &dimension.code).and_then(Value::as_str);
            let name = clean(name.unwrap_or(&main.variables[at].name));
            let values = text("values", &dimension.code);
            let value = |(position, code): (usize, &String)| {
                let value = values.and_then(|all| all.get(code)).and_then(Value::as_str);
                clean(value.unwrap_or(&main.variables[at].texts[position]))
            };
            let values = dimension.codes().iter().enumerate().map(value).collect();
            let name = distinct(name, &dimension.code, &mut taken);
            spelled(dimension, name, values)
        })
        .collect();
    let names = Names { variables, contents: main.contents };
    let lines = texts.get("lines").and_then(Value::as_array);
    page.turn_to(language, &names);
    page.keep(lines.into_iter().flatten());
    placement(page, cube, stub);
    for (at, dimension) in cube.dimensions().iter().enumerate() {
        if dimension.label.is_some() {
            page.text("VARIABLECODE", &About::Variable(at), &clean(&dimension.code));
        }
        let values = names.variables[at].texts.clone();
        page.texts("VALUES", &About::Variable(at), values);
    }
}

fn numbers(cube: &Cube, stub: usize, slots: &Slots, out: &mut impl Write) -> io::Result<()> {
    let width: usize = cube.sizes()[stub..].iter().product();
    let mut block = Vec::with_capacity(1 << 17);
    block.extend_from_slice(b"DATA=\n");
    for cell in 0..cube.values().len() {
        slots.push(cube, cell, &mut block);
        block.push(b' ');
        if (cell + 1).is_multiple_of(width.max(1)) {
            block.push(b'\n');
        }
        if block.len() > 1 << 16 {
            out.write_all(&block)?;
            block.clear();
        }
    }
    block.extend_from_slice(b";\n");
    out.write_all(&block)
}

/// What PxWeb says of the table.
pub(super) fn px(cube: &Cube) -> Option<&Object> {
    cube.extension.get("px")?.as_object()
}

/// What kept lines of the main language there are.
pub(super) fn kept_lines(cube: &Cube) -> impl Iterator<Item = &Value> {
    let lines = px(cube).and_then(|px| px.get("lines")).and_then(Value::as_array);
    lines.into_iter().flatten()
}

/// Lines that only the cube itself may make.
const NOT_KEPT: [&str; 9] = [
    "DATA",
    "CODEPAGE",
    "STUB",
    "HEADING",
    "CONTVARIABLE",
    "VARIABLECODE",
    "VALUES",
    "CODES",
    "KEYS",
];

/// A kept line, and what it is about while that is there; nothing where it would spoil the file.
pub(super) fn kept_line(line: &Value, names: &Names) -> Option<(String, About, Body)> {
    let line = line.as_object()?;
    let keyword = line.get("keyword")?.as_str()?.to_owned();
    let body = match (line.get("text"), line.get("raw")) {
        (Some(text), _) => Body::Texts(vec![clean(text.as_str()?)]),
        (None, Some(raw)) => Body::Items(vec![raw.as_str()?.to_owned()]),
        (None, None) => return None,
    };
    let spelled = if let Body::Items(items) = &body { items[0].as_str() } else { "" };
    if NOT_KEPT.iter().any(|own| keyword.eq_ignore_ascii_case(own)) || !is_line(&keyword, spelled) {
        return None;
    }
    Some((keyword, kept::about(line, names)?, body))
}
