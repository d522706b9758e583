//! `grunnlag layers`: list, import, info, convert.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use ingest::IngestError;
use ingest::layers::{Facts, Held, Import, Imported, Watch};
use layers::regions::Choice;
use layers::{LayerError, OpenOptions, Provenance, Reader};
use places::crs::Crs;

use super::{Session, sync};
use crate::args::{
    LayerReading, LayersCommand, LayersImportArguments, OutputArguments, TextFormat,
};
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};
use crate::interrupt;
use crate::progress::{Form, Progress, Step};

/// Runs the command that was typed.
pub fn run(session: &Session<'_>, typed: &LayersCommand) -> Result<(), Failure> {
    match typed {
        LayersCommand::List { output } => list(session, output),
        LayersCommand::Import(typed) => import(session, typed),
        LayersCommand::Info { layer_or_file, reading, format } => {
            info(session, layer_or_file, reading, *format)
        }
        LayersCommand::Convert { layer_or_file, layer_target, reading, keep_crs } => {
            let axes = match keep_crs {
                true => layers::geojson::Axes::AsIs,
                false => layers::geojson::Axes::Degrees,
            };
            let reader = open(session, layer_or_file, reading)?;
            convert(session, reader, layer_target, axes)
        }
    }
}

fn list(session: &Session<'_>, typed: &OutputArguments) -> Result<(), Failure> {
    let archive = session.archive()?;
    let held = ingest::layers::list(&archive).map_err(|error| failure(session, "", &error))?;
    let output = session.output(typed.out.as_deref());
    formats::write(&sheet(session, &held), &held, typed.format, &output)
}

fn sheet(session: &Session<'_>, held: &[Held]) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("name", say("column.layer")),
        Column::integer("features", say("column.features")),
        Column::integer("epsg", say("column.epsg")),
        Column::text("publisher", say("column.publisher")),
        Column::text("licence", say("column.licence")),
        Column::text("date", say("column.date")),
        Column::text("origin", say("column.origin")).off_screen(),
        Column::text("version", say("column.version")),
        Column::integer("versions", say("column.versions")).off_screen(),
        Column::integer("bytes", say("column.bytes")).off_screen(),
        Column::text("last_seen", say("column.last_seen")).off_screen(),
    ];
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let rows = held.iter().map(|layer| {
        vec![
            Cell::from(layer.name.clone()),
            whole(layer.features).into(),
            whole(layer.epsg.into()).into(),
            text(&layer.provenance.publisher).into(),
            text(&layer.provenance.licence).into(),
            text(&layer.provenance.date).into(),
            text(&layer.provenance.origin).into(),
            layer.version.clone().into(),
            layer.versions.into(),
            whole(layer.bytes).into(),
            layer.last_seen.clone().into(),
        ]
    });
    Sheet { name: say("layers.sheet"), columns, rows: rows.collect() }
}

fn import(session: &Session<'_>, typed: &LayersImportArguments) -> Result<(), Failure> {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let import = Import {
        name: typed.layer_name.clone(),
        open: options(session, &typed.reading)?,
        choice: choice(&typed.reading),
        provenance: Provenance {
            publisher: said(&typed.publisher),
            licence: said(&typed.licence),
            date: date(session, typed.date.as_deref())?,
            origin: String::new(),
        },
        fetched_at: jiff::Timestamp::now().to_string(),
    };
    let archive = session.archive_to_fill()?;
    let form = session.progress_form(&typed.progress);
    let shown = typed.layer_file.display().to_string();
    let imported = watched(session, form, interrupt::listen(), |watch| {
        ingest::layers::import(&archive, &typed.layer_file, &import, watch)
    });
    let imported = imported.map_err(|error| failure(session, &shown, &error))?;
    let text = match typed.format {
        TextFormat::Json => formats::as_json(&imported, session.texts, session.language)?,
        TextFormat::Text => imported_page(session, &imported),
    };
    session.output(None).text(&text)
}

fn info(
    session: &Session<'_>,
    asked: &str,
    reading: &LayerReading,
    format: TextFormat,
) -> Result<(), Failure> {
    let reader = open(session, asked, reading)?;
    let facts = watched(session, Form::Quiet, interrupt::listen(), |watch| {
        ingest::layers::facts(reader, &choice(reading), watch)
    });
    let mut facts = facts.map_err(|error| failure(session, asked, &error))?;
    if !Path::new(asked).is_file() {
        // Its file is named after its version.
        asked.clone_into(&mut facts.layer);
    }
    let text = match format {
        TextFormat::Json => formats::as_json(&facts, session.texts, session.language)?,
        TextFormat::Text => page(session, &facts),
    };
    session.output(None).text(&text)
}

/// A file when there is one, and otherwise a layer of the archive.
fn open(session: &Session<'_>, asked: &str, reading: &LayerReading) -> Result<Reader, Failure> {
    let path = Path::new(asked);
    if path.is_file() {
        let options = options(session, reading)?;
        return layers::open(path, &options)
            .map_err(|error| failure(session, asked, &error.into()));
    }
    if path.extension().is_some() || asked.contains(['/', '\\']) {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(session.unreadable(asked, &missing));
    }
    let archive = session.archive()?;
    ingest::layers::open(&archive, asked).map_err(|error| match &error {
        IngestError::Unknown { .. } => {
            Failure::usage(session.say("layers.unknown", &[("asked", asked)]))
        }
        error => failure(session, asked, error),
    })
}

fn convert(
    session: &Session<'_>,
    mut reader: Reader,
    target: &Path,
    axes: layers::geojson::Axes,
) -> Result<(), Failure> {
    let shown = target.display().to_string();
    let broken = |error: std::io::Error| {
        let places = [("file", shown.as_str()), ("cause", &error.to_string())];
        Failure::internal(session.say("failure.file", &places))
    };
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let file = tempfile::NamedTempFile::new_in(folder).map_err(broken)?;
    let output = BufWriter::new(file.as_file().try_clone().map_err(broken)?);
    let header = reader.header().clone();
    let ending = target.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let unread = |error: LayerError| failure(session, &header.name, &error.into());
    match ending.as_str() {
        "geojson" | "json" => {
            let mut writer = layers::geojson::Writer::new(output, &header.fields, header.crs, axes)
                .map_err(broken)?;
            for feature in reader.by_ref() {
                writer.write(&feature.map_err(unread)?).map_err(broken)?;
            }
            writer.finish().map_err(broken)?;
        }
        "parquet" | "geoparquet" => {
            let provenance = header.provenance.clone().unwrap_or_default();
            let mut writer =
                layers::geoparquet::Writer::new(output, &header.fields, header.crs, &provenance)
                    .map_err(broken)?;
            for feature in reader.by_ref() {
                writer.write(&feature.map_err(unread)?).map_err(broken)?;
            }
            writer.finish().map_err(broken)?;
        }
        _ => return Err(Failure::usage(session.say("layers.target", &[("file", &shown)]))),
    }
    settle(file, target).map_err(broken)
}

/// Gives a whole file its name, and the permissions that files usually have.
fn settle(file: tempfile::NamedTempFile, target: &Path) -> std::io::Result<()> {
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    let _: File = file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// Does something long, and shows how far it has come.
fn watched<T>(
    session: &Session<'_>,
    form: Form,
    stop: &AtomicBool,
    work: impl FnOnce(&Watch<'_>) -> Result<T, IngestError>,
) -> Result<T, IngestError> {
    let progress = Progress::new(form, 1);
    let see = |done: u64, all: Option<u64>| {
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let (done, all) = (whole(done), whole(all.unwrap_or(done)));
        let shown = session.language.number(done as f64, 0);
        let text = session.say("layers.progress", &[("features", &shown)]);
        progress.step(&Step { event: "features", done, all, text: &text, wait_seconds: None });
    };
    let done = work(&Watch { stop, see: &see });
    progress.end();
    done
}

fn options(session: &Session<'_>, reading: &LayerReading) -> Result<OpenOptions, Failure> {
    let crs = reading.crs.as_deref().map(|typed| {
        let digits = typed.trim_start_matches("EPSG:").trim_start_matches("epsg:");
        let known = digits.parse().ok().and_then(Crs::from_epsg);
        known.ok_or_else(|| Failure::usage(session.say("layers.crs", &[("value", typed)])))
    });
    Ok(OpenOptions { layer: reading.layer.clone(), crs: crs.transpose()? })
}

fn choice(reading: &LayerReading) -> Choice {
    Choice { code: reading.code_column.clone(), name: reading.name_column.clone() }
}

fn date(session: &Session<'_>, typed: Option<&str>) -> Result<String, Failure> {
    let Some(typed) = typed else { return Ok(String::new()) };
    match typed.parse::<jiff::civil::Date>() {
        Ok(date) => Ok(date.to_string()),
        Err(_) => Err(Failure::usage(session.say("layers.date", &[("value", typed)]))),
    }
}

/// Words why a layer cannot be used; `what` is the file or layer.
fn failure(session: &Session<'_>, what: &str, error: &IngestError) -> Failure {
    match error {
        IngestError::Layer(error) => session.layer_fault(what, error),
        IngestError::LayerName { name } => {
            Failure::usage(session.say("layers.name", &[("name", name)]))
        }
        IngestError::Interrupted => Failure::interrupted(session.say("layers.interrupted", &[])),
        other => sync::failure(session, other),
    }
}

fn imported_page(session: &Session<'_>, imported: &Imported) -> String {
    let key = if imported.is_new { "layers.imported" } else { "layers.unchanged" };
    let places = [("name", imported.name.as_str()), ("version", &imported.version)];
    format!("{}\n\n{}", session.say(key, &places), page(session, &imported.facts))
}

fn page(session: &Session<'_>, facts: &Facts) -> String {
    let dash = || "–".to_owned();
    let count = |number: u64| session.language.number(number as f64, 0);
    let mut text = String::new();
    let mut line = |key: &str, places: &[(&str, &str)]| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", session.say(key, places));
    };
    let epsg = facts.epsg.to_string();
    let places =
        [("layer", facts.layer.as_str()), ("format", facts.format.title()), ("epsg", &epsg)];
    line("layers.info.layer", &places);
    let places = [("features", &*count(facts.features)), ("positions", &*count(facts.positions))];
    line("layers.info.features", &places);
    if let Some(extent) = facts.extent {
        let decimals = if facts.epsg == 4326 || facts.epsg == 4258 { 5 } else { 0 };
        let [west, south, east, north] = extent.map(|number| format!("{number:.decimals$}"));
        let places = [("west", &*west), ("south", &*south), ("east", &*east), ("north", &*north)];
        line("layers.info.extent", &places);
    }
    let (code, name) = (facts.code_field.clone(), facts.name_field.clone());
    let codes = count(facts.codes as u64);
    let places = [
        ("code", &*code.unwrap_or_else(dash)),
        ("name", &*name.unwrap_or_else(dash)),
        ("codes", &codes),
    ];
    line("layers.info.columns", &places);
    let fields: Vec<&str> = facts.fields.iter().map(|field| field.name.as_str()).collect();
    line("layers.info.fields", &[("fields", &fields.join(", "))]);
    if let Some(provenance) = &facts.provenance {
        let or_dash = |text: &str| if text.is_empty() { dash() } else { text.to_owned() };
        let places = [
            ("publisher", &*or_dash(&provenance.publisher)),
            ("licence", &*or_dash(&provenance.licence)),
            ("date", &*or_dash(&provenance.date)),
            ("origin", &*or_dash(&provenance.origin)),
        ];
        line("layers.info.provenance", &places);
    }
    for (key, number) in findings(facts) {
        if number > 0 {
            line(&format!("layers.found.{key}"), &[("count", &count(number))]);
        }
    }
    if let Some(suspected) = facts.suspicion {
        let key = if suspected.north_first { "north_first" } else { "looks_like" };
        line(&format!("layers.found.{key}"), &[("epsg", &suspected.epsg.to_string())]);
    }
    let Some(faults) = &facts.faults else {
        line("layers.found.not_checked", &[]);
        return text;
    };
    if faults.total > 0 {
        line("layers.found.faults", &[("count", &count(faults.total as u64))]);
    }
    for fault in &faults.listed {
        let place = fault.place.map(|[x, y]| format!("{x} {y}")).unwrap_or_else(dash);
        let other = fault.other.clone().unwrap_or_else(dash);
        let places = [("code", fault.code.as_str()), ("other", &other), ("place", &place)];
        line(&format!("layers.fault.{}", fault.kind), &places);
    }
    text
}

/// What is worth knowing of a layer, by the end of the key of its sentence.
fn findings(facts: &Facts) -> [(&'static str, u64); 9] {
    let lacks_surfaces = facts.tidied.without_surface.saturating_sub(facts.without_shape);
    [
        ("open_rings", facts.notes.open_rings),
        ("short_rings", facts.notes.short_rings),
        ("arcs", facts.notes.arcs),
        ("heights", facts.notes.heights),
        ("without_shape", facts.without_shape),
        ("without_surface", lacks_surfaces),
        ("without_code", facts.tidied.without_code),
        ("padded", facts.tidied.padded),
        ("joined", facts.tidied.joined),
    ]
}
