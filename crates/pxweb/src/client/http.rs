use super::{Answer, Request, Transport, TransportError};
use std::path::PathBuf;
use std::time::Duration;

/// How the network is reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpSettings {
    /// `http://host:port`; `None`: as the environment says (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub proxy: Option<String>,
    /// Certificates in PEM that are trusted too; `None`: `SSL_CERT_FILE`.
    pub certificates: Option<PathBuf>,
    /// For the whole of a call.
    pub timeout: Option<Duration>,
    /// Bytes of a body, uncompressed.
    pub max_body: Option<u64>,
}

/// HTTP/1.1 over TLS.
pub struct HttpTransport {}

impl HttpTransport {
    /// Prepares; nothing is sent.
    ///
    /// # Errors
    ///
    /// The proxy or the certificates cannot be used.
    pub fn new(settings: &HttpSettings) -> Result<HttpTransport, TransportError> {
        let _ = settings;
        todo!()
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request) -> Result<Answer, TransportError> {
        let _ = request;
        todo!()
    }
}
