//! Shapes and points in plain numbers, as Python writes them and Rust reads them.
//!
//! A folder holds `coordinates.f64` (x, y, x, y …), and where each ring, polygon and region
//! begins in the list below it, with the end of the last: `rings.u32`, `polygons.u32`,
//! `regions.u32`. Points are in `points.f64`. All little-endian.

use std::io;
use std::path::Path;

/// Polygons of one region: the outline and holes of each, as x and y.
pub type Polygons = Vec<Vec<Vec<(f64, f64)>>>;

/// The regions in a folder, in order.
///
/// # Errors
///
/// When a file is absent, or its numbers point outside the list below.
pub fn regions(folder: &Path) -> io::Result<Vec<Polygons>> {
    let coordinates = points(&folder.join("coordinates.f64"))?;
    let rings = cut(&coordinates, &starts(&folder.join("rings.u32"))?)?;
    let polygons = cut(&rings, &starts(&folder.join("polygons.u32"))?)?;
    cut(&polygons, &starts(&folder.join("regions.u32"))?)
}

/// The points in a file.
///
/// # Errors
///
/// When the file is absent.
pub fn points(file: &Path) -> io::Result<Vec<(f64, f64)>> {
    let bytes = std::fs::read(file)?;
    let (numbers, _) = bytes.as_chunks::<8>();
    let numbers: Vec<f64> = numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let (pairs, _) = numbers.as_chunks::<2>();
    Ok(pairs.iter().map(|pair| (pair[0], pair[1])).collect())
}

fn starts(file: &Path) -> io::Result<Vec<usize>> {
    let bytes = std::fs::read(file)?;
    let (numbers, _) = bytes.as_chunks::<4>();
    Ok(numbers.iter().map(|bytes| u32::from_le_bytes(*bytes) as usize).collect())
}

fn cut<T: Clone>(all: &[T], starts: &[usize]) -> io::Result<Vec<Vec<T>>> {
    let part = |pair: &[usize]| all.get(pair[0]..pair[1]).map(<[T]>::to_vec);
    let parts: Option<Vec<Vec<T>>> = starts.windows(2).map(part).collect();
    parts.ok_or_else(|| io::Error::other("a start lies outside its list"))
}
