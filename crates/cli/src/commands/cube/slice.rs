use std::collections::BTreeMap;

use cube::{Coverage, Cube, CubeError};
use pxweb::selection::{Selection, VariableSelection};
use pxweb::{Fault, FaultKind, Table};

use crate::args::Select;
use crate::commands::Session;
use crate::failure::Failure;

/// Cuts a cube by a selection in PxWeb's grammar.
///
/// What is not named stays whole, so here nothing may be left out: an expression
/// that matches nothing is a mistake, never a dimension less.
pub fn cut(
    session: &Session<'_>,
    cube: Cube,
    select: &[Select],
    eliminate: &[String],
) -> Result<Cube, Failure> {
    let mut cube = match select.is_empty() {
        true => cube,
        false => selected(session, &cube, select)?,
    };
    for dimension in eliminate {
        cube = without(session, &cube, dimension)
            .map_err(|error| session.cube_fault(&session.say("cube.file", &[]), &error))?;
    }
    Ok(cube)
}

/// Takes a dimension away: its designated total, else the sum, and says what the sum lacks.
fn without(session: &Session<'_>, cube: &Cube, dimension: &str) -> Result<Cube, CubeError> {
    let at = cube.find_dimension(dimension)?;
    let total = cube.dimensions()[at].extension.get("eliminationValueCode");
    if let Some(code) = total.and_then(|code| code.as_str()) {
        return cube.take_total(at, code);
    }
    let summed = cube.sum_away(at)?;
    if !summed.coverage.is_empty() {
        session.note(&[lacking(session, dimension, &summed.coverage)]);
    }
    Ok(summed.cube)
}

fn lacking(session: &Session<'_>, dimension: &str, sums: &BTreeMap<usize, Coverage>) -> String {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (symbol, parts) in sums.values().flat_map(|coverage| &coverage.reasons) {
        *reasons.entry(symbol).or_default() += parts;
    }
    let reasons: Vec<String> = reasons
        .iter()
        .map(|(symbol, parts)| {
            let symbol = (!symbol.is_empty()).then_some(*symbol);
            format!("{parts} {}", super::symbol_meaning(session, symbol))
        })
        .collect();
    let places = [
        ("dimension", dimension),
        ("sums", &sums.len().to_string()),
        ("reasons", &reasons.join(", ")),
    ];
    session.say("cube.sums_lack", &places)
}

fn selected(session: &Session<'_>, cube: &Cube, select: &[Select]) -> Result<Cube, Failure> {
    let name = session.say("cube.file", &[]);
    let fault = |error: &CubeError| session.cube_fault(&name, error);
    let mut table = Table::from_metadata("", &cube.without_values()).map_err(|e| fault(&e))?;
    for variable in &mut table.variables {
        variable.elimination = false;
    }
    let evaluated = selection(&table, select)
        .evaluate(&table, u64::MAX)
        .map_err(|error| refusal(session, select, &error))?;
    let mut positions = Vec::new();
    for chosen in &evaluated.variables {
        let code = &table.variables[chosen.variable].code;
        let at = cube.find_dimension(code).map_err(|error| fault(&error))?;
        let dimension = &cube.dimensions()[at];
        let found: Result<Vec<usize>, _> =
            chosen.codes.iter().map(|code| dimension.find(code)).collect();
        positions.push((at, found.map_err(|error| fault(&error))?));
    }
    cube.slice(&positions).map_err(|error| fault(&error))
}

/// Here nothing may be left out, so a selection that is missing is one that matched nothing.
fn refusal(session: &Session<'_>, select: &[Select], error: &Fault) -> Failure {
    let name = session.say("cube.file", &[]);
    let is_it = |one: &&Select| {
        error.variable.as_ref().is_some_and(|code| code.eq_ignore_ascii_case(&one.dimension))
    };
    match select.iter().find(is_it) {
        Some(one) if error.kind == FaultKind::MissingSelection => {
            let asked = one.items.join(",");
            let places = [("what", name.as_str()), ("code", &asked), ("variable", &one.dimension)];
            Failure::usage(session.say("fault.pxweb.matches_nothing", &places))
        }
        _ => session.px_fault(&name, error),
    }
}

/// What was typed, and everything of the dimensions that were not named.
fn selection(table: &Table, select: &[Select]) -> Selection {
    let mut variables: Vec<VariableSelection> = select
        .iter()
        .map(|one| VariableSelection {
            variable: one.dimension.clone(),
            items: one.items.clone(),
            ..VariableSelection::default()
        })
        .collect();
    let is_named = |code: &str, is_time: bool| {
        let mut named = select.iter().map(|one| one.dimension.as_str());
        named.any(|name| {
            name.to_lowercase() == code.to_lowercase()
                || (is_time && name.eq_ignore_ascii_case("time"))
        })
    };
    for variable in table.variables.iter().filter(|one| !is_named(&one.code, one.is_time)) {
        variables.push(VariableSelection {
            variable: variable.code.clone(),
            items: vec!["*".to_owned()],
            ..VariableSelection::default()
        });
    }
    Selection { variables, placement: None }
}
