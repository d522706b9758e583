//! What became of regions, from the snapshot and, where it was asked, from Klass.
//!
//! The snapshot alone gives a whole history of municipalities. Klass adds what is newer, city
//! districts, delområder, and the changes of grunnkretser. Its answers are read from the archive;
//! [`fetch`] puts them there. What contradicts the rest is left out and said ([`RegionSources`]).

use std::sync::atomic::Ordering;

use jiff::civil::{Date, date};
use klass::RegionHistory;
use klass::client::{Answered, Changes, Client, ClientError, Inquiry, Kept, KeptAnswer, PACE};
use klass::history::{
    CrosswalkKind, CrosswalkRow, HistoryError, Level, Listed, ListedChange, Material, Vintage,
};
use klass::wire::CodeItem;
use store::archive::Archive;
use store::{RegionChange, Snapshot};
use upstream::{Answer, ArchiveError, Asker, Question};

use crate::bridge::{Alert, Bridge, archive_error, stored};
use crate::{IngestError, Line, Reach};

/// What a history rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionSources {
    /// What was used, in the order of use.
    pub used: Vec<RegionSource>,
    /// What was at hand and not used, and why.
    pub left_out: Vec<(RegionSource, String)>,
}

/// One source of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionSource {
    /// Who publishes it.
    pub publisher: String,
    /// What it is.
    pub title: String,
    /// Day on which it was fetched, or of which it is.
    pub as_of: String,
}

/// What was fetched of Klass, or why not.
#[derive(Debug)]
pub struct FetchedList {
    /// Classification.
    pub classification: u32,
    /// `codes` or `changes`.
    pub what: &'static str,
    /// The day of the answer, and what kept it from being newer.
    pub outcome: Result<klass::client::Freshness, ClientError>,
}

const PUBLISHER: &str = "Statistisk sentralbyrå (SSB)";
/// Municipalities, counties, city districts, grunnkretser: the small ones first.
const CLASSIFICATIONS: &[u32] = &[MUNICIPALITIES, COUNTIES, CITY_DISTRICTS, GRUNNKRETSER];
const MUNICIPALITIES: u32 = 131;
const COUNTIES: u32 = 104;
const CITY_DISTRICTS: u32 = 103;
const GRUNNKRETSER: u32 = 1;
/// The day before the first change in the snapshot's table.
const BEGINNING: Date = date(2016, 12, 31);
/// The day whose grunnkretser the snapshot lists, and to whose map its crosswalk leads.
const SNAPSHOT_MAP: Date = date(2024, 1, 1);

/// Asks Klass for what a history can use; what was asked for today is not asked for again.
///
/// One list after the other; that one of them cannot be had does not keep the others from it.
pub fn fetch(client: &Client<'_>, today: Date) -> Vec<FetchedList> {
    let mut fetched = Vec::new();
    for classification in CLASSIFICATIONS.iter().copied() {
        let codes = codes(client, classification, today.year()).map(|codes| codes.freshness);
        fetched.push(FetchedList { classification, what: "codes", outcome: codes });
        let changes = changes(client, classification, today.year()).map(|one| one.freshness);
        fetched.push(FetchedList { classification, what: "changes", outcome: changes });
    }
    fetched
}

/// Brings the archive up to date with Klass, over a line; see [`fetch`].
///
/// # Errors
///
/// [`IngestError::Interrupted`]: the user asked to stop. What had come is kept.
pub fn refresh(
    archive: &Archive,
    line: &Line<'_>,
    base: &str,
) -> Result<Vec<FetchedList>, IngestError> {
    let bridge = Bridge::new(archive, Reach::Network, line.stop);
    let clock = Alert { clock: line.clock, stop: line.stop };
    let asker = Asker::new(line.transport, &bridge, &bridge, line.settings.clone(), PACE);
    let client = Client::new(asker.with_clock(&clock), base).with_kept(&bridge);
    let today = line.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let fetched = fetch(&client, today);
    match line.stop.load(Ordering::Relaxed) {
        true => Err(IngestError::Interrupted),
        false => Ok(fetched),
    }
}

/// What became of regions, by the snapshot and what the archive holds of Klass.
///
/// # Errors
///
/// The snapshot cannot be read, or its own table contradicts itself. What contradicts itself in
/// Klass, or cannot be read, is left out.
pub fn history(
    snapshot: &Snapshot,
    archive: Option<&Archive>,
) -> Result<(RegionHistory, RegionSources), IngestError> {
    history_from(snapshot, archive, klass::client::BASE)
}

/// As [`history`], with answers of the Klass at another base.
///
/// # Errors
///
/// As [`history`].
pub fn history_from(
    snapshot: &Snapshot,
    archive: Option<&Archive>,
    base: &str,
) -> Result<(RegionHistory, RegionSources), IngestError> {
    let material = of_snapshot(snapshot)?;
    let mut sources = RegionSources::default();
    sources.used.push(RegionSource {
        publisher: PUBLISHER.to_owned(),
        title: format!("codes, changes and grunnkretser of the snapshot {}", snapshot.id()),
        as_of: snapshot.created().chars().take(10).collect(),
    });
    let mut best = (RegionHistory::new(&material).map_err(contradiction)?, material);
    let Some(archive) = archive else { return Ok((best.0, sources)) };
    let kept = KeptInArchive { archive };
    let client = Client::offline(&kept, base);
    let this_year = jiff::Zoned::now().date().year();
    for classification in CLASSIFICATIONS.iter().copied() {
        let Some((additions, source)) = of_klass(&client, classification, this_year, &mut sources)
        else {
            continue;
        };
        let mut together = best.1.clone();
        additions.add_to(&mut together);
        match RegionHistory::new(&together) {
            Ok(history) => {
                best = (history, together);
                sources.used.push(source);
            }
            Err(error) => sources.left_out.push((source, error.to_string())),
        }
    }
    Ok((best.0, sources))
}

fn contradiction(error: HistoryError) -> IngestError {
    IngestError::Regions { cause: error.to_string() }
}

/// What the snapshot says of regions.
fn of_snapshot(snapshot: &Snapshot) -> Result<Material, IngestError> {
    let changes = snapshot.region_changes()?;
    let crosswalk = changes.iter().map(row).collect::<Result<_, IngestError>>()?;
    let municipalities = snapshot.municipalities()?.into_iter().map(|municipality| Listed {
        code: municipality.municipality_code,
        name: municipality.name,
        parent: Some(municipality.county_code),
    });
    let municipalities = municipalities.collect();
    let listed = grunnkretser(snapshot)?;
    let (level, from) = (Level::Grunnkrets, SNAPSHOT_MAP);
    let vintages = vec![Vintage { level, from, until: None, listed }];
    let anchor = Some(SNAPSHOT_MAP);
    Ok(Material { crosswalk, municipalities, anchor, vintages, ..Material::default() })
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

fn grunnkretser(snapshot: &Snapshot) -> Result<Vec<Listed>, IngestError> {
    let sql =
        "SELECT grunnkrets_code, name, delomrade_code FROM grunnkrets ORDER BY grunnkrets_code";
    let rows = snapshot.session()?.rows(sql)?;
    let text = |value: &store::Value| match value {
        store::Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    let listed = rows.rows.iter().filter_map(|row| match row.as_slice() {
        [code, name, parent] => {
            Some(Listed { code: text(code), name: text(name), parent: Some(text(parent)) })
        }
        _ => None,
    });
    Ok(listed.collect())
}

/// The codes of a classification at the beginning of a year: of that day, so that the question
/// is the same all year and its answer is found again.
fn codes(
    client: &Client<'_>,
    classification: u32,
    year: i16,
) -> Result<Answered<Vec<CodeItem>>, ClientError> {
    client.codes(&Inquiry::codes_at(classification, date(year, 1, 1)))
}

/// Its changes until the turn of the year after.
fn changes(
    client: &Client<'_>,
    classification: u32,
    year: i16,
) -> Result<Answered<Changes>, ClientError> {
    client.changes(classification, BEGINNING, date(year.saturating_add(1), 1, 2))
}

/// What one classification adds.
#[derive(Default)]
struct Additions {
    changes: Vec<ListedChange>,
    vintages: Vec<Vintage>,
    known_until: Option<Date>,
}

impl Additions {
    fn add_to(self, material: &mut Material) {
        material.changes.extend(self.changes);
        material.vintages.extend(self.vintages);
        material.known_until = material.known_until.max(self.known_until);
    }
}

/// What the archive holds of one classification, of the newest year of which it holds anything.
fn of_klass(
    client: &Client<'_>,
    classification: u32,
    this_year: i16,
    sources: &mut RegionSources,
) -> Option<(Additions, RegionSource)> {
    let mut additions = Additions::default();
    let mut days = Vec::new();
    let years = || (SNAPSHOT_MAP.year()..=this_year).rev();
    let title = format!("Klass {classification}");
    let found = years().find_map(|year| {
        held(codes(client, classification, year), &title, sources).map(|codes| (year, codes))
    });
    if let Some((year, codes)) = found {
        days.push(codes.freshness.as_of);
        additions.vintages = vintages(classification, date(year, 1, 1), codes.value);
        additions.known_until = (classification == MUNICIPALITIES).then(|| date(year, 1, 1));
    }
    let found =
        years().find_map(|year| held(changes(client, classification, year), &title, sources));
    if let Some(changes) = found {
        days.push(changes.freshness.as_of);
        additions.changes = listed_changes(classification, &changes.value);
    }
    let oldest = days.into_iter().min()?;
    let source = RegionSource {
        publisher: PUBLISHER.to_owned(),
        title,
        as_of: oldest.strftime("%Y-%m-%d").to_string(),
    };
    Some((additions, source))
}

/// An answer that is held; one that cannot be read is noted.
fn held<T>(
    answer: Result<Answered<T>, ClientError>,
    title: &str,
    sources: &mut RegionSources,
) -> Option<Answered<T>> {
    match answer {
        Ok(answered) => Some(answered),
        Err(ClientError::NotKept { .. }) => None,
        Err(error) => {
            let (publisher, title) = (PUBLISHER.to_owned(), title.to_owned());
            let source = RegionSource { publisher, title, as_of: String::new() };
            sources.left_out.push((source, error.to_string()));
            None
        }
    }
}

/// The lists of the levels that a classification has.
fn vintages(classification: u32, from: Date, codes: Vec<CodeItem>) -> Vec<Vintage> {
    let mut found: Vec<Vintage> = Vec::new();
    for item in codes {
        let Some(level) = level(classification, &item.code) else { continue };
        let listed = Listed { code: item.code, name: item.name, parent: item.parent_code };
        match found.iter_mut().find(|vintage| vintage.level == level) {
            Some(vintage) => vintage.listed.push(listed),
            None => found.push(Vintage { level, from, until: None, listed: vec![listed] }),
        }
    }
    found
}

fn listed_changes(classification: u32, changes: &Changes) -> Vec<ListedChange> {
    let listed = changes.changes.iter().filter_map(|change| {
        let region = |code: &Option<String>, name: &Option<String>| {
            let code = code.as_deref()?;
            let level = level(classification, code)?;
            let code = klass::codes::canonical(level, code).to_owned();
            let name = name.clone().unwrap_or_default();
            Some((level, Listed { code, name, parent: None }))
        };
        let old = region(&change.old_code, &change.old_name);
        let new = region(&change.new_code, &change.new_name);
        let level = old.as_ref().or(new.as_ref())?.0;
        // A grunnkrets does not become a delområde; such a row is of two things.
        let of_level = |region: Option<(Level, Listed)>| {
            region.filter(|region| region.0 == level).map(|region| region.1)
        };
        let (old, new) = (of_level(old), of_level(new));
        Some(ListedChange { level, date: change.change_occurred?, old, new })
    });
    listed.collect()
}

/// What a code of a classification names; `None`: no region.
fn level(classification: u32, code: &str) -> Option<Level> {
    let level = match (classification, code.len()) {
        (MUNICIPALITIES, 4) => Level::Municipality,
        (COUNTIES, 2) => Level::County,
        (CITY_DISTRICTS, 6) => Level::CityDistrict,
        (GRUNNKRETSER, 6) => Level::Delomrade,
        (GRUNNKRETSER, 8) if code.ends_with("00") => Level::Delomrade,
        (GRUNNKRETSER, 8) => Level::Grunnkrets,
        _ => return None,
    };
    klass::codes::is_listed(level, code).then_some(level)
}

/// Answers in the archive, for a client that asks nobody.
struct KeptInArchive<'a> {
    archive: &'a Archive,
}

impl Kept for KeptInArchive<'_> {
    fn latest(&self, question: &Question) -> Result<Option<KeptAnswer>, ArchiveError> {
        latest(self.archive, question)
    }
}

impl Kept for Bridge<'_> {
    fn latest(&self, question: &Question) -> Result<Option<KeptAnswer>, ArchiveError> {
        latest(self.archive(), question)
    }
}

fn latest(archive: &Archive, question: &Question) -> Result<Option<KeptAnswer>, ArchiveError> {
    let Some(kept) = archive.recall_any(&stored(question)).map_err(archive_error)? else {
        return Ok(None);
    };
    let received_at = kept
        .received_at
        .parse()
        .map_err(|_| ArchiveError { cause: format!("`{}` is no moment", kept.received_at) })?;
    let body = archive.blob(&kept.sha256).map_err(archive_error)?;
    let answer = Answer { status: kept.status, headers: kept.headers, body };
    Ok(Some(KeptAnswer { answer, received_at }))
}
