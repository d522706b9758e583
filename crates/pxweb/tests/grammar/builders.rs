//! Tables and selections in few words.

use pxweb::selection::{Selection, VariableSelection};
use pxweb::{CodeList, CodeListKind, CodeListValue, Table, Variable};

pub fn variable(code: &str, codes: &[&str]) -> Variable {
    Variable {
        code: code.to_owned(),
        label: code.to_owned(),
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        labels: codes.iter().map(|code| format!("label of {code}")).collect(),
        is_time: code == "Tid",
        is_metric: code == "ContentsCode",
        ..Variable::default()
    }
}

pub fn optional(code: &str, codes: &[&str]) -> Variable {
    Variable { elimination: true, ..variable(code, codes) }
}

/// A variable of `count` codes: `c0001`, or years for time.
pub fn long(code: &str, count: usize) -> Variable {
    let codes: Vec<String> = match code {
        "Tid" => (0..count).map(|at| (1700 + at).to_string()).collect(),
        _ => (0..count).map(|at| format!("{at:08}")).collect(),
    };
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    variable(code, &codes)
}

pub fn table(variables: Vec<Variable>) -> Table {
    Table { id: "00001".to_owned(), label: "A table".to_owned(), variables, ..Table::default() }
}

/// Gives the first variable a code list.
pub fn with_list(mut table: Table, id: &str, codes: &[&str]) -> Table {
    let value = |code: &&str| CodeListValue {
        code: (*code).to_owned(),
        label: (*code).to_owned(),
        value_map: vec![(*code).to_owned()],
    };
    let list = CodeList {
        id: id.to_owned(),
        label: id.to_owned(),
        kind: CodeListKind::of(id).expect("ids begin with agg_ or vs_"),
        values: codes.iter().map(value).collect(),
    };
    table.variables[0].code_lists.push(id.to_owned());
    table.code_lists.insert(id.to_owned(), list);
    table
}

pub fn asked(variable: &str, items: &[&str]) -> VariableSelection {
    VariableSelection {
        variable: variable.to_owned(),
        code_list: None,
        items: items.iter().map(|item| (*item).to_owned()).collect(),
    }
}

pub fn selection(variables: Vec<VariableSelection>) -> Selection {
    Selection { variables, placement: None }
}
