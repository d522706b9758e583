//! PxWeb's interface beside our own, over HTTP as far as the router.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use cube::{Cube, Dimension, Statuses, Values};
use pxweb::CodeList;
use pxweb::mirror::{Entry, Mirror, Settings, Shelf, Shelved};
use server::{Guard, Mirrored, RateLimit, mirror_app};
use tower::ServiceExt;

/// One table of a hundred thousand cells, each its own position.
struct One(Arc<Shelved>);

const CELLS: u32 = 100_000;

fn mirrored() -> Mirrored {
    let codes: Vec<String> = (0..CELLS / 10).map(|code| format!("{code:06}")).collect();
    let years: Vec<String> = (2016..2026).map(|year: i32| year.to_string()).collect();
    let dimensions = vec![
        Dimension::new("Region", codes, Vec::new()).expect("distinct codes"),
        Dimension::new("Tid", years, Vec::new()).expect("distinct years"),
    ];
    let values: Values = (0..CELLS).map(|cell| Some(f64::from(cell))).collect();
    let cube = Cube::new(dimensions, values, Statuses::none()).expect("a number per cell");
    let shelved = Shelved::new("BIG", cube).expect("a table");
    Mirrored::new(Arc::new(Mirror::new(One(Arc::new(shelved)), Settings::default())))
}

impl Shelf for One {
    fn catalogue(&self, _: &str) -> Vec<Entry> {
        vec![self.0.entry()]
    }

    fn table(&self, id: &str, _: &str) -> Option<Arc<Shelved>> {
        (id == "BIG").then(|| self.0.clone())
    }

    fn code_list(&self, _: &str, _: &str) -> Option<CodeList> {
        None
    }

    fn search(&self, _: &str, _: &str) -> Option<Vec<String>> {
        None
    }
}

async fn ask(mirrored: &Mirrored, request: Request<Body>) -> Response<Body> {
    let address = "127.0.0.1:8080".parse().expect("an address");
    let app = mirror_app(mirrored.clone(), Guard::new(address, None));
    app.oneshot(request).await.expect("the router answers")
}

fn get(target: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().uri(target).header("host", "localhost:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).expect("the test's request is valid")
}

async fn bytes(response: Response<Body>) -> Vec<u8> {
    to_bytes(response.into_body(), usize::MAX).await.expect("the body ends").to_vec()
}

const ALL: &str = "/pxwebapi/v2/tables/BIG/data?valueCodes%5BRegion%5D=%2A&valueCodes%5BTid%5D=%2A";

#[tokio::test(flavor = "multi_thread")]
async fn a_large_answer_arrives_whole() {
    let response = ask(&mirrored(), get(ALL, &[])).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "application/json; charset=UTF-8");
    let cube = cube::jsonstat::read(&bytes(response).await).expect("a data set");
    let numbers = cube.values().numbers();
    assert!(numbers.iter().zip(0..CELLS).all(|(number, cell)| *number == f64::from(cell)));
    assert_eq!(numbers.len(), CELLS as usize);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_asked_for_and_gains_from_it_is_compressed() {
    let mirrored = mirrored();
    let gzip = [("accept-encoding", "gzip")];
    let encoding = |response: Response<Body>| {
        let value = response.headers().get("content-encoding");
        value.and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
    };
    assert_eq!(encoding(ask(&mirrored, get(ALL, &gzip)).await), "gzip");
    assert_eq!(encoding(ask(&mirrored, get(ALL, &[])).await), "");
    let parquet = format!("{ALL}&outputFormat=parquet");
    assert_eq!(encoding(ask(&mirrored, get(&parquet, &gzip)).await), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_stands_before_the_mirror() {
    let request = Request::builder().uri(ALL).header("host", "evil.example");
    let request = request.body(Body::empty()).expect("a request");
    assert_eq!(ask(&mirrored(), request).await.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_stated_and_kept() {
    let limit = RateLimit { calls: 2, window: Duration::from_secs(60) };
    let mirrored = mirrored().limited(limit);
    let mut seen = Vec::new();
    for target in ["/pxwebapi/v2/config", "/PxWebApi/V2/config", ALL, "/api/v0/no/table"] {
        let response = ask(&mirrored, get(target, &[])).await;
        let left = response.headers()["x-ratelimit-remaining"].to_str().map(str::to_owned);
        let retry = response.headers().get("retry-after").map(|value| value.len());
        seen.push((response.status().as_u16(), left.unwrap_or_default(), retry.is_some()));
    }
    let expected = [(200, "1", false), (200, "0", false), (429, "0", true), (429, "0", true)];
    assert_eq!(seen, expected.map(|(status, left, retry)| (status, left.to_owned(), retry)));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_lead_back_to_the_name_that_was_asked() {
    let response = ask(&mirrored(), get("/api/v2/tables/BIG", &[])).await;
    let entry: serde_json::Value = serde_json::from_slice(&bytes(response).await).expect("JSON");
    assert_eq!(entry["links"][0]["href"], "http://localhost:8080/api/v2/tables/BIG?lang=no");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_mirrors_is_not_found() {
    let response = ask(&mirrored(), get("/api/v1/rank", &[])).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}
