use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use store::archive::Permit;

use crate::archive;
use crate::child::{child, kill_when_ready};

const WINDOW: Duration = Duration::from_millis(300);

fn go(permit: Permit) -> u64 {
    match permit {
        Permit::Go(call) => call,
        Permit::Wait(wait) => panic!("it must wait {wait:?}"),
    }
}

fn wait(permit: Permit) -> Duration {
    match permit {
        Permit::Wait(wait) => wait,
        Permit::Go(_) => panic!("it may call"),
    }
}

/// The times at which a server saw calls, until it has seen `calls`.
fn count(listener: &TcpListener, calls: usize) -> Vec<Instant> {
    let mut seen = Vec::new();
    while seen.len() < calls {
        let (mut caller, _) = listener.accept().expect("a caller");
        seen.push(Instant::now());
        // The answer takes its time, and the next caller does not wait for it.
        thread::spawn(move || {
            caller.read_exact(&mut [0]).expect("a question");
            thread::sleep(Duration::from_millis(5));
            caller.write_all(b"!").expect("an answer");
        });
    }
    seen
}

#[test]
fn a_server_never_sees_one_call_too_many_of_three_processes_with_twenty_threads() {
    const CALLS: usize = 60;
    const LIMIT: usize = 5;
    let window = Duration::from_millis(500);
    let (folder, _archive) = archive();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let mut children: Vec<_> =
        (0..3).map(|_| child("call", folder.path(), &port).spawn().expect("a child")).collect();
    let seen = count(&listener, CALLS);
    for child in &mut children {
        assert!(child.wait().expect("a status").success());
    }
    for (first, last) in seen.iter().zip(&seen[LIMIT..]) {
        let apart = last.duration_since(*first);
        assert!(apart >= window, "six calls within {apart:?}");
    }
    let took = seen[CALLS - 1].duration_since(seen[0]);
    let allowed = window * (CALLS / LIMIT - 1) as u32;
    let over = took.as_secs_f64() / allowed.as_secs_f64() - 1.0;
    eprintln!("{CALLS} calls took {took:?}, {:.1} % over the allowed pace", over * 100.0);
    // An answer takes 1 % of a window; the rest is waking up, which a busy machine does slowly.
    assert!(over < 0.5, "{took:?} for {allowed:?}");
}

#[test]
fn a_call_occupies_its_place_until_a_window_after_its_end() {
    let (_folder, archive) = archive();
    let take = || archive.take("host", 2, WINDOW).expect("rows");
    let one = go(take());
    let two = go(take());
    thread::sleep(WINDOW);
    // Both still run: a window from now is the soonest that one can leave.
    let left = wait(take());
    assert!(left > WINDOW && left < WINDOW * 2, "{left:?}");

    archive.done("host", one).expect("rows");
    let ended = Instant::now();
    let left = wait(take());
    assert!(left <= WINDOW + Duration::from_nanos(1) && left > WINDOW / 2, "{left:?}");
    thread::sleep(left);
    go(take());
    assert!(ended.elapsed() >= WINDOW - Duration::from_millis(20));
    archive.done("host", two).expect("rows");
}

#[test]
fn every_host_has_its_own_budget() {
    let (_folder, archive) = archive();
    go(archive.take("one", 1, WINDOW).expect("rows"));
    go(archive.take("other", 1, WINDOW).expect("rows"));
    wait(archive.take("one", 1, WINDOW).expect("rows"));
}

#[test]
fn a_host_that_allows_no_calls_is_given_one() {
    let (_folder, archive) = archive();
    go(archive.take("host", 0, WINDOW).expect("rows"));
    wait(archive.take("host", 0, WINDOW).expect("rows"));
}

#[test]
fn a_pause_holds_back_everybody_and_a_shorter_one_does_not_end_it() {
    let (_folder, archive) = archive();
    archive.hold("host", Duration::from_millis(200)).expect("rows");
    archive.hold("host", Duration::from_millis(10)).expect("rows");
    let left = wait(archive.take("host", 5, WINDOW).expect("rows"));
    assert!(left > Duration::from_millis(100) && left <= Duration::from_millis(200), "{left:?}");
    thread::sleep(left);
    go(archive.take("host", 5, WINDOW).expect("rows"));
}

#[test]
fn the_call_of_a_killed_process_counts_for_a_window_and_no_longer() {
    let (folder, archive) = archive();
    kill_when_ready("take and die", folder.path());
    let take = || archive.take("server", 1, WINDOW).expect("rows");
    let left = wait(take());
    assert!(left > WINDOW / 2 && left <= WINDOW + Duration::from_nanos(1), "{left:?}");
    thread::sleep(left);
    go(take());
}

#[test]
fn a_call_that_is_unknown_or_has_ended_is_not_ended_again() {
    let (_folder, archive) = archive();
    let call = go(archive.take("host", 1, WINDOW).expect("rows"));
    archive.done("host", call).expect("rows");
    let left = wait(archive.take("host", 1, WINDOW).expect("rows"));
    thread::sleep(Duration::from_millis(50));
    archive.done("host", call).expect("rows");
    archive.done("host", u64::MAX).expect("rows");
    assert!(wait(archive.take("host", 1, WINDOW).expect("rows")) < left);
}
