//! The rules one by one, as the reference tells them; and that what is said in an address or a
//! body is read the same.

use proptest::prelude::*;
use pxweb::selection::{Placement, Selection, VariableSelection};
use pxweb::{FaultKind, Table};

use crate::builders::{asked, optional, selection, table, variable, with_list};
use crate::strategies;

fn population() -> Table {
    let table = table(vec![
        optional("Region", &["0", "0301", "0302", "1103", "K-0301"]),
        optional("Alder", &["000", "001", "104", "105+"]),
        variable("ContentsCode", &["Personer1"]),
        variable("Tid", &["2020", "2021", "2022", "2023", "2024"]),
    ]);
    let table = with_list(table, "agg_KommSummer", &["K-0301", "K-1103"]);
    with_list(table, "vs_Fylker", &["03", "11"])
}

/// One line per variable as a reader would see it, or the fault.
fn said(variables: Vec<VariableSelection>) -> String {
    let table = population();
    match selection(variables).evaluate(&table, 800_000) {
        Err(fault) => fault.to_string(),
        Ok(evaluated) => {
            let line = |one: &pxweb::selection::EvaluatedVariable| {
                format!("{}={}", table.variables[one.variable].code, one.codes.join(" "))
            };
            let mut lines: Vec<String> = evaluated.variables.iter().map(line).collect();
            let gone = evaluated.silently_eliminated.iter();
            lines.extend(gone.map(|at| format!("silently without {}", table.variables[*at].code)));
            lines.join("; ")
        }
    }
}

/// What the items mean for one variable, the mandatory ones given.
fn of(variable: &str, items: &[&str]) -> String {
    let mut all = vec![asked(variable, items)];
    for (other, item) in [("ContentsCode", "Personer1"), ("Tid", "2024")] {
        if other != variable {
            all.push(asked(other, &[item]));
        }
    }
    let said = said(all);
    let rest = said.replace("; ContentsCode=Personer1", "").replace("; Tid=2024", "");
    rest.replace("ContentsCode=Personer1; ", "")
}

#[test]
fn top_counts_the_newest_of_time_and_the_first_of_others() {
    let lines = [
        of("Tid", &["top(2)"]),
        of("Tid", &["top(2,1)"]),
        of("Tid", &["Bottom(2)"]),
        of("Region", &["TOP(2)"]),
        of("Region", &["bottom(2,1)"]),
        of("Tid", &["top(99,4)"]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Tid=2023 2024
    Tid=2022 2023
    Tid=2020 2021
    Region=0 0301
    Region=0302 1103
    Tid=2020
    ");
}

#[test]
fn the_answer_is_in_the_table_s_order_and_overlap_does_no_harm() {
    let lines = [
        of("Region", &["1103", "0301"]),
        of("Region", &["0*", "0301", "k-0301"]),
        of("Region", &["range(1103,0301)"]),
        of("Alder", &["range(104,105+)"]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Region=0301 1103
    Region=0 0301 0302 K-0301
    Region=0301 0302 1103
    Alder=104 105+
    ");
}

#[test]
fn each_refusal_names_the_variable_the_code_and_the_nearest() {
    let lines = [
        of("Regoin", &["0301"]),
        of("Region", &["0303"]),
        of("Region", &["range(0301,1104)"]),
        of("Region", &["0301", "0301"]),
        of("Region", &["0*1"]),
        of("Region", &[""]),
        of("Tid", &["1999*"]),
        said(vec![asked("ContentsCode", &["*"])]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Non-existent variable: variable `Regoin`; nearest: Region
    Non-existent value: variable `Region`, `0303`; nearest: 0301, 0302, 03, 0
    Non-existent value: variable `Region`, `1104`; nearest: 1103, 11
    Selected twice: variable `Region`, `0301`
    Illegal selection expression: variable `Region`, `0*1`
    Non-existent value: variable `Region`, ``
    Missing selection for mandantory variable: variable `Tid`
    Missing selection for mandantory variable: variable `Tid`
    ");
}

#[test]
fn a_wildcard_that_fits_nothing_leaves_the_variable_out() {
    assert_eq!(of("Region", &["99*"]), "silently without Region");
}

#[test]
fn a_code_list_is_followed_when_it_is_the_variable_s() {
    let through = |list: &str, item: &str| {
        let region =
            VariableSelection { code_list: Some(list.to_owned()), ..asked("Region", &[item]) };
        said(vec![region, asked("ContentsCode", &["*"]), asked("time", &["top(1)"])])
    };
    let lines = [
        through("agg_KommSummer", "*"),
        through("agg_KommSummer", "0301"),
        through("agg_kommsummer", "*"),
        through("KommSummer", "*"),
        through("vs_Fylker", "1*"),
        of("Region", &["03"]),
        of("Region", &["K-1103"]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Region=K-0301 K-1103; ContentsCode=Personer1; Tid=2024
    Non-existent value: variable `Region`, `0301`; nearest: K-0301
    Non-existent codelist: variable `Region`, `agg_kommsummer`; nearest: agg_KommSummer
    Non-existent codelist: variable `Region`, `KommSummer`; nearest: agg_KommSummer
    Region=11; ContentsCode=Personer1; Tid=2024
    Region=03
    Non-existent value: variable `Region`, `K-1103`; nearest: 1103, K-0301, 11
    ");
}

#[test]
fn a_list_that_was_not_read_is_our_fault_and_is_said_so() {
    let mut table = population();
    table.code_lists.remove("agg_KommSummer");
    let region = VariableSelection {
        code_list: Some("agg_KommSummer".to_owned()),
        ..asked("Region", &["*"])
    };
    let selection = selection(vec![region]);
    assert_eq!(selection.code_lists_to_read(&table), ["agg_KommSummer"]);
    let fault = selection.evaluate(&table, 1).expect_err("not read");
    assert_eq!(fault.kind, FaultKind::UnreadCodeList);
}

#[test]
fn too_many_cells_is_said_with_both_numbers() {
    let all = vec![asked("Region", &["*"]), asked("ContentsCode", &["*"]), asked("Tid", &["*"])];
    let fault = selection(all).evaluate(&population(), 24).expect_err("25 cells");
    assert_eq!(fault.places(), [("cells", "25".to_owned()), ("limit", "24".to_owned())]);
}

#[test]
fn a_placement_decides_the_order_unless_it_is_illegal() {
    let order = |stub: &[&str], heading: &[&str]| {
        let names = |list: &[&str]| list.iter().map(|code| (*code).to_owned()).collect();
        let placement = Some(Placement { stub: names(stub), heading: names(heading) });
        let variables =
            vec![asked("Tid", &["*"]), asked("Region", &["*"]), asked("ContentsCode", &["*"])];
        let table = population();
        let evaluated =
            Selection { variables, placement }.evaluate(&table, 100).expect("a sound selection");
        let code =
            |one: &pxweb::selection::EvaluatedVariable| table.variables[one.variable].code.as_str();
        let order: Vec<&str> = evaluated.variables.iter().map(code).collect();
        let legal = if evaluated.placed.is_some() { "" } else { " (as the table)" };
        format!("{}{legal}", order.join(" "))
    };
    let lines = [
        order(&["time", "Region"], &["contentscode"]),
        order(&[], &["Region"]),
        order(&["Region"], &[]),
        order(&["Region"], &["Tid"]),
        order(&["Region", "Alder"], &[]),
        order(&["Region", "Region"], &["Tid"]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Tid Region ContentsCode
    Tid ContentsCode Region
    Region Tid ContentsCode
    Region ContentsCode Tid (as the table)
    Region ContentsCode Tid (as the table)
    Region ContentsCode Tid (as the table)
    ");
}

/// Undoes percent-encoding, as a server does before anything else.
fn decoded(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
        while let [first, tail @ ..] = rest {
            match (first, tail) {
                (b'%', [high, low, tail @ ..]) => {
                    let pair = [*high, *low];
                    let hex = std::str::from_utf8(&pair).expect("two digits");
                    bytes.push(u8::from_str_radix(hex, 16).expect("two digits"));
                    rest = tail;
                }
                (b'+', tail) => {
                    bytes.push(b' ');
                    rest = tail;
                }
                (byte, tail) => {
                    bytes.push(*byte);
                    rest = tail;
                }
            }
        }
        String::from_utf8(bytes).expect("UTF-8 went in")
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').expect("each has a value"));
    pairs.map(|(key, value)| (decode(key), decode(value))).collect()
}

/// As an address says it: variables without items are not in it, nor those named twice.
fn sayable(mut selection: Selection) -> Selection {
    let mut seen: Vec<String> = Vec::new();
    selection.variables.retain(|asked| {
        let lower = asked.variable.to_lowercase();
        let is_new = !seen.contains(&lower);
        seen.push(lower);
        is_new && !asked.items.is_empty()
    });
    selection.placement = selection.placement.filter(|placed| *placed != Placement::default());
    selection
}

proptest! {
    #[test]
    fn what_fits_in_an_address_is_read_the_same((_, asked) in strategies::table_and_selection()) {
        let asked = sayable(asked);
        let read = Selection::from_query(&decoded(&asked.to_query())).expect("our own words");
        if asked.fits_in_query() {
            prop_assert_eq!(read, asked);
        } else {
            prop_assert_ne!(read, asked);
        }
    }

    #[test]
    fn odd_codes_survive_the_address(items in proptest::collection::vec("[a-cæøå0-9+,&# \\[\\]()*?%=]{0,6}", 1..5)) {
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        let asked = selection(vec![asked("Næring/+[x]", &items)]);
        let read = Selection::from_query(&decoded(&asked.to_query())).expect("our own words");
        prop_assert_eq!(read == asked, asked.fits_in_query());
    }

    #[test]
    fn everything_survives_the_body((_, asked) in strategies::table_and_selection()) {
        let text = asked.to_body().to_string();
        let body = serde_json::from_str(&text).expect("JSON");
        let mut asked = asked;
        asked.placement = asked.placement.filter(|placed| *placed != Placement::default());
        prop_assert_eq!(Selection::from_body(&body), Ok(asked));
    }
}

#[test]
fn commas_and_plus_signs_fit_in_an_address() {
    let odd =
        selection(vec![asked("Alder", &["105+", "range(065,105+)", "a b", "æ", "a,b", "[z]"])]);
    assert!(odd.fits_in_query());
}
