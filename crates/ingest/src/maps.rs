//! What became of regions, as a snapshot has it.

use std::collections::BTreeMap;

use klass::RegionHistory;
use klass::history::{CrosswalkKind, CrosswalkRow, Listed, Material};
use klass::rebase::{Conversion, Part};
use store::{RegionChange, RegionConversion, Snapshot};

use crate::IngestError;

/// The history of regions that a snapshot carries.
///
/// # Errors
///
/// The snapshot cannot be read, or what it says of regions contradicts itself.
pub fn region_history(snapshot: &Snapshot) -> Result<RegionHistory, IngestError> {
    let changes = snapshot.region_changes()?;
    let crosswalk = changes.iter().map(row).collect::<Result<_, IngestError>>()?;
    let municipalities = snapshot.municipalities()?.into_iter().map(|municipality| Listed {
        code: municipality.municipality_code,
        name: municipality.name,
        parent: Some(municipality.county_code),
    });
    let municipalities = municipalities.collect();
    let material = Material { crosswalk, municipalities, ..Material::default() };
    RegionHistory::new(&material).map_err(|error| IngestError::Regions { cause: error.to_string() })
}

fn row(change: &RegionChange) -> Result<CrosswalkRow, IngestError> {
    let fault = |what: &str| IngestError::Regions {
        cause: format!("`{what}` of `{}` cannot be understood", change.old_code),
    };
    Ok(CrosswalkRow {
        old_code: change.old_code.clone(),
        old_name: change.old_name.clone(),
        new_code: change.new_code.clone(),
        date: change.valid_from.parse().map_err(|_| fault(&change.valid_from))?,
        kind: CrosswalkKind::from_name(&change.kind).ok_or_else(|| fault(&change.kind))?,
        weight: change.weight,
        weight_basis: change.weight_basis.clone(),
        note: change.note.clone(),
    })
}

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
