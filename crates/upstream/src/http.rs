use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::address::Address;
use crate::{Answer, FileRequest, Method, Opened, Request, Transport, TransportError};

/// How the network is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// `http://host:port`; `None`: as the environment says (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    /// This machine is always reached directly.
    pub proxy: Option<String>,
    /// Certificates in PEM that are trusted too; `None`: `SSL_CERT_FILE`, where it is set.
    pub certificates: Option<PathBuf>,
    /// For reaching the host.
    pub connect_timeout: Duration,
    /// For the whole of a call.
    pub timeout: Duration,
    /// Bytes of a body, uncompressed.
    pub max_body: u64,
    /// Hosts that may be asked without encryption; this machine always may.
    pub plain_hosts: Vec<String>,
}

impl Default for HttpSettings {
    fn default() -> HttpSettings {
        HttpSettings {
            proxy: None,
            certificates: None,
            connect_timeout: Duration::from_secs(15),
            timeout: Duration::from_secs(180),
            max_body: 512 << 20,
            plain_hosts: Vec::new(),
        }
    }
}

/// HTTP/1.1 over TLS.
pub struct HttpTransport {
    agent: Agent,
    /// For this machine: no proxy.
    direct: Agent,
    settings: HttpSettings,
}

/// Redirections that are followed for one request.
const MAX_REDIRECTS: u32 = 3;
/// For the body of a file in one attempt; the next one goes on where it ended.
const FILE_TIMEOUT: Duration = Duration::from_secs(1_800);
const USER_AGENT: &str = concat!("grunnlag/", env!("CARGO_PKG_VERSION"));

impl HttpTransport {
    /// Prepares; nothing is sent.
    ///
    /// # Errors
    ///
    /// The proxy or the certificates cannot be used.
    pub fn new(settings: HttpSettings) -> Result<HttpTransport, TransportError> {
        let proxy = proxy(settings.proxy.as_deref())?;
        let roots = roots(settings.certificates.as_deref())?;
        let agent = |proxy: Option<ureq::Proxy>| -> Agent {
            let tls = TlsConfig::builder().root_certs(roots.clone()).build();
            Agent::config_builder()
                .tls_config(tls)
                .proxy(proxy)
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .user_agent(USER_AGENT)
                .timeout_connect(Some(settings.connect_timeout))
                .timeout_global(Some(settings.timeout))
                // Calls are seconds apart; an old connection is more often dead than useful.
                .max_idle_age(Duration::from_secs(5))
                .build()
                .into()
        };
        Ok(HttpTransport { agent: agent(proxy), direct: agent(None), settings })
    }

    fn send_once(&self, request: &Request) -> Result<Answer, TransportError> {
        let (address, agent) = self.way_to(&request.url)?;
        let host = address.authority();
        let failed = |error| transport_error(&host, &request.url, error);
        let response = match request.method {
            Method::Get => {
                let get = agent.get(&request.url);
                match &request.accept {
                    Some(kind) => get.header("accept", kind).call(),
                    None => get.call(),
                }
            }
            Method::Post => {
                let post = agent.post(&request.url).header("content-type", "application/json");
                let post = match &request.accept {
                    Some(kind) => post.header("accept", kind),
                    None => post,
                };
                post.send(request.body.as_deref().unwrap_or_default())
            }
        };
        let mut response = response.map_err(failed)?;
        let status = response.status().as_u16();
        let headers = headers_of(&response);
        let mut body = Vec::new();
        let reader = response.body_mut().with_config().limit(u64::MAX).reader();
        let limit = self.settings.max_body;
        let read = reader.take(limit.saturating_add(1)).read_to_end(&mut body);
        read.map_err(|error| failed(error.into()))?;
        if body.len() as u64 > limit {
            return Err(unusable(&request.url, format!("the answer is larger than {limit} bytes")));
        }
        Ok(Answer { status, headers, body })
    }

    fn open_once(&self, request: &FileRequest) -> Result<Opened, TransportError> {
        let (address, agent) = self.way_to(&request.url)?;
        let mut get = agent
            .get(&request.url)
            .config()
            .timeout_global(None)
            .timeout_recv_response(Some(self.settings.timeout))
            .timeout_recv_body(Some(FILE_TIMEOUT))
            .build()
            // Packed on the way, a part of the file would be a part of something else.
            .header("accept-encoding", "identity");
        if let Some(have) = &request.have {
            get = get.header("range", format!("bytes={}-", have.bytes));
            get = get.header("if-range", &have.validator);
        }
        let failed = |error| transport_error(&address.authority(), &request.url, error);
        let response = get.call().map_err(failed)?;
        let status = response.status().as_u16();
        let headers = headers_of(&response);
        let body = response.into_body().into_with_config().limit(u64::MAX).reader();
        Ok(Opened { status, headers, body: Box::new(body) })
    }

    fn way_to(&self, url: &str) -> Result<(Address, &Agent), TransportError> {
        let address = Address::read(url).ok_or_else(|| unusable(url, "not an http address"))?;
        let is_here = address.is_loopback();
        let is_plain = address.scheme == "http" && !is_here;
        if is_plain && !self.settings.plain_hosts.contains(&address.host) {
            return Err(unusable(url, "without encryption (http) only this machine is asked"));
        }
        Ok((address, if is_here { &self.direct } else { &self.agent }))
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: &Request) -> Result<Answer, TransportError> {
        let mut request = request.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.send_once(&request)?;
            let Some(target) = redirection(&request, &answer) else {
                return Ok(answer);
            };
            request.url = target?;
        }
        Err(unusable(&request.url, format!("redirected more than {MAX_REDIRECTS} times")))
    }

    fn open(&self, request: &FileRequest) -> Result<Opened, TransportError> {
        let mut request = request.clone();
        for _ in 0..=MAX_REDIRECTS {
            let opened = self.open_once(&request)?;
            let head =
                Answer { status: opened.status, headers: opened.headers.clone(), body: Vec::new() };
            let Some(target) = redirection(&Request::get(&request.url), &head) else {
                return Ok(opened);
            };
            request.url = target?;
        }
        Err(unusable(&request.url, format!("redirected more than {MAX_REDIRECTS} times")))
    }
}

fn headers_of<B>(response: &ureq::http::Response<B>) -> Vec<(String, String)> {
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    response.headers().iter().map(header).collect()
}

/// Where an answer sends the request; a POST is not sent elsewhere.
fn redirection(request: &Request, answer: &Answer) -> Option<Result<String, TransportError>> {
    let is_redirect = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
    if !is_redirect || request.method == Method::Post {
        return None;
    }
    let location = crate::transport::header(&answer.headers, "location")?;
    let from = Address::read(&request.url)?;
    let target = match location.starts_with('/') {
        true => format!("{}://{}{location}", from.scheme, from.authority()),
        false => location.to_owned(),
    };
    Some(match Address::read(&target) {
        Some(to) if from.scheme == "https" && to.scheme == "http" => {
            Err(unusable(&target, "redirected to an address without encryption"))
        }
        Some(_) => Ok(target),
        None => Err(unusable(&target, "redirected to what is not an address")),
    })
}

fn proxy(setting: Option<&str>) -> Result<Option<ureq::Proxy>, TransportError> {
    match setting {
        Some(setting) => {
            let proxy = ureq::Proxy::new(setting);
            proxy.map(Some).map_err(|error| unusable(setting, error.to_string()))
        }
        None => Ok(ureq::Proxy::try_from_env()),
    }
}

/// The roots that browsers trust, and one's own beside them.
fn roots(setting: Option<&Path>) -> Result<RootCerts, TransportError> {
    let from_environment = || std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let Some(file) = setting.map(Path::to_owned).or_else(from_environment) else {
        return Ok(RootCerts::WebPki);
    };
    let named = file.display().to_string();
    let pem = std::fs::read(&file).map_err(|error| unusable(&named, error.to_string()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        match item.map_err(|error| unusable(&named, error.to_string()))? {
            PemItem::Certificate(certificate) => certificates.push(certificate),
            // Keys may stand in the same file; they are none of our business.
            _ => continue,
        }
    }
    if certificates.is_empty() {
        return Err(unusable(&named, "there is no certificate in PEM in this file"));
    }
    let public = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    certificates.extend(public.map(|root| Certificate::from_der(root.as_ref()).to_owned()));
    Ok(RootCerts::from(certificates))
}

fn unusable(url: &str, cause: impl Into<String>) -> TransportError {
    TransportError::Unusable { url: url.to_owned(), cause: cause.into() }
}

fn transport_error(host: &str, url: &str, error: ureq::Error) -> TransportError {
    let host = host.to_owned();
    let cause = error.to_string();
    match error {
        ureq::Error::Timeout(_) => TransportError::TimedOut { host },
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => {
            TransportError::Unreachable { host, cause }
        }
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                TransportError::TimedOut { host }
            }
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => TransportError::Unreachable { host, cause },
            // A certificate that is not trusted is invalid data to the system.
            io::ErrorKind::InvalidData => unusable(url, cause),
            _ => TransportError::CutShort { host, cause },
        },
        ureq::Error::Protocol(_) | ureq::Error::Decompress(..) | ureq::Error::BodyStalled => {
            TransportError::CutShort { host, cause }
        }
        _ => unusable(url, cause),
    }
}
