use super::codes::Codes;
use super::{Evaluated, EvaluatedVariable, Expression, Selection, VariableSelection};
use crate::{Fault, FaultKind, Table};

/// From how many items on an index of the codes is made.
const MANY: usize = 4;

/// A variable of a selection, found in the table.
struct Found<'a> {
    variable: usize,
    asked: &'a VariableSelection,
    codes: Codes<'a>,
}

/// What a variable's items came to.
struct Expanded<'a> {
    codes: Vec<String>,
    /// A code that was listed twice.
    twice: Option<&'a str>,
}

pub(super) fn evaluate(
    selection: &Selection,
    table: &Table,
    max_cells: u64,
) -> Result<Evaluated, Fault> {
    if selection.variables.is_empty() {
        let default = Selection::default_for(table);
        return match default.variables.is_empty() {
            true => Ok(Evaluated::default()),
            false => evaluate(&default, table, max_cells),
        };
    }
    let found = find(selection, table)?;
    check_mandatory(table, &found)?;
    let mut evaluated = Evaluated::default();
    let mut twice = None;
    for (position, one) in found.iter().enumerate() {
        let expanded = expand(table, one)?;
        let variable = &table.variables[one.variable];
        let is_repeated = found[..position].iter().any(|other| other.variable == one.variable);
        if twice.is_none() && (is_repeated || expanded.twice.is_some()) {
            let fault = Fault::new(FaultKind::DuplicateCode).of(&variable.code);
            twice = Some(match expanded.twice {
                Some(code) => fault.about(code),
                None => fault,
            });
        }
        if expanded.codes.is_empty() {
            evaluated.eliminated.push(one.variable);
            if !one.asked.items.is_empty() {
                evaluated.silently_eliminated.push(one.variable);
            }
            continue;
        }
        let code_list = one.asked.code_list.clone().filter(|id| !id.trim().is_empty());
        let codes = expanded.codes;
        let chosen = EvaluatedVariable { variable: one.variable, code_list, codes };
        evaluated.variables.push(chosen);
    }
    let cells = evaluated.cells();
    if cells > max_cells {
        return Err(Fault::too_many_cells(cells, max_cells));
    }
    // The server finds out only when it builds the answer.
    if let Some(fault) = twice {
        return Err(fault);
    }
    let unnamed =
        (0..table.variables.len()).filter(|at| found.iter().all(|one| one.variable != *at));
    evaluated.eliminated.extend(unnamed);
    evaluated.eliminated.sort_unstable();
    evaluated.silently_eliminated.sort_unstable();
    place(selection, table, &mut evaluated);
    Ok(evaluated)
}

fn find<'a>(selection: &'a Selection, table: &'a Table) -> Result<Vec<Found<'a>>, Fault> {
    let mut found = Vec::with_capacity(selection.variables.len());
    for asked in &selection.variables {
        let variable = table.position(&asked.variable).ok_or_else(|| {
            let known = table.variables.iter().map(|one| one.code.as_str());
            let near = cube::nearest(&asked.variable, known);
            Fault { near, ..Fault::new(FaultKind::NonExistentVariable).of(&asked.variable) }
        })?;
        let of = &table.variables[variable];
        let codes = Codes::of(table, of, asked.code_list.as_deref())?;
        found.push(Found { variable, asked, codes });
    }
    Ok(found)
}

fn check_mandatory(table: &Table, found: &[Found<'_>]) -> Result<(), Fault> {
    for (position, variable) in table.variables.iter().enumerate() {
        if !variable.elimination && found.iter().all(|one| one.variable != position) {
            return Err(Fault::new(FaultKind::MissingSelection).of(&variable.code));
        }
    }
    Ok(())
}

fn expand<'a>(table: &Table, found: &Found<'a>) -> Result<Expanded<'a>, Fault> {
    let variable = &table.variables[found.variable];
    let mut chosen = vec![false; found.codes.all.len()];
    let mut by_name = vec![false; found.codes.all.len()];
    let mut twice = None;
    let many = found.asked.items.len() > MANY;
    for item in &found.asked.items {
        let literal = match many {
            true => found.codes.position_of_many(item),
            false => found.codes.position(item),
        };
        if let Some(at) = literal {
            if by_name[at] {
                twice = twice.or(Some(found.codes.all[at]));
            }
            (chosen[at], by_name[at]) = (true, true);
            continue;
        }
        let refuse = |kind, code: &str| {
            let fault = Fault::new(kind).of(&variable.code).about(code);
            match kind {
                FaultKind::NonExistentValue => fault.near(found.codes.all.iter().copied()),
                _ => fault,
            }
        };
        let parsed = Expression::parse(item);
        let parsed = parsed.ok_or_else(|| refuse(FaultKind::NonExistentValue, item))?;
        let expression = parsed.map_err(|kind| refuse(kind, item))?;
        let picked = found.codes.pick(&expression);
        for at in picked.map_err(|code| refuse(FaultKind::NonExistentValue, code))? {
            chosen[at] = true;
        }
    }
    let codes = found.codes.all.iter().zip(&chosen).filter(|(_, chosen)| **chosen);
    let codes: Vec<String> = codes.map(|(code, _)| (*code).to_owned()).collect();
    match codes.is_empty() && !variable.elimination {
        true => Err(Fault::new(FaultKind::MissingSelection).of(&variable.code)),
        false => Ok(Expanded { codes, twice }),
    }
}

/// Puts the variables in the order of the placement, or in the table's.
fn place(selection: &Selection, table: &Table, evaluated: &mut Evaluated) {
    let selected: Vec<usize> = evaluated.variables.iter().map(|one| one.variable).collect();
    let placement = selection.placement.as_ref();
    let placed = placement.and_then(|placement| placement.resolve(table, &selected));
    match placed {
        None => evaluated.variables.sort_by_key(|one| one.variable),
        Some(placed) => {
            let in_order: Vec<usize> = placed.stub.iter().chain(&placed.heading).copied().collect();
            let rank = |one: &EvaluatedVariable| {
                in_order.iter().position(|variable| *variable == one.variable)
            };
            evaluated.variables.sort_by_key(rank);
            evaluated.placed = Some(placed.named(table));
        }
    }
}
