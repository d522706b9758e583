//! An answer that is made once: its bytes, the same compressed, and its tag.

use axum::body::Bytes;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use crate::respond;

/// Brotli's densest but one: a quarter of a second for a country, once.
const DENSE: i32 = 10;
/// Hardly larger in a fifteenth of the time, for what somebody waits for.
const QUICK: i32 = 5;
const WINDOW_BITS: i32 = 22;

/// Bytes to be sent many times.
#[derive(Debug)]
pub(crate) struct Prepared {
    plain: Bytes,
    brotli: Bytes,
    tag: String,
    kind: &'static str,
}

impl Prepared {
    /// Compresses an answer of this content type as far as it goes.
    pub(crate) fn new(plain: Vec<u8>, kind: &'static str) -> std::io::Result<Prepared> {
        Prepared::compressed(plain, kind, DENSE)
    }

    /// Compresses an answer of this content type that somebody waits for.
    pub(crate) fn quickly(plain: Vec<u8>, kind: &'static str) -> std::io::Result<Prepared> {
        Prepared::compressed(plain, kind, QUICK)
    }

    fn compressed(plain: Vec<u8>, kind: &'static str, quality: i32) -> std::io::Result<Prepared> {
        let mut brotli = Vec::new();
        let settings =
            brotli::enc::BrotliEncoderParams { quality, lgwin: WINDOW_BITS, ..Default::default() };
        brotli::BrotliCompress(&mut plain.as_slice(), &mut brotli, &settings)?;
        let tag = respond::tag(&plain);
        Ok(Prepared { plain: plain.into(), brotli: brotli.into(), tag, kind })
    }

    /// Answers with the bytes that the asker can read, or with 304.
    pub(crate) fn answer(&self, asked: &HeaderMap) -> Response {
        let accepted = asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let mut codings = accepted.unwrap_or("").split(',').map(str::trim);
        if !codings.any(takes_brotli) {
            return respond::with_tag(asked, &self.tag, self.plain.clone(), self.kind);
        }
        let mut response = respond::with_tag(asked, &self.tag, self.brotli.clone(), self.kind);
        response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
        if response.status() == StatusCode::OK {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

/// Whether one member of `Accept-Encoding` takes brotli: `br`, `br;q=0.5`, and not `br;q=0`.
fn takes_brotli(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    let weight = |part: &str| part.strip_prefix("q=").and_then(|weight| weight.parse().ok());
    parts.next() == Some("br") && parts.find_map(weight).is_none_or(|weight: f32| weight > 0.0)
}
