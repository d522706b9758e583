//! `grunnlag serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;

use ingest::{ArchiveLayers, ArchiveShelf};
use pxweb::mirror::{Mirror, Settings};
use server::{Listening, Live, Mirrored, ServerError};
use store::archive::Archive;

use super::{Session, sync};
use crate::args::ServeArguments;
use crate::failure::Failure;
use crate::interrupt;

/// Serves the page and the API until interrupted.
pub fn run(session: &Session<'_>, typed: &ServeArguments) -> Result<(), Failure> {
    let mut live = Live::new(session.evidence()?, session.atlas()?);
    if typed.sync {
        session.archive_to_fill()?;
    }
    let archive = archive(session)?;
    if let Some(archive) = &archive {
        live = live.with_layers(Arc::new(ArchiveLayers::new(Arc::clone(archive))));
    }
    let mirrored = archive.map(mirrored);
    let runtime = runtime(session)?;
    std::thread::scope(|scope| {
        if typed.sync {
            scope.spawn(|| sync::keep_fresh(session, &live));
        }
        let served = runtime.block_on(answer(session, typed, live.clone(), mirrored));
        // Whatever ended the server ends the sync, too.
        interrupt::ask();
        served
    })
}

/// Listens and answers until interrupted.
async fn answer(
    session: &Session<'_>,
    typed: &ServeArguments,
    live: Live,
    mirrored: Option<Mirrored>,
) -> Result<(), Failure> {
    let refused = |error| failure(session, typed.listen, &error);
    let listening = Listening::on(typed.listen, typed.token.clone()).await.map_err(refused)?;
    let url = format!("http://{}/", listening.address());
    announce(session, &url);
    if !typed.no_open {
        open_browser(&url);
    }
    let served = listening.serve(live, mirrored).await;
    served.map_err(|error| failure(session, typed.listen, &error))
}

/// The archive of the data folder, where there is one.
fn archive(session: &Session<'_>) -> Result<Option<Arc<Archive>>, Failure> {
    let Some(folder) = session.data_folder() else { return Ok(None) };
    let archive = Archive::open_existing(&folder).map_err(|error| session.store_fault(&error))?;
    Ok(archive.map(Arc::new))
}

/// The archive as a PxWeb server.
fn mirrored(archive: Arc<Archive>) -> Mirrored {
    let shelf = ArchiveShelf::new(archive);
    Mirrored::new(Arc::new(Mirror::new(shelf, Settings::default())))
}

/// What a server runs on.
pub fn runtime(session: &Session<'_>) -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| internal(session, &error))
}

/// Prints the address, at once and on standard output, so that scripts can wait for it.
fn announce(session: &Session<'_>, url: &str) {
    let line = session.say("serve.listening", &[("url", url)]);
    // Nobody reads: the server is of use all the same.
    let _ = writeln!(std::io::stdout(), "{line}").and_then(|()| std::io::stdout().flush());
}

/// Opens the page where there is a desktop; where there is none, the printed address is enough.
fn open_browser(url: &str) {
    let has_desktop =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let (program, needs_desktop) = match std::env::consts::OS {
        "macos" => ("open", false),
        "windows" => ("explorer", false),
        _ => ("xdg-open", true),
    };
    if has_desktop || !needs_desktop {
        let quiet = Stdio::null;
        // Without the program there is nothing to open with.
        let _ = Command::new(program).arg(url).stdout(quiet()).stderr(quiet()).spawn();
    }
}

/// Words why a server cannot run.
pub fn failure(session: &Session<'_>, listen: SocketAddr, error: &ServerError) -> Failure {
    let address = listen.to_string();
    let next = listen.port().saturating_add(1).to_string();
    match error {
        ServerError::Listen { source, .. } => Failure::usage(session.say(
            "serve.busy",
            &[("address", &address), ("next", &next), ("cause", &source.to_string())],
        )),
        ServerError::OpenWithoutToken { .. } => {
            Failure::usage(session.say("serve.token", &[("address", &address)]))
        }
        other => internal(session, other),
    }
}

fn internal(session: &Session<'_>, error: &dyn std::error::Error) -> Failure {
    Failure::internal(session.say("serve.stopped", &[("cause", &error.to_string())]))
}
