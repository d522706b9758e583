//! The server, headers included.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::{Answer, run, serve, serve_with};

use crate::{json, keys, list};

/// Reads an answer that must be an object.
fn object(answer: &Answer) -> Value {
    assert_eq!((answer.status, answer.header("content-type").as_str()), (200, "application/json"));
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// Renders a problem: status, kind, sentence.
fn problem(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
    let problem: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(problem["status"].as_u64(), Some(u64::from(answer.status)));
    for field in ["type", "title", "detail"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
    }
    let text = |field: &str| problem[field].as_str().unwrap_or_default().to_owned();
    format!(
        "{} {} {}",
        answer.status,
        text("type").replace("urn:grunnlag:problem:", ""),
        text("detail")
    )
}

#[test]
fn http_answers_with_the_objects_of_the_command_line() {
    let server = serve();
    for (path, args) in [
        ("/api/v1/rank", &["rank"] as &[&str]),
        ("/api/v1/rank?model=sosialbolig-v1", &["rank", "--model", "sosialbolig-v1"]),
        (
            "/api/v1/rank?top=5&county=50&weights=B:10,M:70",
            &["rank", "--top", "5", "--county", "50", "--weights", "B:10,M:70"],
        ),
        ("/api/v1/municipalities/0301", &["explain", "Oslo"]),
        ("/api/v1/municipalities/1601", &["explain", "1601"]),
        (
            "/api/v1/municipalities/R%C3%B8st?model=rapport2026-v1",
            &["explain", "Røst", "--model", "rapport2026-v1"],
        ),
        ("/api/v1/indicators", &["indicator", "list"]),
        ("/api/v1/indicators/robek_listed", &["indicator", "show", "robek_listed"]),
        ("/api/v1/indicators/robek_listed/values", &["indicator", "values", "robek_listed"]),
        ("/api/v1/models", &["model", "list"]),
        ("/api/v1/models/oversikt-v1", &["model", "show", "oversikt-v1"]),
        ("/api/v1/flags?municipality=1856", &["flags", "1856"]),
        ("/api/v1/snapshot", &["snapshot", "info"]),
    ] {
        for language in ["nb", "en"] {
            let separator = if path.contains('?') { '&' } else { '?' };
            let over_http = object(&server.get(&format!("{path}{separator}lang={language}"), &[]));
            let typed = json(&[args, &["--format", "json", "--lang", language]].concat());
            assert_eq!(over_http, typed, "{path} in {language}");
        }
    }
}

#[test]
fn the_browsers_language_is_used_unless_another_is_asked_for() {
    let server = serve();
    let language = |path: &str, accepted: &str| {
        object(&server.get(path, &[("accept-language", accepted)]))["language"].clone()
    };
    assert_eq!(language("/api/v1/rank?top=1", "de, en;q=0.8, nb;q=0.5"), "en");
    assert_eq!(language("/api/v1/rank?top=1", "nn-NO"), "nb");
    assert_eq!(language("/api/v1/rank?top=1", "de"), "nb");
    assert_eq!(language("/api/v1/rank?top=1&lang=nb", "en"), "nb");
}

#[test]
fn an_answer_that_the_asker_has_is_not_sent_again() {
    let server = serve();
    let first = server.get("/api/v1/rank", &[]);
    let tag = first.header("etag");
    assert!(tag.starts_with("W/\"") && tag.ends_with('"'), "{tag}");
    for given in [tag.clone(), format!("\"other\", {tag}")] {
        let again = server.get("/api/v1/rank", &[("if-none-match", &given)]);
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(again.header("etag"), tag);
    }
    assert_eq!(server.get("/api/v1/rank", &[("if-none-match", "W/\"other\"")]).status, 200);
    let english = server.get("/api/v1/rank?lang=en", &[("if-none-match", &tag)]);
    assert_eq!(english.status, 200, "another language is another answer");
}

#[test]
fn answers_are_compressed_for_those_who_can_read_it() {
    let server = serve();
    let plain = server.get("/api/v1/rank", &[]);
    assert_eq!(plain.header("content-encoding"), "");
    for encoding in ["br", "gzip"] {
        let packed = server.get("/api/v1/rank", &[("accept-encoding", encoding)]);
        assert_eq!((packed.status, packed.header("content-encoding").as_str()), (200, encoding));
        assert!(
            packed.body.len() * 4 < plain.body.len(),
            "{encoding}: {} bytes",
            packed.body.len()
        );
        assert!(packed.header("vary").contains("accept-encoding"), "{}", packed.header("vary"));
    }
    let packed = server.get("/api/v1/rank", &[("accept-encoding", "gzip")]);
    assert!(packed.body.starts_with(&[0x1f, 0x8b]));
}

#[test]
fn every_answer_keeps_a_page_to_its_own_resources() {
    let server = serve();
    for path in ["/", "/api/v1/rank?top=1", "/openapi.json", "/healthz", "/nothing-here"] {
        let answer = server.get(path, &[]);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

#[test]
fn another_sites_name_is_not_answered() {
    let server = serve();
    let port = server.address.split(':').nth(1).expect("a port");
    for host in ["evil.example", "localhost.evil.example", &format!("evil.example:{port}"), ""] {
        let answer = server.get("/api/v1/rank", &[("host", host)]);
        assert!((400..500).contains(&answer.status), "{host:?}: {}", answer.status);
        assert!(!answer.text().contains("municipality_code"), "{host:?}");
    }
    let own = server.get("/healthz", &[("host", &format!("localhost:{port}"))]);
    assert_eq!(own.status, 200);
}

#[test]
fn problems_are_said_in_the_readers_language() {
    let server = serve();
    let mut said = String::new();
    for path in [
        "/api/v1/municipalities/Oslu",
        "/api/v1/municipalities/1507",
        "/api/v1/rank?model=nope",
        "/api/v1/rank?county=99",
        "/api/v1/indicators/nope",
        "/api/v1/models/nope",
        "/api/v1/flags?municipality=Bø",
    ] {
        for language in ["nb", "en"] {
            let separator = if path.contains('?') { '&' } else { '?' };
            let path = path.replace('ø', "%C3%B8");
            let answer = server.get(&format!("{path}{separator}lang={language}"), &[]);
            said.push_str(&format!("{}\n", problem(&answer)));
        }
    }
    insta::assert_snapshot!("problems", said);
}

#[test]
fn parameters_that_cannot_be_read_are_named() {
    let server = serve();
    for (path, named) in [
        ("/api/v1/rank?top=many", "top"),
        ("/api/v1/rank?modell=x", "modell"),
        ("/api/v1/rank?weights=B", "weights"),
        ("/api/v1/rank?weights=B:-1", "B"),
        ("/api/v1/rank?lang=de", "lang"),
    ] {
        let answer = server.get(path, &[]);
        let said = problem(&answer);
        assert_eq!(answer.status, 400, "{said}");
        assert!(said.contains(named), "{path}: {said}");
    }
    // A page or a script may not read files through the model parameter.
    assert_eq!(server.get("/api/v1/rank?model=./mine.toml", &[]).status, 404);
}

#[test]
fn unknown_addresses_and_methods_are_problems_too() {
    let server = serve();
    assert!(problem(&server.get("/api/v1/nothing", &[])).starts_with("404 unknown-address"));
    assert!(problem(&server.get("/assets/nothing.js", &[])).starts_with("404"));
    assert!(
        problem(&server.ask("POST", "/api/v1/rank", &[("content-length", "0")])).starts_with("405")
    );
    assert_eq!(server.ask("HEAD", "/api/v1/rank", &[]).status, 200);
}

#[test]
fn the_service_says_that_it_is_up_and_which_figures_it_has() {
    let server = serve();
    let health = object(&server.get("/healthz", &[]));
    assert_eq!(health["status"], "ok");
    assert_eq!(health["snapshot"], json(&["snapshot", "info", "--format", "json"])["id"]);
    let page = server.get("/", &[]);
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
}

#[test]
fn the_interface_describes_itself() {
    let server = serve();
    let description = object(&server.get("/openapi.json", &[]));
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for path in ["/api/v1/rank", "/api/v1/municipalities/{code}", "/api/v1/flags", "/healthz"] {
        assert!(description["paths"].get(path).is_some(), "{path}");
    }
    // The description names the fields that are answered.
    let described = &description["components"]["schemas"]["Ranking"]["properties"];
    assert_eq!(keys(described), keys(&object(&server.get("/api/v1/rank?top=1", &[]))));
}

#[test]
fn all_municipalities_stand_on_the_map_each_in_its_own_hexagon() {
    let server = serve();
    let all = object(&server.get("/api/v1/municipalities", &[]));
    let mut cells: Vec<(i64, i64)> = list(&all["municipalities"])
        .iter()
        .filter_map(|place| {
            Some((place["hexagon_column"].as_i64()?, place["hexagon_row"].as_i64()?))
        })
        .collect();
    cells.sort_unstable();
    cells.dedup();
    assert_eq!(cells.len(), 357);
}

#[test]
fn a_token_is_asked_of_everyone_once_it_is_set() {
    let server = serve_with(&["--token", "secret"]);
    assert_eq!(server.get("/api/v1/rank", &[]).status, 401);
    assert_eq!(server.get("/api/v1/rank", &[("authorization", "Bearer wrong")]).status, 401);
    assert_eq!(server.get("/api/v1/rank", &[("authorization", "Bearer secret")]).status, 200);
}

#[test]
fn the_greeting_names_the_address_in_the_readers_language() {
    let (nb, en) = (serve(), serve_with(&["--lang", "en"]));
    assert!(nb.greeting.starts_with("Grunnlag svarer på http://127.0.0.1:"), "{}", nb.greeting);
    assert!(en.greeting.starts_with("Grunnlag answers at http://127.0.0.1:"), "{}", en.greeting);
}

#[test]
fn a_busy_port_is_said_and_another_one_suggested() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    for (language, words) in [("nb", "Kan ikke lytte på"), ("en", "Cannot listen on")] {
        let started = Instant::now();
        let ran = run(&["serve", "--listen", &address, "--no-open", "--lang", language]);
        assert!(started.elapsed() < Duration::from_secs(30));
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
        assert!(ran.stderr.starts_with(words) && ran.stderr.contains(&address), "{}", ran.stderr);
        assert!(ran.stderr.contains("--listen 127.0.0.1:"), "{}", ran.stderr);
    }
}
