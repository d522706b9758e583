use std::collections::HashSet;

use super::evaluate::choose;
use super::{Filter, Query, QueryVariable, Response};
use crate::paste::Repair;
use crate::selection::{EvaluatedVariable, Selection, VariableSelection};
use crate::{CodeListKind, Fault, FaultKind, Table, Variable};

/// A query in the other version's words, and what had to change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Translated<T> {
    /// The query.
    pub query: T,
    /// What is said differently, or would have been refused.
    pub changes: Vec<Repair>,
}

impl Query {
    /// The same in version 2: what is evaluated there is what is evaluated here.
    ///
    /// Codes that are listed twice, which the old interface refuses, are listed once.
    ///
    /// # Errors
    ///
    /// What the old interface refuses for other reasons; sums together with their parts
    /// (`agg_all:`), which version 2 has no words for.
    pub fn to_selection(&self, table: &Table) -> Result<Translated<Selection>, Fault> {
        let mut changes = Vec::new();
        let query = self.without_repeats(&mut changes);
        // What is refused as a whole is not translated in parts.
        query.evaluate(table, u64::MAX)?;
        let mut variables = Vec::new();
        for variable in &table.variables {
            let asked = query.query.iter().find(|asked| asked.code == variable.code);
            match asked {
                Some(asked) => variables.extend(one_to_v2(table, variable, asked)?),
                None if variable.elimination => {}
                None => {
                    changes.push(Repair::about("all_selected", &variable.code));
                    variables.push(shortest(table, variable, "*", &variable.codes));
                }
            }
        }
        // Version 2 takes a selection of nothing for its default; naming a variable without
        // codes leaves that variable out and says that a selection was meant.
        if let (true, Some(first)) = (variables.is_empty(), table.variables.first()) {
            let variable = first.code.clone();
            variables.push(VariableSelection { variable, ..VariableSelection::default() });
        }
        Ok(Translated { query: Selection { variables, placement: None }, changes })
    }

    /// The same in the old interface, every expression carried out that it has no word for.
    ///
    /// # Errors
    ///
    /// What version 2 refuses; codes of value sets that no single list has.
    pub fn from_selection(
        selection: &Selection,
        table: &Table,
        format: &str,
    ) -> Result<Translated<Query>, Fault> {
        let mut changes = Vec::new();
        let evaluated = selection.evaluate(table, u64::MAX)?;
        for at in &evaluated.silently_eliminated {
            changes.push(Repair::about("left_out", &table.variables[*at].code));
        }
        if selection.placement.is_some() {
            changes.push(Repair { key: "no_placement", places: Vec::new() });
        }
        let mut query = Vec::new();
        for one in &evaluated.variables {
            let variable = &table.variables[one.variable];
            let asked = selection
                .variables
                .iter()
                .find(|asked| table.position(&asked.variable) == Some(one.variable));
            query.push(one_to_v0(table, one, asked, &mut changes)?);
            let is_carried_out = asked.is_some_and(|asked| {
                let last = query.last().map(|part| &part.selection.values);
                asked.items.iter().any(|item| is_expression(item, variable))
                    && last != Some(&asked.items)
                    && query.last().is_some_and(|part| part.selection.filter != "top")
            });
            if is_carried_out {
                changes.push(Repair::about("carried_out", &variable.code));
            }
        }
        query.sort_by_key(|part| table.variables.iter().position(|one| one.code == part.code));
        let response = Response { format: Some(format.to_owned()), ..Response::default() };
        Ok(Translated { query: Query { query, response }, changes })
    }

    fn without_repeats(&self, changes: &mut Vec<Repair>) -> Query {
        let mut query = self.clone();
        for asked in &mut query.query {
            let mut seen = HashSet::new();
            let before = asked.selection.values.len();
            asked.selection.values.retain(|value| seen.insert(value.clone()));
            if asked.selection.values.len() < before {
                changes.push(Repair::about("repeated_codes", &asked.code));
            }
        }
        query
    }
}

fn one_to_v2(
    table: &Table,
    variable: &Variable,
    asked: &QueryVariable,
) -> Result<Option<VariableSelection>, Fault> {
    let (code_list, codes) = choose(table, variable, asked)?;
    if codes.is_empty() {
        return Ok(None);
    }
    let short = match (asked.filter()?, asked.selection.values.as_slice()) {
        (Filter::All, [mask]) => mask.clone(),
        (Filter::Top, [count]) => format!("top({})", count.trim()),
        _ => {
            let variable = variable.code.clone();
            return Ok(Some(VariableSelection { variable, code_list, items: codes }));
        }
    };
    Ok(Some(shortest(table, variable, &short, &codes)))
}

/// The expression where it means these codes in version 2, else the codes themselves: masks see
/// no case there, and a code that looks like an expression is a code.
fn shortest(
    table: &Table,
    variable: &Variable,
    short: &str,
    codes: &[String],
) -> VariableSelection {
    let named = |items| VariableSelection {
        variable: variable.code.clone(),
        items,
        ..VariableSelection::default()
    };
    let short = named(vec![short.to_owned()]);
    // All of a variable whose codes are too many to be told.
    let is_untold = codes.is_empty();
    match is_untold || means(table, &short).as_deref() == Some(codes) {
        true => short,
        false => named(codes.to_vec()),
    }
}

/// The codes that a part of a selection means in version 2.
fn means(table: &Table, part: &VariableSelection) -> Option<Vec<String>> {
    let position = table.position(&part.variable)?;
    let mut alone = table.clone();
    alone.variables = vec![table.variables.get(position)?.clone()];
    let selection = Selection { variables: vec![part.clone()], placement: None };
    let evaluated = selection.evaluate(&alone, u64::MAX).ok()?;
    evaluated.variables.into_iter().next().map(|one| one.codes)
}

fn one_to_v0(
    table: &Table,
    one: &EvaluatedVariable,
    asked: Option<&VariableSelection>,
    changes: &mut Vec<Repair>,
) -> Result<QueryVariable, Fault> {
    let variable = &table.variables[one.variable];
    let part = |filter: &str, values| QueryVariable::new(&variable.code, filter, values);
    if let Some(id) = &one.code_list {
        let filter = id.replacen('_', ":", 1);
        return Ok(part(&filter, one.codes.clone()));
    }
    if one.codes == variable.codes {
        return Ok(part("all", vec!["*".to_owned()]));
    }
    if let Some(count) = asked.and_then(|asked| plain_top(&asked.items, variable)) {
        return Ok(part("top", vec![count.to_owned()]));
    }
    let is_own = |code: &String| variable.codes.contains(code);
    if one.codes.iter().all(is_own) {
        return Ok(part("item", one.codes.clone()));
    }
    // Codes of a value set need no list in version 2; here they do.
    let lists = variable.code_lists.iter().filter_map(|id| table.code_lists.get(id));
    let mut sets = lists.filter(|list| list.kind == CodeListKind::ValueSet);
    let has_all = |list: &&crate::CodeList| {
        one.codes.iter().all(|code| list.values.iter().any(|value| value.code == *code))
    };
    let set = sets.find(has_all).ok_or_else(|| {
        let foreign = one.codes.iter().find(|code| !is_own(code)).cloned().unwrap_or_default();
        Fault::new(FaultKind::NonExistentValue).of(&variable.code).about(&foreign)
    })?;
    let mut change = Repair::about("value_set_named", &variable.code);
    change.places.push(("list", set.id.clone()));
    changes.push(change);
    Ok(part(&set.id.replacen('_', ":", 1), one.codes.clone()))
}

/// The number in a lone `top(n)`.
fn plain_top<'a>(items: &'a [String], variable: &Variable) -> Option<&'a str> {
    let [item] = items else { return None };
    is_expression(item, variable).then_some(())?;
    let start = item.get(..4).filter(|start| start.eq_ignore_ascii_case("top("))?;
    let count = item[start.len()..].strip_suffix(')')?;
    count.bytes().all(|byte| byte.is_ascii_digit()).then_some(count)
}

fn is_expression(item: &str, variable: &Variable) -> bool {
    !variable.codes.iter().any(|code| code.eq_ignore_ascii_case(item))
        && crate::selection::Expression::parse(item).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::query::tests::{said, sample, variable};
    use super::*;

    fn to_v2(query: &str) -> String {
        let query = Query::read(query.as_bytes()).expect("the shape of version 0");
        match query.to_selection(&sample()) {
            Ok(Translated { query, changes }) => {
                let keys: Vec<&str> = changes.iter().map(|change| change.key).collect();
                format!("{} {keys:?}", query.to_body())
            }
            Err(fault) => format!("refused: {fault}"),
        }
    }

    #[test]
    fn what_was_unsaid_is_said_in_version_2() {
        insta::assert_snapshot!(
            to_v2(r#"{"query":[{"code":"Region","selection":{"filter":"agg:Fylker","values":["F-11","F-11"]}},
                {"code":"Tid","selection":{"filter":"top","values":["2"]}}]}"#),
            @r#"{"selection":[{"variableCode":"Region","codelist":"agg_Fylker","valueCodes":["F-11"]},{"variableCode":"ContentsCode","valueCodes":["*"]},{"variableCode":"Tid","valueCodes":["top(2)"]}]} ["repeated_codes", "all_selected"]"#
        );
    }

    #[test]
    fn sums_with_their_parts_have_no_words_in_version_2() {
        let query = r#"{"query":[{"code":"Region","selection":{"filter":"agg_all:Fylker","values":["F-11"]}}]}"#;
        assert_eq!(to_v2(query), "refused: Non-existent codelist: variable `Region`, `Fylker`");
    }

    fn to_v0(parameters: &str) -> String {
        let address = format!("https://x/?{parameters}");
        let address = crate::address::Address::read(&address).expect("an address");
        let selection = Selection::from_query(&address.parameters()).expect("parameters");
        match Query::from_selection(&selection, &sample(), "csv2") {
            Ok(Translated { query, changes }) => {
                let part = |one: &QueryVariable| {
                    let QueryVariable { code, selection } = one;
                    format!("{code}:{}{:?}", selection.filter, selection.values)
                };
                let parts: Vec<String> = query.query.iter().map(part).collect();
                let keys: Vec<&str> = changes.iter().map(|change| change.key).collect();
                format!("{} {keys:?}", parts.join(" "))
            }
            Err(fault) => format!("refused: {fault}"),
        }
    }

    #[test]
    fn expressions_without_a_word_are_carried_out() {
        assert_eq!(
            to_v0("valueCodes[Tid]=from(2024)&valueCodes[ContentsCode]=*&valueCodes[Region]=0?0?"),
            r#"Region:item["0301"] ContentsCode:all["*"] Tid:item["2024", "2025"] ["carried_out", "carried_out"]"#
        );
        assert_eq!(
            to_v0(
                "valueCodes[Tid]=TOP(1)&valueCodes[ContentsCode]=a&valueCodes[Region]=0101&stub=Tid"
            ),
            r#"Region:vs:Kommun["0101"] ContentsCode:item["a"] Tid:top["1"] ["no_placement", "value_set_named"]"#
        );
        assert_eq!(
            to_v0("valueCodes[Tid]=2025&valueCodes[ContentsCode]=a&valueCodes[Region]=9*"),
            r#"ContentsCode:item["a"] Tid:item["2025"] ["left_out"]"#
        );
    }

    /// Tables whose codes resemble each other and expressions, also in case.
    fn tables() -> impl Strategy<Value = Table> {
        let codes = proptest::collection::btree_set("[aA0*]{1,3}|top\\(1\\)", 1..6);
        let one = (codes, any::<bool>(), any::<bool>());
        proptest::collection::vec(one, 1..4).prop_map(|many| {
            let made = many.into_iter().enumerate().map(|(at, (codes, elimination, is_time))| {
                // Version 2 cannot tell codes apart that differ in case alone.
                let mut seen = HashSet::new();
                let codes: Vec<&str> = codes
                    .iter()
                    .map(String::as_str)
                    .filter(|code| seen.insert(code.to_lowercase()))
                    .collect();
                let mut made = variable(&format!("V{at}"), &codes);
                (made.elimination, made.is_time) = (elimination, is_time && at == 0);
                made
            });
            Table { id: "t".to_owned(), variables: made.collect(), ..Table::default() }
        })
    }

    fn queries() -> impl Strategy<Value = (Table, Query)> {
        let filter = prop_oneof![Just("item"), Just("all"), Just("top")];
        let part = (filter, proptest::collection::vec("[aA0*]{1,3}|\\*|1|2", 0..3), 0..6_usize);
        (tables(), proptest::collection::vec(proptest::option::of(part), 3)).prop_map(
            |(table, parts)| {
                let mut query = Query::default();
                for (variable, part) in table.variables.iter().zip(parts) {
                    let Some((filter, mut values, pick)) = part else { continue };
                    if filter == "item" {
                        values = variable.codes.iter().skip(pick / 2).take(2).cloned().collect();
                    }
                    query.query.push(QueryVariable::new(&variable.code, filter, values));
                }
                (table, query)
            },
        )
    }

    proptest! {
        #[test]
        fn a_translated_query_means_the_same((table, query) in queries()) {
            if let Ok(here) = query.evaluate(&table, u64::MAX) {
                let there = query.to_selection(&table).expect("what is understood is translated");
                let there = there.query.evaluate(&table, u64::MAX).expect("and understood there");
                prop_assert_eq!(&here.variables, &there.variables);
                prop_assert_eq!(&here.eliminated, &there.eliminated);
            }
        }

        #[test]
        fn there_and_back_means_the_same((table, query) in queries()) {
            if let Ok(here) = query.evaluate(&table, u64::MAX) {
                let there = query.to_selection(&table).expect("what is understood is translated");
                let back = Query::from_selection(&there.query, &table, "px").expect("and back");
                let back = back.query.evaluate(&table, u64::MAX).expect("and understood here");
                prop_assert_eq!(here, back);
            }
        }
    }

    #[test]
    fn the_sample_is_said_in_both_versions() {
        let query = Query::default();
        let there = query.to_selection(&sample()).expect("nothing is refused").query;
        let there = there.evaluate(&sample(), u64::MAX).expect("nothing is refused");
        assert_eq!(said(&there), "ContentsCode=a,b Tid=2023,2024,2025");
    }
}
