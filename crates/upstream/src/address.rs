//! Web addresses, as far as they are needed here: taken apart, decoded, encoded.

/// An address in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `https`, in lower case.
    pub scheme: String,
    /// In lower case.
    pub host: String,
    /// Where it is said.
    pub port: Option<u16>,
    /// From the first slash; not decoded.
    pub path: String,
    /// After the question mark; not decoded.
    pub query: String,
}

impl Address {
    /// Reads an address that begins with `http://` or `https://`.
    pub fn read(text: &str) -> Option<Address> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return None;
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = split_port(authority)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Some(Address {
            scheme,
            host: host.to_ascii_lowercase(),
            port,
            path: path.to_owned(),
            query: query.to_owned(),
        })
    }

    /// Host, and port where it is said.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }

    /// Whether it is this machine.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host == "[::1]"
            || self.host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    }

    /// The parts of the path, decoded; empty ones left out.
    pub fn segments(&self) -> Vec<String> {
        self.path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
    }

    /// The parameters, decoded, in order.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let parts = self.query.split('&').filter(|part| !part.is_empty());
        let pair = |part: &str| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode_form(key), decode_form(value))
        };
        parts.map(pair).collect()
    }
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let colon = authority.rfind(':').filter(|colon| !authority[*colon..].contains(']'));
    let (host, port) = match colon {
        Some(colon) => (&authority[..colon], Some(authority[colon + 1..].parse().ok()?)),
        None => (authority, None),
    };
    (!host.is_empty()).then_some((host, port))
}

/// Undoes percent-encoding; what is not valid is kept as it stands.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let digits = pair.filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = digits.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (bytes[at], byte) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// As [`decode`], with `+` for a blank, as in a query string.
pub fn decode_form(text: &str) -> String {
    decode(&text.replace('+', " "))
}

/// Percent-encodes all but letters, digits and `-._~`.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => {
                const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
                encoded.push('%');
                encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
                encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let address =
            Address::read("HTTPS://u:p@Data.SSB.no:8443/a%20b/v2/tables?x[y]=1%2B2&z#top");
        let address = address.expect("an address");
        assert_eq!(address.authority(), "data.ssb.no:8443");
        assert_eq!(address.segments(), ["a b", "v2", "tables"]);
        let parameters = [("x[y]".to_owned(), "1+2".to_owned()), ("z".to_owned(), String::new())];
        assert_eq!(address.parameters(), parameters);
        assert_eq!(Address::read("ftp://x"), None);
        assert_eq!(Address::read("https://"), None);
        assert_eq!(Address::read("https://x:port/"), None);
    }

    #[test]
    fn what_is_encoded_is_decoded_again() {
        let text = "valueCodes[Ålder] = 105+, 10%";
        assert_eq!(decode(&encode(text)), text);
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%E5"), "%E5", "Latin-1 is kept as it stands");
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        let is_loopback = |url| Address::read(url).expect("an address").is_loopback();
        assert!(is_loopback("http://localhost:1/"));
        assert!(is_loopback("http://127.0.0.2"));
        assert!(is_loopback("http://[::1]:80/x"));
        assert!(!is_loopback("http://localhost.example.org"));
    }
}
