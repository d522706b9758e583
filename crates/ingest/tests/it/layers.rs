use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use ingest::IngestError;
use ingest::layers::{self, Import, Imported, Watch};
use store::archive::Archive;

const MOMENT: &str = "2026-03-01T08:00:00Z";

/// Two municipalities in UTM 33; one has lost its zero, and the second comes in two parts.
const KOMMUNER: &str = r#"{"type":"FeatureCollection",
"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::25833"}},
"features":[
{"type":"Feature","properties":{"kommunenummer":301,"navn":"Oslo","geometry":"x"},"geometry":{"type":"Polygon","coordinates":[[[262000,6649000],[263000,6649000],[263000,6650000],[262000,6649000]]]}},
{"type":"Feature","properties":{"kommunenummer":5610,"navn":"Kárášjohka"},"geometry":{"type":"Polygon","coordinates":[[[264000,6649000],[265000,6649000],[265000,6650000],[264000,6649000]]]}},
{"type":"Feature","properties":{"kommunenummer":5610,"navn":"Kárášjohka"},"geometry":{"type":"Polygon","coordinates":[[[266000,6649000],[267000,6649000],[267000,6650000],[266000,6649000]]]}}
]}"#;

fn place() -> (tempfile::TempDir, Archive, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = Archive::open(&folder.path().join("data")).expect("a new archive");
    let file = folder.path().join("Kommuner 2024.geojson");
    std::fs::write(&file, KOMMUNER).expect("a file");
    (folder, archive, file)
}

fn import(archive: &Archive, file: &Path, import: &Import) -> Result<Imported, IngestError> {
    let watch = Watch { stop: &AtomicBool::new(false), see: &|_, _| {} };
    layers::import(archive, file, import, &watch)
}

fn at(fetched_at: &str) -> Import {
    Import { fetched_at: fetched_at.to_owned(), ..Import::default() }
}

#[test]
fn a_layer_comes_back_as_regions_in_its_own_system() {
    let (_folder, archive, file) = place();
    let imported = import(&archive, &file, &at(MOMENT)).expect("it is brought in");
    assert_eq!((imported.extract.as_str(), imported.is_new), ("layer.kommuner-2024", true));
    let facts = &imported.facts;
    assert_eq!((facts.features, facts.codes, facts.epsg), (3, 2, 25833));
    assert_eq!((facts.tidied.padded, facts.tidied.joined), (1, 1));
    assert_eq!(facts.extent, Some([262_000., 6_649_000., 267_000., 6_650_000.]));
    assert_eq!(facts.faults.as_ref().map(|faults| faults.total), Some(0));
    assert_eq!(facts.suspicion, None);

    let (regions, crs) = layers::regions(&archive, "kommuner-2024").expect("regions");
    assert_eq!(crs.epsg(), 25833);
    let told: Vec<(&str, &str, usize)> = regions
        .iter()
        .map(|region| (region.code.as_str(), region.name.as_str(), region.shape.0.len()))
        .collect();
    assert_eq!(told, [("0301", "Oslo", 1), ("5610", "Kárášjohka", 2)]);

    let reader = layers::open(&archive, "kommuner-2024").expect("a layer");
    let names = reader.header().field_names();
    // The source's own `geometry` is no shape, and must not hide the shapes.
    assert_eq!(names, ["code", "name", "kommunenummer", "navn", "geometry_2"]);
}

#[test]
fn the_receipt_says_where_a_layer_is_from() {
    let (_folder, archive, file) = place();
    let provenance = ::layers::Provenance {
        publisher: "Kartverket".to_owned(),
        licence: "CC BY 4.0".to_owned(),
        date: "2024-01-01".to_owned(),
        origin: String::new(),
    };
    let name = Some("municipalities".to_owned());
    let wanted = Import { name, provenance, ..at(MOMENT) };
    import(&archive, &file, &wanted).expect("it is brought in");
    let version = archive.current("layer.municipalities").expect("rows").expect("a version");
    assert_eq!(version.info.server, "Kartverket");
    assert_eq!(version.info.updated.as_deref(), Some("2024-01-01"));
    let query: serde_json::Value = serde_json::from_str(&version.info.query).expect("JSON");
    assert_eq!(query["origin"], "Kommuner 2024.geojson");
    assert_eq!(query["licence"], "CC BY 4.0");
    assert_eq!(query["code_field"], "kommunenummer");
    let held = layers::list(&archive).expect("a list");
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].features, held[0].provenance.publisher.as_str()), (3, "Kartverket"));
}

#[test]
fn the_same_file_again_is_no_new_version_and_what_was_read_goes_out_and_in_unchanged() {
    let (folder, archive, file) = place();
    let first = import(&archive, &file, &at(MOMENT)).expect("it is brought in");
    let again = import(&archive, &file, &at("2026-03-02T08:00:00Z")).expect("it is brought in");
    assert_eq!((again.version, again.is_new), (first.version.clone(), false));

    // Out of one archive and into another: code and name are not doubled.
    let version = archive.current(&first.extract).expect("rows").expect("a version");
    let path = archive.extract_file(&version).expect("a file");
    let other = Archive::open(&folder.path().join("other")).expect("a new archive");
    let wanted = Import { name: Some("kommuner-2024".to_owned()), ..at(MOMENT) };
    let moved = import(&other, &path, &wanted).expect("it is brought in");
    assert_eq!(moved.version, first.version);
}

#[test]
fn what_stops_or_fails_leaves_nothing_behind() {
    let (folder, archive, file) = place();
    let stop = AtomicBool::new(false);
    let seen = RefCell::new(Vec::new());
    let see = |done, all| {
        seen.borrow_mut().push((done, all));
        stop.store(true, Ordering::Relaxed);
    };
    let stopped = layers::import(&archive, &file, &at(MOMENT), &Watch { stop: &stop, see: &see });
    assert!(matches!(stopped, Err(IngestError::Interrupted)));
    assert_eq!(*seen.borrow(), [(0, Some(3))]);

    std::fs::write(&file, &KOMMUNER[..KOMMUNER.len() - 40]).expect("a file");
    assert!(matches!(import(&archive, &file, &at(MOMENT)), Err(IngestError::Layer(_))));
    let named = Import { name: Some("../x".to_owned()), ..at(MOMENT) };
    std::fs::write(&file, KOMMUNER).expect("a file");
    assert!(matches!(import(&archive, &file, &named), Err(IngestError::LayerName { .. })));

    assert!(archive.extracts().expect("rows").is_empty());
    let left: Vec<_> = std::fs::read_dir(folder.path().join("data"))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".tmp") || name.ends_with(".parquet"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let missing = layers::open(&archive, "kommuner-2024");
    assert!(matches!(missing, Err(IngestError::Unknown { .. })));
}
