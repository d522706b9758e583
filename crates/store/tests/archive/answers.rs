use std::fs;

use store::StoreError;
use store::archive::{Archive, Question, RawAnswer, RawRequest};

use crate::{answer, archive, keep, question, request};

#[test]
fn an_answer_comes_back_as_it_was_received() {
    let (_folder, archive) = archive();
    let request = RawRequest {
        method: "POST".to_owned(),
        url: "https://data.ssb.no/x?a=[b]".to_owned(),
        body: Some("{\"selection\":[]}".to_owned()),
    };
    let received = RawAnswer {
        status: 200,
        headers: vec![
            ("x-ratelimit-remaining".to_owned(), "39".to_owned()),
            ("set-cookie".to_owned(), "a=\"b\"".to_owned()),
        ],
        body: vec![0, 255, 10, 13],
        received_at: Some("2026-03-01T08:00:00+01:00".to_owned()),
    };
    let id = archive.keep(&question("x"), &request, &received).expect("it is kept");

    let kept = archive.recall(&question("x")).expect("rows").expect("it was kept");
    assert_eq!(kept.id, id);
    assert_eq!(kept.question, question("x"));
    assert_eq!(kept.request, request);
    assert_eq!((kept.status, kept.bytes), (200, 4));
    assert_eq!(kept.headers, received.headers);
    assert_eq!(kept.received_at, "2026-03-01T07:00:00Z");
    assert_eq!(archive.blob(&kept.sha256).expect("a body"), received.body);
    assert_eq!(archive.answer(id).expect("rows"), Some(kept));
}

#[test]
fn only_the_same_question_is_answered() {
    let (_folder, archive) = archive();
    keep(&archive, "x", b"one");
    let others = [
        Question { host: "api.scb.se".to_owned(), ..question("x") },
        Question { api: "v0".to_owned(), ..question("x") },
        Question { language: "en".to_owned(), ..question("x") },
        Question { table: None, ..question("x") },
        Question { updated: None, ..question("x") },
        Question { updated: Some("2027-01-01T07:00:00Z".to_owned()), ..question("x") },
        question("y"),
    ];
    for other in &others {
        assert_eq!(archive.recall(other).expect("rows"), None, "{other:?}");
    }
}

#[test]
fn offline_an_older_publication_will_do_and_the_newest_is_taken() {
    let (_folder, archive) = archive();
    keep(&archive, "x", b"old");
    let newer = Question { updated: Some("2026-08-01T06:00:00Z".to_owned()), ..question("x") };
    archive.keep(&newer, &request(), &answer(200, b"new")).expect("it is kept");

    let unknown = Question { updated: None, ..question("x") };
    let kept = archive.recall_any(&unknown).expect("rows").expect("one will do");
    assert_eq!(archive.blob(&kept.sha256).expect("a body"), b"new");
}

#[test]
fn an_error_is_kept_and_never_recalled() {
    let (_folder, archive) = archive();
    let ids: Vec<i64> = [429, 503, 400, 304, 100]
        .iter()
        .map(|&status| {
            archive.keep(&question("x"), &request(), &answer(status, b"no")).expect("it is kept")
        })
        .collect();
    assert_eq!(archive.recall(&question("x")).expect("rows"), None);
    assert_eq!(archive.recall_any(&question("x")).expect("rows"), None);
    assert_eq!(archive.answer(ids[0]).expect("rows").expect("it was kept").status, 429);
}

#[test]
fn a_rejected_answer_gives_way_to_the_one_before() {
    let (_folder, archive) = archive();
    let good = keep(&archive, "x", b"good");
    let bad = keep(&archive, "x", b"<html>");
    archive.reject(bad, "HTML with status 200").expect("rows");
    archive.reject(bad, "another reason").expect("rows");

    assert_eq!(archive.recall(&question("x")).expect("rows").expect("one is good").id, good);
    let rejected = archive.answer(bad).expect("rows").expect("it is still there");
    assert_eq!(rejected.rejected.as_deref(), Some("HTML with status 200"));
    assert_eq!(archive.blob(&rejected.sha256).expect("a body"), b"<html>");
    assert!(matches!(archive.reject(999, "x"), Err(StoreError::NoSuchRow { id: 999, .. })));
}

#[test]
fn equal_bodies_are_kept_once_and_both_answers_point_to_them() {
    let (folder, archive) = archive();
    keep(&archive, "x", b"the same");
    keep(&archive, "y", b"the same");
    let sha256 = archive.recall(&question("x")).expect("rows").expect("it was kept").sha256;
    assert_eq!(archive.answers_by_digest(&sha256[..6]).expect("rows").len(), 2);
    assert_eq!(archive.answers_by_digest("0000000000").expect("rows"), []);
    let bodies = fs::read_dir(folder.path().join("raw").join(&sha256[..2])).expect("a folder");
    assert_eq!(bodies.count(), 1);
}

#[test]
fn a_text_that_is_no_digest_is_refused() {
    let (_folder, archive) = archive();
    for text in ["", "../../etc/passwd", "ABCDEF", "g", &"a".repeat(65)] {
        assert!(matches!(archive.blob(text), Err(StoreError::Digest { .. })), "{text}");
        assert!(
            matches!(archive.answers_by_digest(text), Err(StoreError::Digest { .. })),
            "{text}"
        );
    }
    assert!(matches!(archive.blob(&"0".repeat(64)), Err(StoreError::File { .. })));
}

#[test]
fn a_time_that_is_none_is_refused_before_anything_is_kept() {
    let (_folder, archive) = archive();
    let wrong = RawAnswer { received_at: Some("soon".to_owned()), ..answer(200, b"x") };
    assert!(matches!(
        archive.keep(&question("x"), &request(), &wrong),
        Err(StoreError::Time { .. })
    ));
    assert_eq!(archive.recall(&question("x")).expect("rows"), None);
}

#[test]
fn what_was_kept_is_there_after_opening_again() {
    let (folder, archive) = archive();
    let id = keep(&archive, "x", b"body");
    drop(archive);
    let again = Archive::open_existing(folder.path()).expect("an archive").expect("it is there");
    assert_eq!(again.recall(&question("x")).expect("rows").expect("it was kept").id, id);
}

#[test]
fn looking_for_an_archive_makes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(Archive::open_existing(folder.path()).expect("no fault").is_none());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}
