//! Small tables that the tests write themselves.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Four municipalities, two of one name, three years; a gap of each kind and a preliminary figure.
pub const POPULATION: &str = r#"{
  "version": "2.0", "class": "dataset",
  "label": "90001: Folkemengde, etter region, statistikkvariabel og år",
  "source": "Testbyrået", "updated": "2026-02-19T07:00:00Z",
  "note": ["Tallene gjelder 1. januar."],
  "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
  "id": ["Region", "ContentsCode", "Tid"], "size": [4, 1, 3],
  "dimension": {
    "Region": {"label": "region", "extension": {"elimination": true}, "category": {
      "index": {"0301": 0, "1103": 1, "1515": 2, "1818": 3},
      "label": {"0301": "Oslo", "1103": "Stavanger", "1515": "Herøy", "1818": "Herøy"}}},
    "ContentsCode": {"label": "statistikkvariabel", "extension": {"elimination": false}, "category": {
      "index": {"Personer": 0}, "label": {"Personer": "Personer"},
      "unit": {"Personer": {"base": "personer", "decimals": 0}}}},
    "Tid": {"label": "år", "extension": {"elimination": false}, "category": {
      "index": {"2024": 0, "2025": 1, "2026": 2},
      "label": {"2024": "2024", "2025": "2025", "2026": "2026"}}}},
  "extension": {"px": {"tableid": "90001", "language": "no"}},
  "value": [717710, 724290, 728714, 148682, 150123, 151207, 8997, null, 9012, 1742, null, 1718],
  "status": {"7": "..", "8": "*", "10": ":"}
}
"#;

/// The same table as PX, as an agency would publish it.
pub const HOUSES_PX: &str = "CHARSET=\"ANSI\";\nAXIS-VERSION=\"2013\";\nCODEPAGE=\"utf-8\";\nLANGUAGE=\"no\";\nCREATION-DATE=\"20260301 08:00\";\nDECIMALS=0;\nMATRIX=\"90002\";\nSUBJECT-CODE=\"bb\";\nSUBJECT-AREA=\"Bygg og bolig\";\nTITLE=\"Boliger etter region og år\";\nCONTENTS=\"Boliger\";\nUNITS=\"boliger\";\nSTUB=\"region\";\nHEADING=\"år\";\nTIMEVAL(\"år\")=TLIST(A1),\"2024\",\"2025\";\nVALUES(\"region\")=\"Oslo\",\"Stavanger\";\nVALUES(\"år\")=\"2024\",\"2025\";\nCODES(\"region\")=\"0301\",\"1103\";\nCODES(\"år\")=\"2024\",\"2025\";\nLAST-UPDATED=\"20260301 08:00\";\nSOURCE=\"Testbyrået\";\nDATA=\n345000 347500\n\"..\" 66000;\n";

/// A folder with both tables.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "90001.json", POPULATION);
    write(folder.path(), "90002.px", HOUSES_PX);
    folder
}

/// Writes a file and gives its path.
pub fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).expect("a file of the test's own");
    file
}
