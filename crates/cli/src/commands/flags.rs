//! `grunnlag flags`.

use evidence::answers::FlagList;

use super::{Session, explain::severity};
use crate::args::{FlagsArguments, Format};
use crate::failure::Failure;
use crate::formats::{self, Cell, Column, Sheet};

/// Lists raised flags, and says how many could not be judged.
pub fn run(session: &Session<'_>, typed: &FlagsArguments) -> Result<(), Failure> {
    let evidence = session.evidence()?;
    if typed.back_test {
        return super::model::back_tests(session, &evidence, &typed.output);
    }
    let mut question = session.question(&evidence, typed.model.as_deref(), None)?;
    question.thresholds = session.thresholds(&typed.threshold)?;
    let flags = evidence
        .flags(typed.municipality.as_deref(), &question)
        .map_err(|error| session.failure(&error))?;
    if typed.output.format == Format::Table {
        session.note(&[heading(session, &flags)]);
    }
    let output = session.output(typed.output.out.as_deref());
    formats::write(&sheet(session, &flags), &flags, typed.output.format, &output)?;
    if let (Format::Table, [one]) = (typed.output.format, flags.municipalities.as_slice()) {
        let unknown = one.flags_unknown.iter();
        session.note(
            &unknown
                .map(|flag| {
                    let places = [
                        ("id", flag.id.as_str()),
                        ("title", &flag.title),
                        ("reason", &flag.reason),
                    ];
                    session.say("flags.unknown", &places)
                })
                .collect::<Vec<String>>(),
        );
    }
    Ok(())
}

fn heading(session: &Session<'_>, flags: &FlagList) -> String {
    let count = |of: fn(&evidence::answers::MunicipalityFlags) -> usize| {
        flags.municipalities.iter().map(of).sum::<usize>().to_string()
    };
    session.say(
        "flags.heading",
        &[
            ("raised", &count(|place| place.flags.len())),
            ("clear", &count(|place| place.flags_clear.len())),
            ("unknown", &count(|place| place.flags_unknown.len())),
            ("snapshot", &flags.snapshot.id),
        ],
    )
}

fn sheet(session: &Session<'_>, flags: &FlagList) -> Sheet {
    let say = |key: &str| session.say(key, &[]);
    let columns = vec![
        Column::text("municipality_code", say("column.code")),
        Column::text("name", say("column.municipality")),
        Column::text("flag", say("column.flag")),
        Column::text("severity", say("column.severity")),
        Column::text("title", say("column.title")).off_screen(),
        Column::number("value", say("column.value"), 2).off_screen(),
        Column::number("threshold", say("column.threshold"), 2).off_screen(),
        Column::text("unit", say("column.unit")).off_screen(),
        Column::text("period", say("column.period")).off_screen(),
        Column::text("value_status", say("column.status")).off_screen(),
        Column::text("source", say("column.source")).off_screen(),
        Column::text("text", say("column.text")),
        Column::text("basis", say("column.basis")).off_screen(),
        Column::text("back_test_missing", say("column.back_test_missing")).off_screen(),
    ];
    let mut rows = Vec::new();
    for place in &flags.municipalities {
        for flag in &place.flags {
            rows.push(vec![
                Cell::from(place.municipality_code.clone()),
                place.name.clone().into(),
                flag.id.clone().into(),
                say(&format!("severity.{}", severity(flag.severity))).into(),
                flag.title.clone().into(),
                flag.value.into(),
                flag.threshold.into(),
                flag.unit.clone().into(),
                flag.period.clone().into(),
                flag.value_status.clone().into(),
                flag.source.clone().into(),
                flag.text.clone().into(),
                flag.basis.clone().into(),
                flag.back_test_missing.clone().into(),
            ]);
        }
    }
    Sheet { name: say("flags.sheet"), columns, rows }
}
