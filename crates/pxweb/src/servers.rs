use std::sync::OnceLock;

use serde::Deserialize;

use crate::address::{Address, Bases as _};

/// A known PxWeb server and its quirks.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// `ssb`.
    pub name: String,
    /// `Statistics Norway`.
    #[serde(default)]
    pub title: String,
    /// Other names that people type.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Base address of version 2, where it has one.
    pub v2: Option<String>,
    /// Base address of the old interface, with `{lang}` in it.
    pub v0: Option<String>,
    /// Hosts whose addresses mean this server, its web pages among them.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Offered languages, the default first; empty where that is not known.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Cells in one answer, where it is published.
    pub max_cells: Option<u64>,
    /// Codes of one variable in the old interface's metadata, where it is published.
    pub max_values: Option<u64>,
    /// Calls in a window, where it is published.
    pub calls: Option<u32>,
    /// The window.
    pub window_seconds: Option<u64>,
    /// Characters that an address may safely have.
    pub max_url: Option<usize>,
    /// Time zone of the windows, `Europe/Oslo`.
    pub zone: Option<String>,
    /// Hours to keep away from.
    #[serde(default)]
    pub windows: Vec<Window>,
    /// What it does in its own way.
    #[serde(default)]
    pub quirks: Vec<Quirk>,
    /// What a saved query's page begins with.
    pub saved_query_page: Option<String>,
    /// Members of this entry that nobody here has seen to work.
    #[serde(default)]
    pub unverified: Vec<String>,
}

/// What a server does in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Quirk {
    /// A table of the old interface is addressed by its id alone.
    OneTableId,
    /// Time codes are running numbers; the years stand in the labels.
    TimeCodesNumber,
    /// No dimension has the role metric.
    NoMetricRole,
    /// Tables without a variable for what is measured.
    ContentsAbsent,
    /// JSON-stat without `version`.
    VersionMissing,
    /// CSV in ISO-8859-1.
    CsvLatin1,
    /// Words of a search are joined by OR.
    SearchOr,
    /// Variables and codes in lower case.
    LowerCaseCodes,
    /// The base address itself names one language.
    LanguageInV0,
}

/// Hours to keep away from, every day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Why.
    pub kind: WindowKind,
    /// `05:00`, local.
    pub from: jiff::civil::Time,
    /// `05:05`, local; later than `from`.
    pub to: jiff::civil::Time,
}

/// Why hours are to be kept away from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// Metadata is being reloaded: 503.
    Reload,
    /// Everybody asks at once.
    Peak,
    /// Figures that are due are delivered as zeros or dots.
    Zeros,
}

/// The list of known servers: data, `packs/servers.toml`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    /// In the order of the list.
    #[serde(rename = "server")]
    pub all: Vec<Server>,
}

const LIST: &str = include_str!("../../../packs/servers.toml");

impl Servers {
    /// The list that travels with the program.
    pub fn known() -> &'static Servers {
        static KNOWN: OnceLock<Servers> = OnceLock::new();
        KNOWN.get_or_init(|| toml::from_str(LIST).expect("a test reads the list"))
    }

    /// A server by its name or another name for it, in any case.
    pub fn find(&self, name: &str) -> Option<&Server> {
        let name = name.trim().to_lowercase();
        self.all.iter().find(|server| server.name == name || server.aliases.contains(&name))
    }

    /// The server that an address belongs to.
    pub fn find_by_url(&self, url: &str) -> Option<&Server> {
        let address = Address::read(url)?;
        let begins = |base: &Option<String>| {
            let base = base.as_deref().and_then(|base| base.split("{lang}").next());
            base.is_some_and(|base| url.to_lowercase().starts_with(&base.to_lowercase()))
        };
        // Two entries can share a host; the longer address tells them apart.
        let exact = self.all.iter().find(|server| begins(&server.v2) || begins(&server.v0));
        exact.or_else(|| self.all.iter().find(|server| server.hosts.contains(&address.host)))
    }

    /// A server by name or address; an address that is not in the list is a server too.
    pub fn named_or_url(&self, text: &str) -> Option<Server> {
        let known = self.find(text).or_else(|| self.find_by_url(text));
        known.cloned().or_else(|| Server::unknown(text))
    }
}

impl Server {
    /// A server that is not in the list, from any address at it.
    ///
    /// An address with `/v0/` or `/v1/` in it is of the old interface; any other is taken for the
    /// base of version 2, cut before `/tables`, `/config`, `/codelists` or `/savedqueries`.
    pub fn unknown(url: &str) -> Option<Server> {
        let address = Address::read(url)?;
        let mut server = Server { name: address.host.clone(), ..Server::default() };
        server.title = address.host.clone();
        server.hosts.push(address.host.clone());
        match address.v0_base() {
            Some(base) => server.v0 = Some(base),
            None => server.v2 = Some(address.v2_base()),
        }
        Some(server)
    }

    /// Whether it has a quirk.
    pub fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }

    /// Language that is used where none is asked for.
    pub fn default_language(&self) -> &str {
        self.languages.first().map_or("en", String::as_str)
    }

    /// The host that is asked, with its port where it is not the usual one.
    pub fn host(&self) -> String {
        let api = if self.v2.is_some() { "v2" } else { "v0" };
        self.host_of(api)
    }

    /// The host of one of its interfaces, `v2` or `v0`.
    pub fn host_of(&self, api: &str) -> String {
        let base = if api == "v2" { self.v2.as_deref() } else { self.v0.as_deref() };
        let address = base.and_then(Address::read);
        address.map(|address| address.authority()).unwrap_or_default()
    }

    /// The published pace.
    pub fn pace(&self) -> Option<crate::client::Pace> {
        let window = std::time::Duration::from_secs(self.window_seconds?);
        Some(crate::client::Pace { calls: self.calls?, window })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_read_and_its_entries_can_be_told_apart() {
        let servers = Servers::known();
        assert!(servers.all.len() >= 10);
        for server in &servers.all {
            assert!(server.v2.is_some() || server.v0.is_some(), "{} has an address", server.name);
            assert_eq!(servers.find(&server.name), Some(server));
            let zone = server.zone.as_deref().unwrap_or("UTC");
            assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{zone}");
            for window in &server.windows {
                assert!(window.from < window.to, "{}", server.name);
            }
            for base in [&server.v2, &server.v0].into_iter().flatten() {
                let url = base.replace("{lang}", "en");
                assert_eq!(servers.find_by_url(&url), Some(server), "{url}");
            }
            if let Some(base) = &server.v0 {
                assert!(base.contains("{lang}"), "{base}");
            }
        }
    }

    #[test]
    fn a_server_is_found_by_name_or_by_any_address_at_it() {
        let servers = Servers::known();
        let name = |text: &str| servers.named_or_url(text).map(|server| server.name);
        assert_eq!(name("SSB").as_deref(), Some("ssb"));
        assert_eq!(name("Norge").as_deref(), Some("ssb"));
        assert_eq!(name("https://www.ssb.no/statbank/table/07459").as_deref(), Some("ssb"));
        assert_eq!(name("https://px.hagstofa.is/pxen/api/v1/en/x").as_deref(), Some("hagstofa-en"));
        assert_eq!(name("nobody"), None);
    }

    #[test]
    fn a_server_that_is_not_in_the_list_is_made_from_its_address() {
        let v2 = Server::unknown("http://127.0.0.1:8080/pxwebapi/v2/tables/1/data?x=1");
        let v2 = v2.expect("an address");
        assert_eq!(v2.v2.as_deref(), Some("http://127.0.0.1:8080/pxwebapi/v2"));
        assert_eq!(v2.host(), "127.0.0.1:8080");
        let v0 = Server::unknown("https://example.org/PXWeb/api/v1/sv/db/").expect("an address");
        assert_eq!(v0.v0.as_deref(), Some("https://example.org/PXWeb/api/v1/{lang}/db"));
    }
}
