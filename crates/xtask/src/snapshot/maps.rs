//! What became of the regions of each map, and what was published where figures had to be divided.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use klass::RegionHistory;
use klass::history::{CrosswalkKind, CrosswalkRow, Listed, Material};
use klass::rebase::Conversion;
use store::build::{Figure, ModelledShare, NewMeasure};
use store::{Municipality, RegionChange, RegionConversion, ValueStatus};

/// The maps that figures come on: none changed between 2013 and 2017.
const FROM_YEARS: std::ops::RangeInclusive<i16> = 2013..=2026;

/// The maps that figures are moved to. The figures of the snapshot stand on the last one.
const TO_YEARS: [i16; 2] = [2020, 2024];

/// The map of the snapshot's figures.
const TODAY: i16 = 2024;

/// Conversions of every map to the two that are asked for.
pub fn conversions(
    changes: &[RegionChange],
    municipalities: &[Municipality],
) -> anyhow::Result<Vec<Conversion>> {
    let history = RegionHistory::new(&material(changes, municipalities)?)?;
    let mut conversions = Vec::new();
    for from_year in FROM_YEARS {
        for to_year in TO_YEARS {
            let conversion = history
                .conversion(from_year, to_year)
                .with_context(|| format!("the map of {from_year} to that of {to_year}"))?;
            conversion.check()?;
            conversions.push(conversion);
        }
    }
    Ok(conversions)
}

/// Conversions as the snapshot has them.
pub fn rows(conversions: &[Conversion]) -> Vec<RegionConversion> {
    let rows = conversions.iter().flat_map(|conversion| {
        conversion.parts.iter().zip(conversion.kinds()).map(|(part, kind)| RegionConversion {
            from_year: conversion.from_year,
            from_code: part.from_code.clone(),
            to_year: conversion.to_year,
            to_code: part.to_code.clone(),
            share_from: part.share_from,
            share_to: part.share_to,
            kind: kind.as_str().to_owned(),
            basis: part.basis.clone(),
        })
    });
    rows.collect()
}

fn material(changes: &[RegionChange], municipalities: &[Municipality]) -> anyhow::Result<Material> {
    let row = |change: &RegionChange| {
        let Some(kind) = CrosswalkKind::from_name(&change.kind) else {
            bail!("crosswalk.csv: `{}` is no kind of change", change.kind);
        };
        Ok(CrosswalkRow {
            old_code: change.old_code.clone(),
            old_name: change.old_name.clone(),
            new_code: change.new_code.clone(),
            date: change.valid_from.parse()?,
            kind,
            weight: change.weight,
            weight_basis: change.weight_basis.clone(),
            note: change.note.clone(),
        })
    };
    let listed = |municipality: &Municipality| Listed {
        code: municipality.municipality_code.clone(),
        name: municipality.name.clone(),
        parent: Some(municipality.county_code.clone()),
    };
    Ok(Material {
        crosswalk: changes.iter().map(row).collect::<anyhow::Result<_>>()?,
        municipalities: municipalities.iter().map(listed).collect(),
        ..Material::default()
    })
}

/// Figures as they were published, and the shares of ours that were modelled from them.
pub struct Divided {
    pub published: Vec<Figure>,
    pub modelled: Vec<ModelledShare>,
}

/// The figures of regions whose parts are regions of today, and consist of nothing else.
///
/// The facts hold only the parts, estimated so that they add up to what was published; so the
/// published figure is their sum. 1507 Ålesund in 2020-2023 is the only such region. Where a part
/// was joined to others (1850, 5012), what was published cannot be told from the facts.
pub fn divided(conversions: &[Conversion], figures: &[Figure], measures: &[NewMeasure]) -> Divided {
    let mut divided = Divided { published: Vec::new(), modelled: Vec::new() };
    let by_key: BTreeMap<(&str, &str, &str), &Figure> = figures
        .iter()
        .map(|one| {
            ((one.measure.as_str(), one.period.as_str(), one.municipality_code.as_str()), one)
        })
        .collect();
    for conversion in conversions.iter().filter(|conversion| conversion.to_year == TODAY) {
        let period = conversion.from_year.to_string();
        for (code, into) in wholly_divided(conversion) {
            for measure in measures {
                let keys =
                    into.iter().map(|code| (measure.measure.as_str(), period.as_str(), *code));
                let parts: Vec<&Figure> =
                    keys.filter_map(|key| by_key.get(&key).copied()).collect();
                let is_estimate = |figure: &&Figure| figure.status == ValueStatus::Estimated;
                if parts.len() < into.len() || !parts.iter().all(is_estimate) {
                    continue;
                }
                divided.published.push(Figure {
                    municipality_code: code.to_owned(),
                    measure: measure.measure.clone(),
                    period: period.clone(),
                    value: parts.iter().map(|part| part.value).sum(),
                    status: ValueStatus::Ok,
                    source: measure.source.clone(),
                });
                divided.modelled.extend(parts.iter().map(|part| ModelledShare {
                    municipality_code: part.municipality_code.clone(),
                    measure: measure.measure.clone(),
                    period: period.clone(),
                    share: 1.0,
                }));
            }
        }
    }
    divided
}

/// Old codes whose parts have no other parts, with the codes of their parts.
fn wholly_divided(conversion: &Conversion) -> BTreeMap<&str, Vec<&str>> {
    let mut into: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut sources: BTreeMap<&str, u32> = BTreeMap::new();
    for part in &conversion.parts {
        into.entry(&part.from_code).or_default().push(&part.to_code);
        *sources.entry(&part.to_code).or_default() += 1;
    }
    into.retain(|_, codes| codes.len() > 1 && codes.iter().all(|code| sources[code] == 1));
    into
}
