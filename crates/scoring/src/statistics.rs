//! Statistics of columns with gaps.
