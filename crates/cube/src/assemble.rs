//! Putting an extract together from the answers it came in.

use std::collections::BTreeMap;

use crate::{Cube, CubeError, Dimension, Statuses, Values, cells};

/// An extract that is being put together: every cell must come, and only once.
#[derive(Debug)]
pub struct Assembly {
    /// The codes of each dimension, in the order of the finished cube.
    target: Vec<(String, Vec<String>)>,
    known: Vec<BTreeMap<String, (Option<String>, usize)>>,
    blocks: Vec<Dimension>,
    first: Option<Cube>,
    notes: Vec<String>,
    values: Values,
    statuses: Statuses,
    filled: Vec<bool>,
    left: usize,
}

impl Assembly {
    /// Begins an extract with these dimensions and codes.
    ///
    /// # Errors
    ///
    /// [`CubeError::TooLarge`] above `limit` cells.
    pub fn new(target: Vec<(String, Vec<String>)>, limit: u64) -> Result<Assembly, CubeError> {
        let count = cells(target.iter().map(|(_, codes)| codes.len()), limit)?;
        let known = target.iter().map(|(_, codes)| {
            codes.iter().enumerate().map(|(at, code)| (code.clone(), (None, at))).collect()
        });
        Ok(Assembly {
            known: known.collect(),
            target,
            blocks: Vec::new(),
            first: None,
            notes: Vec::new(),
            values: Values::missing(count),
            statuses: Statuses::none(),
            filled: vec![false; count],
            left: count,
        })
    }

    /// Cells that have not come yet.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Puts an answer where its codes belong, whatever its order.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`] when it was published at another time than the others, has a
    /// dimension or code that was not asked for, lacks a dimension, or brings a cell that came
    /// before. Nothing of it is kept then.
    pub fn put(&mut self, block: &Cube) -> Result<(), CubeError> {
        if let Some(first) = &self.first
            && first.updated != block.updated
        {
            let said = |cube: &Cube| cube.updated.clone().unwrap_or_else(|| "unknown".to_owned());
            let problem =
                format!("changed from {} to {} between two answers", said(first), said(block));
            return Err(CubeError::shape("updated", problem));
        }
        let axes = self.axes(block)?;
        let places = self.places(&axes);
        if let Some(taken) = places.iter().find(|place| self.filled[**place]) {
            return Err(CubeError::shape("value", format!("cell {taken} came twice")));
        }
        let count = self.values.len();
        for (cell, place) in places.into_iter().enumerate() {
            self.filled[place] = true;
            self.values.set(place, block.values().at(cell));
            if let Some(written) = block.values().exact(cell) {
                self.values.set_exact(place, written);
            }
            if let Some(symbol) = block.statuses().at(cell) {
                self.statuses.set(place, count, symbol);
            }
            self.left -= 1;
        }
        self.learn(block);
        Ok(())
    }

    /// The finished cube.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`] when cells are lacking.
    pub fn finish(self) -> Result<Cube, CubeError> {
        let Some(mut first) = self.first.filter(|_| self.left == 0) else {
            let problem = format!("{} of {} cells did not come", self.left, self.values.len());
            return Err(CubeError::shape("value", problem));
        };
        let mut dimensions = Vec::with_capacity(self.target.len());
        for (((_, codes), known), merged) in
            self.target.into_iter().zip(self.known).zip(self.blocks)
        {
            let labels =
                codes.iter().map(|code| known.get(code).and_then(|(label, _)| label.clone()));
            let labels: Vec<Option<String>> = labels.collect();
            let labels = if labels.iter().all(Option::is_none) { Vec::new() } else { labels };
            dimensions.push(merged.with_codes(codes, labels)?);
        }
        first.notes = self.notes;
        first.with_cells(dimensions, self.values, self.statuses)
    }

    /// For each dimension of the block: its stride in the finished cube and where its codes go.
    fn axes(&self, block: &Cube) -> Result<Vec<(usize, Vec<usize>)>, CubeError> {
        let mut strides = vec![1; self.target.len()];
        for at in (1..strides.len()).rev() {
            strides[at - 1] = strides[at] * self.target[at].1.len();
        }
        for (code, _) in &self.target {
            block.find_dimension(code)?;
        }
        let mut axes = Vec::with_capacity(block.dimensions().len());
        for dimension in block.dimensions() {
            let lower = dimension.code.to_lowercase();
            let found = self.target.iter().position(|(code, _)| code.to_lowercase() == lower);
            let Some(at) = found else {
                let problem = "was not asked for";
                return Err(CubeError::shape(format!("dimension `{}`", dimension.code), problem));
            };
            let mut positions = Vec::with_capacity(dimension.len());
            for code in dimension.codes() {
                let Some((_, position)) = self.known[at].get(code) else {
                    let problem = format!("the code `{code}` was not asked for");
                    return Err(CubeError::shape(
                        format!("dimension `{}`", dimension.code),
                        problem,
                    ));
                };
                positions.push(*position);
            }
            axes.push((strides[at], positions));
        }
        if block.values().len() != block.cells() {
            return Err(CubeError::shape("value", "the answer has no values"));
        }
        Ok(axes)
    }

    /// The place of each cell of a block, in the block's order.
    fn places(&self, axes: &[(usize, Vec<usize>)]) -> Vec<usize> {
        let mut places = vec![0_usize];
        for (stride, positions) in axes {
            let mut next = Vec::with_capacity(places.len() * positions.len());
            for place in &places {
                next.extend(positions.iter().map(|position| place + position * stride));
            }
            places = next;
        }
        places
    }

    /// Keeps the texts that a block brings.
    fn learn(&mut self, block: &Cube) {
        for note in &block.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
        for (at, (code, _)) in self.target.iter().enumerate() {
            let lower = code.to_lowercase();
            let Some(part) = block.dimensions().iter().find(|one| one.code.to_lowercase() == lower)
            else {
                continue;
            };
            for (position, code) in part.codes().iter().enumerate() {
                if let Some((label @ None, _)) = self.known[at].get_mut(code) {
                    *label = part.stated_label(position).map(str::to_owned);
                }
            }
            match self.blocks.get_mut(at) {
                None => self.blocks.push(part.clone()),
                Some(merged) => merged.merge(part),
            }
        }
        if self.first.is_none() {
            self.first = Some(block.without_values());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::arbitrary;

    fn target(cube: &Cube) -> Vec<(String, Vec<String>)> {
        cube.dimensions().iter().map(|one| (one.code.clone(), one.codes().to_vec())).collect()
    }

    proptest! {
        #[test]
        fn pieces_in_any_order_give_the_whole(cube in arbitrary(), turned: bool) {
            let mut assembly = Assembly::new(target(&cube), 1_000_000).expect("small");
            let pieces: Vec<Cube> = match cube.dimensions().first() {
                None => vec![cube.clone()],
                Some(first) => (0..first.len())
                    .rev()
                    .map(|at| cube.slice(&[(0, vec![at])]).expect("a position"))
                    .collect(),
            };
            for piece in pieces {
                let order: Vec<usize> = (0..piece.dimensions().len()).rev().collect();
                let piece = if turned { piece.transpose(&order).expect("an order") } else { piece };
                assembly.put(&piece).expect("cells that were asked for");
            }
            prop_assert_eq!(assembly.finish().expect("all came"), cube);
        }
    }

    #[test]
    fn an_answer_of_another_publication_is_refused() {
        let dimension =
            Dimension::new("A", vec!["x".into(), "y".into()], Vec::new()).expect("codes");
        let mut cube =
            Cube::new(vec![dimension], Values::zeros(2), Statuses::none()).expect("cells");
        cube.updated = Some("2026-02-01".to_owned());
        let mut assembly = Assembly::new(target(&cube), 10).expect("small");
        assembly.put(&cube.slice(&[(0, vec![0])]).expect("a position")).expect("the first");
        cube.updated = Some("2026-02-02".to_owned());
        let refused = assembly.put(&cube.slice(&[(0, vec![1])]).expect("a position"));
        assert_eq!(
            refused.expect_err("published anew").to_string(),
            "updated: changed from 2026-02-01 to 2026-02-02 between two answers"
        );
        assert_eq!(assembly.left(), 1);
    }
}
