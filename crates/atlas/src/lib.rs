//! What people ask of geography: a region, its history, and the region a point lies in.
//!
//! An [`Atlas`] joins the history of regions, the layers in the data folder and their
//! indexes, which are read when first asked for. Its answers are the objects that the
//! command line and the API print alike.

/// The geography that is at hand.
#[derive(Debug)]
pub struct Atlas {}
