use layers::OpenOptions;
use places::crs::Crs;

use crate::{read, read_with, told, written};

/// What is said of a file with this content.
fn refused(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    match read(&written(&folder, name, bytes)) {
        Ok(layer) => format!("{} features", layer.features.len()),
        Err(error) => told(&error),
    }
}

fn collection(feature: &str) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#)
}

fn point(coordinates: &str) -> String {
    collection(&format!(
        r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":{coordinates}}}}}"#
    ))
}

#[test]
fn geojson_that_is_wrong_is_refused_with_its_place() {
    let said = |text: &str| refused("a.geojson", text.as_bytes());
    assert_eq!(said(&point("[10,60]")), "1 features");
    assert_eq!(said(&collection("")), "0 features");
    assert_eq!(
        said(&point("[NaN,60]")),
        "not a readable GeoJSON at feature 1: expected value at line 1 column 77"
    );
    assert_eq!(
        said(&point("[10]")),
        "not a readable GeoJSON at feature 1: a position has one number at line 1 column 79"
    );
    let whole = point("[10,60]");
    for length in 1..whole.len() {
        let cut = said(&whole[..length]);
        assert!(cut.starts_with("not a readable GeoJSON"), "{length}: {cut}");
    }
    assert_eq!(
        said(r#"{"type":"Topology","objects":{}}"#),
        "not a readable GeoJSON at the beginning: the file is no `FeatureCollection`"
    );
    let latin1: Vec<u8> =
        collection(r#"{"type":"Feature","properties":{"n":"Bod?"},"geometry":null}"#)
            .bytes()
            .map(|byte| if byte == b'?' { 0xF8 } else { byte })
            .collect();
    assert_eq!(
        refused("a.geojson", &latin1),
        "not a readable GeoJSON at feature 1: the text is not UTF-8"
    );
    assert!(refused("a.txt", b"hello").ends_with("is in no format that is known here"));
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    assert_eq!(
        refused("a.geojson", point(&deep).as_bytes()),
        "not a readable GeoJSON at byte 234: it is nested too deep"
    );
}

#[test]
fn metres_in_a_file_that_means_degrees_are_recognised() {
    let said = refused("a.geojson", point("[262000.5,6649000]").as_bytes());
    assert_eq!(
        said,
        "feature 1 has the coordinate 262000.5 6649000, which EPSG:4326 does not have"
    );

    let folder = tempfile::tempdir().expect("a folder");
    let path = written(&folder, "a.geojson", point("[262000.5,6649000]").as_bytes());
    let options = OpenOptions { crs: Some(Crs::Utm33), ..OpenOptions::default() };
    let layer = read_with(&path, &options).expect("the caller knows the system");
    assert_eq!(layer.header.crs, Crs::Utm33);
}

#[test]
fn a_caller_who_contradicts_the_file_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = point("[262000.5,6649000]").replacen(
        '{',
        r#"{"crs":{"type":"name","properties":{"name":"EPSG:25833"}},"#,
        1,
    );
    let path = written(&folder, "a.geojson", text.as_bytes());
    assert_eq!(read(&path).expect("a layer").header.crs, Crs::Utm33);
    let options = OpenOptions { crs: Some(Crs::Utm32), ..OpenOptions::default() };
    let error = read_with(&path, &options).err().expect("they contradict each other");
    assert_eq!(told(&error), "the file says EPSG:25833, and EPSG:25832 was given");
}

/// A zip with one file of this content.
fn zip(name: &str, content: impl std::io::Read) -> Vec<u8> {
    let mut content = content;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file(name, options).expect("a name");
    std::io::copy(&mut content, &mut writer).expect("memory takes every byte");
    writer.finish().expect("memory takes every byte").into_inner()
}

#[test]
fn a_layer_is_found_in_its_zip() {
    let folder = tempfile::tempdir().expect("a folder");
    let packed = zip("Basisdata/Åfjord.geojson", point("[10,60]").as_bytes());
    let layer = read(&written(&folder, "a.zip", &packed)).expect("a layer");
    assert_eq!(layer.header.name, "Åfjord");
    assert_eq!(layer.features.len(), 1);
}

#[test]
fn a_zip_that_unpacks_to_far_more_is_stopped() {
    use std::io::Read as _;
    let packed = zip("a.geojson", std::io::repeat(b' ').take(200_000_000));
    assert!(packed.len() < 1_000_000, "the bomb is small");
    assert_eq!(refused("a.zip", &packed), "`a.geojson` in the zip is larger than 67 MB");
}

#[test]
fn a_zip_with_several_layers_or_none_asks_which() {
    assert_eq!(refused("a.zip", &zip("readme.txt", &b"hello"[..])), "the file has no layer ``");
    let cut = &zip("a.geojson", point("[10,60]").as_bytes())[..60];
    assert!(refused("a.zip", cut).starts_with("not a readable ZIP"));
}

/// GML with one feature, whose geometry is this.
fn gml(head: &str, shape: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>{head}<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="x"><gml:featureMember><app:Kommune gml:id="k"><app:navn>Kárášjohka &amp; &#216;vre</app:navn><app:område>{shape}</app:område></app:Kommune></gml:featureMember></gml:FeatureCollection>"#
    )
}

fn square(system: &str, list: &str) -> String {
    format!(
        "<gml:Polygon srsName=\"{system}\"><gml:exterior><gml:LinearRing><gml:posList>{list}\
         </gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )
}

const SQUARE: &str = "59 10 59 11 60 11 59 10";

#[test]
fn latitude_comes_first_where_the_system_says_so() {
    let first_of = |system: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let text = gml("", &square(system, SQUARE));
        let layer = read(&written(&folder, "a.gml", text.as_bytes())).expect("a layer");
        assert_eq!(
            layer.value(&layer.features[0], "navn"),
            &layers::Property::Text("Kárášjohka & Øvre".to_owned())
        );
        let at = crate::first(&layer.features[0]);
        (at.x, at.y)
    };
    assert_eq!(first_of("urn:ogc:def:crs:EPSG::4258"), (10., 59.));
    assert_eq!(first_of("http://www.opengis.net/def/crs/EPSG/0/4326"), (10., 59.));
    assert_eq!(first_of("EPSG:4258"), (59., 10.));
    assert_eq!(first_of("urn:ogc:def:crs:EPSG::25833"), (59., 10.));
}

#[test]
fn gml_that_is_wrong_is_refused() {
    let said = |text: &str| refused("a.gml", text.as_bytes());
    let system = "urn:ogc:def:crs:EPSG::25833";
    assert_eq!(said(&gml("", &square(system, SQUARE))), "1 features");

    let entity =
        "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
    assert!(
        said(&gml(entity, &square(system, SQUARE))).ends_with("a document type is not accepted")
    );
    let unknown = gml("", &square(system, SQUARE)).replace("&amp;", "&bomb;");
    assert!(said(&unknown).ends_with("the entity `bomb` is not accepted"));

    let deep = "<gml:a>".repeat(100_000);
    assert!(said(&gml("", &deep)).ends_with("it is nested too deep"));
    assert!(
        said(&gml("", &square(system, "59 10 NaN 11 60 11 59 10"))).ends_with("`NaN` is no number")
    );
    assert!(said(&gml("", &square(system, "59 10 59"))).ends_with("do not make whole places"));
    assert_eq!(
        said(&gml("", &square("EPSG:3857", SQUARE))),
        "the coordinate system `EPSG:3857` is not known here"
    );
    let without = square("", SQUARE).replace(" srsName=\"\"", "");
    assert_eq!(said(&gml("", &without)), "the file names no coordinate system");
    let elsewhere = "<gml:MultiSurface srsName=\"EPSG:25833\"><gml:surfaceMember xlink:href=\"#s\"/>\
                     </gml:MultiSurface>";
    assert_eq!(
        said(&gml("", elsewhere)),
        "GML: a shape that stands elsewhere (xlink:href=\"#s\") at feature 1 is not supported"
    );
    let whole = gml("", &square(system, SQUARE));
    for length in (40..whole.len() - 1).filter(|length| whole.is_char_boundary(*length)) {
        let cut = said(&whole[..length]);
        assert!(cut.starts_with("not a readable GML"), "{length}: {cut}");
    }
}

#[test]
fn gml_in_an_older_encoding_keeps_its_letters() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = gml("", &square("EPSG:25833", SQUARE)).replace("UTF-8", "ISO-8859-1");
    let text = text.replace("Kárášjohka &amp; &#216;vre", "Bodø");
    let bytes: Vec<u8> = text.chars().map(|sign| u8::try_from(sign).expect("Latin-1")).collect();
    let layer = read(&written(&folder, "a.gml", &bytes)).expect("a layer");
    let name = layer.value(&layer.features[0], "navn");
    assert_eq!(name, &layers::Property::Text("Bodø".to_owned()));
    // The same bytes under the wrong name.
    let at = bytes.windows(10).position(|part| part == b"ISO-8859-1").expect("a name");
    let wrong = [&bytes[..at], b"UTF-8", &bytes[at + 10..]].concat();
    assert!(refused("a.gml", &wrong).starts_with("not a readable GML"));
}

fn data(name: &str) -> Vec<u8> {
    let folder = testkit::workspace().join("crates/layers/tests/data");
    std::fs::read(folder.join(name)).expect("a file of the repository")
}

#[test]
fn flatgeobuf_cut_off_or_changed_anywhere_never_panics() {
    let whole = data("small.fgb");
    assert_eq!(refused("a.fgb", &whole), "4 features");
    for length in (8..whole.len()).step_by(7) {
        let cut = refused("a.fgb", &whole[..length]);
        assert!(!cut.ends_with("4 features"), "{length}: {cut}");
    }
    for at in (8..whole.len()).step_by(5) {
        for change in [0xFF, 0x00, 0x80] {
            let mut changed = whole.clone();
            changed[at] = change;
            // Any answer will do: the bytes may still make sense.
            refused("a.fgb", &changed);
        }
    }
}

/// A FlatBuffers table whose fields are offsets, each to what follows at that distance from its place.
fn table(fields: &[u32]) -> Vec<u8> {
    let count = u16::try_from(fields.len()).expect("few fields");
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&(4 + 2 * count).to_le_bytes());
    bytes.extend_from_slice(&(4 + 4 * count).to_le_bytes());
    for (at, field) in (0..count).zip(fields) {
        bytes.extend_from_slice(&(if *field == 0 { 0 } else { 4 + 4 * at }).to_le_bytes());
    }
    bytes.extend_from_slice(&i32::from(4 + 2 * count).to_le_bytes());
    fields.iter().for_each(|field| bytes.extend_from_slice(&field.to_le_bytes()));
    bytes
}

/// A list of `count` equal numbers, or of offsets to what follows the list.
fn list(count: u32, entry: impl Fn(u32) -> u32) -> Vec<u8> {
    let mut bytes = count.to_le_bytes().to_vec();
    (0..count).for_each(|nth| bytes.extend_from_slice(&entry(nth).to_le_bytes()));
    bytes
}

/// A record with its length, whose root is the table that follows `vtable` bytes of description.
fn record(vtable: u32, parts: &[Vec<u8>]) -> Vec<u8> {
    let body = [(4 + vtable).to_le_bytes().to_vec(), parts.concat()].concat();
    [u32::try_from(body.len()).expect("short").to_le_bytes().to_vec(), body].concat()
}

#[test]
fn flatgeobuf_whose_parts_lie_over_each_other_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = OpenOptions { crs: Some(Crs::Utm33), ..OpenOptions::default() };
    let said = |bytes: &[u8]| {
        let error = read_with(&written(&folder, "a.fgb", bytes), &options).err();
        told(&error.expect("it is refused"))
    };
    let count = 1_000;
    // A multipolygon of a thousand parts, which are all the same one, with a thousand empty rings.
    let described = [table(&[0, 0, 0, 0, 0, 0, 0, 4]), list(count, |nth| 4 * (count - nth) + 6)];
    let ring = [table(&[4]), list(count, |_| 0)];
    let feature = [vec![table(&[24])], described.to_vec(), ring.to_vec()].concat();
    let mut bytes = b"fgb\x03fgb\x00".to_vec();
    // The kind of shape is a byte of a field of its own, and so is the absence of an index.
    let kind = [table(&[0, 0, 6, 0, 0, 0, 0, 0, 0, 0x1_0000])];
    bytes.extend_from_slice(&record(24, &kind));
    bytes.extend_from_slice(&record(6, &feature));
    assert_eq!(
        said(&bytes),
        "not a readable FlatGeobuf at feature 1: its parts lie over each other"
    );

    // A thousand columns, which are all the same one, with a long name.
    let columns = [table(&[0, 0, 0, 0, 0, 0, 0, 4]), list(count, |nth| 4 * (count - nth) + 6)];
    let name = [table(&[4]), 10_000_u32.to_le_bytes().to_vec(), vec![b'a'; 10_000]];
    let mut bytes = b"fgb\x03fgb\x00".to_vec();
    bytes.extend_from_slice(&record(20, &[columns.to_vec(), name.to_vec()].concat()));
    assert_eq!(
        said(&bytes),
        "not a readable FlatGeobuf at the header: its parts lie over each other"
    );
}

#[test]
fn shapefiles_that_are_cut_off_or_lack_a_part_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["small.shp", "small.dbf", "small.prj", "small.cpg"] {
        written(&folder, name, &data(name));
    }
    let path = folder.path().join("small.shp");
    let layer = read(&path).expect("a layer");
    assert_eq!((layer.features.len(), layer.header.crs), (4, Crs::Utm33));
    assert_eq!(read(&folder.path().join("small.dbf")).expect("the same").features, layer.features);
    let name = layer.value(&layer.features[0], "name");
    assert_eq!(name, &layers::Property::Text("Kárášjohka – Karasjok".to_owned()));

    let shapes = data("small.shp");
    for length in (0..shapes.len()).step_by(11) {
        written(&folder, "small.shp", &shapes[..length]);
        assert!(read(&path).is_err(), "{length}");
    }
    for at in (100..shapes.len()).step_by(3) {
        let mut changed = shapes.clone();
        changed[at] = 0xFF;
        written(&folder, "small.shp", &changed);
        let _ = read(&path);
    }
    written(&folder, "small.shp", &shapes);
    written(&folder, "small.cpg", b"klingon");
    let error = read(&path).err().expect("nobody knows this encoding");
    assert_eq!(told(&error), "Shapefile: the encoding `klingon` at the `.cpg` is not supported");
    std::fs::remove_file(folder.path().join("small.prj")).expect("it was there");
    written(&folder, "small.cpg", b"UTF-8");
    let error = read(&path).err().expect("it names no system");
    assert_eq!(told(&error), "the file names no coordinate system");
    std::fs::remove_file(folder.path().join("small.dbf")).expect("it was there");
    assert!(told(&read(&path).err().expect("it is needed")).ends_with("small.dbf` is missing"));
}

#[test]
fn parquet_that_is_cut_off_or_has_no_numbers_is_refused() {
    use geo_types::point;
    use layers::{Feature, Field, Provenance, geoparquet};
    let write = |x: f64| {
        let fields = [Field::text("code")];
        let mut writer =
            geoparquet::Writer::new(Vec::new(), &fields, Crs::Utm33, &Provenance::default())
                .expect("memory takes every byte");
        let shape = Some(geo_types::LineString(vec![point!(x: x, y: 1.).0; 2]).into());
        let properties = vec![layers::Property::Text("0301".to_owned())];
        writer.write(&Feature { shape, properties }).expect("memory takes every byte");
        writer.finish().expect("memory takes every byte")
    };
    let whole = write(1.0);
    assert_eq!(refused("a.parquet", &whole), "1 features");
    for length in (4..whole.len()).step_by(13) {
        assert!(refused("a.parquet", &whole[..length]).starts_with("not a readable"), "{length}");
    }
    assert_eq!(
        refused("a.parquet", &write(f64::NAN)),
        "feature 1 has the coordinate NaN 1, which EPSG:25833 does not have"
    );
    assert_eq!(
        refused("a.parquet", &write(f64::INFINITY)),
        "feature 1 has the coordinate inf 1, which EPSG:25833 does not have"
    );
}

/// An encoding that is not UTF-8 is decoded on the way, and the end may be asked for twice.
#[test]
fn gml_of_nothing_but_a_mark_of_its_encoding_is_refused() {
    for mark in [&[0xFE, 0xFF][..], &[0xFF, 0xFE]] {
        let said = refused("a.gml", mark);
        assert!(said.starts_with("not a readable GML"), "{said}");
    }
}

/// The library that reads Parquet asserts that a map has one child; a file may say otherwise.
#[test]
fn parquet_whose_schema_is_impossible_is_refused_and_not_a_panic() {
    use std::sync::Arc;

    use parquet::data_type::{ByteArrayType, Int32Type};
    use parquet::file::metadata::KeyValue;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let schema = "message layer { optional binary geometry; \
        optional group odd (MAP) { optional int32 a; optional int32 b; } }";
    let geo = r#"{"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}"#;
    let said = vec![KeyValue::new("geo".to_owned(), geo.to_owned())];
    let properties = WriterProperties::builder().set_key_value_metadata(Some(said)).build();
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut bytes = Vec::new();
    let mut file =
        SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).expect("a file");
    let mut rows = file.next_row_group().expect("a row group");
    let mut column = rows.next_column().expect("a column").expect("the first");
    column.typed::<ByteArrayType>().write_batch(&[], Some(&[0]), None).expect("a gap");
    column.close().expect("a column");
    while let Some(mut column) = rows.next_column().expect("a column") {
        column.typed::<Int32Type>().write_batch(&[], Some(&[0]), None).expect("a gap");
        column.close().expect("a column");
    }
    rows.close().expect("a row group");
    file.close().expect("a file");

    let said = refused("a.parquet", &bytes);
    assert!(said.starts_with("not a readable GeoParquet"), "{said}");
    assert!(said.contains("it contradicts itself (assertion"), "{said}");
}
