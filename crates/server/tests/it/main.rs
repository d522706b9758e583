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
        ("/api/v1/rank?uncertainty=true&draws=0", 400, "draws"),
        ("/api/v1/rank?uncertainty=true&draws=10001", 400, "draws"),
        ("/api/v1/rank?thresholds=R99:1", 400, "thresholds"),
        ("/api/v1/flags?thresholds=R5", 400, "thresholds"),
        ("/api/v1/municipalities/1804/peers?within=kostra_group", 400, "peers"),
        ("/api/v1/municipalities/1804/peers?weights=none:1", 404, "unknown-indicator"),
        ("/api/v1/municipalities/1804/whatif?set=robek_listed", 400, "settings"),
        ("/api/v1/municipalities/1804/whatif?set=none:1", 404, "unknown-indicator"),
        ("/api/v1/models/none/audit", 404, "unknown-model"),
        ("/api/v1/models/oversikt-v1/weights?method=none", 400, "weighing"),
        ("/api/v1/models/oversikt-v1/sensitivity?samples=0", 400, "draws"),
        ("/api/v1/compare?models=oversikt-v1", 400, "comparison"),
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
async fn intervals_are_the_same_each_time_and_follow_the_weights() {
    let path = "/api/v1/rank?uncertainty=true&draws=50&top=3";
    let first = json(ask(path, &[]).await).await;
    assert_eq!(first, json(ask(path, &[]).await).await);
    assert_eq!(first["uncertainty"]["draws"], 50);
    assert_eq!(first["uncertainty"]["tiers"][0]["id"], "sure");
    let best = &first["municipalities"][0]["uncertainty"];
    assert_eq!(best["p_top"][0]["n"], 20);
    assert!(best["p5"].is_u64() && best["tier_title"].is_string(), "{best}");
    let moved = json(ask(&format!("{path}&weights=B:100,M:0"), &[]).await).await;
    assert_ne!(first["municipalities"], moved["municipalities"]);
    let plain = json(ask("/api/v1/rank?top=1", &[]).await).await;
    assert!(plain["uncertainty"].is_null(), "asked for, not given");
    assert!(plain["municipalities"][0]["uncertainty"].is_null());
}

#[tokio::test]
async fn further_questions_have_answers() {
    for (path, field) in [
        ("/api/v1/municipalities/1804/peers?count=3", "peers"),
        ("/api/v1/municipalities/1804/whatif?set=robek_listed:1&draws=20", "passed_by"),
        ("/api/v1/municipalities/1804?uncertainty=true&draws=20", "break_even"),
        ("/api/v1/models/oversikt-v1/weights?method=critic", "groups"),
        ("/api/v1/models/oversikt-v1/sensitivity?samples=4", "inputs"),
        ("/api/v1/models/oversikt-v1/audit?draws=20", "intervals"),
        ("/api/v1/compare?models=oversikt-v1,rapport2026-v1", "municipalities"),
    ] {
        let response = ask(path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let answer = json(response).await;
        assert!(answer[field].as_array().is_some_and(|list| !list.is_empty()), "{path}: {field}");
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

#[tokio::test]
async fn intervals_alone_are_those_of_the_ranking() {
    let question = "model=oversikt-v1&draws=50&lang=en&weights=B:10";
    let alone = json(ask(&format!("/api/v1/rank/intervals?{question}"), &[]).await).await;
    let whole = json(ask(&format!("/api/v1/rank?uncertainty=true&{question}"), &[]).await).await;
    for part in ["model", "model_version", "snapshot", "uncertainty"] {
        assert_eq!(alone[part], whole[part], "{part}");
    }
    let by_code = |answer: &serde_json::Value| {
        let all = answer["municipalities"].as_array().expect("a list").iter();
        all.map(|one| (one["municipality_code"].to_string(), one["uncertainty"].clone()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    assert_eq!(by_code(&alone), by_code(&whole));
    assert!(by_code(&alone).values().any(serde_json::Value::is_null), "not ranked, no interval");
}

#[tokio::test]
async fn without_boundaries_there_are_no_layers_and_the_reason_is_said() {
    let layers = json(ask("/api/v1/layers", &[]).await).await;
    assert_eq!(layers, serde_json::json!({"layers": []}));
    for (path, status, kind) in [
        ("/api/v1/layers/municipalities/topology", 404, "unknown-layer"),
        ("/api/v1/layers/none/topology", 404, "unknown-layer"),
        ("/api/v1/layers/municipalities/topology?details=1", 400, "parameters"),
        ("/api/v1/layers/municipalities/tiles/3/4/2.mvt", 404, "unknown-layer"),
        ("/api/v1/layers/municipalities/tiles/17/0/0.mvt", 400, "tile"),
        ("/api/v1/layers/municipalities/tiles/3/8/0.mvt", 400, "tile"),
        ("/api/v1/layers/municipalities/tiles/3/-1/0.mvt", 400, "tile"),
        ("/api/v1/layers/municipalities/tiles/3/4/2.png", 400, "tile"),
    ] {
        let answer = ask(path, &[]).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
        let problem = json(answer).await;
        assert_eq!(problem["type"], format!("urn:grunnlag:problem:{kind}"), "{path}");
        assert!(problem["detail"].as_str().is_some_and(|text| !text.is_empty()), "{path}");
    }
}

/// A shelf with two squares side by side, a kilometre each, near Oslo.
#[derive(Debug)]
struct TwoSquares;

impl layers::shelf::Shelf for TwoSquares {
    fn list(&self) -> Result<Vec<layers::shelf::Shelved>, layers::shelf::ShelfError> {
        let layer = |name: &str| layers::shelf::Shelved {
            name: name.to_owned(),
            version: "1".to_owned(),
            features: 2,
            provenance: layers::Provenance::default(),
        };
        // The snapshot's own layers are not taken from a shelf.
        Ok(vec![layer("squares"), layer("municipalities")])
    }

    fn regions(
        &self,
        _: &str,
    ) -> Result<(Vec<places::Region>, places::crs::Crs), layers::shelf::ShelfError> {
        let square = |code: &str, west: f64| {
            let corners = [(0.0, 0.0), (1e3, 0.0), (1e3, 1e3), (0.0, 1e3), (0.0, 0.0)];
            let ring = corners.map(|(x, y)| (260_000.0 + west + x, 6_650_000.0 + y));
            places::Region {
                code: code.to_owned(),
                name: format!("Square {code}"),
                shape: vec![geo_types::Polygon::new(ring.to_vec().into(), vec![])].into(),
            }
        };
        Ok((vec![square("0101", 0.0), square("0201", 1e3)], places::crs::Crs::Utm33))
    }
}

async fn ask_squares(path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let address = "127.0.0.1:8080".parse().expect("an address");
    let mut request = Request::builder().uri(path).header("host", "localhost:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("the test's request is valid");
    let live = Live::new(evidence(), atlas()).with_layers(Arc::new(TwoSquares));
    app(live, None, Guard::new(address, None)).oneshot(request).await.expect("the router answers")
}

#[tokio::test]
async fn a_border_travels_once_and_counties_know_theirs() {
    let layers = json(ask_squares("/api/v1/layers", &[]).await).await;
    let ids: Vec<_> =
        layers["layers"].as_array().into_iter().flatten().map(|layer| &layer["id"]).collect();
    assert_eq!(ids, ["squares"]);
    let path = "/api/v1/layers/squares/topology?detail=2";
    let topology = json(ask_squares(path, &[]).await).await;
    let arcs = topology["arcs"].as_array().expect("arcs");
    assert_eq!(arcs.len(), 3, "one between the two, and a coast for each");
    let regions = topology["objects"]["regions"]["geometries"].as_array().expect("regions");
    let properties: Vec<_> =
        regions.iter().map(|region| region["properties"].to_string()).collect();
    assert_eq!(
        properties,
        [r#"{"code":"0101","name":"Square 0101"}"#, r#"{"code":"0201","name":"Square 0201"}"#,]
    );
    let lines = |object: &str| topology["objects"][object]["arcs"].as_array().map(Vec::len);
    assert_eq!((lines("counties"), lines("coast")), (Some(1), Some(2)));
    // The shared arc: a kilometre north in steps of five metres.
    let shared = topology["objects"]["counties"]["arcs"][0][0].as_u64().expect("an arc");
    assert_eq!(arcs[shared as usize].to_string(), "[[200,0],[0,200]]");
}

#[tokio::test]
async fn a_topology_is_sent_as_it_was_compressed_and_not_twice() {
    let path = "/api/v1/layers/squares/topology";
    let plain = ask_squares(path, &[]).await;
    let packed = ask_squares(path, &[("accept-encoding", "gzip, br;q=0.9")]).await;
    assert_eq!(packed.headers()["content-encoding"], "br");
    let tag = plain.headers()["etag"].to_str().expect("the tag is ASCII").to_owned();
    assert_eq!(packed.headers()["etag"], tag.as_str(), "one answer, whatever it travels as");
    let again = ask_squares(path, &[("if-none-match", &tag), ("accept-encoding", "br")]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(!again.headers().contains_key("content-encoding"));
    let refused = ask_squares(path, &[("accept-encoding", "br;q=0")]).await;
    assert!(refused.headers().get("content-encoding").is_none_or(|coding| coding != "br"));
}

#[tokio::test]
async fn a_tile_has_what_lies_in_it_and_an_empty_one_nothing() {
    let tile = ask_squares("/api/v1/layers/squares/tiles/0/0/0.mvt", &[]).await;
    assert_eq!(tile.status(), StatusCode::OK);
    assert_eq!(tile.headers()["content-type"], "application/vnd.mapbox-vector-tile");
    let far = ask_squares("/api/v1/layers/squares/tiles/4/0/0.mvt", &[]).await;
    assert_eq!(far.status(), StatusCode::NO_CONTENT);
}
