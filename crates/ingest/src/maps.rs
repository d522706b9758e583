//! Conversions between maps, as a snapshot has them.

use std::collections::BTreeMap;

use klass::rebase::{Conversion, Part};
use store::RegionConversion;

/// Conversions to one map, by the year of the map they come from.
pub(crate) fn conversions_to(to_year: i16, rows: &[RegionConversion]) -> BTreeMap<i16, Conversion> {
    let mut conversions: BTreeMap<i16, Conversion> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.to_year == to_year) {
        let empty = || Conversion { from_year: row.from_year, to_year, parts: Vec::new() };
        conversions.entry(row.from_year).or_insert_with(empty).parts.push(Part {
            from_code: row.from_code.clone(),
            to_code: row.to_code.clone(),
            share_from: row.share_from,
            share_to: row.share_to,
            basis: row.basis.clone(),
        });
    }
    conversions
}
