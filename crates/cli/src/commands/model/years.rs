//! `grunnlag model years`, and what the flags were worth over the years.

use evidence::Evidence;
use evidence::answers::{BackTestList, YearsReport};

use crate::args::{Format, OutputArguments};
use crate::commands::Session;
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// Scores and ranks by a model in every year that figures are known for.
pub fn years(
    session: &Session<'_>,
    evidence: &Evidence,
    (id, municipality): (&str, Option<&str>),
    output: &OutputArguments,
) -> Result<(), Failure> {
    let question = session.question(evidence, Some(id), None)?;
    let report =
        evidence.years(&question, municipality).map_err(|error| session.failure(&error))?;
    if output.format == Format::Table {
        session.note(&[heading(session, &report)]);
    }
    let to = session.output(output.out.as_deref());
    formats::write(&sheet(session, &report), &report, output.format, &to)
}

fn heading(session: &Session<'_>, report: &YearsReport) -> String {
    if report.years.is_empty() {
        return session.say("years.none", &[]);
    }
    let year = |head: &evidence::answers::YearHead| {
        let places = [
            ("year", head.year.to_string()),
            ("ranked", head.ranked.to_string()),
            ("new", head.indicators_new.to_string()),
        ];
        session.say("years.year", &places.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    let years: Vec<String> = report.years.iter().map(year).collect();
    let places = [
        ("title", report.model_title.as_str()),
        ("model", &report.model),
        ("years", &years.join("; ")),
    ];
    session.say("years.heading", &places)
}

fn sheet(session: &Session<'_>, report: &YearsReport) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("municipality_code", say("column.code")),
        Column::text("name", say("column.municipality")),
        Column::integer("year", say("column.year")),
        Column::number("score", say("column.score"), 1),
        Column::integer("rank", say("column.rank")),
        Column::integer("of", say("column.of")),
        Column::number("cagr", say("column.cagr"), 3),
        Column::integer("places_gained", say("column.places_gained")),
    ];
    let rows = report.municipalities.iter().flat_map(|place| {
        place.years.iter().map(|at| {
            vec![
                place.municipality_code.clone().into(),
                place.name.clone().into(),
                Cell::Integer(i64::from(at.year)),
                at.score.map_or(Cell::Missing, Cell::Number),
                at.rank.map_or(Cell::Missing, Cell::from),
                at.of.into(),
                place.cagr.map_or(Cell::Missing, Cell::Number),
                place.places_gained.map_or(Cell::Missing, Cell::Integer),
            ]
        })
    });
    Sheet { name: say("years.sheet"), columns, rows: rows.collect() }
}

/// How often each flag came before what it warns of.
pub fn back_tests(
    session: &Session<'_>,
    evidence: &Evidence,
    output: &OutputArguments,
) -> Result<(), Failure> {
    let found = evidence.back_tests(session.language).map_err(|error| session.failure(&error))?;
    if output.format == Format::Table {
        session.note(&[session.say("back_test.heading", &[])]);
    }
    let to = session.output(output.out.as_deref());
    formats::write(&tested(session, &found), &found, output.format, &to)
}

fn tested(session: &Session<'_>, found: &BackTestList) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let count = |key: &'static str| Column::integer(key, say(&format!("column.{key}")));
    let share = |key: &'static str| Column::number(key, say(&format!("column.{key}")), 2);
    let columns = vec![
        Column::text("id", say("column.id")),
        Column::text("title", say("column.title")),
        Column::text("window", say("column.window")),
        count("hits"),
        count("false_alarms"),
        count("misses"),
        count("quiet"),
        share("hit_rate"),
        share("false_alarm_rate"),
        share("precision"),
        share("base_rate"),
        Column::text("not_counted", say("column.not_counted")),
    ];
    let number = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Number);
    let whole = |value: Option<usize>| value.map_or(Cell::Missing, Cell::from);
    let text = |value: Option<String>| value.map_or(Cell::Missing, Cell::Text);
    let rows = found.flags.iter().map(|flag| {
        vec![
            flag.id.clone().into(),
            flag.title.clone().into(),
            text(flag.window.map(|[after, within]| format!("{after}–{within}"))),
            whole(flag.hits),
            whole(flag.false_alarms),
            whole(flag.misses),
            whole(flag.quiet),
            number(flag.hit_rate),
            number(flag.false_alarm_rate),
            number(flag.precision),
            number(flag.base_rate),
            text(flag.missing.clone()),
        ]
    });
    Sheet { name: say("back_test.sheet"), columns, rows: rows.collect() }
}
