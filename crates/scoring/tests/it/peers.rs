//! Likeness between units, and ranks among one's own.

use proptest::prelude::*;
use scoring::Groups;
use scoring::peers::{COMMON_MINIMUM, Criterion, GroupRank, Likeness, Standardised, group_ranks};

type Column = Vec<Option<f64>>;

fn likeness(columns: &[Column], weights: &[f64], how: Standardised) -> Option<Likeness> {
    let criteria: Vec<Criterion<'_>> = columns
        .iter()
        .zip(weights)
        .map(|(column, weight)| Criterion { id: "x", column, weight: *weight })
        .collect();
    Likeness::new(&criteria, how, COMMON_MINIMUM).ok()
}

fn columns() -> impl Strategy<Value = Vec<Column>> {
    let cell = prop::option::weighted(0.85, -50.0..50.0_f64);
    (3..9_usize).prop_flat_map(move |units| {
        prop::collection::vec(prop::collection::vec(cell.clone(), units), 4)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_distance_is_symmetric_zero_to_itself_and_free_of_the_weights_scale(
        columns in columns(), weights in prop::array::uniform4(0.0..5.0_f64), scale in 0.01..100.0_f64,
        how in prop::sample::select(vec![Standardised::ZScores, Standardised::Ranks]),
    ) {
        let Some(found) = likeness(&columns, &weights, how) else { return Ok(()) };
        let scaled = likeness(&columns, &weights.map(|weight| weight * scale), how);
        for left in 0..columns[0].len() {
            prop_assert!(found.distance(left, left).is_none_or(|distance| distance == 0.0));
            for right in 0..columns[0].len() {
                let distance = found.distance(left, right);
                prop_assert_eq!(distance, found.distance(right, left));
                let again = scaled.as_ref().and_then(|scaled| scaled.distance(left, right));
                match (distance, again) {
                    (Some(one), Some(other)) => prop_assert!((one - other).abs() <= 1e-9 * one.max(1.0)),
                    (one, other) => prop_assert_eq!(one, other),
                }
            }
        }
    }

    #[test]
    fn a_column_without_weight_plays_no_part(columns in columns(), weights in prop::array::uniform3(0.1..5.0_f64)) {
        let [a, b, c] = weights;
        let with = likeness(&columns, &[a, b, c, 0.0], Standardised::ZScores);
        let without = likeness(&columns[..3], &weights, Standardised::ZScores);
        let (Some(with), Some(without)) = (with, without) else { return Ok(()) };
        for unit in 0..columns[0].len() {
            let near = |likeness: &Likeness| -> Vec<(usize, f64)> {
                likeness.nearest(unit, 20).iter().map(|near| (near.unit, near.distance)).collect()
            };
            prop_assert_eq!(near(&with), near(&without));
        }
    }

    #[test]
    fn shares_of_the_distance_add_up_to_1_and_the_nearest_come_first(columns in columns(), weights in prop::array::uniform4(0.1..5.0_f64)) {
        let Some(found) = likeness(&columns, &weights, Standardised::Ranks) else { return Ok(()) };
        for unit in 0..columns[0].len() {
            let near = found.nearest(unit, 20);
            prop_assert!(near.windows(2).all(|pair| pair[0].distance <= pair[1].distance));
            for one in near {
                prop_assert!(one.unit != unit && one.common >= COMMON_MINIMUM - 1e-9);
                let sum: f64 = one.shares.iter().flatten().sum();
                prop_assert!(one.distance == 0.0 || (sum - 1.0).abs() < 1e-9);
            }
        }
    }
}

#[test]
fn gaps_leave_the_common_columns_and_too_few_leave_nothing() {
    let columns = [
        vec![Some(0.0), Some(1.0), Some(2.0)],
        vec![Some(0.0), None, Some(2.0)],
        vec![Some(5.0), None, Some(5.0)],
    ];
    let found = likeness(&columns, &[1.0, 1.0, 7.0], Standardised::ZScores).expect("two separate");
    // The third column is the same for all: it says nothing, and half the weight is common.
    assert_eq!(found.distance(0, 1), None);
    let lenient = [
        Criterion { id: "a", column: &columns[0], weight: 1.0 },
        Criterion { id: "b", column: &columns[1], weight: 1.0 },
    ];
    let found = Likeness::new(&lenient, Standardised::ZScores, 0.5).expect("both separate");
    assert_eq!(found.distance(0, 1), Some(1.0), "one standard deviation, scaled up to the whole");
    assert_eq!(found.nearest(0, 1)[0].shares, [Some(1.0), None]);
}

#[test]
fn what_cannot_be_compared_by_is_refused_with_a_name() {
    let column = vec![Some(1.0), Some(2.0)];
    let constant = vec![Some(1.0), Some(1.0)];
    let refused = |column: &Column, weight: f64, minimum: f64| {
        let criteria = [Criterion { id: "rent", column, weight }];
        Likeness::new(&criteria, Standardised::Ranks, minimum)
            .expect_err("it is unusable")
            .to_string()
    };
    assert_eq!(refused(&column, -1.0, 0.6), "the weight of `rent` is -1; give 0 or more");
    assert_eq!(refused(&column, f64::NAN, 0.6), "the weight of `rent` is NaN; give 0 or more");
    let nothing = "no indicator to compare by has both a weight and two different figures";
    assert_eq!(refused(&constant, 1.0, 0.6), nothing);
    assert_eq!(refused(&column, 0.0, 0.6), nothing);
    assert_eq!(refused(&column, 1.0, 1.5), "the least common share is 1.5; give 0 to 1");
}

#[test]
fn ranks_among_ones_own_count_who_has_a_score() {
    let label =
        |codes: [&str; 5]| codes.map(|code| Some(code.to_owned()).filter(|c| !c.is_empty()));
    let groups = Groups::new(&label(["46", "46", "11", "46", ""]));
    let ranks = group_ranks(&[Some(5.0), Some(9.0), Some(1.0), None, Some(7.0)], &groups);
    let at = |rank, of| Some(GroupRank { rank, of });
    assert_eq!(ranks, [at(2, 2), at(1, 2), at(1, 1), None, None]);
}
