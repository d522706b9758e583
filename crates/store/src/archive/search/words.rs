//! Words as they are compared: lower case, without accents, cut to their stem.

use rust_stemmers::{Algorithm, Stemmer};

/// Shortest stem that tells words apart: `bolig` must not become `bol`.
const SHORTEST_STEM: usize = 4;

/// Inflections of Norwegian, Danish and Swedish nouns and adjectives, longest first.
const INFLECTIONS: [&str; 22] = [
    "hetenes", "hetene", "hetens", "heten", "arnas", "arna", "enes", "anes", "ene", "ane", "ens",
    "ets", "ers", "het", "er", "ar", "en", "et", "es", "a", "e", "s",
];

/// Words that say nothing about a table, in the form that [`words`] gives them.
const EMPTY: [&str; 44] = [
    "og", "i", "for", "per", "etter", "til", "fra", "fraa", "av", "med", "paa", "om", "hos", "den",
    "det", "de", "dei", "som", "en", "ei", "et", "eit", "ved", "over", "under", "mot", "mellom",
    "and", "or", "the", "of", "in", "by", "on", "at", "to", "from", "with", "a", "an", "och",
    "efter", "samt", "eller",
];

/// How words of a language are cut.
pub(super) struct Words {
    stemmer: Option<Stemmer>,
    /// Words are written together.
    pub(super) compounds: bool,
}

impl Words {
    /// The rules of a language; words of one without rules are left whole.
    pub(super) fn of(language: &str) -> Words {
        let (algorithm, compounds) = match family(language) {
            "no" => (Some(Algorithm::Norwegian), true),
            "da" => (Some(Algorithm::Danish), true),
            "sv" => (Some(Algorithm::Swedish), true),
            "en" => (Some(Algorithm::English), false),
            "fi" => (Some(Algorithm::Finnish), false),
            _ => (None, false),
        };
        Words { stemmer: algorithm.map(Stemmer::create), compounds }
    }

    /// The stem of a word that [`words`] has given.
    ///
    /// A stem of three letters says too little; then only the inflection is taken off.
    pub(super) fn stem(&self, word: &str) -> String {
        let Some(stemmer) = &self.stemmer else { return word.to_owned() };
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return word.to_owned();
        }
        let stem = stemmer.stem(word);
        if !self.compounds || stem.chars().count() >= SHORTEST_STEM {
            return stem.into_owned();
        }
        let uninflected = INFLECTIONS.iter().find_map(|ending| {
            word.strip_suffix(ending).filter(|rest| rest.chars().count() >= SHORTEST_STEM - 1)
        });
        uninflected.unwrap_or(word).to_owned()
    }
}

/// The language whose rules and synonyms hold: both written Norwegians are one.
pub(super) fn family(language: &str) -> &str {
    match language {
        "nb" | "nn" => "no",
        other => other.split('-').next().unwrap_or(other),
    }
}

/// Whether a word says nothing about a table.
pub(super) fn is_empty_word(word: &str) -> bool {
    EMPTY.contains(&word)
}

/// The words of a text: letters and digits, in lower case, æøå as ae, oe and aa.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars().flat_map(char::to_lowercase) {
        let word = words.last_mut().expect("there is always one word");
        match letter {
            'æ' | 'ä' => word.push_str("ae"),
            'ø' | 'ö' => word.push_str("oe"),
            'å' => word.push_str("aa"),
            // An accent written apart from its letter.
            '\u{30a}' if word.ends_with('a') => word.push('a'),
            '\u{308}' if word.ends_with(['a', 'o']) => word.push('e'),
            '\u{300}'..='\u{36f}' | '\u{ad}' => {}
            letter if letter.is_alphanumeric() => word.push(without_accent(letter)),
            _ if !word.is_empty() => words.push(String::new()),
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' => 'y',
        'č' | 'ç' => 'c',
        'š' => 's',
        'ž' => 'z',
        'ŋ' => 'n',
        'đ' => 'd',
        'ŧ' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_letter_are_one_word() {
        assert_eq!(words("Årsverk på HØYE ærend"), words("aarsverk paa hoeye aerend"));
        assert_eq!(words("A\u{30a}lesund"), words("Ålesund"));
        assert_eq!(
            words("idé, FoU-personale (1986-2026)"),
            ["ide", "fou", "personale", "1986", "2026"]
        );
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let norwegian = Words::of("no");
        for forms in [
            ["bolig", "boliger", "boligene"],
            ["pris", "priser", "prisene"],
            ["kommune", "kommuner", "kommunene"],
            ["husholdning", "husholdninger", "husholdningene"],
            ["hus", "huset", "husene"],
            ["flytting", "flyttingar", "flyttingane"],
        ] {
            let stems = forms.map(|form| norwegian.stem(form));
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{stems:?}");
        }
        assert_eq!(Words::of("en").stem("dwellings"), Words::of("en").stem("dwelling"));
    }

    #[test]
    fn a_stem_does_not_swallow_other_words() {
        let norwegian = Words::of("no");
        assert_eq!(norwegian.stem("boligene"), "bolig");
        assert_ne!(norwegian.stem("boligene"), norwegian.stem("bolene"));
        assert_ne!(norwegian.stem("ledig"), norwegian.stem("ledende"));
    }
}
