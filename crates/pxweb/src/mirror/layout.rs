//! Rows and columns: where the dimensions of a cube go, and its printed form in HTML.

use std::borrow::Cow;

use cube::csv::Labels;
use cube::{Cube, Dimension};

/// Which dimensions of a cube go in rows and which in columns, by position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layout {
    pub(super) stub: Vec<usize>,
    pub(super) heading: Vec<usize>,
}

/// A cube laid out.
pub(super) struct Grid<'a> {
    cube: &'a Cube,
    layout: &'a Layout,
    naming: Labels,
}

fn category(naming: Labels, dimension: &Dimension, at: usize) -> Cow<'_, str> {
    named(naming, &dimension.codes()[at], dimension.label_at(at))
}

fn named<'t>(naming: Labels, code: &'t str, text: &'t str) -> Cow<'t, str> {
    match naming {
        Labels::Codes => Cow::Borrowed(code),
        Labels::Texts => Cow::Borrowed(text),
        Labels::Both => Cow::Owned(format!("{code} - {text}")),
    }
}

impl Layout {
    /// Columns for the dimensions that `heading` names, rows for the others.
    pub(super) fn of(cube: &Cube, heading: &[String]) -> Layout {
        let all = 0..cube.dimensions().len();
        let is_heading = |at: &usize| heading.contains(&cube.dimensions()[*at].code);
        let (heading, stub) = all.partition(is_heading);
        Layout { stub, heading }
    }

    /// Everything in rows, one cell each.
    pub(super) fn long(cube: &Cube) -> Layout {
        Layout { stub: (0..cube.dimensions().len()).collect(), heading: Vec::new() }
    }
}

impl<'a> Grid<'a> {
    pub(super) fn new(cube: &'a Cube, layout: &'a Layout, naming: Labels) -> Grid<'a> {
        Grid { cube, layout, naming }
    }

    /// Names of the columns: the rows' variables, then one per combination of the columns' values.
    pub(super) fn header(&self) -> Vec<String> {
        let dimensions = self.cube.dimensions();
        let stub = self.layout.stub.iter();
        let mut names: Vec<String> = stub
            .map(|at| {
                let one = &dimensions[*at];
                named(self.naming, &one.code, one.title()).into_owned()
            })
            .collect();
        if self.layout.heading.is_empty() {
            names.push(contents(self.cube));
            return names;
        }
        for combination in Combinations::of(self.cube, &self.layout.heading) {
            let parts = self.layout.heading.iter().zip(&combination.positions);
            let parts: Vec<Cow<'_, str>> = parts
                .map(|(at, position)| category(self.naming, &dimensions[*at], *position))
                .collect();
            names.push(parts.join(" "));
        }
        names
    }

    /// Calls `visit` with the names and the cells of each row.
    pub(super) fn for_each_row<E>(
        &self,
        mut visit: impl FnMut(&[Cow<'_, str>], &[usize]) -> Result<(), E>,
    ) -> Result<(), E> {
        let dimensions = self.cube.dimensions();
        let columns: Vec<usize> =
            Combinations::of(self.cube, &self.layout.heading).map(|one| one.cell).collect();
        let mut cells = Vec::with_capacity(columns.len());
        for row in Combinations::of(self.cube, &self.layout.stub) {
            let names = self.layout.stub.iter().zip(&row.positions);
            let names: Vec<Cow<'_, str>> = names
                .map(|(at, position)| category(self.naming, &dimensions[*at], *position))
                .collect();
            cells.clear();
            cells.extend(columns.iter().map(|column| row.cell + column));
            visit(&names, &cells)?;
        }
        Ok(())
    }
}

/// The number or symbol in a cell, as it is printed.
pub(super) fn printed(cube: &Cube, cell: usize) -> Cow<'_, str> {
    match (cube.values().at(cell), cube.values().exact(cell)) {
        (Some(_), Some(written)) => Cow::Borrowed(written),
        (Some(number), None) => Cow::Owned(number.to_string()),
        (None, _) => Cow::Borrowed(cube.statuses().at(cell).unwrap_or("..")),
    }
}

/// Whether a row says nothing: only zeros and gaps.
pub(super) fn is_idle(cube: &Cube, cells: &[usize]) -> bool {
    cells.iter().all(|cell| cube.values().at(*cell).is_none_or(|number| number == 0.0))
}

/// What the table holds: the name of its only column of values.
fn contents(cube: &Cube) -> String {
    let px = cube.extension.get("px").and_then(|px| px.get("contents"));
    let text = px.and_then(serde_json::Value::as_str).or(cube.label.as_deref());
    text.unwrap_or("value").to_owned()
}

/// One position of each of some dimensions, and how far into the cube they lead.
struct Combination {
    positions: Vec<usize>,
    cell: usize,
}

/// All combinations of the positions of some dimensions, the last fastest.
struct Combinations {
    sizes: Vec<usize>,
    strides: Vec<usize>,
    next: Option<Vec<usize>>,
}

impl Combinations {
    fn of(cube: &Cube, dimensions: &[usize]) -> Combinations {
        let (all_sizes, all_strides) = (cube.sizes(), cube.strides());
        let sizes: Vec<usize> = dimensions.iter().map(|at| all_sizes[*at]).collect();
        let strides = dimensions.iter().map(|at| all_strides[*at]).collect();
        let next = (!sizes.contains(&0)).then(|| vec![0; sizes.len()]);
        Combinations { sizes, strides, next }
    }
}

impl Iterator for Combinations {
    type Item = Combination;

    fn next(&mut self) -> Option<Combination> {
        let positions = self.next.take()?;
        let mut following = positions.clone();
        for wheel in (0..following.len()).rev() {
            following[wheel] += 1;
            if following[wheel] < self.sizes[wheel] {
                self.next = Some(following);
                break;
            }
            following[wheel] = 0;
        }
        let cell = positions.iter().zip(&self.strides).map(|(at, stride)| at * stride).sum();
        Some(Combination { positions, cell })
    }
}
