use pxweb::client::{Hours, OutputFormat, Settings, TableRef};
use pxweb::selection::Selection;

use crate::fakes::{World, answer};

const DATA: &str = r#"{"class":"dataset","dimension":{},"value":[1]}"#;

/// When data was asked for, in UTC, and for what reasons the client waited until then.
fn asked_at(now: &str, hours: Hours) -> String {
    let world = World::new([answer(200, DATA)]);
    *world.now.lock().expect("one thread") = now.parse().expect("a time");
    let client = world.client_with(Settings { hours, seed: Some(3), ..Settings::default() });
    let table = TableRef { id: "07459".to_owned(), ..TableRef::default() };
    let asked = client.data(&table, &Selection::default(), &OutputFormat::json_stat());
    asked.expect("the server answers");
    let asked_at = world.now.lock().expect("one thread").strftime("%H:%M").to_string();
    format!("{asked_at}: {}", world.story())
}

#[test]
fn work_that_nobody_waits_for_keeps_away_until_the_peak_is_over() {
    assert_eq!(
        asked_at("2026-01-15T04:01:00Z", Hours::Wait),
        "07:15: waiting (zeros), waiting (peak), asked"
    );
    assert_eq!(asked_at("2026-07-15T09:31:00Z", Hours::Wait), "09:35: waiting (reload), asked");
    assert_eq!(asked_at("2026-07-15T09:36:00Z", Hours::Wait), "09:36: asked");
}

#[test]
fn somebody_who_waits_is_told_of_zeros_and_waits_only_for_the_reload() {
    let story = asked_at("2026-01-15T06:57:00Z", Hours::Warn);
    assert!(story.starts_with("06:57: MayBeZeros"), "{story}");
    let story = asked_at("2026-01-15T10:31:00Z", Hours::Warn);
    assert_eq!(story, "10:35: waiting (reload), asked");
}

#[test]
fn who_asks_at_any_hour_is_let() {
    assert_eq!(asked_at("2026-01-15T04:01:00Z", Hours::Ignore), "04:01: asked");
}

#[test]
fn the_catalogue_may_be_read_while_figures_are_zeros() {
    let world = World::new([answer(200, r#"{"tables":[],"page":{}}"#)]);
    *world.now.lock().expect("one thread") = "2026-01-15T05:00:00Z".parse().expect("a time");
    let tables = world.client().all_tables(&pxweb::client::TablesQuery::default());
    assert_eq!(tables.map(|tables| tables.len()), Ok(0));
    assert_eq!(world.story(), "asked");
}
