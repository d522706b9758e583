//! What the names in brackets are about: PX names variables and values by their texts.

use std::collections::HashMap;

use super::statement::Statement;
use crate::CubeError;

/// The variables of a file in one of its languages: the stub's, then the heading's.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub variables: Vec<Variable>,
    /// Position of the variable that says what is measured.
    pub contents: Option<usize>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Variable {
    pub code: String,
    pub name: String,
    pub codes: Vec<String>,
    pub texts: Vec<String>,
    by_text: HashMap<String, usize>,
    by_code: HashMap<String, usize>,
}

/// What a line is about, by position.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum About {
    Table,
    Variable(usize),
    Value(usize, usize),
    /// A value of the contents variable, named alone.
    Contents(usize),
    /// A category per variable, or all of them.
    Cells(Vec<Option<usize>>),
    /// Keys that name nothing in this file.
    Other(Vec<String>),
}

/// Keywords whose one key is a value of the contents variable.
const OF_CONTENTS: [&str; 11] = [
    "LAST-UPDATED",
    "NEXT-UPDATE",
    "STOCKFA",
    "DAYADJ",
    "SEASADJ",
    "BASEPERIOD",
    "CFPRICES",
    "REFPERIOD",
    "UNITS",
    "CONTACT",
    "ALTERNATIVETEXT",
];

/// Keywords that name a cell.
const OF_CELLS: [&str; 4] = ["CELLNOTE", "CELLNOTEX", "DATANOTECELL", "ATTRIBUTES"];

impl Variable {
    pub fn new(code: String, name: String, codes: Vec<String>, texts: Vec<String>) -> Variable {
        let by_text = first_positions(&texts);
        let by_code = first_positions(&codes);
        Variable { code, name, codes, texts, by_text, by_code }
    }

    /// Position of a value by its text, else by its code.
    pub fn position(&self, written: &str) -> Option<usize> {
        self.by_text.get(written).or_else(|| self.by_code.get(written)).copied()
    }

    /// What names a value: its text, or its code where two values share the text.
    pub fn key(&self, position: usize) -> &str {
        match self.by_text.get(&self.texts[position]) {
            Some(first) if *first == position => &self.texts[position],
            _ => &self.codes[position],
        }
    }
}

impl Names {
    pub fn variable(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|variable| variable.name == name)
    }

    pub fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        self.variables.iter().map(|variable| variable.codes.len())
    }

    pub fn about(&self, statement: &Statement) -> About {
        let keyword = statement.keyword.as_str();
        let keys = statement.keys.as_slice();
        let other = || About::Other(keys.to_vec());
        if OF_CELLS.contains(&keyword) && !keys.is_empty() {
            return self.cells(keys).map_or_else(other, About::Cells);
        }
        let contents = |key: &str| {
            let variable = &self.variables[self.contents?];
            variable.position(key).map(About::Contents)
        };
        let variable = |key: &str| self.variable(key).map(About::Variable);
        match keys {
            [] => About::Table,
            [key] if OF_CONTENTS.contains(&keyword) => {
                contents(key).or_else(|| variable(key)).unwrap_or_else(other)
            }
            [key] => variable(key).or_else(|| contents(key)).unwrap_or_else(other),
            [name, value] => self
                .variable(name)
                .and_then(|at| Some(About::Value(at, self.variables[at].position(value)?)))
                .unwrap_or_else(other),
            _ => other(),
        }
    }

    /// What stands in brackets for this.
    pub fn keys(&self, about: &About) -> Vec<String> {
        let value = |at: usize, position: usize| self.variables[at].key(position).to_owned();
        match about {
            About::Table => Vec::new(),
            About::Variable(at) => vec![self.variables[*at].name.clone()],
            About::Value(at, position) => {
                vec![self.variables[*at].name.clone(), value(*at, *position)]
            }
            About::Contents(position) => {
                self.contents.map(|at| value(at, *position)).into_iter().collect()
            }
            About::Cells(positions) => positions
                .iter()
                .enumerate()
                .map(|(at, position)| {
                    position.map_or_else(|| "*".to_owned(), |position| value(at, position))
                })
                .collect(),
            About::Other(keys) => keys.clone(),
        }
    }

    fn cells(&self, keys: &[String]) -> Option<Vec<Option<usize>>> {
        if keys.len() != self.variables.len() {
            return None;
        }
        let mut positions = Vec::with_capacity(keys.len());
        for (variable, key) in self.variables.iter().zip(keys) {
            positions.push(match variable.position(key) {
                None if key == "*" => None,
                position => Some(position?),
            });
        }
        Some(positions)
    }

    /// The names in the main language.
    pub fn main(statements: &[Statement]) -> Result<Names, CubeError> {
        let mut variables: Vec<Variable> = Vec::new();
        for statement in placed(statements) {
            let list = statement.list();
            let list = list.ok_or_else(|| statement.fault("not a list of texts"))?;
            for name in list.into_iter().filter(|name| !name.is_empty()) {
                if variables.iter().any(|variable| variable.name == name) {
                    return Err(statement.fault(format!("the variable `{name}` occurs twice")));
                }
                variables.push(variable(statements, name, statement)?);
            }
        }
        if variables.is_empty() {
            return Err(super::fault("keywords STUB and HEADING", "neither names a variable"));
        }
        let contents = one(statements, "CONTVARIABLE", &[]).and_then(Statement::single);
        let contents = contents.and_then(|name| variables.iter().position(|one| one.name == name));
        Ok(Names { variables, contents })
    }

    /// The names in another language; those of the main one where it has none.
    ///
    /// Variables and values are matched by position.
    pub fn translated(&self, statements: &[Statement]) -> Names {
        let names: Vec<String> = placed(statements).filter_map(Statement::list).flatten().collect();
        if names.len() != self.variables.len() {
            return self.clone();
        }
        let translate = |(variable, name): (&Variable, &String)| {
            let texts = one(statements, "VALUES", &[name]).and_then(Statement::list);
            let texts = texts.filter(|texts| texts.len() == variable.codes.len());
            let texts = texts.unwrap_or_else(|| variable.texts.clone());
            Variable::new(variable.code.clone(), name.clone(), variable.codes.clone(), texts)
        };
        let variables = self.variables.iter().zip(&names).map(translate).collect();
        Names { variables, contents: self.contents }
    }
}

/// `STUB`, then `HEADING`, whatever their order in the file.
fn placed(statements: &[Statement]) -> impl Iterator<Item = &Statement> {
    ["STUB", "HEADING"].into_iter().filter_map(|keyword| one(statements, keyword, &[]))
}

/// The line with a keyword and keys.
pub(super) fn one<'a>(
    statements: &'a [Statement],
    keyword: &str,
    keys: &[&str],
) -> Option<&'a Statement> {
    statements.iter().find(|one| one.keyword == keyword && one.keys.iter().eq(keys.iter()))
}

fn variable(
    statements: &[Statement],
    name: String,
    placed: &Statement,
) -> Result<Variable, CubeError> {
    let list = |keyword: &str| -> Result<Option<(Vec<String>, &Statement)>, CubeError> {
        let Some(statement) = one(statements, keyword, &[&name]) else {
            return Ok(None);
        };
        let list = statement.list().ok_or_else(|| statement.fault("not a list of texts"))?;
        Ok(Some((list, statement)))
    };
    let texts = list("VALUES")?;
    let codes = list("CODES")?;
    let (texts, codes) = match (texts, codes) {
        (Some((texts, _)), None) => (texts.clone(), texts),
        (None, Some((codes, _))) => (codes.clone(), codes),
        (Some((texts, _)), Some((codes, statement))) if texts.len() != codes.len() => {
            let problem = format!("{} codes for {} values", codes.len(), texts.len());
            return Err(statement.fault(problem));
        }
        (Some((texts, _)), Some((codes, _))) => (texts, codes),
        (None, None) => match super::time::periods(statements, &name) {
            Some(periods) => (periods.clone(), periods),
            None => return Err(placed.fault(format!("`{name}` has no `VALUES`"))),
        },
    };
    let code = one(statements, "VARIABLECODE", &[&name]).and_then(Statement::single);
    let code = code.unwrap_or(&name).to_owned();
    Ok(Variable::new(code, name, codes, texts))
}

fn first_positions(texts: &[String]) -> HashMap<String, usize> {
    let mut positions = HashMap::with_capacity(texts.len());
    for (position, text) in texts.iter().enumerate() {
        positions.entry(text.clone()).or_insert(position);
    }
    positions
}
