//! COINr's removal of every element, at every level.

use scoring::Uncertainty;
use scoring::doubt::engine::Engine;
use scoring::doubt::removal::{remove, remove_each};

use super::{assert_same, figure, index, matrix, model, oracle, rows, table, treated};

#[test]
fn removing_any_element_changes_ranks_as_in_coinr() {
    let Some(folder) = oracle() else { return };
    let index = index(&folder);
    let figures = table(&folder, "coinr/04_treated.csv");
    let expected = table(&folder, "coinr/10_removed.csv");
    let summary = table(&folder, "coinr/10_removed_summary.csv");
    let arithmetic = "{ method = \"arithmetic\" }";
    let model = model(&index, "{ method = \"min_max\" }", arithmetic, arithmetic);
    let mut compared = 0;
    for input in ["A", "B"] {
        let matrix = matrix(&index, &treated(&figures, input));
        let engine = Engine::new(&model, &matrix, &Uncertainty::default());
        let each = remove_each(&engine, &model).expect("the engine is the model's");
        assert_eq!(each.len(), 14 + 6 + 3);
        for removal in &each {
            assert_eq!(*removal, remove(&engine, &model, &removal.name).expect("it is a part"));
            // COINr counts levels from the indicators up.
            let level = (4 - removal.depth).to_string();
            let wanted = [("input", input), ("level", &*level), ("removed", &*removal.name)];
            let answers = rows(&expected, &wanted);
            assert_eq!(answers.len(), 58, "{wanted:?}");
            for (unit, answer) in answers.iter().enumerate() {
                let what = format!("{input} without {}: {}", removal.name, answer["unit"]);
                assert_eq!(matrix.units[unit], answer["unit"]);
                assert_same(removal.scores[unit], figure(answer, "score"), &what);
                assert_eq!(removal.ranks[unit], answer["rank"].parse().ok(), "{what}");
                assert_eq!(removal.gained[unit], answer["rank_change"].parse().ok(), "{what}");
                compared += 3;
            }
            let mean = figure(rows(&summary, &wanted)[0], "mean_abs_rank_change");
            assert_same(removal.mean_absolute_change, mean, &removal.name);
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 23 * (58 * 3 + 1));
}
