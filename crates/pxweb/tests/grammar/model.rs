//! The reference's section on selection, written out as plainly as it reads: slow, and without
//! anything of the crate but its types. `evaluate` must agree with it on every input.

use proptest::prelude::*;
use pxweb::selection::Selection;
use pxweb::{FaultKind, Table, Variable};

use crate::strategies;

/// Chosen codes by variable, in the answer's order; and who was left out without a word.
#[derive(Debug, PartialEq)]
struct Answer {
    chosen: Vec<(String, Vec<String>)>,
    left_out: Vec<String>,
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

fn find_variable<'t>(table: &'t Table, name: &str) -> Option<&'t Variable> {
    let time = table.variables.iter().find(|variable| variable.is_time);
    if same(name, "time") && time.is_some() {
        return time;
    }
    let exact = table.variables.iter().find(|variable| variable.code == name);
    exact.or_else(|| table.variables.iter().find(|variable| same(&variable.code, name)))
}

/// The codes for expressions, and the further ones that only a literal reaches.
fn codes_on_offer(
    table: &Table,
    variable: &Variable,
    list: Option<&str>,
) -> Result<(Vec<String>, Vec<String>), FaultKind> {
    let Some(id) = list else {
        let mut further: Vec<String> = Vec::new();
        for id in variable.code_lists.iter().filter(|id| id.starts_with("vs_")) {
            for value in &table.code_lists[id].values {
                if !variable.codes.contains(&value.code) && !further.contains(&value.code) {
                    further.push(value.code.clone());
                }
            }
        }
        return Ok((variable.codes.clone(), further));
    };
    let is_known = id.starts_with("agg_") || id.starts_with("vs_");
    if !is_known || !variable.code_lists.contains(&id.to_owned()) {
        return Err(FaultKind::NonExistentCodeList);
    }
    let values = &table.code_lists[id].values;
    Ok((values.iter().map(|value| value.code.clone()).collect(), Vec::new()))
}

fn argument<'i>(item: &'i str, keyword: &str) -> Option<&'i str> {
    let lower = item.to_ascii_lowercase();
    lower.starts_with(&format!("{keyword}(")).then(|| &item[keyword.len() + 1..])
}

fn digits(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.chars().all(|one| one.is_ascii_digit());
    is_number.then(|| text.parse().expect("test numbers are short"))
}

fn count_and_offset(inside: &str) -> Result<(usize, usize), FaultKind> {
    let illegal = FaultKind::IllegalExpression;
    let inside = inside.strip_suffix(')').ok_or(illegal)?;
    let parts: Vec<&str> = inside.split(',').collect();
    let (count, offset) = match parts.as_slice() {
        [count] => (*count, "0"),
        [count, offset] => (*count, *offset),
        _ => return Err(illegal),
    };
    let (number, offset) = (digits(count).ok_or(illegal)?, digits(offset).ok_or(illegal)?);
    if number == 0 || count.starts_with('0') { Err(illegal) } else { Ok((number, offset)) }
}

fn position(codes: &[String], code: &str) -> Result<usize, FaultKind> {
    codes.iter().position(|one| same(one, code)).ok_or(FaultKind::NonExistentValue)
}

fn mask_fits(mask: &str, code: &str) -> bool {
    let (mask, code): (Vec<char>, Vec<char>) =
        (mask.to_lowercase().chars().collect(), code.to_lowercase().chars().collect());
    mask.len() == code.len() && (0..mask.len()).all(|at| mask[at] == '?' || mask[at] == code[at])
}

fn star(item: &str, codes: &[String]) -> Result<Vec<String>, FaultKind> {
    let stars = item.chars().filter(|one| *one == '*').count();
    let lower = item.to_lowercase();
    let keep = |fits: &dyn Fn(&str) -> bool| -> Vec<String> {
        codes.iter().filter(|code| fits(&code.to_lowercase())).cloned().collect()
    };
    if lower == "*" {
        return Ok(codes.to_vec());
    }
    if stars == 2 && lower.starts_with('*') && lower.ends_with('*') {
        let inner = lower[1..lower.len() - 1].to_owned();
        return Ok(keep(&|code| code.contains(&inner)));
    }
    if stars == 1 && lower.starts_with('*') {
        return Ok(keep(&|code| code.ends_with(&lower[1..])));
    }
    if stars == 1 && lower.ends_with('*') {
        return Ok(keep(&|code| code.starts_with(&lower[..lower.len() - 1])));
    }
    Err(FaultKind::IllegalExpression)
}

fn expression(item: &str, codes: &[String], variable: &Variable) -> Result<Vec<String>, FaultKind> {
    let illegal = FaultKind::IllegalExpression;
    if let Some(inside) = argument(item, "range") {
        let inside = inside.strip_suffix(')').ok_or(illegal)?;
        let ends: Vec<&str> = inside.split(',').collect();
        let [first, last] = ends.as_slice() else { return Err(illegal) };
        if first.is_empty() || last.is_empty() || last.contains(')') {
            return Err(illegal);
        }
        let (first, last) = (position(codes, first)?, position(codes, last)?);
        let (first, last) = if first <= last { (first, last) } else { (last, first) };
        return Ok(codes[first..=last].to_vec());
    }
    let front = |count: usize, offset: usize| -> Vec<String> {
        codes.iter().skip(offset).take(count).cloned().collect()
    };
    let back = |count: usize, offset: usize| -> Vec<String> {
        codes.iter().rev().skip(offset).take(count).rev().cloned().collect()
    };
    if let Some(inside) = argument(item, "top") {
        let (count, offset) = count_and_offset(inside)?;
        return Ok(if variable.is_time { back(count, offset) } else { front(count, offset) });
    }
    if let Some(inside) = argument(item, "bottom") {
        let (count, offset) = count_and_offset(inside)?;
        return Ok(if variable.is_time { front(count, offset) } else { back(count, offset) });
    }
    for keyword in ["from", "to"] {
        if let Some(inside) = argument(item, keyword) {
            let code = inside.strip_suffix(')').ok_or(illegal)?;
            if code.is_empty() || code.contains(',') {
                return Err(illegal);
            }
            let at = position(codes, code)?;
            return Ok(if keyword == "from" {
                codes[at..].to_vec()
            } else {
                codes[..=at].to_vec()
            });
        }
    }
    if item.contains('?') {
        return Ok(codes.iter().filter(|code| mask_fits(item, code)).cloned().collect());
    }
    if item.contains('*') { star(item, codes) } else { Err(FaultKind::NonExistentValue) }
}

fn placed(selection: &Selection, table: &Table, selected: &[String]) -> Option<Vec<String>> {
    let placement = selection.placement.as_ref()?;
    let names = |list: &[String]| -> Option<Vec<String>> {
        let name = |code: &String| find_variable(table, code).map(|one| one.code.clone());
        list.iter().map(name).collect()
    };
    let (stub, heading) = (names(&placement.stub)?, names(&placement.heading)?);
    let mut all = stub.clone();
    all.extend(heading.clone());
    let mut once = all.clone();
    once.sort();
    once.dedup();
    if all.is_empty() || once.len() != all.len() || all.iter().any(|one| !selected.contains(one)) {
        return None;
    }
    if all.len() == selected.len() {
        return Some(all);
    }
    let rest: Vec<String> = selected.iter().filter(|one| !all.contains(one)).cloned().collect();
    match (stub.is_empty(), heading.is_empty()) {
        (false, true) => Some([stub, rest].concat()),
        (true, false) => Some([rest, heading].concat()),
        _ => None,
    }
}

fn codes_of(
    items: &[String],
    offer: &(Vec<String>, Vec<String>),
    variable: &Variable,
) -> Result<(Vec<String>, bool), FaultKind> {
    let (codes, further) = offer;
    let all = [codes.clone(), further.clone()].concat();
    let (mut named, mut picked, mut is_twice) = (Vec::new(), Vec::new(), false);
    for item in items {
        match all.iter().find(|code| same(code, item)) {
            Some(code) => {
                is_twice |= named.contains(code);
                named.push(code.clone());
            }
            None => picked.extend(expression(item, codes, variable)?),
        }
    }
    let is_chosen = |code: &&String| named.contains(code) || picked.contains(code);
    Ok((all.iter().filter(is_chosen).cloned().collect(), is_twice))
}

fn answer(selection: &Selection, table: &Table, max_cells: u64) -> Result<Answer, FaultKind> {
    let mut found = Vec::new();
    for asked in &selection.variables {
        let variable =
            find_variable(table, &asked.variable).ok_or(FaultKind::NonExistentVariable)?;
        let offer = codes_on_offer(table, variable, asked.code_list.as_deref())?;
        found.push((variable, asked, offer));
    }
    for variable in table.variables.iter().filter(|variable| !variable.elimination) {
        if !found.iter().any(|(one, ..)| one.code == variable.code) {
            return Err(FaultKind::MissingSelection);
        }
    }
    let mut answer = Answer { chosen: Vec::new(), left_out: Vec::new() };
    let (mut is_twice, mut seen) = (false, Vec::new());
    for (variable, asked, offer) in &found {
        let (codes, twice) = codes_of(&asked.items, offer, variable)?;
        is_twice |= twice || seen.contains(&variable.code);
        seen.push(variable.code.clone());
        if codes.is_empty() && !variable.elimination {
            return Err(FaultKind::MissingSelection);
        }
        if codes.is_empty() && !asked.items.is_empty() {
            answer.left_out.push(variable.code.clone());
        }
        if !codes.is_empty() {
            answer.chosen.push((variable.code.clone(), codes));
        }
    }
    let cells: u64 = answer.chosen.iter().map(|(_, codes)| codes.len() as u64).product();
    if cells > max_cells {
        return Err(FaultKind::TooManyCells);
    }
    if is_twice {
        return Err(FaultKind::DuplicateCode);
    }
    let selected: Vec<String> = answer.chosen.iter().map(|(code, _)| code.clone()).collect();
    let own: Vec<String> = table.variables.iter().map(|one| one.code.clone()).collect();
    let order = placed(selection, table, &selected).unwrap_or(own.clone());
    let at = |order: &[String], code: &String| order.iter().position(|one| one == code);
    answer.chosen.sort_by_key(|(code, _)| at(&order, code));
    answer.left_out.sort_by_key(|code| at(&own, code));
    Ok(answer)
}

fn evaluated(selection: &Selection, table: &Table, max_cells: u64) -> Result<Answer, FaultKind> {
    let evaluated = selection.evaluate(table, max_cells).map_err(|fault| fault.kind)?;
    let code = |at: usize| table.variables[at].code.clone();
    let chosen = evaluated.variables.into_iter().map(|one| (code(one.variable), one.codes));
    let left_out = evaluated.silently_eliminated.into_iter().map(code);
    Ok(Answer { chosen: chosen.collect(), left_out: left_out.collect() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn evaluation_agrees_with_the_reference_written_out(
        (table, selection) in strategies::table_and_selection(),
        max_cells in 1_u64..60,
    ) {
        prop_assert_eq!(
            evaluated(&selection, &table, max_cells),
            answer(&selection, &table, max_cells)
        );
    }
}

#[test]
fn the_selections_of_the_property_are_neither_all_sound_nor_all_refused() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = strategies::table_and_selection();
    let mut met = std::collections::HashMap::new();
    for _ in 0..2_000 {
        let tree = strategy.new_tree(&mut runner).expect("nothing is filtered");
        let (table, selection) = tree.current();
        *met.entry(answer(&selection, &table, 60).err()).or_insert(0) += 1;
    }
    assert!(met[&None] > 300, "{met:?}");
    let refusals = [
        FaultKind::NonExistentVariable,
        FaultKind::NonExistentCodeList,
        FaultKind::NonExistentValue,
        FaultKind::MissingSelection,
        FaultKind::IllegalExpression,
        FaultKind::TooManyCells,
        FaultKind::DuplicateCode,
    ];
    for kind in refusals {
        assert!(met.contains_key(&Some(kind)), "{kind:?} in {met:?}");
    }
}
