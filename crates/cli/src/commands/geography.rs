//! What the commands of geography share: the atlas, and the words for what it refuses.

use std::path::Path;

use atlas::{Atlas, AtlasError, Layer, Position, PositionError};
use geo_types::Coord;
use geonorge::Services;
use geonorge::addresses::Address;
use ingest::{Line, regions};
use places::crs::Crs;
use pxweb::client::{Settings, SystemClock};

use super::{Session, sync};
use crate::args::{LocateArguments, NetworkArguments};
use crate::failure::Failure;
use crate::interrupt;

impl Session<'_> {
    /// The geography of the data folder and the snapshot.
    pub fn atlas(&self) -> Result<Atlas, Failure> {
        let snapshot = self.origin().snapshot().map_err(|error| self.failure(&error))?;
        let folder = self.data_folder();
        ingest::atlas(&snapshot, folder.as_deref()).map_err(|error| sync::failure(self, &error))
    }

    /// Reads a layer from a file.
    pub fn layer_file(&self, file: &Path) -> Result<Layer, Failure> {
        let layer = ingest::layer_file(file);
        layer.map_err(|error| self.layer_fault(&file.display().to_string(), &error))
    }

    /// Looks an address up; several hits are several places, each with its text.
    pub fn addresses(
        &self,
        text: &str,
        typed: &LocateArguments,
    ) -> Result<Vec<(String, Position)>, Failure> {
        let transport = self.network(&typed.network)?;
        let archive = self.archive_to_fill()?;
        let settings = Settings::default();
        let line = Line {
            transport: &transport,
            clock: &SystemClock,
            settings: &settings,
            stop: interrupt::listen(),
            progress: &(),
        };
        let services = typed.geonorge.as_deref().map(Services::at).unwrap_or_default();
        let found = ingest::search_addresses(&archive, &line, &services, text)
            .map_err(|error| sync::failure(self, &error))?;
        if found.is_recalled {
            self.note(&[self.say("locate.recalled", &[("date", &found.as_of)])]);
        }
        let listed = found.hits.len();
        let mut places = Vec::new();
        for address in &found.hits {
            // An address without a point, or with one that is no place in Norway, is nowhere.
            let Some(position) = address.point.and_then(position) else { continue };
            places.push((written(address), position));
        }
        if places.is_empty() {
            return Err(Failure::usage(self.say("locate.no_address", &[("address", text)])));
        }
        if found.total > listed as u64 {
            let (all, some) = (found.total.to_string(), listed.to_string());
            self.note(&[self.say("locate.more", &[("all", &all), ("listed", &some)])]);
        }
        Ok(places)
    }

    /// Fetches from Klass what became of the regions, and says of when each list is.
    pub fn refresh_regions(&self, network: &NetworkArguments) -> Result<(), Failure> {
        let transport = self.network(network)?;
        let archive = self.archive_to_fill()?;
        let settings = Settings { attempts: 3, ..Settings::default() };
        let line = Line {
            transport: &transport,
            clock: &SystemClock,
            settings: &settings,
            stop: interrupt::listen(),
            progress: &(),
        };
        let lists = regions::refresh(&archive, &line, klass::client::BASE)
            .map_err(|error| sync::failure(self, &error))?;
        let mut lines = Vec::new();
        let mut first_failure = None;
        for list in &lists {
            let (classification, what) = (list.classification.to_string(), list.what);
            let name = [("classification", classification.as_str()), ("what", what)];
            match &list.outcome {
                Ok(freshness) => {
                    let date = freshness.as_of.strftime("%Y-%m-%d").to_string();
                    let key = match freshness.out_of_reach {
                        None => "region.fetched",
                        Some(_) => "region.kept",
                    };
                    lines.push(self.say(key, &[name[0], name[1], ("date", &date)]));
                }
                Err(error) => {
                    let fault = self.klass_fault(error);
                    lines.push(fault.sentence().to_owned());
                    first_failure.get_or_insert(fault);
                }
            }
        }
        self.output(None).text(&format!("{}\n", lines.join("\n")))?;
        first_failure.map_or(Ok(()), Err)
    }

    /// Words why Klass gave no usable answer.
    fn klass_fault(&self, error: &klass::client::ClientError) -> Failure {
        if let klass::client::ClientError::Upstream(error) = error {
            return self.client_fault("", "data.ssb.no", &error.clone().into());
        }
        Failure::internal(self.fault("klass", error.key(), &error.places()))
    }

    /// Words why a question of geography has no answer.
    pub fn atlas_fault(&self, error: &AtlasError) -> Failure {
        let mut places = error.places();
        if let AtlasError::NoRegion { meaning, .. } = error {
            let meaning = self.say(&format!("region.nonregion.{meaning}"), &[]);
            places.retain(|(name, _)| *name != "meaning");
            places.push(("meaning", meaning));
        }
        Failure::usage(self.fault("atlas", error.key(), &places))
    }

    /// Words why coordinates give no place.
    pub fn position_fault(&self, error: &PositionError) -> Failure {
        Failure::usage(self.fault("position", error.key(), &error.places()))
    }
}

/// The place of an address; `None` when it is no place in Norway.
fn position(point: geonorge::Point) -> Option<Position> {
    let crs = Crs::from_epsg(point.epsg)?;
    Position::new(Coord { x: point.x, y: point.y }, crs).ok()
}

/// An address as people write it: road and number, postal code and place.
fn written(address: &Address) -> String {
    let post: Vec<&str> = [&address.postal_code, &address.postal_place]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    match post.is_empty() {
        true => address.text.clone(),
        false => format!("{}, {}", address.text, post.join(" ")),
    }
}
