//! One server, ready to be asked, with the archive that keeps its answers.

use cube::Cube;
use evidence::Language;
use pxweb::client::{Client, ClientError, TableRef};
use pxweb::{CodeList, Server, Servers, Table};

use crate::args::HostArguments;
use crate::commands::Session;
use crate::failure::Failure;

/// The server that was named.
pub fn server(session: &Session<'_>, host: &str) -> Result<Server, Failure> {
    Servers::known().named_or_url(host).ok_or_else(|| {
        let known: Vec<&str> = Servers::known().all.iter().map(|one| one.name.as_str()).collect();
        let places = [("host", host), ("known", &known.join(", "))];
        Failure::usage(session.say("px.unknown_host", &places))
    })
}

/// The server's codes for the reader's language, then the server's own; best first.
pub fn languages_to_try(language: Language, server: &Server) -> Vec<String> {
    let readers: &[&str] = match language {
        Language::Bokmal => &["no", "nb"],
        Language::English => &["en"],
    };
    let offered = |code: &&&str| server.languages.iter().any(|one| one == **code);
    let mut codes: Vec<String> =
        readers.iter().filter(offered).map(|code| (*code).to_owned()).collect();
    if server.languages.is_empty() {
        codes.extend(readers.iter().map(|code| (*code).to_owned()));
    }
    let own = server.default_language().to_owned();
    if !codes.contains(&own) {
        codes.push(own);
    }
    codes
}
