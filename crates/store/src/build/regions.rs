//! Conversions between maps, packed: a run of years in which a region's share was the same.

use crate::{RegionConversion, StoreError};

/// Equal rows of [`RegionConversion`] for years that follow each other.
pub(super) struct RegionRun<'builder> {
    pub(super) conversion: &'builder RegionConversion,
    /// The last year; the first one is the conversion's own.
    pub(super) last_year: i16,
}

/// Packs conversions, in the order in which they are stored.
pub(super) fn runs(conversions: &[RegionConversion]) -> Result<Vec<RegionRun<'_>>, StoreError> {
    let mut sorted: Vec<&RegionConversion> = conversions.iter().collect();
    sorted.sort_by(|left, right| {
        let key = |one: &RegionConversion| (one.to_year, one.from_code.clone());
        key(left)
            .cmp(&key(right))
            .then(left.share_from.total_cmp(&right.share_from))
            .then(left.share_to.total_cmp(&right.share_to))
            .then(left.to_code.cmp(&right.to_code))
            .then(left.from_year.cmp(&right.from_year))
    });
    check_cuts(conversions)?;
    let mut runs: Vec<RegionRun<'_>> = Vec::new();
    for conversion in sorted {
        match runs.last_mut() {
            Some(run) if goes_on(run, conversion) => run.last_year = conversion.from_year,
            _ => runs.push(RegionRun { conversion, last_year: conversion.from_year }),
        }
    }
    let order = |run: &RegionRun<'_>| {
        let one = run.conversion;
        (one.to_year, one.from_code.clone(), one.from_year)
    };
    runs.sort_by(|left, right| {
        let by_share = left.conversion.share_from.total_cmp(&right.conversion.share_from);
        order(left).cmp(&order(right)).then(by_share)
    });
    Ok(runs)
}

fn goes_on(run: &RegionRun<'_>, next: &RegionConversion) -> bool {
    let first = run.conversion;
    run.last_year + 1 == next.from_year
        && RegionConversion { from_year: next.from_year, ..first.clone() } == *next
}

/// The shares of a region follow each other from 0 to 1.
fn check_cuts(conversions: &[RegionConversion]) -> Result<(), StoreError> {
    let key = |one: &RegionConversion| (one.from_year, one.to_year, one.from_code.clone());
    let mut sorted: Vec<&RegionConversion> = conversions.iter().collect();
    sorted.sort_by(|left, right| {
        key(left).cmp(&key(right)).then(left.share_from.total_cmp(&right.share_from))
    });
    for parts in sorted.chunk_by(|left, right| key(left) == key(right)) {
        let mut end = 0.0;
        let follows = parts.iter().all(|part| {
            let fits = part.share_from == end && part.share_to > part.share_from;
            end = part.share_to;
            fits
        });
        if !follows || end != 1.0 {
            let one = parts[0];
            return Err(StoreError::Content {
                problem: format!(
                    "the shares of `{}` of {} in {} do not add up to 1",
                    one.from_code, one.from_year, one.to_year
                ),
            });
        }
    }
    Ok(())
}
