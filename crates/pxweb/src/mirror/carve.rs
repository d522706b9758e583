//! The answer's cube, cut out of the shelf's.
//!
//! A variable that is left out becomes its designated total, or the sum of all
//! its values where there is none; code lists add up. Both are done also where
//! the publisher forbids adding, because the server does so: the answer says
//! `aggregallowed` and the reader decides.

use std::collections::BTreeSet;
use std::sync::Arc;

use cube::{Cube, CubeError, Dimension, Group, Object, Role};
use serde_json::Value;

use super::Shelved;
use crate::selection::{Evaluated, EvaluatedVariable};
use crate::{CodeListKind, Table};

/// A cube to be written: the shelf's own where everything was asked for.
#[derive(Debug, Clone)]
pub(super) enum Cut {
    Whole(Arc<Shelved>),
    Own(Box<Cube>),
}

impl Cut {
    pub(super) fn cube(&self) -> &Cube {
        match self {
            Cut::Whole(shelved) => &shelved.cube,
            Cut::Own(cube) => cube,
        }
    }
}

/// What becomes of one dimension.
enum Fate {
    Whole,
    Pick(Vec<usize>),
    /// Positions in the dimension that take part, and groups of positions among those.
    Group(Vec<usize>, Vec<Group>),
    Total(usize),
    Sum,
}

/// Carries out a selection; `table` knows the values of its code lists.
pub(super) fn carve(
    shelved: &Arc<Shelved>,
    table: &Table,
    evaluated: &Evaluated,
) -> Result<Cut, CubeError> {
    let whole = &shelved.cube;
    let fates = fates(whole, table, evaluated)?;
    let in_order = evaluated.variables.iter().map(|one| one.variable);
    let is_everything = fates.iter().all(|fate| matches!(fate, Fate::Whole))
        && in_order.eq(0..whole.dimensions().len())
        && evaluated.placed.is_none();
    if is_everything
        && whole.dimensions().iter().all(is_plain)
        && !whole.link.contains_key("related")
    {
        return Ok(Cut::Whole(shelved.clone()));
    }
    let mut cube = reduce(whole, &fates, evaluated)?;
    cube.link.remove("related");
    let codes: Vec<String> = cube.dimensions().iter().map(|one| one.code.clone()).collect();
    for (dimension, code) in cube.dimensions_mut().zip(&codes) {
        if let Some(original) = whole.dimension(code) {
            tidy(dimension, original);
        }
    }
    Ok(Cut::Own(Box::new(cube)))
}

/// The categories of a dimension seen through a code list.
///
/// # Errors
///
/// A code that the list does not have.
pub(super) fn groups(
    dimension: &Dimension,
    list: &crate::CodeList,
    codes: &[String],
) -> Result<Vec<Group>, CubeError> {
    codes
        .iter()
        .map(|code| {
            let value = list.values.iter().find(|value| value.code == *code);
            let value = value.ok_or_else(|| CubeError::UnknownCode {
                dimension: dimension.code.clone(),
                code: code.clone(),
                near: Vec::new(),
            })?;
            // A list covers the years of many tables; the parts that this one lacks add nothing.
            let parts = value.value_map.iter().filter_map(|part| dimension.position(part));
            let label = Some(value.label.clone());
            Ok(Group { code: code.clone(), label, parts: parts.collect() })
        })
        .collect()
}

fn fates(whole: &Cube, table: &Table, evaluated: &Evaluated) -> Result<Vec<Fate>, CubeError> {
    let mut fates = Vec::with_capacity(whole.dimensions().len());
    for (at, dimension) in whole.dimensions().iter().enumerate() {
        let chosen = evaluated.variables.iter().find(|one| one.variable == at);
        fates.push(match chosen.filter(|chosen| !chosen.codes.is_empty()) {
            Some(chosen) => fate(dimension, table, chosen)?,
            None => {
                let total = table.variables[at].elimination_code.as_deref();
                match total.and_then(|code| dimension.position(code)) {
                    Some(total) => Fate::Total(total),
                    None => Fate::Sum,
                }
            }
        });
    }
    Ok(fates)
}

fn fate(
    dimension: &Dimension,
    table: &Table,
    chosen: &EvaluatedVariable,
) -> Result<Fate, CubeError> {
    if chosen.codes.as_slice() == dimension.codes() {
        return Ok(Fate::Whole);
    }
    let list = chosen.code_list.as_ref().and_then(|id| table.code_lists.get(id));
    let adds_up = |list: &&crate::CodeList| {
        list.kind == CodeListKind::Aggregation
            || chosen.codes.iter().any(|code| dimension.position(code).is_none())
    };
    let Some(list) = list.filter(adds_up) else {
        let found: Result<_, _> = chosen.codes.iter().map(|code| dimension.find(code)).collect();
        return Ok(Fate::Pick(found?));
    };
    let mut groups = groups(dimension, list, &chosen.codes)?;
    let used: BTreeSet<usize> = groups.iter().flat_map(|group| group.parts.clone()).collect();
    let used: Vec<usize> = used.into_iter().collect();
    for part in groups.iter_mut().flat_map(|group| &mut group.parts) {
        // Each part is in `used`, which was made of them.
        *part = used.binary_search(part).unwrap_or_default();
    }
    Ok(Fate::Group(used, groups))
}

/// Picks first, so that only what is needed is added up; then adds, from the last dimension on.
fn reduce(whole: &Cube, fates: &[Fate], evaluated: &Evaluated) -> Result<Cube, CubeError> {
    let picks: Vec<(usize, Vec<usize>)> = fates
        .iter()
        .enumerate()
        .filter_map(|(at, fate)| match fate {
            Fate::Pick(positions) | Fate::Group(positions, _) => Some((at, positions.clone())),
            Fate::Total(position) => Some((at, vec![*position])),
            Fate::Whole | Fate::Sum => None,
        })
        .collect();
    let mut cube = match picks.is_empty() {
        true => whole.clone(),
        false => whole.slice(&picks)?,
    };
    let mut left: Vec<usize> = (0..fates.len()).collect();
    for (at, fate) in fates.iter().enumerate().rev() {
        match fate {
            Fate::Whole | Fate::Pick(_) => {}
            Fate::Group(_, groups) => cube = cube.aggregate_anyway(at, groups)?.cube,
            Fate::Total(_) => cube = cube.drop_single(at)?,
            Fate::Sum => cube = cube.sum_away_anyway(at)?.cube,
        }
        if matches!(fate, Fate::Total(_) | Fate::Sum) {
            left.remove(at);
        }
    }
    let placed = evaluated.variables.iter();
    let order: Vec<usize> =
        placed.filter_map(|one| left.iter().position(|at| *at == one.variable)).collect();
    match order.iter().copied().eq(0..order.len()) {
        true => Ok(cube),
        false => cube.transpose(&order),
    }
}

/// The dimension that stands first where what is measured was left out.
pub(super) fn with_eliminated_contents(cube: &Cube) -> Result<Cube, CubeError> {
    let code = "EliminatedValue".to_owned();
    let mut contents = Dimension::new("ContentsCode", vec![code.clone()], vec![Some(code)])?;
    contents.role = Some(Role::Metric);
    let mut dimensions = vec![contents];
    dimensions.extend(cube.dimensions().iter().cloned());
    cube.with_cells(dimensions, cube.values().clone(), cube.statuses().clone())
}

/// Whether a dimension has nothing that only metadata says.
fn is_plain(dimension: &Dimension) -> bool {
    !["codelists", "codeLists"].iter().any(|name| dimension.extension.contains_key(*name))
        && !dimension.link.contains_key("related")
}

/// Takes away what only metadata says, and what belongs to codes that are gone.
fn tidy(dimension: &mut Dimension, original: &Dimension) {
    dimension.extension.remove("codelists");
    dimension.extension.remove("codeLists");
    dimension.link.remove("related");
    if dimension.len() == original.len() {
        return;
    }
    let mut extension = std::mem::take(&mut dimension.extension);
    let mut link = std::mem::take(&mut dimension.link);
    let has = |code: &str| code == dimension.code || dimension.position(code).is_some();
    let prune = |members: &mut Object| {
        let of_codes = |code: &String| *code == original.code || original.position(code).is_some();
        if members.keys().all(of_codes) {
            members.retain(|code, _| has(code));
        }
    };
    for member in extension.values_mut().filter_map(Value::as_object_mut) {
        prune(member);
    }
    extension.retain(|_, member| member.as_object().is_none_or(|members| !members.is_empty()));
    let described = link.get_mut("describedby").and_then(Value::as_array_mut);
    for entry in described.into_iter().flatten() {
        if let Some(members) = entry.get_mut("extension").and_then(Value::as_object_mut) {
            prune(members);
        }
    }
    dimension.extension = extension;
    dimension.link = link;
}
