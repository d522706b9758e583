//! Regions and where a point lies, over HTTP.

use std::sync::Arc;

use atlas::{Atlas, AtlasError, Layer, LayerCard, LayerShelf, Precision};
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use geo_types::{MultiPolygon, Rect};
use places::Region;
use places::crs::Crs;
use server::{Guard, Live, app};
use tower::ServiceExt;

use super::{ask, atlas, evidence, json};

/// Two squares side by side, about Oslo's longitude, in UTM 33.
struct TwoSquares;

fn squares() -> Vec<Region> {
    let square = |code: &str, name: &str, west: f64| {
        let (low, high) = ((west, 6_640_000.0), (west + 10_000.0, 6_660_000.0));
        let shape = MultiPolygon(vec![Rect::new(low, high).to_polygon()]);
        Region { code: code.to_owned(), name: name.to_owned(), shape }
    };
    vec![square("0301", "Oslo", 255_000.0), square("3205", "Lillestrøm", 265_000.0)]
}

impl LayerShelf for TwoSquares {
    fn ids(&self) -> Result<Vec<String>, AtlasError> {
        Ok(vec!["municipalities".to_owned()])
    }

    fn version(&self, id: &str) -> Result<Option<String>, AtlasError> {
        Ok((id == "municipalities").then(|| "0123456789ab".to_owned()))
    }

    fn load(&self, id: &str) -> Result<Layer, AtlasError> {
        let card = LayerCard {
            id: id.to_owned(),
            publisher: "Kartverket".to_owned(),
            licence: "CC BY 4.0".to_owned(),
            date: "2026-01-01".to_owned(),
            version: Some("0123456789ab".to_owned()),
            precision: Precision::Full,
        };
        Ok(Layer::new(card, Crs::Utm33, squares()))
    }

    fn shape(&self, _: &str, code: &str) -> Result<Option<(Region, Crs)>, AtlasError> {
        let found = squares().into_iter().find(|region| region.code == code);
        Ok(found.map(|region| (region, Crs::Utm33)))
    }
}

async fn ask_squares(path: &str) -> Response<Body> {
    let atlas = Atlas::new(atlas().history().clone(), Vec::new(), Box::new(TwoSquares));
    let request = Request::builder().uri(path).header("host", "localhost:8080");
    let request = request.body(Body::empty()).expect("the test's request is valid");
    let guard = Guard::new("127.0.0.1:8080".parse().expect("an address"), None);
    let app = app(Live::new(evidence(), Arc::new(atlas)), None, guard);
    app.oneshot(request).await.expect("the router answers")
}

#[tokio::test]
async fn a_split_says_what_it_became_and_in_which_shares() {
    let response = ask("/api/v1/regions/1507?date=2024-01-01", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer = json(response).await;
    assert_eq!(answer["in_force"], false);
    assert_eq!(answer["until"], "2024-01-01");
    let became: Vec<_> = answer["became"].as_array().expect("a list").iter().collect();
    let codes: Vec<_> = became.iter().map(|one| one["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["1508", "1580"]);
    let sum: f64 = became.iter().filter_map(|one| one["weight"].as_f64()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
}

#[tokio::test]
async fn what_was_whole_stays_whole_through_a_split() {
    // Haram was a part of Ålesund for four years and is itself again: no share is guessed.
    let answer = json(ask("/api/v1/regions/1534/history?date=2026-01-01", &[]).await).await;
    let became = answer["became"].as_array().expect("a list");
    assert_eq!(became.len(), 1);
    assert_eq!(became[0]["code"], "1580");
    assert_eq!(answer["ancestors"].as_array().map(Vec::len), Some(0));
    assert_eq!(answer["descendants"][0]["kind"], "merged");
}

#[tokio::test]
async fn what_is_no_region_or_no_date_is_a_problem_in_the_readers_language() {
    let none = ask("/api/v1/regions/9999?lang=en", &[]).await;
    assert_eq!(none.status(), StatusCode::BAD_REQUEST);
    assert_eq!(json(none).await["detail"], "“9999” is no region but an unknown place.");
    let unknown = ask("/api/v1/regions/0302?lang=en", &[]).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(json(unknown).await["type"], "urn:grunnlag:problem:unknown-region");
    let date = ask("/api/v1/regions/0301?date=yesterday&lang=en", &[]).await;
    assert_eq!(date.status(), StatusCode::BAD_REQUEST);
    let detail = json(date).await["detail"].clone();
    assert_eq!(detail, "“yesterday” is no date; write it as 2024-01-01.");
}

#[tokio::test]
async fn a_point_lies_in_one_region_also_on_the_border() {
    let at = |east: f64, north: f64| format!("/api/v1/locate?east={east}&north={north}&epsg=25833");
    let code = async |east, north| {
        let answer = json(ask_squares(&at(east, north)).await).await;
        answer["matches"][0]["region"]["code"].as_str().map(str::to_owned)
    };
    assert_eq!(code(260_000.0, 6_650_000.0).await.as_deref(), Some("0301"));
    // On the border between the two: the one to the east.
    assert_eq!(code(265_000.0, 6_650_000.0).await.as_deref(), Some("3205"));
    assert_eq!(code(250_000.0, 6_650_000.0).await, None);
}

#[tokio::test]
async fn a_point_in_no_region_is_told_the_nearest_and_how_far() {
    let path = "/api/v1/locate?east=254000&north=6650000&epsg=25833";
    let answer = json(ask_squares(path).await).await;
    let nearest = &answer["matches"][0]["nearest"];
    assert_eq!(nearest["code"], "0301");
    assert_eq!(nearest["distance_m"].as_f64(), Some(1_000.0));
    assert_eq!(answer["matches"][0]["source"]["licence"], "CC BY 4.0");
}

#[tokio::test]
async fn degrees_and_metres_of_one_place_give_one_answer() {
    let metres = "/api/v1/locate?east=260000&north=6650000&epsg=25833";
    let metres = json(ask_squares(metres).await).await;
    let (latitude, longitude) = (&metres["latitude"], &metres["longitude"]);
    let degrees = format!("/api/v1/locate?lat={latitude}&lon={longitude}");
    let degrees = json(ask_squares(&degrees).await).await;
    assert_eq!(degrees["matches"], metres["matches"]);
    let easting = degrees["easting_m"].as_f64().expect("a number");
    assert!((easting - 260_000.0).abs() < 0.001, "{easting}");
}

#[tokio::test]
async fn half_a_place_and_a_place_without_boundaries_are_problems() {
    let half = ask_squares("/api/v1/locate?lat=59.9&lang=en").await;
    assert_eq!(half.status(), StatusCode::BAD_REQUEST);
    let no_system = ask_squares("/api/v1/locate?east=1&north=2&lang=en").await;
    assert_eq!(no_system.status(), StatusCode::BAD_REQUEST);
    let without = ask("/api/v1/locate?lat=59.9&lon=10.7&lang=en", &[]).await;
    assert_eq!(without.status(), StatusCode::NOT_FOUND);
    assert_eq!(json(without).await["type"], "urn:grunnlag:problem:no-boundary");
}

#[tokio::test]
async fn a_boundary_is_geojson_in_degrees() {
    let response = ask_squares("/api/v1/regions/0301/boundary").await;
    assert_eq!(response.headers()["content-type"], "application/geo+json");
    let answer = json(response).await;
    let feature = &answer["features"][0];
    assert_eq!(feature["properties"]["name"], "Oslo");
    let corner = &feature["geometry"]["coordinates"][0][0][0];
    let longitude = corner[0].as_f64().expect("a number");
    assert!((10.0..12.0).contains(&longitude), "longitude first: {corner}");
    let missing = ask_squares("/api/v1/regions/1101/boundary?lang=en").await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
}
