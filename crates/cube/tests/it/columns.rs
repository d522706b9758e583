//! A cube that becomes a table is the same cube when it comes back.
