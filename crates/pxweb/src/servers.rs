use crate::FaultKind;

/// A known PxWeb server and its quirks.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// `ssb`.
    pub name: String,
    /// Base address of version 2, where it has one.
    pub v2: Option<String>,
    /// Base address of the old interface, with `{lang}` in it.
    pub v0: Option<String>,
}

/// The list of known servers: data, `packs/servers.toml`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Servers {
    /// In the order of the list.
    pub all: Vec<Server>,
}

impl Servers {
    /// The list that travels with the program.
    pub fn known() -> Servers {
        let _ = FaultKind::UnknownPath;
        todo!()
    }
}
