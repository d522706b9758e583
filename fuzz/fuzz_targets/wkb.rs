//! Any bytes are a shape or a refusal; a shape written and read is the same shape.
#![no_main]

use layers::blob;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = blob::from_geopackage(bytes);
    let Ok(shape) = blob::from_wkb(bytes) else { return };
    let written = blob::to_wkb(&shape);
    let again = blob::from_wkb(&written).expect("what we write we can read");
    // Not the shapes: holes without an outline are not written.
    assert_eq!(blob::to_wkb(&again), written);
});
