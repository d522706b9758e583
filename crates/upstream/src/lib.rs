//! Asking upstream services: politely, and without losing an answer.
