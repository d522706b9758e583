//! Which dots stand for which symbol when a file is written.

use super::names::About;
use super::page::Page;
use super::{vocabulary, write};
use crate::{Cube, digits};

/// What Statistics Norway shows for nil and for one to seven dots.
pub(super) const NORWAY: [&str; 8] = ["-", "..", "...", ":", "....", ".....", "......", "."];

/// What each of the eight symbols is shown as, and which stands in each cell without a number.
pub(super) struct Slots {
    shown: [String; 8],
    /// By key of the status: the symbol, or none where the status is told beside the cell.
    of: Vec<Option<usize>>,
}

impl Slots {
    /// The cube's own symbols, and places for what else it has.
    pub fn of(cube: &Cube) -> Slots {
        let known = write::px(cube).and_then(|px| px.get("symbols"));
        let shown = std::array::from_fn(|position| {
            let own = known.and_then(|known| known.get(vocabulary::SYMBOLS[position]));
            own.and_then(|own| own.as_str()).unwrap_or(NORWAY[position]).to_owned()
        });
        let symbols = cube.statuses().symbols();
        let mut slots = Slots { shown, of: vec![None; symbols.len() + 1] };
        let wanted = wanted(cube);
        let mut is_used = [false; 8];
        for key in &wanted {
            let symbol = key.checked_sub(1).map_or("", |at| symbols[at].as_str());
            let dots = (1..8).find(|position| slots.shown[*position] == symbol);
            // A cell without any symbol is not nil, though nil be shown as nothing.
            let is_nil = !symbol.is_empty() && slots.shown[0] == symbol;
            let found = dots.or_else(|| is_nil.then_some(0));
            slots.of[*key] = found;
            is_used[found.unwrap_or(0)] = true;
        }
        for key in wanted.iter().copied() {
            // The last free place is for cells that have no symbol, or one that finds no place.
            let mut free = [4, 5, 6, 3, 2, 1, 7].into_iter().filter(|place| !is_used[*place]);
            let (place, is_last) = (free.next(), free.next().is_none());
            if slots.of[key].is_none()
                && let Some(place) = place
                && (!is_last || key == 0)
            {
                slots.shown[place] =
                    key.checked_sub(1).map_or_else(String::new, |at| symbols[at].clone());
                slots.of[key] = Some(place);
                is_used[place] = true;
            }
        }
        let is_short = wanted.iter().any(|key| slots.of[*key].is_none());
        if is_short && slots.of[0].is_none() {
            let place = (1..8).rev().find(|place| !is_used[*place]).unwrap_or(6);
            slots.shown[place] = String::new();
            slots.of[0] = Some(place);
        }
        slots
    }

    /// `DATASYMBOL…`: those that Statistics Norway declares, and what is not the dots themselves.
    pub fn declare(&self, page: &mut Page<'_>) {
        for (position, keyword) in vocabulary::SYMBOLS.iter().enumerate() {
            let is_default = self.shown[position] == ".".repeat(position);
            if !is_default || !(4..=6).contains(&position) {
                page.text(keyword, &About::Table, &self.shown[position]);
            }
        }
    }

    /// `DATANOTECELL` where a symbol stands beside a number, or found no place of its own.
    pub fn note(&self, cube: &Cube, page: &mut Page<'_>) {
        let strides = cube.strides();
        let sizes = cube.sizes();
        for cell in 0..cube.values().len() {
            let Some(symbol) = cube.statuses().at(cell) else { continue };
            let is_told = match cube.values().at(cell) {
                Some(number) => number == 0.0 && symbol == self.shown[0],
                None => self.of[self.key(cube, cell)].is_some(),
            };
            if !is_told {
                let position = |(stride, size): (&usize, &usize)| Some(cell / stride % size);
                let positions = strides.iter().zip(&sizes).map(position).collect();
                page.text("DATANOTECELL", &About::Cells(positions), symbol);
            }
        }
    }

    /// Adds a number or a symbol.
    pub fn push(&self, cube: &Cube, cell: usize, out: &mut Vec<u8>) {
        if let Some(written) = cube.values().exact(cell) {
            return out.extend_from_slice(written.as_bytes());
        }
        let key = self.key(cube, cell);
        let symbol = match cube.values().at(cell) {
            Some(number) if number == 0.0 && cube.statuses().at(cell) == Some(&self.shown[0]) => 0,
            Some(number) => return digits::push(out, number),
            None => self.of[key].or(self.of[0]).unwrap_or(6),
        };
        out.push(b'"');
        match symbol {
            0 => out.push(b'-'),
            dots => out.extend_from_slice(&b"......."[..dots]),
        }
        out.push(b'"');
    }

    fn key(&self, cube: &Cube, cell: usize) -> usize {
        cube.statuses().keys().get(cell).map_or(0, |key| usize::from(*key))
    }
}

/// Keys of the statuses of cells without a number, in their order.
fn wanted(cube: &Cube) -> Vec<usize> {
    let keys = cube.statuses().keys();
    let mut occurs = vec![false; cube.statuses().symbols().len() + 1];
    for cell in 0..cube.values().len() {
        if !cube.values().has(cell) {
            occurs[keys.get(cell).map_or(0, |key| usize::from(*key))] = true;
        }
    }
    (0..occurs.len()).filter(|key| occurs[*key]).collect()
}

/// The order of symbols among themselves; it does not matter for anything else.
pub(super) fn order(keyword: &str) -> usize {
    vocabulary::SYMBOLS.iter().position(|known| *known == keyword).unwrap_or(0)
}
