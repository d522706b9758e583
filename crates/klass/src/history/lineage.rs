use std::collections::BTreeSet;

use super::{Change, RegionHistory, Unit};

/// One change on the way to or from a code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step<'a> {
    /// How many changes away from the code asked about, from 1.
    pub distance: usize,
    /// The change.
    pub change: &'a Change,
}

/// All that a code came from and became.
#[derive(Debug, Clone, PartialEq)]
pub struct Lineage<'a> {
    /// The spans of the code itself.
    pub units: &'a [Unit],
    /// What led to it, oldest first.
    pub ancestors: Vec<Step<'a>>,
    /// What became of it, oldest first.
    pub descendants: Vec<Step<'a>>,
}

impl RegionHistory {
    /// All ancestors and descendants of a code, with the changes between.
    ///
    /// Land that moved is shown where it touches the code itself, and not followed further.
    pub fn lineage(&self, code: &str) -> Lineage<'_> {
        let ancestors = self.follow(code, |change| (&change.new_code, &change.old_code));
        let descendants = self.follow(code, |change| (&change.old_code, &change.new_code));
        Lineage { units: self.units(code), ancestors, descendants }
    }

    fn follow(&self, code: &str, ends: impl Fn(&Change) -> (&String, &String)) -> Vec<Step<'_>> {
        let mut found: Vec<Step<'_>> = Vec::new();
        let mut seen = BTreeSet::from([code.to_owned()]);
        let mut front = vec![code.to_owned()];
        let mut distance = 0;
        while !front.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for change in &self.changes {
                let (here, there) = ends(change);
                let is_step = super::conversion::is_step(change);
                if !front.contains(here) || (!is_step && distance > 1) {
                    continue;
                }
                found.push(Step { distance, change });
                if is_step && seen.insert(there.clone()) {
                    next.push(there.clone());
                }
            }
            front = next;
        }
        found.sort_by_key(|step| (step.change.date, step.distance));
        found
    }
}
