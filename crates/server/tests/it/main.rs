//! The contract of the HTTP interface, without a network.

mod mirror;
mod regions;

use std::sync::{Arc, LazyLock};

use atlas::Atlas;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use evidence::{Evidence, Origin};
use server::{Guard, Live, app, openapi_json};
use tower::ServiceExt;

/// Opened once: in a debug build that is most of what a test does.
static EVIDENCE: LazyLock<Arc<Evidence>> = LazyLock::new(|| {
    let evidence = Evidence::open(&Origin::default());
    Arc::new(evidence.expect("the embedded snapshot and pack are whole"))
});

static ATLAS: LazyLock<Arc<Atlas>> = LazyLock::new(|| {
    let atlas = ingest::atlas(EVIDENCE.snapshot(), None);
    Arc::new(atlas.expect("the embedded snapshot's history is whole"))
});

fn evidence() -> Arc<Evidence> {
    Arc::clone(&EVIDENCE)
}

fn atlas() -> Arc<Atlas> {
    Arc::clone(&ATLAS)
}

async fn ask(path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let address = "127.0.0.1:8080".parse().expect("an address");
    let mut request = Request::builder().uri(path).header("host", "localhost:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("the test's request is valid");
    app(Live::new(evidence(), atlas()), None, Guard::new(address, None))
        .oneshot(request)
        .await
        .expect("the router answers")
}

async fn json(response: Response<Body>) -> serde_json::Value {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("the body ends");
    serde_json::from_slice(&bytes).expect("the body is JSON")
}

#[test]
fn the_stored_description_is_what_the_types_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/openapi.json");
    let made = openapi_json();
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(path, &made).expect("schemas/ can be written");
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored == made, "schemas/openapi.json is stale; run `make schemas`");
    assert!(made.contains("\"openapi\": \"3.1."), "OpenAPI 3.1 is promised");
}

#[tokio::test]
async fn an_unchanged_answer_is_not_sent_again() {
    let first = ask("/api/v1/rank?top=3", &[]).await;
    assert_eq!(first.status(), StatusCode::OK);
    let tag = first.headers()["etag"].to_str().expect("the tag is ASCII").to_owned();
    let again = ask("/api/v1/rank?top=3", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let other = ask("/api/v1/rank?top=4", &[("if-none-match", &tag)]).await;
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_language_is_asked_for_or_the_browsers() {
    for (path, header, expected) in [
        ("/api/v1/rank?top=1", "", "nb"),
        ("/api/v1/rank?top=1", "de, en-GB;q=0.8, nb;q=0.5", "en"),
        ("/api/v1/rank?top=1&lang=nb", "en", "nb"),
    ] {
        let answer = json(ask(path, &[("accept-language", header)]).await).await;
        assert_eq!(answer["language"], expected, "{path} {header}");
    }
}

#[tokio::test]
async fn every_fault_is_a_problem_with_one_sentence() {
    for (path, status, kind) in [
        ("/api/v1/rank?model=none", 404, "unknown-model"),
        ("/api/v1/rank?county=99", 400, "unknown-county"),
        ("/api/v1/rank?weights=B", 400, "weights"),
        ("/api/v1/rank?weights=B:-1", 400, "weights"),
        ("/api/v1/rank?weights=B:0,M:0,V:0,G:0", 400, "weights"),
        ("/api/v1/rank?top=many", 400, "parameters"),
        ("/api/v1/rank?lang=de", 400, "language"),
        ("/api/v1/rank?tpo=3", 400, "parameters"),
        ("/api/v1/municipalities/9999", 404, "unknown-municipality"),
        ("/api/v1/municipalities/V%C3%A5ler", 400, "ambiguous-municipality"),
        ("/api/v1/indicators/none", 404, "unknown-indicator"),
        ("/api/v1/indicators/none/values", 404, "unknown-indicator"),
        ("/api/v1/models/none", 404, "unknown-model"),
        ("/api/v2/rank", 404, "unknown-address"),
        ("/assets/../Cargo.toml", 404, "unknown-address"),
    ] {
        let response = ask(path, &[]).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
        let problem = json(response).await;
        assert_eq!(problem["type"], format!("urn:grunnlag:problem:{kind}"), "{path}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{path}");
    }
}

#[tokio::test]
async fn another_sites_name_is_not_answered() {
    let address = "127.0.0.1:8080".parse().expect("an address");
    let request = Request::builder()
        .uri("/api/v1/snapshot")
        .header("host", "evil.example")
        .body(Body::empty())
        .expect("the test's request is valid");
    let app = app(Live::new(evidence(), atlas()), None, Guard::new(address, None));
    let response = app.oneshot(request).await.expect("the router answers");
    assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn weights_change_the_ranking_and_nothing_else() {
    let plain = json(ask("/api/v1/rank?model=oversikt-v1", &[]).await).await;
    let moved = json(ask("/api/v1/rank?model=oversikt-v1&weights=B:0,V:0", &[]).await).await;
    assert_eq!(plain["ranked"], moved["ranked"]);
    assert_ne!(plain["municipalities"][0], moved["municipalities"][0]);
    let same =
        json(ask("/api/v1/rank?model=oversikt-v1&weights=B:80,M:60,V:30,G:30", &[]).await).await;
    for at in 0..357 {
        let code = |ranking: &serde_json::Value| ranking["municipalities"][at]["rank"].clone();
        assert_eq!(code(&plain), code(&same), "scaling all weights changes nothing");
    }
}
