//! `grunnlag score run`: any table of units and indicators, not only municipalities.

mod read;
mod stages;

use std::path::Path;

use scoring::{Finding, Gravity, Matrix, Model, ModelError, Problem, Run, inspect};
use serde::Serialize;

use super::Session;
use crate::args::{ScoreCommand, ScoreRunArguments};
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// Scores a table by a model file.
pub fn run(session: &Session<'_>, command: &ScoreCommand) -> Result<(), Failure> {
    let ScoreCommand::Run(typed) = command;
    let table = read::Table::open(session, &typed.input, typed.unit.as_deref())?;
    let model = model(session, &typed.model, &table.columns())?;
    let matrix = table.matrix(&model)?;
    refuse(session, &typed.input, &inspect(&model, &matrix))?;
    let run = Run::new(&model, &matrix);
    let Matrix { units, .. } = matrix;
    refuse(session, &typed.input, &run.findings(&model, &units))?;
    let ranking = Ranking::new(&model, &run, &units);
    if let Some(folder) = &typed.stages {
        let stages = stages::Stages { model: &model, run: &run, units: &units, ranking: &ranking };
        stages.write(session, folder)?;
    }
    print(session, typed, &model, &ranking)
}

fn model(session: &Session<'_>, file: &Path, columns: &[&str]) -> Result<Model, Failure> {
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| {
        let places = [("file", shown.as_str()), ("cause", &error.to_string())];
        Failure::usage(session.say("usage.model_file", &places))
    })?;
    Model::parse(&text, columns).map_err(|ModelError { line, problem }| {
        let places = [
            ("file", shown.as_str()),
            ("line", &line.to_string()),
            ("problem", &session.worded(&problem)),
        ];
        Failure::usage(session.say("error.model", &places))
    })
}

/// Stops at the first grave finding, and tells the others beside the answer.
fn refuse(session: &Session<'_>, file: &Path, findings: &[Finding]) -> Result<(), Failure> {
    let shown = file.display().to_string();
    if let Some(grave) = findings.iter().find(|finding| finding.gravity == Gravity::Refused) {
        return Err(refusal(session, &shown, &grave.problem));
    }
    let notes: Vec<String> =
        findings.iter().map(|finding| session.worded(&finding.problem)).collect();
    session.note(&notes);
    Ok(())
}

fn refusal(session: &Session<'_>, file: &str, problem: &Problem) -> Failure {
    let places = [("file", file), ("problem", &*session.worded(problem))];
    Failure::usage(session.say("score.refused", &places))
}

/// Who stands where, the first first.
#[derive(Debug, Serialize)]
struct Ranking {
    /// Model that ranked.
    model: String,
    /// Its version.
    model_version: u32,
    /// Ranked units by rank, then the others as they came.
    units: Vec<Standing>,
}

/// One unit's place.
#[derive(Debug, Serialize)]
struct Standing {
    /// Code of the unit.
    unit: String,
    /// Place from the top; ties share the lowest number.
    rank: Option<usize>,
    /// Score; `null` when the unit is not ranked.
    score: Option<f64>,
    /// Share of the weight that has data, 0 to 1.
    coverage: f64,
    /// Row of the input, from 0.
    #[serde(skip)]
    row: usize,
}

impl Ranking {
    fn new(model: &Model, run: &Run, units: &[String]) -> Self {
        let scores = run.scores(model);
        let ranks = scoring::competition_ranks(&scores);
        let standing = |row: usize| Standing {
            unit: units[row].clone(),
            rank: ranks[row],
            score: scores[row],
            coverage: run.coverage[0][row],
            row,
        };
        let mut standings: Vec<Standing> = (0..units.len()).map(standing).collect();
        standings.sort_by_key(|one| (one.rank.unwrap_or(usize::MAX), one.row));
        Self { model: model.id.clone(), model_version: model.version, units: standings }
    }
}

fn print(
    session: &Session<'_>,
    typed: &ScoreRunArguments,
    model: &Model,
    ranking: &Ranking,
) -> Result<(), Failure> {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::integer("rank", say("column.rank")),
        Column::text("unit", say("column.unit_code")),
        Column::number("score", say("column.score"), 1),
        Column::number("coverage", say("column.coverage"), 2),
    ];
    let row = |one: &Standing| {
        vec![
            one.rank.map_or(Cell::Missing, Cell::from),
            one.unit.clone().into(),
            one.score.map_or(Cell::Missing, Cell::Number),
            Cell::Number(one.coverage),
        ]
    };
    let sheet = Sheet {
        name: model.title.in_language(session.language.code()).to_owned(),
        columns,
        rows: ranking.units.iter().map(row).collect(),
    };
    let to = session.output(typed.output.out.as_deref());
    formats::write(&sheet, ranking, typed.output.format, &to)
}
