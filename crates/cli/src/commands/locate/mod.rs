//! `grunnlag locate`.

mod points;

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Seek as _};
use std::path::Path;
use std::sync::Arc;

use atlas::answers::{LayerMatch, Location};
use atlas::{Atlas, Layer, Position};
use places::crs::Crs;
use points::{PointsFault, Tally};

use super::Session;
use crate::args::{Format, LocateArguments};
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};
use crate::interrupt;
use crate::progress::{Progress, Step};

/// Says which region a point, an address or many points lie in.
pub fn run(session: &Session<'_>, typed: &LocateArguments) -> Result<(), Failure> {
    let atlas = session.atlas()?;
    if let Some(file) = &typed.file {
        return many(session, typed, &atlas, file);
    }
    let positions = match &typed.address {
        Some(address) => session.addresses(address, typed)?,
        None => {
            let (degrees, metres) = ((typed.lat, typed.lon), (typed.east, typed.north));
            let read = Position::read(degrees, metres, typed.epsg);
            let position = read.map_err(|error| session.position_fault(&error))?;
            vec![(String::new(), position)]
        }
    };
    let layers = layers(session, &atlas, &typed.layers)?;
    let mut located = Vec::new();
    for (title, position) in positions {
        let location =
            Location::of(position, layers.iter().map(|(id, layer)| (id.as_str(), &**layer)));
        located.push((title, location));
    }
    let file = session.output(typed.out.as_deref());
    let sheet = sheet(session, &located);
    match &located[..] {
        // One point is one object, as the API gives it.
        [(title, one)] if title.is_empty() => formats::write(&sheet, one, typed.format, &file),
        _ => {
            let all: Vec<&Location> = located.iter().map(|(_, location)| location).collect();
            formats::write(&sheet, &all, typed.format, &file)
        }
    }
}

/// The layers asked for by name or file, or the usual ones.
fn layers(
    session: &Session<'_>,
    atlas: &Atlas,
    asked: &[String],
) -> Result<Vec<(String, Arc<Layer>)>, Failure> {
    let fault = |error| session.atlas_fault(&error);
    let named = (!asked.is_empty()).then(|| asked.join(","));
    let mut layers = Vec::new();
    for id in atlas.asked_layers(named.as_deref()).map_err(fault)? {
        let layer = match Path::new(&id).is_file() {
            true => Arc::new(session.layer_file(Path::new(&id))?),
            false => atlas.layer(&id).map_err(fault)?,
        };
        let id =
            Path::new(&id).file_stem().map_or(id.clone(), |stem| stem.to_string_lossy().into());
        layers.push((id, layer));
    }
    Ok(layers)
}

/// One row per point and layer.
fn sheet(session: &Session<'_>, located: &[(String, Location)]) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("address", say("column.address")),
        Column::number("latitude", say("column.latitude"), 6),
        Column::number("longitude", say("column.longitude"), 6),
        Column::number("easting_m", say("column.easting"), 1).off_screen(),
        Column::number("northing_m", say("column.northing"), 1).off_screen(),
        Column::text("layer", say("column.layer")),
        Column::text("code", say("column.code")),
        Column::text("name", say("column.name")),
        Column::text("note", say("column.note")),
        Column::text("publisher", say("column.publisher")).off_screen(),
        Column::text("licence", say("column.licence")).off_screen(),
        Column::text("date", say("column.date")).off_screen(),
    ];
    let mut rows = Vec::new();
    for (title, location) in located {
        rows.extend(location.matches.iter().map(|one| row(session, title, location, one)));
    }
    Sheet { name: "locate".to_owned(), columns, rows }
}

fn row(session: &Session<'_>, title: &str, place: &Location, one: &LayerMatch) -> Vec<Cell> {
    let region = one.region.as_ref();
    let nearest = one.nearest.as_ref().map(|near| {
        let km = session.language.number(near.distance_m / 1_000.0, 2);
        let name = format!("{} {}", near.code, near.name);
        session.say("locate.nearest", &[("name", name.trim()), ("km", &km)])
    });
    let simplified = one
        .source
        .simplified_m
        .map(|metres| session.say("locate.simplified", &[("metres", &metres.to_string())]));
    let area =
        (place.area != "mainland").then(|| session.say(&format!("locate.{}", place.area), &[]));
    vec![
        (!title.is_empty()).then_some(title).map(str::to_owned).into(),
        place.latitude.into(),
        place.longitude.into(),
        place.easting_m.into(),
        place.northing_m.into(),
        one.layer.as_str().into(),
        region.map(|region| region.code.clone()).into(),
        region.map(|region| region.name.clone()).into(),
        area.or(nearest).or(simplified).into(),
        one.source.publisher.as_str().into(),
        one.source.licence.as_str().into(),
        one.source.date.as_str().into(),
    ]
}

/// Locates every point of a CSV.
fn many(
    session: &Session<'_>,
    typed: &LocateArguments,
    atlas: &Atlas,
    file: &Path,
) -> Result<(), Failure> {
    if !matches!(typed.format, Format::Table | Format::Csv) {
        return Err(Failure::usage(session.say("locate.csv_only", &[])));
    }
    let shown = file.display().to_string();
    let unknown = |epsg| {
        let error = atlas::PositionError::WrongSystem { epsg };
        session.position_fault(&error)
    };
    let system = typed.epsg.map(|epsg| Crs::from_epsg(epsg).ok_or_else(|| unknown(epsg)));
    let system = system.transpose()?;
    let layers = layers(session, atlas, &typed.layers)?;
    let layers: Vec<(&str, &Layer)> =
        layers.iter().map(|(id, layer)| (id.as_str(), &**layer)).collect();
    let open = || -> std::io::Result<(File, u64, u8)> {
        let mut input = File::open(file)?;
        let mut start = [0; 4096];
        let read = input.read(&mut start)?;
        input.rewind()?;
        let size = input.metadata()?.len();
        Ok((input, size, points::delimiter(&start[..read])))
    };
    let (input, size, mark) = open().map_err(|error| session.unreadable(&shown, &error))?;
    let progress = Progress::new(session.progress_form(&typed.progress), size as usize);
    let stop = interrupt::listen();
    let seen = |bytes: u64, rows: u64| {
        let text = session.say("locate.progress", &[("rows", &rows.to_string())]);
        progress.step(&Step {
            event: "progress",
            done: bytes as usize,
            all: size as usize,
            text: &text,
            wait_seconds: None,
        });
        !stop.load(std::sync::atomic::Ordering::Relaxed)
    };
    let output = session.output(typed.out.as_deref());
    let tally = output.stream(|sink| {
        let sink = BufWriter::new(sink);
        points::locate(BufReader::new(input), sink, (mark, system), &layers, &seen)
    })?;
    let tally = tally.map_err(|fault| points_fault(session, &shown, fault))?;
    session.note(&[summary(session, tally)]);
    Ok(())
}

fn summary(session: &Session<'_>, tally: Tally) -> String {
    let count = |number: u64| number.to_string();
    session.say(
        "locate.summary",
        &[
            ("rows", &count(tally.rows)),
            ("located", &count(tally.located)),
            ("outside", &count(tally.outside)),
            ("without", &count(tally.without_point)),
        ],
    )
}

fn points_fault(session: &Session<'_>, file: &str, fault: PointsFault) -> Failure {
    let say = |key: &str, name: &'static str, value: String| {
        let places = [("file", file.to_owned()), (name, value)];
        session.fault("points", key, &places)
    };
    match fault {
        PointsFault::NoColumns(columns) => Failure::usage(say("no_columns", "columns", columns)),
        PointsFault::NoSystem => Failure::usage(say("no_system", "what", String::new())),
        PointsFault::Row { line, cause } => {
            let places = [("file", file.to_owned()), ("line", line.to_string()), ("cause", cause)];
            Failure::usage(session.fault("points", "row", &places))
        }
        PointsFault::Suspicious(suspicion) => {
            let sentence = session.fault("position", suspicion.key(), &suspicion.places());
            Failure::usage(say("suspicious", "problem", sentence))
        }
        PointsFault::Write(cause) => Failure::internal(say("write", "cause", cause)),
        PointsFault::Stopped => Failure::internal(session.say("locate.stopped", &[])),
    }
}
