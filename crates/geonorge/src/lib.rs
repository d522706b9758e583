//! Kartverket's and Geonorge's services: addresses, municipalities, place names, downloads, WFS.
//!
//! Answers keep the coordinate system that they came in. Files are fetched as streams
//! and read in `layers`; keeping them is the store's.
