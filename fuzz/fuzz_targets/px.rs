//! Any bytes are a cube or a refusal; a cube written and read is the same cube.
#![no_main]

use cube::px;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(cube) = px::read(bytes) else { return };
    let mut written = Vec::new();
    px::write(&cube, &px::Options::default(), &mut written).expect("memory does not fail");
    let again = px::read(&written).expect("what we write we can read");
    assert_eq!(again.sizes(), cube.sizes());
    for cell in 0..cube.values().len() {
        let status = cube.statuses().at(cell);
        // A gap whose symbol is the one that the file shows for nil is written as nil: PX has no
        // other way to show it, and `px::write` says so.
        let is_nil = status.is_some()
            && cube.values().at(cell).is_none()
            && again.values().at(cell) == Some(0.0)
            && again.statuses().at(cell) == status;
        assert!(is_nil || again.values().at(cell) == cube.values().at(cell), "cell {cell}");
        assert_eq!(again.values().exact(cell), cube.values().exact(cell));
    }
});
