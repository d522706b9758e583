//! Regions that tile: their borders as shared arcs, simplified once for both sides.
