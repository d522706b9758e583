use std::time::Duration;

use pxweb::FaultKind;
use pxweb::client::{
    Answer, ClientError, Method, OutputFormat, Pace, Settings, TableRef, TransportError,
};
use pxweb::selection::{Selection, VariableSelection};

use crate::fakes::{Step, World, answer, reset, with};

const DATA: &str = r#"{"class":"dataset","dimension":{},"value":[1]}"#;
const UNAVAILABLE: &str = "<html><title>Service unavailable</title></html>";

fn table() -> TableRef {
    let updated = Some("2026-02-19T07:00:00Z".to_owned());
    TableRef { id: "07459".to_owned(), language: "no".to_owned(), updated }
}

fn selection(items: &[&str]) -> Selection {
    let items = items.iter().map(|item| (*item).to_owned()).collect();
    let variable = "Region".to_owned();
    let variables = vec![VariableSelection { variable, code_list: None, items }];
    Selection { variables, placement: None }
}

fn ask(world: &World) -> Result<Answer, ClientError> {
    world.client().data(&table(), &selection(&["0301"]), &OutputFormat::json_stat())
}

fn good() -> Step {
    answer(200, DATA)
}

#[test]
fn an_answer_is_kept_and_recalled() {
    let world = World::new([good()]);
    let first = ask(&world).expect("the server answers");
    let second = ask(&world).expect("the archive answers");
    assert_eq!(first, second);
    assert_eq!(world.story(), "asked, recalled");
    let kept = world.kept.lock().expect("one thread");
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].0.updated.as_deref(), Some("2026-02-19T07:00:00Z"));
}

#[test]
fn too_many_calls_means_waiting_for_as_long_as_the_server_says() {
    for (value, seconds) in [("90", 90), ("Wed, 18 Nov 2026 11:02:00 GMT", 120)] {
        let world = World::new([with(429, &[("retry-after", value)], "slow down"), good()]);
        ask(&world).expect("the second answer is good");
        let longest = seconds + seconds / 10;
        assert!((seconds..=longest).contains(&world.seconds()), "{value}: {}", world.seconds());
        assert_eq!(world.story(), "asked, failed (429, too many calls), waiting (pace), asked");
    }
}

#[test]
fn too_many_calls_without_a_word_means_waiting_for_a_window() {
    let world = World::new([answer(429, ""), answer(429, ""), good()]);
    ask(&world).expect("the third answer is good");
    assert!((120..=132).contains(&world.seconds()), "{}", world.seconds());
    let refused =
        world.kept.lock().expect("one thread").iter().filter(|(_, status)| *status == 429).count();
    assert_eq!(refused, 2, "refusals are kept too");
}

#[test]
fn a_pause_beyond_patience_is_believed_and_reported() {
    let world = World::new([with(429, &[("retry-after", "7200")], "")]);
    let error = ask(&world).expect_err("two hours are too long");
    assert!(
        matches!(error, ClientError::Held { pause, .. } if pause.as_secs() >= 7_200),
        "{error}"
    );
    assert_eq!(world.sent_urls().len(), 1);
    assert_eq!(*world.released.lock().expect("one thread"), 1, "others may ask then");
}

#[test]
fn a_server_that_falters_is_asked_again_after_growing_pauses() {
    let world = World::new([answer(503, UNAVAILABLE), reset(), answer(500, "{}"), good()]);
    ask(&world).expect("the fourth answer is good");
    assert_eq!(
        world.story(),
        "asked, failed (503 Service unavailable), waiting (retry), \
         asked, failed (the answer of data.ssb.no was cut short: reset), waiting (retry), \
         asked, failed (500), waiting (retry), asked"
    );
    assert!(world.seconds() <= 2 + 4 + 8);
}

#[test]
fn what_is_tried_often_enough_is_given_up_and_says_what_to_do() {
    let settings = Settings { attempts: 3, seed: Some(1), ..Settings::default() };
    let world = World::new([reset(), reset(), reset()]);
    let client = world.client_with(settings);
    let asked = client.data(&table(), &selection(&["0301"]), &OutputFormat::json_stat());
    let error = asked.expect_err("the script only resets");
    assert!(matches!(&error, ClientError::GaveUp { attempts: 3, .. }), "{error:?}");
    assert!(error.to_string().ends_with("in 3 attempts; run again to go on"), "{error}");
}

#[test]
fn what_is_refused_is_not_asked_again() {
    let refused = r#"{"type":"Parameter error","title":"Non-existent table","status":404}"#;
    for status in [400, 403, 404] {
        let world = World::new([answer(status, refused)]);
        let error = ask(&world).expect_err("the server refuses");
        assert_eq!(error.fault_kind(), Some(FaultKind::NonExistentTable));
        assert_eq!(world.story(), "asked");
        assert_eq!(world.kept.lock().expect("one thread")[0].1, status);
    }
}

#[test]
fn a_page_for_a_long_address_means_asking_by_post_once() {
    let page = "<html><title>404 - File or directory not found.</title></html>";
    let codes: Vec<String> = (0..300).map(|code| format!("{code:04}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let world = World::new([answer(404, page), good()]);
    let asked = world.client().data(&table(), &selection(&codes), &OutputFormat::json_stat());
    asked.expect("the POST is answered");
    let sent = world.sent.lock().expect("one thread");
    assert_eq!([sent[0].method, sent[1].method], [Method::Get, Method::Post]);
    assert!(sent[0].url.len() > 1_500 && sent[1].url.len() < 200);
    assert!(sent[1].body.as_deref().is_some_and(|body| body.contains("\"0299\"")));
    assert_eq!(world.seconds(), 0, "there is nothing to wait for");
    drop(sent);
    let world = World::new([answer(404, page), answer(404, page)]);
    let asked = world.client().data(&table(), &selection(&codes), &OutputFormat::json_stat());
    let error = asked.expect_err("the POST is refused too");
    assert_eq!(error.fault_kind(), Some(FaultKind::UnknownPath));
}

#[test]
fn a_long_selection_is_posted_at_once() {
    let codes: Vec<String> = (0..500).map(|code| format!("{code:04}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let world = World::new([good()]);
    let asked = world.client().data(&table(), &selection(&codes), &OutputFormat::json_stat());
    asked.expect("the server answers");
    assert_eq!(world.sent.lock().expect("one thread")[0].method, Method::Post);
}

#[test]
fn a_code_that_is_listed_twice_is_asked_for_once() {
    let world = World::new([good()]);
    let asked = selection(&["0301", "0301"]);
    world.client().data(&table(), &asked, &OutputFormat::json_stat()).expect("it answers");
    assert!(world.sent_urls()[0].ends_with("valueCodes[Region]=0301"), "{:?}", world.sent_urls());
}

#[test]
fn a_server_that_fails_without_a_word_twice_means_duplicate_codes() {
    let world = World::new([answer(500, ""), answer(500, "")]);
    let error = ask(&world).expect_err("both are empty");
    assert_eq!(error.fault_kind(), Some(FaultKind::DuplicateCode));
}

#[test]
fn an_answer_in_another_language_is_refused_and_not_kept_as_an_answer() {
    let english =
        r#"{"class":"dataset","dimension":{},"value":[],"extension":{"px":{"language":"en"}}}"#;
    let world = World::new([answer(200, english), good()]);
    let error = ask(&world).expect_err("it is in English");
    assert!(matches!(error, ClientError::WrongLanguage { .. }), "{error}");
    let what = world.kept.lock().expect("one thread")[0].0.what.clone();
    assert!(what.starts_with("rejected data json-stat2"), "{what}");
    ask(&world).expect("nobody is given the wrong one afterwards");
}

#[test]
fn an_answer_that_is_cut_short_is_asked_for_again() {
    let world = World::new([answer(200, &DATA[..30]), good()]);
    let answer = ask(&world).expect("the second answer is whole");
    assert_eq!(answer.body, DATA.as_bytes());
}

#[test]
fn the_pace_is_the_lowest_that_anybody_has_named() {
    let headers = [("x-ratelimit-policy", "10;w=60s"), ("x-ratelimit-remaining", "9")];
    let config = r#"{"maxDataCells":800000,"maxCallsPerTimeWindow":20,"timeWindow":60}"#;
    let world = World::new([answer(200, config), with(200, &headers, DATA)]);
    let client = world.client();
    let pace = |calls| Pace { calls, window: Duration::from_secs(60) };
    assert_eq!(client.pace(), pace(30), "what is published");
    client.config().expect("the settings come");
    assert_eq!(client.pace(), pace(20), "what the settings say");
    client.data(&table(), &selection(&["0301"]), &OutputFormat::json_stat()).expect("data comes");
    assert_eq!(client.pace(), pace(10), "what the answers say");
}

#[test]
fn nought_in_the_settings_does_not_mean_no_limit() {
    let config = r#"{"maxDataCells":800000,"maxCallsPerTimeWindow":0,"timeWindow":0}"#;
    let world = World::new([answer(200, config)]);
    let client = world.client();
    client.config().expect("the settings come");
    assert_eq!(client.pace(), Pace::CAREFUL);
}

#[test]
fn calls_wait_for_the_budget() {
    let settings = Settings {
        pace: Some(Pace { calls: 2, window: Duration::from_secs(10) }),
        seed: Some(1),
        ..Settings::default()
    };
    let world = World::new((0..5).map(|_| good()));
    let client = world.client_with(settings);
    for code in ["1", "2", "3", "4", "5"] {
        client.data(&table(), &selection(&[code]), &OutputFormat::json_stat()).expect("it answers");
    }
    assert_eq!(world.seconds(), 20, "two calls in each ten seconds");
}

#[test]
fn nothing_is_left_of_the_allowance_means_a_short_pause() {
    let headers = [("x-ratelimit-policy", "40;w=60s"), ("x-ratelimit-remaining", "0")];
    let world = World::new([with(200, &headers, DATA), good()]);
    ask(&world).expect("it answers");
    let client = world.client();
    client.data(&table(), &selection(&["1103"]), &OutputFormat::json_stat()).expect("it answers");
    assert_eq!(world.story(), "asked, waiting (pace), asked");
}

#[test]
fn a_question_that_somebody_else_is_asking_is_waited_for() {
    let world = World::new([good()]);
    *world.waits_for_others.lock().expect("one thread") = 2;
    ask(&world).expect("it answers");
    assert_eq!(world.story(), "waiting (other), waiting (other), asked");
}

#[test]
fn a_certificate_that_is_not_trusted_is_not_tried_again() {
    let cause = "invalid peer certificate".to_owned();
    let world = World::new([Err(TransportError::Unusable { url: "https://x".to_owned(), cause })]);
    let error = ask(&world).expect_err("there is no way");
    assert_eq!((error.key(), world.sent_urls().len()), ("unusable", 1));
}

#[test]
fn a_server_that_cannot_be_reached_is_tried_three_times() {
    let gone = || {
        let (host, cause) = ("data.ssb.no".to_owned(), "no route".to_owned());
        Err(TransportError::Unreachable { host, cause })
    };
    let world = World::new([gone(), gone(), gone()]);
    let error = ask(&world).expect_err("there is no network");
    assert!(matches!(&error, ClientError::GaveUp { attempts: 3, .. }), "{error:?}");
}

#[test]
fn two_ways_of_asking_the_same_are_one_question() {
    let one = |variable: &str| VariableSelection {
        variable: variable.to_owned(),
        code_list: None,
        items: vec!["*".to_owned()],
    };
    let there = Selection { variables: vec![one("Region"), one("Tid")], placement: None };
    let back = Selection { variables: vec![one("Tid"), one("Region")], placement: None };
    let world = World::new([good()]);
    let client = world.client();
    client.data(&table(), &there, &OutputFormat::json_stat()).expect("it answers");
    client.data(&table(), &back, &OutputFormat::json_stat()).expect("it is the same");
    assert_eq!(world.story(), "asked, recalled");
}

#[test]
fn a_client_can_be_shared_by_threads() {
    let world = World::new((0..4).map(|_| good()));
    let client = world.client();
    std::thread::scope(|scope| {
        for code in ["1", "2", "3", "4"] {
            let client = &client;
            scope.spawn(move || {
                client.data(&table(), &selection(&[code]), &OutputFormat::json_stat())
            });
        }
    });
    assert_eq!(world.sent_urls().len(), 4);
}
