//! Planning an extract of ten million cells.

use std::time::{Duration, Instant};

use pxweb::client::Pace;
use pxweb::plan::{Limits, Plan};
use pxweb::selection::{Selection, VariableSelection};
use pxweb::{Table, Variable};

use crate::{repeated, row};

/// Prints the rows on plans: shapes that divide well, and one that does not.
pub fn run() {
    let names = ["Region", "Alder", "ContentsCode", "Tid"];
    for sizes in [[360, 106, 2, 132], [34_097, 2, 3, 49], [357, 106, 10, 27]] {
        let shape: Vec<(&str, usize)> = names.into_iter().zip(sizes).collect();
        planning(&shape);
    }
}

fn planning(sizes: &[(&str, usize)]) {
    let (table, selection) = everything_of(sizes);
    let limits = Limits {
        max_cells: 800_000,
        max_url: 2_000,
        max_body: 1_000_000,
        pace: Pace { calls: 30, window: Duration::from_secs(60) },
    };
    let mut requests = 0;
    let mut times = repeated(20, || {
        let start = Instant::now();
        let plan = Plan::make(&table, &selection, &limits).expect("codes of the table");
        requests = plan.blocks.len();
        start.elapsed()
    });
    let cells: u64 = sizes.iter().map(|(_, size)| *size as u64).product();
    let shape: Vec<String> = sizes.iter().map(|(_, size)| size.to_string()).collect();
    let shape = shape.join(" × ");
    row(&format!("plan for {cells} cells ({shape})"), &mut times, "5 ms", None);
    let least = cells.div_ceil(limits.max_cells);
    let ratio = requests as f64 / least as f64;
    println!(
        "| its requests | {requests} | – | {least} + 5 % | cells / limit, rounded up: {least} | {ratio:.2} |"
    );
}

fn everything_of(sizes: &[(&str, usize)]) -> (Table, Selection) {
    let variables = sizes.iter().map(|(code, size)| {
        let codes: Vec<String> = (0..*size).map(|at| format!("{at:04}")).collect();
        Variable {
            code: (*code).to_owned(),
            labels: codes.clone(),
            codes,
            is_time: *code == "Tid",
            is_metric: *code == "ContentsCode",
            ..Variable::default()
        }
    });
    let table = Table { id: "made".to_owned(), variables: variables.collect(), ..Table::default() };
    let all = |(code, _): &(&str, usize)| VariableSelection {
        variable: (*code).to_owned(),
        items: vec!["*".to_owned()],
        ..VariableSelection::default()
    };
    let selection =
        Selection { variables: sizes.iter().map(all).collect(), ..Selection::default() };
    (table, selection)
}
