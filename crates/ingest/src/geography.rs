//! Official layers: from a feed or an order to a version in the archive.
//!
//! What a feed says is newer than our copy is fetched as a stream, read feature by
//! feature, written as GeoParquet with its publisher and licence, and held against what is
//! known of it before it is used. A layer that does not fit is kept and never current, and
//! the last good one stays in use.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufWriter;

use ::layers::geoparquet::Writer;
use ::layers::regions::{Choice, Columns, Tidied};
use ::layers::{Feature, Field, LayerError, OpenOptions, Property, Provenance};
use geonorge::atom::{Entry, Updated};
use geonorge::{Dataset, Feed, Geonorge, GeonorgeError};
use places::Region;
use store::archive::{Archive, Published, Version, VersionInfo};
use upstream::{KeptFile, UpstreamError};

use crate::bridge::{self, Bridge};
use crate::{Drift, DriftKind, IngestError, Outcome, Refusal};

/// Name of the extract of a layer: `layer.municipalities`.
pub fn layer_extract(layer: &str) -> String {
    format!("layer.{layer}")
}

/// Whether an extract is a layer, and no cube.
pub(crate) fn is_layer(extract: &str) -> bool {
    extract.starts_with("layer.")
}

/// Fetches layers with one client.
pub(crate) struct LayerFetcher<'f> {
    pub archive: &'f Archive,
    pub geonorge: &'f Geonorge<'f>,
    pub bridge: &'f Bridge<'f>,
    /// Codes and names of the municipalities that the snapshot has.
    pub municipalities: &'f [store::Municipality],
}

/// Why a layer's turn ended before it had a version.
enum Halt {
    Refused(Vec<Refusal>),
    Failed(UpstreamError),
    Fatal(IngestError),
}

impl From<IngestError> for Halt {
    fn from(error: IngestError) -> Halt {
        Halt::Fatal(error)
    }
}

impl From<GeonorgeError> for Halt {
    fn from(error: GeonorgeError) -> Halt {
        match error {
            GeonorgeError::Client(error) => match error {
                UpstreamError::Budget(ref cause) if cause.cause == bridge::STOPPED => {
                    Halt::Fatal(IngestError::Interrupted)
                }
                UpstreamError::Archive(ref cause) if cause.cause == bridge::STOPPED => {
                    Halt::Fatal(IngestError::Interrupted)
                }
                UpstreamError::Refused { .. } | UpstreamError::NotAsAsked { .. } => {
                    Halt::Refused(vec![Refusal::Server(error.into())])
                }
                other => Halt::Failed(other),
            },
            other => Halt::Refused(vec![Refusal::Geonorge(other)]),
        }
    }
}

impl From<LayerError> for Halt {
    fn from(error: LayerError) -> Halt {
        Halt::Refused(vec![Refusal::Layer(bridge::chain(&error))])
    }
}

impl LayerFetcher<'_> {
    /// What becomes of a layer.
    pub fn fetch(&self, dataset: &Dataset) -> Result<Outcome, IngestError> {
        self.bridge.take_used();
        let extract = layer_extract(&dataset.name);
        let held = self.archive.current(&extract)?;
        Ok(match self.try_fetch(dataset, &extract, held.as_ref()) {
            Ok(Some(version)) => {
                let news = self.faults(dataset, &version)?;
                Outcome::Fetched { version: version.version, news }
            }
            Ok(None) => {
                Outcome::Unchanged { version: held.map(|held| held.version).unwrap_or_default() }
            }
            Err(Halt::Fatal(error)) => return Err(error),
            Err(Halt::Failed(error)) => Outcome::Failed { error: error.into() },
            Err(Halt::Refused(reasons)) => match held {
                Some(held) => Outcome::Drifted { reasons, keeps: held.version },
                None => Outcome::Refused { reasons },
            },
        })
    }

    /// The new version; `None` when the held one is as new as what is offered.
    fn try_fetch(
        &self,
        dataset: &Dataset,
        extract: &str,
        held: Option<&Version>,
    ) -> Result<Option<Version>, Halt> {
        let entry = self.entry(dataset)?;
        let had = held.and_then(|held| held.info.updated.clone()).map(Updated::from);
        if let (Some(entry), Some(had)) = (&entry, &had)
            && !entry.updated.is_newer_than(had)
        {
            return Ok(None);
        }
        let offer = match &entry {
            Some(entry) => {
                let file = self.geonorge.file(entry, &dataset.name, self.bridge)?;
                Offer { file, updated: entry.updated.clone(), origin: entry.link.clone() }
            }
            // No feed has it: it is ordered, and is new unless its bytes are known.
            None => {
                let file = self.geonorge.ordered_file(&dataset.in_order(), self.bridge)?;
                let updated = Updated::from(file.received_at.clone());
                let origin = format!("{}/api/order", self.geonorge.services().downloads);
                Offer { file, updated, origin }
            }
        };
        match self.publish(dataset, extract, &offer)? {
            Published::New(version) => Ok(Some(version)),
            Published::Unchanged(_) => Ok(None),
        }
    }

    /// The entry of a feed that offers the file; `None` when no feed does.
    fn entry(&self, dataset: &Dataset) -> Result<Option<Entry>, Halt> {
        let own = dataset.feed.as_ref().map(|feed| {
            let downloads = &self.geonorge.services().downloads;
            self.geonorge.feed(&format!("{downloads}{feed}"))
        });
        let feed = match own {
            Some(feed) if !is_absent(&feed) => Some(feed?),
            // Feeds are renamed now and then; the service feed leads to them.
            _ => self.feed_of_service(dataset)?,
        };
        Ok(feed.and_then(|feed| feed.file(&dataset.in_feed()).cloned()))
    }

    fn feed_of_service(&self, dataset: &Dataset) -> Result<Option<Feed>, Halt> {
        let service = self.geonorge.service_feed();
        if is_absent(&service) {
            return Ok(None);
        }
        let service = service?;
        let Some(entry) = service.dataset(&dataset.uuid, &dataset.format) else { return Ok(None) };
        let feed = self.geonorge.feed(&entry.link);
        if is_absent(&feed) { Ok(None) } else { Ok(Some(feed?)) }
    }

    fn publish(&self, dataset: &Dataset, extract: &str, offer: &Offer) -> Result<Published, Halt> {
        let store_error = |error: store::StoreError| Halt::Fatal(error.into());
        let body = self.archive.blob_file(&offer.file.sha256).map_err(store_error)?;
        let draft = self.archive.draft().map_err(store_error)?;
        let seen = write_layer(body.path(), &draft, dataset, offer)?;
        let drifts = self.check(dataset, &seen);
        let used = self.bridge.take_used();
        let text: Vec<String> = drifts.iter().map(Drift::to_string).collect();
        let info = VersionInfo {
            table: dataset.name.clone(),
            server: geonorge_host(&offer.origin).to_owned(),
            language: "no".to_owned(),
            updated: Some(offer.updated.as_str().to_owned()),
            query: query_of(dataset),
            answer_ids: used.iter().map(|answer| answer.id).collect(),
            fetched_at: offer.file.received_at.clone(),
            drift: (!text.is_empty()).then(|| text.join("; ")),
        };
        let published = self.archive.publish_file(extract, &draft, &info).map_err(store_error)?;
        // The version is kept for whoever looks into the matter, and never current.
        match drifts.is_empty() {
            true => Ok(published),
            false => Err(Halt::Refused(drifts.into_iter().map(Refusal::Drift).collect())),
        }
    }

    /// Faults of the shapes, where the layer is one that fits into memory.
    fn faults(&self, dataset: &Dataset, version: &Version) -> Result<Vec<Drift>, IngestError> {
        const NAMED: usize = 3;
        // Those with a fixed number of regions have a few hundred; the others may have millions.
        if dataset.count.is_none() {
            return Ok(Vec::new());
        }
        let (regions, _) = read_regions(self.archive, version)?;
        let faults = places::check::check(&regions, NAMED);
        let said = faults.listed.iter().map(|fault| format!("{} {}", fault.code, fault.kind.key()));
        let said: Vec<String> = said.collect();
        let drift = Drift::new(DriftKind::Faults, said.join(", ")).found(faults.total.to_string());
        Ok(if faults.total > 0 { vec![drift] } else { Vec::new() })
    }

    /// What is known of a layer, held against what came.
    fn check(&self, dataset: &Dataset, seen: &Seen) -> Vec<Drift> {
        let mut drifts = Vec::new();
        let found = seen.codes.len() as u64;
        if let Some(count) = dataset.count.filter(|count| *count != found) {
            let drift = Drift::new(DriftKind::Shapes, &dataset.features);
            drifts.push(drift.expected(count.to_string()).found(found.to_string()));
        }
        let known: BTreeSet<&str> =
            self.municipalities.iter().map(|place| place.municipality_code.as_str()).collect();
        let (lacking, strange): (Vec<&str>, Vec<&str>) = match dataset.name.as_str() {
            "municipalities" => (
                known.iter().copied().filter(|code| !seen.codes.contains(*code)).collect(),
                seen.codes
                    .iter()
                    .map(String::as_str)
                    .filter(|code| !known.contains(code))
                    .collect(),
            ),
            // A part is a part of a municipality that is known.
            "grunnkretser" => {
                let of = |code: &&str| code.get(..4).is_none_or(|code| !known.contains(code));
                (Vec::new(), seen.codes.iter().map(String::as_str).filter(of).collect())
            }
            _ => (Vec::new(), Vec::new()),
        };
        drifts.extend(codes_drift(DriftKind::MissingRegion, &lacking));
        drifts.extend(codes_drift(DriftKind::StrangeCode, &strange));
        if seen.tidied.without_surface > 0 {
            let drift = Drift::new(DriftKind::Shapes, &dataset.features);
            drifts.push(drift.found(format!("{} without a surface", seen.tidied.without_surface)));
        }
        drifts
    }
}

/// One drift for all codes of a kind, the first few by name.
fn codes_drift(kind: DriftKind, codes: &[&str]) -> Option<Drift> {
    const NAMED: usize = 5;
    let named = codes.iter().take(NAMED).copied().collect::<Vec<&str>>().join(", ");
    let more = codes.len().saturating_sub(NAMED);
    let text = if more > 0 { format!("{named} (+{more})") } else { named };
    (!codes.is_empty()).then(|| Drift::new(kind, text))
}

/// A file with what is said of it.
struct Offer {
    file: KeptFile,
    updated: Updated,
    origin: String,
}

/// What was seen of a layer while it was written.
#[derive(Default)]
struct Seen {
    codes: BTreeSet<String>,
    tidied: Tidied,
}

fn is_absent<T>(answer: &Result<T, GeonorgeError>) -> bool {
    let status = match answer {
        Err(GeonorgeError::Client(UpstreamError::Refused { http_status, .. })) => *http_status,
        _ => return false,
    };
    matches!(status, 404 | 410)
}

/// Reads a layer and writes it as GeoParquet, one feature at a time.
fn write_layer(
    from: &std::path::Path,
    to: &std::path::Path,
    dataset: &Dataset,
    offer: &Offer,
) -> Result<Seen, Halt> {
    let failed = |error: std::io::Error| Halt::Fatal(IngestError::Write(error));
    let options = OpenOptions { layer: Some(dataset.features.clone()), crs: None };
    let mut reader = match ::layers::open(from, &options) {
        // Features are renamed now and then; where only one kind has surfaces, it is the one.
        Err(LayerError::NoSuchLayer { .. }) => ::layers::open(from, &OpenOptions::default())?,
        other => other?,
    };
    let header = reader.header().clone();
    let own = |name: &String| header.position(name).map(|_| name.clone());
    let choice = Choice { code: own(&dataset.code), name: own(&dataset.label) };
    let columns = Columns::find(&header, &choice)?;
    let (fields, kept) = fields_of(&header.fields);
    let provenance = Provenance {
        publisher: dataset.publisher.clone(),
        licence: dataset.licence.clone(),
        date: offer.updated.day().to_owned(),
        origin: offer.origin.clone(),
    };
    let output = BufWriter::new(File::create(to).map_err(failed)?);
    let mut writer = Writer::new(output, &fields, header.crs, &provenance).map_err(failed)?;
    let (mut seen, mut number) = (Seen::default(), 0);
    for feature in reader.by_ref() {
        let feature = feature?;
        number += 1;
        let Some(code) = columns.code_of(&feature, number, &mut seen.tidied) else { continue };
        if feature.shape.is_none() {
            seen.tidied.without_surface += 1;
        }
        let name = columns.name_of(&feature);
        let mut properties = vec![Property::Text(code.clone()), Property::Text(name)];
        let rest = kept.iter().map(|at| feature.properties.get(*at).cloned().unwrap_or_default());
        properties.extend(rest);
        writer.write(&Feature { shape: feature.shape, properties }).map_err(failed)?;
        seen.codes.insert(code);
    }
    writer.finish().map_err(failed)?;
    Ok(seen)
}

/// `code` and `name`, then the source's own fields whose names are not taken; and where those stand.
fn fields_of(own: &[Field]) -> (Vec<Field>, Vec<usize>) {
    let mut fields = vec![Field::text("code"), Field::text("name")];
    let mut kept = Vec::new();
    for (at, field) in own.iter().enumerate() {
        let is_taken =
            field.name == "geometry" || fields.iter().any(|held| held.name == field.name);
        if !is_taken {
            fields.push(field.clone());
            kept.push(at);
        }
    }
    (fields, kept)
}

/// What was asked for, as it is remembered with a version.
fn query_of(dataset: &Dataset) -> String {
    serde_json::json!({
        "uuid": dataset.uuid,
        "format": dataset.format,
        "area": dataset.area,
        "projection": dataset.projection,
        "features": dataset.features,
    })
    .to_string()
}

fn geonorge_host(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// The regions of a layer in the archive, and the system that they are in.
///
/// # Errors
///
/// [`IngestError::Layer`] when somebody changed the file.
pub(crate) fn read_regions(
    archive: &Archive,
    version: &Version,
) -> Result<(Vec<Region>, places::crs::Crs), IngestError> {
    let failed = |error: LayerError| IngestError::Layer(Box::new(error));
    let path = archive.version_path(&version.extract, &version.version)?;
    let reader = ::layers::open(&path, &OpenOptions::default()).map_err(failed)?;
    let crs = reader.header().crs;
    let (regions, _) = ::layers::regions::read(reader, &Choice::default()).map_err(failed)?;
    Ok((regions, crs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_name_stand_first_and_nothing_is_called_twice() {
        let own = ["kommunenummer", "code", "geometry", "kommunenummer", "navn"];
        let own: Vec<Field> = own.into_iter().map(Field::text).collect();
        let (fields, kept) = fields_of(&own);
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["code", "name", "kommunenummer", "navn"]);
        assert_eq!(kept, [0, 4]);
    }

    #[test]
    fn many_codes_are_told_in_one_sentence() {
        let drift = codes_drift(DriftKind::MissingRegion, &["1", "2", "3", "4", "5", "6", "7"]);
        assert_eq!(drift.expect("a drift").at, "1, 2, 3, 4, 5 (+2)");
        assert_eq!(codes_drift(DriftKind::MissingRegion, &[]), None);
    }
}
