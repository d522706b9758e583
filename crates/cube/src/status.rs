use std::collections::HashMap;

/// The symbol that stands beside a cell, if any: why it is empty, or what to know of its number.
///
/// Symbols are few and cells are many: each cell holds a small key.
#[derive(Debug, Clone, Default)]
pub struct Statuses {
    /// Without the empty symbol.
    symbols: Vec<String>,
    /// 0 for none, else a position in `symbols` plus one; empty when no cell has a symbol.
    keys: Vec<u16>,
    /// Positions by symbol, once there are more than a search soon goes through.
    index: HashMap<String, usize>,
}

/// So many symbols are compared one by one; no agency has more.
const FEW: usize = 32;

/// Two lists are equal when every cell has the same symbol, whatever the keys.
impl PartialEq for Statuses {
    fn eq(&self, other: &Statuses) -> bool {
        let cells = self.keys.len().max(other.keys.len());
        (0..cells).all(|cell| self.at(cell) == other.at(cell))
    }
}

impl Statuses {
    /// No cell has a symbol.
    pub fn none() -> Statuses {
        Statuses::default()
    }

    /// Symbols and a key per cell: 0 for none, else a position in `symbols` plus one.
    ///
    /// A key without a symbol counts as none.
    pub fn from_keys(symbols: Vec<String>, keys: Vec<u16>) -> Statuses {
        let many = symbols.len() > FEW;
        let index = symbols.iter().enumerate().filter(|_| many);
        let index = index.map(|(position, symbol)| (symbol.clone(), position)).collect();
        Statuses { symbols, keys, index }
    }

    /// The symbol of a cell.
    #[inline]
    pub fn at(&self, cell: usize) -> Option<&str> {
        match self.keys.get(cell) {
            None | Some(0) => None,
            Some(key) => self.symbols.get(usize::from(*key) - 1).map(String::as_str),
        }
    }

    /// Whether no cell has a symbol.
    pub fn is_none(&self) -> bool {
        self.keys.iter().all(|key| *key == 0)
    }

    /// The symbols that occur (some may occur no longer), in the order of their keys.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// Each cell's key: 0 for none, else a position in [`Statuses::symbols`] plus one.
    ///
    /// Shorter than the cube, or empty, when the last cells have none.
    pub fn keys(&self) -> &[u16] {
        &self.keys
    }

    /// The key of a symbol, new if need be; `None` when 65,535 symbols are taken, or it is empty.
    pub fn key_of(&mut self, symbol: &str) -> Option<u16> {
        if symbol.is_empty() {
            return None;
        }
        let found = match self.index.is_empty() {
            true => self.symbols.iter().position(|known| known == symbol),
            false => self.index.get(symbol).copied(),
        };
        let position = match found {
            Some(position) => position,
            None if self.symbols.len() < usize::from(u16::MAX) => self.add(symbol),
            None => return None,
        };
        u16::try_from(position + 1).ok()
    }

    fn add(&mut self, symbol: &str) -> usize {
        let position = self.symbols.len();
        self.symbols.push(symbol.to_owned());
        if position >= FEW {
            let unlisted = self.index.len()..=position;
            for at in unlisted {
                self.index.insert(self.symbols[at].clone(), at);
            }
        }
        position
    }

    /// Gives every cell of a cube of `cells` cells the symbol of a key; 0 takes it away.
    pub fn fill(&mut self, cells: usize, key: u16) {
        self.keys.clear();
        self.keys.resize(cells, key);
    }

    /// Gives a cell of a cube of `cells` cells a symbol by its key; 0 takes it away.
    ///
    /// # Panics
    ///
    /// Panics when `cell` is not below `cells`.
    #[inline]
    pub fn set_key(&mut self, cell: usize, cells: usize, key: u16) {
        if self.keys.len() < cells {
            self.keys.resize(cells, 0);
        }
        self.keys[cell] = key;
    }

    /// Gives a cell of a cube of `cells` cells a symbol; the empty one takes it away.
    pub fn set(&mut self, cell: usize, cells: usize, symbol: &str) {
        let key = self.key_of(symbol).unwrap_or(0);
        if key != 0 || !self.keys.is_empty() {
            self.set_key(cell, cells, key);
        }
    }
}
