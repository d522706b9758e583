//! Who is answered.
//!
//! A page on another site can make a browser ask this server, under that
//! site's name. So the `Host` must be one of this machine's own names, and
//! where the server is open to other machines a token is asked for instead.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Which requests are answered.
#[derive(Debug, Clone)]
pub struct Guard {
    is_loopback: bool,
    token: Option<String>,
}

impl Guard {
    /// Guards a server on `address`; with a token, every request must show it.
    pub fn new(address: SocketAddr, token: Option<String>) -> Self {
        Self { is_loopback: address.ip().is_loopback(), token }
    }

    fn allows_host(&self, headers: &HeaderMap) -> bool {
        if !self.is_loopback {
            return true;
        }
        let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
        let name = match host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or(""),
            None => host.split(':').next().unwrap_or(""),
        };
        matches!(name, "localhost" | "127.0.0.1" | "::1")
    }

    /// Checks `Authorization: Bearer TOKEN`, or the password a browser asks for.
    fn allows_token(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or("");
        let matches = |candidate: &str| digest(candidate) == digest(token);
        if let Some(bearer) = shown.strip_prefix("Bearer ") {
            return matches(bearer.trim());
        }
        let basic = shown.strip_prefix("Basic ").and_then(|coded| decode_base64(coded.trim()));
        basic
            .is_some_and(|pair| pair.split_once(':').is_some_and(|(_, password)| matches(password)))
    }
}

/// Refuses requests that the guard does not allow.
pub(crate) async fn check(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    if !guard.allows_host(request.headers()) {
        return Problem::new(StatusCode::MISDIRECTED_REQUEST, "host")
            .detail("This server answers to localhost and 127.0.0.1 only.")
            .into_response();
    }
    if !guard.allows_token(request.headers()) {
        let mut response = Problem::new(StatusCode::UNAUTHORIZED, "token")
            .detail(
                "Show the token as `Authorization: Bearer TOKEN`, or as the password in a browser.",
            )
            .into_response();
        let challenge = HeaderValue::from_static("Basic realm=\"Grunnlag\", charset=\"UTF-8\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return response;
    }
    next.run(request).await
}

/// Hashes before comparing, so that the time taken says nothing of the token.
fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn decode_base64(text: &str) -> Option<String> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let digit = LETTERS.iter().position(|candidate| *candidate == letter)?;
        bits = (bits << 6) | u32::try_from(digit).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let value = HeaderValue::from_str(value).expect("the test's header is ASCII");
        HeaderMap::from_iter([(axum::http::HeaderName::from_static(name), value)])
    }

    #[test]
    fn another_sites_name_is_refused_on_loopback() {
        let address = "127.0.0.1:8080".parse().expect("an address");
        let guard = Guard::new(address, None);
        for (host, allowed) in [
            ("localhost:8080", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("evil.example:8080", false),
            ("localhost.evil.example", false),
        ] {
            assert_eq!(guard.allows_host(&headers("host", host)), allowed, "{host}");
        }
    }

    #[test]
    fn a_token_is_shown_as_bearer_or_as_password() {
        let address = "0.0.0.0:8080".parse().expect("an address");
        let guard = Guard::new(address, Some("secret".to_owned()));
        for (shown, allowed) in [
            ("Bearer secret", true),
            ("Bearer wrong", false),
            ("Basic YW55OnNlY3JldA==", true),
            ("Basic YW55Ondyb25n", false),
            ("Basic %%%", false),
        ] {
            assert_eq!(guard.allows_token(&headers("authorization", shown)), allowed, "{shown}");
        }
        assert!(!guard.allows_token(&HeaderMap::new()));
    }
}
