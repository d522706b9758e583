//! What changed between two publications of a table.

use crate::{Cube, Dimension};

/// Everything that differs between an older and a newer cube.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// Title, source, units, labels, notes: what is shown and not counted.
    pub texts: Vec<TextChange>,
    /// Dimensions that only the newer has.
    pub dimensions_added: Vec<String>,
    /// Dimensions that only the older had.
    pub dimensions_removed: Vec<String>,
    /// Codes that only the newer has.
    pub codes_added: Vec<CodeChange>,
    /// Codes that only the older had.
    pub codes_removed: Vec<CodeChange>,
    /// Cells of codes that both have, whose number or symbol differs.
    pub cells: Vec<CellChange>,
    /// Cells that both have.
    pub compared: usize,
}

/// A text that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// `label`, `updated`, `Region 0301 label`, `ContentsCode Personer1 unit`.
    pub place: String,
    /// Older text.
    pub old: Option<String>,
    /// Newer text.
    pub new: Option<String>,
}

/// A code that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChange {
    /// Dimension.
    pub dimension: String,
    /// Code.
    pub code: String,
    /// Its label.
    pub label: String,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct CellChange {
    /// One code per dimension, in the newer cube's order.
    pub codes: Vec<String>,
    /// Older number and symbol.
    pub old: (Option<f64>, Option<String>),
    /// Newer number and symbol.
    pub new: (Option<f64>, Option<String>),
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Difference { compared: self.compared, ..Difference::default() }
    }

    /// Compares an older cube with a newer one, by codes; orders do not matter.
    ///
    /// Cells are compared when both have the same dimensions.
    pub fn between(old: &Cube, new: &Cube) -> Difference {
        let mut difference = Difference::default();
        difference.titles(old, new);
        for dimension in new.dimensions() {
            match old.dimension(&dimension.code) {
                None => difference.dimensions_added.push(dimension.code.clone()),
                Some(before) => difference.dimension(before, dimension),
            }
        }
        let gone = old.dimensions().iter().filter(|one| new.dimension(&one.code).is_none());
        difference.dimensions_removed = gone.map(|one| one.code.clone()).collect();
        if difference.dimensions_added.is_empty() && difference.dimensions_removed.is_empty() {
            difference.cells(old, new);
        }
        difference
    }

    fn text(&mut self, place: impl Into<String>, old: Option<&str>, new: Option<&str>) {
        if old != new {
            let (old, new) = (old.map(str::to_owned), new.map(str::to_owned));
            self.texts.push(TextChange { place: place.into(), old, new });
        }
    }

    fn titles(&mut self, old: &Cube, new: &Cube) {
        self.text("label", old.label.as_deref(), new.label.as_deref());
        self.text("source", old.source.as_deref(), new.source.as_deref());
        self.text("updated", old.updated.as_deref(), new.updated.as_deref());
        self.notes("note", &old.notes, &new.notes);
    }

    fn notes(&mut self, place: &str, old: &[String], new: &[String]) {
        for note in new.iter().filter(|note| !old.contains(note)) {
            self.text(place, None, Some(note));
        }
        for note in old.iter().filter(|note| !new.contains(note)) {
            self.text(place, Some(note), None);
        }
    }

    fn dimension(&mut self, old: &Dimension, new: &Dimension) {
        let name = &new.code;
        self.text(format!("{name} label"), old.label.as_deref(), new.label.as_deref());
        self.notes(&format!("{name} note"), &old.notes, &new.notes);
        for (at, code) in new.codes().iter().enumerate() {
            let Some(before) = old.position(code) else {
                self.codes_added.push(change(new, at));
                continue;
            };
            let labels = (old.stated_label(before), new.stated_label(at));
            self.text(format!("{name} {code} label"), labels.0, labels.1);
            let unit = |one: &Dimension| {
                one.units.get(code).map(|unit| {
                    let decimals = unit
                        .decimals
                        .map_or_else(String::new, |count| format!(", {count} decimals"));
                    format!("{}{decimals}", unit.base.as_deref().unwrap_or(""))
                })
            };
            self.text(format!("{name} {code} unit"), unit(old).as_deref(), unit(new).as_deref());
            let none = Vec::new();
            let notes = |one: &'_ Dimension| one.category_notes.get(code).unwrap_or(&none).clone();
            self.notes(&format!("{name} {code} note"), &notes(old), &notes(new));
        }
        let gone = old.codes().iter().enumerate().filter(|(_, code)| new.position(code).is_none());
        self.codes_removed.extend(gone.map(|(at, _)| change(old, at)));
    }

    fn cells(&mut self, old: &Cube, new: &Cube) {
        let old_strides = old.strides();
        // For every dimension of the newer cube: what each position adds to the older cell.
        let moves: Vec<Vec<Option<usize>>> = new
            .dimensions()
            .iter()
            .map(|dimension| {
                let at = old.dimensions().iter().position(|one| one.code == dimension.code);
                let (before, stride) = match at {
                    Some(at) => (&old.dimensions()[at], old_strides[at]),
                    None => return vec![None; dimension.len()],
                };
                dimension
                    .codes()
                    .iter()
                    .map(|code| before.position(code).map(|p| p * stride))
                    .collect()
            })
            .collect();
        let sizes = new.sizes();
        for cell in 0..new.values().len().min(new.cells()) {
            let Some(before) = old_cell(cell, &sizes, &moves) else { continue };
            self.compared += 1;
            let same = old.values().at(before) == new.values().at(cell)
                && old.values().exact(before) == new.values().exact(cell)
                && old.statuses().at(before) == new.statuses().at(cell);
            if !same {
                self.cells.push(CellChange {
                    codes: new.codes_at(cell).into_iter().map(str::to_owned).collect(),
                    old: (old.values().at(before), old.statuses().at(before).map(str::to_owned)),
                    new: (new.values().at(cell), new.statuses().at(cell).map(str::to_owned)),
                });
            }
        }
    }
}

fn change(dimension: &Dimension, at: usize) -> CodeChange {
    CodeChange {
        dimension: dimension.code.clone(),
        code: dimension.codes()[at].clone(),
        label: dimension.label_at(at).to_owned(),
    }
}

/// The older cell that a newer one was, where every code existed.
fn old_cell(mut cell: usize, sizes: &[usize], moves: &[Vec<Option<usize>>]) -> Option<usize> {
    let mut before = 0;
    for (size, moves) in sizes.iter().zip(moves).rev() {
        before += moves[cell % size]?;
        cell /= size;
    }
    Some(before)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::arbitrary;
    use crate::{Statuses, Values};

    fn population(codes: &[&str], values: &[Option<f64>]) -> Cube {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        let labels = codes.iter().map(|code| Some(format!("name of {code}"))).collect();
        let dimension = Dimension::new("Region", codes, labels).expect("distinct codes");
        let values: Values = values.iter().copied().collect();
        Cube::new(vec![dimension], values, Statuses::none()).expect("a value per code")
    }

    #[test]
    fn a_revision_a_gap_and_a_new_code_are_told_apart() {
        let old = population(&["0301", "1103", "1507"], &[Some(1.0), Some(2.0), Some(3.0)]);
        let new = population(&["1103", "0301", "1508"], &[Some(2.0), None, Some(4.0)]);
        let difference = Difference::between(&old, &new);
        assert_eq!(difference.compared, 2);
        assert_eq!(
            difference.cells,
            [CellChange { codes: vec!["0301".into()], old: (Some(1.0), None), new: (None, None) }]
        );
        assert_eq!(difference.codes_added[0].code, "1508");
        assert_eq!(difference.codes_removed[0].label, "name of 1507");
    }

    proptest! {
        #[test]
        fn a_cube_does_not_differ_from_itself_turned(cube in arbitrary()) {
            let order: Vec<usize> = (0..cube.dimensions().len()).rev().collect();
            let turned = cube.transpose(&order).expect("an order");
            let difference = Difference::between(&cube, &turned);
            prop_assert!(difference.is_empty(), "{difference:?}");
            prop_assert_eq!(difference.compared, cube.values().len());
        }
    }
}
