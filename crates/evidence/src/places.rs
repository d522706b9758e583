//! Finding a municipality by what a person types.
//!
//! A current code or name wins. A former code or name leads to its successors:
//! one is answered with a note, several are listed. Two municipalities of one
//! name are never told apart by guessing.

use std::collections::BTreeSet;

use store::{Municipality, RegionChange};

use crate::error::EvidenceError;

/// A municipality that was found, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Code in force.
    pub municipality_code: String,
    /// Former code and name by which it was asked for.
    pub former: Option<(String, String)>,
}

/// The municipalities in force and what they came from.
pub(crate) struct Places<'a> {
    pub(crate) municipalities: &'a [Municipality],
    pub(crate) changes: &'a [RegionChange],
}

impl Places<'_> {
    /// Finds the municipality with this code or name.
    pub(crate) fn find(&self, asked: &str) -> Result<Found, EvidenceError> {
        let wanted = asked.trim();
        if wanted.is_empty() {
            return Err(self.unknown(asked));
        }
        let is_code = wanted.len() == 4 && wanted.bytes().all(|byte| byte.is_ascii_digit());
        if is_code { self.by_code(wanted) } else { self.by_name(wanted) }
    }

    fn by_code(&self, code: &str) -> Result<Found, EvidenceError> {
        if self.municipalities.iter().any(|place| place.municipality_code == code) {
            return Ok(Found { municipality_code: code.to_owned(), former: None });
        }
        let former: Vec<&RegionChange> =
            self.former().filter(|change| change.old_code == code).collect();
        self.successor(code, &former)
    }

    fn by_name(&self, name: &str) -> Result<Found, EvidenceError> {
        let same = |candidate: &str| candidate.to_lowercase() == name.to_lowercase();
        let current: BTreeSet<&str> = self
            .municipalities
            .iter()
            .filter(|place| {
                same(&place.name)
                    || same(&place.display_name)
                    || place.alternative_names.iter().any(|other| same(other))
            })
            .map(|place| place.municipality_code.as_str())
            .collect();
        // A former municipality of that name counts when it lives on under another one.
        let former: Vec<&RegionChange> = self
            .former()
            .filter(|change| same(&change.old_name))
            .filter(|change| {
                let successors = self.former().filter(|other| other.old_code == change.old_code);
                !successors.into_iter().any(|other| current.contains(other.new_code.as_str()))
            })
            .collect();
        match (current.len(), former.is_empty()) {
            (0, _) => self.successor(name, &former),
            (1, true) => {
                Ok(Found { municipality_code: current.into_iter().collect(), former: None })
            }
            _ => {
                let codes = current.into_iter();
                let mut candidates: Vec<String> = codes.map(|code| self.label(code)).collect();
                candidates.extend(former.iter().map(|change| self.former_label(change)));
                Err(ambiguous(name, candidates))
            }
        }
    }

    fn successor(&self, asked: &str, former: &[&RegionChange]) -> Result<Found, EvidenceError> {
        let successors: BTreeSet<&str> =
            former.iter().map(|change| change.new_code.as_str()).collect();
        match (former.first(), successors.len()) {
            (Some(change), 1) => Ok(Found {
                municipality_code: change.new_code.clone(),
                former: Some((change.old_code.clone(), change.old_name.clone())),
            }),
            (Some(_), _) => Err(ambiguous(
                asked,
                former.iter().map(|change| self.former_label(change)).collect(),
            )),
            (None, _) => Err(self.unknown(asked)),
        }
    }

    /// Changes that ended a unit; moved borders did not.
    fn former(&self) -> impl Iterator<Item = &RegionChange> {
        self.changes.iter().filter(|change| change.kind != "boundary_adjusted")
    }

    fn unknown(&self, asked: &str) -> EvidenceError {
        let wanted = asked.trim().to_lowercase();
        let distance = |place: &Municipality| {
            let by_name = strsim::damerau_levenshtein(&wanted, &place.display_name.to_lowercase());
            let by_plain = strsim::damerau_levenshtein(&wanted, &place.name.to_lowercase());
            by_name
                .min(by_plain)
                .min(strsim::damerau_levenshtein(&wanted, &place.municipality_code))
        };
        let mut ranked: Vec<(usize, &Municipality)> =
            self.municipalities.iter().map(|place| (distance(place), place)).collect();
        ranked.sort_by_key(|(distance, place)| (*distance, place.municipality_code.clone()));
        let nearest: Vec<String> =
            ranked.iter().take(3).map(|(_, place)| self.label(&place.municipality_code)).collect();
        EvidenceError::UnknownMunicipality { asked: asked.to_owned(), nearest: nearest.join(", ") }
    }

    fn label(&self, code: &str) -> String {
        let place = self.municipalities.iter().find(|place| place.municipality_code == code);
        let name = place.map_or("", |place| place.display_name.as_str());
        format!("{name} ({code})")
    }

    fn former_label(&self, change: &RegionChange) -> String {
        format!("{} ({}) → {}", change.old_name, change.old_code, self.label(&change.new_code))
    }
}

fn ambiguous(asked: &str, mut candidates: Vec<String>) -> EvidenceError {
    candidates.sort();
    candidates.dedup();
    EvidenceError::AmbiguousMunicipality {
        asked: asked.to_owned(),
        candidates: candidates.join(", "),
    }
}
