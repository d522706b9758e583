use std::fmt;
use std::io::{self, Write};

/// Writes a body when it is wanted.
pub type Writer = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

/// A body: at hand, or written while it is sent.
///
/// A full answer has eight hundred thousand cells. It is written as it leaves,
/// so that its first bytes arrive before its last are made.
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// To be written to the connection.
    Streamed(Writer),
}

impl Body {
    /// The bytes, written now if need be.
    ///
    /// # Errors
    ///
    /// A cube that cannot be written in the format asked for.
    pub fn into_bytes(self) -> io::Result<Vec<u8>> {
        match self {
            Body::Whole(bytes) => Ok(bytes),
            Body::Streamed(write) => {
                let mut bytes = Vec::new();
                write(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

impl Default for Body {
    fn default() -> Body {
        Body::Whole(Vec::new())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Whole(bytes) => write!(formatter, "Whole({} bytes)", bytes.len()),
            Body::Streamed(_) => formatter.write_str("Streamed"),
        }
    }
}

/// What the mirror answers.
#[derive(Debug, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What follows the headers.
    pub body: Body,
}

impl Reply {
    /// A reply with this body.
    pub(super) fn whole(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Reply {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Reply { status, headers, body: Body::Whole(body.into()) }
    }

    /// Only a status.
    pub(super) fn empty(status: u16) -> Reply {
        Reply { status, ..Reply::default() }
    }

    /// JSON as the reference server labels it.
    pub(super) fn json(status: u16, body: &impl serde::Serialize) -> Reply {
        // Maps with text keys and finite numbers are all that is ever passed here.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Reply::whole(status, "application/json; charset=utf-8", body)
    }

    /// The same with one more header.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Reply {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The value of a header; names are in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }
}
