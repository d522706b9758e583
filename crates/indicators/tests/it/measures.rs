//! The measures of the pack against those of the snapshot.

use std::collections::BTreeMap;

use indicators::Grain;

use crate::{pack, snapshot};

/// Units that pack and snapshot write differently, each with the reason.
const OTHER_UNITS: [(&str, &str); 0] = [];

#[test]
fn a_measure_has_the_unit_of_its_figures() {
    let figures = snapshot().measures().expect("read");
    let units: BTreeMap<&str, &str> =
        figures.iter().map(|measure| (measure.measure.as_str(), measure.unit.as_str())).collect();
    let pack = pack();
    let mut other = Vec::new();
    let mut compared = 0;
    for (id, measure) in &pack.measures {
        let Some(unit) = units.get(id.as_str()) else { continue };
        compared += 1;
        if *unit != measure.unit && !OTHER_UNITS.iter().any(|(known, _)| known == id) {
            other.push(format!(
                "{id}: `{}` in measures.toml, `{unit}` in the snapshot",
                measure.unit
            ));
        }
    }
    assert!(compared > 20, "only {compared} measures are in the snapshot");
    assert!(other.is_empty(), "{}", other.join("\n"));
}

#[test]
fn a_measure_that_is_not_in_the_snapshot_says_what_must_be_done() {
    let figures = snapshot().measures().expect("read");
    for (id, measure) in &pack().measures {
        let is_present = figures.iter().any(|found| found.measure == *id);
        assert_eq!(measure.pending.is_empty(), is_present, "{id}");
    }
}

#[test]
fn codes_are_fixed_only_where_they_were_seen_working() {
    for (id, measure) in &pack().measures {
        assert!(measure.codes.is_empty() || measure.confidence == "H", "{id}");
        assert!(["H", "M", "L"].contains(&measure.confidence.as_str()), "{id}");
        assert!(["merged", "as_of_year", "current"].contains(&measure.map.as_str()), "{id}");
        for text in [&measure.unit, &measure.publisher, &measure.licence, &measure.selection] {
            assert!(!text.is_empty(), "{id}");
        }
        let may_lack_table = measure.confidence == "L" && !measure.pending.is_empty();
        assert!(!measure.table.is_empty() || may_lack_table, "{id}");
    }
}

#[test]
fn figures_of_the_nation_stand_at_code_0() {
    let present = snapshot();
    let session = present.session().expect("open");
    for measure in present.measures().expect("read") {
        let sql = format!("SELECT count(*) FROM {} WHERE municipality_code = '0'", measure.measure);
        let rows = session.rows(&sql).expect("a view per measure").rows;
        let is_national = pack()
            .measures
            .get(&measure.measure)
            .is_some_and(|measure| measure.grain == Grain::Nation);
        assert_eq!(rows[0][0].as_i64() > Some(0), is_national, "{}", measure.measure);
    }
}
