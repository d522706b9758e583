//! Figures on other maps: conversions in the snapshot, and `on_map` in SQL.

use insta::assert_snapshot;
use store::build::{Figure, ModelledShare, SnapshotBuilder};
use store::{QueryLimits, RegionConversion, Snapshot, Value, ValueStatus};

use crate::{figure, municipality, small, told};

fn conversion(from_year: i16, from_code: &str, to_code: &str, cut: [f64; 2]) -> RegionConversion {
    let kind = match cut {
        [0.0, 1.0] if from_code == to_code => "unchanged",
        [0.0, 1.0] if to_code == "3103" => "merged",
        [0.0, 1.0] => "renumbered",
        _ => "split",
    };
    RegionConversion {
        from_year,
        from_code: from_code.to_owned(),
        to_year: 2024,
        to_code: to_code.to_owned(),
        share_from: cut[0],
        share_to: cut[1],
        kind: kind.to_owned(),
        basis: (kind == "split").then(|| "population_2024-01-01".to_owned()),
    }
}

/// 2023: 0101 is 3101's old number, 0104 and 0136 became 3103, 1507 was divided.
fn moving() -> SnapshotBuilder {
    let mut builder = small();
    let today = ["0301", "1508", "1580", "3101", "3103"];
    builder.municipalities = today.map(|code| municipality(code, code)).to_vec();
    let whole = [0.0, 1.0];
    builder.region_conversions = [2022, 2023]
        .into_iter()
        .flat_map(|year| {
            [
                conversion(year, "0301", "0301", whole),
                conversion(year, "0101", "3101", whole),
                conversion(year, "0104", "3103", whole),
                conversion(year, "0136", "3103", whole),
                conversion(year, "1507", "1508", [0.0, 0.8621]),
                conversion(year, "1507", "1580", [0.8621, 1.0]),
            ]
        })
        .chain(today.map(|code| conversion(2024, code, code, whole)))
        .collect();
    builder.figures = vec![in_2023("0301", Some(700_000.0)), in_2023("3101", Some(10.0))];
    builder.figures.extend([in_2023("3103", Some(5.0)), in_2023("1508", Some(57_859.0))]);
    builder
        .figures
        .extend([in_2023("1580", Some(9255.0)), figure("0301", None, ValueStatus::Suppressed)]);
    builder.published = vec![in_2023("0101", Some(10.0)), in_2023("0104", Some(2.0))];
    builder.published.extend([in_2023("0136", Some(3.0)), in_2023("1507", Some(67_114.0))]);
    builder.modelled = ["1508", "1580"].map(modelled).to_vec();
    builder
}

fn in_2023(code: &str, value: Option<f64>) -> Figure {
    let status = if value.is_some() { ValueStatus::Ok } else { ValueStatus::Suppressed };
    Figure { period: "2023".to_owned(), ..figure(code, value, status) }
}

fn modelled(code: &str) -> ModelledShare {
    ModelledShare {
        municipality_code: code.to_owned(),
        measure: "population_persons".to_owned(),
        period: "2023".to_owned(),
        share: 1.0,
    }
}

fn snapshot(builder: &SnapshotBuilder) -> (tempfile::TempDir, Snapshot) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("moving.gpkg");
    builder.write(&path).expect("sound content");
    let snapshot = Snapshot::open(&path).expect("whole");
    (folder, snapshot)
}

/// What a query gives, within the limits that queries from outside have.
fn asked(builder: &SnapshotBuilder, sql: &str) -> String {
    let (_folder, snapshot) = snapshot(builder);
    let shown = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(_) => "blob".to_owned(),
    };
    match snapshot.query(sql, &QueryLimits::default()) {
        Ok(rows) => rows
            .rows
            .iter()
            .map(|row| row.iter().map(shown).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join("\n"),
        Err(store::StoreError::InvalidSql { reason, line: Some(line), column: Some(column) }) => {
            format!("{reason} ({line}:{column})")
        }
        Err(error) => told(&error),
    }
}

const ALL: &str = "SELECT * FROM on_map(population_persons_as_published, 2024)
    WHERE year = 2023 ORDER BY municipality_code";

#[test]
fn figures_as_published_come_out_on_the_map_asked_for() {
    assert_snapshot!(asked(&moving(), ALL), @r"
    0301 2023 2023 700000 ok 0
    1508 2023 2023 57859 estimated 1
    1580 2023 2023 9255 estimated 1
    3101 2023 2023 10 ok 0
    3103 2023 2023 5 ok 0
    ");
}

#[test]
fn a_missing_part_makes_the_sum_a_gap_with_the_reason() {
    let mut builder = moving();
    builder.published[1] = in_2023("0104", None);
    builder.published[3] = in_2023("1507", None);
    assert_snapshot!(asked(&builder, ALL), @r"
    0301 2023 2023 700000 ok 0
    1508 2023 2023 - suppressed -
    1580 2023 2023 - suppressed -
    3101 2023 2023 10 ok 0
    3103 2023 2023 - suppressed -
    ");
    builder.published.remove(1);
    assert_snapshot!(asked(&builder, ALL), @r"
    0301 2023 2023 700000 ok 0
    1508 2023 2023 - suppressed -
    1580 2023 2023 - suppressed -
    3101 2023 2023 10 ok 0
    3103 2023 2023 - not_published -
    ");
}

#[test]
fn totals_are_kept() {
    let sql = "SELECT sum(value) FROM on_map('population_persons_as_published', 2024)
        UNION ALL SELECT sum(value) FROM population_persons_as_published";
    assert_snapshot!(asked(&moving(), sql), @r"
    767129
    767129
    ");
}

#[test]
fn a_published_figure_that_needed_no_conversion_stays_what_it_is() {
    let sql = "SELECT municipality_code, value FROM population_persons_as_published
        WHERE year = 2023 ORDER BY 1";
    assert_snapshot!(asked(&moving(), sql), @r"
    0101 10
    0104 2
    0136 3
    0301 700000
    1507 67114
    ");
    let sql = "SELECT measure, region_code, value, source FROM figure_as_published ORDER BY 2";
    assert_snapshot!(asked(&moving(), sql), @r"
    population_persons 0101 10 ssb
    population_persons 0104 2 ssb
    population_persons 0136 3 ssb
    population_persons 1507 67114 ssb
    ");
    let sql = "SELECT * FROM figure_modelled";
    assert_snapshot!(asked(&moving(), sql), @r"
    population_persons 1508 2023 2023 1
    population_persons 1580 2023 2023 1
    ");
}

#[test]
fn on_map_is_read_only_where_a_table_stands() {
    let cases = [
        "SELECT 'on_map(x, 2024)' AS \"on_map(x, 2024)\" -- FROM on_map(x, 2024)",
        "SELECT count(*) FROM /* on_map(x, 2024) */ On_Map ( population_persons_as_published , 2024 ) AS a\n\
         JOIN on_map(population_persons, 2024) AS b USING (municipality_code, period)",
        "SELECT on_map(population_persons, 2024)",
        "SELECT *\nFROM on_map(population_persons, 1999)",
        "SELECT *\nFROM on_map(people, 2024)",
        "SELECT *\nFROM on_map(municipality, 2024)",
        "SELECT *\nFROM on_map(population_persons)",
        "SELECT wrong FROM on_map(population_persons, 2024) AS moved",
        "SELECT 1 FROM on_map(population_persons, 2024) AS moved\nWHERE wrong = 1",
        "WITH on_map AS (SELECT 1 AS one) SELECT one FROM on_map",
    ];
    let told: Vec<String> = cases.iter().map(|sql| asked(&moving(), sql)).collect();
    assert_snapshot!(told.join("\n"), @r"
    on_map(x, 2024)
    6
    on_map stands after FROM or JOIN, as in on_map(population_persons, 2024) (1:8)
    figures cannot be moved to the map of 1999; known: 2024 (2:6)
    the query is not valid: no such table: people
    on_map needs a column `value` in municipality (2:6)
    on_map stands after FROM or JOIN, as in on_map(population_persons, 2024) (2:6)
    no such column: wrong (1:8)
    no such column: wrong (2:7)
    1
    ");
}

#[test]
fn a_table_that_the_query_names_itself_will_do() {
    let sql = "WITH halves AS (
            SELECT municipality_code, period, value / 2 AS value, status
            FROM population_persons_as_published
        ) SELECT municipality_code, value FROM on_map(halves, 2024)
        WHERE municipality_code > '1508' ORDER BY 1";
    assert_snapshot!(asked(&moving(), sql), @r"
    1580 4628
    3101 5
    3103 2.5
    ");
}

#[test]
fn contradictions_about_regions_are_refused() {
    let refusal = |change: &dyn Fn(&mut SnapshotBuilder)| {
        let mut builder = moving();
        change(&mut builder);
        told(&builder.bytes().expect_err("contradictory content"))
    };
    let faults = [
        refusal(&|builder| builder.region_conversions[4].share_to = 0.9),
        refusal(&|builder| builder.modelled[0].share = 1.5),
        refusal(&|builder| builder.modelled[0].municipality_code = "9999".to_owned()),
        refusal(&|builder| builder.published.push(in_2023("0101", Some(1.0)))),
        refusal(&|builder| builder.measures[0].measure = "a_as_published".to_owned()),
    ];
    assert_snapshot!(faults.join("\n"), @r"
    the snapshot cannot be built: the shares of `1507` of 2022 in 2024 do not add up to 1
    the snapshot cannot be built: modelled share of `population_persons`, `2023`, `1508`: it is not between 0 and 1
    the snapshot cannot be built: modelled share of `population_persons`, `2023`, `9999`: there is no such value
    the snapshot cannot be built: figure `population_persons`, `2023`, `0101` occurs twice
    the snapshot cannot be built: a measure cannot be named `a_as_published`
    ");
}

#[test]
fn conversions_come_back_as_they_went_in() {
    let builder = moving();
    let (_folder, snapshot) = snapshot(&builder);
    let mut given = builder.region_conversions;
    given.sort_by(|left, right| {
        (left.from_year, &left.from_code).cmp(&(right.from_year, &right.from_code))
    });
    assert_eq!(snapshot.region_conversions().expect("readable"), given);
    assert!(snapshot.verify().expect("readable").is_whole());
}
