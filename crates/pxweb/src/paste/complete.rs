//! Repairs that need the table.

use super::{Origin, Pasted, Repair};
use crate::selection::{Expression, VariableSelection};
use crate::{Table, Variable};

impl Pasted {
    /// Repairs what only the table can tell: labels written for codes, code lists spelled in
    /// another case, variables that may not be left out and were.
    ///
    /// Such a variable is selected whole, except that of time the newest is taken where version
    /// 2's rules hold. Where nothing at all was selected, nothing is added: the selection stays
    /// empty, which is the table's default selection. Every repair is added to `repairs`.
    pub fn complete(&mut self, table: &Table) {
        for one in &mut self.selection.variables {
            name_variable(table, one, &mut self.repairs);
        }
        self.merge_repeated();
        for one in &mut self.selection.variables {
            let Some(at) = table.position(&one.variable) else { continue };
            let variable = &table.variables[at];
            name_code_list(variable, one, &mut self.repairs);
            name_codes(table, variable, one, &mut self.repairs);
        }
        let is_unsaid = self.selection.variables.is_empty() && self.origin != Origin::Version0;
        if !is_unsaid {
            self.add_mandatory(table);
        }
    }

    fn merge_repeated(&mut self) {
        let mut merged: Vec<VariableSelection> = Vec::new();
        for one in std::mem::take(&mut self.selection.variables) {
            match merged.iter_mut().find(|other| other.variable == one.variable) {
                Some(other) => {
                    self.repairs.push(Repair::about("variable_twice", &one.variable));
                    other.code_list = other.code_list.take().or(one.code_list);
                    let known = other.items.clone();
                    other.items.extend(one.items.into_iter().filter(|item| !known.contains(item)));
                }
                None => merged.push(one),
            }
        }
        self.selection.variables = merged;
    }

    fn add_mandatory(&mut self, table: &Table) {
        for (at, variable) in table.variables.iter().enumerate() {
            let names = |one: &VariableSelection| table.position(&one.variable) == Some(at);
            if variable.elimination || self.selection.variables.iter().any(names) {
                continue;
            }
            let is_newest = variable.is_time && self.origin != Origin::Version0;
            let item = if is_newest { "top(1)" } else { "*" };
            let mut repair = Repair::about("missing_variable", &variable.code);
            repair.places.push(("item", item.to_owned()));
            self.repairs.push(repair);
            self.selection.variables.push(VariableSelection {
                variable: variable.code.clone(),
                code_list: None,
                items: vec![item.to_owned()],
            });
        }
    }
}

/// The code where the label was written; the table's own case.
fn name_variable(table: &Table, one: &mut VariableSelection, repairs: &mut Vec<Repair>) {
    if let Some(at) = table.position(&one.variable) {
        one.variable.clone_from(&table.variables[at].code);
        return;
    }
    let wanted = one.variable.trim().to_lowercase();
    let mut labelled = table.variables.iter().filter(|of| of.label.to_lowercase() == wanted);
    if let (Some(variable), None) = (labelled.next(), labelled.next()) {
        repairs.push(Repair::changed("label_for_variable", &one.variable, &variable.code));
        one.variable.clone_from(&variable.code);
    }
}

/// The id as the server spells it: `agg_kommfylker`, `KommFylker` and `agg:KommFylker` are refused.
fn name_code_list(variable: &Variable, one: &mut VariableSelection, repairs: &mut Vec<Repair>) {
    let Some(said) = one.code_list.clone() else { return };
    if variable.code_lists.contains(&said) {
        return;
    }
    let wanted = said.trim().to_lowercase().replacen(':', "_", 1);
    let fits = |id: &&String| {
        let id = id.to_lowercase();
        let bare = id.strip_prefix("agg_").or_else(|| id.strip_prefix("vs_"));
        id == wanted || bare == Some(wanted.as_str())
    };
    if let Some(id) = variable.code_lists.iter().find(fits) {
        repairs.push(Repair::changed("code_list", &said, id));
        one.code_list = Some(id.clone());
    }
}

/// Codes where labels were written, as far as a label has one code only.
fn name_codes(
    table: &Table,
    variable: &Variable,
    one: &mut VariableSelection,
    repairs: &mut Vec<Repair>,
) {
    let pairs: Vec<(&str, &str)> = match &one.code_list {
        None => {
            let codes = variable.codes.iter().map(String::as_str);
            codes.zip(variable.labels.iter().map(String::as_str)).collect()
        }
        Some(id) => {
            let values = table.code_lists.get(id).map(|list| list.values.as_slice());
            let values = values.unwrap_or_default().iter();
            values.map(|value| (value.code.as_str(), value.label.as_str())).collect()
        }
    };
    for item in &mut one.items {
        let wanted = item.trim().to_lowercase();
        let is_code = pairs.iter().any(|(code, _)| code.to_lowercase() == wanted);
        if is_code || Expression::parse(item).is_some() {
            continue;
        }
        let mut labelled = pairs.iter().filter(|(_, label)| label.to_lowercase() == wanted);
        if let (Some((code, _)), None) = (labelled.next(), labelled.next()) {
            repairs.push(Repair::changed("label_for_code", item, code));
            *item = (*code).to_owned();
        }
    }
}
