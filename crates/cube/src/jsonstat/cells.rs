//! The two members that grow with the cube: `value` and `status`.

use super::scan::{Number, Scanner};
use crate::{CubeError, Statuses, Values};

/// A sparse `value` may always span this many cells.
const SPARSE_FREE: usize = 1 << 20;

/// Beyond that, cells that a sparse `value` may span per byte of the document: an
/// entry takes some fourteen bytes, so one cell in 220 must have one.
const SPARSE_PER_BYTE: usize = 16;

/// The numbers, and the symbols that some producers write among them.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) values: Values,
    pub(super) symbols: Statuses,
    /// `value` was `{}`: no numbers, but perhaps a status for each cell.
    pub(super) is_empty_object: bool,
}

impl Cells {
    /// Takes `value`, of a cube with `cells` cells.
    pub(super) fn take(scanner: &mut Scanner<'_>, cells: usize) -> Result<Cells, CubeError> {
        match scanner.peek() {
            Some(b'[') => dense(scanner, cells),
            Some(b'{') => sparse(scanner, cells),
            _ if scanner.take_word("null") => Ok(Cells::default()),
            _ => Err(scanner.expected("an array or object of values")),
        }
    }

    /// Makes room for `cells` cells without a number.
    pub(super) fn fill_missing(&mut self, cells: usize, document: usize) -> Result<(), CubeError> {
        within_sparse(cells, document)?;
        self.values = Values::missing(cells);
        Ok(())
    }
}

/// Refuses a sparse cube that is out of all proportion to its document.
fn within_sparse(cells: usize, document: usize) -> Result<(), CubeError> {
    let limit = SPARSE_FREE.saturating_add(document.saturating_mul(SPARSE_PER_BYTE));
    if cells <= limit {
        return Ok(());
    }
    let problem = format!(
        "an object of values in {document} bytes may span {limit} cells at most, not {cells}"
    );
    Err(CubeError::shape("value", problem))
}

fn dense(scanner: &mut Scanner<'_>, cells: usize) -> Result<Cells, CubeError> {
    // Two bytes is the shortest cell: a size that lies reserves no more than the text holds.
    let mut values = Values::with_capacity(cells.min(scanner.length() / 2));
    let mut symbols = Statuses::none();
    scanner.array(|scanner| {
        match scanner.peek() {
            Some(b'-' | b'0'..=b'9') => match scanner.short_number() {
                Some(number) => values.push(number),
                None => push(&mut values, scanner.number()?),
            },
            Some(b'n') if scanner.take_word("null") => values.push_missing(),
            Some(b'"') => match text(scanner)? {
                Text::Number(number) => push(&mut values, number),
                Text::Symbol(symbol) => {
                    let cell = values.len();
                    values.push_missing();
                    set_symbol(&mut symbols, scanner, (cell, cell + 1), &symbol)?;
                }
            },
            _ => return Err(scanner.expected("a number, null or a symbol")),
        }
        Ok(())
    })?;
    if values.len() != cells && !values.is_empty() {
        let problem = format!("there are {} values for {cells} cells", values.len());
        return Err(CubeError::shape("value", problem));
    }
    Ok(Cells { values, symbols, is_empty_object: false })
}

fn sparse(scanner: &mut Scanner<'_>, cells: usize) -> Result<Cells, CubeError> {
    let mut look = scanner.clone();
    if look.take(b'{') && look.take(b'}') {
        *scanner = look;
        return Ok(Cells { is_empty_object: true, ..Cells::default() });
    }
    within_sparse(cells, scanner.length())?;
    let mut values = Values::missing(cells);
    let mut symbols = Statuses::none();
    scanner.entries(cells, |scanner, cell| {
        if values.has(cell) {
            return Err(scanner.refuse(format!("the cell at position {cell} has two values")));
        }
        match scanner.peek() {
            Some(b'-' | b'0'..=b'9') => set(&mut values, cell, scanner.number()?),
            Some(b'n') if scanner.take_word("null") => {}
            Some(b'"') => match text(scanner)? {
                Text::Number(number) => set(&mut values, cell, number),
                Text::Symbol(symbol) => set_symbol(&mut symbols, scanner, (cell, cells), &symbol)?,
            },
            _ => return Err(scanner.expected("a number, null or a symbol")),
        }
        Ok(())
    })?;
    Ok(Cells { values, symbols, is_empty_object: false })
}

fn push(values: &mut Values, number: Number<'_>) {
    match number.exact {
        None => values.push(number.nearest),
        Some(written) => values.push_exact(number.nearest, written),
    }
}

fn set(values: &mut Values, cell: usize, number: Number<'_>) {
    values.set(cell, Some(number.nearest));
    if let Some(written) = number.exact {
        values.set_exact(cell, written);
    }
}

/// A text inside `value`: FHI writes flags so, and old producers numbers.
enum Text<'a> {
    Number(Number<'a>),
    Symbol(std::borrow::Cow<'a, str>),
}

fn text<'a>(scanner: &mut Scanner<'a>) -> Result<Text<'a>, CubeError> {
    let start = scanner.clone();
    let text = scanner.string()?;
    // Taken for a symbol, a number would become a gap.
    let mut inside = start;
    if inside.take(b'"')
        && let Ok(number) = inside.number()
        && inside.take(b'"')
    {
        return Ok(Text::Number(number));
    }
    Ok(Text::Symbol(text))
}

fn set_symbol(
    symbols: &mut Statuses,
    scanner: &Scanner<'_>,
    (cell, cells): (usize, usize),
    symbol: &str,
) -> Result<(), CubeError> {
    if symbol.is_empty() {
        return Ok(());
    }
    let key = symbols.key_of(symbol).ok_or_else(|| too_many(scanner))?;
    symbols.set_key(cell, cells, key);
    Ok(())
}

fn too_many(scanner: &Scanner<'_>) -> CubeError {
    scanner.refuse("there are more than 65,535 different symbols")
}

/// Takes `status` of a cube with `cells` cells, on top of the symbols found among its values.
pub(super) fn take_statuses(
    scanner: &mut Scanner<'_>,
    cells: usize,
    symbols: Statuses,
) -> Result<Statuses, CubeError> {
    let mut taken = Taker { statuses: symbols, last: ("", 0), cells };
    match scanner.peek() {
        Some(b'{') => scanner.entries(cells, |scanner, cell| taken.cell(scanner, cell))?,
        Some(b'[') => taken.array(scanner)?,
        Some(b'"') => taken.every(&scanner.string()?, scanner)?,
        _ if scanner.take_word("null") => {}
        _ => return Err(scanner.expected("a text, array or object of statuses")),
    }
    Ok(taken.statuses)
}

/// Gives cells their symbols; neighbours mostly have the same one.
struct Taker<'a> {
    statuses: Statuses,
    last: (&'a str, u16),
    cells: usize,
}

impl<'a> Taker<'a> {
    #[inline]
    fn cell(&mut self, scanner: &mut Scanner<'a>, cell: usize) -> Result<(), CubeError> {
        let Some(key) = self.key(scanner)? else { return Ok(()) };
        self.statuses.set_key(cell, self.cells, key);
        Ok(())
    }

    /// The key of the symbol that is next; `None` for null and the empty text.
    #[inline]
    fn key(&mut self, scanner: &mut Scanner<'a>) -> Result<Option<u16>, CubeError> {
        use std::borrow::Cow;
        if scanner.peek() == Some(b'n') && scanner.take_word("null") {
            return Ok(None);
        }
        let symbol = scanner.string()?;
        if symbol.is_empty() {
            return Ok(None);
        }
        if symbol == self.last.0 {
            return Ok(Some(self.last.1));
        }
        let key = self.statuses.key_of(&symbol).ok_or_else(|| too_many(scanner))?;
        if let Cow::Borrowed(symbol) = symbol {
            self.last = (symbol, key);
        }
        Ok(Some(key))
    }

    /// One status per cell; one for all; or fewer, and the last cells have none.
    fn array(&mut self, scanner: &mut Scanner<'a>) -> Result<(), CubeError> {
        let mut count = 0;
        let mut first = None;
        let cells = self.cells;
        scanner.array(|scanner| {
            let key = self.key(scanner)?;
            if count == 0 {
                first = key;
            }
            if let (Some(key), true) = (key, count < cells) {
                self.statuses.set_key(count, cells, key);
            }
            count += 1;
            Ok(())
        })?;
        match (count, first) {
            (1, Some(key)) => self.statuses.fill(cells, key),
            (1, None) => {}
            _ if count > cells => {
                let problem = format!("there are {count} statuses for {cells} cells");
                return Err(CubeError::shape("status", problem));
            }
            _ => {}
        }
        Ok(())
    }

    fn every(&mut self, symbol: &str, scanner: &Scanner<'_>) -> Result<(), CubeError> {
        if symbol.is_empty() || self.cells == 0 {
            return Ok(());
        }
        let key = self.statuses.key_of(symbol).ok_or_else(|| too_many(scanner))?;
        self.statuses.fill(self.cells, key);
        Ok(())
    }
}

impl<'a> Scanner<'a> {
    /// Takes an object whose names are flat positions.
    #[inline]
    fn entries(
        &mut self,
        cells: usize,
        mut entry: impl FnMut(&mut Scanner<'a>, usize) -> Result<(), CubeError>,
    ) -> Result<(), CubeError> {
        if !self.take(b'{') {
            return Err(self.expected("an object"));
        }
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let cell = self.position(cells)?;
            if !self.take(b':') {
                return Err(self.expected("a colon"));
            }
            entry(self, cell)?;
            if self.take(b',') {
                continue;
            }
            if self.take(b'}') {
                return Ok(());
            }
            return Err(self.expected("a comma or the end of the object"));
        }
    }
}
