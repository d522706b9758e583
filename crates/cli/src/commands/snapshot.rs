//! `grunnlag snapshot`.

use std::fmt::Write;

use super::Session;
use crate::args::{SnapshotCommand, TextFormat};
use crate::failure::Failure;
use crate::formats;

/// Answers about the snapshot.
pub fn run(session: &Session<'_>, command: &SnapshotCommand) -> Result<(), Failure> {
    match command {
        SnapshotCommand::Info { format } => info(session, *format),
        SnapshotCommand::Verify { format } => verify(session, *format),
    }
}

fn info(session: &Session<'_>, format: TextFormat) -> Result<(), Failure> {
    let evidence = session.evidence()?;
    let report = evidence.snapshot_report().map_err(|error| session.failure(&error))?;
    if format == TextFormat::Json {
        let json = formats::as_json(&report, session.texts, session.language)?;
        return session.output(None).text(&json);
    }
    let figures: u64 = report.figures_by_status.values().sum();
    let number = |count: u64| session.language.number(count as f64, 0);
    let mut text = session.say(
        "snapshot.info",
        &[
            ("id", &report.id),
            ("created", &report.created),
            ("days", &days_since(&report.created)),
            ("checksum", &report.checksum),
            ("megabytes", &session.language.number(report.bytes as f64 / 1e6, 1)),
            ("municipalities", &report.municipalities.to_string()),
            ("measures", &report.measures.to_string()),
            ("figures", &number(figures)),
            ("oldest", report.oldest_period.as_deref().unwrap_or("–")),
            ("newest", report.newest_period.as_deref().unwrap_or("–")),
        ],
    );
    for (status, count) in &report.figures_by_status {
        let status = session.say(&format!("status.{status}"), &[]);
        let _ = write!(text, "\n  {status}: {}", number(*count));
    }
    let _ = write!(text, "\n{}", session.say("snapshot.sources", &[]));
    for source in &report.sources {
        let _ = write!(
            text,
            "\n  {} · {} · {} · {}",
            source.publisher, source.title, source.reference_date, source.licence
        );
    }
    text.push('\n');
    session.output(None).text(&text)
}

fn verify(session: &Session<'_>, format: TextFormat) -> Result<(), Failure> {
    let snapshot = session.origin().snapshot().map_err(|error| session.failure(&error))?;
    let verification = snapshot
        .verify()
        .map_err(|error| session.failure(&evidence::EvidenceError::from(error)))?;
    let text = match format {
        TextFormat::Json => formats::as_json(&verification, session.texts, session.language)?,
        TextFormat::Text if verification.problems.is_empty() => {
            let places = [
                ("checksum", verification.seal.as_str()),
                ("measures", &verification.measures.to_string()),
            ];
            format!("{}\n", session.say("snapshot.whole", &places))
        }
        TextFormat::Text => String::new(),
    };
    session.output(None).text(&text)?;
    if verification.problems.is_empty() {
        return Ok(());
    }
    let problems = verification.problems.join("; ");
    Err(Failure::internal(session.say("snapshot.damaged", &[("problems", &problems)])))
}

/// Counts the days from a date to today; a dash for what is no date.
fn days_since(date: &str) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let days = date.parse::<jiff::civil::Date>().and_then(|date| today.since(date));
    days.map_or_else(|_| "–".to_owned(), |span| span.get_days().max(0).to_string())
}
