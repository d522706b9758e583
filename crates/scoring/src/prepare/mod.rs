//! From raw figures to figures that can be compared: denominators, shrinkage,
//! screening, imputation, treatment of outliers, panels.
