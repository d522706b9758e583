//! `grunnlag explain`.

use std::fmt::Write;
use std::path::Path;

use evidence::answers::{ChangeSince, ExplainedIndicator, Explanation, Side};
use evidence::{Evidence, EvidenceError, Origin, Question};

use super::Session;
use crate::args::{ExplainArguments, TextFormat};
use crate::failure::Failure;
use crate::formats;

/// Explains one municipality's score.
pub fn run(session: &Session<'_>, typed: &ExplainArguments) -> Result<(), Failure> {
    let evidence = session.evidence_as_of(typed.as_of.as_deref())?;
    let mut question =
        session.question(&evidence, typed.model.as_deref(), typed.weights.as_deref())?;
    question.thresholds = session.thresholds(&typed.threshold)?;
    question.uncertainty = typed.uncertainty.asked();
    let explanation = evidence
        .explain(&typed.municipality, &question)
        .map_err(|error| session.failure(&error))?;
    if let Some(since) = &typed.since {
        return changes(session, &evidence, since, typed, &question);
    }
    if let Some(note) = &explanation.former_note {
        session.note(std::slice::from_ref(note));
    }
    let text = match typed.format {
        TextFormat::Json => formats::as_json(&explanation, session.texts, session.language)?,
        TextFormat::Text => Page { session, explanation: &explanation }.render(),
    };
    session.output(typed.out.as_deref()).text(&text)
}

/// Says what changed since another snapshot.
fn changes(
    session: &Session<'_>,
    evidence: &Evidence,
    since: &Path,
    typed: &ExplainArguments,
    question: &Question,
) -> Result<(), Failure> {
    let failed = |error: EvidenceError| session.failure(&error);
    let origin = Origin { snapshot: Some(since.to_owned()), ..session.origin() };
    let older = Evidence::open(&origin).map_err(failed)?;
    let found = evidence.changes_since(&older, &typed.municipality, question).map_err(failed)?;
    let text = match typed.format {
        TextFormat::Json => formats::as_json(&found, session.texts, session.language)?,
        TextFormat::Text => change_page(session, &found),
    };
    session.output(typed.out.as_deref()).text(&text)
}

fn change_page(session: &Session<'_>, found: &ChangeSince) -> String {
    let number = |value: Option<f64>| {
        value.map_or_else(|| "–".to_owned(), |value| session.language.number(value, 1))
    };
    let rank = |rank: Option<usize>| rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let title = format!("{} ({})", found.name, found.municipality_code);
    let mut text = format!("{title}\n{}\n", "═".repeat(title.chars().count()));
    let places = [
        ("model", found.model.clone()),
        ("since", found.since.id.clone()),
        ("since_created", found.since.created.clone()),
        ("snapshot", found.snapshot.id.clone()),
        ("created", found.snapshot.created.clone()),
        ("score_before", number(found.score_before)),
        ("score_after", number(found.score_after)),
        ("rank_before", rank(found.rank_before)),
        ("rank_after", rank(found.rank_after)),
    ];
    let places: Vec<(&str, &str)> =
        places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _ = writeln!(text, "{}", session.say("change.heading", &places));
    for step in &found.steps {
        let places_gained =
            step.places.map_or_else(|| "–".to_owned(), |gained| format!("{gained:+}"));
        let places = [
            ("title", step.title.as_str()),
            ("figures", &step.figures.to_string()),
            ("score", &signed(session, step.score)),
            ("places", &places_gained),
        ];
        let _ = writeln!(text, "  {}", session.say("change.step", &places));
        for part in &step.indicators {
            let _ = writeln!(text, "      {}: {}", part.title, signed(session, Some(part.score)));
        }
    }
    text
}

/// A number with its sign.
fn signed(session: &Session<'_>, value: Option<f64>) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let number = session.language.number(value, 2);
    if value > 0.0 { format!("+{number}") } else { number }
}

/// An explanation as people read it.
struct Page<'a> {
    session: &'a Session<'a>,
    explanation: &'a Explanation,
}

impl Page<'_> {
    fn render(&self) -> String {
        let parts = [
            self.head(),
            self.dimensions(),
            self.strengths(),
            self.break_even(),
            self.indicators(),
            self.flags(),
            self.sources(),
        ];
        let filled: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}\n", filled.join("\n\n"))
    }

    fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.session.say(key, places)
    }

    fn number(&self, value: Option<f64>, decimals: usize) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.session.language.number(value, decimals))
    }

    fn head(&self) -> String {
        let place = self.explanation;
        let title = format!("{} ({}), {}", place.name, place.municipality_code, place.county_name);
        let result = match (place.rank, &place.reason) {
            (Some(rank), _) => self.say(
                "explain.ranked",
                &[
                    ("rank", &rank.to_string()),
                    ("of", &place.of.to_string()),
                    ("score", &self.number(place.score, 1)),
                    ("tier", place.tier_title.as_deref().unwrap_or("–")),
                ],
            ),
            (None, reason) => {
                self.say("explain.not_ranked", &[("reason", reason.as_deref().unwrap_or("–"))])
            }
        };
        let model = self.say(
            "explain.model",
            &[
                ("title", &place.model_title),
                ("model", &place.model),
                ("coverage", &self.session.language.percent(place.coverage)),
                ("snapshot", &place.snapshot.id),
                ("created", &place.snapshot.created),
            ],
        );
        let mut text = format!("{title}\n{}\n{result}\n{model}", "═".repeat(title.chars().count()));
        if let Some(range) = place.score_range.filter(|range| range.high > range.low) {
            let (low, high) = (self.number(Some(range.low), 0), self.number(Some(range.high), 0));
            let _ =
                write!(text, "\n{}", self.say("explain.range", &[("low", &low), ("high", &high)]));
        }
        if let Some(line) = self.interval() {
            let _ = write!(text, "\n{line}");
        }
        for note in &place.notes {
            let _ = write!(text, "\n• {note}");
        }
        text
    }

    /// Between which places the municipality lies, where that was asked for.
    fn interval(&self) -> Option<String> {
        let interval = self.explanation.rank_interval.as_ref()?;
        let head = self.explanation.uncertainty.as_ref()?;
        let places = [
            ("p5", interval.p5.to_string()),
            ("p50", interval.p50.to_string()),
            ("p95", interval.p95.to_string()),
            ("tier", interval.tier_title.clone().unwrap_or_else(|| "–".to_owned())),
            ("draws", head.draws.to_string()),
            ("seed", head.seed.to_string()),
        ];
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Some(self.say("explain.interval", &places))
    }

    fn strengths(&self) -> String {
        let mut text = self.say("explain.strengths", &[]);
        for sides in &self.explanation.strengths {
            for (key, found) in
                [("explain.stronger", &sides.strengths), ("explain.weaker", &sides.weaknesses)]
            {
                let list: Vec<String> = found.iter().map(|side| self.side(side)).collect();
                if !list.is_empty() {
                    let places = [("against", sides.title.as_str()), ("list", &list.join(", "))];
                    let _ = write!(text, "\n  {}", self.say(key, &places));
                }
            }
        }
        text
    }

    fn break_even(&self) -> String {
        if self.explanation.break_even.is_empty() {
            return String::new();
        }
        let mut text = self.say("explain.break_even", &[]);
        for rival in &self.explanation.break_even {
            let _ = write!(text, "\n  {}", rival.sentence);
        }
        text
    }

    fn side(&self, side: &Side) -> String {
        let numbers = [side.value, side.compared].map(|value| self.number(Some(value), 0));
        format!("{} ({} / {})", side.title, numbers[0], numbers[1])
    }

    fn dimensions(&self) -> String {
        let place = self.explanation;
        let mut text = self.say("explain.dimensions", &[]);
        let mut shown: Vec<&String> = Vec::new();
        for indicator in &place.indicators {
            let Some(id) = &indicator.dimension else { continue };
            let Some(dimension) = place.dimensions.get(id).filter(|_| !shown.contains(&id)) else {
                continue;
            };
            shown.push(id);
            let line = self.say(
                "explain.dimension",
                &[
                    ("title", &dimension.title),
                    ("score", &self.number(dimension.score, 1)),
                    ("national", &self.number(dimension.national_score, 1)),
                    ("contribution", &self.number(dimension.contribution, 1)),
                    ("weight", &self.number(Some(dimension.weight), 0)),
                    ("coverage", &self.session.language.percent(dimension.coverage)),
                ],
            );
            let _ = write!(text, "\n  {line}");
        }
        let _ = write!(text, "\n  {}", place.contribution_method);
        text
    }

    fn indicators(&self) -> String {
        let mut text = self.say("explain.indicators", &[]);
        for indicator in &self.explanation.indicators {
            let _ = write!(text, "\n  {}", self.indicator(indicator));
        }
        text
    }

    fn indicator(&self, indicator: &ExplainedIndicator) -> String {
        let code = indicator.code.as_deref().unwrap_or("");
        let name = format!("{code:<4} {}", indicator.title);
        let decimals = usize::from(indicator.decimals);
        if indicator.raw_value.is_none() {
            let why = indicator.unavailable_reason.as_deref().unwrap_or(&indicator.status_text);
            return format!("{name}\n         – {why}");
        }
        let line = self.say(
            "explain.indicator",
            &[
                ("value", &self.number(indicator.raw_value, decimals)),
                ("unit", &indicator.unit),
                ("period", indicator.period.as_deref().unwrap_or("–")),
                ("status", &indicator.status_text),
                ("national", &self.number(indicator.national_value, decimals)),
                ("normalised", &self.number(indicator.normalised_value, 0)),
                ("highest", &self.number(indicator.highest_value, 0)),
                ("weight", &self.number(Some(indicator.weight), 0)),
                ("contribution", &self.number(indicator.contribution, 2)),
            ],
        );
        format!("{name}\n         {line}")
    }

    fn flags(&self) -> String {
        let place = self.explanation;
        let mut text = self.say("explain.flags", &[]);
        for flag in &place.flags {
            let severity = self.say(&format!("severity.{}", severity(flag.severity)), &[]);
            let _ = write!(text, "\n  {} {severity}: {}", flag.id, flag.text);
        }
        if place.flags.is_empty() {
            let _ = write!(text, "\n  {}", self.say("explain.no_flags", &[]));
        }
        if !place.flags_unknown.is_empty() {
            let ids: Vec<&str> = place.flags_unknown.iter().map(|flag| flag.id.as_str()).collect();
            let unknown = self.say(
                "explain.flags_unknown",
                &[("count", &ids.len().to_string()), ("ids", &ids.join(", "))],
            );
            let _ = write!(text, "\n  {unknown}");
        }
        text
    }

    /// Lists each table once, with the measures read from it.
    fn sources(&self) -> String {
        let values = self.explanation.indicators.iter().filter(|one| one.raw_value.is_some());
        let mut tables: Vec<(String, Vec<String>)> = Vec::new();
        for measure in values.flat_map(|indicator| &indicator.receipt.measures) {
            let table = format!(
                "{} · {} · {} · {}",
                measure.publisher,
                measure.table,
                measure.reference_date.as_deref().unwrap_or("–"),
                measure.licence,
            );
            let sum = measure.checksum.as_deref().unwrap_or("–");
            let made_of = measure.as_published.as_ref().map(|text| format!("\n      {text}"));
            let name = format!(
                "{} (sha256 {}…){}",
                measure.measure,
                sum.get(..8).unwrap_or(sum),
                made_of.unwrap_or_default()
            );
            match tables.iter_mut().find(|(known, _)| *known == table) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => tables.push((table, vec![name])),
            }
        }
        if tables.is_empty() {
            return String::new();
        }
        let lines: Vec<String> = tables
            .into_iter()
            .map(|(table, names)| format!("  {table}\n    {}", names.join("\n    ")))
            .collect();
        format!("{}\n{}", self.say("explain.sources", &[]), lines.join("\n"))
    }
}

/// Names a severity as files do.
pub fn severity(severity: scoring::flags::Severity) -> &'static str {
    use scoring::flags::Severity;
    match severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Information => "information",
    }
}
