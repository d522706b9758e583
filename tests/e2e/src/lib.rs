//! What people type and see, through the built binary: see `tests/it`.
