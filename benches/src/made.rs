//! A cube as large as Statistics Norway lets one ask for, made up: the same on every run.
//!
//! Regions x contents x years as in a KOSTRA table. Most of the gaps are municipalities outside
//! the years in which they existed; a few figures are missing or withheld.

use cube::{Cube, Dimension, Role, Statuses, Unit, Values};

/// How many of the cells are gaps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// Four in ten, as where a table lists former municipalities too.
    Many,
    /// One in sixty.
    Few,
}

const REGIONS: usize = 890;
const CONTENTS: usize = 34;
const YEARS: usize = 26;

/// A run of numbers that looks like chance.
struct Dice(u64);

impl Dice {
    fn share(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// 786,760 cells.
pub fn cube(gaps: Gaps) -> Cube {
    let mut dice = Dice(12_058);
    let cells = REGIONS * CONTENTS * YEARS;
    let (mut values, mut statuses) = (Values::with_capacity(cells), Statuses::none());
    for region in 0..REGIONS {
        let (first, last) = lifetime(region, gaps);
        let size = 10_f64.powf(1.0 + 2.5 * dice.share());
        for content in 0..CONTENTS {
            for year in 0..YEARS {
                let cell = values.len();
                let chance = dice.share();
                let symbol = match chance {
                    _ if year < first || year > last => ".",
                    low if low < 0.012 => "..",
                    low if low < 0.016 => ":",
                    _ => {
                        let number = size * (0.8 + 0.4 * dice.share());
                        let decimals = 10_f64.powi((content % 3) as i32);
                        values.push((number * decimals).round() / decimals);
                        continue;
                    }
                };
                values.push_missing();
                statuses.set(cell, cells, symbol);
            }
        }
    }
    let mut cube = Cube::new(dimensions(), values, statuses).expect("a value for every cell");
    cube.label = Some("12058: Brann- og ulykkesvern".to_owned());
    cube.source = Some("Statistisk sentralbyrå".to_owned());
    cube.updated = Some("2025-06-16T06:00:00Z".to_owned());
    cube
}

/// First and last year of a region: five of nine were merged away.
fn lifetime(region: usize, gaps: Gaps) -> (usize, usize) {
    match (gaps, region % 9) {
        (Gaps::Few, _) => (0, YEARS - 1),
        (Gaps::Many, 0..4) => (if region.is_multiple_of(7) { YEARS - 6 } else { 0 }, YEARS - 1),
        (Gaps::Many, _) => (0, region % (YEARS - 8)),
    }
}

fn dimensions() -> Vec<Dimension> {
    let named = |code: &str, label: &str, role: Role, all: Vec<(String, String)>| {
        let (codes, labels) = all.into_iter().map(|(code, label)| (code, Some(label))).unzip();
        let mut dimension = Dimension::new(code, codes, labels).expect("distinct codes");
        dimension.label = Some(label.to_owned());
        dimension.role = Some(role);
        dimension
    };
    let regions = (0..REGIONS).map(|at| (format!("{at:04}"), format!("Kommune nr. {}", at / 2)));
    let contents =
        (0..CONTENTS).map(|at| (format!("KOSsyntetisk{at:04}"), format!("Nøkkeltall {at}")));
    let years = (0..YEARS).map(|at| ((2000 + at).to_string(), (2000 + at).to_string()));
    let mut contents =
        named("ContentsCode", "statistikkvariabel", Role::Metric, contents.collect());
    for (at, code) in contents.codes().to_vec().into_iter().enumerate() {
        let decimals = u8::try_from(at % 3).ok();
        let unit = Unit { base: Some("antall".to_owned()), decimals, ..Unit::default() };
        contents.units.insert(code, unit);
    }
    vec![
        named("KOKkommuneregion0000", "region", Role::Geo, regions.collect()),
        contents,
        named("Tid", "år", Role::Time, years.collect()),
    ]
}
