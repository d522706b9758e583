use std::fs::File;

use geo_types::{Geometry, MultiPolygon, Polygon, polygon};
use layers::{Feature, Field, FieldKind, OpenOptions, Property, Provenance, geojson, geoparquet};
use places::crs::Crs;

use crate::{read, read_with};

fn provenance() -> Provenance {
    Provenance {
        publisher: "Kartverket".to_owned(),
        licence: "CC BY 4.0".to_owned(),
        date: "2026-01-01".to_owned(),
        origin: "kommuner.gml".to_owned(),
    }
}

fn fields() -> Vec<Field> {
    let field = |name: &str, kind| Field { name: name.to_owned(), kind };
    vec![
        field("code", FieldKind::Text),
        field("areal", FieldKind::Number),
        field("antall", FieldKind::Whole),
        field("kyst", FieldKind::Flag),
    ]
}

fn features() -> Vec<Feature> {
    let holed: Polygon<f64> = polygon!(
        exterior: [(x: 0., y: 0.), (x: 90., y: 0.), (x: 90., y: 90.), (x: 0., y: 0.)],
        interiors: [[(x: 40., y: 10.), (x: 50., y: 10.), (x: 50., y: 20.), (x: 40., y: 10.)]],
    );
    vec![
        Feature {
            shape: Some(holed.clone().into()),
            properties: vec![
                Property::Text("Kárášjohka – Øvre Årdal".to_owned()),
                Property::Number(0.1),
                Property::Whole(i64::MAX),
                Property::Flag(true),
            ],
        },
        Feature { shape: None, properties: vec![Property::Absent; 4] },
        Feature {
            shape: Some(Geometry::MultiPolygon(MultiPolygon(vec![holed.clone(), holed]))),
            properties: vec![
                Property::Text(String::new()),
                Property::Absent,
                Property::Whole(-1),
                Property::Flag(false),
            ],
        },
    ]
}

fn write(path: &std::path::Path, crs: Crs, features: &[Feature]) {
    let file = File::create(path).expect("a temporary file");
    let mut writer = geoparquet::Writer::new(file, &fields(), crs, &provenance()).expect("a file");
    features.iter().for_each(|feature| writer.write(feature).expect("a feature"));
    writer.finish().expect("the file ends");
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for crs in [Crs::Utm33, Crs::Etrs89] {
        let path = folder.path().join("layer.parquet");
        write(&path, crs, &features());
        let layer = read(&path).expect("a layer");
        assert_eq!(layer.features, features());
        assert_eq!(layer.header.fields, fields());
        assert_eq!(layer.header.crs, crs);
        assert_eq!(layer.header.count, Some(3));
        assert_eq!(layer.header.provenance, Some(provenance()));
    }
}

#[test]
fn the_same_features_are_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = ["a", "b"].map(|name| {
        let path = folder.path().join(name);
        write(&path, Crs::Utm33, &features());
        std::fs::read(path).expect("a file")
    });
    assert_eq!(bytes[0], bytes[1]);
}

#[test]
fn many_features_make_several_row_groups() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("layer.parquet");
    let one = features().remove(0);
    let many: Vec<Feature> = (0..40_000)
        .map(|number| {
            let mut feature = one.clone();
            feature.properties[2] = Property::Whole(number);
            feature
        })
        .collect();
    write(&path, Crs::Utm33, &many);
    let layer = read(&path).expect("a layer");
    assert!(layer.features == many, "the features differ");
    let bytes = std::fs::metadata(&path).expect("a file").len();
    assert!(bytes < 2_000_000, "{bytes} bytes for forty thousand equal shapes");
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let fields = [Field::text("geometry")];
    let writer = geoparquet::Writer::new(Vec::new(), &fields, Crs::Utm33, &provenance());
    assert!(writer.is_err());
}

#[test]
fn geojson_keeps_its_system_or_goes_to_degrees() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("layer.geojson");
    let file = File::create(&path).expect("a temporary file");
    let mut writer =
        geojson::Writer::new(file, &fields(), Crs::Utm33, geojson::Axes::AsIs).expect("a file");
    features().iter().for_each(|feature| writer.write(feature).expect("a feature"));
    writer.finish().expect("the file ends");
    let layer = read_with(&path, &OpenOptions::default()).expect("a layer");
    assert_eq!(layer.header.crs, Crs::Utm33);
    assert_eq!(layer.features, features());
}
