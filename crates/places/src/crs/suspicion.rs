//! Coordinates that are not where they say: another order, another system, another country.

use geo_types::Coord;

use super::{Crs, transformed};
use crate::exact::crosses_west;

/// Which of two numbers stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Easting or longitude first.
    EastNorth,
    /// Northing or latitude first.
    NorthEast,
}

/// A way to read two numbers, and the place that they are then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The system they would be in.
    pub crs: Crs,
    /// The order they would be in.
    pub order: Order,
    /// The place in EPSG:25833.
    pub place: Coord<f64>,
}

/// What coordinates look like that are not in mainland Norway as they were given.
#[derive(Debug, Clone, PartialEq)]
pub enum Suspicion {
    /// In Norway when read otherwise: the likeliest reading first, never empty.
    ///
    /// More than one where the numbers do not decide: an easting of zone 32 is often one of
    /// zone 33 too.
    Misread(Vec<Reading>),
    /// On Svalbard or Bear Island, which no municipality holds.
    Svalbard,
    /// On Jan Mayen, which no municipality holds.
    JanMayen,
    /// In no reading a place in Norway; not finite included.
    Outside,
}

/// Says what `point` looks like, given as x and y in `said`; `None` when it is in Norway.
///
/// Norway is taken with the sea around it and some kilometres across its borders: whether a
/// point lies in a municipality or at sea, an index decides.
///
/// ```
/// # use geo_types::Coord;
/// # use places::crs::{Crs, Order, Suspicion, suspect};
/// let swapped = suspect(Crs::Wgs84, Coord { x: 59.9133, y: 10.7334 });
/// let Some(Suspicion::Misread(readings)) = swapped else { panic!("latitude stands first") };
/// assert_eq!((readings[0].crs, readings[0].order), (Crs::Wgs84, Order::NorthEast));
/// ```
pub fn suspect(said: Crs, point: Coord<f64>) -> Option<Suspicion> {
    let degrees = transformed(said, Crs::Etrs89, point);
    match degrees {
        Some(degrees) if is_in_norway(degrees) => return None,
        Some(degrees) if is_in(SVALBARD, degrees) => return Some(Suspicion::Svalbard),
        Some(degrees) if is_in(JAN_MAYEN, degrees) => return Some(Suspicion::JanMayen),
        _ => {}
    }
    let systems = [said, Crs::Etrs89, Crs::Utm33, Crs::Utm32, Crs::Utm35];
    let ways = [Order::EastNorth, Order::NorthEast]
        .into_iter()
        .flat_map(|order| systems.map(|crs| (crs, order)));
    let mut readings: Vec<Reading> = Vec::new();
    for (crs, order) in ways {
        let is_new = readings.iter().all(|reading| {
            reading.crs != crs && !(reading.crs.is_geographic() && crs.is_geographic())
        });
        readings.extend(read(crs, order, point).filter(|_| is_new));
    }
    // The system that was said, in the other order, is the likeliest.
    readings.sort_by_key(|reading| reading.crs != said);
    Some(if readings.is_empty() { Suspicion::Outside } else { Suspicion::Misread(readings) })
}

fn read(crs: Crs, order: Order, point: Coord<f64>) -> Option<Reading> {
    let ordered = match order {
        Order::EastNorth => point,
        Order::NorthEast => Coord { x: point.y, y: point.x },
    };
    let degrees = transformed(crs, Crs::Etrs89, ordered).filter(|&place| is_in_norway(place))?;
    Some(Reading { crs, order, place: transformed(Crs::Etrs89, Crs::Utm33, degrees)? })
}

/// West, south, east and north, in degrees.
type Extent = [f64; 4];
const SVALBARD: Extent = [10.0, 74.0, 35.0, 81.0];
const JAN_MAYEN: Extent = [-9.5, 70.6, -7.5, 71.4];

fn is_in([west, south, east, north]: Extent, place: Coord<f64>) -> bool {
    (west..=east).contains(&place.x) && (south..=north).contains(&place.y)
}

fn is_in_norway(degrees: Coord<f64>) -> bool {
    let corner = |at: usize| {
        let (x, y) = OUTLINE[at % OUTLINE.len()];
        Coord { x, y }
    };
    let crossed =
        (0..OUTLINE.len()).filter(|&at| crosses_west(corner(at), corner(at + 1), degrees));
    crossed.count() % 2 == 1
}

/// Mainland Norway and its coastal waters in longitude and latitude, drawn by hand about ten
/// kilometres outside the border.
#[rustfmt::skip]
const OUTLINE: [(f64, f64); 95] = [
    (4.0, 60.9), (4.1, 62.1), (5.6, 62.9), (7.0, 63.7), (8.4, 64.5), (9.9, 65.3), (10.9, 66.4),
    (11.4, 67.2), (11.3, 67.9), (12.4, 68.6), (14.0, 69.4), (15.6, 69.7), (17.5, 70.3), (19.5, 70.7),
    (21.5, 71.0), (23.5, 71.4), (25.7, 71.5), (27.8, 71.5), (29.3, 71.1), (31.0, 70.8), (31.8, 70.4),
    (31.3, 69.8), (30.9, 69.4), (30.2, 69.35), (29.5, 69.2), (29.0, 68.9), (28.7, 69.1), (28.7, 69.4),
    (29.0, 69.6), (28.3, 69.8), (27.9, 70.0), (27.0, 69.8), (26.0, 69.5), (25.9, 69.2), (25.8, 68.9),
    (25.1, 68.5), (24.8, 68.5), (23.9, 68.7), (23.1, 68.6), (22.3, 68.7), (21.6, 69.1), (21.1, 68.95),
    (20.7, 69.0), (20.4, 68.7), (20.1, 68.3), (19.9, 68.25), (19.4, 68.25), (18.8, 68.4), (18.5, 68.4),
    (18.2, 68.1), (17.9, 67.9), (17.2, 67.95), (16.9, 67.8), (16.5, 67.45), (16.55, 67.2), (16.5, 67.0),
    (16.0, 66.8), (15.6, 66.5), (15.7, 66.2), (15.1, 66.1), (14.7, 66.0), (14.7, 65.3), (14.5, 65.0),
    (13.9, 64.6), (14.3, 64.4), (14.2, 64.1), (13.9, 63.9), (13.1, 64.0), (12.8, 63.9), (12.3, 63.4),
    (12.35, 63.0), (12.2, 62.6), (12.4, 62.3), (12.3, 61.9), (12.9, 61.5), (13.0, 61.2), (12.8, 61.0),
    (12.5, 60.9), (12.7, 60.5), (12.6, 60.1), (12.45, 59.9), (12.0, 59.7), (12.0, 59.5), (11.9, 59.2),
    (11.8, 58.8), (11.4, 58.8), (11.0, 58.8), (10.6, 58.7), (9.6, 58.6), (8.4, 57.9), (7.0, 57.7),
    (5.8, 58.1), (4.8, 58.5), (4.2, 59.1), (4.1, 60.0),
];
