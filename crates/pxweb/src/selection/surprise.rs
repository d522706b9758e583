use std::collections::HashSet;

use cube::{Cube, Dimension};

use super::{Evaluated, EvaluatedVariable};
use crate::{Table, Variable};

/// How an answer differs from what was asked: a server does not say so itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Surprise {
    /// An expression matched nothing, and the variable was left out.
    Eliminated {
        /// The variable.
        variable: String,
    },
    /// A variable that was asked for is not in the answer.
    MissingVariable {
        /// The variable.
        variable: String,
    },
    /// A variable that was not asked for is in the answer.
    ExtraVariable {
        /// The variable.
        variable: String,
    },
    /// Codes that were asked for are not in the answer.
    MissingCodes {
        /// The variable.
        variable: String,
        /// The codes.
        codes: Vec<String>,
    },
    /// Codes that were not asked for are in the answer.
    ExtraCodes {
        /// The variable.
        variable: String,
        /// The codes.
        codes: Vec<String>,
    },
    /// The codes of a variable are the right ones, in another order.
    OtherCodeOrder {
        /// The variable.
        variable: String,
    },
    /// The variables are the right ones, in another order.
    OtherOrder {
        /// As asked.
        asked: Vec<String>,
        /// As they came.
        came: Vec<String>,
    },
    /// The answer is in another language.
    OtherLanguage {
        /// As asked.
        asked: String,
        /// As it came.
        came: String,
    },
}

impl Surprise {
    /// Name of the sentence that says this in a language: `fault.surprise.<key>`.
    pub fn key(&self) -> &'static str {
        match self {
            Surprise::Eliminated { .. } => "eliminated",
            Surprise::MissingVariable { .. } => "missing_variable",
            Surprise::ExtraVariable { .. } => "extra_variable",
            Surprise::MissingCodes { .. } => "missing_codes",
            Surprise::ExtraCodes { .. } => "extra_codes",
            Surprise::OtherCodeOrder { .. } => "other_code_order",
            Surprise::OtherOrder { .. } => "other_order",
            Surprise::OtherLanguage { .. } => "other_language",
        }
    }

    /// What the sentence names.
    pub fn places(&self) -> Vec<(&'static str, String)> {
        match self {
            Surprise::Eliminated { variable }
            | Surprise::MissingVariable { variable }
            | Surprise::ExtraVariable { variable }
            | Surprise::OtherCodeOrder { variable } => vec![("variable", variable.clone())],
            Surprise::MissingCodes { variable, codes }
            | Surprise::ExtraCodes { variable, codes } => {
                vec![("variable", variable.clone()), ("codes", codes.join(", "))]
            }
            Surprise::OtherOrder { asked, came } => {
                vec![("asked", asked.join(", ")), ("came", came.join(", "))]
            }
            Surprise::OtherLanguage { asked, came } => {
                vec![("asked", asked.clone()), ("came", came.clone())]
            }
        }
    }

    /// Whether an answer is in the language that was asked for, where it says its language.
    pub fn in_language(asked: &str, answer: &Cube) -> Option<Surprise> {
        let px = answer.extension.get("px");
        let came = px.and_then(|px| px.get("language")).and_then(|language| language.as_str())?;
        let (asked, came) = (asked.to_owned(), came.to_owned());
        (!came.eq_ignore_ascii_case(&asked)).then_some(Surprise::OtherLanguage { asked, came })
    }
}

impl Evaluated {
    /// Compares what came back with what was asked; nothing where they agree.
    ///
    /// The cells are safe to use by code whatever the order; by position only without surprises.
    pub fn check_against(&self, table: &Table, answer: &Cube) -> Vec<Surprise> {
        let silent = self.silently_eliminated.iter().map(|at| table.variables[*at].code.clone());
        let mut surprises: Vec<Surprise> =
            silent.map(|variable| Surprise::Eliminated { variable }).collect();
        for one in &self.variables {
            let variable = &table.variables[one.variable];
            match answer.dimension(&variable.code) {
                None => {
                    surprises.push(Surprise::MissingVariable { variable: variable.code.clone() })
                }
                Some(dimension) => compare(variable, one, dimension, &mut surprises),
            }
        }
        let code = |one: &EvaluatedVariable| table.variables[one.variable].code.clone();
        let asked: Vec<String> = self.variables.iter().map(code).collect();
        let came: Vec<String> = answer.dimensions().iter().map(|one| one.code.clone()).collect();
        let extra = answer.dimensions().iter().filter(|one| !asked.contains(&one.code));
        let extra = extra.filter(|one| !stands_for_eliminated_contents(one));
        let extra = extra.map(|one| Surprise::ExtraVariable { variable: one.code.clone() });
        surprises.extend(extra);
        let of = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|code| those.contains(code)).cloned().collect()
        };
        let (asked, came) = (of(&asked, &came), of(&came, &asked));
        if asked != came {
            surprises.push(Surprise::OtherOrder { asked, came });
        }
        surprises
    }
}

fn stands_for_eliminated_contents(dimension: &Dimension) -> bool {
    dimension.code == "ContentsCode" && dimension.codes() == ["EliminatedValue"]
}

fn compare(
    variable: &Variable,
    asked: &EvaluatedVariable,
    came: &Dimension,
    surprises: &mut Vec<Surprise>,
) {
    if asked.codes == came.codes() {
        return;
    }
    let variable = || variable.code.clone();
    let wanted: HashSet<&String> = asked.codes.iter().collect();
    let missing = asked.codes.iter().filter(|code| came.position(code).is_none());
    let missing: Vec<String> = missing.cloned().collect();
    let extra: Vec<String> =
        came.codes().iter().filter(|code| !wanted.contains(code)).cloned().collect();
    if missing.is_empty() && extra.is_empty() {
        surprises.push(Surprise::OtherCodeOrder { variable: variable() });
    }
    if !missing.is_empty() {
        surprises.push(Surprise::MissingCodes { variable: variable(), codes: missing });
    }
    if !extra.is_empty() {
        surprises.push(Surprise::ExtraCodes { variable: variable(), codes: extra });
    }
}
