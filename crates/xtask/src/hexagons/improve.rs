//! Local search: moves and swaps until neighbours, counties and outline agree.
//!
//! Annealing with a fixed seed and only the operations that every platform
//! rounds alike (no exponential, no logarithm), so the same places always
//! give the same cells. Two things never get worse on the way: a county never
//! falls into more patches than it had, and the country stays one patch without holes.

use super::grid::{Board, Cell};
use super::plane::Vector;

/// What the layout is drawn from: the true neighbours and the relaxed positions.
pub struct Wish<'a> {
    /// Neighbouring places.
    pub pairs: &'a [(usize, usize)],
    /// Projected true positions; only directions are read.
    pub points: &'a [Vector],
    /// Where relaxation put each place, 1 per hexagon.
    pub relaxed: &'a [Vector],
    /// Number of each place's county.
    pub counties: &'a [usize],
}

/// How many searches to choose from, and how long each one is.
const SEARCHES: u64 = 8;
const STEPS_PER_PLACE: usize = 5_000;
const SEED: u64 = 0x6772_756e_6e6c_6167;
const HOTTEST: f64 = 1.5;
/// Free cells around the first layout.
const MARGIN: i32 = 6;

/// Weight of the pull towards the relaxed position, which keeps the outline.
const OUTLINE: f64 = 0.1;
/// Reward for two neighbours side by side.
const ADJACENT: f64 = 1.0;
/// How much more a neighbour in the same county counts.
const SAME_COUNTY: f64 = 1.3;
/// Reward for two hexagons of one county side by side.
const COUNTY_BORDER: f64 = 0.5;
/// Reward for two hexagons side by side.
const COAST: f64 = 0.9;
/// Price of an empty cell with five or six neighbours: a hole or a notch.
const NOTCH: f64 = 4.0;

const EMPTY: usize = usize::MAX;

/// Returns better cells for the same places: the best of a few searches.
///
/// Best is where the neighbours' steps apart, and the neighbours whose
/// direction is 60 degrees off or more, are the fewest in all.
pub fn improve(wish: &Wish, cells: &[Cell]) -> Vec<Cell> {
    if cells.is_empty() {
        return Vec::new();
    }
    (0..SEARCHES)
        .map(|search| Search::new(wish, cells, SEED + search).run())
        .min_by_key(|cells| faults(wish, cells))
        .unwrap_or_else(|| cells.to_vec())
}

fn faults(wish: &Wish, cells: &[Cell]) -> i32 {
    let faults = wish.pairs.iter().map(|&(first, second)| {
        let truth = (wish.points[second] - wish.points[first]).unit();
        let drawn = (cells[second].centre() - cells[first].centre()).unit();
        cells[first].distance(cells[second]) + i32::from(truth.dot(drawn) < 0.5)
    });
    faults.sum()
}

struct Search<'a> {
    wish: &'a Wish<'a>,
    board: Board,
    centres: Vec<Vector>,
    /// Place on each cell of the board, or [`EMPTY`].
    holds: Vec<usize>,
    /// Cell of each place.
    place_at: Vec<usize>,
    /// For each place its neighbours: who, the true direction, the weight.
    wished: Vec<Vec<(usize, Vector, f64)>>,
    random: Random,
    seen: Vec<u32>,
    round: u32,
}

impl<'a> Search<'a> {
    fn new(wish: &'a Wish<'a>, cells: &[Cell], seed: u64) -> Self {
        let board = Board::around(cells, MARGIN);
        let place_at: Vec<usize> = cells.iter().map(|cell| board.index(*cell)).collect();
        let mut holds = vec![EMPTY; board.len()];
        for (place, index) in place_at.iter().enumerate() {
            holds[*index] = place;
        }
        let mut wished = vec![Vec::new(); cells.len()];
        for &(first, second) in wish.pairs {
            let step = (wish.points[second] - wish.points[first]).unit();
            let same = wish.counties[first] == wish.counties[second];
            let weight = if same { SAME_COUNTY } else { 1.0 };
            wished[first].push((second, step, weight));
            wished[second].push((first, step * -1.0, weight));
        }
        let centres = (0..board.len()).map(|index| board.cell(index).centre()).collect();
        let seen = vec![0; board.len()];
        Self { wish, board, centres, holds, place_at, wished, random: Random(seed), seen, round: 0 }
    }

    fn run(mut self) -> Vec<Cell> {
        let steps = STEPS_PER_PLACE * self.place_at.len();
        for step in 0..steps {
            let left = 1.0 - step as f64 / steps as f64;
            self.try_once(HOTTEST * left * left);
        }
        self.place_at.iter().map(|index| self.board.cell(*index)).collect()
    }

    /// Proposes one move or swap and keeps it unless it costs too much.
    fn try_once(&mut self, temperature: f64) {
        let place = self.random.below(self.place_at.len());
        let from = self.place_at[place];
        let to = self.proposal(place);
        if to == from || !self.board.is_inner(to) {
            return;
        }
        let other = self.holds[to];
        if other == EMPTY && !self.keeps_shape(from, to) {
            return;
        }
        let before = self.cost(place, other, [from, to]);
        self.exchange(from, to);
        let extra = self.cost(place, other, [from, to]) - before;
        if extra > temperature * self.random.patience() || self.splits(place, other, [from, to]) {
            self.exchange(from, to);
        }
    }

    /// A cell beside the place, or one beside where its neighbours want it.
    fn proposal(&mut self, place: usize) -> usize {
        let from = self.place_at[place];
        let wished = &self.wished[place];
        let start = if wished.is_empty() || self.random.below(2) == 0 {
            from
        } else {
            let sum = wished.iter().fold(Vector::ZERO, |sum, &(neighbour, step, _)| {
                sum + self.centres[self.place_at[neighbour]] - step
            });
            let cell = Cell::near(sum * (1.0 / wished.len() as f64));
            if !self.board.contains(cell) {
                return from;
            }
            self.board.index(cell)
        };
        if !self.board.is_inner(start) {
            return from;
        }
        self.board.around_cell(start)[self.random.below(6)]
    }

    /// Whether vacating one cell for another leaves one patch without holes.
    fn keeps_shape(&self, from: usize, to: usize) -> bool {
        let is_filled = |cell: usize| self.holds[cell] != EMPTY && cell != from;
        self.board.is_loose(from, is_filled) && self.board.is_loose(to, is_filled)
    }

    fn exchange(&mut self, from: usize, to: usize) {
        let (first, second) = (self.holds[from], self.holds[to]);
        self.holds[from] = second;
        self.holds[to] = first;
        if first != EMPTY {
            self.place_at[first] = to;
        }
        if second != EMPTY {
            self.place_at[second] = from;
        }
    }

    /// The part of the cost that exchanging two cells can change.
    fn cost(&self, place: usize, other: usize, cells: [usize; 2]) -> f64 {
        let mut cost = self.place_cost(place, EMPTY);
        if other == EMPTY {
            cost += self.notches(cells);
        } else {
            cost += self.place_cost(other, place);
        }
        cost
    }

    /// What one place pays where it stands; its pull on `except` is left out.
    fn place_cost(&self, place: usize, except: usize) -> f64 {
        let index = self.place_at[place];
        let centre = self.centres[index];
        let mut cost = OUTLINE * (centre - self.wish.relaxed[place]).length_squared();
        for &(neighbour, step, weight) in &self.wished[place] {
            if neighbour != except {
                let apart = self.centres[self.place_at[neighbour]] - centre;
                cost += weight * (apart - step).length_squared();
                if apart.length_squared() < 1.5 {
                    cost -= ADJACENT;
                }
            }
        }
        for beside in self.board.around_cell(index) {
            let neighbour = self.holds[beside];
            if neighbour != EMPTY {
                cost -= COAST;
                if self.wish.counties[neighbour] == self.wish.counties[place] {
                    cost -= COUNTY_BORDER;
                }
            }
        }
        cost
    }

    fn notches(&self, cells: [usize; 2]) -> f64 {
        let mut cost = 0.0;
        for cell in cells {
            cost += self.notch(cell);
            for beside in self.board.around_cell(cell) {
                cost += self.notch(beside);
            }
        }
        cost
    }

    fn notch(&self, cell: usize) -> f64 {
        if self.holds[cell] != EMPTY || !self.board.is_inner(cell) {
            return 0.0;
        }
        let around = self.board.around_cell(cell);
        match around.iter().filter(|beside| self.holds[**beside] != EMPTY).count() {
            6 => 2.0 * NOTCH,
            5 => NOTCH,
            4 => 0.2 * NOTCH,
            _ => 0.0,
        }
    }

    /// Whether the exchange just made left a county in more patches than before.
    fn splits(&mut self, place: usize, other: usize, [from, to]: [usize; 2]) -> bool {
        let county = self.wish.counties[place];
        if other == EMPTY {
            return self.splits_county(county, [from, to]);
        }
        let other_county = self.wish.counties[other];
        county != other_county
            && (self.splits_county(county, [from, to])
                || self.splits_county(other_county, [to, from]))
    }

    /// The same for the county that left one cell and came to another.
    fn splits_county(&mut self, county: usize, [left, entered]: [usize; 2]) -> bool {
        let arcs = self.board.arcs(left, |cell| self.is_of(cell, county));
        let joined = self.board.arcs(entered, |cell| self.is_of(cell, county)) > 0;
        // Cells side by side round the one left still hang together without it.
        if arcs <= 1 && joined {
            return false;
        }
        let after = self.patches_of(county);
        self.exchange(left, entered);
        let before = self.patches_of(county);
        self.exchange(left, entered);
        after > before
    }

    fn is_of(&self, cell: usize, county: usize) -> bool {
        let place = self.holds[cell];
        place != EMPTY && self.wish.counties[place] == county
    }

    fn patches_of(&mut self, county: usize) -> usize {
        self.round += 1;
        let mut patches = 0;
        let mut open = Vec::new();
        for place in 0..self.place_at.len() {
            let start = self.place_at[place];
            if self.wish.counties[place] != county || self.seen[start] == self.round {
                continue;
            }
            patches += 1;
            self.seen[start] = self.round;
            open.push(start);
            while let Some(index) = open.pop() {
                for beside in self.board.around_cell(index) {
                    if self.is_of(beside, county) && self.seen[beside] != self.round {
                        self.seen[beside] = self.round;
                        open.push(beside);
                    }
                }
            }
        }
        patches
    }
}

/// A small random number generator (splitmix64) with a seed of our own.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// How much extra cost to bear, in temperatures: about `-ln(u)`, from square root and division alone.
    fn patience(&mut self) -> f64 {
        let share = ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        (1.0 - share) / share.sqrt()
    }
}
