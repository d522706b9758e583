//! Product texts in the languages there are.

use std::collections::BTreeMap;
use std::fmt;

use indicators::{IndicatorError, PackFiles};

/// A language that texts exist in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Norwegian bokmål.
    #[default]
    Bokmal,
    /// English.
    English,
}

impl Language {
    /// All languages, the default first.
    pub const ALL: [Self; 2] = [Self::Bokmal, Self::English];

    /// Returns the code: `nb` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bokmal => "nb",
            Self::English => "en",
        }
    }

    /// Reads a code; `no` and `nn` are answered in bokmål.
    pub fn from_code(code: &str) -> Option<Self> {
        match code.to_ascii_lowercase().split(['-', '_']).next()? {
            "nb" | "no" | "nn" => Some(Self::Bokmal),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Writes a number with `decimals`, in the language's own signs.
    pub fn number(self, value: f64, decimals: usize) -> String {
        let plain = format!("{value:.decimals$}");
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("−", digits),
            None => ("", plain.as_str()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (point, thousand) = match self {
            Self::Bokmal => (",", "\u{a0}"),
            Self::English => (".", ","),
        };
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            let left = whole.len() - at;
            // Norwegian leaves four-digit numbers whole; so do we in both languages.
            if at > 0 && left % 3 == 0 && whole.len() > 4 {
                grouped.push_str(thousand);
            }
            grouped.push(digit);
        }
        if sign == "−" && digits.chars().all(|digit| matches!(digit, '0' | '.')) {
            return self.number(0.0, decimals);
        }
        match fraction {
            "" => format!("{sign}{grouped}"),
            _ => format!("{sign}{grouped}{point}{fraction}"),
        }
    }

    /// Writes a share of 1 in whole percent; English sets no space.
    pub fn percent(self, share: f64) -> String {
        match self {
            Self::Bokmal => format!("{:.0}\u{a0}%", 100.0 * share),
            Self::English => format!("{:.0}%", 100.0 * share),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// Texts by language and key.
#[derive(Debug, Clone)]
pub struct Texts {
    by_language: BTreeMap<Language, BTreeMap<String, String>>,
}

impl Texts {
    /// Loads `texts/<language>/cli.json` for every language.
    ///
    /// # Errors
    ///
    /// A file that is missing or is not one flat JSON object of texts.
    pub fn load(files: &PackFiles) -> Result<Self, IndicatorError> {
        let mut by_language = BTreeMap::new();
        for language in Language::ALL {
            let path = format!("texts/{}/cli.json", language.code());
            let texts = serde_json::from_str(&files.text(&path)?).map_err(|error| {
                IndicatorError::File { file: path, line: error.line(), problem: error.to_string() }
            })?;
            by_language.insert(language, texts);
        }
        Ok(Self { by_language })
    }

    /// Returns the text at `key` with its `{places}` filled.
    ///
    /// A key without a text gives the key itself: visible, and harmless.
    pub fn say(&self, language: Language, key: &str, places: &[(&str, &str)]) -> String {
        let found = self.by_language.get(&language).and_then(|texts| texts.get(key));
        let mut text = found.cloned().unwrap_or_else(|| key.to_owned());
        for (name, value) in places {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Returns the keys of one language.
    pub fn keys(&self, language: Language) -> Vec<&str> {
        let texts = self.by_language.get(&language);
        texts.into_iter().flat_map(BTreeMap::keys).map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        let both = |value, decimals| {
            let [nb, en] = Language::ALL.map(|language| language.number(value, decimals));
            format!("{nb} | {en}").replace('\u{a0}', "_")
        };
        assert_eq!(both(1_234_567.891, 1), "1_234_567,9 | 1,234,567.9");
        assert_eq!(both(4321.0, 0), "4321 | 4321");
        assert_eq!(both(-0.04, 1), "0,0 | 0.0");
        assert_eq!(both(-12.5, 1), "−12,5 | −12.5");
    }

    #[test]
    fn a_language_is_recognised_by_its_code() {
        assert_eq!(Language::from_code("nn-NO"), Some(Language::Bokmal));
        assert_eq!(Language::from_code("en_GB"), Some(Language::English));
        assert_eq!(Language::from_code("de"), None);
    }
}
