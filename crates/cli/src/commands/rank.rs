//! `grunnlag rank`.

use evidence::answers::{MunicipalityScore, Ranking, RankingUncertainty, RobustTierHead};

use super::Session;
use crate::args::{Format, RankArguments};
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// Ranks the municipalities.
pub fn run(session: &Session<'_>, typed: &RankArguments) -> Result<(), Failure> {
    let evidence = session.evidence_as_of(typed.as_of.as_deref())?;
    let mut question =
        session.question(&evidence, typed.model.as_deref(), typed.weights.as_deref())?;
    question.county.clone_from(&typed.county);
    question.top = typed.top.map(|top| top as usize);
    question.thresholds = session.thresholds(&typed.threshold)?;
    question.uncertainty = typed.uncertainty.asked();
    let ranking = evidence.rank(&question).map_err(|error| session.failure(&error))?;
    if let Some(file) = &typed.draws_out {
        let draws = evidence.draws(&question).map_err(|error| session.failure(&error))?;
        let text = formats::as_json(&draws, session.texts, session.language)?;
        session.output(Some(file)).text(&text)?;
    }
    if typed.output.format == Format::Table {
        session.note(&heading(session, &ranking));
    }
    let output = session.output(typed.output.out.as_deref());
    formats::write(&sheet(session, &ranking), &ranking, typed.output.format, &output)
}

fn heading(session: &Session<'_>, ranking: &Ranking) -> Vec<String> {
    let places = [
        ("title", ranking.model_title.as_str()),
        ("model", &ranking.model),
        ("ranked", &ranking.ranked.to_string()),
        ("not_ranked", &ranking.not_ranked.to_string()),
        ("snapshot", &ranking.snapshot.id),
        ("created", &ranking.snapshot.created),
    ];
    let mut lines = vec![session.say("rank.heading", &places)];
    if let Some(uncertainty) = &ranking.uncertainty {
        let places = [
            ("draws", uncertainty.draws.to_string()),
            ("seed", uncertainty.seed.to_string()),
            ("spread", session.language.percent(uncertainty.choices.weights.spread)),
            ("tier_top", uncertainty.tier_top.to_string()),
            ("tiers", tiers(session, uncertainty)),
        ];
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lines.push(session.say("rank.uncertainty", &places));
    }
    lines.extend(ranking.notes.iter().map(|note| format!("• {note}")));
    lines
}

/// Each tier with the probability it starts from.
fn tiers(session: &Session<'_>, uncertainty: &RankingUncertainty) -> String {
    let tier =
        |tier: &RobustTierHead| format!("{} ≥ {}", tier.title, session.language.percent(tier.from));
    uncertainty.tiers.iter().map(tier).collect::<Vec<String>>().join(", ")
}

fn sheet(session: &Session<'_>, ranking: &Ranking) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let mut columns = vec![
        Column::integer("rank", say("column.rank")),
        Column::text("municipality_code", say("column.code")),
        Column::text("name", say("column.municipality")),
        Column::text("county_code", say("column.county_code")).off_screen(),
        Column::text("county_name", say("column.county")),
        Column::text("status", say("column.status")).off_screen(),
        Column::number("score", say("column.score"), 1),
        Column::number("coverage", say("column.coverage"), 2),
        Column::integer("tier", say("column.tier")),
    ];
    if let Some(uncertainty) = &ranking.uncertainty {
        columns.push(Column::integer("p5", say("column.p5")));
        columns.push(Column::integer("p50", say("column.p50")).off_screen());
        columns.push(Column::integer("p95", say("column.p95")));
        for n in &uncertainty.top {
            let title = session.say("column.p_top", &[("n", &n.to_string())]);
            columns.push(Column::number(&format!("p_top{n}"), title, 2).off_screen());
        }
        columns.push(Column::text("robust_tier", say("column.robust_tier")));
    }
    for dimension in &ranking.dimensions {
        columns.push(Column::number(&format!("{}_score", dimension.id), &dimension.title, 1));
        let title = format!("{} – {}", dimension.title, say("column.coverage"));
        columns.push(Column::number(&format!("{}_coverage", dimension.id), title, 2).off_screen());
    }
    columns.push(Column::text("flags", say("column.flags")));
    columns.push(Column::text("reason", say("column.reason")));
    let rows = ranking.municipalities.iter().map(|place| row(ranking, place)).collect();
    let name = session.say("rank.sheet", &[("model", &ranking.model)]);
    Sheet { name, columns, rows }
}

fn row(ranking: &Ranking, place: &MunicipalityScore) -> Vec<Cell> {
    let mut cells = vec![
        place.rank.into(),
        place.municipality_code.clone().into(),
        place.name.clone().into(),
        place.county_code.clone().into(),
        place.county_name.clone().into(),
        place.status.into(),
        place.score.into(),
        place.coverage.into(),
        place.tier.into(),
    ];
    if let Some(head) = &ranking.uncertainty {
        let found = place.uncertainty.as_ref();
        cells.push(found.map(|one| one.p5).into());
        cells.push(found.map(|one| one.p50).into());
        cells.push(found.map(|one| one.p95).into());
        for at in 0..head.top.len() {
            cells.push(found.and_then(|one| one.p_top.get(at)).map(|top| top.share).into());
        }
        cells.push(found.and_then(|one| one.tier_title.clone()).into());
    }
    for dimension in &ranking.dimensions {
        let score = place.dimensions.get(&dimension.id);
        cells.push(score.and_then(|score| score.score).into());
        cells.push(score.map(|score| score.coverage).into());
    }
    let flags: Vec<&str> = place.flags.iter().map(|flag| flag.id.as_str()).collect();
    cells.push(flags.join(" ").into());
    cells.push(place.reason.clone().into());
    cells
}
