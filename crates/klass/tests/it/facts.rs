//! The published tables, as a history wants them.

use std::path::Path;
use std::sync::OnceLock;

use jiff::civil::date;
use klass::history::{
    CrosswalkKind, CrosswalkRow, Level, Listed, Material, RegionHistory, Vintage,
};
use klass::wire::csv::Table;

/// Reads one of the tables.
pub fn table(path: &Path) -> Table {
    Table::read(&std::fs::read(path).expect("the file can be read"))
}

/// What the tables say.
pub fn material(shared: &Path) -> Material {
    let facts = shared.join("facts");
    let crosswalk = table(&facts.join("crosswalk.csv"));
    let crosswalk = crosswalk.rows().map(|row| {
        let text = |column| row.get(column).unwrap_or_default().to_owned();
        CrosswalkRow {
            old_code: text("old_code"),
            old_name: text("old_name"),
            new_code: text("new_code"),
            date: text("valid_from").parse().expect("a date"),
            kind: CrosswalkKind::from_name(&text("kind")).expect("a kind"),
            weight: row.get("weight").map(|weight| weight.parse().expect("a number")),
            weight_basis: row.get("weight_basis").map(str::to_owned),
            note: row.get("note").map(str::to_owned),
        }
    });
    let listed = |file: &str, code: &str, parent: Option<&str>| -> Vec<Listed> {
        let table = table(&facts.join(file));
        let rows = table.rows().map(|row| Listed {
            code: row.get(code).unwrap_or_default().to_owned(),
            name: row.get("name").unwrap_or_default().to_owned(),
            parent: parent.and_then(|parent| row.get(parent)).map(str::to_owned),
        });
        rows.collect()
    };
    let grunnkretser = listed("grunnkretser-2024.csv", "grunnkrets_code", Some("delomrade_code"));
    Material {
        crosswalk: crosswalk.collect(),
        municipalities: listed("municipalities.csv", "municipality_code", None),
        vintages: vec![Vintage {
            level: Level::Grunnkrets,
            from: date(2024, 1, 1),
            until: None,
            listed: grunnkretser,
        }],
        ..Material::default()
    }
}

/// The history that the tables alone give; `None` where they are absent.
pub fn history() -> Option<&'static RegionHistory> {
    static HISTORY: OnceLock<RegionHistory> = OnceLock::new();
    let shared = testkit::shared()?;
    let made = || RegionHistory::new(&material(&shared)).expect("the tables agree with themselves");
    Some(HISTORY.get_or_init(made))
}
