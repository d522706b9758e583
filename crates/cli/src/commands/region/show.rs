//! A region and its history, as people read them.

use std::fmt::Write;

use atlas::answers::{BecameRegion, RegionChange, RegionDetail, RegionLineage};
use atlas::{AtlasError, HistorySource};
use jiff::civil::Date;

use crate::args::{RegionArguments, TextFormat};
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats;

/// Says what a code names on a day.
pub fn region(session: &Session<'_>, typed: &RegionArguments) -> Result<(), Failure> {
    let date = date(session, typed.date.as_deref())?;
    let found = session.atlas()?.region(&typed.code, date);
    let found = found.map_err(|error| session.atlas_fault(&error))?;
    let text = match typed.format {
        TextFormat::Json => formats::as_json(&found, session.texts, session.language)?,
        TextFormat::Text => detail(session, &found),
    };
    session.output(None).text(&text)
}

/// Says all that led to a code and became of it.
pub fn history(session: &Session<'_>, typed: &RegionArguments) -> Result<(), Failure> {
    let date = date(session, typed.date.as_deref())?;
    let found = session.atlas()?.lineage(&typed.code, date);
    let found = found.map_err(|error| session.atlas_fault(&error))?;
    let text = match typed.format {
        TextFormat::Json => formats::as_json(&found, session.texts, session.language)?,
        TextFormat::Text => lineage(session, &found),
    };
    session.output(None).text(&text)
}

fn date(session: &Session<'_>, asked: Option<&str>) -> Result<Date, Failure> {
    let Some(asked) = asked else { return Ok(today()) };
    let fault = || session.atlas_fault(&AtlasError::NotADate { asked: asked.to_owned() });
    asked.parse().map_err(|_| fault())
}

/// The day it is in Norway, where the answer is about.
fn today() -> Date {
    let now = jiff::Timestamp::now();
    let there = now.in_tz("Europe/Oslo").map(|there| there.date());
    there.unwrap_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn detail(session: &Session<'_>, found: &RegionDetail) -> String {
    let level = session.say(&format!("region.level.{}", found.level), &[]);
    let mut text = format!("{} ({level})\n", named(&found.code, &found.name));
    let span = span(session, found.from, found.until);
    let key = if found.in_force { "region.in_force" } else { "region.not_in_force" };
    let date = found.date.to_string();
    lines(&mut text, &[session.say(key, &[("date", &date), ("span", &span)])]);
    for parent in &found.parents {
        let level = session.say(&format!("region.level.{}", parent.level), &[]);
        let name = named(&parent.code, &parent.name);
        lines(&mut text, &[session.say("region.part_of", &[("name", &name), ("level", &level)])]);
    }
    if !found.became.is_empty() {
        let parts: Vec<String> = found.became.iter().map(|one| became(session, one)).collect();
        let places = [("date", date.as_str()), ("parts", &parts.join("; "))];
        lines(&mut text, &[session.say("region.became", &places)]);
    }
    lines(&mut text, &sources(session, &found.sources));
    text
}

fn lineage(session: &Session<'_>, found: &RegionLineage) -> String {
    let mut text = String::new();
    for one in &found.spans {
        let level = session.say(&format!("region.level.{}", one.level), &[]);
        let span = span(session, one.from, one.until);
        lines(&mut text, &[format!("{} ({level}), {span}", named(&found.code, &one.name))]);
    }
    let parts = [("region.before", &found.ancestors), ("region.after", &found.descendants)];
    for (key, changes) in parts.into_iter().filter(|(_, changes)| !changes.is_empty()) {
        let _ = writeln!(text, "\n{}", session.say(key, &[]));
        let changes: Vec<String> = changes.iter().map(|one| change(session, one)).collect();
        lines(&mut text, &changes);
    }
    let parts: Vec<String> = found.became.iter().map(|one| became(session, one)).collect();
    let date = found.date.to_string();
    let is_itself = matches!(&found.became[..], [one] if one.code == found.code);
    if !is_itself && !parts.is_empty() {
        text.push('\n');
        let places = [("date", date.as_str()), ("parts", &parts.join("; "))];
        lines(&mut text, &[session.say("region.became", &places)]);
    }
    text.push('\n');
    lines(&mut text, &sources(session, &found.sources));
    text
}

fn change(session: &Session<'_>, one: &RegionChange) -> String {
    let kind = session.say(&format!("region.kind.{}", one.kind), &[]);
    let share = match (one.weight, one.kind.as_str()) {
        (Some(weight), "split") => format!(" {}", share(session, weight, one.basis.as_deref())),
        _ => String::new(),
    };
    let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    let (old, new) = (named(&one.old_code, &one.old_name), named(&one.new_code, &one.new_name));
    format!("{}  {old} → {new}: {kind}{share}{note}", one.date)
}

fn became(session: &Session<'_>, one: &BecameRegion) -> String {
    let name = named(&one.code, &one.name);
    match one.weight {
        Some(weight) if weight < 1.0 => {
            format!("{name} {}", share(session, weight, one.basis.as_deref()))
        }
        _ => name,
    }
}

fn share(session: &Session<'_>, weight: f64, basis: Option<&str>) -> String {
    let percent = session.language.number(weight * 100.0, 1);
    let basis = basis.unwrap_or("unknown");
    let key = format!("region.basis.{basis}");
    let said = session.say(&key, &[]);
    let basis = if said == key { basis.to_owned() } else { said };
    session.say("region.share", &[("percent", &percent), ("basis", &basis)])
}

fn sources(session: &Session<'_>, sources: &[HistorySource]) -> Vec<String> {
    let say = |one: &HistorySource| {
        let places = [
            ("publisher", one.publisher.as_str()),
            ("title", one.title.as_str()),
            ("date", one.as_of.as_str()),
        ];
        session.say("region.source", &places)
    };
    sources.iter().map(say).collect()
}

fn span(session: &Session<'_>, from: Option<Date>, until: Option<Date>) -> String {
    let from = from.map(|from| from.to_string());
    let until = until.and_then(|until| until.yesterday().ok()).map(|last| last.to_string());
    match (&from, &until) {
        (Some(from), Some(until)) => {
            session.say("region.span", &[("from", from), ("until", until)])
        }
        (Some(from), None) => session.say("region.since", &[("from", from)]),
        (None, Some(until)) => session.say("region.until", &[("until", until)]),
        (None, None) => session.say("region.always", &[]),
    }
}

fn named(code: &str, name: &str) -> String {
    if name.is_empty() { code.to_owned() } else { format!("{code} {name}") }
}

fn lines(text: &mut String, lines: &[String]) {
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
}
