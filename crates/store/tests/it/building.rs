use store::build::SnapshotBuilder;
use store::{Snapshot, ValueStatus};

use crate::{figure, small, told};

/// Why `change` makes the small snapshot impossible.
fn refusal(change: impl FnOnce(&mut SnapshotBuilder)) -> String {
    let mut builder = small();
    change(&mut builder);
    told(&builder.bytes().expect_err("contradictory content"))
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    assert_eq!(small().bytes().expect("sound"), small().bytes().expect("sound"));
}

#[test]
fn the_order_of_the_content_does_not_matter() {
    let mut turned = small();
    turned.figures.reverse();
    turned.municipalities.reverse();
    assert_eq!(small().bytes().expect("sound"), turned.bytes().expect("sound"));
}

#[test]
fn the_header_says_geopackage_1_4() {
    let bytes = small().bytes().expect("sound");
    assert_eq!(&bytes[..16], b"SQLite format 3\0");
    assert_eq!(&bytes[68..72], b"GPKG");
    assert_eq!(bytes[60..64], 10_400_u32.to_be_bytes());
}

#[test]
fn writing_replaces_the_file_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("small.gpkg");
    std::fs::write(&path, "something else").expect("written");
    let seal = small().write(&path).expect("written");
    assert_eq!(Snapshot::open(&path).expect("whole").seal(), seal);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn a_failed_write_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("absent/small.gpkg");
    let error = small().write(&path).expect_err("no such folder");
    assert!(told(&error).starts_with("cannot write the snapshot `"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn content_that_contradicts_itself_is_refused_by_name() {
    let where_it_is = "the snapshot cannot be built: figure `population_persons`, `2024`, `0301`";
    assert_eq!(
        refusal(|builder| builder.figures.push(figure("0301", Some(1.0), ValueStatus::Ok))),
        format!("{where_it_is} occurs twice")
    );
    assert_eq!(
        refusal(|builder| builder.figures[0].status = ValueStatus::NotCollected),
        format!("{where_it_is}: status `not_collected` with value Some(717710.0)")
    );
    assert_eq!(
        refusal(|builder| builder.figures[0].value = None),
        format!("{where_it_is}: status `ok` with value None")
    );
    assert_eq!(
        refusal(|builder| builder.figures[0].value = Some(f64::NAN)),
        format!("{where_it_is}: the value is not a number")
    );
    assert_eq!(
        refusal(|builder| builder.figures[0].source = "nav".to_owned()),
        format!("{where_it_is}: unknown source `nav`")
    );
    assert_eq!(
        refusal(|builder| builder.measures[0].measure = "figure".to_owned()),
        "the snapshot cannot be built: a measure cannot be named `figure`"
    );
    assert_eq!(
        refusal(|builder| builder.created = "yesterday".to_owned()),
        "the snapshot cannot be built: `yesterday` is not a date such as 2026-11-21"
    );
}

#[test]
fn a_national_figure_has_code_zero() {
    let mut builder = small();
    builder.figures.push(figure("0", Some(5_550_203.0), ValueStatus::Ok));
    assert!(builder.bytes().is_ok());
}
