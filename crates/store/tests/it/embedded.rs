use std::collections::BTreeSet;

use store::{Scratch, Snapshot, StoreError, Value, ValueStatus};

fn embedded() -> Snapshot {
    Snapshot::embedded().expect("the program was built around a sound snapshot")
}

/// The only value of a query on the embedded snapshot.
fn value(sql: &str) -> Value {
    let rows = embedded().session().expect("open").rows(sql).expect("a valid query");
    rows.rows[0][0].clone()
}

#[test]
fn the_population_is_the_published_one() {
    let total = "SELECT sum(value) FROM population_persons WHERE period = '2024'";
    assert_eq!(value(total), Value::Real(5_550_203.0));
    let oslo =
        "SELECT value FROM population_persons WHERE year = 2024 AND municipality_code = '0301'";
    assert_eq!(value(oslo), Value::Real(717_710.0));
}

#[test]
fn there_are_357_municipalities_each_with_a_cell_of_its_own() {
    let municipalities = embedded().municipalities().expect("read");
    assert_eq!(municipalities.len(), 357);
    assert!(municipalities.is_sorted_by_key(|municipality| municipality.municipality_code.clone()));
    let cells: BTreeSet<(i32, i32)> = municipalities
        .iter()
        .map(|municipality| (municipality.hexagon_column, municipality.hexagon_row))
        .collect();
    assert_eq!(cells.len(), 357);
}

#[test]
fn it_is_whole() {
    let verification = embedded().verify().expect("read");
    assert_eq!(verification.problems, Vec::<String>::new());
    let info = embedded().info().expect("read");
    assert_eq!(verification.figures, info.figures_by_status.values().sum::<u64>());
    assert_eq!(verification.measures, info.measures);
}

#[test]
fn it_says_what_is_inside() {
    let info = embedded().info().expect("read");
    assert_eq!((info.created.as_str(), info.format_version), ("2026-11-21", 2));
    assert_eq!((info.municipalities, info.measures, info.sources.len()), (357, 100, 19));
    assert_eq!(info.figures_by_status[&ValueStatus::Suppressed], 46);
    assert_eq!(info.figures_by_status[&ValueStatus::NotPublished], 506);
    assert_eq!(info.figures_by_status[&ValueStatus::Estimated], 546);
    assert_eq!(info.oldest_period.as_deref(), Some("2000"));
    assert_eq!(info.newest_period.as_deref(), Some("2026-04-20"));
    assert_eq!(info.id, info.seal[..12]);
}

#[test]
fn every_measure_has_a_view_a_receipt_and_the_coverage_it_claims() {
    let snapshot = embedded();
    let session = snapshot.session().expect("open");
    for measure in snapshot.measures().expect("read") {
        for text in [
            &measure.title_nb,
            &measure.title_en,
            &measure.unit,
            &measure.publisher,
            &measure.licence,
        ] {
            assert!(!text.is_empty(), "{}", measure.measure);
        }
        let sql = format!(
            "SELECT max(period), count(CASE WHEN period = '{}' THEN value END) FROM {}",
            measure.latest_period, measure.measure
        );
        let rows = session.rows(&sql).expect("a view per measure").rows;
        assert_eq!(
            rows[0][0].as_str(),
            Some(measure.latest_period.as_str()),
            "{}",
            measure.measure
        );
        // The municipalities report their planning times in different years; the dictionary counts all.
        if measure.measure != "plan_processing_days" {
            assert_eq!(
                rows[0][1].as_i64(),
                Some(i64::from(measure.coverage_latest)),
                "{}",
                measure.measure
            );
        }
    }
}

#[test]
fn the_changes_of_codes_are_there() {
    let changes = embedded().region_changes().expect("read");
    assert_eq!(changes.len(), 496);
    let haram: Vec<_> = changes.iter().filter(|change| change.old_code == "1507").collect();
    assert_eq!(haram.len(), 2);
}

#[test]
fn sql_has_the_functions_that_indicators_use() {
    assert_eq!(value("SELECT sqrt(4.0)"), Value::Real(2.0));
    assert_eq!(value("SELECT ln(1.0)"), Value::Real(0.0));
    assert_eq!(value("SELECT power(2.0, 3)"), Value::Real(8.0));
}

#[test]
fn a_text_in_double_quotes_is_an_error_as_in_other_engines() {
    let scratch = Scratch::new().expect("memory");
    let error = scratch.rows("SELECT \"ok\"").expect_err("no such column");
    assert!(matches!(error, StoreError::InvalidSql { .. }), "{error}");
}

#[test]
fn a_session_cannot_write() {
    let session = embedded().session().expect("open");
    assert!(session.rows("DELETE FROM figure").is_err());
}

#[test]
fn many_threads_read_at_once() {
    let snapshot = embedded();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(snapshot.clone().municipalities().expect("read").len(), 357));
        }
    });
}
