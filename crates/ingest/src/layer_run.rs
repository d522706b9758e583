//! The layers of a sync: fetched after the tables, and put into the snapshot.

use geonorge::client::COURTESY;
use geonorge::{Dataset, Datasets, Geonorge, Services};
use store::archive::{Archive, Version};
use store::build::{Boundary, SnapshotBuilder};
use store::{Municipality, Source};
use upstream::{Asker, Settings, Watch};

use crate::bridge::{Alert, Bridge, Reach};
use crate::geography::{LayerFetcher, layer_extract, read_regions};
use crate::{Cost, IngestError, Line, Outcome, Planned, Site, SyncEvent};

/// Calls for a feed and a file.
const CALLS: u64 = 2;
/// Calls where the service feed must be read first.
const CALLS_UNKNOWN_FEED: u64 = 3;

/// What a sync's layers are fetched with.
pub(crate) struct LayerRun<'r> {
    pub site: &'r Site<'r>,
    pub line: &'r Line<'r>,
    pub settings: Settings,
    pub services: Services,
    pub reach: Reach,
    pub watch: &'r dyn Watch,
}

/// The data sets with these names, in the list's order.
///
/// # Errors
///
/// [`IngestError::Unknown`] names the one that is not in the list.
pub(crate) fn wanted(names: &[String]) -> Result<Vec<&'static Dataset>, IngestError> {
    let known = Datasets::known();
    if let Some(asked) = names.iter().find(|name| known.find(name).is_none()) {
        return Err(IngestError::Unknown { asked: asked.clone() });
    }
    Ok(known.datasets.iter().filter(|dataset| names.contains(&dataset.name)).collect())
}

impl LayerRun<'_> {
    /// Fetches layers, and passes on what became of each; `before` extracts of `of` are done.
    pub fn fetch(
        &self,
        datasets: &[&Dataset],
        (before, of): (usize, usize),
    ) -> Result<Vec<(String, Outcome)>, IngestError> {
        let municipalities = self.site.base.municipalities()?;
        let bridge = Bridge::new(self.site.archive, self.reach, self.line.stop);
        let alert = Alert { clock: self.line.clock, stop: self.line.stop };
        let transport = self.line.transport;
        let asker = Asker::new(transport, &bridge, &bridge, self.settings.clone(), COURTESY)
            .with_clock(&alert)
            .watched(self.watch);
        let geonorge = Geonorge::new(self.services.clone(), asker);
        let fetcher = LayerFetcher {
            archive: self.site.archive,
            geonorge: &geonorge,
            bridge: &bridge,
            municipalities: &municipalities,
        };
        let progress = self.line.progress;
        let (mut outcomes, mut is_reached) = (Vec::new(), true);
        for (at, dataset) in datasets.iter().enumerate() {
            let extract = layer_extract(&dataset.name);
            progress.see(&SyncEvent::Begun { extract: &extract, at: before + at + 1, of });
            let outcome = if is_reached { fetcher.fetch(dataset)? } else { Outcome::NotReached };
            // A host that gives no answer is not asked again in the same run.
            is_reached &=
                self.reach == Reach::Archive || !matches!(outcome, Outcome::Failed { .. });
            progress.see(&SyncEvent::Finished { extract: &extract, outcome: &outcome });
            outcomes.push((extract, outcome));
        }
        Ok(outcomes)
    }
}

/// What layers would cost; whether there is anything new, only their feeds know.
pub(crate) fn forecast(datasets: &[&Dataset]) -> Vec<Planned> {
    let planned = |dataset: &&Dataset| Planned {
        extract: layer_extract(&dataset.name),
        cost: Cost::Known {
            calls: if dataset.feed.is_some() { CALLS } else { CALLS_UNKNOWN_FEED },
            cells: dataset.count.unwrap_or_default(),
            bytes: u64::from(dataset.megabytes) << 20,
        },
    };
    datasets.iter().map(planned).collect()
}

/// The version of the municipalities' boundaries that a snapshot is made with, now or at a moment.
///
/// Boundaries that were fetched once stay, whether a later sync asks for them or not.
pub(crate) fn boundary_version(
    archive: &Archive,
    moment: Option<&str>,
) -> Result<Option<Version>, IngestError> {
    let extract = layer_extract("municipalities");
    Ok(match moment {
        None => archive.current(&extract)?,
        Some(moment) => archive.as_of(&extract, moment)?,
    })
}

/// Puts the boundaries of a version into a snapshot that is being made, simplified, with their source.
pub(crate) fn put_boundaries(
    builder: &mut SnapshotBuilder,
    archive: &Archive,
    version: &Version,
) -> Result<(), IngestError> {
    let (mut regions, crs) = read_regions(archive, version)?;
    for region in &mut regions {
        if region.name.is_empty() {
            region.name = name_of(&builder.municipalities, &region.code);
        }
    }
    let source = source_of(version);
    let boundaries = crate::snapshot_boundaries(&regions, crs)?;
    let named = |boundary: Boundary| Boundary { source: source.source.clone(), ..boundary };
    builder.boundaries = boundaries.into_iter().map(named).collect();
    builder.sources.retain(|held| held.source != source.source);
    builder.sources.push(source);
    Ok(())
}

fn name_of(municipalities: &[Municipality], code: &str) -> String {
    let found = municipalities.iter().find(|place| place.municipality_code == code);
    found.map(|place| place.name.clone()).unwrap_or_default()
}

/// The row that a receipt begins with: `layer.municipalities@0123456789ab`.
fn source_of(version: &Version) -> Source {
    let known = Datasets::known().find(&version.info.table);
    let said = |read: fn(&Dataset) -> &str| known.map(read).unwrap_or_default().to_owned();
    let updated = version.info.updated.as_deref().unwrap_or("unknown");
    Source {
        source: format!("{}@{}", version.extract, version.version),
        publisher: said(|dataset| &dataset.publisher),
        title: said(|dataset| &dataset.title),
        licence: said(|dataset| &dataset.licence),
        reference_date: format!("updated {updated}"),
        retrieved_via: format!(
            "Geonorge, fetched {}, version {}, query {}",
            version.info.fetched_at, version.version, version.info.query
        ),
    }
}
