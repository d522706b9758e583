//! Strengths and weaknesses by rank, every row of COINr's.

use scoring::Direction;
use scoring::explain::strengths::{PassOver, Ranked, by_rank};

use super::{figure, index, is_lower, name, oracle, rows, table};

#[test]
fn strengths_and_weaknesses_by_rank_are_coinrs() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let expected = table(&folder, "coinr/14_strengths_weaknesses.csv");
    let own_units = table(&folder, "coinr/01_denominated.csv");
    let normalised = table(&folder, "coinr/05_normalised.csv");
    let b = rows(&normalised, &[("input", "B"), ("method", "minmax_0_100")]);
    // COINr ranks what stays after screening.
    let stays = |unit: &str| b.iter().any(|row| row["unit"] == unit);
    let s: Vec<_> = own_units.iter().filter(|row| stays(&row["unit"])).collect();
    let mut compared = 0;
    for (input, units) in [("S", &s), ("B", &b)] {
        let columns: Vec<Vec<Option<f64>>> = index
            .indicators
            .iter()
            .map(|indicator| units.iter().map(|unit| figure(unit, name(indicator))).collect())
            .collect();
        let ranked = |(indicator, column)| {
            let indicator: &serde_json::Value = indicator;
            let column: &Vec<Option<f64>> = column;
            // Normalised figures are turned already.
            let lower = input == "S" && is_lower(indicator);
            let direction = if lower { Direction::Lower } else { Direction::Higher };
            Ranked { column, direction, parent: indicator["parent"].as_str().unwrap_or_default() }
        };
        let indicators: Vec<Ranked<'_>> =
            index.indicators.iter().zip(&columns).map(ranked).collect();
        for (variant, pass_over) in [
            ("default", PassOver::Last),
            ("keep_last", PassOver::Gaps),
            ("unique_half", PassOver::LastAndFewFigures),
        ] {
            for (at, unit) in units.iter().enumerate() {
                let (strengths, weaknesses) = by_rank(&indicators, at, 3, pass_over);
                for (side, found) in [("strengths", strengths), ("weaknesses", weaknesses)] {
                    let wanted = [
                        ("input", input),
                        ("variant", variant),
                        ("unit", unit["unit"].as_str()),
                        ("side", side),
                    ];
                    let answers = rows(&expected, &wanted);
                    let answer = |row: &&std::collections::HashMap<String, String>| {
                        (row["indicator"].clone(), row["rank"].clone())
                    };
                    let told = |(leaf, rank): &(usize, usize)| {
                        (name(&index.indicators[*leaf]).to_owned(), rank.to_string())
                    };
                    let answers: Vec<_> = answers.iter().map(answer).collect();
                    let found: Vec<_> = found.iter().map(told).collect();
                    assert_eq!(found, answers, "{wanted:?}");
                    compared += found.len();
                }
            }
        }
    }
    assert_eq!(compared, expected.len(), "every row is compared");
}
