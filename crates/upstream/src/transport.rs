use crate::{FileRequest, Opened};

/// How a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Selection in the address.
    Get,
    /// Selection in the body.
    Post,
}

/// One request, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// GET or POST.
    pub method: Method,
    /// Whole address.
    pub url: String,
    /// JSON, for a POST.
    pub body: Option<String>,
    /// What kind of answer is wanted, as `text/csv;charset=UTF-8`; `None`: what the server likes.
    pub accept: Option<String>,
}

impl Request {
    /// A GET of an address.
    pub fn get(url: impl Into<String>) -> Request {
        Request { method: Method::Get, url: url.into(), body: None, accept: None }
    }

    /// A POST of JSON to an address.
    pub fn post(url: impl Into<String>, body: impl Into<String>) -> Request {
        Request { method: Method::Post, url: url.into(), body: Some(body.into()), accept: None }
    }

    /// The same, with the kind of answer that is wanted.
    #[must_use]
    pub fn accepting(self, kind: impl Into<String>) -> Request {
        Request { accept: Some(kind.into()), ..self }
    }
}

/// One answer, as it came, with the transfer and content encodings undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Whole body.
    pub body: Vec<u8>,
}

/// Why no answer came, or not a whole one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nobody listens, or the name is unknown.
    #[error("cannot reach {host}: {cause}")]
    Unreachable {
        /// Host asked.
        host: String,
        /// What the system says.
        cause: String,
    },
    /// The connection ended before the answer did, or its compression is cut short.
    #[error("the answer of {host} was cut short: {cause}")]
    CutShort {
        /// Host asked.
        host: String,
        /// What the system says.
        cause: String,
    },
    /// No answer in time.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// Host asked.
        host: String,
    },
    /// The address, the proxy or a certificate is not usable; asking again will not help.
    #[error("cannot ask {url}: {cause}")]
    Unusable {
        /// Address.
        url: String,
        /// What is wrong.
        cause: String,
    },
}

/// Sends a request and reads the whole answer.
pub trait Transport: Send + Sync {
    /// Sends one request, once.
    ///
    /// # Errors
    ///
    /// No answer, or not a whole one.
    fn send(&self, request: &Request) -> Result<Answer, TransportError>;

    /// Asks for a file, or for the rest of it, and leaves its body to be read in pieces.
    ///
    /// A transport that cannot do so sends for the whole.
    ///
    /// # Errors
    ///
    /// No answer.
    fn open(&self, request: &FileRequest) -> Result<Opened, TransportError> {
        let Answer { status, headers, body } = self.send(&Request::get(&request.url))?;
        Ok(Opened { status, headers, body: Box::new(std::io::Cursor::new(body)) })
    }
}

/// The value of a header; names are in lower case.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
}
