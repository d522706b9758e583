//! Any bytes are a layer or a refusal; nothing is read without end.
#![no_main]

use layers::OpenOptions;
use places::crs::Crs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::Builder::new().suffix(".geojson").tempfile().expect("a file");
    std::io::Write::write_all(&mut file, bytes).expect("a file");
    let options = OpenOptions { layer: None, crs: Some(Crs::Utm33) };
    let Ok(reader) = layers::open(file.path(), &options) else { return };
    let announced = reader.header().count;
    let fields = reader.header().fields.len();
    let mut count = 0;
    for feature in reader {
        let Ok(feature) = feature else { return };
        assert_eq!(feature.properties.len(), fields);
        count += 1;
    }
    assert_eq!(announced, Some(count));
});
