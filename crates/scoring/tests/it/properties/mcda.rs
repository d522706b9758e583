//! Rules that hold for every aggregation and every table of figures.

use proptest::prelude::*;
use scoring::aggregate::copeland::copeland;
use scoring::aggregate::median::{median, minimum};
use scoring::aggregate::owa::{Order, owa};
use scoring::aggregate::power::power_mean;
use scoring::aggregate::promethee::{Measure, Thresholds, promethee_ii};
use scoring::aggregate::topsis::{Distance, Ruler, Scale, topsis};
use scoring::aggregate::vikor::vikor;
use scoring::aggregate::{Child, aggregate};
use scoring::doubt::dominance::dominance;
use scoring::weigh::ahp::{Judgements, ahp};
use scoring::weigh::consensus::consensus;
use scoring::weigh::critic::{Correlation, critic};
use scoring::weigh::deviation::standard_deviation;
use scoring::weigh::optimise::{balance, infomax};
use scoring::weigh::pca::principal_components;
use scoring::{Aggregation, Preference};

type Columns = Vec<Vec<Option<f64>>>;
type Scores = Vec<Option<f64>>;

const CRITERIA: usize = 4;

/// Columns of figures from 0 to 40 in halves, so that ties are likely; `gaps` in ten are missing.
fn columns(gaps: u32) -> impl Strategy<Value = Columns> {
    let cell = (0..10_u32, 0..80_i32)
        .prop_map(move |(lot, half)| (lot >= gaps).then(|| f64::from(half) / 2.0));
    (2..12_usize).prop_flat_map(move |units| {
        prop::collection::vec(prop::collection::vec(cell.clone(), units), CRITERIA)
    })
}

fn weights() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.1..10.0_f64, CRITERIA)
}

fn slices(columns: &Columns) -> Vec<&[Option<f64>]> {
    columns.iter().map(Vec::as_slice).collect()
}

fn row(columns: &Columns, unit: usize, weights: &[f64]) -> Vec<Child> {
    let child = |(column, weight): (&Scores, &f64)| Child {
        value: column[unit],
        weight: *weight,
        most: 100.0,
        most_available: 100.0,
    };
    columns.iter().zip(weights).map(child).collect()
}

type UnitWise = (&'static str, fn(&[Child]) -> Option<f64>);

const UNIT_WISE: [UnitWise; 9] = [
    ("arithmetic", |children| aggregate(&Aggregation::Arithmetic {}, children)),
    ("minimum", minimum),
    ("median", median),
    ("power 3", |children| power_mean(children, 3.0)),
    ("power 0", |children| power_mean(children, 0.0)),
    ("power -2", |children| power_mean(children, -2.0)),
    ("owa cautious", |children| owa(children, Order::Orness(0.2))),
    ("owa bold", |children| owa(children, Order::Orness(0.9))),
    ("owa by place", |children| owa(children, Order::Weights(&[0.1, 0.5, 0.0, 0.4]))),
];

/// Every method over columns, as scores of which more is better.
fn relational(columns: &Columns, weights: &[f64]) -> Vec<(String, Scores)> {
    let columns = slices(columns);
    let mut found = vec![
        ("copeland".to_owned(), copeland(&columns, weights).expect("few units").score),
        ("vikor".to_owned(), vikor(&columns, weights, 0.5).score()),
    ];
    for scale in [Scale::AsItIs, Scale::MinMax, Scale::Vector] {
        for distance in [Distance::Euclidean, Distance::CityBlock] {
            let scores = topsis(&columns, weights, Ruler { scale, distance }).closeness;
            found.push((format!("topsis {scale:?} {distance:?}"), scores));
        }
    }
    for preference in SHAPES {
        let flows = promethee_ii(&columns, weights, preference, THRESHOLDS).expect("few units");
        found.push((format!("promethee {preference:?}"), flows.net));
    }
    found
}

const SHAPES: [Preference; 5] = [
    Preference::Usual,
    Preference::UShape,
    Preference::VShape,
    Preference::Level,
    Preference::Linear,
];

const THRESHOLDS: Thresholds = Thresholds { q: 0.1, p: 0.4, measure: Measure::Range };

fn close(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * left.abs().max(1.0),
        (left, right) => left == right,
    }
}

/// The net flow as its definition reads, pair by pair.
fn net_flow(columns: &Columns, weights: &[f64], preference: Preference) -> Scores {
    let prefers = |column: &Scores, difference: f64| {
        let present = || column.iter().flatten().copied();
        let range = present().fold(f64::MIN, f64::max) - present().fold(f64::MAX, f64::min);
        let (q, p) = (0.1 * range, 0.4 * range);
        match preference {
            _ if difference <= 0.0 => 0.0,
            Preference::Usual => 1.0,
            Preference::UShape => f64::from(u8::from(difference > q)),
            Preference::VShape => (difference / p).min(1.0),
            Preference::Level if difference > p => 1.0,
            Preference::Level => f64::from(u8::from(difference > q)) / 2.0,
            Preference::Linear => ((difference - q) / (p - q)).clamp(0.0, 1.0),
        }
    };
    let units = columns[0].len();
    let against = |unit: usize, other: usize| {
        let (mut sum, mut shared) = (0.0, 0.0);
        for (column, weight) in columns.iter().zip(weights) {
            if let (Some(own), Some(figure)) = (column[unit], column[other]) {
                sum += weight * (prefers(column, own - figure) - prefers(column, figure - own));
                shared += weight;
            }
        }
        (shared > 0.0).then(|| sum / shared)
    };
    let flow = |unit: usize| {
        let others = (0..units).filter(|other| *other != unit);
        let flows: Vec<f64> = others.filter_map(|other| against(unit, other)).collect();
        (!flows.is_empty()).then(|| flows.iter().sum::<f64>() / flows.len() as f64)
    };
    (0..units).map(flow).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_proportions_of_weights_matter(columns in columns(2), weights in weights(), scale in 0.01..100.0_f64) {
        let scaled: Vec<f64> = weights.iter().map(|weight| scale * weight).collect();
        for unit in 0..columns[0].len() {
            for (name, method) in UNIT_WISE {
                let (plain, other) = (method(&row(&columns, unit, &weights)), method(&row(&columns, unit, &scaled)));
                prop_assert!(close(plain, other), "{} {:?} {:?}", name, plain, other);
            }
        }
        for ((name, plain), (_, other)) in relational(&columns, &weights).iter().zip(relational(&columns, &scaled)) {
            for (left, right) in plain.iter().zip(other) {
                prop_assert!(close(*left, right), "{} {:?} {:?}", name, left, right);
            }
        }
    }

    #[test]
    fn the_order_of_units_changes_no_bit(columns in columns(2), weights in weights(), turn in 1..11_usize) {
        let units = columns[0].len();
        let mut moved = columns.clone();
        moved.iter_mut().for_each(|column| column.rotate_left(turn % units));
        for ((name, plain), (_, mut other)) in relational(&columns, &weights).into_iter().zip(relational(&moved, &weights)) {
            other.rotate_right(turn % units);
            prop_assert_eq!(plain, other, "{}", name);
        }
    }

    #[test]
    fn the_order_of_indicators_is_irrelevant(columns in columns(2), weights in weights(), turn in 1..CRITERIA) {
        let (mut moved, mut moved_weights) = (columns.clone(), weights.clone());
        moved.rotate_left(turn);
        moved_weights.rotate_left(turn);
        for unit in 0..columns[0].len() {
            for (name, method) in UNIT_WISE {
                let (plain, other) = (method(&row(&columns, unit, &weights)), method(&row(&moved, unit, &moved_weights)));
                prop_assert!(close(plain, other), "{} {:?} {:?}", name, plain, other);
            }
        }
        for ((name, plain), (_, other)) in relational(&columns, &weights).iter().zip(relational(&moved, &moved_weights)) {
            for (left, right) in plain.iter().zip(other) {
                prop_assert!(close(*left, right), "{} {:?} {:?}", name, left, right);
            }
        }
    }

    #[test]
    fn a_twin_gets_the_same_score(columns in columns(2), weights in weights(), unit in 0..12_usize) {
        let unit = unit % columns[0].len();
        let mut with_twin = columns.clone();
        with_twin.iter_mut().for_each(|column| column.push(column[unit]));
        for (name, scores) in relational(&with_twin, &weights) {
            prop_assert_eq!(scores[unit], scores[columns[0].len()], "{}", name);
        }
    }

    #[test]
    fn a_unit_without_data_is_a_gap_and_moves_nobody(columns in columns(2), weights in weights()) {
        let mut with_empty = columns.clone();
        with_empty.iter_mut().for_each(|column| column.insert(0, None));
        for ((name, plain), (_, other)) in relational(&columns, &weights).into_iter().zip(relational(&with_empty, &weights)) {
            prop_assert_eq!(other[0], None, "{}", &name);
            prop_assert_eq!(&plain[..], &other[1..], "{}", name);
        }
    }

    #[test]
    fn a_better_child_never_makes_a_worse_unit(columns in columns(2), weights in weights(), at in 0..CRITERIA, by in 0.5..40.0_f64) {
        for (name, method) in UNIT_WISE {
            let before = method(&row(&columns, 0, &weights));
            let mut better = row(&columns, 0, &weights);
            let Some(value) = better[at].value else { continue };
            better[at].value = Some(value + by);
            let (before, after) = (before.unwrap_or(0.0), method(&better).unwrap_or(0.0));
            prop_assert!(after >= before - 1e-9, "{name}: {before} fell to {after}");
        }
    }

    #[test]
    fn means_lie_between_the_worst_and_the_best_and_rise_with_their_power(columns in columns(2), weights in weights()) {
        let children = row(&columns, 0, &weights);
        let Some(low) = minimum(&children) else { return Ok(()) };
        let high = children.iter().filter_map(|child| child.value).fold(0.0, f64::max);
        let powers: Vec<f64> = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 9.0]
            .iter().filter_map(|power| power_mean(&children, *power)).collect();
        let orders: Vec<f64> = [0.0, 0.1, 0.3, 0.5, 0.8, 1.0]
            .iter().filter_map(|orness| owa(&children, Order::Orness(*orness))).collect();
        prop_assert_eq!((powers.len(), orders.len()), (8, 6));
        let arithmetic = aggregate(&Aggregation::Arithmetic {}, &children);
        prop_assert!(close(Some(powers[5]), arithmetic));
        prop_assert!(close(Some(orders[3]), Some(powers[5])));
        prop_assert_eq!((orders[0], orders[5]), (low, high));
        for means in [powers, orders] {
            prop_assert!(means.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{:?}", means);
            prop_assert!(means.iter().all(|mean| (low..=high).contains(mean)), "{:?}", means);
        }
        if low > 0.0 {
            let geometric = aggregate(&Aggregation::Geometric { floor: 1e-9 }, &children);
            let harmonic = aggregate(&Aggregation::Harmonic { floor: 1e-9 }, &children);
            prop_assert!(close(power_mean(&children, 0.0), geometric));
            prop_assert!(close(power_mean(&children, -1.0), harmonic));
        }
    }

    #[test]
    fn parts_add_up_to_the_score(columns in columns(2), weights in weights()) {
        let sliced = slices(&columns);
        let duels = copeland(&sliced, &weights).expect("few units");
        let flows = promethee_ii(&sliced, &weights, Preference::Linear, THRESHOLDS).expect("few units");
        let short = vikor(&sliced, &weights, 0.5);
        let all = [(&duels.score, &duels.by_criterion), (&flows.net, &flows.by_criterion), (&short.sum, &short.shortcomings)];
        for (scores, parts) in all {
            for (unit, score) in scores.iter().enumerate() {
                let sum: f64 = parts.iter().filter_map(|part| part[unit]).sum();
                prop_assert!(score.is_none_or(|score| (score - sum).abs() < 1e-9), "{score:?} is not {sum}");
            }
        }
    }

    #[test]
    fn flows_are_their_definition_with_and_without_gaps(whole in columns(0), gaps in columns(3), weights in weights()) {
        for columns in [whole, gaps] {
            for preference in SHAPES {
                let found = promethee_ii(&slices(&columns), &weights, preference, THRESHOLDS).expect("few units");
                for (found, expected) in found.net.iter().zip(net_flow(&columns, &weights, preference)) {
                    prop_assert!(close(*found, expected), "{preference:?}: {found:?} is not {expected:?}");
                }
            }
        }
    }

    #[test]
    fn who_dominates_never_stands_lower(columns in columns(0), weights in weights()) {
        let pairs = dominance(&slices(&columns)).expect("few units").pairs;
        for (name, scores) in relational(&columns, &weights) {
            for (better, worse) in &pairs {
                if let (Some(better), Some(worse)) = (scores[*better], scores[*worse]) {
                    prop_assert!(better >= worse - 1e-9, "{name}: {better} {worse}");
                }
            }
        }
    }

    #[test]
    fn weights_from_data_are_never_negative_and_sum_to_one(columns in columns(1)) {
        let sliced = slices(&columns);
        let found = [
            standard_deviation(&sliced),
            critic(&sliced, Correlation::Pearson, Default::default()),
            critic(&sliced, Correlation::Spearman, Default::default()),
            principal_components(&sliced).and_then(|components| components.weights()),
            balance(&sliced, &[1.0; CRITERIA]).map(|found| found.weights),
            infomax(&sliced).map(|found| found.weights),
        ];
        for weights in found.into_iter().flatten() {
            prop_assert!(weights.iter().all(|weight| *weight >= 0.0), "{:?}", weights);
            prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{:?}", weights);
        }
    }

    #[test]
    fn judgements_made_from_weights_give_them_back(weights in weights(), other in weights()) {
        let made = |weights: &[f64]| {
            let row = |one: &f64| weights.iter().map(|two| one / two).collect();
            Judgements::new(weights.iter().map(row).collect()).expect("ratios are reciprocal")
        };
        let all: f64 = weights.iter().sum();
        let found = ahp(&made(&weights));
        prop_assert!(found.ratio.expect("four can contradict") < 1e-9 && found.triples.is_empty());
        for (found, weight) in found.weights.iter().zip(&weights) {
            prop_assert!((found - weight / all).abs() < 1e-9);
        }
        // Bringing judgements together and bringing weights together are one thing when nothing contradicts.
        let judged = ahp(&Judgements::consensus(&[&made(&weights), &made(&other)]).expect("both judge four"));
        let agreed = consensus(&[&weights, &other]).expect("all weights are above 0");
        for (left, right) in judged.weights.iter().zip(&agreed.weights) {
            prop_assert!((left - right).abs() < 1e-9);
        }
    }
}
