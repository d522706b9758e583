//! Why a model cannot be used.

use std::fmt;

/// Why a model file cannot be used, with the line where the fault stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ModelError {
    /// Line in the model file, from 1; 0 where there is no file.
    pub line: usize,
    /// What is wrong and what to do.
    pub problem: Problem,
}

/// What is wrong and what to do, one sentence without a period.
///
/// Prints in English. Whoever words it in another language has the key and
/// what goes into its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the sentence; empty for one that has no name.
    pub key: &'static str,
    /// What goes into the sentence, by place.
    pub places: Vec<(&'static str, String)>,
    /// Node of the model that it is about, where the sentence does not say.
    pub subject: Option<String>,
    english: String,
}

impl Problem {
    /// States a problem: its key, its English sentence with `{places}`, and what goes there.
    pub fn new(key: &'static str, english: &str, places: &[(&'static str, &str)]) -> Self {
        let mut sentence = english.to_owned();
        for (name, value) in places {
            sentence = sentence.replace(&format!("{{{name}}}"), value);
        }
        let places = places.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { key, places, subject: None, english: sentence }
    }

    /// Says which node the problem is about.
    #[must_use]
    pub(crate) fn about(self, subject: &str) -> Self {
        Self { subject: Some(subject.to_owned()), ..self }
    }
}

impl From<String> for Problem {
    fn from(english: String) -> Self {
        Self { key: "", places: Vec::new(), subject: None, english }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Some(subject) => write!(formatter, "`{subject}`: {}", self.english),
            None => formatter.write_str(&self.english),
        }
    }
}

impl ModelError {
    /// Places `problem` on the line where byte `offset` of `text` stands, the end on the last line.
    pub(crate) fn at(text: &str, offset: usize, problem: impl Into<Problem>) -> Self {
        let last = text.strip_suffix('\n').map_or(text.len(), str::len);
        let before = &text.as_bytes()[..offset.min(last)];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Self { line, problem: problem.into() }
    }

    /// Places what the TOML reader says.
    pub(crate) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let offset = error.span().map_or(0, |span| span.start);
        let message = error.message().replace('\n', "; ");
        Self::at(text, offset, Problem::new("toml", "{message}", &[("message", &message)]))
    }
}

#[cfg(test)]
mod tests {
    use super::ModelError;

    #[test]
    fn the_end_of_a_file_is_on_its_last_line() {
        let line = |text: &str| {
            let error = toml::from_str::<toml::Table>(text).expect_err("a text that never ends");
            ModelError::toml(text, &error).line
        };
        assert_eq!(line("id = \"a\"\ntitle = \"\"\"x\n"), 2);
        assert_eq!(line("id = \"a\"\ntitle = \"\"\"x"), 2);
        assert_eq!(ModelError::at("", 3, String::new()).line, 1);
    }
}
