//! What a selection means: parsed, printed and evaluated as the server does it.
//!
//! A literal code wins over an expression, the order of the answer is the
//! table's own, and a wildcard that matches nothing on a variable that may be
//! left out silently leaves it out ([`Evaluated::silently_eliminated`] says so).

mod codes;
mod default;
mod evaluate;
mod expression;
mod placement;
mod query;
mod surprise;

use crate::{Fault, Table, Variable};

pub use expression::Expression;
pub use surprise::Surprise;

/// What is asked of a table: one entry per variable, in the order asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// Variables that are named; the others are left out.
    pub variables: Vec<VariableSelection>,
    /// Which variables go in rows and columns, where it is said.
    pub placement: Option<Placement>,
}

/// What is asked of one variable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VariableSelection {
    /// As asked for: any case, or `time`.
    pub variable: String,
    /// `agg_…` or `vs_…`.
    pub code_list: Option<String>,
    /// Codes and expressions, without the brackets that a URL needs around a comma.
    pub items: Vec<String>,
}

/// Which variables go in rows and columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// Columns.
    pub heading: Vec<String>,
    /// Rows.
    pub stub: Vec<String>,
}

/// A selection with every expression carried out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluated {
    /// In the table's order, or as placed.
    pub variables: Vec<EvaluatedVariable>,
    /// Positions (in the table) of the variables that are left out.
    pub eliminated: Vec<usize>,
    /// Those among `eliminated` that were asked for with an expression that matched nothing.
    pub silently_eliminated: Vec<usize>,
    /// Rows and columns, where they were placed and the placement is legal; all variables are in it.
    pub placed: Option<Placement>,
}

/// One variable of an evaluated selection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvaluatedVariable {
    /// Position in the table.
    pub variable: usize,
    /// The code list it is seen through.
    pub code_list: Option<String>,
    /// The codes, in the table's (or the list's) order.
    pub codes: Vec<String>,
}

impl Selection {
    /// Evaluates as version 2 of the interface does, with its faults in its order.
    ///
    /// An empty selection is the default selection. A variable that is named twice, which the
    /// reference does not speak of, is refused as a code that is.
    ///
    /// # Errors
    ///
    /// The fault that the server would answer with; it names the variable, the code and the nearest.
    /// [`FaultKind::UnreadCodeList`](crate::FaultKind::UnreadCodeList) is ours: put the list in
    /// [`Table::code_lists`] first ([`Selection::code_lists_to_read`]).
    pub fn evaluate(&self, table: &Table, max_cells: u64) -> Result<Evaluated, Fault> {
        evaluate::evaluate(self, table, max_cells)
    }

    /// Ids of the code lists that the selection names and the table does not know the values of.
    pub fn code_lists_to_read(&self, table: &Table) -> Vec<String> {
        let named = self.variables.iter().filter_map(|asked| asked.code_list.clone());
        let mut unread: Vec<String> =
            named.filter(|id| !table.code_lists.contains_key(id)).collect();
        unread.sort();
        unread.dedup();
        unread
    }
}

impl Evaluated {
    /// The number of cells, counted as the server counts.
    pub fn cells(&self) -> u64 {
        self.variables
            .iter()
            .filter(|variable| !variable.codes.is_empty())
            .map(|variable| variable.codes.len() as u64)
            .fold(1, u64::saturating_mul)
    }
}

/// The codes that a chosen variable was chosen from, in order, and how many expressions see.
pub(crate) fn offered<'a>(
    table: &'a Table,
    variable: &'a Variable,
    chosen: &EvaluatedVariable,
) -> Result<(Vec<&'a str>, usize), Fault> {
    let codes = codes::Codes::of(table, variable, chosen.code_list.as_deref())?;
    Ok((codes.all, codes.seen))
}
