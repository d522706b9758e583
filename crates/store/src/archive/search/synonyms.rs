//! Words that mean the same, and words that make others: data, not code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::words::{family, words};
use crate::StoreError;

/// The text of the file that this program carries.
pub(super) const STANDARD: &str = include_str!("../../../../../packs/search.toml");

/// What helps searching, by language.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    languages: BTreeMap<String, Language>,
}

/// One language, every word as [`words`] gives it.
#[derive(Debug, Clone, Default)]
pub(super) struct Language {
    /// Each group's members mean the same; a member of several words is found when all of them are.
    pub(super) groups: Vec<Vec<Vec<String>>>,
    /// Words that compounds are made of.
    pub(super) parts: Vec<String>,
    /// Words that look like compounds and are none.
    pub(super) whole: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLanguage {
    #[serde(default)]
    synonyms: Vec<Vec<String>>,
    #[serde(default)]
    parts: Vec<String>,
    #[serde(default)]
    whole: Vec<String>,
}

impl Synonyms {
    /// Reads the format of `packs/search.toml`, which describes itself.
    ///
    /// # Errors
    ///
    /// [`StoreError::Synonyms`] says what is wrong and where.
    pub fn parse(text: &str) -> Result<Synonyms, StoreError> {
        let raw: BTreeMap<String, RawLanguage> = toml::from_str(text).map_err(|error| {
            StoreError::Synonyms { problem: error.to_string().trim().replace('\n', " ") }
        })?;
        let mut languages = BTreeMap::new();
        for (name, raw) in raw {
            languages.insert(name.clone(), read(&name, raw)?);
        }
        Ok(Synonyms { languages })
    }

    /// Those that this program carries.
    pub(crate) fn standard() -> &'static Synonyms {
        static CARRIED: LazyLock<Synonyms> = LazyLock::new(|| {
            Synonyms::parse(STANDARD).expect("a test reads the file that the program carries")
        });
        &CARRIED
    }

    pub(super) fn of(&self, language: &str) -> &Language {
        static NONE: Language =
            Language { groups: Vec::new(), parts: Vec::new(), whole: Vec::new() };
        self.languages.get(family(language)).unwrap_or(&NONE)
    }
}

fn read(name: &str, raw: RawLanguage) -> Result<Language, StoreError> {
    let one = |text: &String| match words(text).as_slice() {
        [word] => Ok(word.clone()),
        _ => Err(StoreError::Synonyms { problem: format!("`{text}` in `{name}` is not one word") }),
    };
    let mut groups = Vec::new();
    for group in &raw.synonyms {
        let group: Vec<Vec<String>> = group.iter().map(|member| words(member)).collect();
        if group.len() < 2 || group.iter().any(Vec::is_empty) {
            let problem = format!("a group in `{name}` needs two members, none of them empty");
            return Err(StoreError::Synonyms { problem });
        }
        groups.push(group);
    }
    let parts = raw.parts.iter().map(one).collect::<Result<_, _>>()?;
    let whole = raw.whole.iter().map(one).collect::<Result<_, _>>()?;
    Ok(Language { groups, parts, whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_carried_file_can_be_read() {
        let synonyms = Synonyms::parse(STANDARD).expect("the file is right");
        assert!(synonyms.of("nb").groups.len() > 10);
        assert!(synonyms.of("en").groups.len() > 5);
        assert!(synonyms.of("xx").groups.is_empty());
    }

    #[test]
    fn a_fault_is_named() {
        for wrong in ["[no]\nsynonyms = [[\"a\"]]", "[no]\nparts = [\"a b\"]", "[no]\nx = 1", "["] {
            let error = Synonyms::parse(wrong).expect_err(wrong);
            assert!(error.to_string().starts_with("the synonyms cannot be read: "), "{error}");
        }
    }
}
