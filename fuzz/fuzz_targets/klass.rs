//! Any bytes are an answer of Klass or a refusal; any text is a code or none, and says so twice.
#![no_main]

use klass::codes::recognise;
use klass::wire;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = wire::codes(bytes);
    let _ = wire::changes(bytes);
    let _ = wire::correspondences(bytes);
    let _ = wire::classifications(bytes);
    let _ = wire::search_results(bytes);
    let _ = wire::classification(bytes);
    let _ = wire::code_set(bytes);
    let _ = wire::correspondence_table(bytes);
    let _ = wire::problem(bytes);
    let read = recognise(&wire::csv::decode(bytes));
    if let Some(code) = read.municipality() {
        assert_eq!(recognise(code).municipality(), Some(code));
    }
});
