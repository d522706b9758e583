use crate::{CubeError, Dimension, Object, Role, Statuses, Values, nearest};

/// Cells that a cube may have unless a reader is told otherwise: sixty times
/// what the largest PxWeb server gives at once.
pub const MAX_CELLS: u64 = 50_000_000;

/// A statistical cube: numbers, and the dimensions that give each its meaning.
///
/// Cells lie row by row: the last dimension varies fastest.
///
/// A cube without values (`values().is_empty()`) is a table's metadata.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cube {
    dimensions: Vec<Dimension>,
    values: Values,
    statuses: Statuses,
    /// What the publisher calls it.
    pub label: Option<String>,
    /// Who publishes it.
    pub source: Option<String>,
    /// When it was last changed, as the publisher writes it.
    pub updated: Option<String>,
    /// Where it came from, where it says so.
    pub href: Option<String>,
    /// Notes on the whole.
    pub notes: Vec<String>,
    /// JSON-stat's `link`, kept as it came.
    pub link: Object,
    /// The publisher's own members, kept as they came: at PxWeb `px`, `contact`, `noteMandatory`.
    pub extension: Object,
    /// Members that JSON-stat does not name, kept as they came.
    pub other: Object,
}

impl Cube {
    /// Joins dimensions and cells.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`] when two dimensions have one code, or the number of values is
    /// neither the product of the sizes nor zero; [`CubeError::TooLarge`] beyond
    /// [`MAX_CELLS`](crate::MAX_CELLS).
    pub fn new(
        dimensions: Vec<Dimension>,
        values: Values,
        statuses: Statuses,
    ) -> Result<Cube, CubeError> {
        for (position, dimension) in dimensions.iter().enumerate() {
            if dimensions[..position].iter().any(|other| other.code == dimension.code) {
                let problem = format!("the dimension `{}` occurs twice", dimension.code);
                return Err(CubeError::shape("id", problem));
            }
        }
        let cells = cells(dimensions.iter().map(Dimension::len), MAX_CELLS)?;
        if !values.is_empty() && values.len() != cells {
            let problem = format!("{} values for {cells} cells", values.len());
            return Err(CubeError::shape("value", problem));
        }
        if statuses.keys().len() > values.len() {
            let problem = "a status stands at a cell that does not exist";
            return Err(CubeError::shape("status", problem));
        }
        Ok(Cube { dimensions, values, statuses, ..Cube::default() })
    }

    /// The dimensions, slowest first.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The dimensions, to add roles, units and notes. Their codes cannot change here.
    pub fn dimensions_mut(&mut self) -> impl Iterator<Item = &mut Dimension> {
        self.dimensions.iter_mut()
    }

    /// The dimension with a code, spelled exactly so.
    pub fn dimension(&self, code: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.code == code)
    }

    /// Position of a dimension: exactly spelled, else in any case.
    ///
    /// # Errors
    ///
    /// [`CubeError::UnknownDimension`], with the nearest.
    pub fn find_dimension(&self, code: &str) -> Result<usize, CubeError> {
        let exact = self.dimensions.iter().position(|dimension| dimension.code == code);
        let lower = code.to_lowercase();
        exact
            .or_else(|| self.dimensions.iter().position(|one| one.code.to_lowercase() == lower))
            .ok_or_else(|| CubeError::UnknownDimension {
                dimension: code.to_owned(),
                near: nearest(code, self.dimensions.iter().map(|one| one.code.as_str())),
            })
    }

    /// The numbers; none at all when this is metadata.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The symbols beside the numbers.
    pub fn statuses(&self) -> &Statuses {
        &self.statuses
    }

    /// The number of cells that the dimensions span, with or without values.
    pub fn cells(&self) -> usize {
        self.dimensions.iter().map(Dimension::len).product()
    }

    /// Sizes of the dimensions.
    pub fn sizes(&self) -> Vec<usize> {
        self.dimensions.iter().map(Dimension::len).collect()
    }

    /// How many cells lie between neighbours along each dimension.
    pub fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1; self.dimensions.len()];
        for at in (1..self.dimensions.len()).rev() {
            strides[at - 1] = strides[at] * self.dimensions[at].len();
        }
        strides
    }

    /// The cell at these codes, one per dimension in order.
    ///
    /// # Errors
    ///
    /// [`CubeError::UnknownCode`]; [`CubeError::Shape`] when there are too few or too many.
    pub fn cell(&self, codes: &[&str]) -> Result<usize, CubeError> {
        if codes.len() != self.dimensions.len() {
            let problem = format!("{} codes for {} dimensions", codes.len(), self.dimensions.len());
            return Err(CubeError::shape("cell", problem));
        }
        let mut cell = 0;
        for (dimension, code) in self.dimensions.iter().zip(codes) {
            cell = cell * dimension.len() + dimension.find(code)?;
        }
        Ok(cell)
    }

    /// The codes of a cell, one per dimension in order.
    ///
    /// # Panics
    ///
    /// Panics beyond the last cell.
    pub fn codes_at(&self, cell: usize) -> Vec<&str> {
        let mut rest = cell;
        let mut codes: Vec<&str> = self
            .dimensions
            .iter()
            .rev()
            .map(|dimension| {
                let at = rest % dimension.len();
                rest /= dimension.len();
                dimension.codes()[at].as_str()
            })
            .collect();
        assert_eq!(rest, 0, "cell {cell} is beyond the last");
        codes.reverse();
        codes
    }

    /// Position of the time dimension.
    pub fn time(&self) -> Option<usize> {
        self.dimensions.iter().position(Dimension::is_time)
    }

    /// Position of the dimension that says what is measured.
    pub fn metric(&self) -> Option<usize> {
        let by_role = self.dimensions.iter().position(|one| one.role == Some(Role::Metric));
        by_role.or_else(|| self.dimensions.iter().position(|one| one.code == "ContentsCode"))
    }

    /// The same dimensions and texts without any values: the table's metadata.
    pub fn without_values(&self) -> Cube {
        let mut metadata = self.clone_texts();
        metadata.dimensions = self.dimensions.clone();
        metadata
    }

    /// A cube with the same texts and other dimensions and cells.
    ///
    /// # Errors
    ///
    /// As [`Cube::new`].
    pub fn with_cells(
        &self,
        dimensions: Vec<Dimension>,
        values: Values,
        statuses: Statuses,
    ) -> Result<Cube, CubeError> {
        let cells = Cube::new(dimensions, values, statuses)?;
        Ok(Cube {
            dimensions: cells.dimensions,
            values: cells.values,
            statuses: cells.statuses,
            ..self.clone_texts()
        })
    }

    /// Gives metadata its cells.
    pub(crate) fn put_cells(
        &mut self,
        values: Values,
        statuses: Statuses,
    ) -> Result<(), CubeError> {
        let dimensions = std::mem::take(&mut self.dimensions);
        let cells = Cube::new(dimensions, values, statuses)?;
        (self.dimensions, self.values, self.statuses) = cells.into_parts();
        Ok(())
    }

    /// The numbers, of which none are left.
    pub(crate) fn take_values(&mut self) -> Values {
        std::mem::take(&mut self.values)
    }

    /// Dimensions, numbers and symbols, given away.
    pub fn into_parts(self) -> (Vec<Dimension>, Values, Statuses) {
        (self.dimensions, self.values, self.statuses)
    }

    fn clone_texts(&self) -> Cube {
        Cube {
            dimensions: Vec::new(),
            values: Values::default(),
            statuses: Statuses::none(),
            label: self.label.clone(),
            source: self.source.clone(),
            updated: self.updated.clone(),
            href: self.href.clone(),
            notes: self.notes.clone(),
            link: self.link.clone(),
            extension: self.extension.clone(),
            other: self.other.clone(),
        }
    }
}

/// The product of sizes, refused before anything is allocated.
///
/// # Errors
///
/// [`CubeError::TooLarge`] above `limit`, also where 64 bits are too few.
pub fn cells(sizes: impl IntoIterator<Item = usize>, limit: u64) -> Result<usize, CubeError> {
    let mut product: u64 = 1;
    let mut is_empty = false;
    for size in sizes {
        is_empty |= size == 0;
        product = product.saturating_mul((size as u64).max(1));
    }
    if product > limit {
        return Err(CubeError::TooLarge { cells: product, limit });
    }
    match is_empty {
        true => Ok(0),
        false => usize::try_from(product)
            .map_err(|_| CubeError::TooLarge { cells: product, limit: usize::MAX as u64 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dimension(code: &str, codes: &[&str]) -> Dimension {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        Dimension::new(code, codes, Vec::new()).expect("distinct codes")
    }

    #[test]
    fn a_cell_is_found_by_its_codes() {
        let cube = Cube::new(
            vec![dimension("Region", &["0301", "1103"]), dimension("Tid", &["2024", "2025"])],
            [Some(1.0), None, Some(3.0), Some(4.0)].into_iter().collect(),
            Statuses::none(),
        )
        .expect("four values for four cells");
        assert_eq!(cube.cell(&["1103", "2024"]), Ok(2));
        let refused = cube.cell(&["0302", "2024"]).expect_err("no such municipality");
        assert_eq!(refused.to_string(), "dimension `Region` has no code `0302`; nearest: 0301");
    }

    #[test]
    fn a_product_beyond_memory_is_refused_before_anything_is_allocated() {
        assert_eq!(
            cells([65_536, 65_536, 65_536, 65_536, 65_536], MAX_CELLS),
            Err(CubeError::TooLarge { cells: u64::MAX, limit: MAX_CELLS })
        );
    }
}
