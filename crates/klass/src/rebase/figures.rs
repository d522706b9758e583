//! Many figures at once: a row per region, a column per everything else.

use std::collections::HashMap;

use super::{Conversion, Modelled, Moved, Nature, Part, Reading, Refusal, Sum};

/// Figures of the regions of one map.
///
/// The cells lie row by row, so that a region's figures for all measures and years on
/// that map are one run of memory, and moving a region is moving the run.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures<G> {
    regions: Vec<String>,
    columns: usize,
    cells: Vec<Reading<G>>,
}

/// Figures after they were moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebased<G> {
    /// New codes of which at least one part was there, in order.
    pub regions: Vec<String>,
    /// Figures per region.
    pub columns: usize,
    /// The figures, row by row.
    pub cells: Vec<Moved<G>>,
    /// Rows of the input whose code is not on the old map; none of them is in `cells`.
    pub left_over: Vec<usize>,
}

impl<G> Figures<G> {
    /// Figures of `regions`, each with `columns` cells.
    ///
    /// `None` when the cells do not fill the rows, or a region occurs twice.
    pub fn new(regions: Vec<String>, columns: usize, cells: Vec<Reading<G>>) -> Option<Figures<G>> {
        let distinct: HashMap<&str, ()> = regions.iter().map(|code| (code.as_str(), ())).collect();
        let fits = distinct.len() == regions.len() && regions.len() * columns == cells.len();
        fits.then_some(Figures { regions, columns, cells })
    }

    /// Codes of the rows.
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    fn row(&self, at: usize) -> &[Reading<G>] {
        &self.cells[at * self.columns..(at + 1) * self.columns]
    }
}

impl<G> Rebased<G> {
    /// The figures of a region; `None` when nothing of it was there.
    pub fn of(&self, code: &str) -> Option<&[Moved<G>]> {
        let at = self.regions.binary_search_by(|region| region.as_str().cmp(code)).ok()?;
        Some(&self.cells[at * self.columns..(at + 1) * self.columns])
    }
}

/// Moves figures to another map; a region without a row has the gap `absent`.
///
/// Counts are added up and divided. Rates are carried to a new number of the same place
/// and refused everywhere else; see [`rebase_rate`] for those with a numerator.
///
/// ```
/// use klass::rebase::{Conversion, Figures, Modelled, Moved, Nature, Reading, rebase};
/// let shares = [("1507", "1508", 0.8), ("1507", "1580", 0.2)];
/// let shares = shares.map(|(from, to, share)| (from.to_owned(), to.to_owned(), share, None));
/// let conversion = Conversion::from_shares((2023, 2024), shares)?;
/// let cells = vec![Reading::Number(11.0)];
/// let figures = Figures::new(vec!["1507".to_owned()], 1, cells).expect("one row");
/// let moved = rebase(&figures, &conversion, Nature::Count, "no row");
/// assert_eq!(moved.of("1508"), Some(&[Moved::Number(9.0, Modelled::Share(1.0))][..]));
/// assert_eq!(moved.of("1580"), Some(&[Moved::Number(2.0, Modelled::Share(1.0))][..]));
/// # Ok::<(), klass::rebase::ConversionError>(())
/// ```
pub fn rebase<G: Copy + Ord>(
    figures: &Figures<G>,
    conversion: &Conversion,
    nature: Nature,
    absent: G,
) -> Rebased<G> {
    let Layout { targets, left_over } = Layout::new(&figures.regions, conversion);
    let columns = figures.columns;
    let mut cells = Vec::with_capacity(targets.len() * columns);
    for target in &targets {
        match (nature, &target.parts[..]) {
            (_, [(Some(row), part)]) if part.is_whole() => {
                cells.extend(figures.row(*row).iter().map(|reading| carried(*reading)));
            }
            (Nature::Rate, parts) => {
                let refusal = if parts.len() > 1 { Refusal::Merged } else { Refusal::Split };
                cells.extend((0..columns).map(|_| Moved::Refused(refusal)));
            }
            (Nature::Count, parts) => {
                add_up(figures, parts, absent, &mut cells);
            }
        }
    }
    let regions = targets.into_iter().map(|target| target.code.to_owned()).collect();
    Rebased { regions, columns, cells, left_over }
}

/// Moves rates: `scale` times numerator over denominator, each moved as a count.
///
/// The modelled share is the larger one of the two. Rows that only one of them has count
/// as missing in the other.
///
/// Returns `None` when the two have not the same number of columns.
pub fn rebase_rate<G: Copy + Ord>(
    (numerator, denominator): (&Figures<G>, &Figures<G>),
    scale: f64,
    conversion: &Conversion,
    absent: G,
) -> Option<Rebased<G>> {
    if numerator.columns != denominator.columns {
        return None;
    }
    let above = rebase(numerator, conversion, Nature::Count, absent);
    let below = rebase(denominator, conversion, Nature::Count, absent);
    let columns = above.columns;
    let mut cells = Vec::with_capacity(above.cells.len());
    let missing = Moved::Gap(absent, super::Coverage { parts: 1, missing: 1 });
    for (at, code) in above.regions.iter().enumerate() {
        let row = &above.cells[at * columns..(at + 1) * columns];
        match below.of(code) {
            None => cells.extend(row.iter().map(|_| missing)),
            Some(others) => {
                cells.extend(
                    row.iter().zip(others).map(|(over, under)| quotient(*over, *under, scale)),
                );
            }
        }
    }
    Some(Rebased { regions: above.regions, columns, cells, left_over: above.left_over })
}

fn quotient<G: Copy + Ord>(over: Moved<G>, under: Moved<G>, scale: f64) -> Moved<G> {
    match (over, under) {
        (Moved::Gap(left, coverage), Moved::Gap(right, other)) => {
            if left >= right {
                Moved::Gap(left, coverage)
            } else {
                Moved::Gap(right, other)
            }
        }
        (Moved::Gap(..) | Moved::Refused(_), _) => over,
        (_, Moved::Gap(..) | Moved::Refused(_)) => under,
        (Moved::Number(..), Moved::Number(0.0, _)) => Moved::Refused(Refusal::NoDenominator),
        (Moved::Number(over, left), Moved::Number(under, right)) => {
            let modelled = match left.is_estimate() || right.is_estimate() {
                true => Modelled::Share(left.share().max(right.share())),
                false => Modelled::Nothing,
            };
            Moved::Number(scale * over / under, modelled)
        }
    }
}

fn carried<G>(reading: Reading<G>) -> Moved<G> {
    match reading {
        Reading::Number(number) => Moved::Number(number, Modelled::Nothing),
        Reading::Gap(reason) => Moved::Gap(reason, super::Coverage { parts: 1, missing: 1 }),
    }
}

/// Adds up the rows of one new region, column by column.
fn add_up<G: Copy + Ord>(
    figures: &Figures<G>,
    parts: &[(Option<usize>, &Part)],
    absent: G,
    cells: &mut Vec<Moved<G>>,
) {
    let mut sums = vec![Sum::default(); figures.columns];
    for (row, part) in parts {
        match row {
            None => sums.iter_mut().for_each(|sum| sum.add(Reading::Gap(absent), part)),
            Some(row) => {
                let readings = figures.row(*row).iter();
                sums.iter_mut().zip(readings).for_each(|(sum, reading)| sum.add(*reading, part));
            }
        }
    }
    cells.extend(sums.into_iter().map(Sum::finish));
}

/// Which rows make up which new region.
struct Layout<'a> {
    targets: Vec<Target<'a>>,
    left_over: Vec<usize>,
}

struct Target<'a> {
    code: &'a str,
    /// The row of each part, where there is one.
    parts: Vec<(Option<usize>, &'a Part)>,
}

impl<'a> Layout<'a> {
    fn new(regions: &[String], conversion: &'a Conversion) -> Layout<'a> {
        let rows: HashMap<&str, usize> =
            regions.iter().enumerate().map(|(at, code)| (code.as_str(), at)).collect();
        let mut parts: Vec<(Option<usize>, &Part)> = conversion
            .parts
            .iter()
            .map(|part| (rows.get(part.from_code.as_str()).copied(), part))
            .collect();
        // Stable: the parts of a new region stay in order of their old codes.
        parts.sort_by(|(_, left), (_, right)| left.to_code.cmp(&right.to_code));
        let targets = parts
            .chunk_by(|(_, left), (_, right)| left.to_code == right.to_code)
            .filter(|parts| parts.iter().any(|(row, _)| row.is_some()))
            .map(|parts| Target { code: &parts[0].1.to_code, parts: parts.to_vec() })
            .collect();
        let is_unknown = |code: &String| conversion.of(code).is_empty();
        let unknown = regions.iter().enumerate().filter(|(_, code)| is_unknown(code));
        Layout { targets, left_over: unknown.map(|(at, _)| at).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rebase::{Coverage, share_of};

    /// 0101 was renumbered, 0104 and 0136 merged, 1850 divided between 1806 (with 1805) and 1875.
    fn conversion() -> Conversion {
        let shares = [
            ("0101", "3101", 1.0),
            ("0104", "3103", 1.0),
            ("0136", "3103", 1.0),
            ("1805", "1806", 1.0),
            ("1850", "1806", 0.461),
            ("1850", "1875", 0.539),
        ];
        let shares = shares.map(|(from, to, share)| (from.to_owned(), to.to_owned(), share, None));
        Conversion::from_shares((2019, 2024), shares).expect("shares that add up")
    }

    /// Moves one column, written as `code number`, `code .reason` or nothing for no row.
    fn moved(nature: Nature, rows: &[(&str, Result<f64, &'static str>)]) -> String {
        let regions = rows.iter().map(|(code, _)| (*code).to_owned()).collect();
        let cells = rows.iter().map(|(_, cell)| match cell {
            Ok(number) => Reading::Number(*number),
            Err(reason) => Reading::Gap(*reason),
        });
        let figures = Figures::new(regions, 1, cells.collect()).expect("distinct rows");
        shown(&rebase(&figures, &conversion(), nature, "no row"))
    }

    fn shown(rebased: &Rebased<&str>) -> String {
        let line = |(code, cell): (&String, &Moved<&str>)| match cell {
            Moved::Number(number, Modelled::Nothing) => format!("{code} {number}"),
            Moved::Number(number, Modelled::Share(share)) => {
                format!("{code} {number}, {share:.3} modelled")
            }
            Moved::Gap(reason, Coverage { parts, missing }) => {
                format!("{code} -, {reason}: {missing} of {parts} missing")
            }
            Moved::Refused(refusal) => format!("{code} refused: {}", refusal.key()),
        };
        let mut lines: Vec<String> = rebased.regions.iter().zip(&rebased.cells).map(line).collect();
        if !rebased.left_over.is_empty() {
            lines.push(format!("left over: rows {:?}", rebased.left_over));
        }
        lines.join("\n")
    }

    #[test]
    fn counts_are_added_up_and_divided_and_say_how_much_was_modelled() {
        let rows = [
            ("0101", Ok(10.0)),
            ("0104", Ok(1.0)),
            ("0136", Ok(2.0)),
            ("1805", Ok(300.0)),
            ("1850", Ok(1925.0)),
            ("9999", Ok(7.0)),
        ];
        insta::assert_snapshot!(moved(Nature::Count, &rows), @r"
        1806 1187, 0.747 modelled
        1875 1038, 1.000 modelled
        3101 10
        3103 3
        left over: rows [5]
        ");
    }

    #[test]
    fn a_missing_part_makes_the_sum_missing() {
        let rows = [("0104", Err("withheld")), ("0136", Ok(2.0)), ("1805", Ok(300.0))];
        insta::assert_snapshot!(moved(Nature::Count, &rows), @r"
        1806 -, no row: 1 of 2 missing
        3103 -, withheld: 1 of 2 missing
        ");
    }

    #[test]
    fn a_rate_is_only_carried_to_a_new_number() {
        let rows = [
            ("0101", Ok(10.0)),
            ("0104", Ok(1.0)),
            ("0136", Ok(1.0)),
            ("1805", Ok(3.0)),
            ("1850", Ok(3.0)),
        ];
        insta::assert_snapshot!(moved(Nature::Rate, &rows), @r"
        1806 refused: merged
        1875 refused: split
        3101 10
        3103 refused: merged
        ");
    }

    #[test]
    fn a_rate_with_its_parts_is_worked_out_again() {
        let column = |numbers: [f64; 3]| {
            let regions = ["0104", "0136", "1850"].map(str::to_owned).to_vec();
            let cells = numbers.map(Reading::Number).to_vec();
            Figures::new(regions, 1, cells).expect("distinct rows")
        };
        let (over, under) = (column([1.0, 3.0, 10.0]), column([10.0, 30.0, 0.0]));
        let rate = rebase_rate((&over, &under), 100.0, &conversion(), "no row");
        insta::assert_snapshot!(shown(&rate.expect("as many columns")), @r"
        1806 -, no row: 1 of 2 missing
        1875 refused: no_denominator
        3103 10
        ");
    }

    #[test]
    fn a_region_that_occurs_twice_is_no_table() {
        let twice = vec!["0101".to_owned(), "0101".to_owned()];
        assert_eq!(Figures::<()>::new(twice, 1, vec![Reading::Number(1.0); 2]), None);
    }

    #[test]
    fn shares_of_a_negative_count_add_up_too() {
        let count = -7.0;
        let shares = [share_of(count, 0.0, 0.3), share_of(count, 0.3, 1.0)];
        assert_eq!(shares[0] + shares[1], count);
    }
}
