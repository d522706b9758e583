//! Totals are kept, whatever happens to the regions.

use std::collections::BTreeMap;

use klass::rebase::{Conversion, Figures, Moved, Nature, Reading, rebase};
use proptest::prelude::*;

/// Regions of a made-up map: a county's digit, then a number.
fn codes(map: usize, counties: usize) -> Vec<String> {
    (0..counties).flat_map(|county| (0..4).map(move |at| format!("{map}{county}{at}"))).collect()
}

fn county(code: &str) -> &str {
    &code[1..2]
}

/// How far from where it was a region may land.
#[derive(Clone, Copy)]
enum Reach {
    /// It stays in its county.
    County,
    /// Anywhere.
    Country,
}

/// Steps between maps: each region goes to one to three others, by random shares.
fn conversions(counties: usize, reach: Reach) -> impl Strategy<Value = Conversion> {
    let step = move |map: usize| {
        let regions = counties * 4;
        let into = prop::collection::vec((0..regions, 0.01..1.0), 1..4);
        prop::collection::vec(into, regions).prop_map(move |all| {
            let new = codes(map + 1, counties);
            let shares = codes(map, counties).into_iter().zip(all).flat_map(|(code, into)| {
                let sum: f64 = into.iter().map(|(_, share)| share).sum();
                let new = &new;
                let own = code[1..2].parse::<usize>().unwrap_or_default() * 4;
                let target = move |at: usize| match reach {
                    Reach::County => own + at % 4,
                    Reach::Country => at,
                };
                let share = move |(at, share): (usize, f64)| {
                    (code.clone(), new[target(at)].clone(), share / sum, None)
                };
                into.into_iter().map(share).collect::<Vec<_>>()
            });
            Conversion::from_shares((0, 1), shares).expect("shares that add up")
        })
    };
    let chain = (step(0), step(1), step(2), 1_usize..4);
    chain.prop_map(|(first, second, third, length)| {
        let steps = [second, third];
        steps[..length - 1].iter().fold(first, |chain, next| chain.then(next).expect("joined"))
    })
}

fn numbers(regions: usize) -> impl Strategy<Value = Vec<f64>> {
    let whole = (-2_000_000_i64..2_000_000).prop_map(|number| number as f64);
    let fraction = -1e6..1e6;
    prop_oneof![prop::collection::vec(whole, regions), prop::collection::vec(fraction, regions)]
}

/// Old and new totals by `group`.
fn totals(
    conversion: &Conversion,
    old: &[String],
    numbers: &[f64],
    group: impl Fn(&str) -> String,
) -> (BTreeMap<String, f64>, BTreeMap<String, f64>) {
    let cells = numbers.iter().map(|number| Reading::<u8>::Number(*number)).collect();
    let figures = Figures::new(old.to_vec(), 1, cells).expect("distinct codes");
    let moved = rebase(&figures, conversion, Nature::Count, 0);
    assert_eq!(moved.left_over, Vec::<usize>::new());
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    for (code, number) in old.iter().zip(numbers) {
        *before.entry(group(code)).or_default() += number;
    }
    for (code, cell) in moved.regions.iter().zip(&moved.cells) {
        let Moved::Number(number, modelled) = cell else { panic!("{code} has no number") };
        assert!((0.0..=1.0).contains(&modelled.share()), "{code}: {modelled:?}");
        *after.entry(group(code)).or_default() += number;
    }
    (before, after)
}

/// To the last person for whole numbers; to the accuracy of the arithmetic for others.
fn assert_same(before: &BTreeMap<String, f64>, after: &BTreeMap<String, f64>, numbers: &[f64]) {
    let is_whole = numbers.iter().all(|number| number.fract() == 0.0);
    for (group, total) in before {
        let found = after.get(group).copied().unwrap_or_default();
        let allowed = if is_whole { 0.0 } else { 1e-5 };
        assert!((found - total).abs() <= allowed, "{group}: {total} became {found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_countrys_total_is_kept(conversion in conversions(3, Reach::Country), numbers in numbers(12)) {
        conversion.check().expect("a cut of 0 to 1");
        let (before, after) = totals(&conversion, &codes(0, 3), &numbers, |_| String::new());
        assert_same(&before, &after, &numbers);
    }

    #[test]
    fn a_countys_total_is_kept_where_nobody_crosses_its_border(
        conversion in conversions(3, Reach::County),
        numbers in numbers(12),
    ) {
        let by_county = |code: &str| county(code).to_owned();
        let (before, after) = totals(&conversion, &codes(0, 3), &numbers, by_county);
        assert_same(&before, &after, &numbers);
    }

    #[test]
    fn whole_numbers_stay_whole(conversion in conversions(2, Reach::Country), seed in 0_u32..1_000_000) {
        let numbers: Vec<f64> = (0..8).map(|at| f64::from(seed.rotate_left(at) >> 8)).collect();
        let cells = numbers.iter().map(|number| Reading::<u8>::Number(*number)).collect();
        let figures = Figures::new(codes(0, 2), 1, cells).expect("distinct codes");
        for cell in rebase(&figures, &conversion, Nature::Count, 0).cells {
            let Moved::Number(number, _) = cell else { panic!("no number") };
            prop_assert_eq!(number.fract(), 0.0);
            prop_assert!(number >= 0.0);
        }
    }

    /// A gap anywhere is a gap wherever some of that region went, and nowhere else.
    #[test]
    fn a_gap_reaches_exactly_where_its_region_went(
        conversion in conversions(2, Reach::Country),
        gap in 0_usize..8,
    ) {
        let old = codes(0, 2);
        let cell = |at| if at == gap { Reading::Gap(1_u8) } else { Reading::Number(5.0) };
        let figures = Figures::new(old.clone(), 1, (0..8).map(cell).collect()).expect("distinct");
        let moved = rebase(&figures, &conversion, Nature::Count, 0);
        for (code, cell) in moved.regions.iter().zip(&moved.cells) {
            let touched = conversion.of(&old[gap]).iter().any(|part| part.to_code == *code);
            prop_assert_eq!(touched, matches!(cell, Moved::Gap(1, _)), "{}", code);
        }
    }
}
