//! Any bytes are a cube or a refusal; a cube written and read is the same cube.
#![no_main]

use cube::px;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(cube) = px::read(bytes) else { return };
    let mut written = Vec::new();
    px::write(&cube, &px::Options::default(), &mut written).expect("memory does not fail");
    let again = px::read(&written).expect("what we write we can read");
    assert_eq!(again.values(), cube.values());
    assert_eq!(again.sizes(), cube.sizes());
});
