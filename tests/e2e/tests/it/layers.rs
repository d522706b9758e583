//! `grunnlag layers`: what people read of a layer, and what they are told when it is none.

use testkit::run;

use crate::{json, told};

const OSLO: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
"properties":{"kommunenummer":301,"navn":"Oslo"},"geometry":{"type":"Polygon",
"coordinates":[[[10.5,59.8],[10.9,59.8],[10.9,60.1],[10.5,60.1]]]}}]}"#;

/// A folder with a file, and the paths of both.
fn placed(name: &str, content: &str) -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    std::fs::write(&file, content).expect("a file");
    let data = folder.path().join("data").display().to_string();
    (folder, file.display().to_string(), data)
}

#[test]
fn a_file_is_brought_in_and_stands_in_the_list() {
    let (_folder, file, data) = placed("oslo.geojson", OSLO);
    let import = ["layers", "import", &file, "--data", &data, "--format", "json", "--quiet"];
    let said = json(&[&import[..], &["--publisher", "Oslo", "--date", "2026-01-01"]].concat());
    assert_eq!((said["name"].as_str(), said["is_new"].as_bool()), (Some("oslo"), Some(true)));
    assert_eq!((said["features"].as_u64(), said["epsg"].as_u64()), (Some(1), Some(4326)));
    assert_eq!(said["tidied"]["padded"], 1);
    assert_eq!(said["notes"]["open_rings"], 1);

    let listed = json(&["layers", "list", "--data", &data, "--format", "json"]);
    assert_eq!(listed[0]["name"], "oslo");
    assert_eq!(listed[0]["provenance"]["date"], "2026-01-01");

    let told = run(&["layers", "info", "oslo", "--data", &data]);
    assert!(told.stdout.starts_with("oslo: GeoParquet, EPSG:4326\n1 objekter"), "{}", told.stdout);
}

#[test]
fn a_layer_goes_out_as_geojson_and_comes_back() {
    let (folder, file, _) = placed("oslo.geojson", OSLO);
    let out = folder.path().join("out.geojson").display().to_string();
    assert_eq!(run(&["layers", "convert", &file, &out]).code, Some(0));
    let text = std::fs::read_to_string(&out).expect("it was written");
    let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let ring = &read["features"][0]["geometry"]["coordinates"][0];
    assert_eq!(ring.as_array().map(Vec::len), Some(5), "the ring is closed");
    assert_eq!(read["features"][0]["properties"]["kommunenummer"], 301);
}

#[test]
fn what_is_no_layer_is_told_in_one_sentence() {
    let metres =
        OSLO.replace("10.", "262000.").replace("60.", "6649000.").replace("59.", "6648000.");
    let (_folder, file, data) = placed("metres.geojson", &metres);
    let said = told(&["layers", "info", &file]);
    assert!(said.contains("--crs 25833"), "{said}");
    assert!(said.contains("exit 2"), "{said}");
    let said = told(&["layers", "info", &file, "--crs", "3857"]);
    assert!(said.contains("exit 2") && said.contains("25835"), "{said}");

    let (_folder, file, _) = placed("cut.geojson", &OSLO[..100]);
    let said = told(&["layers", "import", &file, "--data", &data]);
    assert!(said.contains("exit 2") && said.contains("GeoJSON"), "{said}");
}
