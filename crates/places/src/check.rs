//! What is wrong with shapes: open, crossing itself, wound wrongly, overlapping.
