//! Counties since 2017.
//!
//! Few enough to be a table. Parts of 05 Oppland went to 30 Viken (Jevnaker and Lunner), and a
//! municipality moves now and then; a county's history is its main line, as Klass 104 has it,
//! and a municipality's county is that of its own code.

use jiff::civil::{Date, date};

use super::{Change, ChangeKind, Level, Unit};

const SPRING_2018: Option<Date> = Some(date(2018, 1, 1));
const SPRING_2020: Option<Date> = Some(date(2020, 1, 1));
const SPRING_2024: Option<Date> = Some(date(2024, 1, 1));

/// Code, name, first day, first day without it.
type Row = (&'static str, &'static str, Option<Date>, Option<Date>);

const COUNTIES: &[Row] = &[
    ("01", "Østfold", None, SPRING_2020),
    ("02", "Akershus", None, SPRING_2020),
    ("03", "Oslo", None, None),
    ("04", "Hedmark", None, SPRING_2020),
    ("05", "Oppland", None, SPRING_2020),
    ("06", "Buskerud", None, SPRING_2020),
    ("07", "Vestfold", None, SPRING_2020),
    ("08", "Telemark", None, SPRING_2020),
    ("09", "Aust-Agder", None, SPRING_2020),
    ("10", "Vest-Agder", None, SPRING_2020),
    ("11", "Rogaland", None, None),
    ("12", "Hordaland", None, SPRING_2020),
    ("14", "Sogn og Fjordane", None, SPRING_2020),
    ("15", "Møre og Romsdal", None, None),
    ("16", "Sør-Trøndelag", None, SPRING_2018),
    ("17", "Nord-Trøndelag", None, SPRING_2018),
    ("18", "Nordland", None, None),
    ("19", "Troms", None, SPRING_2020),
    ("20", "Finnmark", None, SPRING_2020),
    ("30", "Viken", SPRING_2020, SPRING_2024),
    ("31", "Østfold", SPRING_2024, None),
    ("32", "Akershus", SPRING_2024, None),
    ("33", "Buskerud", SPRING_2024, None),
    ("34", "Innlandet", SPRING_2020, None),
    ("38", "Vestfold og Telemark", SPRING_2020, SPRING_2024),
    ("39", "Vestfold", SPRING_2024, None),
    ("40", "Telemark", SPRING_2024, None),
    ("42", "Agder", SPRING_2020, None),
    ("46", "Vestland", SPRING_2020, None),
    ("50", "Trøndelag", SPRING_2018, None),
    ("54", "Troms og Finnmark", SPRING_2020, SPRING_2024),
    ("55", "Troms", SPRING_2024, None),
    ("56", "Finnmark", SPRING_2024, None),
];

/// New code and the old ones that went into it.
const MERGED: &[(&str, &[&str])] = &[
    ("50", &["16", "17"]),
    ("30", &["01", "02", "06"]),
    ("34", &["04", "05"]),
    ("38", &["07", "08"]),
    ("42", &["09", "10"]),
    ("46", &["12", "14"]),
    ("54", &["19", "20"]),
];

/// Old code and the new ones that it was divided into.
const SPLIT: &[(&str, &[&str])] =
    &[("30", &["31", "32", "33"]), ("38", &["39", "40"]), ("54", &["55", "56"])];

/// Counties with their spans.
pub(super) fn units() -> impl Iterator<Item = Unit> {
    COUNTIES.iter().map(|(code, name, from, until)| Unit {
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        level: Level::County,
        parent: None,
        from: *from,
        until: *until,
    })
}

/// What became of them. The shares of those that were divided follow from their
/// municipalities, not from here.
pub(super) fn changes() -> impl Iterator<Item = Change> {
    let merged = MERGED.iter().flat_map(|(new, olds)| {
        olds.iter().map(|old| change(old, new, ChangeKind::Merged, Some(1.0)))
    });
    let split = SPLIT
        .iter()
        .flat_map(|(old, news)| news.iter().map(|new| change(old, new, ChangeKind::Split, None)));
    merged.chain(split)
}

fn change(old: &str, new: &str, kind: ChangeKind, weight: Option<f64>) -> Change {
    let begins = COUNTIES.iter().find(|row| row.0 == new).and_then(|row| row.2);
    Change {
        level: Level::County,
        date: begins.expect("each county that came of others has a first day"),
        old_code: old.to_owned(),
        new_code: new.to_owned(),
        kind,
        weight,
        weight_basis: weight.map(|_| "whole_unit".to_owned()),
        note: None,
    }
}
