//! Words written together, taken apart with the help of words that are known.

use super::words::Words;

/// Words shorter than this are left whole.
const SHORTEST_COMPOUND: usize = 7;

/// Shortest part.
const SHORTEST_PART: usize = 3;

/// Longest word that is looked at; nobody means a longer one.
const LONGEST_COMPOUND: usize = 60;

/// A compound taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Parts that cannot be taken apart further: `konsum`, `pris`, `indeks`.
    pub(super) leaves: Vec<String>,
    /// Parts that can, without the word itself: `prisindeks`.
    pub(super) nodes: Vec<String>,
}

/// Takes `word` apart into words for which `knows` is true; nothing when it is no compound.
pub(super) fn split(words: &Words, word: &str, knows: &mut dyn FnMut(&str) -> bool) -> Parts {
    let mut parts = Parts::default();
    if words.compounds && word.is_ascii() && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let mut splitter = Splitter { words, knows };
        if let Some(top) = splitter.split_once(word) {
            splitter.collect(&top, &mut parts);
        }
    }
    parts
}

struct Splitter<'split> {
    words: &'split Words,
    knows: &'split mut dyn FnMut(&str) -> bool,
}

/// The best way to take the rest of a word apart: fewest parts, then the longest last part.
#[derive(Clone)]
struct Best {
    count: usize,
    /// End of the first part, and where the next begins (behind a binding letter).
    first: (usize, usize),
    /// Length of the last part.
    last: usize,
}

impl Splitter<'_> {
    fn collect(&mut self, parts: &[String], into: &mut Parts) {
        for part in parts {
            match self.split_once(part) {
                Some(smaller) => {
                    into.nodes.push(part.clone());
                    self.collect(&smaller, into);
                }
                None => into.leaves.push(part.clone()),
            }
        }
    }

    /// At least two parts, or none.
    fn split_once(&mut self, word: &str) -> Option<Vec<String>> {
        if !(SHORTEST_COMPOUND..=LONGEST_COMPOUND).contains(&word.len()) {
            return None;
        }
        let mut best: Vec<Option<Best>> = vec![None; word.len() + 1];
        for begin in (0..=word.len() - SHORTEST_PART).rev() {
            best[begin] = self.best_from(word, begin, &best);
        }
        let mut parts = Vec::new();
        let mut begin = 0;
        while begin < word.len() {
            let (end, next) = best[begin].as_ref()?.first;
            parts.push(word[begin..end].to_owned());
            begin = next;
        }
        Some(parts)
    }

    fn best_from(&mut self, word: &str, begin: usize, best: &[Option<Best>]) -> Option<Best> {
        let rest = &word[begin..];
        if begin > 0 && self.knows_inflected(rest) {
            return Some(Best { count: 1, first: (word.len(), word.len()), last: rest.len() });
        }
        let mut found: Option<Best> = None;
        for end in begin + SHORTEST_PART..=word.len().saturating_sub(SHORTEST_PART) {
            let nexts = [end, end + 1];
            // A binding `s` or `e` stands between parts: arbeid-s-ledig, barn-e-hage.
            let bound = matches!(word.as_bytes()[end], b's' | b'e');
            for &next in &nexts[..if bound { 2 } else { 1 }] {
                let Some(Some(after)) = best.get(next) else { continue };
                let candidate =
                    Best { count: after.count + 1, first: (end, next), last: after.last };
                let better = found.as_ref().is_none_or(|found| {
                    (candidate.count, found.last) < (found.count, candidate.last)
                });
                if better && (self.knows)(&word[begin..end]) {
                    found = Some(candidate);
                }
            }
        }
        found
    }

    /// The last part carries the inflection of the whole.
    fn knows_inflected(&mut self, part: &str) -> bool {
        part.len() >= SHORTEST_PART && ((self.knows)(part) || (self.knows)(&self.words.stem(part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 12] = [
        "konsum",
        "pris",
        "indeks",
        "prisindeks",
        "bolig",
        "arbeid",
        "ledighet",
        "barn",
        "hage",
        "kommune",
        "valg",
        "styre",
    ];

    fn leaves(word: &str) -> String {
        split(&Words::of("no"), word, &mut |part| KNOWN.contains(&part)).leaves.join(" ")
    }

    #[test]
    fn a_compound_comes_apart_into_known_words() {
        assert_eq!(leaves("konsumprisindeks"), "konsum pris indeks");
        assert_eq!(leaves("boligprisindeks"), "bolig pris indeks");
        assert_eq!(leaves("arbeidsledighet"), "arbeid ledighet");
        assert_eq!(leaves("barnehage"), "barn hage");
        assert_eq!(leaves("kommunestyrevalg"), "kommune styre valg");
    }

    #[test]
    fn the_last_part_may_be_inflected() {
        assert_eq!(leaves("konsumprisindeksen"), "konsum pris indeksen");
        assert_eq!(leaves("boligpriser"), "bolig priser");
    }

    #[test]
    fn a_part_that_is_a_compound_is_known_as_well() {
        let parts = split(&Words::of("no"), "konsumprisindeks", &mut |part| KNOWN.contains(&part));
        assert_eq!(parts.nodes, ["prisindeks"]);
    }

    #[test]
    fn a_word_with_an_unknown_part_stays_whole() {
        for word in ["befolkning", "konsumxyz", "xyzkonsum", "pris", "bolig", ""] {
            assert_eq!(leaves(word), "", "{word}");
        }
    }

    #[test]
    fn english_words_are_not_taken_apart() {
        let parts = split(&Words::of("en"), "households", &mut |_| true);
        assert_eq!(parts, Parts::default());
    }
}
