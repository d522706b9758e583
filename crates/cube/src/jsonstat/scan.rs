use std::borrow::Cow;
use std::ops::Range;

use crate::CubeError;

/// As deep as `serde_json` follows, which reads the members that are not cells.
const MAX_DEPTH: usize = 128;

/// Powers of ten that `f64` holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A number, and its digits where it is whole and `f64` cannot hold it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number<'a> {
    pub(super) nearest: f64,
    pub(super) exact: Option<&'a str>,
}

/// Walks over the text of a document once, from left to right.
///
/// Cells are too many for a tree of values, so they are taken as they are met;
/// other members are stepped over, and their text is given to `serde_json`.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Scanner<'a> {
        Scanner { text, at: 0 }
    }

    /// The same text from another place.
    pub(super) fn from(&self, at: usize) -> Scanner<'a> {
        Scanner { text: self.text, at }
    }

    /// Where it stands.
    pub(super) fn here(&self) -> usize {
        self.at
    }

    /// Bytes in the whole text.
    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    pub(super) fn slice(&self, span: &Range<usize>) -> &'a str {
        &self.text[span.clone()]
    }

    /// The next byte that is not white space, without taking it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            // One comparison for most bytes, and there are millions.
            if *byte > b' ' || !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes `expected`, after white space, if it is next.
    #[inline]
    pub(super) fn take(&mut self, expected: u8) -> bool {
        let is_next = self.peek() == Some(expected);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes a word that is not a string: `null`.
    #[inline]
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    /// A refusal at the place where the scanner stands.
    #[cold]
    pub(super) fn refuse(&self, problem: impl Into<String>) -> CubeError {
        let before = &self.text.as_bytes()[..self.at.min(self.text.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let column = 1 + before.iter().rev().take_while(|byte| **byte != b'\n').count();
        let place = format!("line {line}, column {column}");
        CubeError::Syntax { format: super::FORMAT, place, problem: problem.into() }
    }

    /// A refusal that says what stands here instead of what was expected.
    #[cold]
    pub(super) fn expected(&mut self, what: &str) -> CubeError {
        let found = match self.peek() {
            None => "the text ends".to_owned(),
            Some(_) => {
                let rest = &self.text[self.at..];
                let word: String = rest
                    .chars()
                    .take_while(|letter| letter.is_alphanumeric())
                    .take(20)
                    .chain(rest.chars().take(1).filter(|letter| !letter.is_alphanumeric()))
                    .collect();
                format!("`{word}` stands")
            }
        };
        self.refuse(format!("{found} where {what} is expected"))
    }

    /// Takes an object, and gives each member's name to `member`, which takes its value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Scanner<'a>, Cow<'a, str>) -> Result<(), CubeError>,
    ) -> Result<(), CubeError> {
        if !self.take(b'{') {
            return Err(self.expected("an object"));
        }
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let name = self.string()?;
            if !self.take(b':') {
                return Err(self.expected("a colon"));
            }
            member(self, name)?;
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return Err(self.expected("a comma or the end of the object"));
            }
        }
    }

    /// Takes an array, and lets `item` take each of its items.
    #[inline]
    pub(super) fn array(
        &mut self,
        mut item: impl FnMut(&mut Scanner<'a>) -> Result<(), CubeError>,
    ) -> Result<(), CubeError> {
        if !self.take(b'[') {
            return Err(self.expected("an array"));
        }
        if self.take(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.take(b',') {
                continue;
            }
            if self.take(b']') {
                return Ok(());
            }
            return Err(self.expected("a comma or the end of the array"));
        }
    }

    /// Takes a string; borrowed when nothing in it is escaped.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, CubeError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a text"));
        }
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    self.at = at + 1;
                    return Ok(Cow::Borrowed(&self.text[start..at]));
                }
                b'\\' => return self.escaped_string(),
                0..0x20 => break,
                _ => at += 1,
            }
        }
        self.at = at;
        Err(self.refuse("a text does not end"))
    }

    /// Takes the string that starts here, of which some is escaped.
    #[cold]
    fn escaped_string(&mut self) -> Result<Cow<'a, str>, CubeError> {
        let start = self.at;
        self.skip_string()?;
        match serde_json::from_str::<String>(&self.text[start..self.at]) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(_) => {
                self.at = start;
                Err(self.refuse("a text has an escape that JSON does not know"))
            }
        }
    }

    fn skip_string(&mut self) -> Result<(), CubeError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = start;
        Err(self.refuse("a text does not end"))
    }

    /// Steps over one value, of any kind, and says where it stood.
    ///
    /// Only nesting and strings are looked at: whoever reads the span finds the rest.
    pub(super) fn skip(&mut self) -> Result<Range<usize>, CubeError> {
        let mut depth = 0_usize;
        let Some(first) = self.peek() else { return Err(self.expected("a value")) };
        let start = self.at;
        if !matches!(first, b'{' | b'[' | b'"') {
            return self.skip_word();
        }
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        let problem = format!("objects and arrays stand deeper than {MAX_DEPTH}");
                        return Err(self.refuse(problem));
                    }
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
            if depth == 0 {
                return Ok(start..self.at);
            }
        }
        Err(self.refuse("the text ends inside an object or array"))
    }

    fn skip_word(&mut self) -> Result<Range<usize>, CubeError> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let ends = |byte: &u8| {
            matches!(byte, b',' | b'}' | b']' | b':' | b' ' | b'\n' | b'\r' | b'\t' | b'"')
        };
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.expected("a value"));
        }
        self.at += length;
        Ok(start..self.at)
    }

    /// Takes a flat position that is written as a text: `"17"`.
    #[inline]
    pub(super) fn position(&mut self, below: usize) -> Result<usize, CubeError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a position"));
        }
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut position = 0_usize;
        let mut at = start + 1;
        while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
            position = position.saturating_mul(10).saturating_add(usize::from(digit - b'0'));
            at += 1;
        }
        if at == start + 1 || bytes.get(at) != Some(&b'"') {
            let written = self.string()?;
            self.at = start;
            return Err(self.refuse(format!("`{written}` is not the position of a cell")));
        }
        if position >= below {
            let cells = if below == 1 {
                "there is 1 cell".to_owned()
            } else {
                format!("there are {below} cells")
            };
            return Err(self.refuse(format!("{cells}, and none at position {position}")));
        }
        self.at = at + 1;
        Ok(position)
    }

    /// Takes a number of at most fifteen digits and no exponent, as nearly all are; takes
    /// nothing when it is another, or no number.
    #[inline(always)]
    pub(super) fn short_number(&mut self) -> Option<f64> {
        let bytes = self.text.as_bytes();
        let is_negative = bytes.get(self.at) == Some(&b'-');
        let first = self.at + usize::from(is_negative);
        let (mantissa, after) = digits(bytes, first, 0);
        let whole = after - first;
        let has_point = bytes.get(after) == Some(&b'.');
        let (mantissa, end) =
            if has_point { digits(bytes, after + 1, mantissa) } else { (mantissa, after) };
        let decimals = end - after - usize::from(has_point);
        let is_cut = has_point && decimals == 0;
        let has_zero_before = whole > 1 && bytes[first] == b'0';
        // Fifteen digits fit in `f64`, and then one division rounds as it should.
        let is_long = whole + decimals > 15 || matches!(bytes.get(end), Some(b'e' | b'E'));
        if whole == 0 || is_cut || has_zero_before || is_long {
            return None;
        }
        self.at = end;
        let size = if decimals == 0 { mantissa as f64 } else { mantissa as f64 / TENS[decimals] };
        Some(if is_negative { -size } else { size })
    }

    /// Takes a number as JSON writes them.
    #[inline]
    pub(super) fn number(&mut self) -> Result<Number<'a>, CubeError> {
        match self.short_number() {
            Some(nearest) => Ok(Number { nearest, exact: None }),
            None => self.long_number(),
        }
    }

    /// A number with many digits or an exponent, or the refusal of what is none.
    #[inline(never)]
    fn long_number(&mut self) -> Result<Number<'a>, CubeError> {
        let bytes = self.text.as_bytes();
        let first = self.at + usize::from(bytes.get(self.at) == Some(&b'-'));
        let after_some = |from: usize| Some(digits(bytes, from, 0).1).filter(|end| *end > from);
        let zero_before = bytes.get(first) == Some(&b'0');
        let whole = after_some(first).filter(|end| !zero_before || *end == first + 1);
        let decimals = whole.and_then(|end| match bytes.get(end) {
            Some(b'.') => after_some(end + 1),
            _ => Some(end),
        });
        let exponent = decimals.and_then(|end| match bytes.get(end) {
            Some(b'e' | b'E') => {
                after_some(end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-'))))
            }
            _ => Some(end),
        });
        let Some(end) = exponent else { return Err(self.expected("a number")) };
        let written = &self.text[self.at..end];
        let nearest: f64 = written.parse().map_err(|_| self.expected("a number"))?;
        if nearest.is_infinite() {
            return Err(self.refuse("a number is beyond what 64 bits hold"));
        }
        self.at = end;
        Ok(Number { nearest, exact: is_inexact(written, nearest).then_some(written) })
    }
}

/// Whether `written` is whole and `nearest` would not be written with the same digits.
fn is_inexact(written: &str, nearest: f64) -> bool {
    let is_whole = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    // Beyond 21 digits a number is written with an exponent.
    is_whole
        && match written.parse::<i128>() {
            Ok(whole) if whole.unsigned_abs() < super::WRITTEN_OUT => nearest as i128 != whole,
            _ => true,
        }
}

/// Adds the digits from `at` to `before`, which wraps beyond nineteen; and where they end.
#[inline]
fn digits(bytes: &[u8], mut at: usize, before: u64) -> (u64, usize) {
    let mut sum = before;
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        sum = sum.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (sum, at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Result<Number<'_>, CubeError> {
        let mut scanner = Scanner::new(text);
        let number = scanner.number()?;
        match scanner.at == text.len() {
            true => Ok(number),
            false => Err(scanner.expected("the end")),
        }
    }

    /// What a number is to `serde_json`, which rounds correctly too.
    fn by_serde(text: &str) -> Option<f64> {
        serde_json::from_str::<f64>(text).ok()
    }

    #[test]
    fn whole_numbers_beyond_f64_keep_their_digits() {
        let cases = [
            ("9007199254740992", None),
            ("9007199254740993", Some("9007199254740993")),
            ("-9007199254740993", Some("-9007199254740993")),
            ("18446744073709551617", Some("18446744073709551617")),
            ("100000000000000000000", None),
            ("123456789012345678901234567890", Some("123456789012345678901234567890")),
            ("9007199254740993.0", None),
        ];
        for (text, exact) in cases {
            assert_eq!(number(text).expect("a number").exact, exact, "{text}");
        }
    }

    #[test]
    fn what_json_does_not_call_a_number_is_refused() {
        for text in [
            "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "NaN", "Infinity", "0x10", "1_0",
            "1e400", "--1", "1.e3",
        ] {
            assert!(number(text).is_err(), "{text}");
            assert_eq!(by_serde(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_what_serde_json_says(text in r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?") {
            let ours = number(&text).ok().map(|number| number.nearest.to_bits());
            prop_assert_eq!(ours, by_serde(&text).map(f64::to_bits));
        }

        #[test]
        fn what_follows_a_number_does_not_change_it(
            text in r"-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?", after in r"[, \]}a☃]{0,3}[0-9☃]{0,9}",
        ) {
            let document = format!("{text} {after}");
            let mut scanner = Scanner::new(&document);
            let ours = scanner.number().expect("a number").nearest;
            prop_assert_eq!(Some(ours.to_bits()), by_serde(&text).map(f64::to_bits));
            prop_assert_eq!(scanner.at, text.len());
        }

        #[test]
        fn near_numbers_are_refused_when_serde_json_refuses(text in r"[-+0-9.eE]{0,9}") {
            let ours = number(&text).ok().map(|number| number.nearest.to_bits());
            prop_assert_eq!(ours, by_serde(&text).map(f64::to_bits));
        }

        #[test]
        fn strings_are_what_serde_json_says(text in r#""([a-zæøå☃ ]|\\["\\/bnu0-9d]|["\x00-\x20]){0,8}""#) {
            let mut scanner = Scanner::new(&text);
            let ours = scanner.string().ok().filter(|_| scanner.at == text.len());
            let theirs = serde_json::from_str::<String>(&text).ok();
            prop_assert_eq!(ours.as_deref(), theirs.as_deref());
        }

        #[test]
        fn stepping_over_ends_where_the_value_ends(value in any_json(), after in "[,}\\] ]?") {
            let text = format!("{value}{after}");
            let mut scanner = Scanner::new(&text);
            let span = scanner.skip().expect("a value");
            prop_assert_eq!(scanner.slice(&span), value.to_string());
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        use serde_json::{Map, Value};
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[\\[\\]{}\"\\\\a☃]{0,5}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 20, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec(("[a\"}]{0,3}", inner), 0..4)
                    .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }
}
