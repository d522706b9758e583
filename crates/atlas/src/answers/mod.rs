//! The objects that the command line and the API print.

mod locate;

pub use locate::{LayerMatch, LayerSource, Location, NearestRegion, RegionName};
