//! VIKOR: a compromise between the sum of all shortcomings and the worst of them.

use super::table::Table;

/// What each unit's rank is made of. In all three figures lower is better.
#[derive(Debug, Clone, PartialEq)]
pub struct Vikor {
    /// S: weighted sum of shortcomings, 0 to 1.
    pub sum: Vec<Option<f64>>,
    /// R: the gravest weighted shortcoming.
    pub worst: Vec<Option<f64>>,
    /// Q: the two, each scaled from its best to its worst, in the balance `v`; 0 is best.
    pub compromise: Vec<Option<f64>>,
    /// Weighted shortcomings, one column per criterion: they add up to S.
    pub shortcomings: Vec<Vec<Option<f64>>>,
    /// Units that the compromise proposes, the best first.
    pub proposed: Vec<usize>,
}

impl Vikor {
    /// Returns 1 - Q, so that more is better.
    pub fn score(&self) -> Vec<Option<f64>> {
        self.compromise.iter().map(|q| q.map(|q| 1.0 - q)).collect()
    }
}

/// Scores units by their shortcomings (Opricovic & Tzeng 2004).
///
/// `v` is the weight of the sum against the worst, 0.5 by custom. Columns are
/// turned so that more is better. A shortcoming is the way from the best figure
/// as a share of the way from best to worst; a column of equal figures has none.
/// A unit is measured in the criteria it has a figure in, with the weights
/// rescaled to those; without data it is a gap.
///
/// The best unit alone is proposed when it leads the next by 1 / (units - 1)
/// and is best by S or by R too; without the latter also the next; without the
/// lead all that are nearer to it than that.
pub fn vikor(columns: &[&[Option<f64>]], weights: &[f64], v: f64) -> Vikor {
    let table = Table::new(columns, weights);
    let shares: Vec<f64> = (0..table.rows())
        .map(|row| {
            let had = table.weighted().filter(|column| column.has[row] == 1.0);
            had.map(|column| column.weight).sum()
        })
        .collect();
    let shortcomings: Vec<Vec<Option<f64>>> = table
        .columns
        .iter()
        .map(|column| {
            let (low, high) = column.ends().unwrap_or((0.0, 0.0));
            let short = |row: usize| {
                let figure = column.figure(row)?;
                let way = if high > low { (high - figure) / (high - low) } else { 0.0 };
                Some(column.weight * way / shares[row])
            };
            (0..table.rows()).map(short).collect()
        })
        .collect();
    let of_row = |row: usize| shortcomings.iter().filter_map(move |column| column[row]);
    let sum: Vec<f64> = (0..table.rows()).map(|row| of_row(row).sum()).collect();
    let worst: Vec<f64> = (0..table.rows()).map(|row| of_row(row).fold(0.0, f64::max)).collect();
    let (sum_scaled, worst_scaled) = (from_best(&sum), from_best(&worst));
    let both = sum_scaled.iter().zip(&worst_scaled);
    let compromise: Vec<f64> = both.map(|(sum, worst)| v * sum + (1.0 - v) * worst).collect();
    let proposed = proposed(&sum, &worst, &compromise);
    let at_units = |figures: &[f64]| {
        table.at_units(&figures.iter().map(|figure| Some(*figure)).collect::<Vec<_>>())
    };
    Vikor {
        sum: at_units(&sum),
        worst: at_units(&worst),
        compromise: at_units(&compromise),
        shortcomings: shortcomings.iter().map(|column| table.at_units(column)).collect(),
        proposed: proposed.into_iter().map(|row| table.unit(row)).collect(),
    }
}

/// Scales to 0 at the lowest and 1 at the highest; all 0 where nothing differs.
fn from_best(figures: &[f64]) -> Vec<f64> {
    let low = figures.iter().copied().fold(f64::INFINITY, f64::min);
    let high = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scaled = |figure: &f64| if high > low { (figure - low) / (high - low) } else { 0.0 };
    figures.iter().map(scaled).collect()
}

fn proposed(sum: &[f64], worst: &[f64], compromise: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..compromise.len()).collect();
    order.sort_by(|left, right| compromise[*left].total_cmp(&compromise[*right]));
    let [best, next, ..] = order[..] else { return order };
    let lead = 1.0 / (order.len() - 1) as f64;
    let behind = |row: usize| compromise[row] - compromise[best];
    if behind(next) < lead {
        return order.into_iter().take_while(|row| behind(*row) < lead).collect();
    }
    let leads = |figures: &[f64]| figures.iter().all(|figure| figures[best] <= *figure);
    if leads(sum) || leads(worst) { vec![best] } else { vec![best, next] }
}
