//! Regions as shapes: which region a point lies in, and how shapes share their borders.
//!
//! A [`RegionIndex`] answers point, many points, nearest and box over any set of
//! [`Region`]s. A point on a border belongs to the region just east of it, or just
//! north of it where the border runs due east; where nobody is there, to the region
//! whose border it is. So every point of a tiling belongs to exactly one region.
//!
//! Coordinates are planar, in the layer's own system ([`crs`] changes systems): x is
//! easting or longitude, y northing or latitude. Files are read in `layers`; nothing
//! here does I/O.

pub mod check;
pub mod coverage;
pub mod crs;
mod exact;
mod index;
mod region;

pub use index::RegionIndex;
pub use region::Region;
