//! The web app, built into the binary with its compressed twins.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, LINK, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::ahead::{self, Shapes};
use crate::first::Asked;
use crate::map::{self, Shared};
use crate::problem::{self, Problem};
use crate::{Live, respond};

/// Paths and bytes of the web app, in order; `build.rs` writes them. Empty where it was not built.
const DIST: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The page itself.
const INDEX: &str = "index.html";
pub(crate) const HTML: &str = "text/html; charset=utf-8";

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Grunnlag</title><main><h1>Grunnlag</h1><p>This binary was built without its web app. \
    Run <code>make run</code>, or ask <a href=\"/api/v1/rank\">/api/v1/rank</a>.</p></main></html>";

/// Routes of the page and its files.
pub(crate) fn routes() -> Router<Live> {
    Router::new()
        .route("/", get(page))
        .route("/licences.txt", get(licences))
        .route("/assets/{*file}", get(asset))
}

fn dist(path: &str) -> Option<&'static [u8]> {
    let found = DIST.binary_search_by_key(&path, |(name, _)| name).ok()?;
    Some(DIST[found].1)
}

/// The page as it was built; `None` where it was not.
pub(crate) fn index() -> Option<&'static str> {
    std::str::from_utf8(dist(INDEX)?).ok()
}

async fn page(
    State(maps): Shared,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let Some(file) = dist(INDEX) else {
        return respond::tagged(&headers, NOT_BUILT.into(), HTML);
    };
    let known = maps.has_municipalities();
    let drawn = match Asked::of(&query) {
        Some(asked) => map::blocking(move || Ok(maps.page(&asked))).await.ok().flatten(),
        None => None,
    };
    let shapes = match known {
        _ if drawn.is_some() => Shapes::Here,
        Some(true) => Shapes::Boundaries,
        Some(false) => Shapes::Hexagons,
        None => Shapes::Unknown,
    };
    let mut response = match drawn {
        Some(page) => page.answer(&headers),
        None => respond::tagged(&headers, file.into(), HTML),
    };
    for address in ahead::addresses(&query, shapes) {
        let link = format!("<{address}>; rel=preload; as=fetch; crossorigin");
        response.headers_mut().extend(HeaderValue::from_str(&link).map(|link| (LINK, link)));
    }
    response
}

/// The licences of the font and the components that the page is made with.
async fn licences(headers: HeaderMap) -> Response {
    file("licences.txt", &headers, "public, max-age=86400").await
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    // The name of an asset holds a hash of its content: it never changes.
    file(&format!("assets/{name}"), &headers, "public, max-age=31536000, immutable").await
}

async fn file(path: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let accepts = |name: &str| {
        let mut offers =
            accepted.split(',').map(|offer| offer.split(';').next().unwrap_or("").trim());
        offers.any(|offer| offer == name)
    };
    let twins = [("br", ".br"), ("gzip", ".gz")];
    let twin = twins
        .into_iter()
        .filter(|(name, _)| accepts(name))
        .find_map(|(name, ending)| dist(&format!("{path}{ending}")).map(|file| (Some(name), file)));
    let Some((encoding, found)) = twin.or_else(|| dist(path).map(|file| (None, file))) else {
        let uri = format!("/{path}").parse().unwrap_or_default();
        return problem::not_found(uri).await.into_response();
    };
    let Ok(kind) = HeaderValue::from_str(content_type(path)) else {
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").into_response();
    };
    let mut response = Response::new(Body::from(found));
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, kind);
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
