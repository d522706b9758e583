//! Any bytes are a cube or a refusal; a cube written and read is the same cube.
#![no_main]

use cube::jsonstat;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(cube) = jsonstat::read(bytes) else { return };
    let written = jsonstat::to_vec(&cube);
    let again = jsonstat::read(&written).expect("what we write we can read");
    assert_eq!(again, cube);
    if cube.cells() < 10_000 {
        let parquet = cube::columns::to_parquet(&cube);
        assert_eq!(cube::columns::from_parquet(&parquet).expect("and read"), cube);
    }
});
