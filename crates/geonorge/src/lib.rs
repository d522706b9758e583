//! Kartverket's and Geonorge's services: addresses, municipalities, place names, downloads, WFS.
//!
//! A question is data: it gives its path and parameters, or says which rule of the
//! service it breaks; and an answer is read by the type that it gives. [`Geonorge`]
//! puts questions, through the archive and at a pace of courtesy.
//!
//! Answers keep the coordinate system that they came in, its number beside each
//! [`Point`]; nothing is converted here. Files are fetched as streams and read in
//! `layers`; keeping them is the store's.

pub mod addresses;
pub mod atom;
pub mod catalogue;
pub mod client;
mod datasets;
mod error;
pub mod municipalities;
pub mod names;
pub mod order;
mod point;
mod url;
pub mod wfs;

pub use atom::Feed;
pub use client::{Geonorge, Services};
pub use datasets::{Dataset, Datasets, Fetch};
pub use error::GeonorgeError;
pub use point::{Outline, Point, Ring, Shape, epsg_of};
