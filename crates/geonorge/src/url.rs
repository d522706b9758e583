//! Addresses with parameters, encoded.

use std::fmt::Write as _;

/// One request's parameters, in the order in which they are sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Parameters {
        self.0.push((name, value.to_string()));
        self
    }

    pub(crate) fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Parameters {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The path with the parameters after it.
    pub(crate) fn after(&self, path: &str) -> String {
        let mut text = path.to_owned();
        for (at, (name, value)) in self.0.iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(&encode(value));
        }
        text
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

/// An address with encryption, as feeds written years ago do not have it; this machine's stay.
pub(crate) fn secure(url: &str) -> String {
    match url.strip_prefix("http://") {
        Some(rest) if !is_here(rest) => format!("https://{rest}"),
        _ => url.to_owned(),
    }
}

fn is_here(rest: &str) -> bool {
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = &rest[..end];
    host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]")
}

/// `host` or `host:port` of an address; `None` for what is no address.
pub(crate) fn authority(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest[..end].rsplit('@').next()?;
    (!authority.is_empty()).then_some(authority)
}

/// What follows the host: path and query.
pub(crate) fn target(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |start| &rest[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_encoded_as_utf8() {
        let parameters = Parameters::default().with("sok", "Åsgata 1&2").with("side", 0);
        assert_eq!(parameters.after("/sok"), "/sok?sok=%C3%85sgata%201%262&side=0");
        assert_eq!(Parameters::default().with_some("sok", None::<&str>).after("/sok"), "/sok");
    }

    #[test]
    fn an_old_link_is_followed_with_encryption_and_this_machine_as_it_is() {
        assert_eq!(secure("http://nedlasting.geonorge.no/a"), "https://nedlasting.geonorge.no/a");
        assert_eq!(secure("http://127.0.0.1:8080/a"), "http://127.0.0.1:8080/a");
        assert_eq!(authority("http://127.0.0.1:8080/a"), Some("127.0.0.1:8080"));
        assert_eq!(target("https://a.no/b/c?d=e"), "/b/c?d=e");
        assert_eq!(authority("ftp://a"), None);
    }
}
