//! Cutting and turning: cells are picked, never changed.

use crate::{Cube, CubeError, Dimension, Statuses, Values};

impl Cube {
    /// The cells at the given positions of each dimension, in the order of the positions.
    ///
    /// A dimension with no entry stays whole. Positions must not repeat.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`] for a dimension or position that does not exist, or one given twice.
    pub fn slice(&self, picks: &[(usize, Vec<usize>)]) -> Result<Cube, CubeError> {
        let mut positions: Vec<Vec<usize>> =
            self.dimensions().iter().map(|dimension| (0..dimension.len()).collect()).collect();
        for (dimension, picked) in picks {
            let place = positions.get_mut(*dimension).ok_or_else(|| {
                CubeError::shape("slice", format!("there is no dimension number {dimension}"))
            })?;
            if let Some(beyond) = picked.iter().find(|at| **at >= place.len()) {
                let dimension = &self.dimensions()[*dimension].code;
                let problem = format!("position {beyond} is beyond the end");
                return Err(CubeError::shape(format!("dimension `{dimension}`"), problem));
            }
            place.clone_from(picked);
        }
        let dimensions = self.dimensions().iter().zip(&positions);
        let dimensions =
            dimensions.map(|(dimension, at)| cut(dimension, at)).collect::<Result<_, _>>()?;
        if self.values().is_empty() {
            return self.with_cells(dimensions, Values::default(), Statuses::none());
        }
        let strides = self.strides();
        let axes: Vec<(Vec<usize>, usize)> = positions.into_iter().zip(strides).collect();
        let (values, statuses) = self.gather(&axes);
        self.with_cells(dimensions, values, statuses)
    }

    /// The same cells with the dimensions in another order: `order[0]` becomes the slowest.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`] when `order` does not name each dimension once.
    pub fn transpose(&self, order: &[usize]) -> Result<Cube, CubeError> {
        let mut seen: Vec<usize> = order.to_vec();
        seen.sort_unstable();
        if !seen.iter().copied().eq(0..self.dimensions().len()) {
            return Err(CubeError::shape("order", "each dimension must be named once"));
        }
        if order.iter().copied().eq(0..order.len()) {
            return Ok(self.clone());
        }
        let dimensions: Vec<Dimension> =
            order.iter().map(|at| self.dimensions()[*at].clone()).collect();
        if self.values().is_empty() {
            return self.with_cells(dimensions, Values::default(), Statuses::none());
        }
        let strides = self.strides();
        let axes: Vec<(Vec<usize>, usize)> = order
            .iter()
            .map(|at| ((0..self.dimensions()[*at].len()).collect(), strides[*at]))
            .collect();
        let (values, statuses) = self.gather(&axes);
        self.with_cells(dimensions, values, statuses)
    }

    /// Takes away a dimension that has one category.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`] when it has more, or does not exist.
    pub fn drop_single(&self, dimension: usize) -> Result<Cube, CubeError> {
        if self.dimensions().get(dimension).map(Dimension::len) != Some(1) {
            return Err(CubeError::shape("dimension", "only one with a single category can go"));
        }
        let mut dimensions = self.dimensions().to_vec();
        dimensions.remove(dimension);
        self.with_cells(dimensions, self.values().clone(), self.statuses().clone())
    }

    /// Reads cells in the order that `axes` spans; each axis is positions and a stride.
    fn gather(&self, axes: &[(Vec<usize>, usize)]) -> (Values, Statuses) {
        let count = axes.iter().map(|(positions, _)| positions.len()).product();
        let mut values = Values::with_capacity(count);
        let keys = self.statuses().keys();
        let mut picked = Vec::with_capacity(if keys.is_empty() { 0 } else { count });
        for_each_cell(axes, |cell| {
            match self.values().at(cell) {
                Some(number) => match self.values().exact(cell) {
                    Some(written) => values.push_exact(number, written),
                    None => values.push(number),
                },
                None => values.push_missing(),
            }
            if !keys.is_empty() {
                picked.push(keys.get(cell).copied().unwrap_or(0));
            }
        });
        (values, Statuses::from_keys(self.statuses().symbols().to_vec(), picked))
    }
}

/// Calls `visit` with each cell that `axes` spans, the last axis fastest.
fn for_each_cell(axes: &[(Vec<usize>, usize)], mut visit: impl FnMut(usize)) {
    let Some(((last, stride), outer)) = axes.split_last() else {
        return visit(0);
    };
    if axes.iter().any(|(positions, _)| positions.is_empty()) {
        return;
    }
    let mut at = vec![0_usize; outer.len()];
    let mut base: usize = outer.iter().map(|(positions, stride)| positions[0] * stride).sum();
    loop {
        for position in last {
            visit(base + position * stride);
        }
        // The next combination of the outer axes, as an odometer turns.
        let mut wheel = outer.len();
        loop {
            if wheel == 0 {
                return;
            }
            wheel -= 1;
            let (positions, stride) = &outer[wheel];
            base -= positions[at[wheel]] * stride;
            at[wheel] = (at[wheel] + 1) % positions.len();
            base += positions[at[wheel]] * stride;
            if at[wheel] != 0 {
                break;
            }
        }
    }
}

fn cut(dimension: &Dimension, positions: &[usize]) -> Result<Dimension, CubeError> {
    if positions.iter().copied().eq(0..dimension.len()) {
        return Ok(dimension.clone());
    }
    let mut seen = vec![false; dimension.len()];
    for position in positions {
        if std::mem::replace(&mut seen[*position], true) {
            let problem = format!("`{}` is asked for twice", dimension.codes()[*position]);
            return Err(CubeError::shape(format!("dimension `{}`", dimension.code), problem));
        }
    }
    Ok(dimension.only(positions))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::arbitrary;

    proptest! {
        #[test]
        fn a_picked_cell_keeps_its_number_and_symbol(cube in arbitrary(), seed: u64) {
            let picks: Vec<(usize, Vec<usize>)> = cube
                .dimensions()
                .iter()
                .enumerate()
                .map(|(at, one)| {
                    let kept = (0..one.len()).rev().filter(|p| (seed >> ((p + at * 7) % 61)) & 1 == 1);
                    (at, kept.collect())
                })
                .collect();
            let cut = cube.slice(&picks).expect("positions that exist");
            for cell in 0..cut.values().len() {
                let codes = cut.codes_at(cell);
                let whole = cube.cell(&codes).expect("a code of the cube");
                prop_assert_eq!(cut.values().at(cell), cube.values().at(whole));
                prop_assert_eq!(cut.statuses().at(cell), cube.statuses().at(whole));
            }
        }

        #[test]
        fn turned_and_turned_back_is_the_same(cube in arbitrary()) {
            let count = cube.dimensions().len();
            let order: Vec<usize> = (0..count).rev().collect();
            let there = cube.transpose(&order).expect("an order");
            prop_assert_eq!(there.transpose(&order).expect("an order"), cube);
        }
    }

    #[test]
    fn a_code_cannot_be_asked_for_twice() {
        let dimension =
            Dimension::new("A", vec!["x".into(), "y".into()], Vec::new()).expect("codes");
        let cube =
            Cube::new(vec![dimension], Values::zeros(2), Statuses::none()).expect("two cells");
        let refused = cube.slice(&[(0, vec![1, 1])]).expect_err("twice");
        assert_eq!(refused.to_string(), "dimension `A`: `y` is asked for twice");
    }
}
