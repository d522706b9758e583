//! The objects that the command line and the API print.

mod locate;
mod region;

pub use locate::{LayerMatch, LayerSource, Location, NearestRegion, RegionName};
pub use region::{
    BecameRegion, ParentRegion, RegionChange, RegionDetail, RegionLineage, RegionSpan,
};
