//! Running indicators: a gap is not a zero, and nothing passes unchecked.

use std::fs;
use std::path::{Path, PathBuf};

use indicators::{Availability, Evaluation, IndicatorError, Pack, PackFiles, Series};
use store::ValueStatus;

use crate::{evaluation, pack, snapshot};

/// A pack folder with one file of its own; the rest is the built-in pack.
struct OwnPack {
    folder: PathBuf,
}

impl OwnPack {
    fn new(name: &str, id: &str, text: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let indicators = folder.join("boligsektor/indicators");
        fs::create_dir_all(&indicators).expect("make");
        fs::write(indicators.join(format!("{id}.sql")), text).expect("write");
        Self { folder }
    }

    fn load(&self) -> Result<Pack, IndicatorError> {
        Pack::load(&PackFiles::Folder(self.folder.clone()), "boligsektor")
    }
}

impl Drop for OwnPack {
    fn drop(&mut self) {
        // What is left lies in the build folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// An indicator file around `sql`.
fn indicator(inputs: &str, valid: &str, sql: &str) -> String {
    format!(
        r#"/*---
id = "own"
title = {{ nb = "Egen", en = "Own" }}
description = {{ nb = "Egen.", en = "Own." }}
unit = {{ nb = "personer", en = "persons" }}
decimals = 0
better = "none"
inputs = [{inputs}]
valid = {valid}
national = "none"
---*/
{sql}
"#
    )
}

/// Runs an indicator of one's own and says what came of it.
fn run(name: &str, text: &str) -> Result<Series, String> {
    let own = OwnPack::new(name, "own", text);
    let pack = own.load().map_err(|error| error.to_string())?;
    let mut evaluation =
        Evaluation::run(&pack, &snapshot(), &["own"]).map_err(|error| error.to_string())?;
    Ok(evaluation.series.remove("own").expect("it was asked for"))
}

#[test]
fn totals_are_the_published_ones() {
    let sql =
        "SELECT municipality_code, period, value, status FROM population_persons WHERE year = 2024";
    let text = indicator("\"population_persons\"", "{ min = 0, max = 1000000 }", sql);
    let series = run("totals", &text).expect("it runs");
    let values = series.observations.iter().filter_map(|observation| observation.value);
    assert_eq!(values.sum::<f64>(), 5_550_203.0);
    // 0301 has the lowest code.
    assert_eq!(series.observations[0].value, Some(717_710.0));
    assert_eq!(series.newest_period.as_deref(), Some("2024"));
}

#[test]
fn an_indicator_can_read_figures_as_published_on_the_map_of_today() {
    let sql = "SELECT municipality_code, period, value, status
        FROM on_map(population_persons_as_published, 2024) AS population
        WHERE population.year = 2023";
    let text = indicator("\"population_persons\"", "{ min = 0, max = 1000000 }", sql);
    let series = run("on_map", &text).expect("it runs");
    let values = series.observations.iter().filter_map(|observation| observation.value);
    // 1 January 2023: nobody is lost on the way.
    assert_eq!(values.sum::<f64>(), 5_488_984.0);
    let estimates = series.observations.iter().filter(|one| one.status == ValueStatus::Estimated);
    let estimates: Vec<f64> = estimates.filter_map(|one| one.value).collect();
    // 1508 and 1580, by their shares of 2024.
    assert_eq!(estimates.iter().sum::<f64>(), 67_520.0);
    assert_eq!(estimates, [58_209.0, 9311.0]);
}

#[test]
fn a_value_is_absent_exactly_when_its_status_is_a_gap() {
    let pack = pack();
    let evaluation = evaluation(&pack);
    assert_eq!(evaluation.municipalities.len(), 357);
    assert_eq!(evaluation.series.len(), pack.indicators.len());
    for (id, series) in &evaluation.series {
        assert_eq!(series.observations.len(), 357, "{id}");
        for (code, observation) in evaluation.municipalities.iter().zip(&series.observations) {
            assert_eq!(observation.value.is_none(), observation.status.is_gap(), "{id} in {code}");
            assert!(observation.value.is_none_or(f64::is_finite), "{id} in {code}");
            assert!(observation.value.is_none() || observation.period.is_some(), "{id} in {code}");
        }
        let has_value = series.observations.iter().any(|observation| observation.value.is_some());
        assert_eq!(series.availability == Availability::Available, has_value, "{id}");
    }
}

#[test]
fn a_measure_that_is_missing_makes_the_indicator_unavailable_and_is_named() {
    let pack = pack();
    let present: Vec<String> =
        snapshot().measures().expect("read").into_iter().map(|measure| measure.measure).collect();
    let mut unavailable = 0;
    for (id, series) in &evaluation(&pack).series {
        let inputs = &pack.indicators[id].inputs;
        let missing: Vec<String> =
            inputs.iter().filter(|input| !present.contains(input)).cloned().collect();
        if missing.is_empty() {
            assert!(!matches!(series.availability, Availability::MeasuresMissing(_)), "{id}");
            continue;
        }
        unavailable += 1;
        assert_eq!(series.availability, Availability::MeasuresMissing(missing), "{id}");
        assert_eq!(series.national, None, "{id}");
        assert!(
            series.observations.iter().all(|gap| gap.status == ValueStatus::NotCollected),
            "{id}"
        );
    }
    assert!(unavailable > 0, "every measure has come; this test needs another example");
}

#[test]
fn the_national_value_lies_among_the_municipal_ones() {
    for (id, series) in &evaluation(&pack()).series {
        let Some(national) = series.national else { continue };
        let values = || series.observations.iter().filter_map(|observation| observation.value);
        let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
        assert!((low..=high).contains(&national), "{id}: {national} is outside {low} to {high}");
    }
}

#[test]
fn a_value_outside_the_valid_range_stops_the_evaluation() {
    let sql = "SELECT municipality_code, period, value, status FROM population_persons WHERE year = 2024 ORDER BY 1";
    let text = indicator("\"population_persons\"", "{ min = 0, max = 500000 }", sql);
    let own = OwnPack::new("range", "own", &text);
    let pack = own.load().expect("the pack holds together");
    let error = Evaluation::run(&pack, &snapshot(), &["own"]).expect_err("Oslo is larger");
    let IndicatorError::Row { indicator, municipality_code, period, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (indicator.as_str(), municipality_code.as_str(), period.as_str()),
        ("own", "0301", "2024")
    );
    insta::assert_snapshot!(error, @"indicator `own`, municipality 0301, 2024: the value 717710 is outside 0 to 500000");
}

#[test]
fn values_and_statuses_that_contradict_each_other_stop_the_evaluation() {
    let row = |value: &str, status: &str| {
        let sql = format!(
            "SELECT '0301' AS municipality_code, '2024' AS period, {value} AS value, {status} AS status"
        );
        let text = indicator("\"population_persons\"", "{ min = 0, max = 10 }", &sql);
        match run(&format!("contradiction-{value}-{status}"), &text) {
            Ok(series) => {
                format!("{:?} {}", series.observations[0].value, series.observations[0].status)
            }
            Err(error) => error,
        }
    };
    insta::assert_snapshot!(row("1", "'suppressed'"), @"indicator `own`, municipality 0301, 2024: the value 1 has the gap status `suppressed`");
    insta::assert_snapshot!(row("NULL", "'ok'"), @"indicator `own`, municipality 0301, 2024: a gap has the value status `ok`");
    insta::assert_snapshot!(row("1", "NULL"), @"indicator `own`, municipality 0301, 2024: the value 1 has the gap status `not_published`");
    insta::assert_snapshot!(row("1", "'missing_source'"), @"indicator `own`, municipality 0301, 2024: unknown status `missing_source`");
    insta::assert_snapshot!(row("NULL", "NULL"), @"None not_published");
    insta::assert_snapshot!(row("0", "'ok'"), @"Some(0.0) ok");
}

#[test]
fn sql_that_does_not_run_is_told_with_its_indicator() {
    let sql = "SELECT municipality_code, period, value, status FROM population_person";
    let said = run("broken", &indicator("\"population_persons\"", "{ min = 0, max = 1 }", sql));
    insta::assert_snapshot!(said.expect_err("no such view"), @"indicator `own`: its SQL does not run");
    let sql = "SELECT municipality_code, period, value FROM population_persons";
    let said = run("columns", &indicator("\"population_persons\"", "{ min = 0, max = 1 }", sql));
    insta::assert_snapshot!(said.expect_err("no status"), @"`boligsektor/indicators/own.sql` line 1: the SQL returns no column `status`");
}

#[test]
fn a_file_that_breaks_the_rules_is_told_with_its_line() {
    let good = indicator("\"population_persons\"", "{ min = 0, max = 1 }", "SELECT 1");
    let said = |name: &str, text: &str| match OwnPack::new(name, "own", text).load() {
        Ok(_) => "loaded".to_owned(),
        Err(error) => error.to_string(),
    };
    assert_eq!(said("good", &good), "loaded");
    insta::assert_snapshot!(said("id", &good.replace("id = \"own\"", "id = \"other\"")), @"`boligsektor/indicators/own.sql` line 2: `id` must be the file's name");
    insta::assert_snapshot!(said("input", &good.replace("population_persons", "people")), @"`boligsektor/indicators/own.sql` line 1: input `people` is not in measures.toml");
    insta::assert_snapshot!(said("key", &good.replace("decimals", "decimal")), @"`boligsektor/indicators/own.sql` line 6: unknown field `decimal`, expected one of `id`, `title`, `description`, `unit`, `decimals`, `better`, `inputs`, `valid`, `national`, `look_back_years`");
    insta::assert_snapshot!(said("better", &good.replace("\"none\"\ninputs", "\"more\"\ninputs")), @"`boligsektor/indicators/own.sql` line 7: unknown variant `more`, expected one of `higher`, `lower`, `none`");
    insta::assert_snapshot!(said("open", &good.replace("/*---\n", "")), @"`boligsektor/indicators/own.sql` line 1: the first line must be `/*---`");
    insta::assert_snapshot!(said("closed", &good.replace("---*/", "")), @"`boligsektor/indicators/own.sql` line 1: the front matter is not closed by `---*/`");
}

#[test]
fn the_newest_row_with_a_value_is_used_and_only_within_reach() {
    let rows = "SELECT '0301' AS municipality_code, '2020' AS period, 1 AS value, 'ok' AS status
        UNION ALL SELECT '0301', '2022', NULL, 'suppressed'
        UNION ALL SELECT '1101', '2022', 3, 'ok'
        UNION ALL SELECT '1103', '2019', 4, 'ok'";
    let plain = indicator("\"population_persons\"", "{ min = 0, max = 10 }", rows);
    let shown = |series: &Series| {
        let three: Vec<String> = series.observations[..3]
            .iter()
            .map(|one| {
                format!("{:?} {} {}", one.value, one.status, one.period.as_deref().unwrap_or("-"))
            })
            .collect();
        three.join("\n")
    };
    insta::assert_snapshot!(shown(&run("newest", &plain).expect("it runs")), @r"
    None suppressed 2022
    Some(3.0) ok 2022
    None not_published 2022
    ");
    let far = plain.replace("national = \"none\"", "national = \"none\"\nlook_back_years = 2");
    insta::assert_snapshot!(shown(&run("look-back", &far).expect("it runs")), @r"
    Some(1.0) ok 2020
    Some(3.0) ok 2022
    None not_published 2022
    ");
}
