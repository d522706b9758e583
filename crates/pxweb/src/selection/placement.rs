use super::Placement;
use crate::Table;

/// A placement that the server accepts: positions of variables in the table.
pub(super) struct Placed {
    pub(super) stub: Vec<usize>,
    pub(super) heading: Vec<usize>,
}

impl Placement {
    /// What the server makes of this; `None` where it is illegal, which it passes over in silence.
    ///
    /// `selected` are the variables with codes, in the order asked: those that no list names go,
    /// in that order, to the list that is empty.
    pub(super) fn resolve(&self, table: &Table, selected: &[usize]) -> Option<Placed> {
        let find = |codes: &[String]| -> Option<Vec<usize>> {
            let found = codes.iter().map(|code| table.position(code));
            found.map(|at| at.filter(|at| selected.contains(at))).collect()
        };
        let (stub, heading) = (find(&self.stub)?, find(&self.heading)?);
        let named: Vec<usize> = stub.iter().chain(&heading).copied().collect();
        let repeats = |(at, one): (usize, &usize)| named[..at].contains(one);
        if named.is_empty() || named.iter().enumerate().any(repeats) {
            return None;
        }
        let rest: Vec<usize> = selected.iter().copied().filter(|at| !named.contains(at)).collect();
        match (stub.is_empty(), heading.is_empty(), rest.is_empty()) {
            (_, _, true) => Some(Placed { stub, heading }),
            (true, false, false) => Some(Placed { stub: rest, heading }),
            (false, true, false) => Some(Placed { stub, heading: rest }),
            _ => None,
        }
    }
}

impl Placed {
    pub(super) fn named(&self, table: &Table) -> Placement {
        let names = |positions: &[usize]| {
            positions.iter().map(|at| table.variables[*at].code.clone()).collect()
        };
        Placement { heading: names(&self.heading), stub: names(&self.stub) }
    }
}
