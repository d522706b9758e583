//! `grunnlag receipt`: from a figure back to the bytes that were fetched.

use std::fmt::Write;

use evidence::answers::MeasureReceipt;
use evidence::as_published;
use indicators::Pack;
use ingest::{FigureLine, Sources};
use serde::Serialize;
use store::StoreError;
use store::archive::{Archive, KeptAnswer, Version};

use super::Session;
use crate::args::{ReceiptArguments, TextFormat};
use crate::failure::Failure;
use crate::formats;
use crate::words;

/// The chain, from what was asked about to the bytes.
#[derive(Serialize)]
struct Chain {
    asked: String,
    /// The figure, when one was asked about.
    figure: Option<FigureLine>,
    /// Measures of an indicator, with the extract that each comes from.
    measures: Vec<MeasureLink>,
    versions: Vec<VersionLink>,
    answers: Vec<AnswerLink>,
}

#[derive(Serialize)]
struct MeasureLink {
    measure: String,
    title: String,
    publisher: String,
    table: String,
    licence: String,
    /// Absent when the figures came with the program.
    extract: Option<String>,
}

#[derive(Serialize)]
struct VersionLink {
    extract: String,
    version: String,
    sha256: String,
    table: String,
    server: String,
    language: String,
    updated: Option<String>,
    fetched_at: String,
    known_from: String,
    query: String,
    /// Whether the bytes of the file still have the checksum.
    is_whole: bool,
    drift: Option<String>,
}

#[derive(Serialize)]
struct AnswerLink {
    id: i64,
    method: String,
    url: String,
    body: Option<String>,
    status: u16,
    received_at: String,
    sha256: String,
    bytes: u64,
    /// Whether the bytes of the file still have the checksum.
    is_whole: bool,
}

/// Prints the chain.
pub fn run(session: &Session<'_>, typed: &ReceiptArguments) -> Result<(), Failure> {
    let chain = match session.archive() {
        Ok(archive) => follow(session, &archive, &typed.id)?,
        // Figures that came with the program have a source, and nothing was fetched for them.
        Err(_) if typed.id.contains('/') => embedded(session, &typed.id)?,
        Err(failure) => return Err(failure),
    };
    let text = match typed.format {
        TextFormat::Json => formats::as_json(&chain, session.texts, session.language)?,
        TextFormat::Text => page(session, &chain),
    };
    session.output(None).text(&text)
}

/// A figure of the snapshot where there is no archive.
fn embedded(session: &Session<'_>, asked: &str) -> Result<Chain, Failure> {
    let snapshot = session.origin().snapshot().map_err(|error| session.failure(&error))?;
    let figure =
        ingest::figure(&snapshot, asked).map_err(|error| super::sync::failure(session, &error))?;
    let asked = asked.to_owned();
    let figure = Some(figure);
    Ok(Chain { asked, figure, measures: Vec::new(), versions: Vec::new(), answers: Vec::new() })
}

fn follow(session: &Session<'_>, archive: &Archive, asked: &str) -> Result<Chain, Failure> {
    let mut chain = Chain {
        asked: asked.to_owned(),
        figure: None,
        measures: Vec::new(),
        versions: Vec::new(),
        answers: Vec::new(),
    };
    let failed = |error: StoreError| session.store_fault(&error);
    if asked.contains('/') {
        return figure(session, archive, chain);
    }
    if let Some(measures) = measures(session, asked)? {
        let mut extracts: Vec<String> =
            measures.iter().filter_map(|measure| measure.extract.clone()).collect();
        extracts.sort();
        extracts.dedup();
        chain.measures = measures;
        for extract in extracts {
            if let Some(version) = archive.current(&extract).map_err(failed)? {
                add(&mut chain, archive, &version).map_err(failed)?;
            }
        }
        return Ok(chain);
    }
    if let Some(version) = version_named(archive, asked).map_err(failed)? {
        add(&mut chain, archive, &version).map_err(failed)?;
        return Ok(chain);
    }
    if is_checksum(asked) {
        let answers = archive.answers_by_digest(&asked.to_lowercase()).map_err(failed)?;
        if !answers.is_empty() {
            chain.answers = answers.iter().map(|answer| link(archive, answer)).collect();
            return Ok(chain);
        }
    }
    let extract = session.extract(archive, asked)?;
    let known = archive.current(&extract).map_err(failed)?;
    let version = match known {
        Some(version) => version,
        None => session.version(archive, &extract, "9999-12-31")?,
    };
    add(&mut chain, archive, &version).map_err(failed)?;
    Ok(chain)
}

/// The chain of one figure, `measure/municipality/period`: its row, its source, its version.
fn figure(session: &Session<'_>, archive: &Archive, mut chain: Chain) -> Result<Chain, Failure> {
    let snapshot = session.origin().snapshot().map_err(|error| session.failure(&error))?;
    let receipt = ingest::receipt(archive, &snapshot, &chain.asked)
        .map_err(|error| super::sync::failure(session, &error))?;
    for held in receipt.versions {
        let name = format!("{}@{}", held.extract, held.version);
        let version = version_named(archive, &name).map_err(|error| session.store_fault(&error))?;
        if let Some(version) = version {
            add(&mut chain, archive, &version).map_err(|error| session.store_fault(&error))?;
        }
    }
    chain.figure = receipt.figure;
    Ok(chain)
}

/// The measures of an indicator; `None` when the pack has no such indicator.
fn measures(session: &Session<'_>, asked: &str) -> Result<Option<Vec<MeasureLink>>, Failure> {
    let files = session.origin().pack_files();
    let Ok(pack) = Pack::load_default(&files) else { return Ok(None) };
    if !pack.indicators.contains_key(asked) {
        return Ok(None);
    }
    let entry = session.evidence()?.indicator(asked, session.language);
    let entry = entry.map_err(|error| session.failure(&error))?;
    let sources = Sources::load(&files, &pack).ok();
    let links = entry.receipt.measures.into_iter().map(|one| measure(sources.as_ref(), one));
    Ok(Some(links.collect()))
}

fn measure(sources: Option<&Sources>, receipt: MeasureReceipt) -> MeasureLink {
    let makes =
        |source: &&ingest::Source| source.measures.iter().any(|rule| rule.id == receipt.measure);
    let source = sources.and_then(|sources| sources.sources.iter().find(makes));
    MeasureLink {
        extract: source.map(ingest::Source::extract),
        measure: receipt.measure,
        title: receipt.title,
        publisher: receipt.publisher,
        table: receipt.table,
        licence: receipt.licence,
    }
}

/// The version that `extract@version`, or the first digits of its checksum, names.
fn version_named(archive: &Archive, asked: &str) -> Result<Option<Version>, StoreError> {
    let (extract, digits) = match asked.split_once('@') {
        Some((extract, digits)) => (Some(extract), digits),
        None => (None, asked),
    };
    if !is_checksum(digits) {
        return Ok(None);
    }
    for known in archive.extracts()? {
        if extract.is_some_and(|extract| extract != known) {
            continue;
        }
        let mut versions = archive.versions(&known)?.into_iter();
        if let Some(found) = versions.find(|one| one.sha256.starts_with(&digits.to_lowercase())) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Long enough to mean one thing; five digits are a table.
fn is_checksum(text: &str) -> bool {
    text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn add(chain: &mut Chain, archive: &Archive, version: &Version) -> Result<(), StoreError> {
    let info = version.info.clone();
    for id in &info.answer_ids {
        if let Some(answer) = archive.answer(*id)? {
            chain.answers.push(link(archive, &answer));
        }
    }
    chain.versions.push(VersionLink {
        extract: version.extract.clone(),
        version: version.version.clone(),
        sha256: version.sha256.clone(),
        table: info.table,
        server: info.server,
        language: info.language,
        updated: info.updated,
        fetched_at: info.fetched_at,
        known_from: version.known_from.clone(),
        query: info.query,
        is_whole: archive.extract_file(version).is_ok(),
        drift: info.drift,
    });
    Ok(())
}

fn link(archive: &Archive, answer: &KeptAnswer) -> AnswerLink {
    AnswerLink {
        id: answer.id,
        method: answer.request.method.clone(),
        url: answer.request.url.clone(),
        body: answer.request.body.clone(),
        status: answer.status,
        received_at: answer.received_at.clone(),
        sha256: answer.sha256.clone(),
        bytes: answer.bytes,
        is_whole: archive.blob_file(&answer.sha256).is_ok(),
    }
}

fn page(session: &Session<'_>, chain: &Chain) -> String {
    let mut text = String::new();
    let whole = |is_whole: bool| {
        session.say(if is_whole { "receipt.whole" } else { "receipt.damaged" }, &[])
    };
    if let Some(one) = &chain.figure {
        let value = one.value.map_or_else(|| "–".to_owned(), |value| value.to_string());
        let places = [
            ("measure", one.measure.as_str()),
            ("municipality", &one.municipality_code),
            ("period", &one.period),
            ("value", &value),
            ("status", &session.say(&format!("status.{}", one.status), &[])),
            ("source", &one.source.source),
            ("publisher", &one.source.publisher),
            ("licence", &one.source.licence),
            ("retrieved", &one.source.retrieved_via),
        ];
        let _ = writeln!(text, "{}", session.say("receipt.figure", &places));
        for line in as_published(session.texts, session.language, &one.as_published) {
            let _ = writeln!(text, "  {line}");
        }
    }
    for one in &chain.measures {
        let extract = one.extract.clone().unwrap_or_else(|| session.say("receipt.embedded", &[]));
        let places = [
            ("measure", one.measure.as_str()),
            ("title", &one.title),
            ("publisher", &one.publisher),
            ("table", &one.table),
            ("licence", &one.licence),
            ("extract", &extract),
        ];
        let _ = writeln!(text, "{}", session.say("receipt.measure", &places));
    }
    for one in &chain.versions {
        let places = [
            ("extract", one.extract.as_str()),
            ("version", &one.version),
            ("sha256", &one.sha256),
            ("whole", &whole(one.is_whole)),
            ("table", &one.table),
            ("server", &one.server),
            ("language", &one.language),
            ("updated", one.updated.as_deref().unwrap_or("–")),
            ("fetched", &one.fetched_at),
            ("known_from", &one.known_from),
            ("query", &one.query),
        ];
        let _ = writeln!(text, "{}", session.say("receipt.version", &places));
    }
    for one in &chain.answers {
        let body = one.body.as_ref().map(|body| format!("\n    {body}")).unwrap_or_default();
        let places = [
            ("method", one.method.as_str()),
            ("url", &one.url),
            ("body", &body),
            ("status", &one.status.to_string()),
            ("received", &one.received_at),
            ("sha256", &one.sha256),
            ("bytes", &words::bytes(session.language, one.bytes)),
            ("whole", &whole(one.is_whole)),
        ];
        let _ = writeln!(text, "{}", session.say("receipt.answer", &places));
    }
    text
}
