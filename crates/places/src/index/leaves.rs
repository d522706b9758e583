//! The square cut into leaves that few edges pass, in the order of the Z-curve.
//!
//! A leaf knows the parts at its lower left corner. They are found while the leaves are
//! made: from each leaf the walk goes on to the corners of the leaves east and north of it.

use std::collections::HashMap;

use geo_types::Coord;

use super::borders::{Borders, NONE};
use super::grid::{Grid, PAD, even_bits, interleave};
use super::walk::{EDGE, Leaf, Parts};

/// A leaf with no more edges than this is not cut.
const FEW_EDGES: usize = 6;
/// Cutting may put this many copies of an edge in leaves, on average.
const MOST_COPIES: usize = 8;
/// Cells a side of the look-up table: two to at most this power.
const MOST_TABLE_LEVELS: u32 = 10;
/// Marks a state that is a place in the list of sets.
const IS_SET: u32 = 1 << 31;

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// Number of the first finest cell; the leaf reaches to the next leaf's.
    code: u64,
    /// Where its edges begin; they reach to the next leaf's.
    first: u32,
    /// A part, [`NONE`], or a set.
    state: u32,
}

/// All leaves, and how to find the one at a place on the curve.
#[derive(Debug)]
pub(super) struct Leaves {
    slots: Vec<Slot>,
    edges: Vec<u32>,
    sets: Vec<Vec<u32>>,
    /// For each cell of the table, the leaf that holds its first finest cell.
    table: Vec<u32>,
    shift: u32,
}

impl Leaves {
    pub(super) fn build(borders: &Borders, grid: &Grid) -> Leaves {
        let count = borders.vertices().len();
        let levels =
            (0..MOST_TABLE_LEVELS.min(grid.levels)).find(|&level| (1 << (2 * level)) > count);
        let levels = levels.unwrap_or(MOST_TABLE_LEVELS.min(grid.levels));
        let table = Table::fill(borders, grid, levels);
        let leaves = Leaves {
            slots: Vec::with_capacity(count / 2),
            edges: Vec::with_capacity(count * 2),
            sets: Vec::new(),
            table: Vec::new(),
            shift: 2 * (grid.levels - levels),
        };
        let mut builder = Builder {
            borders,
            grid,
            table: &table,
            leaves,
            numbers: HashMap::new(),
            spare: Vec::new(),
        };
        builder.cut_table(Cell::ROOT, NONE);
        let mut leaves = builder.leaves;
        let last = Slot { code: u64::MAX, first: leaves.edges.len() as u32, state: NONE };
        leaves.slots.push(last);
        leaves.slots.shrink_to_fit();
        leaves.edges.shrink_to_fit();
        leaves.index_slots(1 << (2 * levels));
        leaves
    }

    fn index_slots(&mut self, cells: u64) {
        let mut slot = 0;
        self.table = (0..=cells)
            .map(|cell| {
                while slot + 2 < self.slots.len() && self.slots[slot + 1].code <= cell << self.shift
                {
                    slot += 1;
                }
                slot as u32
            })
            .collect();
    }

    /// The leaf that holds a finest cell.
    #[inline]
    pub(super) fn find(&self, code: u64) -> usize {
        let cell = (code >> self.shift) as usize;
        let (low, high) = (self.table[cell] as usize, self.table[cell + 1] as usize);
        low + self.slots[low + 1..=high].partition_point(|slot| slot.code <= code)
    }

    /// The leaf that holds a finest cell, which is likely soon after `slot`.
    #[inline]
    pub(super) fn find_from(&self, slot: usize, code: u64) -> usize {
        if self.slots[slot].code <= code {
            for near in slot..(slot + 8).min(self.slots.len() - 1) {
                if self.slots[near + 1].code > code {
                    return near;
                }
            }
        }
        self.find(code)
    }

    #[inline]
    pub(super) fn edges(&self, slot: usize) -> &[u32] {
        &self.edges[self.slots[slot].first as usize..self.slots[slot + 1].first as usize]
    }

    /// The edges of every leaf that has some.
    pub(super) fn all_edges(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.slots.len() - 1).map(|slot| self.edges(slot)).filter(|edges| !edges.is_empty())
    }

    /// The edges of the leaf that a cell lies in; `None` for a cell of several leaves.
    ///
    /// Leaves without edges count for nothing.
    pub(super) fn edges_if_leaf(&self, cell: Cell, grid: &Grid) -> Option<&[u32]> {
        let last = cell.code() + (1_u64 << (2 * (grid.levels - cell.level))) - 1;
        let (from, to) = (self.find(cell.code()), self.find(last));
        let is_empty = self.slots[from].first == self.slots[to + 1].first;
        (from == to || is_empty).then(|| self.edges(from))
    }

    #[inline]
    pub(super) fn leaf(&self, slot: usize, grid: &Grid) -> Leaf<'_> {
        Leaf { edges: self.edges(slot), x: grid.corner_x(even_bits(self.slots[slot].code)) }
    }

    /// The one part at the corner, or the parts.
    #[inline]
    pub(super) fn state(&self, slot: usize) -> Result<u32, &[u32]> {
        match self.slots[slot].state {
            NONE => Ok(NONE),
            set if set & IS_SET != 0 => Err(&self.sets[(set ^ IS_SET) as usize]),
            part => Ok(part),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
            + (self.edges.capacity() + self.table.capacity()) * size_of::<u32>()
            + self.sets.iter().map(|set| size_of_val(set.as_slice())).sum::<usize>()
    }
}

/// A square of finest cells: the one at `x`, `y` and as many as the level leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) x: u32,
    pub(super) y: u32,
    level: u32,
}

impl Cell {
    /// The whole square.
    pub(super) const ROOT: Cell = Cell { x: 0, y: 0, level: 0 };

    fn code(self) -> u64 {
        interleave(self.x, self.y)
    }

    /// Finest cells a side.
    pub(super) fn size(self, grid: &Grid) -> u32 {
        1 << (grid.levels - self.level)
    }

    /// Its quarters, in the order of the curve.
    pub(super) fn quarters(self, grid: &Grid) -> [Cell; 4] {
        let half = self.size(grid) / 2;
        let quarter = |x, y| Cell { x: self.x + x, y: self.y + y, level: self.level + 1 };
        [quarter(0, 0), quarter(half, 0), quarter(0, half), quarter(half, half)]
    }
}

/// The edges that pass each cell of the level that is cut first, found row by row.
struct Table {
    level: u32,
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl Table {
    fn fill(borders: &Borders, grid: &Grid, level: u32) -> Table {
        let mut passed: Vec<(u32, u32)> = Vec::with_capacity(borders.vertices().len() * 5 / 4);
        for edge in (0..borders.vertices().len()).filter(|&edge| borders.is_edge(edge)) {
            let ends = borders.edge(edge as u32).map(|end| grid.in_cells(end));
            cells_passed(ends, grid.levels - level, |cell| passed.push((cell, edge as u32)));
        }
        let mut starts = vec![0_u32; (1 << (2 * level)) + 1];
        for &(cell, _) in &passed {
            starts[cell as usize + 1] += 1;
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let mut next = starts.clone();
        let mut edges = vec![0; passed.len()];
        for (cell, edge) in passed {
            edges[next[cell as usize] as usize] = edge;
            next[cell as usize] += 1;
        }
        Table { level, starts, edges }
    }

    fn edges(&self, from: u64, to: u64) -> &[u32] {
        &self.edges[self.starts[from as usize] as usize..self.starts[to as usize] as usize]
    }
}

/// Calls `found` with the number along the curve of each cell of `2^shift` that a segment may touch.
fn cells_passed([start, end]: [Coord<f64>; 2], shift: u32, mut found: impl FnMut(u32)) {
    let side = f64::from(1_u32 << shift);
    let (low, high) = if start.y <= end.y { (start, end) } else { (end, start) };
    let cell = |place: f64| (place.max(0.0) as u32) >> shift;
    let (west, east) = (start.x.min(end.x) - PAD, start.x.max(end.x) + PAD);
    let (first_row, last_row) = (cell(low.y - PAD), cell(high.y + PAD));
    if first_row == last_row {
        for column in cell(west)..=cell(east) {
            found(interleave(column, first_row) as u32);
        }
        return;
    }
    let slope = (high.x - low.x) / (high.y - low.y);
    for row in first_row..=last_row {
        let below = f64::from(row) * side - PAD;
        let above = below + side + 2.0 * PAD;
        let [one, other] = [below, above].map(|y| low.x + (y.clamp(low.y, high.y) - low.y) * slope);
        // A level edge has no slope to speak of, and stays within its box.
        let from = if slope.is_finite() { (one.min(other) - PAD).max(west) } else { west };
        let to = if slope.is_finite() { (one.max(other) + PAD).min(east) } else { east };
        for column in cell(from)..=cell(to) {
            found(interleave(column, row) as u32);
        }
    }
}

struct Builder<'a> {
    borders: &'a Borders,
    grid: &'a Grid,
    table: &'a Table,
    leaves: Leaves,
    /// Numbers of sets that were met before.
    numbers: HashMap<Vec<u32>, u32>,
    /// Emptied lists, to be filled again.
    spare: Vec<[Vec<u32>; 4]>,
}

/// States at the lower right and the upper left corner of a cell.
type Corners = [u32; 2];

impl Builder<'_> {
    /// Cuts down to the cells of the table; cells without edges stay whole.
    fn cut_table(&mut self, cell: Cell, state: u32) -> Corners {
        let shift = 2 * (self.grid.levels - self.table.level);
        let from = cell.code() >> shift;
        let count = 1 << (2 * (self.table.level - cell.level));
        let edges = self.table.edges(from, from + count);
        if edges.is_empty() {
            return self.push(cell, edges, state);
        }
        if cell.level == self.table.level {
            return self.cut(cell, edges, state, edges.len() * MOST_COPIES);
        }
        let [low_left, low_right, high_left, high_right] = cell.quarters(self.grid);
        let [east, north] = self.cut_table(low_left, state);
        let [far_east, centre] = self.cut_table(low_right, east);
        let [_, far_north] = self.cut_table(high_left, north);
        self.cut_table(high_right, centre);
        [far_east, far_north]
    }

    /// Cuts a cell into quarters for as long as that leaves fewer edges in each.
    fn cut(&mut self, cell: Cell, edges: &[u32], state: u32, most: usize) -> Corners {
        if edges.len() <= FEW_EDGES || cell.level == self.grid.levels {
            return self.push(cell, edges, state);
        }
        let mut lists = self.spare.pop().unwrap_or_default();
        self.deal(cell, edges, &mut lists);
        let sum: usize = lists.iter().map(Vec::len).sum();
        let is_worth_it = sum <= most && sum * 10 <= edges.len() * 36;
        let corners = if is_worth_it {
            let share = |list: &[u32]| most * list.len() / sum;
            let quarters = cell.quarters(self.grid);
            let [east, north] = self.cut(quarters[0], &lists[0], state, share(&lists[0]));
            let [far_east, centre] = self.cut(quarters[1], &lists[1], east, share(&lists[1]));
            let [_, far_north] = self.cut(quarters[2], &lists[2], north, share(&lists[2]));
            self.cut(quarters[3], &lists[3], centre, share(&lists[3]));
            [far_east, far_north]
        } else {
            self.push(cell, edges, state)
        };
        self.spare.push(lists);
        corners
    }

    /// Deals edges to the quarters of a cell that they may touch.
    fn deal(&self, cell: Cell, edges: &[u32], lists: &mut [Vec<u32>; 4]) {
        lists.iter_mut().for_each(Vec::clear);
        let half = f64::from(cell.size(self.grid) / 2);
        let middle = Coord { x: f64::from(cell.x) + half, y: f64::from(cell.y) + half };
        let reach = half / 2.0 + PAD;
        for &edge in edges {
            let [start, end] = self.borders.edge(edge).map(|end| self.grid.in_cells(end));
            let has_west = start.x.min(end.x) <= middle.x + PAD;
            let has_east = start.x.max(end.x) >= middle.x - PAD;
            let has_south = start.y.min(end.y) <= middle.y + PAD;
            let has_north = start.y.max(end.y) >= middle.y - PAD;
            let (across, along) = (end.x - start.x, end.y - start.y);
            // The line passes a square when its centre is no farther than half its breadth.
            let at_middle = across * (middle.y - start.y) - along * (middle.x - start.x);
            let breadth = (across.abs() + along.abs()) * reach;
            let (up, right) = (across * half / 2.0, along * half / 2.0);
            let quarters = [
                (has_west && has_south, -up + right),
                (has_east && has_south, -up - right),
                (has_west && has_north, up + right),
                (has_east && has_north, up - right),
            ];
            for (list, (has_box, step)) in lists.iter_mut().zip(quarters) {
                if has_box && (at_middle + step).abs() <= breadth {
                    list.push(edge);
                }
            }
        }
    }

    /// Makes a leaf of a cell.
    fn push(&mut self, cell: Cell, edges: &[u32], state: u32) -> Corners {
        let first = self.leaves.edges.len();
        if edges.is_empty() {
            let goes_on = self.leaves.slots.last();
            let goes_on =
                goes_on.is_some_and(|last| last.first as usize == first && last.state == state);
            if !goes_on {
                self.leaves.slots.push(Slot { code: cell.code(), first: first as u32, state });
            }
            return [state; 2];
        }
        self.leaves.slots.push(Slot { code: cell.code(), first: first as u32, state });
        let corner = self.grid.corner(cell.x, cell.y);
        let tagged = edges.iter().map(|&edge| edge | Leaf::kind(self.borders.edge(edge), corner));
        self.leaves.edges.extend(tagged);
        // Edges that pass the left side come first, so that the branches are regular.
        self.leaves.edges[first..].sort_unstable_by_key(|tagged| std::cmp::Reverse(tagged & !EDGE));
        let size = cell.size(self.grid);
        [(cell.x + size, cell.y), (cell.x, cell.y + size)].map(|(x, y)| {
            let leaf = Leaf { edges: &self.leaves.edges[first..], x: corner.x };
            let point = self.grid.corner(x, y);
            let parts = match state {
                set if set & IS_SET != 0 && set != NONE => {
                    let parts = &self.leaves.sets[(set ^ IS_SET) as usize];
                    leaf.parts_from(self.borders, parts, point)
                }
                part => match leaf.only_from(self.borders, part, point) {
                    Some(part) => return part,
                    None => leaf.parts_from(self.borders, &[part], point),
                },
            };
            self.number(parts)
        })
    }

    fn number(&mut self, parts: Parts) -> u32 {
        match parts {
            Parts::One(part) => part,
            Parts::Many(set) => {
                let next = self.leaves.sets.len() as u32 | IS_SET;
                let number = *self.numbers.entry(set.clone()).or_insert(next);
                if number == next {
                    self.leaves.sets.push(set);
                }
                number
            }
        }
    }
}
