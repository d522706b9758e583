use std::collections::HashSet;

use super::{Filter, Query, QueryVariable};
use crate::selection::{Evaluated, EvaluatedVariable};
use crate::{CodeList, Fault, FaultKind, Table, Variable};

impl Query {
    /// Evaluates as the old interface does: a variable that is not named is left out where it
    /// may be, and selected whole where it may not.
    ///
    /// # Errors
    ///
    /// The fault that the server would answer with; what it says of it is [`Fault::v0_body`].
    pub fn evaluate(&self, table: &Table, max_cells: u64) -> Result<Evaluated, Fault> {
        let mut chosen: Vec<Option<EvaluatedVariable>> = vec![None; table.variables.len()];
        let mut is_named = vec![false; table.variables.len()];
        for asked in &self.query {
            let at = table.variables.iter().position(|one| one.code == asked.code);
            let at = at.ok_or_else(|| {
                let known = table.variables.iter().map(|one| one.code.as_str());
                let fault = Fault::new(FaultKind::NonExistentVariable).about(&asked.code);
                fault.near(known).of(&asked.code)
            })?;
            let variable = &table.variables[at];
            if std::mem::replace(&mut is_named[at], true) {
                let fault = Fault::new(FaultKind::Validation).of(&asked.code);
                return Err(fault.about("named twice"));
            }
            let (code_list, codes) = choose(table, variable, asked)?;
            match (codes.is_empty(), variable.elimination) {
                (false, _) => {
                    chosen[at] = Some(EvaluatedVariable { variable: at, code_list, codes });
                }
                (true, true) => {}
                (true, false) => {
                    return Err(Fault::new(FaultKind::MissingSelection).of(&asked.code));
                }
            }
        }
        let mut evaluated = Evaluated::default();
        for (at, variable) in table.variables.iter().enumerate() {
            match chosen[at].take() {
                Some(one) => evaluated.variables.push(one),
                None if is_named[at] || variable.elimination => evaluated.eliminated.push(at),
                None => {
                    let codes = variable.codes.clone();
                    let whole = EvaluatedVariable { variable: at, code_list: None, codes };
                    evaluated.variables.push(whole);
                }
            }
        }
        let cells = evaluated.cells();
        match cells > max_cells {
            true => Err(Fault::too_many_cells(cells, max_cells)),
            false => Ok(evaluated),
        }
    }
}

/// The code list (as version 2 names it) and the codes that a part of a query selects.
pub(super) fn choose(
    table: &Table,
    variable: &Variable,
    asked: &QueryVariable,
) -> Result<(Option<String>, Vec<String>), Fault> {
    let values = &asked.selection.values;
    match asked.filter()? {
        Filter::Item => Ok((None, items(variable, &variable.codes, values)?)),
        Filter::All => Ok((None, masked(variable, values)?)),
        Filter::Top => Ok((None, top(variable, values)?)),
        Filter::AggregationSingle(id) => {
            code_list(table, variable, "agg_", id)?;
            Ok((None, items(variable, &variable.codes, values)?))
        }
        Filter::Aggregation(id) => through(table, variable, ("agg_", id), values),
        Filter::ValueSet(id) => through(table, variable, ("vs_", id), values),
        // Sums and their parts in one dimension: no cube of ours has that.
        Filter::AggregationAll(id) => {
            Err(Fault::new(FaultKind::NonExistentCodeList).of(&variable.code).about(id))
        }
    }
}

fn through(
    table: &Table,
    variable: &Variable,
    (prefix, id): (&str, &str),
    values: &[String],
) -> Result<(Option<String>, Vec<String>), Fault> {
    let list = code_list(table, variable, prefix, id)?;
    let codes: Vec<String> = list.values.iter().map(|value| value.code.clone()).collect();
    Ok((Some(list.id.clone()), items(variable, &codes, values)?))
}

fn code_list<'a>(
    table: &'a Table,
    variable: &Variable,
    prefix: &str,
    id: &str,
) -> Result<&'a CodeList, Fault> {
    let full = format!("{prefix}{id}");
    let fault = |kind| Fault::new(kind).of(&variable.code).about(&full);
    if !variable.code_lists.contains(&full) {
        let offered = variable.code_lists.iter().map(String::as_str);
        return Err(fault(FaultKind::NonExistentCodeList).near(offered));
    }
    table.code_lists.get(&full).ok_or_else(|| fault(FaultKind::UnreadCodeList))
}

/// Exact codes, each once; given in the table's order.
fn items(variable: &Variable, codes: &[String], values: &[String]) -> Result<Vec<String>, Fault> {
    if codes.is_empty() {
        // Too many to be told: only the server knows them.
        return Ok(values.to_vec());
    }
    let known: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let mut wanted = HashSet::new();
    for value in values {
        let fault = |kind| Fault::new(kind).of(&variable.code).about(value);
        if !known.contains(value.as_str()) {
            let fault = fault(FaultKind::NonExistentValue);
            return Err(fault.near(codes.iter().map(String::as_str)));
        }
        if !wanted.insert(value.as_str()) {
            return Err(fault(FaultKind::DuplicateCode));
        }
    }
    Ok(codes.iter().filter(|code| wanted.contains(code.as_str())).cloned().collect())
}

/// Codes that one of the masks fits; each mask must begin or end with `*`.
fn masked(variable: &Variable, masks: &[String]) -> Result<Vec<String>, Fault> {
    let has_star = |mask: &&String| mask.starts_with('*') || mask.ends_with('*');
    if let Some(mask) = masks.iter().find(|mask| !has_star(mask)) {
        let fault = Fault::new(FaultKind::IllegalExpression);
        return Err(fault.of(&variable.code).about(mask));
    }
    let is_chosen = |code: &&String| masks.iter().any(|mask| fits(mask, code));
    Ok(variable.codes.iter().filter(is_chosen).cloned().collect())
}

/// A mask that begins with `*` asks for an end; a second `*` is a letter like any other.
fn fits(mask: &str, code: &str) -> bool {
    match (mask, mask.strip_prefix('*'), mask.strip_suffix('*')) {
        ("*", ..) => true,
        (_, Some(end), _) => code.ends_with(end),
        (_, None, Some(start)) => code.starts_with(start),
        (_, None, None) => false,
    }
}

fn top(variable: &Variable, values: &[String]) -> Result<Vec<String>, Fault> {
    let count = match values {
        [count] => count.trim().parse::<usize>().ok().filter(|count| *count > 0),
        _ => None,
    };
    let count = count.ok_or_else(|| {
        let said = values.join(",");
        Fault::new(FaultKind::IllegalExpression).of(&variable.code).about(&said)
    })?;
    let codes = &variable.codes;
    let count = count.min(codes.len());
    Ok(match variable.is_time {
        true => codes[codes.len() - count..].to_vec(),
        false => codes[..count].to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::query::tests::{said, sample};
    use super::*;

    fn evaluate(query: &str) -> String {
        match Query::read(query.as_bytes()).and_then(|query| query.evaluate(&sample(), 20)) {
            Ok(evaluated) => said(&evaluated),
            Err(fault) => format!("{} {}", fault.v0_status(), fault.v0_body().unwrap_or_default()),
        }
    }

    #[test]
    fn what_is_not_named_is_left_out_or_taken_whole() {
        assert_eq!(
            evaluate(r#"{"query":[],"response":{"format":"px"}}"#),
            "ContentsCode=a,b Tid=2023,2024,2025"
        );
        assert_eq!(evaluate("{}"), "ContentsCode=a,b Tid=2023,2024,2025");
    }

    fn region(filter: &str, values: &str) -> String {
        evaluate(&format!(
            r#"{{"query":[{{"code":"Region","selection":{{"filter":"{filter}","values":{values}}}}},
                {{"code":"Tid","selection":{{"filter":"Top","values":[1]}}}},
                {{"code":"ContentsCode","selection":{{"filter":"item","values":["b"]}}}}]}}"#
        ))
    }

    #[test]
    fn filters_select_as_the_old_interface_does() {
        let end = " ContentsCode=b Tid=2025";
        assert_eq!(region("item", r#"["1103","0301"]"#), format!("Region=0301,1103{end}"));
        assert_eq!(region("anything", r#"["1103"]"#), format!("Region=1103{end}"));
        assert_eq!(region("ALL", r#"["*"]"#), format!("Region=0,0301,1103{end}"));
        assert_eq!(region("all", r#"["03*","*03"]"#), format!("Region=0301,1103{end}"));
        assert_eq!(region("all", r#"["*1*"]"#), end.trim_start(), "it ends with `1*`: nothing");
        assert_eq!(region("top", r#"["2"]"#), format!("Region=0,0301{end}"));
        assert_eq!(region("agg:Fylker", r#"["F-11"]"#), format!("Region@agg_Fylker=F-11{end}"));
        assert_eq!(region("agg_single:Fylker", r#"["1103"]"#), format!("Region=1103{end}"));
        assert_eq!(region("item", "[]"), end.trim_start());
    }

    #[test]
    fn refusals_say_as_little_as_the_server_does() {
        let region_fault = r#"400 {"error":"The request for variable 'Region' has an error. Please check your query."}"#;
        assert_eq!(region("item", r#"["0302"]"#), region_fault);
        assert_eq!(region("item", r#"["0301","0301"]"#), region_fault);
        assert_eq!(region("agg:Fylker", r#"["*"]"#), region_fault);
        let parameter = r#"400 {"error":"Parameter error"}"#;
        assert_eq!(region("all", r#"["0301"]"#), parameter);
        assert_eq!(region("top", r#"["0"]"#), parameter);
        assert_eq!(region("AGG:Fylker", r#"["F-11"]"#), parameter);
        let wrong_case =
            r#"{"query":[{"code":"region","selection":{"filter":"all","values":["*"]}}]}"#;
        assert_eq!(evaluate(wrong_case), parameter);
        let empty = r#"{"query":[{"code":"Tid","selection":{"filter":"item","values":[]}}]}"#;
        assert_eq!(evaluate(empty), parameter);
        let many = r#"{"query":[{"code":"Region","selection":{"filter":"all","values":["*"]}},
            {"code":"Kjonn","selection":{"filter":"all","values":["*"]}}]}"#;
        assert_eq!(evaluate(many), r#"403 {"error":"Too many values selected"}"#);
    }
}
