//! Plan, then pay: which requests an extract takes, before the first is sent.

use std::time::Duration;

use crate::client::Pace;
use crate::selection::{Evaluated, Selection};
use crate::{Fault, Table};

/// What a server allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Cells in one answer.
    pub max_cells: u64,
    /// Characters in the address of a GET.
    pub max_url: usize,
    /// Bytes in the body of a POST.
    pub max_body: usize,
    /// Calls in a window of time.
    pub pace: Pace,
}

/// The requests of an extract; their blocks tile the final cube, each in one piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Table id.
    pub table: String,
    /// What is asked for, every expression carried out; its order is the final cube's.
    pub evaluated: Evaluated,
    /// In the order in which they are asked for.
    pub blocks: Vec<Block>,
    /// Cells in all.
    pub cells: u64,
    /// Estimated size of the answers.
    pub bytes: u64,
    /// At the allowed pace.
    pub takes: Duration,
}

/// One request of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Explicit codes; long lists of neighbours as `range`.
    pub selection: Selection,
    /// Its first cell in the final cube.
    pub first_cell: u64,
    /// How many cells it has, one after another.
    pub cells: u64,
    /// Whether the address would be too long for a GET.
    pub by_post: bool,
}

impl Plan {
    /// Splits a selection into the fewest requests.
    ///
    /// # Errors
    ///
    /// As [`Selection::evaluate`], but never for too many cells.
    pub fn make(table: &Table, selection: &Selection, limits: &Limits) -> Result<Plan, Fault> {
        let _ = (table, selection, limits);
        todo!()
    }
}
