//! The numbers after `DATA=`, read on bytes.

use std::collections::HashMap;

use crate::{CubeError, Statuses, Values, nearest};

/// Where the numbers are, to say where one is wrong.
pub(super) struct Data<'a> {
    pub file: &'a [u8],
    pub begin: usize,
}

/// What the symbols in `DATA` are shown as: at 0 nil (`-`), at n that of n dots.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Symbols(pub [String; 8]);

impl Default for Symbols {
    fn default() -> Symbols {
        Symbols(std::array::from_fn(|dots| match dots {
            0 => "-".to_owned(),
            dots => ".".repeat(dots),
        }))
    }
}

/// A variable whose category is named at the beginning of each row.
pub(super) struct Key<'a> {
    pub dimension: &'a str,
    pub positions: HashMap<&'a str, usize>,
    pub size: usize,
}

/// The cells, as far as they are read.
struct Cells {
    values: Values,
    statuses: Statuses,
    /// Keys of the eight symbols, once they occurred.
    known: [Option<u16>; 8],
    /// An upper bound of the number of cells that the bytes can hold.
    room: usize,
}

/// One number or symbol.
enum Cell<'a> {
    Number(f64),
    /// A whole number that `f64` does not hold.
    Exact(f64, &'a str),
    /// Position in [`Symbols`].
    Symbol(usize),
    /// Any other text in quotes.
    Text(&'a [u8]),
}

const POWERS: [f64; 20] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19,
];

/// Largest whole number up to which `f64` holds each.
const EXACT: u64 = 1 << 53;

impl Data<'_> {
    /// Reads `cells` cells, row by row.
    ///
    /// Nil is the number 0 with the symbol that is shown for it; the dots are no number.
    pub fn matrix(&self, cells: usize, symbols: &Symbols) -> Result<(Values, Statuses), CubeError> {
        let room = cells.min((self.file.len() - self.begin) / 2 + 1);
        let mut read = Cells {
            values: Values::with_capacity(room),
            statuses: Statuses::none(),
            known: [None; 8],
            room,
        };
        let mut at = self.begin;
        while let Some(begin) = self.next(at)? {
            if read.values.len() == cells {
                let found = self.count(begin, cells)?;
                return Err(self.count_fault(found, cells));
            }
            at = match short_number(self.file, begin) {
                Some((number, end)) => {
                    read.values.push(number);
                    end
                }
                None => {
                    let (cell, end) = self.cell(begin)?;
                    self.push(&mut read, cell, (symbols, begin))?;
                    end
                }
            };
        }
        match read.values.len() == cells {
            true => Ok((read.values, read.statuses)),
            false => Err(self.count_fault(read.values.len(), cells)),
        }
    }

    /// Reads rows that begin with their keys; `width` numbers follow. Rows that are not there are zeros.
    pub fn keyed(
        &self,
        keys: &[Key<'_>],
        width: usize,
        symbols: &Symbols,
        decode: &dyn Fn(&[u8]) -> String,
    ) -> Result<(Values, Statuses), CubeError> {
        let rows: usize = keys.iter().map(|key| key.size).product();
        let cells = rows * width;
        let mut values = Values::zeros(cells);
        let mut statuses = Statuses::none();
        let mut seen = vec![false; rows];
        let mut at = self.begin;
        while let Some(begin) = self.next(at)? {
            let (row, end) = self.row(begin, keys, decode)?;
            if std::mem::replace(&mut seen[row], true) {
                return Err(self.fault(begin, "these keys occurred in a row before"));
            }
            at = end;
            for column in 0..width {
                let Some(begin) = self.next(at)? else {
                    return Err(self.fault(at, format!("the row has {column} of {width} numbers")));
                };
                let (cell, end) = self.cell(begin)?;
                at = end;
                let place = row * width + column;
                let (number, symbol) = self.meaning(&cell, (symbols, begin))?;
                values.set(place, number);
                if let Cell::Exact(_, written) = cell {
                    values.set_exact(place, written);
                }
                statuses.set(place, cells, &symbol);
            }
        }
        Ok((values, statuses))
    }

    /// Position of the row that begins here, and where its keys end.
    fn row(
        &self,
        begin: usize,
        keys: &[Key<'_>],
        decode: &dyn Fn(&[u8]) -> String,
    ) -> Result<(usize, usize), CubeError> {
        let mut row = 0;
        let mut at = begin;
        for key in keys {
            let begin = self.next(at)?.unwrap_or(self.file.len());
            if self.file.get(begin) != Some(&b'"') {
                let problem =
                    format!("the key of `{}` should stand here, in quotes", key.dimension);
                return Err(self.fault(begin, problem));
            }
            let length = self.file[begin + 1..].iter().position(|byte| *byte == b'"');
            let length = length.ok_or_else(|| self.fault(begin, "a text without its end"))?;
            let written = decode(&self.file[begin + 1..begin + 1 + length]);
            let position = key.positions.get(written.as_str());
            let position = position.ok_or_else(|| CubeError::UnknownCode {
                dimension: key.dimension.to_owned(),
                near: nearest(&written, key.positions.keys().copied()),
                code: written.clone(),
            })?;
            row = row * key.size + position;
            at = begin + length + 2;
        }
        Ok((row, at))
    }

    /// Where the next cell begins; `None` after the `;` that closes the numbers.
    #[inline]
    fn next(&self, mut at: usize) -> Result<Option<usize>, CubeError> {
        loop {
            match self.file.get(at) {
                Some(b' ' | b'\n' | b'\r' | b'\t' | b',') => at += 1,
                // Old files separate numbers with semicolons, too: only the last one ends.
                Some(b';') => match is_blank(&self.file[at + 1..]) {
                    true => return Ok(None),
                    false => at += 1,
                },
                Some(_) => return Ok(Some(at)),
                None => {
                    let problem = "no `;` after the numbers; the file may be cut";
                    return Err(self.fault(at, problem));
                }
            }
        }
    }

    fn cell(&self, begin: usize) -> Result<(Cell<'_>, usize), CubeError> {
        let rest = &self.file[begin..];
        if rest[0] == b'"' {
            let length = rest[1..].iter().take(256).position(|byte| *byte == b'"');
            let length = length.ok_or_else(|| self.fault(begin, "a symbol without its end"))?;
            let text = &rest[1..=length];
            let cell = match symbol(text.trim_ascii()) {
                Some(symbol) => Cell::Symbol(symbol),
                None => Cell::Text(text),
            };
            return Ok((cell, begin + length + 2));
        }
        let length = rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len());
        let written = &rest[..length];
        match symbol(written) {
            Some(symbol) => Ok((Cell::Symbol(symbol), begin + length)),
            None => Ok((self.long_number(begin, written)?, begin + length)),
        }
    }

    fn long_number<'a>(&self, begin: usize, written: &'a [u8]) -> Result<Cell<'a>, CubeError> {
        let not_a_number = || {
            let shown: String = String::from_utf8_lossy(written).chars().take(24).collect();
            self.fault(begin, format!("`{shown}` is neither a number nor a symbol"))
        };
        let is_number = written.iter().any(u8::is_ascii_digit)
            && written.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
        let text = std::str::from_utf8(written).ok().filter(|_| is_number);
        let text = text.ok_or_else(not_a_number)?;
        let number: f64 = text.parse().map_err(|_| not_a_number())?;
        if !number.is_finite() {
            return Err(self.fault(begin, format!("`{text}` is larger than any number here")));
        }
        let is_whole = !text.contains(['.', 'e', 'E']);
        match is_whole && number.abs() > EXACT as f64 && number.to_string() != text {
            true => Ok(Cell::Exact(number, text)),
            false => Ok(Cell::Number(number)),
        }
    }

    fn push(
        &self,
        read: &mut Cells,
        cell: Cell<'_>,
        (symbols, begin): (&Symbols, usize),
    ) -> Result<(), CubeError> {
        let place = read.values.len();
        match cell {
            Cell::Number(number) => read.values.push(number),
            Cell::Exact(number, written) => read.values.push_exact(number, written),
            Cell::Symbol(symbol) => {
                match symbol {
                    0 => read.values.push(0.0),
                    _ => read.values.push_missing(),
                }
                let key = match read.known[symbol] {
                    Some(key) => key,
                    None => {
                        let key = read.statuses.key_of(&symbols.0[symbol]).unwrap_or(0);
                        read.known[symbol] = Some(key);
                        key
                    }
                };
                if key != 0 {
                    read.statuses.set_key(place, read.room, key);
                }
            }
            Cell::Text(_) => {
                let (_, symbol) = self.meaning(&cell, (symbols, begin))?;
                read.values.push_missing();
                read.statuses.set(place, read.room, &symbol);
            }
        }
        Ok(())
    }

    fn meaning(
        &self,
        cell: &Cell<'_>,
        (symbols, begin): (&Symbols, usize),
    ) -> Result<(Option<f64>, String), CubeError> {
        match cell {
            Cell::Number(number) | Cell::Exact(number, _) => Ok((Some(*number), String::new())),
            Cell::Symbol(0) => Ok((Some(0.0), symbols.0[0].clone())),
            Cell::Symbol(symbol) => Ok((None, symbols.0[*symbol].clone())),
            Cell::Text(text) => {
                let text = std::str::from_utf8(text)
                    .map_err(|_| self.fault(begin, "a symbol that is not text"))?
                    .trim();
                match text
                    .parse::<f64>()
                    .is_ok_and(|_| text.contains(|one: char| one.is_ascii_digit()))
                {
                    true => Err(self.fault(begin, format!("the number `{text}` is in quotes"))),
                    false => Ok((None, text.to_owned())),
                }
            }
        }
    }

    /// How many cells there are, of which `before` lie before `at`.
    fn count(&self, mut at: usize, before: usize) -> Result<usize, CubeError> {
        let mut found = before;
        while let Some(begin) = self.next(at)? {
            at = self.cell(begin)?.1;
            found += 1;
        }
        Ok(found)
    }

    fn count_fault(&self, found: usize, cells: usize) -> CubeError {
        let problem = format!("{found} numbers, but the variables span {cells} cells");
        super::fault("keyword DATA", problem)
    }

    fn fault(&self, at: usize, problem: impl Into<String>) -> CubeError {
        let before = &self.file[..at.min(self.file.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        super::fault(format!("keyword DATA, line {line}"), problem)
    }
}

/// A number of few digits, and where it ends: the quotient of two whole numbers that `f64`
/// holds is the nearest there is, so this is what the standard library would read.
#[inline]
fn short_number(file: &[u8], begin: usize) -> Option<(f64, usize)> {
    let is_negative = file[begin] == b'-';
    let mut at = begin + usize::from(is_negative);
    let first = at;
    let mut whole: u64 = 0;
    let mut decimals = 0;
    let mut point = None;
    while let Some(byte) = file.get(at) {
        match byte {
            b'0'..=b'9' => {
                whole = whole.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            }
            b'.' if point.is_none() => point = Some(at),
            byte if ends(*byte) => break,
            _ => return None,
        }
        at += 1;
    }
    let mut digits = at - first;
    if let Some(point) = point {
        digits -= 1;
        decimals = at - point - 1;
    }
    if digits == 0 || digits > 18 || whole > EXACT {
        return None;
    }
    let number = whole as f64 / POWERS[decimals];
    Some((if is_negative { -number } else { number }, at))
}

/// Whether a byte stands after a number.
#[inline]
fn ends(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b';')
}

fn is_blank(rest: &[u8]) -> bool {
    rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0x1a || *byte == 0)
}

/// Which of the eight symbols this is.
fn symbol(written: &[u8]) -> Option<usize> {
    match written {
        b"-" => Some(0),
        dots if (1..=7).contains(&dots.len()) && dots.iter().all(|byte| *byte == b'.') => {
            Some(dots.len())
        }
        _ => None,
    }
}
