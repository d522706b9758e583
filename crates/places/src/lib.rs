//! Regions as shapes: which region a point lies in, and how shapes share their borders.
//!
//! A [`RegionIndex`] answers point, many points, nearest and box over any set of
//! [`Region`]s: tilings, zones that overlap, islands, shapes with faults.
//!
//! # Whose is a point on a border?
//!
//! The region's just east of it: every question about a point `(x, y)` is asked of
//! `(x + ε, y + ε²)`, for an ε smaller than any distance there is. Where the border runs
//! due east, that is the region just north. Where nobody is there, as on an outer border,
//! it is the region whose border it is. Where several regions hold the place, it is the
//! first in order. So every point of a tiling belongs to exactly one region, to whichever
//! of them its vertices and sides belong. No tolerance is involved: floating point answers
//! when its error bound allows, exact arithmetic otherwise.
//!
//! Inside is what the even-odd rule says of the rings of one polygon; a region is all its
//! polygons together. Winding does not matter.
//!
//! Coordinates are planar, in the layer's own system ([`crs`] changes systems): x is
//! easting or longitude, y northing or latitude, and an edge is straight in that system.
//! Files are read in `layers`; nothing here does I/O.

pub mod check;
pub mod coverage;
pub mod crs;
mod exact;
mod index;
mod region;

pub use index::RegionIndex;
pub use region::Region;
