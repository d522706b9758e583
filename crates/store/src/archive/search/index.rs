//! The index: where each word of a catalogue occurs.
//!
//! A key is one letter for the kind of word, then the word. Its places are numbers
//! of seven bits per byte: for each occurrence the distance from the entry before,
//! then field and position in one.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use super::compounds;
use super::synonyms::{Language, STANDARD, Synonyms};
use super::words::{Words, is_empty_word, words};
use crate::archive::CatalogueEntry;
use crate::archive::files::digest;

/// The word as it stands.
pub(super) const SURFACE: char = '=';
/// Its stem.
pub(super) const STEM: char = '~';
/// The stem of a part of a compound.
pub(super) const PART: char = '+';

/// Counted up when the same entries give another index.
const VERSION: u32 = 1;

/// Bytes of each entry in [`Index::documents`].
const DOCUMENT_BYTES: usize = 5;

/// Last position that is told apart from later ones.
const LAST_POSITION: usize = 255;

/// The index of one catalogue.
pub(in crate::archive) struct Index {
    /// Keys and places.
    pub(in crate::archive) words: BTreeMap<String, Vec<u8>>,
    /// [`Document`]s in the order of the entries.
    pub(in crate::archive) documents: Vec<u8>,
}

/// Where in an entry a word stands, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// What the title says before its list of variables.
    Title,
    /// The variables.
    Variables,
    /// The subjects above the table.
    Subjects,
    /// The description.
    Description,
}

/// An occurrence of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Position of the entry in its catalogue.
    pub(super) document: usize,
    pub(super) field: Field,
    /// Counted over all words of the field.
    pub(super) position: usize,
}

/// What ranking needs to know of every entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Document {
    /// Words in the title that say something.
    pub(super) title_words: u8,
    /// Variables.
    pub(super) variables: u8,
    /// No longer updated.
    pub(super) discontinued: bool,
    /// Year of the last period; 0 when unknown.
    pub(super) last_year: u16,
}

impl Index {
    pub(in crate::archive) fn new(
        language: &str,
        entries: &[CatalogueEntry],
        synonyms: &Synonyms,
    ) -> Index {
        let texts: Vec<Texts> = entries.iter().map(|entry| Texts::of(entry, language)).collect();
        let mut builder = Builder::new(language, synonyms.of(language), &texts);
        let mut documents = Vec::with_capacity(texts.len() * DOCUMENT_BYTES);
        for (document, (text, entry)) in texts.iter().zip(entries).enumerate() {
            for (field, words) in &text.fields {
                for (position, word) in words.iter().enumerate() {
                    builder.add(word, Place { document, field: *field, position });
                }
            }
            text.document(entry).write(&mut documents);
        }
        Index { words: builder.encode(), documents }
    }

    /// Which way of analysing words this program has; an index of another way is made again.
    pub(in crate::archive) fn analysis() -> i64 {
        static ANALYSIS: LazyLock<i64> = LazyLock::new(|| {
            let digest = digest(format!("{VERSION} {STANDARD}").as_bytes());
            i64::from_str_radix(&digest[..15], 16).expect("fifteen hex digits fit")
        });
        *ANALYSIS
    }
}

/// The words of an entry.
struct Texts {
    fields: Vec<(Field, Vec<String>)>,
}

impl Texts {
    fn of(entry: &CatalogueEntry, language: &str) -> Texts {
        let (title, rest) = cut_title(entry, language);
        let mut variables = words(rest);
        variables.extend(entry.variables.iter().flat_map(|name| words(name)));
        let mut subjects: Vec<String> =
            entry.paths.iter().flatten().flat_map(|subject| words(&subject.label)).collect();
        let mut seen = HashSet::new();
        subjects.retain(|word| seen.insert(word.clone()));
        Texts {
            fields: vec![
                (Field::Title, words(title)),
                (Field::Variables, variables),
                (Field::Subjects, subjects),
                (Field::Description, words(&entry.description)),
            ],
        }
    }

    fn document(&self, entry: &CatalogueEntry) -> Document {
        let telling = self.fields[0].1.iter().filter(|word| says_something(word)).count();
        let year = entry.last_period.as_deref().and_then(|period| period.get(..4));
        Document {
            title_words: u8::try_from(telling).unwrap_or(u8::MAX),
            variables: u8::try_from(entry.variables.len()).unwrap_or(u8::MAX),
            discontinued: entry.discontinued || says_ended(&entry.title),
            last_year: year.and_then(|year| year.parse().ok()).unwrap_or(0),
        }
    }
}

/// Years, codes and the letter for the regional level are no words of a title.
fn says_something(word: &str) -> bool {
    word.len() > 1
        && !word.starts_with(|letter: char| letter.is_ascii_digit())
        && !is_empty_word(word)
}

/// Statistics Norway marks series that have ended in their titles, too.
fn says_ended(title: &str) -> bool {
    let title = title.to_lowercase();
    ["(avslutta serie", "(avsluttet serie", "(opphørt", "(closed series", "(discontinued"]
        .iter()
        .any(|mark| title.contains(mark))
}

/// The title without its id, before and after its list of variables.
fn cut_title<'entry>(entry: &'entry CatalogueEntry, language: &str) -> (&'entry str, &'entry str) {
    let title = entry.title.trim();
    let title = title
        .strip_prefix(entry.id.as_str())
        .and_then(|rest| rest.trim_start().strip_prefix(':'))
        .unwrap_or(title);
    let list = match super::words::family(language) {
        "en" => ", by ",
        "sv" => " efter ",
        _ => ", etter ",
    };
    title.split_once(list).unwrap_or((title, ""))
}

struct Builder<'index> {
    words: Words,
    language: &'index Language,
    /// Words that stand by themselves somewhere, and their stems.
    known: HashSet<String>,
    /// What a word adds to the index; most words occur often.
    keys: BTreeMap<String, Vec<String>>,
    places: BTreeMap<String, Vec<Place>>,
}

impl<'index> Builder<'index> {
    fn new(language: &str, extra: &'index Language, texts: &[Texts]) -> Builder<'index> {
        let words = Words::of(language);
        let mut known: HashSet<String> = extra.parts.iter().cloned().collect();
        for word in texts.iter().flat_map(|text| text.fields.iter().flat_map(|(_, words)| words)) {
            if may_be_part(word) && known.insert(word.clone()) {
                let stem = words.stem(word);
                if may_be_part(&stem) {
                    known.insert(stem);
                }
            }
        }
        Builder { words, language: extra, known, keys: BTreeMap::new(), places: BTreeMap::new() }
    }

    fn add(&mut self, word: &str, place: Place) {
        if !self.keys.contains_key(word) {
            let keys = self.keys_of(word);
            self.keys.insert(word.to_owned(), keys);
        }
        for key in &self.keys[word] {
            let places = match self.places.get_mut(key) {
                Some(places) => places,
                None => self.places.entry(key.clone()).or_default(),
            };
            // One occurrence in each field says enough.
            let known =
                |last: &&Place| last.document == place.document && last.field == place.field;
            if places.last().filter(known).is_none() {
                places.push(place);
            }
        }
    }

    fn keys_of(&self, word: &str) -> Vec<String> {
        let stem = self.words.stem(word);
        let mut keys = vec![format!("{SURFACE}{word}"), format!("{STEM}{stem}")];
        if !is_whole(self.language, &self.words, word) {
            let parts = compounds::split(&self.words, word, &mut |part| self.known.contains(part));
            for part in parts.leaves.iter().chain(&parts.nodes) {
                keys.push(format!("{PART}{}", self.words.stem(part)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn encode(self) -> BTreeMap<String, Vec<u8>> {
        let encode = |places: Vec<Place>| {
            let mut bytes = Vec::with_capacity(places.len() * 3);
            let mut before = 0;
            for place in places {
                put_number(&mut bytes, place.document - before);
                put_number(
                    &mut bytes,
                    place.position.min(LAST_POSITION) * 4 + place.field as usize,
                );
                before = place.document;
            }
            bytes
        };
        self.places.into_iter().map(|(key, places)| (key, encode(places))).collect()
    }
}

/// Whether a word of the catalogue may stand in a compound; shorter ones must be listed.
pub(super) fn may_be_part(word: &str) -> bool {
    word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_empty_word(word)
}

/// Whether a word is listed as one that only looks like a compound.
pub(super) fn is_whole(language: &Language, words: &Words, word: &str) -> bool {
    let stem = words.stem(word);
    language.whole.iter().any(|whole| *whole == word || words.stem(whole) == stem)
}

/// Reads the places of a word.
pub(super) fn places(mut bytes: &[u8]) -> Vec<Place> {
    let mut places = Vec::with_capacity(bytes.len() / 2);
    let mut document = 0;
    while let (Some(distance), Some(place)) = (next_number(&mut bytes), next_number(&mut bytes)) {
        document += distance;
        let field = match place % 4 {
            0 => Field::Title,
            1 => Field::Variables,
            2 => Field::Subjects,
            _ => Field::Description,
        };
        places.push(Place { document, field, position: place / 4 });
    }
    places
}

/// Reads the documents of a catalogue.
pub(super) fn documents(bytes: &[u8]) -> Vec<Document> {
    let read = |bytes: &[u8]| Document {
        title_words: bytes[0],
        variables: bytes[1],
        discontinued: bytes[2] != 0,
        last_year: u16::from_le_bytes([bytes[3], bytes[4]]),
    };
    bytes.chunks_exact(DOCUMENT_BYTES).map(read).collect()
}

impl Document {
    fn write(self, into: &mut Vec<u8>) {
        into.extend([self.title_words, self.variables, u8::from(self.discontinued)]);
        into.extend(self.last_year.to_le_bytes());
    }
}

fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 128 {
        bytes.push((number % 128) as u8 | 128);
        number /= 128;
    }
    bytes.push(number as u8);
}

/// Nothing at the end; a number that cannot be is cut.
fn next_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    let mut shift = 0;
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 127) << shift;
        if byte < 128 {
            return Some(number);
        }
        shift = (shift + 7).min(28);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, title: &str) -> CatalogueEntry {
        CatalogueEntry { id: id.to_owned(), title: title.to_owned(), ..CatalogueEntry::default() }
    }

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for number in [0, 1, 127, 128, 300, 16_383, 16_384, 2_000_000] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            assert_eq!(next_number(&mut bytes.as_slice()), Some(number));
        }
        assert_eq!(next_number(&mut [128, 128].as_slice()), None);
    }

    #[test]
    fn a_title_ends_where_its_variables_begin() {
        let table = entry("07459", "07459: Befolkning, etter region, kjønn og år");
        assert_eq!(cut_title(&table, "no"), (" Befolkning", "region, kjønn og år"));
        let english = entry("05810", "Population, by sex and age 1845-2025");
        assert_eq!(cut_title(&english, "en"), ("Population", "sex and age 1845-2025"));
    }

    #[test]
    fn a_compound_is_indexed_under_its_parts() {
        let entries =
            [entry("1", "Konsumprisindeks"), entry("2", "Konsum"), entry("3", "Prisindeks")];
        let index = Index::new("no", &entries, Synonyms::standard());
        for part in ["konsum", "prisindeks", "pris", "indeks"] {
            let key = format!("{PART}{part}");
            assert_eq!(places(&index.words[&key])[0].document, 0, "{key}");
        }
    }
}
