//! Every recorded answer of Kartverket's services is read, with values that were looked up by hand.

use std::fs;
use std::path::PathBuf;

use geonorge::addresses::{AddressPage, refusal};
use geonorge::municipalities::County;
use geonorge::{Point, Shape};
use testkit::shared;

fn folder(name: &str) -> Option<PathBuf> {
    Some(shared()?.join("real/geo").join(name))
}

fn addresses(file: &str) -> Option<AddressPage> {
    let body = fs::read(folder("adresser")?.join(file)).expect("a recording");
    Some(AddressPage::read(&body).expect("an answer"))
}

#[test]
fn every_recorded_page_of_addresses_is_read() {
    let Some(folder) = folder("adresser") else { return };
    let mut pages = 0;
    for file in fs::read_dir(folder).expect("a folder").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if !name.starts_with("http200") {
            continue;
        }
        let page = addresses(&name).expect("it is there");
        pages += 1;
        assert!(page.total > 0 && !page.addresses.is_empty(), "{name}");
        for address in &page.addresses {
            let point = address.point.unwrap_or_else(|| panic!("{name}: no point"));
            assert_eq!(point.epsg, 4258, "{name}");
            assert!((57.0..72.0).contains(&point.y) && (4.0..32.0).contains(&point.x), "{name}");
            assert_eq!(address.municipality_code.as_ref().map(String::len), Some(4), "{name}");
        }
    }
    assert_eq!(pages, 4);
}

#[test]
fn an_address_with_several_hits_has_the_best_first() {
    let Some(page) = addresses("http200-ulefossvegen-32.json") else { return };
    assert_eq!(page.total, 3);
    let texts: Vec<&str> = page.addresses.iter().map(|address| address.text.as_str()).collect();
    assert_eq!(texts, ["Ulefossvegen 32", "Ulefossvegen 343", "Ulefossvegen 561"]);
    let first = &page.addresses[0];
    let point = Point { epsg: 4258, x: 9.603458804523862, y: 59.19655687871739 };
    assert_eq!(first.point, Some(point));
    assert_eq!(first.municipality_code.as_deref(), Some("4003"));
    assert_eq!((first.gardsnummer, first.bruksnummer), (Some(300), Some(4073)));
    // The register writes an absent letter as an empty text, and an absent name as null.
    assert_eq!((&first.letter, &first.additional_name), (&None, &None));
    assert_eq!(first.point_verified, Some(false));
    assert_eq!(page.next(10), None);
}

#[test]
fn more_hits_than_a_page_holds_are_said() {
    let Some(page) = addresses("http200-postnr3060.json") else { return };
    assert_eq!((page.total, page.addresses.len()), (2867, 10));
    // Letters beyond ASCII are escaped in the recording.
    assert_eq!(page.addresses[0].text, "Mårsvingen 2");
    assert_eq!(page.next(10), Some(1));
}

#[test]
fn a_recorded_refusal_says_why() {
    let Some(folder) = folder("adresser") else { return };
    let body = fs::read(folder.join("http400.json")).expect("a recording");
    assert_eq!(refusal(&body).as_deref(), Some("Ingen søkeparametere oppgitt."));
    assert!(AddressPage::read(&body).is_err());
}

#[test]
fn all_counties_with_their_municipalities_are_read() {
    let Some(folder) = folder("kommuneinfo") else { return };
    let body = fs::read(folder.join("fylkerkommuner-2023.json")).expect("a recording");
    let counties = County::read_list(&body).expect("an answer");
    let count: usize = counties.iter().map(|county| county.municipalities.len()).sum();
    assert_eq!((counties.len(), count), (11, 356));
    let oslo = &counties[0];
    assert_eq!((oslo.code.as_str(), oslo.name.as_str()), ("03", "Oslo"));
    let around = oslo.bounding_box.as_ref().expect("a box");
    assert_eq!(around.epsg, 4258);
    // Longitude first.
    let Shape::Polygon(rings) = &around.shape else { panic!("a box is a polygon") };
    assert_eq!(rings[0][0], [10.489165172704, 59.8093113195]);
    let all = counties.iter().flat_map(|county| &county.municipalities);
    for municipality in all.clone() {
        assert_eq!(municipality.code.len(), 4, "{}", municipality.name);
        let inside = municipality.point_inside.as_ref().expect("a point");
        assert!(matches!(inside.shape, Shape::Point(_)) && inside.epsg == 4258);
    }
    let names = all.clone().find(|one| one.code == "5437").expect("Karasjok");
    let languages: Vec<&str> =
        names.valid_names.iter().filter_map(|name| name.language.as_deref()).collect();
    assert!(languages.len() > 1, "{languages:?}");
    assert_eq!(names.in_sami_area, Some(true));
}
