//! Pointy-top hexagons: axial cells, their centres, distances, and a board of them.
//!
//! Inside the module cells are axial (q east, r south-east), because there
//! distances and moves are plain sums; [`Cell::offset`] gives the column and
//! row that readers of the layout see.

use super::plane::Vector;

/// Distance between two rows of hexagons whose columns are 1 apart: half the root of 3.
const ROW_HEIGHT: f64 = 0.866_025_403_784_438_6;

/// One hexagon in axial coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    pub q: i32,
    pub r: i32,
}

impl Cell {
    /// The hexagon's centre, where neighbouring centres are 1 apart.
    pub fn centre(self) -> Vector {
        Vector { x: f64::from(self.q) + 0.5 * f64::from(self.r), y: ROW_HEIGHT * f64::from(self.r) }
    }

    /// The hexagon whose centre is about here (nearest row, then nearest in it).
    pub fn near(point: Vector) -> Self {
        let r = (point.y / ROW_HEIGHT).round();
        Self { q: (point.x - 0.5 * r).round() as i32, r: r as i32 }
    }

    /// Steps from hexagon to hexagon between two cells.
    pub fn distance(self, other: Self) -> i32 {
        let (q, r) = (self.q - other.q, self.r - other.r);
        q.abs().max(r.abs()).max((q + r).abs())
    }

    /// Column and row of the "odd-r" offset grid.
    pub fn offset(self) -> (i32, i32) {
        (self.q + (self.r - self.r.rem_euclid(2)) / 2, self.r)
    }

    /// The cell at this column and row of the "odd-r" offset grid.
    #[cfg(test)]
    pub fn from_offset(column: i32, row: i32) -> Self {
        Self { q: column - (row - row.rem_euclid(2)) / 2, r: row }
    }
}

/// A rectangle of axial cells with a margin, addressed by one number.
#[derive(Debug, Clone)]
pub struct Board {
    least: Cell,
    width: usize,
    height: usize,
}

impl Board {
    /// The board that holds all `cells` and `margin` cells around them.
    pub fn around(cells: &[Cell], margin: i32) -> Self {
        let least_q = cells.iter().map(|cell| cell.q).min().unwrap_or(0) - margin;
        let least_r = cells.iter().map(|cell| cell.r).min().unwrap_or(0) - margin;
        let most_q = cells.iter().map(|cell| cell.q).max().unwrap_or(0) + margin;
        let most_r = cells.iter().map(|cell| cell.r).max().unwrap_or(0) + margin;
        Self {
            least: Cell { q: least_q, r: least_r },
            width: (most_q - least_q + 1) as usize,
            height: (most_r - least_r + 1) as usize,
        }
    }

    pub fn len(&self) -> usize {
        self.width * self.height
    }

    pub fn cell(&self, index: usize) -> Cell {
        Cell {
            q: self.least.q + (index % self.width) as i32,
            r: self.least.r + (index / self.width) as i32,
        }
    }

    pub fn index(&self, cell: Cell) -> usize {
        (cell.q - self.least.q) as usize + self.width * (cell.r - self.least.r) as usize
    }

    pub fn contains(&self, cell: Cell) -> bool {
        let (q, r) = (cell.q - self.least.q, cell.r - self.least.r);
        (0..self.width as i32).contains(&q) && (0..self.height as i32).contains(&r)
    }

    /// Whether the cell at `index` has all six neighbours on the board.
    pub fn is_inner(&self, index: usize) -> bool {
        let (column, row) = (index % self.width, index / self.width);
        column > 0 && column + 1 < self.width && row > 0 && row + 1 < self.height
    }

    /// The six neighbours of an inner cell, going round.
    pub fn around_cell(&self, index: usize) -> [usize; 6] {
        let width = self.width;
        [index + 1, index + width, index + width - 1, index - 1, index - width, index - width + 1]
    }

    /// Whether an inner cell could be taken from or given to the filled cells
    /// without splitting them, joining their ends or changing their holes: the
    /// filled ones around it form one arc that does not close.
    pub fn is_loose(&self, index: usize, is_filled: impl Fn(usize) -> bool) -> bool {
        self.arcs(index, &is_filled) == 1 && !self.around_cell(index).into_iter().all(is_filled)
    }

    /// In how many arcs the filled ones lie round an inner cell; a closed ring is one.
    pub fn arcs(&self, index: usize, is_filled: impl Fn(usize) -> bool) -> usize {
        let filled = self.around_cell(index).map(is_filled);
        if filled == [true; 6] {
            return 1;
        }
        (0..6).filter(|side| filled[*side] && !filled[(side + 1) % 6]).count()
    }
}
