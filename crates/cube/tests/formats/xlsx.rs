//! Excel workbooks.

use cube::xlsx;

use crate::made::{self, dimension};

#[test]
fn the_same_cube_gives_the_same_bytes() {
    let mut cube = made::cube(
        vec![dimension(
            "Region",
            "region",
            &[("0301", "=cmd|' /C calc'!A0"), ("1103", "Stavanger")],
        )],
        &[Some(1.5), None],
    );
    cube.notes.push("+1 is text".to_owned());
    let bytes = xlsx::to_vec(&cube).expect("a small cube");
    assert!(bytes.starts_with(b"PK\x03\x04"));
    assert_eq!(xlsx::to_vec(&cube).expect("a small cube"), bytes);
}

#[test]
fn a_cube_beyond_the_rows_of_a_sheet_is_refused() {
    let names: Vec<String> = (0..1100).map(|at| at.to_string()).collect();
    let wide =
        |code: &str| cube::Dimension::new(code, names.clone(), Vec::new()).expect("distinct");
    let cube = made::cube(vec![wide("a"), wide("b")], &vec![None; 1_210_000]);
    insta::assert_snapshot!(
        xlsx::to_vec(&cube).expect_err("too many rows"),
        @"1210000 cells are more than the 1048575 that are allowed here"
    );
}
