//! Any bytes are a layer or a refusal; nothing is read without end.
#![no_main]

mod layer;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(counts) = layer::read(bytes, ".gml") {
        assert_eq!(counts.announced, Some(counts.found));
    }
});
