//! Any bytes are a layer or a refusal; nothing is read without end.
//!
//! The parquet crate panics on some damaged files, which `layers` turns into a refusal. So a panic
//! alone is no finding here; one that gets out of `layers` ends the process as in every target.
#![no_main]

mod layer;

libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    let _ = layer::read(bytes, ".parquet");
});
