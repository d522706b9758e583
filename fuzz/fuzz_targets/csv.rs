//! Any bytes are a cube or a refusal; a long table written and read is the same numbers.
#![no_main]

use cube::csv;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(cube) = csv::read(bytes) else { return };
    let mut written = Vec::new();
    csv::write(&cube, &mut written).expect("memory does not fail");
    let again = csv::read(&written).expect("what we write we can read");
    assert_eq!(again.values(), cube.values());
});
