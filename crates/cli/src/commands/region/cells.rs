//! The figures of a CSV by key and region, moved key by key.

use std::collections::{BTreeMap, HashMap};

use klass::rebase::{Conversion, Figures, Moved, Nature, Reading, rebase, rebase_rate, share_of};

/// What may stand in place of a number; of two, the later one says more.
const SYMBOLS: [&str; 8] = ["", "NA", "null", ".", "..", "...", "x", ":"];
/// The reason of a cell without a row.
const NO_ROW: u8 = 0;
/// Keys that are moved at a time, so that memory does not grow with keys times regions.
const KEYS_AT_A_TIME: usize = 256;

/// What stands in one row's cells.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub value: Reading<u8>,
    /// Numerator and denominator.
    pub fraction: Option<[Reading<u8>; 2]>,
    /// Number of its status in [`Cells::statuses`].
    pub status: usize,
}

/// All rows, by key and region.
#[derive(Default)]
pub struct Cells {
    /// Keys in the order in which they came, each with the year of its map.
    pub keys: Vec<(i16, Vec<String>)>,
    numbers: HashMap<(i16, Vec<String>), usize>,
    rows: HashMap<usize, BTreeMap<String, Row>>,
    /// Statuses in the order in which they came.
    pub statuses: Vec<String>,
}

/// A row to be written.
pub struct MovedRow {
    pub code: String,
    /// Number of its key in [`Cells::keys`].
    pub key: usize,
    pub value: Moved<u8>,
    pub fraction: Option<[Moved<u8>; 2]>,
    /// Statuses of its parts, each once.
    pub statuses: Vec<usize>,
}

/// What came out, and what it adds up to.
#[derive(Default)]
pub struct Outcome {
    pub rows: Vec<MovedRow>,
    /// Sum of the numbers moved.
    pub moved: f64,
    /// Sum of the shares that went into a sum with a part missing.
    pub in_gaps: f64,
}

impl Cells {
    /// Keeps a row; false when its key and region have one already.
    pub fn put(&mut self, year: i16, key: Vec<String>, code: &str, row: Row) -> bool {
        let next = self.keys.len();
        let key = (year, key);
        let number = *self.numbers.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            next
        });
        let rows = self.rows.entry(number).or_default();
        rows.insert(code.to_owned(), row).is_none()
    }

    /// The number of a status.
    pub fn status(&mut self, status: &str) -> usize {
        let held = self.statuses.iter().position(|held| held == status);
        held.unwrap_or_else(|| {
            self.statuses.push(status.to_owned());
            self.statuses.len() - 1
        })
    }

    /// Moves everything: each key by the conversion of its year.
    pub fn moved(
        &self,
        conversions: &BTreeMap<i16, Conversion>,
        nature: Nature,
        scale: f64,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        for (year, conversion) in conversions {
            let keys: Vec<usize> =
                (0..self.keys.len()).filter(|key| self.keys[*key].0 == *year).collect();
            for keys in keys.chunks(KEYS_AT_A_TIME) {
                self.move_keys(keys, conversion, (nature, scale), &mut outcome);
            }
        }
        outcome.rows.sort_by(|left, right| (&left.code, left.key).cmp(&(&right.code, right.key)));
        outcome
    }

    fn move_keys(
        &self,
        keys: &[usize],
        conversion: &Conversion,
        (nature, scale): (Nature, f64),
        outcome: &mut Outcome,
    ) {
        let values = self.figures(keys, |row| row.value);
        let mut moved = rebase(&values, conversion, nature, NO_ROW);
        let has_fraction =
            keys.iter().any(|key| self.rows[key].values().any(|row| row.fraction.is_some()));
        let mut fractions = None;
        if has_fraction {
            let gap = [Reading::Gap(NO_ROW); 2];
            let parts = [0, 1].map(|at| self.figures(keys, |row| row.fraction.unwrap_or(gap)[at]));
            let rates = rebase_rate((&parts[0], &parts[1]), scale, conversion, NO_ROW);
            let rates = rates.map(|rates| rates.cells).unwrap_or_default();
            // What was carried over undivided keeps the figure that was published.
            for (cell, rate) in moved.cells.iter_mut().zip(rates) {
                if matches!(cell, Moved::Refused(_)) {
                    *cell = rate;
                }
            }
            fractions = Some(parts.map(|part| rebase(&part, conversion, Nature::Count, NO_ROW)));
        }
        let mut into: HashMap<&str, Vec<&klass::rebase::Part>> = HashMap::new();
        for part in &conversion.parts {
            into.entry(&part.to_code).or_default().push(part);
        }
        for (at, code) in moved.regions.iter().enumerate() {
            for (column, key) in keys.iter().enumerate() {
                let cell = at * keys.len() + column;
                let rows = &self.rows[key];
                let parts = into[code.as_str()].iter();
                let found: Vec<_> =
                    parts.filter_map(|part| Some((*part, rows.get(&part.from_code)?))).collect();
                // Nothing of the region has this key.
                if found.is_empty() {
                    continue;
                }
                let value = moved.cells[cell];
                match value {
                    Moved::Number(number, _) => outcome.moved += number,
                    _ => outcome.in_gaps += numbers(&found),
                }
                let mut statuses: Vec<usize> = found.iter().map(|(_, row)| row.status).collect();
                statuses.sort_unstable();
                statuses.dedup();
                let fraction =
                    fractions.as_ref().map(|[over, under]| [over.cells[cell], under.cells[cell]]);
                let code = code.clone();
                outcome.rows.push(MovedRow { code, key: *key, value, fraction, statuses });
            }
        }
    }

    /// Some keys as a row per region and a column per key.
    fn figures(&self, keys: &[usize], cell: impl Fn(&Row) -> Reading<u8>) -> Figures<u8> {
        let mut regions: Vec<&String> = keys.iter().flat_map(|key| self.rows[key].keys()).collect();
        regions.sort();
        regions.dedup();
        let mut cells = Vec::with_capacity(regions.len() * keys.len());
        for region in &regions {
            cells.extend(
                keys.iter()
                    .map(|key| self.rows[key].get(*region).map_or(Reading::Gap(NO_ROW), &cell)),
            );
        }
        let regions = regions.into_iter().cloned().collect();
        Figures::new(regions, keys.len(), cells).expect("each region once, a cell per key")
    }
}

fn numbers(found: &[(&klass::rebase::Part, &Row)]) -> f64 {
    let shares = found.iter().map(|(part, row)| match row.value {
        Reading::Number(number) => share_of(number, part.share_from, part.share_to),
        Reading::Gap(_) => 0.0,
    });
    shares.sum()
}

/// Reads a cell; `None` when it is neither a number nor a sign for none.
///
/// A dash is Statistics Norway's zero. A comma is read as the sign before decimals where it
/// does not separate columns.
pub fn reading(text: &str, separator: u8) -> Option<Reading<u8>> {
    if text == "-" {
        return Some(Reading::Number(0.0));
    }
    if let Some(at) = SYMBOLS.iter().position(|symbol| *symbol == text) {
        return Some(Reading::Gap(u8::try_from(at + 1).unwrap_or(u8::MAX)));
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.,eE".contains(&byte));
    let plain = if separator == b',' { text.to_owned() } else { text.replace(',', ".") };
    let number = plain.parse::<f64>().ok().filter(|number| is_number && number.is_finite());
    number.map(Reading::Number)
}

/// The sign that a reason is written as.
pub fn symbol(reason: u8) -> &'static str {
    match reason.checked_sub(1) {
        Some(at) => SYMBOLS.get(usize::from(at)).copied().unwrap_or_default(),
        None => "",
    }
}
