//! Plans: their blocks tile the cube, and each request means just its block.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use pxweb::Table;
use pxweb::client::Pace;
use pxweb::plan::{Limits, Plan};
use pxweb::selection::{Evaluated, Selection};

use crate::builders::{asked, long, selection, table};
use crate::strategies;

fn limits(max_cells: u64) -> Limits {
    let pace = Pace { calls: 30, window: Duration::from_secs(60) };
    Limits { max_cells, max_url: 2_100, max_body: 1_000_000, pace }
}

fn lengths(evaluated: &Evaluated) -> Vec<u64> {
    evaluated.variables.iter().map(|one| one.codes.len() as u64).collect()
}

/// The cells of the whole cube that a part of it covers, in the part's own order.
fn cells_of(part: &Evaluated, whole: &Evaluated) -> Vec<u64> {
    let mut cells = vec![0];
    for (one, all) in part.variables.iter().zip(&whole.variables) {
        assert_eq!(one.variable, all.variable, "the order of the plan");
        assert_eq!(one.code_list, all.code_list);
        let position = |code: &String| all.codes.iter().position(|other| other == code);
        let positions: Vec<u64> = one
            .codes
            .iter()
            .map(|code| position(code).expect("a code of the plan") as u64)
            .collect();
        let length = all.codes.len() as u64;
        cells = cells
            .iter()
            .flat_map(|cell| positions.iter().map(move |at| cell * length + at))
            .collect();
    }
    cells
}

/// Checks that the requests, carried out, are the cube from its first cell to its last.
fn check(plan: &Plan, table: &Table, limits: &Limits) -> Result<(), TestCaseError> {
    let mut next = 0;
    for block in &plan.blocks {
        prop_assert_eq!(block.first_cell, next);
        prop_assert!(block.cells <= limits.max_cells, "{} cells", block.cells);
        let said = &block.selection;
        let asked = said.evaluate(table, limits.max_cells).expect("a sound request");
        prop_assert_eq!(asked.variables.len(), plan.evaluated.variables.len());
        let cells = cells_of(&asked, &plan.evaluated);
        prop_assert_eq!(cells, (next..next + block.cells).collect::<Vec<_>>());
        if !block.by_post {
            prop_assert!(said.to_query().len() < limits.max_url);
            prop_assert!(said.fits_in_query());
        }
        next += block.cells;
    }
    prop_assert_eq!(next, plan.cells);
    prop_assert_eq!(plan.cells, lengths(&plan.evaluated).iter().product::<u64>());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn blocks_tile_the_cube_and_mean_what_they_should(
        (table, selection) in strategies::table_and_selection(),
        max_cells in 1_u64..40,
        max_url in 150_usize..400,
    ) {
        let limits = Limits { max_url, ..limits(max_cells) };
        if let Ok(plan) = Plan::make(&table, &selection, &limits) {
            check(&plan, &table, &limits)?;
        }
    }

    #[test]
    fn no_order_needs_fewer_requests_by_much(
        sizes in proptest::collection::vec(1_usize..12, 1..5),
        max_cells in 1_u64..200,
    ) {
        let (table, selection) = of_sizes(&sizes);
        let plan = Plan::make(&table, &selection, &limits(max_cells)).expect("a sound selection");
        check(&plan, &table, &limits(max_cells))?;
        let fewest = orders(sizes.len())
            .iter()
            .map(|order| requests_in(order, &sizes, max_cells))
            .min()
            .expect("there is an order");
        let cells: u64 = sizes.iter().map(|size| *size as u64).product();
        let near = (cells.div_ceil(max_cells) * 105) / 100;
        prop_assert!(plan.blocks.len() as u64 <= fewest.max(near));
        prop_assert!(!plan.reordered || plan.blocks.len() as u64 == fewest);
    }
}

/// A table of these sizes, time last, and all of it.
fn of_sizes(sizes: &[usize]) -> (Table, Selection) {
    let names = ["Region", "Alder", "Kjonn", "Naering", "Eier"];
    let last = sizes.len() - 1;
    let name = |at: usize| if at == last { "Tid" } else { names[at] };
    let variables = sizes.iter().enumerate().map(|(at, size)| long(name(at), *size)).collect();
    let all = (0..sizes.len()).map(|at| asked(name(at), &["*"])).collect();
    (table(variables), selection(all))
}

fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for at in 0..count {
            let mut order = shorter.clone();
            order.insert(at, count - 1);
            all.push(order);
        }
    }
    all
}

/// Counts by walking the cells: a block grows along one dimension while it has room.
fn requests_in(order: &[usize], sizes: &[usize], max_cells: u64) -> u64 {
    let mut block = 1;
    let mut requests = 1;
    let mut is_whole = true;
    for at in order.iter().rev() {
        let size = sizes[*at] as u64;
        if is_whole && block * size <= max_cells {
            block *= size;
        } else if is_whole {
            is_whole = false;
            requests *= size.div_ceil(max_cells / block);
        } else {
            requests *= size;
        }
    }
    requests
}

#[test]
fn ten_million_cells_are_planned_in_milliseconds_and_near_the_fewest_requests() {
    let shapes: [&[usize]; 5] = [
        &[360, 106, 2, 132],
        &[34_097, 2, 3, 49],
        &[3, 2, 49, 34_097],
        &[49, 34_097, 3, 2],
        &[15, 22, 1_000, 30],
    ];
    for sizes in shapes {
        let (table, selection) = of_sizes(sizes);
        let made: Vec<(Plan, Duration)> = (0..5)
            .map(|_| {
                let begin = Instant::now();
                let plan = Plan::make(&table, &selection, &limits(800_000));
                (plan.expect("a sound selection"), begin.elapsed())
            })
            .collect();
        // The quickest of five, for other work may run beside.
        let took = made.iter().map(|(_, took)| *took).min().expect("five");
        let plan = &made[0].0;
        let least = plan.cells.div_ceil(800_000);
        let requests = plan.blocks.len() as u64;
        println!("{sizes:?}: {requests} requests of at least {least}, {took:?}");
        assert!(requests * 100 <= least * 105, "{sizes:?}: {requests} of {least}");
        assert!(plan.blocks.iter().all(|block| !block.by_post), "runs are short");
        let is_fast = took < Duration::from_millis(5);
        assert!(is_fast || cfg!(debug_assertions), "{took:?}");
    }
}

#[test]
fn a_plan_says_its_requests_in_few_characters() {
    let (table, mut selection) = of_sizes(&[3, 34_097, 2, 49]);
    selection.variables[3].items = vec!["top(40)".to_owned()];
    let plan = Plan::make(&table, &selection, &limits(800_000)).expect("a sound selection");
    assert!(plan.reordered, "regions first, or it takes twelve requests instead of eleven");
    insta::assert_snapshot!(plan.blocks[1].selection.to_query(), @"valueCodes[Alder]=[range(00003099,00006198)]&valueCodes[Region]=*&valueCodes[Kjonn]=*&valueCodes[Tid]=[range(1709,1748)]&stub=Alder,Region,Kjonn,Tid");
}

#[test]
fn a_single_request_keeps_the_placement_that_was_asked_for() {
    let (table, mut selection) = of_sizes(&[3, 4]);
    let heading = vec!["Region".to_owned()];
    selection.placement =
        Some(pxweb::selection::Placement { heading, stub: vec!["Tid".to_owned()] });
    let plan = Plan::make(&table, &selection, &limits(100)).expect("a sound selection");
    assert_eq!(plan.blocks.len(), 1);
    assert_eq!(plan.blocks[0].selection.placement, selection.placement);
}

#[test]
fn long_lists_go_by_post_and_longer_ones_in_halves() {
    let (table, mut selection) = of_sizes(&[4_000, 2]);
    let every_other = table.variables[0].codes.iter().step_by(2).cloned();
    selection.variables[0].items = every_other.collect();
    let roomy = limits(800_000);
    let plan = Plan::make(&table, &selection, &roomy).expect("a sound selection");
    assert_eq!((plan.blocks.len(), plan.blocks[0].by_post), (1, true));
    let narrow = Limits { max_body: 8_000, ..roomy };
    let plan = Plan::make(&table, &selection, &narrow).expect("a sound selection");
    assert_eq!(plan.blocks.len(), 4);
    for block in &plan.blocks {
        assert!(block.selection.to_body().to_string().len() <= narrow.max_body);
    }
    check(&plan, &table, &narrow).expect("the blocks tile the cube");
}

#[test]
fn the_time_that_a_plan_takes_is_the_pace_s() {
    let takes = |requests: usize| {
        let (table, selection) = of_sizes(&[requests, 1]);
        let plan = Plan::make(&table, &selection, &limits(1)).expect("a sound selection");
        assert_eq!(plan.blocks.len(), requests);
        plan.takes.as_millis()
    };
    // The 31st call waits until a minute after the end of the first.
    assert_eq!([takes(1), takes(30), takes(31), takes(61)], [800, 24_000, 61_600, 122_400]);
}

#[test]
fn a_selection_beyond_all_measure_is_refused() {
    let (table, selection) = of_sizes(&[2_000, 2_000, 2_000, 2_000]);
    let fault = Plan::make(&table, &selection, &limits(100)).expect_err("10^13 cells");
    assert_eq!(fault.kind, pxweb::FaultKind::TooManyCells);
}
