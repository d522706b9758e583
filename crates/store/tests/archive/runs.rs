use store::StoreError;

use crate::archive;

#[test]
fn runs_are_listed_newest_first_with_how_they_ended() {
    let (_folder, archive) = archive();
    let first = archive.begin_run("sync").expect("rows");
    archive.end_run(first, "{\"fetched\":40}").expect("rows");
    let second = archive.begin_run("sync --from-archive").expect("rows");

    let runs = archive.last_runs(10).expect("rows");
    assert_eq!(runs.iter().map(|run| run.id).collect::<Vec<_>>(), [second, first]);
    assert!(runs[0].running && runs[0].ended_at.is_none());
    assert!(!runs[1].running && runs[1].ended_at.is_some());
    assert_eq!(runs[1].summary, "{\"fetched\":40}");
    assert_eq!(archive.last_runs(1).expect("rows").len(), 1);
}

#[test]
fn a_run_ends_once() {
    let (_folder, archive) = archive();
    let run = archive.begin_run("sync").expect("rows");
    archive.end_run(run, "{}").expect("rows");
    for id in [run, 99] {
        assert!(matches!(archive.end_run(id, "{}"), Err(StoreError::NoSuchRow { .. })));
    }
}
