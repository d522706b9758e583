//! `grunnlag` as people and programs meet it: the built binary, run.
//!
//! What people read is held in snapshots, in both languages; what programs
//! read is taken apart. `cargo insta review` shows what a change does to either.

mod archive;
mod boundaries;
mod commands;
mod contributions;
mod cubes;
mod doubt;
mod files;
mod http;
mod interrupted;
mod layers;
mod locate;
mod mistakes;
mod models;
mod objects;
mod pxweb;
mod regions;
mod snapshots_of_figures;
mod sql;
mod tables;
mod traps;

use serde_json::Value;
use testkit::run;

/// Runs a command that must succeed and reads its JSON.
fn json(args: &[&str]) -> Value {
    let ran = run(args);
    assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.stderr);
    serde_json::from_slice(&ran.bytes).expect("the answer is JSON")
}

/// What a command that must fail says, in both languages, with its exit codes.
///
/// A failure is one line on standard error, and nothing on standard output.
fn told(args: &[&str]) -> String {
    let said = ["nb", "en"].map(|language| {
        let ran = run(&[args, &["--lang", language]].concat());
        assert_eq!(ran.stdout, "", "{args:?} failed and answered");
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        // `Display` leaves out what belongs to one machine.
        let shown = ran.to_string();
        let (exit, sentence) = shown.split_once("\n--- stderr ---\n").expect("a sentence");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
        format!("{language}, {exit}: {sentence}")
    });
    said.join("\n")
}

/// The sorted keys of an object.
fn keys(object: &Value) -> Vec<&str> {
    let object = object.as_object().expect("an object");
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// The entries of an array.
fn list(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}
