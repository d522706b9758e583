//! `grunnlag diff`.

use cube::Difference;
use store::archive::{Archive, Version};

use super::Session;
use super::changes::{self, DifferenceReport, VersionReport};
use crate::args::{DiffArguments, Format};
use crate::failure::Failure;
use crate::formats;

/// Says what changed between two versions of an extract.
pub fn run(session: &Session<'_>, typed: &DiffArguments) -> Result<(), Failure> {
    let archive = session.archive()?;
    let extract = session.extract(&archive, &typed.id)?;
    let (old, new) = versions(session, &archive, &extract, typed)?;
    let difference =
        Difference::between(&session.cells(&archive, &old)?, &session.cells(&archive, &new)?);
    let report = DifferenceReport {
        extract,
        from: version_report(&old),
        to: version_report(&new),
        compared: difference.compared,
        changes: changes::list(&difference),
    };
    if typed.output.format == Format::Table {
        session.note(&[heading(session, &report, &difference)]);
        if difference.is_empty() {
            return Ok(());
        }
    }
    let file = session.output(typed.output.out.as_deref());
    formats::write(&changes::sheet(session, &report.changes), &report, typed.output.format, &file)
}

/// The two versions named; the newest, and the one before the newer, where they are not.
fn versions(
    session: &Session<'_>,
    archive: &Archive,
    extract: &str,
    typed: &DiffArguments,
) -> Result<(Version, Version), Failure> {
    let mut known = archive.versions(extract).map_err(|error| session.store_fault(&error))?;
    known.sort_by_key(|version| version.id);
    let only_one = || Failure::usage(session.say("archive.one_version", &[("extract", extract)]));
    let new = match &typed.to {
        Some(asked) => session.version(archive, extract, asked)?,
        None => known.last().cloned().ok_or_else(only_one)?,
    };
    let old = match &typed.from {
        Some(asked) => session.version(archive, extract, asked)?,
        None => {
            let before = known.into_iter().rfind(|version| version.id < new.id);
            before.ok_or_else(only_one)?
        }
    };
    Ok((old, new))
}

fn version_report(version: &Version) -> VersionReport {
    VersionReport {
        version: version.version.clone(),
        updated: version.info.updated.clone(),
        known_from: version.known_from.clone(),
    }
}

fn heading(session: &Session<'_>, report: &DifferenceReport, found: &Difference) -> String {
    let count = |number: usize| session.language.number(number as f64, 0);
    let updated =
        |version: &VersionReport| version.updated.clone().unwrap_or_else(|| "–".to_owned());
    let places = [
        ("extract", report.extract.clone()),
        ("old", report.from.version.clone()),
        ("old_updated", updated(&report.from)),
        ("new", report.to.version.clone()),
        ("new_updated", updated(&report.to)),
        ("cells", count(found.cells.len())),
        ("compared", count(found.compared)),
        ("added", count(found.codes_added.len())),
        ("removed", count(found.codes_removed.len())),
        ("texts", count(found.texts.len())),
    ];
    let places: Vec<(&str, &str)> =
        places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    session.say(if found.is_empty() { "diff.same" } else { "diff.heading" }, &places)
}
