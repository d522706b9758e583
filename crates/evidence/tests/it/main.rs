//! What people read exists in every language; models hold what they say.

mod models;

use std::collections::BTreeSet;
use std::path::Path;

use evidence::{Language, Texts};
use indicators::PackFiles;

fn texts() -> Texts {
    Texts::load(&PackFiles::Embedded).expect("the texts are whole")
}

#[test]
fn every_language_has_the_same_texts() {
    let texts = texts();
    let [nb, en] = Language::ALL.map(|language| {
        texts.keys(language).into_iter().map(str::to_owned).collect::<BTreeSet<String>>()
    });
    assert_eq!(nb.symmetric_difference(&en).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_text_has_the_same_places_in_every_language() {
    let texts = texts();
    let places = |language, key: &str| -> BTreeSet<String> {
        let text = texts.say(language, key, &[]);
        let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        parts.map(|(name, _)| name.to_owned()).collect()
    };
    for key in texts.keys(Language::Bokmal) {
        let [nb, en] = Language::ALL.map(|language| places(language, key));
        assert_eq!(nb, en, "{key}");
    }
}

#[test]
fn every_fault_of_a_model_is_worded_in_every_language() {
    let texts = texts();
    let scoring = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scoring/src");
    let entries = ["model", "prepare"].map(|folder| std::fs::read_dir(scoring.join(folder)));
    let mut keys = BTreeSet::new();
    for entry in entries.into_iter().flatten().flat_map(Iterator::flatten) {
        let source = std::fs::read_to_string(entry.path()).expect("a source file");
        for opening in ["Problem::new(", "problem(", "none(", "plain(", "pair(", "fault("] {
            let calls = source.split(opening).skip(1).map(str::trim_start);
            let named = calls.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
            keys.extend(named.map(str::to_owned));
        }
    }
    assert!(keys.len() > 35, "the scan finds the faults: {keys:?}");
    for key in keys {
        for language in Language::ALL {
            let name = format!("fault.{key}");
            assert_ne!(texts.say(language, &name, &[]), name, "{language}");
        }
    }
}
