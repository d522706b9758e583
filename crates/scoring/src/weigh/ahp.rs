//! The analytic hierarchy process: weights from comparisons two by two.

use crate::Problem;

/// Consistency indices of random judgements (Saaty 1980), for 1 to 15 criteria.
const RANDOM_INDEX: [f64; 15] =
    [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59];

/// Above this ratio judgements contradict each other too much to be used (Saaty 1980).
pub const MOST_CONTRADICTION: f64 = 0.10;

/// How many times more important each criterion is than each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgements {
    rows: Vec<Vec<f64>>,
}

/// Why judgements cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JudgementFault {
    /// There is nothing to compare, or more than anybody can keep apart.
    #[error("{count} criteria; between 1 and 15 can be compared")]
    Count {
        /// How many there are.
        count: usize,
    },
    /// A row is shorter or longer than there are criteria.
    #[error("row {row} has not one judgement for each criterion")]
    Length {
        /// Place of the row, from 0.
        row: usize,
    },
    /// A judgement that is not a number above 0.
    #[error("the judgement of {row} against {column} is {value}, not above 0")]
    NotPositive {
        /// The one judged, from 0.
        row: usize,
        /// The one it is judged against.
        column: usize,
        /// The judgement.
        value: f64,
    },
    /// One way says something else than the other.
    #[error("the judgements of {row} against {column} and back are not each other's inverse")]
    NotReciprocal {
        /// The one judged, from 0.
        row: usize,
        /// The one it is judged against.
        column: usize,
    },
    /// A pair that nobody judged, or that is judged twice.
    #[error("{row} and {column} must be judged once, not {times} times")]
    Times {
        /// The one judged, from 0.
        row: usize,
        /// The one it is judged against.
        column: usize,
        /// How often.
        times: usize,
    },
}

impl JudgementFault {
    /// Says the same of named criteria.
    pub fn problem(&self, criteria: &[&str]) -> Problem {
        let name = |at: &usize| criteria.get(*at).copied().unwrap_or("?");
        match self {
            Self::Count { count } => Problem::new(
                "ahp_count",
                "{count} criteria; between 1 and 15 can be compared two by two",
                &[("count", &count.to_string())],
            ),
            Self::Length { row } => Problem::new(
                "ahp_length",
                "{criterion} must be compared once with each criterion",
                &[("criterion", name(row))],
            ),
            Self::NotPositive { row, column, value } => Problem::new(
                "ahp_not_positive",
                "{criterion} against {other} is {value}; it must be above 0",
                &[("criterion", name(row)), ("other", name(column)), ("value", &value.to_string())],
            ),
            Self::NotReciprocal { row, column } => Problem::new(
                "ahp_not_reciprocal",
                "{criterion} against {other} and {other} against {criterion} must be each other's inverse",
                &[("criterion", name(row)), ("other", name(column))],
            ),
            Self::Times { row, column, times } => Problem::new(
                "ahp_times",
                "{criterion} and {other} must be compared once, not {times} times",
                &[("criterion", name(row)), ("other", name(column)), ("times", &times.to_string())],
            ),
        }
    }
}

impl Judgements {
    /// Takes a whole matrix: entry (row, column) is how many times more the row matters.
    ///
    /// # Errors
    ///
    /// Entries that are not above 0, or whose mirror is not their inverse to 1 in a
    /// million: 0.333 is not yet the inverse of 3, so write 1/3 in full.
    pub fn new(rows: Vec<Vec<f64>>) -> Result<Self, JudgementFault> {
        let count = rows.len();
        if !(1..=RANDOM_INDEX.len()).contains(&count) {
            return Err(JudgementFault::Count { count });
        }
        if let Some(row) = rows.iter().position(|row| row.len() != count) {
            return Err(JudgementFault::Length { row });
        }
        for row in 0..count {
            for column in 0..=row {
                for (row, column) in [(row, column), (column, row)] {
                    let value = rows[row][column];
                    if !(value.is_finite() && value > 0.0) {
                        return Err(JudgementFault::NotPositive { row, column, value });
                    }
                }
                if (rows[row][column] * rows[column][row] - 1.0).abs() > 1e-6 {
                    return Err(JudgementFault::NotReciprocal { row, column });
                }
            }
        }
        Ok(Self { rows })
    }

    /// Takes one judgement per pair: the first matters so many times more than the second.
    ///
    /// # Errors
    ///
    /// A pair that is missing or given twice, and what [`Judgements::new`] refuses.
    pub fn from_pairs(count: usize, pairs: &[(usize, usize, f64)]) -> Result<Self, JudgementFault> {
        let mut rows = vec![vec![1.0; count]; count];
        for (row, column) in every_pair(count) {
            let of_pair = |(one, two, _): &&(usize, usize, f64)| {
                (*one, *two) == (row, column) || (*two, *one) == (row, column)
            };
            let found: Vec<_> = pairs.iter().filter(of_pair).collect();
            let [(first, _, value)] = found[..] else {
                return Err(JudgementFault::Times { row, column, times: found.len() });
            };
            let value = if *first == row { *value } else { 1.0 / value };
            (rows[row][column], rows[column][row]) = (value, 1.0 / value);
        }
        Self::new(rows)
    }

    /// How many criteria are compared.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// How many times more the row matters than the column.
    pub fn entry(&self, row: usize, column: usize) -> f64 {
        self.rows[row][column]
    }

    /// Returns the geometric mean of several people's judgements, the only mean
    /// that keeps a judgement and its inverse apart by inversion (Aczél & Saaty 1983).
    ///
    /// `None` without people, or when they compare different numbers of criteria.
    pub fn consensus(people: &[&Self]) -> Option<Self> {
        let count = people.first()?.count();
        if people.iter().any(|person| person.count() != count) {
            return None;
        }
        let logs = |row: usize, column: usize| {
            let logs = people.iter().map(|person| libm::log(person.rows[row][column]));
            libm::exp(logs.sum::<f64>() / people.len() as f64)
        };
        let entry = |row: usize, column: usize| match row.cmp(&column) {
            std::cmp::Ordering::Less => logs(row, column),
            std::cmp::Ordering::Equal => 1.0,
            std::cmp::Ordering::Greater => 1.0 / logs(column, row),
        };
        let row = |row: usize| (0..count).map(|column| entry(row, column)).collect();
        Some(Self { rows: (0..count).map(row).collect() })
    }
}

/// Weights and how well the judgements fit together.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahp {
    /// The principal eigenvector, summing to 1.
    pub weights: Vec<f64>,
    /// Its eigenvalue: the number of criteria when nothing contradicts.
    pub eigenvalue: f64,
    /// Consistency index, (eigenvalue - n) / (n - 1).
    pub index: f64,
    /// Consistency ratio: the index as a share of that of random judgements.
    /// `None` for one or two criteria, which cannot contradict.
    pub ratio: Option<f64>,
    /// Triples that contradict, the most first.
    pub triples: Vec<Triple>,
    /// Judgements that fit the weights least, the worst first.
    pub misfits: Vec<Misfit>,
}

/// Three judgements that do not fit together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triple {
    /// The three criteria, from 0.
    pub criteria: [usize; 3],
    /// First over second times second over third.
    pub implied: f64,
    /// First over third, as judged.
    pub stated: f64,
    /// Whether they go in a circle: each matters more than the next.
    pub circular: bool,
}

/// A judgement and what the weights say of the same pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Misfit {
    /// The pair, from 0.
    pub pair: [usize; 2],
    /// As judged.
    pub stated: f64,
    /// Ratio of the weights, which all judgements together imply.
    pub implied: f64,
}

impl Ahp {
    /// Returns whether the judgements contradict each other too much to be used.
    pub fn is_contradictory(&self) -> bool {
        self.ratio.is_some_and(|ratio| ratio > MOST_CONTRADICTION)
    }

    /// Names the contradiction and the triple to look at first; `None` when there is none to speak of.
    pub fn problem(&self, criteria: &[&str]) -> Option<Problem> {
        let ratio = self.ratio.filter(|_| self.is_contradictory())?;
        let [first, second, third] = self.triples.first()?.criteria;
        let name = |at: usize| criteria.get(at).copied().unwrap_or("?");
        Some(Problem::new(
            "ahp_contradictory",
            "the comparisons contradict each other: ratio {ratio}, at most {most}; look first at {first}, {second} and {third}",
            &[
                ("ratio", &format!("{ratio:.2}")),
                ("most", &format!("{MOST_CONTRADICTION:.2}")),
                ("first", name(first)),
                ("second", name(second)),
                ("third", name(third)),
            ],
        ))
    }
}

/// Turns judgements into weights by the principal eigenvector (Saaty 1977).
///
/// ```
/// # use scoring::weigh::ahp::{Judgements, ahp};
/// // The first matters twice as much as the second and four times as much as the third.
/// let pairs = [(0, 1, 2.0), (0, 2, 4.0), (1, 2, 2.0)];
/// let found = ahp(&Judgements::from_pairs(3, &pairs)?);
/// let percent: Vec<f64> = found.weights.iter().map(|weight| (100.0 * weight).round()).collect();
/// assert_eq!(percent, [57.0, 29.0, 14.0]);
/// assert!(!found.is_contradictory());
/// # Ok::<(), scoring::weigh::ahp::JudgementFault>(())
/// ```
pub fn ahp(judgements: &Judgements) -> Ahp {
    let count = judgements.count();
    let mut weights = vec![1.0 / count as f64; count];
    let mut eigenvalue = count as f64;
    // A matrix above 0 has one largest eigenvalue, so the powers converge.
    for _ in 0..10_000 {
        let product: Vec<f64> = judgements
            .rows
            .iter()
            .map(|row| row.iter().zip(&weights).map(|(entry, weight)| entry * weight).sum())
            .collect();
        eigenvalue = product.iter().sum();
        let next: Vec<f64> = product.iter().map(|part| part / eigenvalue).collect();
        let moved: f64 = next.iter().zip(&weights).map(|(new, old)| (new - old).abs()).sum();
        weights = next;
        if moved <= 1e-16 * count as f64 {
            break;
        }
    }
    let index = if count < 2 { 0.0 } else { (eigenvalue - count as f64) / (count as f64 - 1.0) };
    // Judgements without contradiction miss the count by the last bits.
    let index = if index < 1e-14 { 0.0 } else { index };
    Ahp {
        ratio: (count > 2).then(|| index / RANDOM_INDEX[count - 1]),
        triples: triples(judgements),
        misfits: misfits(judgements, &weights),
        weights,
        eigenvalue,
        index,
    }
}

fn triples(judgements: &Judgements) -> Vec<Triple> {
    let count = judgements.count();
    let entry = |row: usize, column: usize| judgements.rows[row][column];
    let mut triples = Vec::new();
    for first in 0..count {
        for second in first + 1..count {
            for third in second + 1..count {
                let (one, two, back) =
                    (entry(first, second), entry(second, third), entry(third, first));
                let all = |above: fn(f64) -> bool| [one, two, back].into_iter().all(above);
                let triple = Triple {
                    criteria: [first, second, third],
                    implied: one * two,
                    stated: entry(first, third),
                    circular: all(|ratio| ratio > 1.0) || all(|ratio| ratio < 1.0),
                };
                if apart(triple.implied, triple.stated) > 1e-9 {
                    triples.push(triple);
                }
            }
        }
    }
    triples.sort_by(|left, right| {
        apart(right.implied, right.stated).total_cmp(&apart(left.implied, left.stated))
    });
    triples
}

fn misfits(judgements: &Judgements, weights: &[f64]) -> Vec<Misfit> {
    let count = judgements.count();
    let misfit = |(row, column): (usize, usize)| Misfit {
        pair: [row, column],
        stated: judgements.rows[row][column],
        implied: weights[row] / weights[column],
    };
    let mut misfits: Vec<Misfit> = every_pair(count)
        .map(misfit)
        .filter(|misfit| apart(misfit.implied, misfit.stated) > 1e-9)
        .collect();
    misfits.sort_by(|left, right| {
        apart(right.implied, right.stated).total_cmp(&apart(left.implied, left.stated))
    });
    misfits
}

/// Every two criteria, once.
fn every_pair(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |row| (row + 1..count).map(move |column| (row, column)))
}

/// How many times one is the other, as a logarithm.
fn apart(one: f64, two: f64) -> f64 {
    libm::fabs(libm::log(one / two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_the_contradiction_named_first() {
        let names = ["price", "need", "land", "staff"];
        let pairs = [(0, 1, 3.0), (1, 2, 3.0), (2, 0, 3.0), (0, 3, 1.0), (1, 3, 1.0), (2, 3, 1.0)];
        let found = ahp(&Judgements::from_pairs(4, &pairs).expect("every pair is judged"));
        assert!(found.triples[0].circular);
        let problem = found.problem(&names).expect("it contradicts").to_string();
        assert_eq!(
            problem,
            "the comparisons contradict each other: ratio 0.40, at most 0.10; \
             look first at price, need and land"
        );
    }

    #[test]
    fn faults_name_the_pair() {
        let say = |found: Result<Judgements, JudgementFault>| {
            found.expect_err("it is wrong").problem(&["a", "b", "c"]).to_string()
        };
        let missing = Judgements::from_pairs(3, &[(0, 1, 2.0), (2, 1, 2.0)]);
        assert_eq!(say(missing), "a and c must be compared once, not 0 times");
        let zero = Judgements::from_pairs(2, &[(0, 1, 0.0)]);
        assert_eq!(say(zero), "b against a is inf; it must be above 0");
        let crooked = Judgements::new(vec![vec![1.0, 3.0], vec![3.0, 1.0]]);
        assert_eq!(say(crooked), "b against a and a against b must be each other's inverse");
        assert_eq!(
            say(Judgements::new(Vec::new())),
            "0 criteria; between 1 and 15 can be compared two by two"
        );
    }
}
