//! Coordinate systems, and coordinates that are not in the one they say.

use geo_types::Coord;
use places::crs::{Crs, CrsError, Order, Suspicion, suspect, transform, transformed};

/// Longitude, latitude, and easting and northing by PROJ 9.5.1 through pyproj.
const BY_PROJ: [(f64, f64, Crs, f64, f64); 15] = [
    (10.7334, 59.9133, Crs::Utm32, 596_930.550028, 6_643_024.513761),
    (4.5, 61.0, Crs::Utm32, 256_746.430014, 6_771_148.523056),
    (-5.0, 62.0, Crs::Utm32, -229_155.144765, 6_953_404.003758),
    (31.1, 70.4, Crs::Utm32, 1_311_359.104587, 7_960_162.940936),
    (35.0, 74.0, Crs::Utm32, 1_276_559.840829, 8_384_821.475259),
    (10.7334, 59.9133, Crs::Utm33, 261_506.276403, 6_649_444.480859),
    (4.5, 61.0, Crs::Utm33, -66_205.240576, 6_808_351.393244),
    (25.8, 71.1, Crs::Utm33, 888_615.461952, 7_923_325.847739),
    (31.1, 70.4, Crs::Utm33, 1_096_588.060199, 7_890_085.812394),
    (35.0, 74.0, Crs::Utm33, 1_104_712.671493, 8_314_692.166346),
    (10.7334, 59.9133, Crs::Utm35, -403_489.067943, 6_753_860.555578),
    (31.1, 70.4, Crs::Utm35, 653_397.293997, 7_815_654.232209),
    (4.5, 61.0, Crs::Utm35, -699_796.611493, 6_972_791.407184),
    (25.8, 71.1, Crs::Utm35, 456_619.657380, 7_888_979.609055),
    (-5.0, 62.0, Crs::Utm35, -1_124_381.852876, 7_290_198.648516),
];

#[test]
fn transforms_agree_with_proj_to_a_micrometre() {
    for (x, y, crs, easting, northing) in BY_PROJ {
        let place = transformed(Crs::Etrs89, crs, Coord { x, y }).expect("a place in Norway");
        let apart = (place.x - easting).hypot(place.y - northing);
        assert!(apart < 2e-6, "{x} {y} in EPSG:{} is {apart} m away", crs.epsg());
        let back = transformed(crs, Crs::Wgs84, place).expect("and back");
        assert!((back.x - x).abs() < 1e-10 && (back.y - y).abs() < 1e-10, "{x} {y} and back");
    }
}

#[test]
fn what_is_no_place_is_refused_with_its_position() {
    let good = Coord { x: 10.0, y: 60.0 };
    for bad in [(10.0, 91.0), (f64::NAN, 60.0), (261_000.0, 6_640_000.0), (-170.0, 60.0)] {
        let error = transform(Crs::Wgs84, Crs::Utm33, &mut [good, bad.into()]);
        assert!(
            matches!(error, Err(CrsError::OutOfReach { position: 1, epsg: 4326, .. })),
            "{bad:?}"
        );
    }
    assert!(transform(Crs::Utm33, Crs::Utm32, &mut [Coord { x: 1e9, y: 1e9 }]).is_err());
}

/// The readings as a person would say them.
fn seen(said: Crs, x: f64, y: f64) -> String {
    match suspect(said, Coord { x, y }) {
        None => "in Norway".to_owned(),
        Some(Suspicion::Misread(readings)) => {
            let words = readings.iter().map(|reading| match reading.order {
                Order::EastNorth => reading.crs.epsg().to_string(),
                Order::NorthEast => format!("{} swapped", reading.crs.epsg()),
            });
            words.collect::<Vec<_>>().join(", ")
        }
        Some(other) => format!("{other:?}"),
    }
}

#[test]
fn a_wrong_order_or_system_is_recognised() {
    assert_eq!(seen(Crs::Wgs84, 10.7334, 59.9133), "in Norway");
    assert_eq!(seen(Crs::Wgs84, 59.9133, 10.7334), "4326 swapped");
    // Read in zone 32 it is at sea off Karmøy, and the sea is Norway's too.
    assert_eq!(seen(Crs::Wgs84, 261_506.0, 6_649_444.0), "25833, 25832");
    assert_eq!(seen(Crs::Wgs84, 888_615.0, 7_923_325.0), "25833");
    assert_eq!(seen(Crs::Etrs89, 596_930.0, 6_643_024.0), "25832");
    assert_eq!(seen(Crs::Utm33, 596_930.0, 6_643_024.0), "25832");
    assert_eq!(seen(Crs::Utm33, 6_649_444.0, 261_506.0), "25833 swapped, 25832 swapped");
    assert_eq!(seen(Crs::Utm33, 10.7334, 59.9133), "4258");
    assert_eq!(seen(Crs::Utm33, 59.9133, 10.7334), "4258 swapped");
    // Both a place near Røros and one in the fjords of the west.
    assert_eq!(seen(Crs::Wgs84, 350_000.0, 6_900_000.0), "25833, 25832");
}

#[test]
fn outside_norway_is_said() {
    assert_eq!(seen(Crs::Wgs84, 15.63, 78.22), "Svalbard");
    assert_eq!(seen(Crs::Utm33, 514_000.0, 8_683_000.0), "Svalbard");
    assert_eq!(seen(Crs::Wgs84, -8.7, 70.9), "JanMayen");
    assert_eq!(seen(Crs::Wgs84, 18.06, 59.33), "Outside");
    assert_eq!(seen(Crs::Wgs84, 0.0, 0.0), "Outside");
    assert_eq!(seen(Crs::Wgs84, f64::NAN, 59.9), "Outside");
    assert_eq!(seen(Crs::Utm33, 1e300, -1e300), "Outside");
}

/// Every municipality's middle, in each system, is in Norway.
#[test]
fn no_municipality_is_suspected() {
    let Some(folder) = testkit::shared() else { return };
    let file = folder.join("real/geo/municipality-mean-points-2026.csv");
    let text = std::fs::read_to_string(file).expect("a text");
    let mut suspected = Vec::new();
    let mut count = 0;
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let mut number = || fields.next().and_then(|field| field.parse::<f64>().ok());
        let (Some(x), Some(y)) = (number(), number()) else { panic!("two numbers in {line}") };
        for crs in [Crs::Wgs84, Crs::Utm32, Crs::Utm33, Crs::Utm35] {
            let place = transformed(Crs::Wgs84, crs, Coord { x, y }).expect("in Norway");
            suspected.extend(suspect(crs, place).map(|_| line));
        }
        count += 1;
    }
    assert_eq!(suspected, [""; 0]);
    assert_eq!(count, 357);
}
