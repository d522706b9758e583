use geo_types::Coord;
use layers::{FieldKind, Format, OpenOptions, Property, regions};
use places::crs::Crs;

use crate::{first, read};

/// Path below `real/geo`, features, system.
const GEOJSON: &[(&str, usize, Crs)] = &[
    ("2024/kommuner-m.geojson", 357, Crs::Wgs84),
    ("2024/kommuner-s.geojson", 357, Crs::Wgs84),
    ("2024/fylker-s.geojson", 15, Crs::Wgs84),
    ("2020/kommuner-small.geojson", 354, Crs::Wgs84),
    ("telemark-kommuner-wgs84.geojson", 17, Crs::Wgs84),
    ("vestland-land.geojson", 43, Crs::Wgs84),
    ("grunnkretser/bamble-4012.geojson", 25, Crs::Wgs84),
    ("ssb-no-maps-2024/no-fylke-03.geo.json", 1, Crs::Utm33),
    ("ssb-no-maps-2024/no-fylke-18.geo.json", 41, Crs::Utm33),
    ("ssb-no-maps-2024/norge-fylkesinndelt.geo.json", 15, Crs::Utm33),
];

#[test]
fn every_geojson_file_has_the_features_and_the_system_it_should() {
    let Some(shared) = testkit::shared() else { return };
    for &(path, count, crs) in GEOJSON {
        let layer = read(&shared.join("real/geo").join(path)).expect(path);
        assert_eq!(layer.header.format, Format::Geojson);
        assert_eq!((layer.features.len(), layer.header.crs), (count, crs), "{path}");
        assert_eq!(layer.header.count, Some(count as u64), "{path}");
        let without = layer.features.iter().filter(|feature| feature.shape.is_none()).count();
        assert_eq!(without, 0, "{path}");
    }
}

#[test]
fn coordinates_stand_as_in_the_file() {
    let Some(shared) = testkit::shared() else { return };
    let geo = shared.join("real/geo");
    let oslo = read(&geo.join("ssb-no-maps-2024/no-fylke-03.geo.json")).expect("a layer");
    let oslo = oslo.find("KOMMUNENR", "0301");
    assert_eq!(first(oslo), Coord { x: 260_144.509_999_999_78, y: 6_674_128.710_000_001 });

    let layer = read(&geo.join("2024/kommuner-m.geojson")).expect("a layer");
    let birkenes = layer.find("kommunenummer", "4216");
    assert_eq!(first(birkenes), Coord { x: 8.048_822_129_415_969, y: 58.372_538_101_369_976 });
    assert_eq!(layer.value(birkenes, "kommunenavn"), &Property::Text("Birkenes".to_owned()));
}

#[test]
fn codes_that_lost_their_zero_get_it_back() {
    let Some(shared) = testkit::shared() else { return };
    let path = shared.join("real/geo/2020/kommuner-small.geojson");
    let reader = layers::open(&path, &OpenOptions::default()).expect("a layer");
    let field = &reader.header().fields[0];
    assert_eq!((field.name.as_str(), field.kind), ("kommunenummer", FieldKind::Whole));
    let (regions, tidied) = regions::read(reader, &regions::Choice::default()).expect("regions");
    assert!(regions.iter().any(|region| region.code == "0301" && region.name == "Oslo"));
    assert!(regions.iter().all(|region| region.code.len() == 4));
    assert_eq!((regions.len(), tidied.padded), (354, 1));
}

#[test]
fn sami_and_norwegian_names_come_whole() {
    let Some(shared) = testkit::shared() else { return };
    let path = shared.join("real/geo/2024/kommuner-m.geojson");
    let reader = layers::open(&path, &OpenOptions::default()).expect("a layer");
    let (regions, _) = regions::read(reader, &regions::Choice::default()).expect("regions");
    let name = |code: &str| {
        let region = regions.iter().find(|region| region.code == code);
        region.map(|region| region.name.clone()).expect("the code is there")
    };
    assert_eq!(name("1151"), "Utsira");
    assert_eq!(name("1103"), "Stavanger");
    assert_eq!(name("5610"), "Kárášjohka - Karasjok");
}

/// Path below `real/geo/gml`, kind of feature, features, system; as `ogrinfo` counts them.
const GML: &[(&str, &str, usize, Crs)] = &[
    ("befolkning-rutenett-1km-oslo-2019.gml", "BefolkningPåRuter1km", 258, Crs::Utm33),
    ("befolkning-rutenett-1km-oslo-2019.gml", "BefolkningPåRuter1kmGrense", 538, Crs::Utm33),
    ("reguleringsplanforslag-5.0/gml.bue.2-pass.gml", "RpFormålGrense", 1, Crs::Utm32),
    ("reguleringsplanforslag-5.0/gml.epsg.1-pass-2.gml", "RpOmråde", 1, Crs::Utm32),
    ("reguleringsplanforslag-5.0/gml.epsg.1-pass-2.gml", "RpArealformålOmråde", 3, Crs::Utm32),
    ("reguleringsplanforslag-5.0/gml.flate.3-fail.gml", "RpArealformålOmråde", 3, Crs::Utm32),
    ("reguleringsplanforslag-5.0/gml.flate.3-fail.gml", "RpBestemmelseOmråde", 2, Crs::Utm32),
    ("reguleringsplanforslag-5.0/gml.flate.3-fail.gml", "RpRegulertHøyde", 1, Crs::Utm32),
    ("reguleringsplanforslag-5.0/gml.uuid.1-pass.gml", "RpFormålGrense", 2, Crs::Utm32),
    ("reguleringsplanforslag-5.0/gml.xlink.1-3D-pass.gml", "RpRegulertTerreng", 1, Crs::Utm32),
];

#[test]
fn every_gml_file_has_the_features_and_the_system_it_should() {
    let Some(shared) = testkit::shared() else { return };
    for &(path, layer, count, crs) in GML {
        let options = OpenOptions { layer: Some(layer.to_owned()), crs: None };
        let path = shared.join("real/geo/gml").join(path);
        let found = crate::read_with(&path, &options).expect(layer);
        assert_eq!((found.features.len(), found.header.crs), (count, crs), "{layer}");
        assert!(found.features.iter().all(|feature| feature.shape.is_some()), "{layer}");
    }
}

#[test]
fn the_grid_of_oslo_is_the_layer_of_its_file() {
    let Some(shared) = testkit::shared() else { return };
    let path = shared.join("real/geo/gml/befolkning-rutenett-1km-oslo-2019.gml");
    let layer = read(&path).expect("a layer");
    assert_eq!(layer.header.name, "BefolkningPåRuter1km");
    assert_eq!(
        layer.header.field_names(),
        [
            "gml_id",
            "lokalId",
            "navnerom",
            "versjonId",
            "oppdateringsdato",
            "datauttaksdato",
            "opphav",
            "ssbid1000M",
            "popTot",
            "popAve",
            "popFem",
            "popMal",
            "statistikkÅr"
        ]
    );
    let square = layer.find("ssbid1000M", "22560006672000");
    assert_eq!(first(square), Coord { x: 257_000., y: 6_672_000. });
    assert_eq!(layer.value(square, "popTot"), &Property::Text("4".to_owned()));
}

#[test]
fn a_file_with_several_kinds_of_areas_asks_which() {
    let Some(shared) = testkit::shared() else { return };
    let path = shared.join("real/geo/gml/reguleringsplanforslag-5.0/gml.flate.3-fail.gml");
    let error = read(&path).err().expect("one must be named");
    assert_eq!(
        error.to_string(),
        "the file has several layers: Arealplan, RpOmråde, RpArealformålOmråde, \
         RpBestemmelseOmråde, RpHandlingOmråde, RpRegulertHøyde"
    );
}

#[test]
fn an_arc_becomes_a_line_that_goes_through_its_places() {
    let Some(shared) = testkit::shared() else { return };
    let path = shared.join("real/geo/gml/reguleringsplanforslag-5.0/gml.bue.2-pass.gml");
    let mut reader = layers::open(&path, &OpenOptions::default()).expect("a layer");
    let feature = reader.next().expect("a feature").expect("a shape");
    let Some(geo_types::Geometry::LineString(line)) = feature.shape else { panic!("no line") };
    assert_eq!(line.0[0], Coord { x: -13_222.013_917_987_2, y: 196_669.690_302_028 });
    assert_eq!(line.0.last(), Some(&Coord { x: -13_255.014_673_064_2, y: 196_669.700_667_404 }));
    // The radius is some 139 m, so that the line must come near the place in the middle.
    let middle = Coord { x: -13_230.749_688_376_2, y: 196_670.698_553_552 };
    let far = line.0.iter().map(|at| (*at - middle).x.hypot((*at - middle).y));
    assert!(far.fold(f64::MAX, f64::min) < 4.0);
    assert_eq!(reader.notes().arcs, 1);
}
