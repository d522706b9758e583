//! The history of regions, from what a snapshot and an archive hold.

use atlas::HistorySource;
use jiff::civil::Date;
use klass::RegionHistory;
use klass::history::{CrosswalkKind, CrosswalkRow, Level, Listed, Material, Vintage};
use store::archive::Archive;
use store::{RegionChange, Snapshot};

use crate::IngestError;

/// Makes the history of regions, and says what it rests on.
///
/// # Errors
///
/// The snapshot cannot be read, or what it says of regions contradicts itself.
pub fn history(
    snapshot: &Snapshot,
    _: Option<&Archive>,
) -> Result<(RegionHistory, Vec<HistorySource>), IngestError> {
    let changes = snapshot.region_changes()?;
    let municipalities = snapshot.municipalities()?;
    let session = snapshot.session()?;
    let grunnkretser = crate::rebuild::grunnkretser(&session)?;
    let from: Option<Date> = changes.iter().filter_map(|row| row.valid_from.parse().ok()).max();
    let vintages = from.map(|from| Vintage {
        level: Level::Grunnkrets,
        from,
        until: None,
        listed: grunnkretser
            .into_iter()
            .filter(|one| one.kind != "outside_357")
            .map(|one| Listed {
                code: one.grunnkrets_code,
                name: one.name,
                parent: Some(one.delomrade_code),
            })
            .collect(),
    });
    let material = Material {
        crosswalk: changes.iter().filter_map(row).collect(),
        municipalities: municipalities
            .into_iter()
            .map(|one| Listed {
                code: one.municipality_code,
                name: one.name,
                parent: Some(one.county_code),
            })
            .collect(),
        vintages: vintages.into_iter().collect(),
        ..Material::default()
    };
    let history = RegionHistory::new(&material).map_err(Box::new)?;
    let source = HistorySource {
        publisher: "SSB".to_owned(),
        title: "Klass 131".to_owned(),
        as_of: snapshot.created().to_owned(),
    };
    Ok((history, vec![source]))
}

fn row(change: &RegionChange) -> Option<CrosswalkRow> {
    Some(CrosswalkRow {
        old_code: change.old_code.clone(),
        old_name: change.old_name.clone(),
        new_code: change.new_code.clone(),
        date: change.valid_from.parse().ok()?,
        kind: CrosswalkKind::from_name(&change.kind)?,
        weight: change.weight,
        weight_basis: change.weight_basis.clone(),
        note: change.note.clone(),
    })
}
