//! Plain search in a catalogue, for shelves that have no index of their own.
//!
//! A subset of what Lucene understands: words, `"phrases"`, `field:word`, `*`,
//! `?`, `OR`, `NOT` or `-`. Words must all occur unless joined by `OR`.

use super::Entry;

/// A query, or nothing where it is not well formed: the reference server falls over then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// One of these must hold, each with all its terms.
    alternatives: Vec<Vec<Term>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    field: Option<String>,
    text: String,
    is_phrase: bool,
    is_unwanted: bool,
}

impl Query {
    pub(super) fn parse(text: &str) -> Option<Query> {
        let mut alternatives = vec![Vec::new()];
        let (mut unwanted, mut joins) = (false, false);
        for token in tokens(text)? {
            match token.as_str() {
                "AND" | "&&" => continue,
                "OR" | "||" => {
                    joins = true;
                    continue;
                }
                "NOT" | "!" => {
                    unwanted = true;
                    continue;
                }
                _ => {}
            }
            let mut term = Term::parse(&token)?;
            term.is_unwanted |= std::mem::take(&mut unwanted);
            if std::mem::take(&mut joins) {
                alternatives.push(Vec::new());
            }
            if let Some(last) = alternatives.last_mut() {
                last.push(term);
            }
        }
        Some(Query { alternatives })
    }

    /// Whether only words are asked for, which an index may understand better.
    pub(super) fn is_plain(&self) -> bool {
        let plain = |term: &Term| {
            term.field.is_none() && !term.is_unwanted && !term.text.contains(['*', '?'])
        };
        self.alternatives.len() == 1 && self.alternatives[0].iter().all(plain)
    }

    pub(super) fn finds(&self, entry: &Entry) -> bool {
        let holds = |term: &Term| term.is_in(entry) != term.is_unwanted;
        self.alternatives.iter().any(|terms| terms.iter().all(holds))
    }
}

impl Term {
    fn parse(token: &str) -> Option<Term> {
        let (is_unwanted, token) = match token.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, token.strip_prefix('+').unwrap_or(token)),
        };
        let (field, text) = match token.split_once(':') {
            Some((field, text)) if !field.is_empty() && !field.contains('"') => {
                (Some(field.to_lowercase()), text)
            }
            _ => (None, token),
        };
        let is_phrase = text.starts_with('"');
        let text = text.trim_matches(['"', '(', ')']).to_lowercase();
        if text.is_empty() {
            return None;
        }
        Some(Term { field, text, is_phrase, is_unwanted })
    }

    fn is_in(&self, entry: &Entry) -> bool {
        let label = || self.matches(&entry.label);
        let variables = || entry.variable_names.iter().any(|name| self.matches(name));
        let id = || self.matches_whole(&entry.id);
        match self.field.as_deref() {
            None => id() || label() || variables() || self.matches(&entry.description),
            Some("title" | "label") => label(),
            Some("id" | "matrix" | "tableid") => id(),
            Some("variables") => variables(),
            Some("updated") => self.is_updated(entry.updated.as_deref().unwrap_or("")),
            Some("discontinued") => (self.text == "true") == entry.discontinued,
            Some("source") => entry.source.as_deref().is_some_and(|name| self.matches(name)),
            Some("period") => {
                self.matches_whole(&entry.first_period) || self.matches_whole(&entry.last_period)
            }
            Some(_) => false,
        }
    }

    /// Whether a word of `field`, or the phrase in it, is as asked for.
    fn matches(&self, field: &str) -> bool {
        let field = field.to_lowercase();
        if self.is_phrase {
            return field.contains(&self.text);
        }
        let mut words = field.split(|sign: char| !sign.is_alphanumeric());
        // Without a stemmer, a word is found by its beginning, as with its endings cut off.
        match self.text.contains(['*', '?']) {
            true => words.any(|word| wildcard(&self.text, word)),
            false => words.any(|word| word.starts_with(&self.text)),
        }
    }

    fn matches_whole(&self, field: &str) -> bool {
        wildcard(&self.text, &field.to_lowercase())
    }

    /// `20250908*` of `2025-09-08T06:00:00Z`.
    fn is_updated(&self, updated: &str) -> bool {
        let digits: String = updated.chars().filter(char::is_ascii_digit).collect();
        wildcard(&self.text, &digits)
    }
}

/// Splits at blanks outside quotes; `None` when a quote or bracket is not closed.
fn tokens(text: &str) -> Option<Vec<String>> {
    let mut tokens = vec![String::new()];
    let (mut quoted, mut open) = (false, 0_i32);
    for sign in text.chars() {
        match sign {
            '"' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted => open -= 1,
            _ => {}
        }
        if open < 0 {
            return None;
        }
        match sign.is_whitespace() && !quoted {
            true => tokens.push(String::new()),
            false => tokens.last_mut()?.push(sign),
        }
    }
    (!quoted && open == 0).then(|| tokens.into_iter().filter(|one| !one.is_empty()).collect())
}

/// `*` is any run of characters, `?` exactly one.
fn wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while seen < text.len() {
        match pattern.get(at) {
            Some('*') => {
                retry = Some((at, seen));
                at += 1;
            }
            Some(sign) if *sign == '?' || *sign == text[seen] => {
                at += 1;
                seen += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    at = star + 1;
                    seen = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|sign| *sign == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            id: "07459".to_owned(),
            label: "07459: Befolkning, etter region, kjønn, alder og år".to_owned(),
            updated: Some("2026-02-19T07:00:00Z".to_owned()),
            variable_names: vec!["region".to_owned(), "kjønn".to_owned()],
            ..Entry::default()
        }
    }

    #[test]
    fn words_must_all_occur_unless_joined_by_or() {
        for (query, found) in [
            ("befolkning", Some(true)),
            ("BEFOLKNING alder", Some(true)),
            ("befolkning bolig", Some(false)),
            ("bolig OR befolkning", Some(true)),
            ("befolkning -alder", Some(false)),
            ("befolkning NOT bolig", Some(true)),
            ("title:befolk*", Some(true)),
            ("title:folk", Some(false)),
            ("title:*folk*", Some(true)),
            ("\"etter region\"", Some(true)),
            ("title:\"region etter\"", Some(false)),
            ("07459", Some(true)),
            ("matrix:0745?", Some(true)),
            ("updated:202602*", Some(true)),
            ("updated:2025*", Some(false)),
            ("variables:kjønn", Some(true)),
            ("codes:0301", Some(false)),
            ("\"befolkning", None),
            ("(befolkning", None),
            ("title:", None),
        ] {
            let answer = Query::parse(query).map(|query| query.finds(&entry()));
            assert_eq!(answer, found, "{query}");
        }
    }

    #[test]
    fn only_bare_words_go_to_an_index() {
        for (query, plain) in
            [("bolig priser", true), ("title:bolig", false), ("bolig*", false), ("a OR b", false)]
        {
            assert_eq!(Query::parse(query).map(|query| query.is_plain()), Some(plain), "{query}");
        }
    }
}
