//! What every target that reads a layer does with the bytes: write them, open them, read to the end.

use std::io::Write as _;
use std::path::Path;

use layers::OpenOptions;
use places::crs::Crs;

/// How many features a layer announced, and how many there were.
pub struct Counts {
    #[allow(dead_code, reason = "only formats that are surveyed first announce them rightly")]
    pub announced: Option<u64>,
    #[allow(dead_code, reason = "see above")]
    pub found: u64,
}

/// Reads bytes as a layer; `ending` is that of the file they are written to.
#[allow(dead_code, reason = "a target whose layer is several files writes them itself")]
pub fn read(bytes: &[u8], ending: &str) -> Option<Counts> {
    let mut file = tempfile::Builder::new().suffix(ending).tempfile().expect("a file");
    file.write_all(bytes).expect("a file");
    read_file(file.path())
}

/// Reads a file to its end, each feature with the header's fields; `None` when it is refused.
pub fn read_file(path: &Path) -> Option<Counts> {
    let options = OpenOptions { layer: None, crs: Some(Crs::Utm33) };
    let reader = layers::open(path, &options).ok()?;
    let announced = reader.header().count;
    let fields = reader.header().fields.len();
    let mut found = 0;
    for feature in reader {
        assert_eq!(feature.ok()?.properties.len(), fields);
        found += 1;
    }
    Some(Counts { announced, found })
}
