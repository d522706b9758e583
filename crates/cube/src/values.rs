use std::collections::BTreeMap;

/// One number per cell, or none.
///
/// Numbers lie in one array and a bitmap says which cells have one, in the layout
/// that Arrow uses, so that either can be handed over without copying.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// 0.0 where there is no number.
    numbers: Vec<f64>,
    /// One bit per cell, least significant first; empty when every cell has a number.
    present: Vec<u8>,
    missing: usize,
    /// Whole numbers that `f64` does not hold exactly, as they were written.
    exact: BTreeMap<usize, String>,
}

/// Two are equal when every cell has the same number or none, however the bitmap is kept.
impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        self.len() == other.len()
            && self.missing == other.missing
            && self.exact == other.exact
            && self.iter().eq(other.iter())
    }
}

impl Values {
    /// Begins with no cells and room for `cells`.
    pub fn with_capacity(cells: usize) -> Values {
        Values { numbers: Vec::with_capacity(cells), ..Values::default() }
    }

    /// `cells` cells without a number.
    pub fn missing(cells: usize) -> Values {
        let present = if cells == 0 { Vec::new() } else { vec![0; cells.div_ceil(8)] };
        Values { numbers: vec![0.0; cells], present, missing: cells, exact: BTreeMap::new() }
    }

    /// `cells` zeros.
    pub fn zeros(cells: usize) -> Values {
        Values { numbers: vec![0.0; cells], ..Values::default() }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are no cells at all.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Number of cells without a number.
    pub fn count_missing(&self) -> usize {
        self.missing
    }

    /// The number in a cell; `None` where there is none, and beyond the end.
    #[inline]
    pub fn at(&self, cell: usize) -> Option<f64> {
        let number = *self.numbers.get(cell)?;
        self.has(cell).then_some(number)
    }

    /// Whether a cell has a number.
    #[inline]
    pub fn has(&self, cell: usize) -> bool {
        cell < self.numbers.len()
            && (self.present.is_empty() || self.present[cell / 8] & (1 << (cell % 8)) != 0)
    }

    /// The number as it was written, where `f64` cannot hold it exactly.
    pub fn exact(&self, cell: usize) -> Option<&str> {
        self.exact.get(&cell).map(String::as_str)
    }

    /// Whether any cell has an [exact](Values::exact) text.
    pub fn has_exact(&self) -> bool {
        !self.exact.is_empty()
    }

    /// Adds a cell with a number.
    #[inline]
    pub fn push(&mut self, number: f64) {
        let cell = self.numbers.len();
        self.numbers.push(number);
        if !self.present.is_empty() {
            if cell.is_multiple_of(8) {
                self.present.push(0);
            }
            self.present[cell / 8] |= 1 << (cell % 8);
        }
    }

    /// Adds a cell without a number.
    #[inline]
    pub fn push_missing(&mut self) {
        let cell = self.numbers.len();
        self.numbers.push(0.0);
        self.missing += 1;
        if self.present.is_empty() {
            self.present = all_present(cell);
            self.present.reserve(self.numbers.capacity().div_ceil(8).saturating_sub(cell / 8));
        }
        if cell.is_multiple_of(8) {
            self.present.push(0);
        }
    }

    /// Adds a cell with a whole number that `f64` does not hold exactly.
    pub fn push_exact(&mut self, number: f64, written: &str) {
        self.exact.insert(self.numbers.len(), written.to_owned());
        self.push(number);
    }

    /// Puts a number, or none, in an existing cell.
    ///
    /// # Panics
    ///
    /// Panics beyond the end.
    pub fn set(&mut self, cell: usize, number: Option<f64>) {
        let had = self.has(cell);
        self.exact.remove(&cell);
        self.numbers[cell] = number.unwrap_or(0.0);
        if had == number.is_some() {
            return;
        }
        if self.present.is_empty() {
            self.present = all_present(self.numbers.len());
        }
        match number {
            Some(_) => {
                self.present[cell / 8] |= 1 << (cell % 8);
                self.missing -= 1;
            }
            None => {
                self.present[cell / 8] &= !(1 << (cell % 8));
                self.missing += 1;
            }
        }
    }

    /// Remembers how the whole number in a cell was written, where `f64` cannot hold it.
    pub fn set_exact(&mut self, cell: usize, written: &str) {
        self.exact.insert(cell, written.to_owned());
    }

    /// Each cell's number or its absence, in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<f64>> + '_ {
        (0..self.len()).map(|cell| self.at(cell))
    }

    /// The numbers, with 0.0 where there is none: read them beside [`Values::bitmap`].
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    /// One bit per cell, least significant first; `None` when every cell has a number.
    pub fn bitmap(&self) -> Option<&[u8]> {
        (self.missing > 0).then_some(self.present.as_slice())
    }

    /// The array and the bitmap, given away.
    pub fn into_parts(self) -> (Vec<f64>, Option<Vec<u8>>) {
        let bitmap = (self.missing > 0).then_some(self.present);
        (self.numbers, bitmap)
    }
}

impl FromIterator<Option<f64>> for Values {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(cells: I) -> Values {
        let cells = cells.into_iter();
        let mut values = Values::with_capacity(cells.size_hint().0);
        for cell in cells {
            match cell {
                Some(number) => values.push(number),
                None => values.push_missing(),
            }
        }
        values
    }
}

/// A bitmap of `cells` set bits.
fn all_present(cells: usize) -> Vec<u8> {
    let mut bitmap = vec![0xff; cells / 8];
    if !cells.is_multiple_of(8) {
        bitmap.push((1 << (cells % 8)) - 1);
    }
    bitmap
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_goes_in_comes_out(cells: Vec<Option<i32>>, changes: Vec<(usize, Option<i32>)>) {
            let mut expected: Vec<Option<f64>> =
                cells.iter().map(|cell| cell.map(f64::from)).collect();
            let mut values: Values = expected.iter().copied().collect();
            for (cell, number) in changes {
                if !expected.is_empty() {
                    let cell = cell % expected.len();
                    expected[cell] = number.map(f64::from);
                    values.set(cell, number.map(f64::from));
                }
            }
            proptest::prop_assert_eq!(values.iter().collect::<Vec<_>>(), expected.clone());
            let missing = expected.iter().filter(|cell| cell.is_none()).count();
            proptest::prop_assert_eq!(values.count_missing(), missing);
        }
    }
}
