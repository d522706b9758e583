//! The old interface (v0, v1): its shapes, and the way to and from version 2.
