//! One query against one catalogue.

use std::cmp::Ordering;

use rusqlite::{Connection, OptionalExtension as _};

use super::compounds;
use super::index::{
    Document, Field, PART, Place, STEM, SURFACE, documents, is_whole, may_be_part, places,
};
use super::synonyms::Language;
use super::words::{Words, is_empty_word, words};

/// How near a meeting is, from the word itself down to a guess.
mod nearness {
    pub(super) const SURFACE: f64 = 1.0;
    pub(super) const STEM: f64 = 0.95;
    pub(super) const BEGINNING: f64 = 0.8;
    pub(super) const SYNONYM: f64 = 0.75;
    pub(super) const PART: f64 = 0.6;
    pub(super) const TAKEN_APART: f64 = 0.55;
    pub(super) const MISSPELT: f64 = 0.6;
}

/// What the title adds when words stand in it as asked.
mod bonus {
    /// All words of the query, side by side in its order.
    pub(super) const PHRASE: f64 = 0.2;
    /// The title begins with one of them.
    pub(super) const FIRST: f64 = 0.15;
    /// The title consists of them; in proportion when it has more words.
    pub(super) const COVERAGE: f64 = 0.3;
    /// A subject above the table has the word as well: the table is about it.
    pub(super) const SUBJECT: f64 = 0.15;
    /// Figures of the last two years.
    pub(super) const RECENT: f64 = 0.03;
    /// For each variable, up to six: the more detailed table of two that are alike.
    pub(super) const VARIABLE: f64 = 0.005;
}

/// Shortest beginning of a word that is looked for.
const SHORTEST_BEGINNING: usize = 4;

/// Shortest word in which a letter may be wrong.
const SHORTEST_MISSPELT: usize = 4;

/// More words of a query than this are left out.
const MOST_WORDS: usize = 12;

/// Where a table stands among those found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rank {
    /// The query is its id.
    exact_id: bool,
    discontinued: bool,
    pub(super) score: f64,
}

impl Rank {
    /// Best first.
    pub(super) fn compare(&self, other: &Rank) -> Ordering {
        other
            .exact_id
            .cmp(&self.exact_id)
            .then(self.discontinued.cmp(&other.discontinued))
            .then(other.score.total_cmp(&self.score))
    }
}

/// How one word of the query is met in one entry.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    score: f64,
    /// Position in the title, when it was met there.
    title: Option<usize>,
    /// Met in a subject.
    subject: bool,
}

impl Met {
    fn better(&mut self, place: Place, nearness: f64) {
        let weight = match place.field {
            Field::Title => 1.0,
            Field::Variables => 0.4,
            Field::Subjects => 0.35,
            Field::Description => 0.2,
        };
        self.subject |= place.field == Field::Subjects;
        if weight * nearness > self.score {
            self.score = weight * nearness;
            self.title = (place.field == Field::Title).then_some(place.position);
        }
    }
}

/// How a word of the query is met in each entry.
type Meetings = Vec<Met>;

pub(super) struct Query<'query> {
    rows: &'query Connection,
    catalogue: i64,
    words: Words,
    language: &'query Language,
    documents: Vec<Document>,
}

impl<'query> Query<'query> {
    pub(super) fn new(
        rows: &'query Connection,
        catalogue: i64,
        language: &str,
        extra: &'query Language,
    ) -> rusqlite::Result<Query<'query>> {
        let bytes: Vec<u8> =
            rows.query_row("SELECT documents FROM catalogue WHERE id = ?1", [catalogue], |row| {
                row.get(0)
            })?;
        let documents = documents(&bytes);
        Ok(Query { rows, catalogue, words: Words::of(language), language: extra, documents })
    }

    /// The entries that fit, by position, in no order.
    pub(super) fn run(&mut self, text: &str) -> rusqlite::Result<Vec<(usize, Rank)>> {
        let mut terms = words(text);
        if terms.iter().any(|term| !is_empty_word(term)) {
            terms.retain(|term| !is_empty_word(term));
        }
        terms.truncate(MOST_WORDS);
        let mut meetings = Vec::with_capacity(terms.len());
        for term in &terms {
            meetings.push(self.meet(term)?);
        }
        let mut found = self.rank(&meetings);
        if let Some(position) = self.by_id(text)? {
            found.retain(|(other, _)| *other != position);
            found.push((position, Rank { exact_id: true, discontinued: false, score: 2.0 }));
        }
        Ok(found)
    }

    fn by_id(&self, text: &str) -> rusqlite::Result<Option<usize>> {
        let id = text.trim();
        // `7459` is how people write `07459`.
        let padded = match id.parse::<u32>() {
            Ok(number) => format!("{number:05}"),
            Err(_) => id.to_uppercase(),
        };
        self.rows
            .query_row(
                "SELECT position FROM catalogue_entry
                 WHERE catalogue = ?1 AND table_id IN (?2, ?3) ORDER BY table_id = ?2 DESC",
                rusqlite::params![self.catalogue, id, padded],
                |row| row.get::<_, i64>(0),
            )
            .optional()
            .map(|position| position.and_then(|position| usize::try_from(position).ok()))
    }

    /// Only entries that meet as many words as any does.
    fn rank(&self, meetings: &[Meetings]) -> Vec<(usize, Rank)> {
        let met =
            |position: usize| meetings.iter().filter(|term| term[position].score > 0.0).count();
        let most = (0..self.documents.len()).map(met).max().unwrap_or(0);
        if most == 0 {
            return Vec::new();
        }
        let newest = self.documents.iter().map(|document| document.last_year).max().unwrap_or(0);
        (0..self.documents.len())
            .filter(|&position| met(position) == most)
            .map(|position| {
                let document = self.documents[position];
                let terms: Vec<Met> = meetings.iter().map(|term| term[position]).collect();
                let score = score(&terms, document, newest);
                (position, Rank { exact_id: false, discontinued: document.discontinued, score })
            })
            .collect()
    }

    /// Every way of meeting one word.
    fn meet(&mut self, term: &str) -> rusqlite::Result<Meetings> {
        let mut meetings = vec![Met::default(); self.documents.len()];
        self.meet_word(term, 1.0, &mut meetings)?;
        if term.len() >= SHORTEST_BEGINNING {
            self.meet_beginning(term, &mut meetings)?;
        }
        self.meet_synonyms(term, 1.0, &mut meetings)?;
        self.meet_taken_apart(term, &mut meetings)?;
        if term.len() >= SHORTEST_MISSPELT && meetings.iter().all(|met| met.score == 0.0) {
            for word in self.similar(term)? {
                self.meet_word(&word, nearness::MISSPELT, &mut meetings)?;
                self.meet_synonyms(&word, nearness::MISSPELT, &mut meetings)?;
            }
        }
        Ok(meetings)
    }

    /// The word itself, its stem, and compounds that contain it.
    fn meet_word(&self, word: &str, factor: f64, into: &mut Meetings) -> rusqlite::Result<()> {
        let stem = self.words.stem(word);
        for (kind, word, nearness) in [
            (SURFACE, word, nearness::SURFACE),
            (STEM, stem.as_str(), nearness::STEM),
            (PART, stem.as_str(), nearness::PART),
        ] {
            for place in self.places(&format!("{kind}{word}"))? {
                note(into, place, factor * nearness);
            }
        }
        Ok(())
    }

    fn meet_beginning(&self, term: &str, into: &mut Meetings) -> rusqlite::Result<()> {
        let mut statement = self.rows.prepare_cached(
            "SELECT places FROM catalogue_word
             WHERE catalogue = ?1 AND word > ?2 AND word < ?2 || '\u{10ffff}'",
        )?;
        let begun = format!("{SURFACE}{term}");
        let mut cursor = statement.query(rusqlite::params![self.catalogue, begun])?;
        while let Some(row) = cursor.next()? {
            for place in places(row.get_ref(0)?.as_blob()?) {
                note(into, place, nearness::BEGINNING);
            }
        }
        Ok(())
    }

    fn meet_synonyms(&self, term: &str, factor: f64, into: &mut Meetings) -> rusqlite::Result<()> {
        let stem = self.words.stem(term);
        let is_term = |member: &Vec<String>| match member.as_slice() {
            [word] => *word == term || self.words.stem(word) == stem,
            _ => false,
        };
        for group in self.language.groups.iter().filter(|group| group.iter().any(is_term)) {
            for member in group.iter().filter(|member| !is_term(member)) {
                let word = |word: &str, met: &mut Meetings| {
                    self.meet_word(word, factor * nearness::SYNONYM, met)
                };
                self.meet_all(member, word, into)?;
            }
        }
        Ok(())
    }

    /// The word is a compound, and the entry has its parts, alone or in other compounds.
    fn meet_taken_apart(&self, term: &str, into: &mut Meetings) -> rusqlite::Result<()> {
        if is_whole(self.language, &self.words, term) {
            return Ok(());
        }
        let mut failure = None;
        let parts = compounds::split(&self.words, term, &mut |part| {
            self.knows(part).unwrap_or_else(|error| {
                failure = Some(error);
                false
            })
        });
        match failure {
            Some(error) => Err(error),
            None if parts.leaves.is_empty() => Ok(()),
            None => {
                let part = |word: &str, met: &mut Meetings| {
                    self.meet_word(word, nearness::TAKEN_APART, met)?;
                    self.meet_synonyms(word, nearness::TAKEN_APART, met)
                };
                self.meet_all(&parts.leaves, part, into)
            }
        }
    }

    /// Entries that have all of these words, each of them met in the given way.
    fn meet_all(
        &self,
        all: &[String],
        meet: impl Fn(&str, &mut Meetings) -> rusqlite::Result<()>,
        into: &mut Meetings,
    ) -> rusqlite::Result<()> {
        let mut together: Option<Meetings> = None;
        for word in all.iter().filter(|word| !is_empty_word(word)) {
            let mut met = vec![Met::default(); self.documents.len()];
            meet(word, &mut met)?;
            together = Some(match together {
                None => met,
                Some(before) => before.into_iter().zip(met).map(weaker).collect(),
            });
        }
        for (met, new) in into.iter_mut().zip(together.unwrap_or_default()) {
            met.subject |= new.subject;
            if new.score > met.score {
                *met = Met { subject: met.subject, ..new };
            }
        }
        Ok(())
    }

    /// Whether a word is listed, or stands by itself somewhere in the catalogue.
    fn knows(&self, part: &str) -> rusqlite::Result<bool> {
        let listed = |word: &String| word == part;
        let has_synonym = || self.language.groups.iter().flatten().any(|member| member == &[part]);
        if self.language.parts.iter().any(listed) || has_synonym() {
            return Ok(true);
        }
        if !may_be_part(part) {
            return Ok(false);
        }
        let mut statement = self.rows.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM catalogue_word
             WHERE catalogue = ?1 AND word IN (?2, ?3))",
        )?;
        let keys = (self.catalogue, format!("{SURFACE}{part}"), format!("{STEM}{part}"));
        statement.query_row(keys, |row| row.get(0))
    }

    /// Known words that differ from `term` in one letter.
    fn similar(&self, term: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.rows.prepare_cached(
            "SELECT word FROM catalogue_word WHERE catalogue = ?1
             AND (word > ?2 AND word < ?2 || '\u{10ffff}' OR word > ?3 AND word < ?3 || '\u{10ffff}')",
        )?;
        let kinds = (self.catalogue, SURFACE.to_string(), PART.to_string());
        let mut similar = Vec::new();
        let mut cursor = statement.query(kinds)?;
        while let Some(row) = cursor.next()? {
            let word = row.get_ref(0)?.as_str()?;
            let word = &word[1..];
            if one_letter_apart(term.as_bytes(), word.as_bytes()) {
                similar.push(word.to_owned());
            }
        }
        let listed = self.language.groups.iter().flatten().filter_map(|member| match &member[..] {
            [word] => Some(word),
            _ => None,
        });
        similar.extend(
            listed.filter(|word| one_letter_apart(term.as_bytes(), word.as_bytes())).cloned(),
        );
        similar.sort_unstable();
        similar.dedup();
        Ok(similar)
    }

    fn places(&self, key: &str) -> rusqlite::Result<Vec<Place>> {
        let mut statement = self.rows.prepare_cached(
            "SELECT places FROM catalogue_word WHERE catalogue = ?1 AND word = ?2",
        )?;
        let mut cursor = statement.query(rusqlite::params![self.catalogue, key])?;
        match cursor.next()? {
            Some(row) => Ok(places(row.get_ref(0)?.as_blob()?)),
            None => Ok(Vec::new()),
        }
    }
}

fn note(into: &mut Meetings, place: Place, nearness: f64) {
    // An index that was replaced meanwhile may know entries that are not there.
    if let Some(met) = into.get_mut(place.document) {
        met.better(place, nearness);
    }
}

/// Two words that must both be met.
fn weaker((one, other): (Met, Met)) -> Met {
    if one.score == 0.0 || other.score == 0.0 {
        return Met::default();
    }
    let title = one.title.zip(other.title).map(|(one, other)| one.min(other));
    Met { score: (one.score + other.score) / 2.0, title, subject: one.subject && other.subject }
}

fn score(terms: &[Met], document: Document, newest: u16) -> f64 {
    let count = terms.len() as f64;
    let mut score = terms.iter().map(|met| met.score).sum::<f64>() / count;
    let in_title: Vec<usize> = terms.iter().filter_map(|met| met.title).collect();
    if !in_title.is_empty() {
        let covered = in_title.len() as f64 / f64::from(document.title_words.max(1));
        score += bonus::COVERAGE * covered.min(1.0);
        if in_title.contains(&0) {
            score += bonus::FIRST;
        }
    }
    let side_by_side = in_title.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    if terms.len() > 1 && in_title.len() == terms.len() && side_by_side {
        score += bonus::PHRASE;
    }
    score += bonus::SUBJECT * terms.iter().filter(|met| met.subject).count() as f64 / count;
    if document.last_year > 0 && document.last_year + 2 >= newest {
        score += bonus::RECENT;
    }
    score + bonus::VARIABLE * f64::from(document.variables.min(6))
}

/// Whether one letter added, left out, replaced or exchanged with the next makes one the other.
fn one_letter_apart(one: &[u8], other: &[u8]) -> bool {
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[same..], &other[same..]);
    match one.len().cmp(&other.len()) {
        Ordering::Less => one == &other[1..],
        Ordering::Greater => &one[1..] == other,
        Ordering::Equal if one.is_empty() => false,
        Ordering::Equal => {
            let exchanged =
                one.len() > 1 && one[0] == other[1] && one[1] == other[0] && one[2..] == other[2..];
            exchanged || one[1..] == other[1..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_letter_is_recognised() {
        let apart = |one: &str, other: &str| one_letter_apart(one.as_bytes(), other.as_bytes());
        for wrong in ["befolknig", "befolknning", "befolkming", "befoklning", "efolkning"] {
            assert!(apart(wrong, "befolkning"), "{wrong}");
            assert!(apart("befolkning", wrong), "{wrong}");
        }
        for other in ["befolkning", "befoling", "bfolknig", "folkning", ""] {
            assert!(!apart(other, "befolkning"), "{other}");
        }
    }
}
