//! Faults of a JSON-stat dataset, all of them.
//!
//! PxWeb's own dialect is no fault: `link.describedby` without an address, and
//! members that the standard does not name, are noted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Finding;

/// Faults, and what is worth knowing.
pub fn findings(bytes: &[u8]) -> (Vec<Finding>, Vec<Finding>) {
    let Ok(dataset) = serde_json::from_slice::<Value>(bytes) else {
        // The reader says where the syntax breaks.
        return (Vec::new(), Vec::new());
    };
    if dataset.get("class").and_then(Value::as_str) != Some("dataset") {
        // Version 1 and collections are the reader's.
        return (Vec::new(), Vec::new());
    }
    let mut check = Check::default();
    check.dataset(&dataset);
    (check.faults, check.notes)
}

#[derive(Default)]
struct Check {
    faults: Vec<Finding>,
    notes: Vec<Finding>,
}

impl Check {
    fn fault(&mut self, key: &'static str, places: &[(&'static str, &str)]) {
        self.faults.push(Finding::new(key, places));
    }

    fn dataset(&mut self, dataset: &Value) {
        if dataset.get("version").and_then(Value::as_str).is_none() {
            self.notes.push(Finding::new("no_version", &[]));
        }
        let (Some(ids), Some(sizes)) = (texts(dataset.get("id")), sizes(dataset.get("size")))
        else {
            return self.fault("no_id_or_size", &[]);
        };
        if ids.len() != sizes.len() {
            let (ids, sizes) = (ids.len().to_string(), sizes.len().to_string());
            self.fault("id_and_size", &[("ids", &ids), ("sizes", &sizes)]);
        }
        let distinct: BTreeSet<&str> = ids.iter().copied().collect();
        if distinct.len() < ids.len() {
            self.fault("dimension_twice", &[]);
        }
        for (id, size) in ids.iter().zip(&sizes) {
            match dataset.get("dimension").and_then(|all| all.get(*id)) {
                None => self.fault("no_dimension", &[("dimension", id)]),
                Some(dimension) => self.dimension(id, dimension, *size),
            }
        }
        self.roles(dataset, &distinct);
        let cells = sizes.iter().try_fold(1_u64, |product, size| product.checked_mul(*size));
        match cells {
            None => self.fault("endless", &[]),
            Some(cells) => {
                self.values(dataset, cells);
                self.statuses(dataset, cells);
            }
        }
        self.dialect(dataset);
    }

    fn dimension(&mut self, id: &str, dimension: &Value, size: u64) {
        let category = dimension.get("category").unwrap_or(&Value::Null);
        let labels = category.get("label").and_then(Value::as_object);
        let codes: BTreeSet<&str> = match category.get("index") {
            Some(Value::Array(codes)) => {
                let known: Vec<&str> = codes.iter().filter_map(Value::as_str).collect();
                let distinct: BTreeSet<&str> = known.iter().copied().collect();
                if known.len() != codes.len() || distinct.len() != known.len() {
                    self.fault("index_codes", &[("dimension", id)]);
                }
                distinct
            }
            Some(Value::Object(index)) => {
                self.positions(id, index);
                index.keys().map(String::as_str).collect()
            }
            _ => labels.into_iter().flat_map(|labels| labels.keys()).map(String::as_str).collect(),
        };
        if codes.len() as u64 != size {
            let (size, count) = (size.to_string(), codes.len().to_string());
            self.fault("size", &[("dimension", id), ("size", &size), ("codes", &count)]);
        }
        for member in ["label", "unit", "note", "coordinates", "child"] {
            let named = category.get(member).and_then(Value::as_object);
            for code in named.into_iter().flat_map(|named| named.keys()) {
                if !codes.contains(code.as_str()) {
                    let places = [("dimension", id), ("member", member), ("code", code)];
                    self.fault("unknown_code", &places);
                }
            }
        }
    }

    /// Positions of an index must be 0, 1, 2, … without gaps and without repeats.
    fn positions(&mut self, id: &str, index: &serde_json::Map<String, Value>) {
        let mut taken: BTreeMap<u64, &str> = BTreeMap::new();
        for (code, position) in index {
            let Some(position) = position.as_u64() else {
                self.fault("position", &[("dimension", id), ("code", code)]);
                continue;
            };
            if let Some(other) = taken.insert(position, code) {
                let position = position.to_string();
                let places =
                    [("dimension", id), ("code", code), ("other", other), ("position", &position)];
                self.fault("position_twice", &places);
            }
        }
        let gap = taken.keys().zip(0_u64..).find(|(position, expected)| **position != *expected);
        if let Some((_, gap)) = gap {
            self.fault("position_gap", &[("dimension", id), ("position", &gap.to_string())]);
        }
    }

    fn roles(&mut self, dataset: &Value, ids: &BTreeSet<&str>) {
        let roles = dataset.get("role").and_then(Value::as_object);
        for (role, named) in roles.into_iter().flatten() {
            for id in texts(Some(named)).unwrap_or_default() {
                if !ids.contains(id) {
                    self.fault("role", &[("role", role), ("dimension", id)]);
                }
            }
        }
    }

    fn values(&mut self, dataset: &Value, cells: u64) {
        match dataset.get("value") {
            Some(Value::Array(values)) if values.is_empty() => {}
            Some(Value::Array(values)) => {
                if values.len() as u64 != cells {
                    let (count, cells) = (values.len().to_string(), cells.to_string());
                    self.fault("value_count", &[("values", &count), ("cells", &cells)]);
                }
                let odd = values.iter().position(|value| !(value.is_number() || value.is_null()));
                if let Some(at) = odd {
                    let places = [("cell", at.to_string()), ("value", values[at].to_string())];
                    self.fault("value_kind", &[("cell", &places[0].1), ("value", &places[1].1)]);
                }
            }
            Some(Value::Object(values)) => self.keys("value", values, cells),
            Some(Value::Null) | None => {}
            Some(_) => self.fault("value_form", &[]),
        }
    }

    fn statuses(&mut self, dataset: &Value, cells: u64) {
        match dataset.get("status") {
            Some(Value::Object(statuses)) => self.keys("status", statuses, cells),
            Some(Value::Array(statuses)) if statuses.len() as u64 > cells => {
                let (count, cells) = (statuses.len().to_string(), cells.to_string());
                self.fault("status_count", &[("statuses", &count), ("cells", &cells)]);
            }
            _ => {}
        }
    }

    /// Keys of a sparse member are cells that exist.
    fn keys(&mut self, member: &'static str, found: &serde_json::Map<String, Value>, cells: u64) {
        let is_cell = |key: &String| key.parse::<u64>().is_ok_and(|cell| cell < cells);
        let beyond: Vec<&String> = found.keys().filter(|key| !is_cell(key)).collect();
        if let Some(first) = beyond.first() {
            let (count, cells) = (beyond.len().to_string(), cells.to_string());
            let places = [
                ("member", member),
                ("cell", first.as_str()),
                ("count", &count),
                ("cells", &cells),
            ];
            self.fault("no_such_cell", &places);
        }
    }

    fn dialect(&mut self, dataset: &Value) {
        let dimensions = dataset.get("dimension").and_then(Value::as_object);
        let without_address = |dimension: &Value| {
            let links = dimension.pointer("/link/describedby").and_then(Value::as_array);
            links.is_some_and(|links| links.iter().any(|link| link.get("href").is_none()))
        };
        if dimensions.into_iter().flatten().any(|(_, dimension)| without_address(dimension)) {
            self.notes.push(Finding::new("dialect", &[]));
        }
    }
}

/// An array of texts.
fn texts(value: Option<&Value>) -> Option<Vec<&str>> {
    value?.as_array()?.iter().map(Value::as_str).collect()
}

/// An array of sizes.
fn sizes(value: Option<&Value>) -> Option<Vec<u64>> {
    value?.as_array()?.iter().map(Value::as_u64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> String {
        let (faults, notes) = findings(json.as_bytes());
        let line = |finding: &Finding| {
            let places: Vec<String> =
                finding.places.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{} {}", finding.key, places.join(" ")).trim_end().to_owned()
        };
        faults.iter().chain(&notes).map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_fault_is_listed_not_only_the_first() {
        let lying = r#"{"class":"dataset","id":["Region","Tid"],"size":[3,2],
            "role":{"time":["Year"]},
            "dimension":{
              "Region":{"category":{"index":{"0301":0,"1103":2,"4601":2},"label":{"0302":"Oslo"}}},
              "Tid":{"category":{"index":["2024"]}}},
            "value":[1,2,"x"],"status":{"6":"."}}"#;
        insta::assert_snapshot!(said(lying), @r#"
        position_twice dimension=Region code=4601 other=1103 position=2
        position_gap dimension=Region position=1
        unknown_code dimension=Region member=label code=0302
        size dimension=Tid size=2 codes=1
        role role=time dimension=Year
        value_count values=3 cells=6
        value_kind cell=2 value="x"
        no_such_cell member=status cell=6 count=1 cells=6
        no_version
        "#);
    }

    #[test]
    fn a_link_of_pxweb_without_an_address_is_no_fault() {
        let pxweb = r#"{"version":"2.0","class":"dataset","id":["Region"],"size":[1],
            "dimension":{"Region":{"category":{"index":{"0":0}},
              "link":{"describedby":[{"extension":{"Region":"urn:ssb:classification:klass:131"}}]}}},
            "value":[1]}"#;
        assert_eq!(said(pxweb), "dialect");
    }
}
