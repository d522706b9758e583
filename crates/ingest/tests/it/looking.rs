//! Looking into the archive: tables, differences, receipts, and what the mirror serves of it.

use std::sync::Arc;

use ingest::{ArchiveShelf, FolderShelf, diff, receipt, tables};
use pxweb::mirror::{Ask, Mirror, Settings, Shelf};
use store::Snapshot;
use store::archive::Archive;

use crate::world::{Folder, World, accounts};

fn snapshot(folder: &Folder) -> Snapshot {
    Snapshot::open(&folder.path().join("snapshot.gpkg")).expect("a snapshot")
}

#[test]
fn a_figure_is_traced_to_the_bytes_that_came() {
    let (world, folder) = (World::new(4), Folder::new());
    folder.sync(&world, "one");
    let asked = "net_operating_result_percent/0301/2024";
    let receipt = receipt(&folder.archive, &snapshot(&folder), asked).expect("a receipt");
    let figure = receipt.figure.expect("a figure");
    assert_eq!(figure.value, Some(6.5));
    let [version] = &receipt.versions[..] else { panic!("one version") };
    assert!(version.verified);
    assert_eq!(figure.source.source, format!("ssb.12134.no.accounts@{}", version.version));
    assert_eq!(version.updated.as_deref(), Some("2026-03-16T07:00:00Z"));
    assert!(folder.path().join(&version.path).exists());
    let [answer] = &version.answers[..] else { panic!("one answer: {:?}", version.answers) };
    assert!(answer.verified && answer.status == 200);
    assert!(answer.url.contains("/tables/12134/data"), "{}", answer.url);
    assert!(figure.source.retrieved_via.contains(&answer.sha256));
    assert!(folder.path().join(&answer.path).exists());
    let raw = folder.archive.blob(&answer.sha256).expect("the body");
    let cube = cube::jsonstat::read(&raw).expect("a cube");
    let cell = cube.cell(&["0301", "KOSAGD230000", "2024"]).expect("a cell");
    assert_eq!(cube.values().at(cell), figure.value);
}

#[test]
fn a_changed_file_is_told_in_the_receipt() {
    let (world, folder) = (World::new(800_000), Folder::new());
    folder.sync(&world, "one");
    let whole = |asked: &str| receipt(&folder.archive, &snapshot(&folder), asked);
    let before = whole("12134").expect("a receipt");
    let answer = &before.versions[0].answers[0];
    std::fs::write(folder.path().join(&answer.path), "something else").expect("written");
    let after = whole(&answer.sha256[..8]).expect("a receipt");
    assert!(before.versions[0].answers[0].verified);
    assert!(!after.answers[0].verified);
    for nothing in ["12345", "a/b", "x/y/z'--", "population_persons/0301/1900", "beef"] {
        assert!(whole(nothing).is_err(), "{nothing}");
    }
}

#[test]
fn the_archive_says_what_it_holds_and_when_news_are_due() {
    let (world, folder) = (World::new(800_000), Folder::new());
    folder.sync(&world, "one");
    world.publish(accounts("2026-06-15T06:00:00Z", 3.5));
    folder.sync(&world, "two");
    let lines: Vec<String> = tables(&folder.archive, &folder.sources)
        .expect("tables")
        .into_iter()
        .map(|held| {
            let due = held.next_due.unwrap_or_default();
            format!("{} {} versions, {} cells, due {due}", held.extract, held.versions, held.cells)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    ssb.07459.no.ages 1 versions, 30 cells, due 2027-02-20
    ssb.07459.no.population 1 versions, 6 cells, due 2027-02-20
    ssb.12134.no.accounts 2 versions, 4 cells, due 2027-03-15
    ");
    let diff = diff(&folder.archive, "12134", None, None).expect("two versions");
    assert_eq!(diff.difference.cells.len(), diff.difference.compared);
    assert_eq!(diff.difference.cells[0].old.0, Some(6.5));
    assert_eq!(diff.difference.cells[0].new.0, Some(7.5));
}

#[test]
fn the_mirror_serves_what_was_fetched() {
    let (world, folder) = (World::new(800_000), Folder::new());
    folder.sync(&world, "one");
    let archive = Arc::new(Archive::open(folder.path()).expect("an archive"));
    let shelf = ArchiveShelf::new(archive);
    let ids: Vec<String> = shelf.catalogue("no").into_iter().map(|entry| entry.id).collect();
    assert_eq!(ids, ["07459", "12134", "ssb.07459.no.population"]);
    assert!(shelf.catalogue("en").is_empty());
    let ask = Ask {
        method: "GET".to_owned(),
        path: "/pxwebapi/v2/tables/12134/data".to_owned(),
        query: ["KOKkommuneregion0000=0301", "ContentsCode=*", "Tid=2025"]
            .into_iter()
            .filter_map(|pair| pair.split_once('='))
            .map(|(code, value)| (format!("valueCodes[{code}]"), value.to_owned()))
            .collect(),
        ..Ask::default()
    };
    let reply = Mirror::new(shelf, Settings::default()).reply(&ask);
    assert_eq!(reply.status, 200);
    let body = reply.body.into_bytes().expect("a body");
    let cube = cube::jsonstat::read(&body).expect("a cube");
    assert_eq!(cube.values().iter().collect::<Vec<_>>(), [Some(7.5)]);
}

#[test]
fn a_folder_is_served_and_its_bad_files_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("deeper");
    std::fs::create_dir(&inside).expect("a folder");
    let cube = cube::jsonstat::to_vec(&accounts("2026-03-16T07:00:00Z", 1.0));
    std::fs::write(folder.path().join("a.json"), &cube).expect("written");
    std::fs::write(inside.join("b.json"), &cube).expect("written");
    std::fs::write(folder.path().join("c.px"), "not a cube").expect("written");
    std::fs::write(folder.path().join("d.txt"), "not looked at").expect("written");
    let shelf = FolderShelf::open(folder.path(), "en").expect("a shelf");
    assert_eq!(shelf.len(), 1);
    assert!(shelf.table("12134", "no").is_some());
    let faults: Vec<String> = shelf
        .faults
        .iter()
        .map(|(file, fault)| {
            let name = file.file_name().expect("a name").to_string_lossy();
            let fault = fault.to_string().replace(&folder.path().display().to_string(), "");
            format!("{name} {fault}")
        })
        .collect();
    assert_eq!(faults, ["c.px is not a cube", "b.json has the same table id as `/a.json`"]);
}
