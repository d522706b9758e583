//! Any bytes are a layer or a refusal, whatever `.shp`, `.dbf`, `.prj` and `.cpg` say of each other.
//!
//! The four stand behind each other, each with its length before it as four bytes, little-endian; one
//! that is longer than what is left takes all of it.
#![no_main]

mod layer;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rest = bytes;
    for ending in ["shp", "dbf", "prj", "cpg"] {
        let Some((length, after)) = rest.split_first_chunk::<4>() else { break };
        let length = (u32::from_le_bytes(*length) as usize).min(after.len());
        let (part, after) = after.split_at(length);
        std::fs::write(folder.path().join(format!("a.{ending}")), part).expect("a file");
        rest = after;
    }
    let shapes = folder.path().join("a.shp");
    if shapes.is_file() {
        let _ = layer::read_file(&shapes);
    }
});
