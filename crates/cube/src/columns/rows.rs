use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::Schema;

use super::{DESCRIPTION, NUMBERS, Names};
use crate::{Cube, CubeError, Dimension, Statuses, Values, jsonstat};

/// Puts rows back where their codes say.
pub(super) struct Rows {
    format: &'static str,
    described: Cube,
    names: Names,
    values: Values,
    statuses: Statuses,
    /// One bit per cell that a row has come for.
    seen: Vec<u64>,
}

impl Rows {
    /// Begins with what the schema says, and refuses another number of rows than of cells.
    pub(super) fn new(
        format: &'static str,
        schema: &Schema,
        rows: usize,
    ) -> Result<Rows, CubeError> {
        let Some(description) = schema.metadata().get(DESCRIPTION) else {
            let problem = "the table does not say which cube it is";
            return Err(syntax(format, &format!("metadata {DESCRIPTION}"), problem));
        };
        let described = jsonstat::read(description.as_bytes())?;
        let cells = described.cells();
        if rows != 0 && rows != cells {
            let problem = format!("there are {rows} rows for {cells} cells");
            return Err(CubeError::shape("rows", problem));
        }
        Ok(Rows {
            format,
            names: Names::of(described.dimensions()),
            values: Values::missing(rows),
            statuses: Statuses::none(),
            seen: vec![0; rows.div_ceil(64)],
            described,
        })
    }

    /// Adds rows.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), CubeError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let cells = self.cells(batch)?;
        for cell in &cells {
            let bit = 1 << (cell % 64);
            let word = self.seen.get_mut(cell / 64);
            match word {
                Some(word) if *word & bit == 0 && *cell < self.values.len() => *word |= bit,
                _ => {
                    let problem = format!("the cell at position {cell} has two rows");
                    return Err(CubeError::shape("rows", problem));
                }
            }
        }
        self.add_values(batch, &cells)?;
        self.add_statuses(batch, &cells)
    }

    /// The cube, once every row has been added.
    pub(super) fn finish(self) -> Result<Cube, CubeError> {
        let came: u32 = self.seen.iter().map(|word| word.count_ones()).sum();
        if came as usize != self.values.len() {
            let problem = format!("rows came for {came} of {} cells", self.values.len());
            return Err(CubeError::shape("rows", problem));
        }
        let mut cube = self.described;
        cube.put_cells(self.values, self.statuses)?;
        Ok(cube)
    }

    /// The cell of each row, by its codes.
    fn cells(&self, batch: &RecordBatch) -> Result<Vec<usize>, CubeError> {
        let mut cells = vec![0_usize; batch.num_rows()];
        for (dimension, name) in self.described.dimensions().iter().zip(&self.names.codes) {
            let column = self.column(batch, name)?;
            if column.null_count() > 0 {
                return Err(syntax(self.format, &place(name), "a row has no code"));
            }
            let positions = positions(dimension, column).ok_or_else(|| {
                syntax(self.format, &place(name), "it is not a column of texts")
            })??;
            for (cell, position) in cells.iter_mut().zip(positions) {
                *cell = *cell * dimension.len() + position;
            }
        }
        Ok(cells)
    }

    fn column<'b>(&self, batch: &'b RecordBatch, name: &str) -> Result<&'b ArrayRef, CubeError> {
        batch
            .column_by_name(name)
            .ok_or_else(|| syntax(self.format, &place(name), "it is not there"))
    }

    fn add_values(&mut self, batch: &RecordBatch, cells: &[usize]) -> Result<(), CubeError> {
        let column = self.column(batch, Names::VALUE)?;
        let Some(numbers) = column.as_primitive_opt::<Float64Type>() else {
            let problem = format!("it is {}, not {NUMBERS}", column.data_type());
            return Err(syntax(self.format, &place(Names::VALUE), &problem));
        };
        for (row, cell) in cells.iter().enumerate() {
            if numbers.is_valid(row) {
                self.values.set(*cell, Some(numbers.value(row)));
            }
        }
        let Some(exact) = batch.column_by_name(Names::EXACT) else { return Ok(()) };
        let Some(exact) = exact.as_string_opt::<i32>() else {
            return Err(syntax(self.format, &place(Names::EXACT), "it is not a column of texts"));
        };
        for (row, cell) in cells.iter().enumerate().filter(|(row, _)| exact.is_valid(*row)) {
            let written = exact.value(row);
            let digits = written.strip_prefix('-').unwrap_or(written);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                let problem = format!("`{written}` is not a whole number");
                return Err(syntax(self.format, &place(Names::EXACT), &problem));
            }
            self.values.set_exact(*cell, written);
        }
        Ok(())
    }

    fn add_statuses(&mut self, batch: &RecordBatch, cells: &[usize]) -> Result<(), CubeError> {
        let column = self.column(batch, Names::STATUS)?;
        if column.null_count() == column.len() {
            return Ok(());
        }
        let Some((texts, keys)) = texts(column) else {
            return Err(syntax(self.format, &place(Names::STATUS), "it is not a column of texts"));
        };
        let known: Option<Vec<u16>> = texts
            .iter()
            .map(|text| if text.is_empty() { Some(0) } else { self.statuses.key_of(text) })
            .collect();
        let Some(known) = known else {
            return Err(syntax(self.format, &place(Names::STATUS), "there are too many symbols"));
        };
        let nulls = column.nulls();
        for (row, cell) in cells.iter().enumerate() {
            if nulls.is_none_or(|nulls| nulls.is_valid(row)) {
                self.statuses.set_key(*cell, self.values.len(), known[keys[row]]);
            }
        }
        Ok(())
    }
}

/// The position of each row's code; `None` when the column does not hold texts.
fn positions(dimension: &Dimension, column: &ArrayRef) -> Option<Result<Vec<usize>, CubeError>> {
    let (texts, keys) = texts(column)?;
    let mut known: Vec<Option<usize>> = vec![None; texts.len()];
    let of_row = |key: usize| {
        // A dictionary may hold codes that no row has.
        if known[key].is_none() {
            known[key] = Some(dimension.find(&texts[key])?);
        }
        Ok(known[key].expect("it was found just now"))
    };
    Some(keys.into_iter().map(of_row).collect())
}

/// Texts, and for each row which one; also where a program wrote them without a dictionary.
fn texts(column: &ArrayRef) -> Option<(Vec<Cow<'_, str>>, Vec<usize>)> {
    if let Some(dictionary) = column.as_any_dictionary_opt() {
        let texts = plain(dictionary.values())?;
        return Some((texts, dictionary.normalized_keys()));
    }
    let texts = plain(column)?;
    let rows = (0..texts.len()).collect();
    Some((texts, rows))
}

fn plain(column: &ArrayRef) -> Option<Vec<Cow<'_, str>>> {
    if let Some(short) = column.as_string_opt::<i32>() {
        return Some(short.iter().map(|one| one.unwrap_or_default().into()).collect());
    }
    if let Some(long) = column.as_string_opt::<i64>() {
        return Some(long.iter().map(|one| one.unwrap_or_default().into()).collect());
    }
    let views = column.as_string_view_opt()?;
    Some(views.iter().map(|one| one.unwrap_or_default().into()).collect())
}

fn place(column: &str) -> String {
    format!("column {column}")
}

pub(super) fn syntax(format: &'static str, place: &str, problem: &str) -> CubeError {
    CubeError::Syntax { format, place: place.to_owned(), problem: problem.to_owned() }
}
