//! Errors as `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use evidence::{EvidenceError, Language, Texts};
use serde::Serialize;
use utoipa::ToSchema;

/// A request that cannot be answered, and why.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// Kind of problem, as a URN.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// One sentence: what, where, what to do.
    pub detail: String,
}

impl Problem {
    /// Starts a problem of this kind.
    pub fn new(status: StatusCode, kind: &str) -> Self {
        Self {
            kind: format!("urn:grunnlag:problem:{kind}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: String::new(),
        }
    }

    /// Adds the sentence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Turns an error of `evidence` into a problem, in the reader's language.
    pub(crate) fn from_evidence(error: &EvidenceError, texts: &Texts, language: Language) -> Self {
        let (status, kind) = match error {
            EvidenceError::UnknownMunicipality { .. } => {
                (StatusCode::NOT_FOUND, "unknown-municipality")
            }
            EvidenceError::AmbiguousMunicipality { .. } => {
                (StatusCode::BAD_REQUEST, "ambiguous-municipality")
            }
            EvidenceError::UnknownCounty { .. } => (StatusCode::BAD_REQUEST, "unknown-county"),
            EvidenceError::UnknownModel { .. } => (StatusCode::NOT_FOUND, "unknown-model"),
            EvidenceError::UnknownIndicator { .. } => (StatusCode::NOT_FOUND, "unknown-indicator"),
            EvidenceError::Weights(_) => (StatusCode::BAD_REQUEST, "weights"),
            EvidenceError::Asked { what, .. } => (StatusCode::BAD_REQUEST, what.name()),
            EvidenceError::Model { .. } => (StatusCode::BAD_REQUEST, "model"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        Self::new(status, kind).detail(error.message(texts, language))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}

/// Answers an address that does not exist.
pub(crate) async fn not_found(uri: Uri) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "unknown-address")
        .detail(format!("There is nothing at {}; /openapi.json lists what there is.", uri.path()))
}

/// Answers a method that an address does not take.
pub(crate) async fn method_not_allowed(uri: Uri) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method")
        .detail(format!("{} takes GET and HEAD only.", uri.path()))
}
