//! Receipts: from a figure, a table or a version back to the raw bytes.

use std::path::Path;

use serde::Serialize;
use store::archive::{Archive, KeptAnswer, Version};
use store::{AsPublished, Snapshot, Source, Value};

use crate::IngestError;

/// Where something comes from, all the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Receipt {
    /// What was asked for.
    pub asked: String,
    /// The figure, when one was asked for.
    pub figure: Option<FigureLine>,
    /// Versions of extracts that it comes from.
    pub versions: Vec<VersionReceipt>,
    /// Raw answers that belong to no version asked for: when a digest was asked for.
    pub answers: Vec<AnswerReceipt>,
}

/// A figure as the snapshot has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureLine {
    /// Measure.
    pub measure: String,
    /// Municipality, `0` for the country.
    pub municipality_code: String,
    /// Period.
    pub period: String,
    /// Value; `None` for a gap.
    pub value: Option<f64>,
    /// How much the value says, or why there is none.
    pub status: String,
    /// What it was made of, where it is not the publisher's own.
    pub as_published: AsPublished,
    /// The source's row in the snapshot.
    pub source: Origin,
}

/// A source's row in the snapshot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin {
    /// Key: `ssb.07459.no.population@0123456789ab`, or the name of an imported file.
    pub source: String,
    /// Publisher.
    pub publisher: String,
    /// Title.
    pub title: String,
    /// Licence.
    pub licence: String,
    /// What date or period it describes.
    pub reference_date: String,
    /// How it came here.
    pub retrieved_via: String,
}

/// A version of an extract.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionReceipt {
    /// The extract.
    pub extract: String,
    /// The version.
    pub version: String,
    /// SHA-256 of its Parquet file.
    pub sha256: String,
    /// The file, in the data folder.
    pub path: String,
    /// Whether the file still has that digest.
    pub verified: bool,
    /// Table id.
    pub table: String,
    /// Host asked.
    pub server: String,
    /// Language.
    pub language: String,
    /// The table's `updated`.
    pub updated: Option<String>,
    /// When its last block came.
    pub fetched_at: String,
    /// The query.
    pub query: String,
    /// Why it is not in use, where it is not.
    pub drift: Option<String>,
    /// The answers that it was made of, in order.
    pub answers: Vec<AnswerReceipt>,
}

/// A raw answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerReceipt {
    /// `GET` or `POST`.
    pub method: String,
    /// Whole address.
    pub url: String,
    /// What was posted.
    pub body: Option<String>,
    /// UTC.
    pub received_at: String,
    /// HTTP status.
    pub status: u16,
    /// Response headers.
    pub headers: Vec<(String, String)>,
    /// SHA-256 of the body as it came.
    pub sha256: String,
    /// Length of the body.
    pub bytes: u64,
    /// The file, in the data folder.
    pub path: String,
    /// Whether the file still has that digest.
    pub verified: bool,
}

/// Where a figure (`measure/municipality/period`), an extract, a version, a table or the
/// beginning of a raw digest comes from.
///
/// Every file on the way is read and its digest compared.
///
/// # Errors
///
/// [`IngestError::Unknown`] when nothing has that name.
pub fn receipt(
    archive: &Archive,
    snapshot: &Snapshot,
    asked: &str,
) -> Result<Receipt, IngestError> {
    let mut receipt = Receipt {
        asked: asked.to_owned(),
        figure: None,
        versions: Vec::new(),
        answers: Vec::new(),
    };
    if asked.contains('/') {
        let figure = figure(snapshot, asked)?;
        if let Some((extract, version)) = figure.source.source.split_once('@') {
            for held in versions_named(archive, extract, version)? {
                receipt.versions.push(version_receipt(archive, held)?);
            }
        }
        receipt.figure = Some(figure);
        return Ok(receipt);
    }
    for held in find_versions(archive, asked)? {
        receipt.versions.push(version_receipt(archive, held)?);
    }
    if receipt.versions.is_empty() && is_digest(asked) {
        let answers = archive.answers_by_digest(asked)?;
        receipt.answers =
            answers.into_iter().map(|answer| answer_receipt(archive, answer)).collect();
    }
    if receipt.versions.is_empty() && receipt.answers.is_empty() {
        return Err(IngestError::Unknown { asked: asked.to_owned() });
    }
    Ok(receipt)
}

/// Short digests would name half of the archive.
fn is_digest(text: &str) -> bool {
    text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A figure (`measure/municipality/period`) with its source, and what it was made of.
///
/// # Errors
///
/// [`IngestError::Unknown`] when nothing has that name.
pub fn figure(snapshot: &Snapshot, asked: &str) -> Result<FigureLine, IngestError> {
    let unknown = || IngestError::Unknown { asked: asked.to_owned() };
    let parts: Vec<&str> = asked.split('/').collect();
    let [measure, code, period] = parts[..] else { return Err(unknown()) };
    // They become part of a query.
    let is_plain = |text: &&&str| {
        let fits = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
        !text.is_empty() && text.chars().all(fits)
    };
    if [measure, code, period].iter().filter(is_plain).count() < 3 {
        return Err(unknown());
    }
    let sql = format!(
        "SELECT value, status, source.source FROM figure JOIN measure USING (measure_id)
         JOIN source USING (source_id)
         WHERE measure = '{measure}' AND municipality_code = '{code}' AND period = '{period}'"
    );
    let rows = snapshot.session()?.rows(&sql)?.rows;
    let row = rows.first().ok_or_else(unknown)?;
    let name = row[2].as_str().unwrap_or_default();
    let source = snapshot.sources()?.into_iter().find(|source| source.source == name);
    Ok(FigureLine {
        measure: measure.to_owned(),
        municipality_code: code.to_owned(),
        period: period.to_owned(),
        value: row[0].as_f64(),
        status: match &row[1] {
            Value::Text(status) => status.clone(),
            _ => String::new(),
        },
        as_published: snapshot.as_published(measure, code, period)?,
        source: origin(source.ok_or_else(unknown)?),
    })
}

fn origin(source: Source) -> Origin {
    let Source { source, publisher, title, licence, reference_date, retrieved_via } = source;
    Origin { source, publisher, title, licence, reference_date, retrieved_via }
}

/// The versions that a text names: `extract@version`, an extract, a version, or a table.
///
/// An extract or a table stands for the versions in use.
pub(crate) fn find_versions(archive: &Archive, asked: &str) -> Result<Vec<Version>, IngestError> {
    if let Some((extract, version)) = asked.split_once('@') {
        return versions_named(archive, extract, version);
    }
    let mut found = Vec::new();
    for extract in archive.extracts()? {
        if is_digest(asked) {
            found.extend(versions_named(archive, &extract, asked)?);
        }
        let current = archive.current(&extract)?;
        let current = current.filter(|version| extract == asked || version.info.table == asked);
        found.extend(current);
    }
    Ok(found)
}

fn versions_named(
    archive: &Archive,
    extract: &str,
    version: &str,
) -> Result<Vec<Version>, IngestError> {
    let versions = archive.versions(extract)?.into_iter();
    // The same bytes may have been published again after others.
    let mut named = versions.filter(|held| held.sha256.starts_with(version));
    Ok(named.next_back().into_iter().collect())
}

fn version_receipt(archive: &Archive, held: Version) -> Result<VersionReceipt, IngestError> {
    let verified = archive.extract_file(&held).is_ok();
    let mut answers = Vec::with_capacity(held.info.answer_ids.len());
    for id in &held.info.answer_ids {
        answers.extend(archive.answer(*id)?.map(|answer| answer_receipt(archive, answer)));
    }
    let path = Path::new("extracts").join(&held.extract).join(format!("{}.parquet", held.version));
    Ok(VersionReceipt {
        path: path.display().to_string(),
        verified,
        answers,
        extract: held.extract,
        version: held.version,
        sha256: held.sha256,
        table: held.info.table,
        server: held.info.server,
        language: held.info.language,
        updated: held.info.updated,
        fetched_at: held.info.fetched_at,
        query: held.info.query,
        drift: held.info.drift,
    })
}

fn answer_receipt(archive: &Archive, answer: KeptAnswer) -> AnswerReceipt {
    let path = archive.blob_name(&answer.sha256);
    AnswerReceipt {
        path: path.display().to_string(),
        verified: archive.blob_file(&answer.sha256).is_ok(),
        method: answer.request.method,
        url: answer.request.url,
        body: answer.request.body,
        received_at: answer.received_at,
        status: answer.status,
        headers: answer.headers,
        sha256: answer.sha256,
        bytes: answer.bytes,
    }
}
