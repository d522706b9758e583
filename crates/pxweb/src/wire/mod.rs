//! The shapes of version 2 on the wire.
