//! `grunnlag whatif`.

use std::fmt::Write;

use evidence::answers::{Passed, Setting, Standing, WhatIf};
use evidence::{DrawsAsked, EvidenceError, Part, Question};

use super::Session;
use crate::args::{TextFormat, WhatIfArguments};
use crate::failure::Failure;
use crate::formats;

/// How many of those that are passed are named.
const NAMED: usize = 10;

/// Says what would change if figures or weights were otherwise.
pub fn run(session: &Session<'_>, typed: &WhatIfArguments) -> Result<(), Failure> {
    let evidence = session.evidence()?;
    let weights = typed.weights.join(",");
    let mut question = session.question(&evidence, typed.model.as_deref(), Some(&weights))?;
    question.uncertainty = Some(DrawsAsked { draws: typed.draws, seed: typed.seed });
    let set = Question::parse_settings(&typed.set.join(",")).map_err(|problem| {
        session.failure(&EvidenceError::Asked { what: Part::Settings, problem })
    })?;
    let answer = evidence
        .what_if(&typed.municipality, &set, &question)
        .map_err(|error| session.failure(&error))?;
    let text = match typed.format {
        TextFormat::Json => formats::as_json(&answer, session.texts, session.language)?,
        TextFormat::Text => page(session, &answer),
    };
    session.output(typed.out.as_deref()).text(&text)
}

fn page(session: &Session<'_>, answer: &WhatIf) -> String {
    let title = format!("{} ({})", answer.name, answer.municipality_code);
    let mut text = format!("{title}\n{}\n", "═".repeat(title.chars().count()));
    let places = [
        ("title", answer.model_title.as_str()),
        ("model", &answer.model),
        ("snapshot", &answer.snapshot.id),
    ];
    let _ = writeln!(text, "{}", session.say("whatif.model", &places));
    for setting in &answer.settings {
        let _ = writeln!(text, "  {}", changed(session, setting));
    }
    for weight in &answer.weights {
        let number = session.language.number(weight.weight, 2);
        let places = [("id", weight.id.as_str()), ("weight", &number)];
        let _ = writeln!(text, "  {}", session.say("whatif.weight", &places));
    }
    let _ = writeln!(text, "\n{}", standing(session, "whatif.before", &answer.before));
    let _ = writeln!(text, "{}", standing(session, "whatif.after", &answer.after));
    for (key, passed) in
        [("whatif.passes", &answer.passes), ("whatif.passed_by", &answer.passed_by)]
    {
        if !passed.is_empty() {
            let _ = writeln!(text, "{}", names(session, key, passed));
        }
    }
    if !answer.break_even.is_empty() {
        let _ = writeln!(text, "\n{}", session.say("whatif.break_even", &[]));
    }
    for rival in &answer.break_even {
        let _ = writeln!(text, "  {}", rival.sentence);
    }
    let places = [
        ("draws", answer.uncertainty.draws.to_string()),
        ("seed", answer.uncertainty.seed.to_string()),
    ];
    let places: Vec<(&str, &str)> =
        places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _ = writeln!(text, "\n{}", session.say("whatif.interval", &places));
    for note in &answer.notes {
        let _ = writeln!(text, "• {note}");
    }
    text
}

fn changed(session: &Session<'_>, setting: &Setting) -> String {
    let decimals = usize::from(setting.decimals);
    let number = |value: f64| session.language.number(value, decimals);
    let before = setting.before.map_or_else(|| "–".to_owned(), number);
    let places = [
        ("title", setting.title.as_str()),
        ("before", &before),
        ("after", &number(setting.after)),
        ("unit", &setting.unit),
    ];
    session.say("whatif.setting", &places)
}

fn standing(session: &Session<'_>, key: &str, standing: &Standing) -> String {
    let label = session.say(key, &[]);
    let (Some(rank), Some(score)) = (standing.rank, standing.score) else {
        let reason = standing.reason.as_deref().unwrap_or("–");
        return format!("{label}: {}", session.say("explain.not_ranked", &[("reason", reason)]));
    };
    let mut places = vec![
        ("rank", rank.to_string()),
        ("of", standing.of.to_string()),
        ("score", session.language.number(score, 1)),
    ];
    if let Some(interval) = &standing.uncertainty {
        places.push(("p5", interval.p5.to_string()));
        places.push(("p95", interval.p95.to_string()));
        places.push(("tier", interval.tier_title.clone().unwrap_or_else(|| "–".to_owned())));
    }
    let places: Vec<(&str, &str)> =
        places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("{label}: {}", session.say("whatif.ranked", &places))
}

fn names(session: &Session<'_>, key: &str, passed: &[Passed]) -> String {
    let named: Vec<String> = passed
        .iter()
        .take(NAMED)
        .map(|one| format!("{} ({} → {})", one.name, one.rank_before, one.rank_after))
        .collect();
    let rest = passed.len().saturating_sub(NAMED);
    let mut list = named.join(", ");
    if rest > 0 {
        let more = session.say("whatif.more", &[("count", &rest.to_string())]);
        list = format!("{list} {more}");
    }
    session.say(key, &[("count", &passed.len().to_string()), ("names", &list)])
}
