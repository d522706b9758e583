//! A cube that becomes a table is the same cube when it comes back.

use arrow_array::Array;
use cube::{Cube, Dimension, Role, Statuses, Unit, Values, columns, jsonstat};
use proptest::prelude::*;

fn names(cube: &Cube) -> Vec<String> {
    let schema = columns::to_batch(cube).schema();
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

fn dimension(code: &str, codes: &[&str]) -> Dimension {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    Dimension::new(code, codes, Vec::new()).expect("distinct codes")
}

fn cube(dimensions: Vec<Dimension>) -> Cube {
    let cells = dimensions.iter().map(Dimension::len).product::<usize>();
    let values = (0..cells).map(|cell| (cell % 3 > 0).then_some(cell as f64 / 2.0)).collect();
    let mut statuses = Statuses::none();
    for cell in (0..cells).step_by(3) {
        statuses.set(cell, cells, if cell % 2 == 0 { ":" } else { ".." });
    }
    Cube::new(dimensions, values, statuses).expect("as many values as cells")
}

fn comes_back(cube: &Cube) {
    let parquet = columns::from_parquet(&columns::to_parquet(cube)).expect("our own Parquet");
    let ipc = columns::from_ipc(&columns::to_ipc(cube)).expect("our own Arrow");
    let written = columns::from_batch(&columns::to_batch(cube)).expect("our own batch");
    let given = columns::from_batch(&columns::into_batch(cube.clone())).expect("our own batch");
    let json = jsonstat::read(&jsonstat::to_vec(cube)).expect("our own JSON-stat");
    for back in [parquet, ipc, written, given, json] {
        assert!(back == *cube, "{} columns", names(cube).len());
    }
}

#[test]
fn columns_are_codes_labels_value_and_status() {
    let cube = cube(vec![dimension("Region", &["0301", "1103"]), dimension("Tid", &["2024"])]);
    assert_eq!(names(&cube), ["Region", "Region_label", "Tid", "Tid_label", "value", "status"]);
}

#[test]
fn dimensions_whose_columns_would_share_a_name_come_back() {
    let codes = ["value", "A", "A_label", "a", "status", "value_exact", "", "dimension"];
    let cube = cube(codes.map(|code| dimension(code, &["x", "y"])).to_vec());
    let mut lower: Vec<String> = names(&cube).iter().map(|name| name.to_lowercase()).collect();
    lower.sort();
    lower.dedup();
    assert_eq!(lower.len(), names(&cube).len());
    comes_back(&cube);
}

#[test]
fn a_label_that_two_codes_share_stands_once_in_its_dictionary() {
    let labels = ["Herøy", "Herøy", "Våler"].map(|label| Some(label.to_owned()));
    let codes = ["1515", "1818", "3419"].map(str::to_owned);
    let region = Dimension::new("Region", codes.to_vec(), labels.to_vec()).expect("distinct");
    let cube = cube(vec![dimension("Tid", &["2024", "2025"]), region]);
    let batch = columns::to_batch(&cube);
    let column = batch.column_by_name("Region_label").expect("it has labels");
    let dictionary = column
        .as_any()
        .downcast_ref::<arrow_array::DictionaryArray<arrow_array::types::Int16Type>>()
        .expect("few categories");
    assert_eq!(dictionary.values().len(), 2);
    assert_eq!(dictionary.keys().values(), &[0, 0, 1, 0, 0, 1]);
    comes_back(&cube);
}

#[test]
fn metadata_and_a_cube_without_dimensions_come_back() {
    comes_back(&cube(vec![dimension("Region", &["0301", "1103"])]).without_values());
    comes_back(&cube(Vec::new()));
    comes_back(&Cube::default());
    comes_back(&cube(vec![dimension("Region", &[])]));
}

#[test]
fn whole_numbers_beyond_f64_come_back_with_every_digit() {
    let document = br#"{"id": ["A"], "size": [3], "dimension": {"A": {"category":
        {"index": ["a", "b", "c"]}}}, "value": [9007199254740993, null, 1]}"#;
    let cube = jsonstat::read(document).expect("a dataset");
    comes_back(&cube);
    let back = columns::from_parquet(&columns::to_parquet(&cube)).expect("our own");
    assert_eq!(back.values().exact(0), Some("9007199254740993"));
}

#[test]
fn more_categories_than_sixteen_bits_come_back() {
    for count in [32_767, 32_768, 70_000] {
        let codes = (0..count).map(|code| code.to_string()).collect();
        let many = Dimension::new("many", codes, Vec::new()).expect("distinct");
        comes_back(&cube(vec![dimension("few", &["a", "b", "c"]), many]));
    }
}

#[test]
fn the_same_cube_gives_the_same_bytes() {
    let make = || cube(vec![dimension("Region", &["0301", "1103"]), dimension("Tid", &["2024"])]);
    assert!(columns::to_parquet(&make()) == columns::to_parquet(&make()));
    assert!(columns::to_ipc(&make()) == columns::to_ipc(&make()));
}

#[test]
fn rows_that_were_sorted_otherwise_find_their_cells() {
    let cube =
        cube(vec![dimension("Region", &["0301", "1103"]), dimension("Tid", &["2024", "2025"])]);
    let batch = columns::to_batch(&cube);
    let halves = [batch.slice(2, 2), batch.slice(0, 2)];
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None)
        .expect("a schema that Parquet knows");
    for half in &halves {
        writer.write(half).expect("memory takes it");
    }
    let bytes = writer.into_inner().expect("memory takes it");
    assert!(columns::from_parquet(&bytes).expect("every cell is there") == cube);

    let refused = columns::from_batch(&batch.slice(0, 3)).expect_err("a row is gone");
    assert_eq!(refused.to_string(), "rows: there are 3 rows for 4 cells");
}

#[test]
fn other_files_are_refused_in_one_sentence() {
    let fields = vec![arrow_schema::Field::new("value", arrow_schema::DataType::Int64, true)];
    let batch = arrow_array::RecordBatch::new_empty(arrow_schema::Schema::new(fields).into());
    let lines = [
        columns::from_parquet(b"PAR1 but not really").expect_err("cut").to_string(),
        columns::from_parquet(b"").expect_err("empty").to_string(),
        columns::from_ipc(b"ARROW1").expect_err("cut").to_string(),
        columns::from_batch(&batch).expect_err("foreign").to_string(),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r##"
    not Parquet: Parquet error: Invalid Parquet file. Corrupt footer (the file)
    not Parquet: EOF: Parquet file too small. Size is 0 but need 8 (the file)
    not Arrow: Io error: invalid seek to a negative or overflowing position (the file)
    not Arrow: the table does not say which cube it is (metadata grunnlag.cube)
    "##);
}

prop_compose! {
    fn any_dimension(code: String)(
        categories in proptest::collection::btree_map("[a-cÆ☃_\"]{0,3}", proptest::option::of("[ab]{0,2}"), 0..4),
        label in proptest::option::of(".{0,4}"),
        role in proptest::option::of(0..4_usize),
        decimals in proptest::option::of(any::<u8>()),
        notes in proptest::collection::vec(".{0,3}", 0..2),
    ) -> Dimension {
        let (codes, labels): (Vec<String>, Vec<Option<String>>) = categories.into_iter().rev().unzip();
        let first = codes.first().cloned();
        let mut dimension = Dimension::new(code.clone(), codes, labels).expect("a map has distinct keys");
        dimension.label = label;
        dimension.role = role.map(|at| [Role::Time, Role::Geo, Role::Metric, Role::Classification][at]);
        if let Some(first) = first {
            dimension.units.insert(first.clone(), Unit { base: Some("kr".to_owned()), decimals, ..Unit::default() });
            dimension.children.insert(first.clone(), vec![first.clone()]);
            dimension.coordinates.insert(first.clone(), [10.5, -59.0]);
            dimension.category_notes.insert(first, notes.clone());
        }
        dimension.notes = notes;
        dimension.extension.insert("show".to_owned(), decimals.into());
        dimension
    }
}

fn any_cube() -> impl Strategy<Value = Cube> {
    proptest::collection::btree_set("[aAvV]{0,2}(_label)?|value|status", 0..4)
        .prop_flat_map(|codes| codes.into_iter().map(any_dimension).collect::<Vec<_>>())
        .prop_flat_map(|dimensions| {
            let cells = dimensions.iter().map(Dimension::len).product::<usize>();
            let number = prop_oneof![
                any::<i32>().prop_map(f64::from),
                any::<f64>().prop_filter("JSON has no other", |number| number.is_finite()),
                (-1_000_000..1_000_000_i64).prop_map(|number| number as f64 / 100.0),
                any::<i64>().prop_map(|number| number as f64),
            ];
            let cell = (proptest::option::of(number), "[.:p☃]{0,2}");
            let cells = prop_oneof![Just(0), Just(cells)]
                .prop_flat_map(move |cells| proptest::collection::vec(cell.clone(), cells));
            (Just(dimensions), cells)
        })
        .prop_map(|(dimensions, cells)| {
            let values: Values = cells.iter().map(|(number, _)| *number).collect();
            let mut statuses = Statuses::none();
            for (cell, (_, symbol)) in cells.iter().enumerate() {
                statuses.set(cell, cells.len(), symbol);
            }
            let mut cube =
                Cube::new(dimensions, values, statuses).expect("as many as cells, or none");
            cube.label = Some("label".to_owned());
            cube.other.insert("odd".to_owned(), serde_json::json!({"a": [1, 2.5, null]}));
            cube
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_cube_comes_back(cube in any_cube()) {
        comes_back(&cube);
    }
}
