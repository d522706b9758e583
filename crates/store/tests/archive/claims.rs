use std::thread;
use std::time::Duration;

use store::archive::{Archive, Claim, Question};

use crate::child::kill_when_ready;
use crate::{answer, archive, keep, question, request};

const LEASE: Duration = Duration::from_secs(60);

fn claim(archive: &Archive, question: &Question) -> Claim {
    archive.claim(question, LEASE).expect("rows")
}

#[test]
fn one_asks_and_the_others_wait_for_the_answer() {
    let (folder, archive) = archive();
    let other = Archive::open(folder.path()).expect("the same archive");
    assert_eq!(claim(&archive, &question("x")), Claim::Yours);
    assert!(
        matches!(claim(&other, &question("x")), Claim::Theirs { look_again } if !look_again.is_zero())
    );
    assert_eq!(claim(&other, &question("y")), Claim::Yours);

    let id = keep(&archive, "x", b"body");
    assert!(matches!(claim(&other, &question("x")), Claim::Kept(kept) if kept.id == id));
}

#[test]
fn of_many_threads_exactly_one_asks() {
    let (_folder, archive) = archive();
    let asked: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| usize::from(claim(&archive, &question("x")) == Claim::Yours)))
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).sum()
    });
    assert_eq!(asked, 1);
}

#[test]
fn an_error_leaves_the_claim_and_releasing_ends_it() {
    let (_folder, archive) = archive();
    assert_eq!(claim(&archive, &question("x")), Claim::Yours);
    archive.keep(&question("x"), &request(), &answer(503, b"later")).expect("it is kept");
    assert!(matches!(claim(&archive, &question("x")), Claim::Theirs { .. }));
    archive.release(&question("x")).expect("rows");
    assert_eq!(claim(&archive, &question("x")), Claim::Yours);
}

#[test]
fn a_claim_is_over_with_its_lease() {
    let (_folder, archive) = archive();
    let short = Duration::from_millis(30);
    assert_eq!(archive.claim(&question("x"), short).expect("rows"), Claim::Yours);
    let Claim::Theirs { look_again } = claim(&archive, &question("x")) else {
        panic!("the lease is not over")
    };
    assert!(look_again <= short);
    thread::sleep(short);
    assert_eq!(claim(&archive, &question("x")), Claim::Yours);
}

#[test]
fn the_claim_of_a_killed_process_stands_in_nobodys_way() {
    let (folder, archive) = archive();
    kill_when_ready("claim and die", folder.path());
    assert_eq!(claim(&archive, &question("x")), Claim::Yours);
}

#[test]
fn an_answer_that_is_too_old_is_asked_for_again() {
    let (_folder, archive) = archive();
    keep(&archive, "catalogue", b"old");
    let since = |moment| archive.claim_since(&question("catalogue"), LEASE, moment).expect("rows");
    assert!(matches!(since("2026-01-01"), Claim::Kept(_)));
    assert_eq!(since("2199-01-01T00:00:00Z"), Claim::Yours);
    assert!(matches!(since("2199-01-01T00:00:00Z"), Claim::Theirs { .. }));
}
