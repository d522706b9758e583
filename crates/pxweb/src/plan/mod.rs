//! Plan, then pay: which requests an extract takes, before the first is sent.
//!
//! A request is a cross product of codes. Its cells lie in one piece of the final
//! cube when all dimensions after some one are whole, all before it are fixed to
//! one code, and that one is a run of neighbours. Such blocks are laid one after
//! another; the order of the dimensions decides how many it takes.

mod items;
mod order;

use std::ops::Range;
use std::time::Duration;

use crate::client::Pace;
use crate::selection::{Evaluated, Placement, Selection, VariableSelection};
use crate::{Fault, Table};

use items::Axis;
use order::Cut;

/// Characters of an address before the selection: host, path, language, format.
const ADDRESS: usize = 160;
/// Requests that a plan may have; more would take a day at any server's pace.
const MAX_BLOCKS: u64 = 100_000;
/// Bytes of a number and its comma in JSON-stat, as measured on a dense regional table.
const NUMBER_BYTES: u64 = 6;
/// Bytes per cell for the symbols of empty ones, of which an ordinary table has a sixth.
const STATUS_BYTES: u64 = 2;
/// Bytes of an answer beside its cells: titles, notes, contact; and of each code with its label.
const ANSWER_BYTES: u64 = 4_000;
const CODE_BYTES: u64 = 50;
/// The longest that an ordinary answer takes.
const ANSWER_TIME: Duration = Duration::from_millis(800);

/// What a server allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Cells in one answer.
    pub max_cells: u64,
    /// Characters in the address of a GET.
    pub max_url: usize,
    /// Bytes in the body of a POST.
    pub max_body: usize,
    /// Calls in a window of time; no calls in no time means that there is no limit.
    pub pace: Pace,
}

/// The requests of an extract; their blocks tile the final cube, each in one piece.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Table id.
    pub table: String,
    /// What is asked for, every expression carried out; its order is the final cube's.
    pub evaluated: Evaluated,
    /// Whether that order is another than the one asked for (or the table's), to need fewer requests.
    pub reordered: bool,
    /// In the order in which they are asked for.
    pub blocks: Vec<Block>,
    /// Cells in all.
    pub cells: u64,
    /// Estimated size of the answers in JSON-stat: eight bytes a cell, and its codes and titles.
    pub bytes: u64,
    /// At the allowed pace, one request after another, each as slow as an ordinary one gets.
    pub takes: Duration,
}

/// One request of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Explicit codes; long lists of neighbours as `range`, whole dimensions as `*`.
    pub selection: Selection,
    /// Its first cell in the final cube.
    pub first_cell: u64,
    /// How many cells it has, one after another.
    pub cells: u64,
    /// Whether the address would be too long for a GET, or cannot say it.
    pub by_post: bool,
}

impl Plan {
    /// Splits a selection into the fewest requests.
    ///
    /// # Errors
    ///
    /// As [`Selection::evaluate`], but for too many cells only beyond 100,000 requests.
    pub fn make(table: &Table, selection: &Selection, limits: &Limits) -> Result<Plan, Fault> {
        let mut evaluated = selection.evaluate(table, u64::MAX)?;
        let sizes: Vec<usize> = evaluated.variables.iter().map(|one| one.codes.len()).collect();
        let cut = order::choose(&sizes, limits.max_cells);
        let cells = evaluated.cells();
        if cut.requests > MAX_BLOCKS {
            return Err(Fault::too_many_cells(cells, MAX_BLOCKS.saturating_mul(limits.max_cells)));
        }
        let reordered = !cut.order.is_sorted();
        let mut variables: Vec<_> = evaluated.variables.into_iter().map(Some).collect();
        evaluated.variables = cut.order.iter().filter_map(|at| variables[*at].take()).collect();
        if cut.requests > 1 {
            evaluated.placed = None;
        }
        let blocks = Maker::new(table, &evaluated, limits)?.blocks(&cut);
        let bytes = blocks.iter().map(|block| estimate(&evaluated, block)).sum();
        let takes = takes(blocks.len() as u64, limits.pace);
        let table = table.id.clone();
        Ok(Plan { table, evaluated, reordered, blocks, cells, bytes, takes })
    }
}

/// Makes blocks of ranges of codes.
struct Maker<'a> {
    axes: Vec<Axis<'a>>,
    /// What is said of each axis when it is whole: the same in most requests.
    whole: Vec<Vec<String>>,
    placement: Option<Placement>,
    eliminated: Vec<VariableSelection>,
    limits: &'a Limits,
}

impl<'a> Maker<'a> {
    fn new(
        table: &'a Table,
        evaluated: &'a Evaluated,
        limits: &'a Limits,
    ) -> Result<Maker<'a>, Fault> {
        let mut axes = Vec::with_capacity(evaluated.variables.len());
        for chosen in &evaluated.variables {
            let variable = &table.variables[chosen.variable];
            let (all, seen) = crate::selection::offered(table, variable, chosen)?;
            axes.push(Axis::new(variable, chosen, &all, seen));
        }
        let stub: Vec<String> = axes.iter().map(|axis| axis.variable.code.clone()).collect();
        let whole = axes.iter().map(|axis| axis.items(0..axis.chosen.codes.len())).collect();
        let in_order = Placement { stub, heading: Vec::new() };
        let placement = evaluated.placed.clone().unwrap_or(in_order);
        let bare = |at: &usize| VariableSelection {
            variable: table.variables[*at].code.clone(),
            ..VariableSelection::default()
        };
        // To name nothing would be to ask for the default.
        let eliminated = match axes.is_empty() {
            true => evaluated.eliminated.iter().map(bare).collect(),
            false => Vec::new(),
        };
        let placement = (!axes.is_empty()).then_some(placement);
        Ok(Maker { axes, whole, placement, eliminated, limits })
    }

    fn blocks(&self, cut: &Cut) -> Vec<Block> {
        let lengths: Vec<usize> = self.axes.iter().map(|axis| axis.chosen.codes.len()).collect();
        let mut ranges: Vec<Range<usize>> = lengths.iter().map(|length| 0..*length).collect();
        let mut blocks = Vec::new();
        let mut fixed = vec![0; cut.split];
        loop {
            for (range, at) in ranges.iter_mut().zip(&fixed) {
                *range = *at..at + 1;
            }
            for piece in 0..cut.pieces {
                if let Some(length) = lengths.get(cut.split) {
                    let begin = length * piece / cut.pieces;
                    ranges[cut.split] = begin..length * (piece + 1) / cut.pieces;
                }
                self.add(&ranges, &mut blocks);
            }
            // Counts up like an odometer, the last dimension fastest.
            let Some(turning) = (0..cut.split).rev().find(|at| fixed[*at] + 1 < lengths[*at])
            else {
                return blocks;
            };
            fixed[turning] += 1;
            fixed[turning + 1..].fill(0);
        }
    }

    /// Adds a block, or its halves where its body would be too long.
    fn add(&self, ranges: &[Range<usize>], blocks: &mut Vec<Block>) {
        let selection = self.selection(ranges);
        let length = ADDRESS + selection.to_query().len();
        let by_post =
            self.axes.is_empty() || length > self.limits.max_url || !selection.fits_in_query();
        let widest = ranges.iter().position(|range| range.len() > 1);
        if let Some(at) = widest
            && by_post
            && selection.to_body().to_string().len() > self.limits.max_body
        {
            let mut half = ranges.to_vec();
            let Range { start, end } = half[at];
            let middle = start.midpoint(end);
            half[at] = start..middle;
            self.add(&half, blocks);
            half[at] = middle..end;
            self.add(&half, blocks);
            return;
        }
        let first_cell = blocks.last().map_or(0, |block| block.first_cell + block.cells);
        let cells = ranges.iter().map(|range| range.len() as u64).product();
        blocks.push(Block { selection, first_cell, cells, by_post });
    }

    fn selection(&self, ranges: &[Range<usize>]) -> Selection {
        let say = |((axis, whole), range): ((&Axis<'_>, &Vec<String>), &Range<usize>)| {
            let is_whole = range.len() == axis.chosen.codes.len();
            VariableSelection {
                variable: axis.variable.code.clone(),
                code_list: axis.chosen.code_list.clone(),
                items: if is_whole { whole.clone() } else { axis.items(range.clone()) },
            }
        };
        let said = self.axes.iter().zip(&self.whole).zip(ranges).map(say);
        let variables = said.chain(self.eliminated.iter().cloned()).collect();
        Selection { variables, placement: self.placement.clone() }
    }
}

fn estimate(evaluated: &Evaluated, block: &Block) -> u64 {
    let codes: u64 = evaluated.variables.iter().map(|one| one.codes.len() as u64).sum();
    // A block has not all codes of the dimension that is split, and never more than cells.
    let codes = codes.min(block.cells.saturating_mul(evaluated.variables.len() as u64));
    let cells = block.cells.saturating_mul(NUMBER_BYTES + STATUS_BYTES);
    cells.saturating_add(ANSWER_BYTES + codes * CODE_BYTES)
}

/// A call counts until a window after its end: the first of the next lot waits for that.
fn takes(requests: u64, pace: Pace) -> Duration {
    let times = |duration: Duration, count: u64| {
        duration.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
    };
    let calls = u64::from(pace.calls);
    if requests == 0 || calls == 0 {
        return times(ANSWER_TIME, requests);
    }
    let lot = times(ANSWER_TIME, calls).max(pace.window.saturating_add(ANSWER_TIME));
    let last_lot = (requests - 1) % calls + 1;
    times(lot, (requests - 1) / calls).saturating_add(times(ANSWER_TIME, last_lot))
}
