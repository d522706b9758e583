//! Tables with odd codes, and selections that mostly fit them.

use proptest::prelude::*;
use proptest::sample::select;
use pxweb::selection::{Placement, Selection, VariableSelection};
use pxweb::{Table, Variable};

use crate::builders::{table, variable, with_list};

/// Codes that real tables have, and some that only a mean one would.
const CODES: [&str; 26] = [
    "0", "1", "01", "0301", "0302", "1103", "105+", "00-06", "80+", "K-0301", "k-0301", "EAK",
    "Ålesund", "ålesund", "a b", "a,b", "x(y)", "[z]", "q]r", "2023", "2024", "2024M01", "*",
    "a?c", "top(1)", "É",
];

const NAMES: [&str; 5] = ["Region", "Kjonn", "ContentsCode", "Tid", "Næring"];

fn codes() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(CODES.to_vec(), 1..9).prop_shuffle()
}

/// One to four variables; the first has two code lists.
pub fn tables() -> impl Strategy<Value = Table> {
    let names = proptest::sample::subsequence(NAMES.to_vec(), 1..5).prop_shuffle();
    let one = (codes(), any::<bool>());
    (names, proptest::collection::vec(one, 4), codes(), codes()).prop_map(
        |(names, variables, sums, set)| {
            let variables = names.iter().zip(&variables).map(|(name, (codes, elimination))| {
                Variable { elimination: *elimination, ..variable(name, codes) }
            });
            let table = table(variables.collect());
            with_list(with_list(table, "agg_Sums", &sums), "vs_Set", &set)
        },
    )
}

/// `{3}` stands for a code of the variable, `{U3}` for the same in capitals.
fn code() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => (0_usize..9).prop_map(|at| format!("{{{at}}}")),
        4 => (0_usize..9).prop_map(|at| format!("{{U{at}}}")),
        1 => select(CODES.to_vec()).prop_map(str::to_owned),
    ]
}

fn item() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => code(),
        8 => (select(vec!["top", "BOTTOM"]), 1_usize..5, 0_usize..4)
            .prop_map(|(name, count, offset)| format!("{name}({count},{offset})")),
        6 => (code(), code()).prop_map(|(first, last)| format!("Range({first},{last})")),
        6 => (select(vec!["from", "TO"]), code()).prop_map(|(name, code)| format!("{name}({code})")),
        8 => select(vec!["*", "0*", "*1", "*3*", "k*", "Å*", "**", "zz*", "*é"])
            .prop_map(str::to_owned),
        6 => select(vec!["?", "0?0?", "?*", "??????", "A?C"]).prop_map(str::to_owned),
        1 => select(vec!["top(0)", "top(1, 2)", "a*b", "range(1)", "", " ", "nowhere", "top(2"])
            .prop_map(str::to_owned),
    ]
}

fn filled(mut item: String, codes: &[String]) -> String {
    for at in 0..9 {
        let code = &codes[at % codes.len()];
        item = item.replace(&format!("{{{at}}}"), code);
        item = item.replace(&format!("{{U{at}}}"), &code.to_uppercase());
    }
    item
}

fn asked() -> impl Strategy<Value = VariableSelection> {
    let list = prop_oneof![
        24 => Just(None),
        4 => Just(Some("agg_Sums")),
        4 => Just(Some("vs_Set")),
        1 => select(vec![Some("agg_sums"), Some("AGG_Sums"), Some("Sums")]),
    ];
    (list, proptest::collection::vec(item(), 1..4)).prop_map(|(list, items)| VariableSelection {
        variable: String::new(),
        code_list: list.map(str::to_owned),
        items,
    })
}

fn spelled(code: &str, how: u8) -> String {
    match how {
        0..=5 => code.to_owned(),
        6 => code.to_lowercase(),
        7 => code.to_uppercase(),
        8 if code == "Tid" => "TIME".to_owned(),
        8 => code.to_owned(),
        _ => "Nothing".to_owned(),
    }
}

/// Selections with names of variables in all spellings, some left out, some twice, some wrong.
pub fn table_and_selection() -> impl Strategy<Value = (Table, Selection)> {
    let each = proptest::collection::vec((asked(), 0_u8..10, 0_u8..24), 5);
    let lists = proptest::option::of((proptest::collection::vec(0_usize..4, 0..4), 0_usize..4));
    (tables(), each, lists, any::<u64>()).prop_map(|(table, each, lists, turn)| {
        let count = table.variables.len();
        let mut variables = Vec::new();
        for (at, (asked, how, fate)) in each.into_iter().enumerate() {
            let is_extra = at >= count;
            if (is_extra && fate > 0) || fate == 23 {
                continue;
            }
            let code = &table.variables[at % count].code;
            let how = if how == 9 && fate > 2 { 0 } else { how };
            // Only the first variable has lists.
            let code_list = asked.code_list.clone().filter(|_| at == 0 || fate == 22);
            let offered = match &code_list {
                Some(id) if table.code_lists.contains_key(id) => {
                    table.code_lists[id].values.iter().map(|value| value.code.clone()).collect()
                }
                _ => table.variables[at % count].codes.clone(),
            };
            let items = asked.items.into_iter().map(|item| filled(item, &offered)).collect();
            variables.push(VariableSelection { variable: spelled(code, how), code_list, items });
        }
        // Nothing at all is the default selection, which is another rule.
        if variables.is_empty() {
            let variable = table.variables[0].code.clone();
            variables.push(VariableSelection { variable, ..VariableSelection::default() });
        }
        let turn = usize::try_from(turn % 5).unwrap_or(0) % variables.len();
        variables.rotate_left(turn);
        let name = |at: &usize| table.variables[at % count].code.clone();
        let placement = lists.map(|(order, cut)| {
            let cut = cut.min(order.len());
            let names: Vec<String> = order.iter().map(name).collect();
            Placement { stub: names[..cut].to_vec(), heading: names[cut..].to_vec() }
        });
        (table, Selection { variables, placement })
    })
}
