//! `grunnlag model`.

mod doubt;
mod weights;
mod years;

use std::fmt::Write;
use std::path::Path;

use evidence::answers::{ModelDetail, ModelList};

pub use years::back_tests;

use super::Session;
use crate::args::{ModelCommand, TextFormat};
use crate::failure::Failure;
use crate::formats::{self, Column, Sheet};

/// Answers about models.
pub fn run(session: &Session<'_>, command: &ModelCommand) -> Result<(), Failure> {
    let evidence = session.evidence()?;
    let failed = |error| session.failure(&error);
    match command {
        ModelCommand::List { output } => {
            let list = evidence.models(session.language).map_err(failed)?;
            let to = session.output(output.out.as_deref());
            formats::write(&sheet(session, &list), &list, output.format, &to)
        }
        ModelCommand::Show { id, format } => {
            let detail = if id.ends_with(".toml") || id.contains(['/', '\\']) {
                let model = session.own_model(&evidence, Path::new(id))?;
                evidence.check_model(&model, session.language).map_err(failed)?.model
            } else {
                evidence.model(id, session.language).map_err(failed)?
            };
            let text = match format {
                TextFormat::Json => formats::as_json(&detail, session.texts, session.language)?,
                TextFormat::Text => page(session, &detail),
            };
            session.output(None).text(&text)
        }
        ModelCommand::Check { file, format } => {
            let model = session.own_model(&evidence, file)?;
            let check = evidence.check_model(&model, session.language).map_err(failed)?;
            let text = match format {
                TextFormat::Json => formats::as_json(&check, session.texts, session.language)?,
                TextFormat::Text => {
                    let available =
                        check.model.indicators.iter().filter(|one| one.available).count();
                    let places = [
                        ("file", file.display().to_string()),
                        ("model", check.model.id.clone()),
                        ("indicators", check.model.indicators.len().to_string()),
                        ("available", available.to_string()),
                        ("ranked", check.ranked.to_string()),
                    ];
                    let places: Vec<(&str, &str)> =
                        places.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    format!("{}\n", session.say("model.valid", &places))
                }
            };
            session.output(None).text(&text)
        }
        ModelCommand::Weights(typed) => weights::run(session, &evidence, typed),
        ModelCommand::Audit { id, out, format } => {
            doubt::audit(session, &evidence, id, (out.as_deref(), *format))
        }
        ModelCommand::Compare { models, output } => {
            doubt::compare(session, &evidence, models, output)
        }
        ModelCommand::Years { id, of, output } => {
            years::years(session, &evidence, (id, of.as_deref()), output)
        }
        ModelCommand::Sensitivity { id, samples, seed, output } => {
            doubt::sensitivity(session, &evidence, (id, *samples, *seed), output)
        }
    }
}

fn sheet(session: &Session<'_>, list: &ModelList) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("id", say("column.id")),
        Column::integer("version", say("column.version")),
        Column::text("title", say("column.title")),
        Column::integer("indicators", say("column.indicators")),
        Column::integer("indicators_available", say("column.with_figures")),
        Column::integer("ranked", say("column.ranked")),
        Column::text("is_default", say("column.default")),
        Column::text("description", say("column.description")).off_screen(),
    ];
    let rows = list.models.iter().map(|model| {
        vec![
            model.id.clone().into(),
            i64::from(model.version).unsigned_abs().try_into().unwrap_or(0_usize).into(),
            model.title.clone().into(),
            model.indicators.into(),
            model.indicators_available.into(),
            model.ranked.into(),
            (if model.is_default { say("word.yes") } else { String::new() }).into(),
            model.description.clone().into(),
        ]
    });
    Sheet { name: say("model.sheet"), columns, rows: rows.collect() }
}

fn page(session: &Session<'_>, model: &ModelDetail) -> String {
    let mut text = format!(
        "{} ({} v{})\n{}\n{}",
        model.title,
        model.id,
        model.version,
        "═".repeat(model.title.chars().count()),
        model.description
    );
    for note in &model.notes {
        let _ = write!(text, "\n• {note}");
    }
    if let Some(rules) = &model.coverage {
        let places = [
            ("dimension", session.language.percent(rules.dimension_minimum)),
            ("total", session.language.percent(rules.total_minimum)),
            ("required", rules.required.join(", ")),
        ];
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let _ = write!(text, "\n{}", session.say("model.coverage", &places));
    }
    text.push('\n');
    if let Some(root) = model.groups.first() {
        branch(session, model, &root.id, 0, &mut text);
    }
    text.push('\n');
    text
}

/// Writes a group, its indicators and its groups, indented by depth.
fn branch(session: &Session<'_>, model: &ModelDetail, id: &str, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    if let Some(group) = model.groups.iter().find(|group| group.id == id) {
        let weight = session.language.number(group.weight, 0);
        let _ = write!(
            text,
            "\n{indent}{} {} – {weight} – {}",
            group.id,
            group.title,
            plain(&group.aggregation)
        );
    }
    for indicator in model.indicators.iter().filter(|indicator| indicator.parent == id) {
        let weight = session.language.number(indicator.weight, 0);
        let code = indicator.code.as_deref().unwrap_or("");
        let _ = write!(
            text,
            "\n{indent}  {code} {} [{}] – {weight} – {}",
            indicator.title,
            indicator.id,
            plain(&indicator.value)
        );
        if let Some(reason) = &indicator.unavailable_reason {
            let _ = write!(text, "\n{indent}      {reason}");
        }
    }
    for group in model.groups.iter().filter(|group| group.parent.as_deref() == Some(id)) {
        branch(session, model, &group.id, depth + 1, text);
    }
}

/// Writes a method with its numbers on one line.
fn plain(value: &serde_json::Value) -> String {
    let Some(parts) = value.as_object() else { return value.to_string() };
    let method = parts.get("method").and_then(serde_json::Value::as_str).unwrap_or("");
    let rest: Vec<String> = parts
        .iter()
        .filter(|(key, value)| {
            key.as_str() != "method"
                && !value.is_null()
                && **value != serde_json::Value::Bool(false)
        })
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    format!("{method} {}", rest.join(" ")).trim_end().to_owned()
}
