use jiff::civil::date;
use klass::client::{Inquiry, Language};
use testkit::klass::{Klass, KlassServer};

use crate::world::World;

/// Two reforms of municipalities and the names that go with them.
fn klass() -> Klass {
    Klass::new()
        .changes(
            131,
            &[
                ["2018-01-01", "1613", "Snillfjord", "5012", "Snillfjord"],
                ["2020-01-01", "1534", "Haram", "1507", "Ålesund"],
                ["2024-01-01", "1507", "Ålesund", "1508", "Ålesund"],
                ["2024-01-01", "1507", "Ålesund", "1580", "Haram"],
            ],
        )
        .codes(131, &[["1508", "Ålesund"], ["5610", "Kárášjohka - Karasjok"], ["9999", "Uoppgitt"]])
}

/// What the server was asked, without its address.
fn asked(server: &KlassServer) -> Vec<String> {
    let below = |asked: String| asked.replace("/api/klass/v1/classifications", "");
    server.asked().into_iter().map(below).collect()
}

#[test]
fn a_range_that_is_refused_is_asked_for_year_by_year() {
    let (server, world) = (klass().start(), World::at("2026-11-21T12:00:00Z"));
    let client = world.client(&server.base());
    let answered = client.changes(131, date(2016, 12, 31), date(2026, 11, 22)).expect("answers");
    let said: Vec<String> = answered
        .value
        .changes
        .iter()
        .map(|change| {
            let code = |code: &Option<String>| code.clone().unwrap_or_default();
            let day = change.change_occurred.expect("a day");
            format!("{day} {} {}", code(&change.old_code), code(&change.new_code))
        })
        .collect();
    assert_eq!(
        said,
        [
            "2018-01-01 1613 5012",
            "2020-01-01 1534 1507",
            "2024-01-01 1507 1508",
            "2024-01-01 1507 1580",
        ]
    );
    assert!(answered.value.without_table.is_empty());
    let asked = asked(&server);
    assert_eq!(
        asked[0],
        "/131/changes?from=2016-12-31&to=2026-11-22&language=nb application/json 404"
    );
    assert_eq!(
        asked[1],
        "/131/changes?from=2016-12-31&to=2018-01-01&language=nb application/json 200"
    );
    assert_eq!(
        asked.last().expect("many"),
        "/131/changes?from=2025-12-31&to=2026-11-22&language=nb application/json 200"
    );
    assert!(asked.len() > 10 && world.most_in_a_second() <= 5, "{asked:?}");
}

#[test]
fn a_language_that_klass_lacks_is_no_other_language() {
    let server = klass().only_in(&["nb"]).start();
    let world = World::at("2026-11-21T12:00:00Z");
    let client = world.client(&server.base());
    let inquiry = Inquiry::codes_at(131, date(2026, 1, 1));
    let error = client.codes(&inquiry.clone().in_language(Language::English)).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "/classifications/131/codesAt?date=2026-01-01 is not published in `en`; \
         Klass has no other language instead"
    );
    assert_eq!(asked(&server).len(), 1, "a refusal is not asked for again");
    assert_eq!(client.codes(&inquiry).expect("in bokmål").value.len(), 3);
}

#[test]
fn csv_is_asked_for_with_its_letters() {
    let (server, world) = (klass().start(), World::at("2026-11-21T12:00:00Z"));
    let client = world.client(&server.base());
    let inquiry = Inquiry::codes_at(131, date(2026, 1, 1));
    let json = client.codes(&inquiry).expect("JSON").value;
    let csv = client.codes(&inquiry.clone().as_csv()).expect("CSV").value;
    assert_eq!(json[1].name, "Kárášjohka - Karasjok");
    assert_eq!(json, csv);
    assert!(asked(&server)[1].ends_with(" text/csv;charset=UTF-8 200"));
}

#[test]
fn out_of_reach_the_kept_answer_is_used_and_its_day_told() {
    let world = World::at("2026-11-20T12:00:00Z");
    let inquiry = Inquiry::codes_at(131, date(2026, 1, 1));
    let base = {
        let server = klass().start();
        let fresh = world.client(&server.base()).codes(&inquiry).expect("an answer");
        assert_eq!(fresh.freshness.out_of_reach, None);
        server.base()
    };
    world.set("2026-11-25T12:00:00Z");
    let client = world.client(&base);
    let kept = client.codes(&inquiry).expect("the kept answer");
    assert_eq!(kept.value.len(), 3);
    assert_eq!(kept.freshness.as_of, "2026-11-20T12:00:00Z".parse().expect("a moment"));
    let reason = kept.freshness.out_of_reach.expect("a reason");
    assert!(reason.contains("no usable answer"), "{reason}");
    let other = Inquiry::codes_at(104, date(2026, 1, 1));
    assert!(client.codes(&other).is_err(), "what was never fetched is an error");
}

#[test]
fn an_answer_of_the_same_day_is_not_asked_for_again() {
    let (server, world) = (klass().start(), World::at("2026-11-21T08:00:00Z"));
    let client = world.client(&server.base());
    let inquiry = Inquiry::codes_at(131, date(2026, 1, 1));
    let first = client.codes(&inquiry).expect("an answer").freshness;
    world.set("2026-11-21T20:00:00Z");
    let second = client.codes(&inquiry).expect("the same answer").freshness;
    assert_eq!((first, asked(&server).len()), (second, 1));
    world.set("2026-11-22T08:00:00Z");
    client.codes(&inquiry).expect("a new answer");
    assert_eq!(asked(&server).len(), 2);
}

#[test]
fn lists_are_read_to_their_last_page() {
    let server = Klass::new().listing(43).start();
    let world = World::at("2026-11-21T08:00:00Z");
    let all = world.client(&server.base()).classifications().expect("three pages").value;
    let ids: Vec<usize> = all.iter().map(|entry| entry.id.parse().expect("a number")).collect();
    assert_eq!(ids, (1..=43).collect::<Vec<usize>>());
    assert_eq!(
        asked(&server),
        [
            "?page=0 application/json 200",
            "?page=1 application/json 200",
            "?page=2 application/json 200"
        ]
    );
}

#[test]
fn a_time_that_is_none_is_found_before_anything_is_asked() {
    let (server, world) = (klass().start(), World::at("2026-11-21T08:00:00Z"));
    let client = world.client(&server.base());
    let error = client.changes(131, date(2020, 1, 1), date(2020, 1, 1)).expect_err("no time");
    assert_eq!(error.to_string(), "from 2020-01-01 to 2020-01-01 is no time");
    assert!(asked(&server).is_empty());
}

#[test]
fn every_recording_comes_through_the_client_as_it_is_read_from_its_file() {
    let Some(shared) = testkit::shared() else { return };
    let body =
        |file: &str| std::fs::read(shared.join("real/klass").join(file)).expect("a recording");
    let (codes, changes) =
        (body("codesAt-131-2026-01-01.json"), body("changes-104-2019-2020.json"));
    let server = Klass::new()
        .recorded("/classifications/131/codesAt?date=2026-01-01&language=nb", codes.clone())
        .recorded(
            "/classifications/104/changes?from=2019-12-31&to=2020-01-02&language=nb",
            changes.clone(),
        )
        .start();
    let world = World::at("2026-11-21T08:00:00Z");
    let client = world.client(&server.base());
    let answered = client.codes(&Inquiry::codes_at(131, date(2026, 1, 1))).expect("codes").value;
    assert_eq!(answered, klass::wire::codes(&codes).expect("codes"));
    let answered =
        client.changes(104, date(2019, 12, 31), date(2020, 1, 2)).expect("changes").value;
    assert_eq!(answered.changes, klass::wire::changes(&changes).expect("changes"));
}

#[test]
fn changes_that_were_fetched_year_by_year_are_found_again_without_klass() {
    let world = World::at("2026-11-20T12:00:00Z");
    let (from, to) = (date(2016, 12, 31), date(2026, 11, 22));
    let (base, fresh) = {
        let server = klass().start();
        let fresh = world.client(&server.base()).changes(131, from, to).expect("year by year");
        (server.base(), fresh.value)
    };
    world.set("2026-11-25T12:00:00Z");
    let kept = world.client(&base).changes(131, from, to).expect("what was kept");
    assert_eq!(kept.value, fresh);
    assert!(kept.freshness.out_of_reach.is_some());
    assert!(kept.freshness.as_of < "2026-11-21T00:00:00Z".parse().expect("a moment"));
    let offline = klass::client::Client::offline(&world, &base);
    let answered = offline.changes(131, from, to).expect("what was kept");
    assert_eq!((answered.value, answered.freshness.out_of_reach), (fresh, None));
    let error = offline.changes(104, from, to).expect_err("never fetched").to_string();
    assert!(error.ends_with("has not been fetched yet"), "{error}");
}
