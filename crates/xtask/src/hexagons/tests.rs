//! The layout is checked on an invented country and on the real one.

use std::collections::BTreeSet;
use std::path::Path;

use super::quality::quality;
use super::{Place, layout};

/// An invented country: 5 columns, 8 rows, slightly uneven, a county per two rows.
fn invented() -> Vec<Place> {
    (0..40)
        .map(|number| {
            let (column, row) = (number % 5, number / 5);
            let uneven = f64::from((number * 7) % 5) * 0.03;
            Place {
                longitude: 10.0 + f64::from(column) + uneven,
                latitude: 64.0 - 0.45 * f64::from(row) + 0.5 * uneven,
                county_code: (row / 2).to_string(),
            }
        })
        .collect()
}

/// The municipalities, or `None` with a word about it when the shared folder is absent.
fn municipalities() -> Option<Vec<Place>> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/facts/municipalities.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        testkit::skipped("../shared is absent");
        return None;
    };
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("there is a header").split(',').collect();
    let column =
        |name: &str| header.iter().position(|field| *field == name).expect("a known field");
    let (county, longitude, latitude) =
        (column("county_code"), column("longitude"), column("latitude"));
    let place = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        Place {
            longitude: fields[longitude].parse().expect("a number"),
            latitude: fields[latitude].parse().expect("a number"),
            county_code: fields[county].to_owned(),
        }
    };
    Some(lines.map(place).collect())
}

#[test]
fn no_place_and_one_place_are_laid_out_too() {
    assert_eq!(layout(&[]), []);
    assert_eq!(layout(&invented()[..1]), [(0, 0)]);
}

#[test]
fn places_on_one_spot_get_cells_of_their_own() {
    let place = invented()[0].clone();
    let cells: BTreeSet<_> = layout(&vec![place; 9]).into_iter().collect();
    assert_eq!(cells.len(), 9);
}

#[test]
fn neighbours_in_an_invented_country_stay_neighbours() {
    let places = invented();
    let cells = layout(&places);
    assert_eq!(cells.iter().collect::<BTreeSet<_>>().len(), places.len());

    let quality = quality(&places, &cells);
    assert!(quality.mean_distance < 1.3, "{quality:?}");
    assert!(quality.direction_percent > 90.0, "{quality:?}");
    assert_eq!((quality.patches, quality.holes, quality.split_counties), (1, 0, 0));
}

#[test]
fn north_is_up_and_east_is_right() {
    let cells = layout(&invented());
    let (north_west, south_east) = (cells[0], cells[39]);
    assert!(north_west.1 < south_east.1 && north_west.0 < south_east.0);
    assert_eq!(cells.iter().map(|cell| cell.0).min(), Some(0));
    assert_eq!(cells.iter().map(|cell| cell.1).min(), Some(0));
}

#[test]
fn the_order_of_the_places_does_not_matter() {
    let places = invented();
    let cells = layout(&places);
    assert_eq!(layout(&places), cells);

    let backwards: Vec<Place> = places.into_iter().rev().collect();
    let mut cells_backwards = layout(&backwards);
    cells_backwards.reverse();
    assert_eq!(cells_backwards, cells);
}

#[test]
fn norway_is_one_patch_with_its_neighbours_together() {
    let Some(places) = municipalities() else { return };
    let cells = layout(&places);
    assert_eq!(cells.len(), 357);
    assert_eq!(cells.iter().collect::<BTreeSet<_>>().len(), 357);

    let quality = quality(&places, &cells);
    println!("{quality:?}");
    assert!(quality.mean_distance < 1.3, "{quality:?}");
    assert!(quality.direction_percent > 90.0, "{quality:?}");
    assert_eq!((quality.patches, quality.holes, quality.split_counties), (1, 0, 0));
}
