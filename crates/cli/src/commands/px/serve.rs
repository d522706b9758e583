//! `grunnlag px serve`: a folder of files as a PxWeb server.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ingest::{FileFault, FolderShelf};
use pxweb::mirror::{Mirror, Settings};
use server::{Listening, Mirrored, RateLimit};

use crate::args::PxServeArguments;
use crate::commands::{Session, serve};
use crate::failure::Failure;

/// Serves the folder until interrupted.
pub fn run(session: &Session<'_>, typed: &PxServeArguments) -> Result<(), Failure> {
    let shelf = open(session, &typed.folder)?;
    let tables = shelf.len().to_string();
    let mut languages = shelf.languages();
    languages.sort_by_key(|language| language != "no");
    let settings = Settings { languages, max_cells: typed.max_cells, ..Settings::default() };
    let mut mirrored = Mirrored::new(Arc::new(Mirror::new(shelf, settings)));
    if let Some((calls, seconds)) = typed.rate_limit {
        mirrored = mirrored.limited(RateLimit { calls, window: Duration::from_secs(seconds) });
    }
    let runtime = serve::runtime(session)?;
    runtime.block_on(async {
        let refused = |error| serve::failure(session, typed.listen, &error);
        let listening = Listening::on(typed.listen, typed.token.clone()).await.map_err(refused)?;
        let url = format!("http://{}/pxwebapi/v2", listening.address());
        let line = session.say("px.serve.listening", &[("url", &url)]);
        // Nobody reads: the server is of use all the same.
        let _ = writeln!(std::io::stdout(), "{line}").and_then(|()| std::io::stdout().flush());
        let folder = typed.folder.display().to_string();
        let places = [("tables", tables.as_str()), ("folder", &folder)];
        session.note(&[session.say("px.serve.tables", &places)]);
        listening
            .serve_mirror_only(mirrored)
            .await
            .map_err(|error| serve::failure(session, typed.listen, &error))
    })
}

fn open(session: &Session<'_>, folder: &Path) -> Result<FolderShelf, Failure> {
    let shown = folder.display().to_string();
    let shelf =
        FolderShelf::open(folder, "no").map_err(|error| session.unreadable(&shown, &error))?;
    for (file, fault) in &shelf.faults {
        let name = file.display().to_string();
        let cause = match fault {
            FileFault::Cube(error) => session.cube_fault(&name, error).sentence().to_owned(),
            FileFault::Twice { other } => {
                let other = other.display().to_string();
                session.say("px.serve.twice", &[("other", &other)])
            }
            other => crate::faults::chain(other),
        };
        session.note(&[session.say("px.serve.skipped", &[("file", &name), ("cause", &cause)])]);
    }
    if shelf.is_empty() {
        return Err(Failure::usage(session.say("px.serve.none", &[("folder", &shown)])));
    }
    Ok(shelf)
}
