//! Answers with their headers.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Response as HttpResponse, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Answers with JSON and an `ETag`, or with 304 when the asker has it already.
pub(crate) fn json<T: Serialize>(asked: &HeaderMap, answer: &T) -> Response {
    match serde_json::to_vec(answer) {
        Ok(body) => tagged(asked, body, "application/json"),
        Err(error) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
            .detail(error.to_string())
            .into_response(),
    }
}

/// Answers with bytes that may be kept, if asked after each time.
pub(crate) fn tagged(asked: &HeaderMap, body: Vec<u8>, kind: &'static str) -> Response {
    let tag = tag(&body);
    with_tag(asked, &tag, body, kind)
}

/// The `ETag` of an answer. Weak: the same answer may travel under several encodings.
pub(crate) fn tag(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{hex}\"")
}

/// Answers with bytes whose tag is known.
pub(crate) fn with_tag(
    asked: &HeaderMap,
    tag: &str,
    body: impl Into<Body>,
    kind: &'static str,
) -> Response {
    let has = |given: &str| given.split(',').any(|one| one.trim() == tag || one.trim() == "*");
    let known = asked.get(IF_NONE_MATCH).and_then(|given| given.to_str().ok()).is_some_and(has);
    let (status, body) = match known {
        true => (StatusCode::NOT_MODIFIED, Body::empty()),
        false => (StatusCode::OK, body.into()),
    };
    let mut response = HttpResponse::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.append(VARY, HeaderValue::from_static("accept-language"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Adds the headers that keep a page to its own resources.
pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
