//! A sync, from the catalogue to the snapshot.

use std::sync::atomic::Ordering;

use ingest::{Cost, IngestError, Outcome, Summary};

use crate::world::{Folder, World, accounts, population, renamed_accounts};

/// Each extract with what became of it.
fn told(summary: &Summary) -> String {
    let lines: Vec<String> = summary
        .outcomes
        .iter()
        .map(|(extract, outcome)| {
            let reasons = outcome.reasons().join("; ");
            format!("{extract}: {} {reasons}", outcome.key()).trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

#[test]
fn tables_that_fit_are_fetched_and_the_score_reads_them() {
    let (world, folder) = (World::new(800_000), Folder::new());
    let summary = folder.sync(&world, "one");
    insta::assert_snapshot!(told(&summary), @r"
    ssb.07459.no.population: fetched
    ssb.07459.no.ages: fetched
    ssb.12134.no.accounts: fetched
    ssb.12134.no.funds: refused no label of `ContentsCode` holds: disposisjonsfond; nearest: KOSAGD230000 Netto driftsresultat i prosent, KOSAG110000 Frie inntekter
    ssb.99999.no.gone: refused the catalogue has no such table
    ");
    assert_eq!(summary.calls, world.count() as u64);
    let made = summary.snapshot.expect("a snapshot");
    assert_eq!(made.left_out, []);
    assert_eq!(made.measures.len(), 3);
    // 0301 is the first region: ages 000 to 105+ are every second cell, from 100.
    assert_eq!(
        folder.figure("population_persons", "0301", "2024"),
        "Some([Real(630.0), Text(\"ok\")])"
    );
    assert_eq!(
        folder.figure("population_80plus_persons", "0301", "2025"),
        "Some([Real(220.0), Text(\"ok\")])"
    );
    assert_eq!(
        folder.figure("net_operating_result_percent", "3101", "2025"),
        "Some([Real(11.5), Text(\"ok\")])"
    );
}

#[test]
fn a_second_sync_asks_for_the_catalogue_and_nothing_else() {
    let (world, folder) = (World::new(800_000), Folder::new());
    folder.sync(&world, "one");
    world.count();
    let seal = std::fs::read(folder.path().join("snapshot.gpkg")).expect("a snapshot");
    let summary = folder.sync(&world, "two");
    assert_eq!(world.count(), 1);
    assert_eq!(summary.counts()["unchanged"], 3);
    assert_eq!(summary.snapshot, None);
    assert_eq!(std::fs::read(folder.path().join("snapshot.gpkg")).expect("a snapshot"), seal);
}

#[test]
fn a_new_publication_becomes_a_new_version_and_the_old_one_stays() {
    let (world, folder) = (World::new(800_000), Folder::new());
    folder.sync(&world, "one");
    world.publish(accounts("2026-06-15T06:00:00Z", 3.5));
    let summary = folder.sync(&world, "two");
    let extract = "ssb.12134.no.accounts";
    assert_eq!(folder.archive.versions(extract).expect("versions").len(), 2);
    assert_eq!(summary.counts()["fetched"], 1);
    assert_eq!(
        folder.figure("net_operating_result_percent", "0301", "2024"),
        "Some([Real(7.5), Text(\"ok\")])"
    );
}

#[test]
fn a_table_that_drifts_is_reported_and_its_last_good_version_stays_in_use() {
    let (world, folder) = (World::new(800_000), Folder::new());
    folder.sync(&world, "one");
    world.publish(renamed_accounts("2026-06-15T06:00:00Z", 3.5, "Brutto driftsresultat"));
    let summary = folder.sync(&world, "two");
    let (_, outcome) = &summary.outcomes[2];
    assert!(matches!(outcome, Outcome::Drifted { .. }));
    insta::assert_snapshot!(outcome.reasons().join("\n"), @"`ContentsCode/KOSAGD230000` is called `Brutto driftsresultat`, without: netto driftsresultat");
    assert_eq!(
        folder.figure("net_operating_result_percent", "0301", "2024"),
        "Some([Real(6.5), Text(\"ok\")])"
    );
}

#[test]
fn a_run_that_was_cut_goes_on_with_what_is_missing() {
    let whole = {
        let (world, folder) = (World::new(4), Folder::new());
        folder.sync(&world, "one");
        world.count()
    };
    for cut in (1..whole).step_by(3) {
        let (world, folder) = (World::new(4), Folder::new());
        world.cut_after.store(cut, Ordering::SeqCst);
        let summary = folder.sync(&world, "one");
        assert!(summary.counts().contains_key("failed"), "cut after {cut}: {summary:?}");
        assert_eq!(world.count(), cut);
        world.cut_after.store(usize::MAX, Ordering::SeqCst);
        let summary = folder.sync(&world, "one");
        assert_eq!(world.count(), whole - cut, "cut after {cut}");
        assert_eq!(summary.counts()["refused"], 2);
        assert_eq!(
            folder.figure("population_persons", "0301", "2024"),
            "Some([Real(630.0), Text(\"ok\")])"
        );
    }
}

#[test]
fn the_plan_names_the_number_of_calls() {
    let (world, folder) = (World::new(4), Folder::new());
    folder.sync(&world, "one");
    world.publish(accounts("2026-06-15T06:00:00Z", 3.5));
    world.publish(population("2026-06-15T06:00:00Z", 500.0));
    // The catalogue tells of the new publications; the line is cut before they are asked for.
    world.count();
    world.cut_after.store(1, Ordering::SeqCst);
    folder.sync(&world, "two");
    assert_eq!(world.count(), 1);
    let forecast = folder.with_line(&world, "two", |site, line, options| {
        ingest::forecast(site, line, options).expect("a forecast")
    });
    let planned: u64 = forecast
        .extracts
        .iter()
        .map(|planned| match planned.cost {
            Cost::Known { calls, .. } => calls,
            _ => 0,
        })
        .sum();
    assert_eq!(world.count(), 0, "a plan asks nobody");
    world.cut_after.store(usize::MAX, Ordering::SeqCst);
    let summary = folder.sync(&world, "two");
    assert_eq!(planned, summary.calls, "{forecast:?}");
}

#[test]
fn an_extract_never_mixes_two_publications() {
    let (world, folder) = (World::new(4), Folder::new());
    let anew = population("2026-02-19T08:00:00Z", 500.0);
    *world.publish_after.lock().expect("sound") = Some((1, anew));
    let summary = folder.sync(&world, "one");
    assert_eq!(summary.counts()["fetched"], 3, "{summary:?}");
    let version = folder.archive.current("ssb.07459.no.population").expect("read");
    let updated = version.expect("a version").info.updated;
    assert_eq!(updated.as_deref(), Some("2026-02-19T08:00:00Z"));
    assert_eq!(
        folder.figure("population_persons", "0301", "2024"),
        "Some([Real(3030.0), Text(\"ok\")])"
    );
}

#[test]
fn without_a_network_the_archive_gives_the_same_snapshot() {
    let (world, folder) = (World::new(4), Folder::new());
    folder.sync(&world, "one");
    world.count();
    let path = folder.path().join("snapshot.gpkg");
    let before = std::fs::read(&path).expect("a snapshot");
    std::fs::remove_file(&path).expect("removed");
    let summary = folder.with_line(&world, "three", |site, line, options| {
        ingest::sync_from_archive(site, line, options).expect("a summary")
    });
    assert_eq!(world.count(), 0);
    assert!(summary.snapshot.is_some());
    assert_eq!(std::fs::read(&path).expect("a snapshot"), before);
}

#[test]
fn the_snapshot_of_a_day_is_made_of_what_was_known_then() {
    let (world, folder) = (World::new(800_000), Folder::new());
    folder.sync(&world, "one");
    let nothing = ingest::snapshot_as_of(&folder.site(), "2001-01-01").expect("a path");
    let now = ingest::snapshot_as_of(&folder.site(), "2999-01-01").expect("a path");
    let measures = |path: &std::path::Path| {
        store::Snapshot::open(path).expect("a snapshot").measures().expect("measures").len()
    };
    assert_eq!((measures(&nothing), measures(&now)), (0, 3));
}

#[test]
fn a_user_who_stops_gets_an_answer_and_loses_nothing() {
    let (world, folder) = (World::new(4), Folder::new());
    folder.stop.store(true, Ordering::SeqCst);
    let refused = folder.try_sync(&world, "one").expect_err("stopped");
    assert!(matches!(refused, IngestError::Interrupted));
    folder.stop.store(false, Ordering::SeqCst);
    assert_eq!(folder.sync(&world, "one").counts()["fetched"], 3);
}

#[test]
fn two_syncs_at_once_share_their_calls() {
    let alone = {
        let (world, folder) = (World::new(4), Folder::new());
        folder.sync(&world, "one");
        world.count()
    };
    let (world, folder) = (World::new(4), Folder::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| folder.sync(&world, "one"));
        }
    });
    assert_eq!(world.count(), alone);
}
