//! Any bytes are a layer or a refusal; nothing is read without end.
//!
//! The parquet crate panics on some damaged files; `layers` turns that into a refusal.
#![no_main]

mod layer;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = layer::read(bytes, ".parquet");
});
