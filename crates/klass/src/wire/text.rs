//! Texts and days as Klass writes them.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// A text with its letters; an empty one is none.
pub(super) fn present(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text != "null").then(|| letters(text))
}

/// Reads `<U+00D8>` as the letter it names; anything else is left as it stands.
pub(super) fn letters(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<U+") {
        let (before, from) = rest.split_at(at);
        read.push_str(before);
        let letter = from.find('>').and_then(|end| {
            let number = u32::from_str_radix(&from[3..end], 16).ok()?;
            Some((char::from_u32(number)?, end + 1))
        });
        match letter {
            Some((letter, end)) => {
                read.push(letter);
                rest = &from[end..];
            }
            None => {
                read.push_str("<U+");
                rest = &from[3..];
            }
        }
    }
    read.push_str(rest);
    read
}

/// A day, also one with a time behind.
pub(super) fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(serde_json::Number),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Scalar::Text(text) => text,
            Scalar::Number(number) => number.to_string(),
        }
    }
}

/// For text that may be absent, `null`, empty, or a bare number.
pub(super) fn optional<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    let scalar = Option::<Scalar>::deserialize(source)?;
    Ok(scalar.map(Scalar::into_text).as_deref().and_then(present))
}

/// For text that must be there, though it may be empty.
pub(super) fn required<'de, D: Deserializer<'de>>(source: D) -> Result<String, D::Error> {
    Ok(optional(source)?.unwrap_or_default())
}

/// For a day that may be absent.
pub(super) fn optional_day<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Date>, D::Error> {
    let text = optional(source)?;
    let read = |text: String| {
        day(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no day")))
    };
    text.map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_a_recorder_spelled_out_are_read() {
        assert_eq!(letters("<U+00D8>stfold og <U+00C5>s"), "Østfold og Ås");
        assert_eq!(letters("<U+ZZ> <U+00D8"), "<U+ZZ> <U+00D8");
        assert_eq!(letters("a < b, <U+D800>"), "a < b, <U+D800>");
    }

    #[test]
    fn a_day_may_have_a_time_behind() {
        assert_eq!(day("2024-01-01T00:00:00"), day("2024-01-01"));
        assert_eq!((day("2024-02-30"), day("")), (None, None));
    }
}
