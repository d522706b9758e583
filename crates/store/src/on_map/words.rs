//! SQL in words: names, numbers, texts in quotes, signs. Comments and blanks are passed over.

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A name or a keyword.
    Name,
    /// Digits.
    Number,
    /// A string, or a name in quotes; with them.
    Quoted,
    /// Anything else, one character.
    Sign,
}

/// The words of `sql` with where each begins.
///
/// A text in quotes or a comment that never ends reaches to the end; the engine will say so.
pub(super) fn words(sql: &str) -> impl Iterator<Item = (usize, &str, Word)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &sql[at..];
            let first = rest.chars().next()?;
            let passed = blank(rest);
            if passed > 0 {
                at += passed;
                continue;
            }
            let (length, word) = match first {
                '\'' | '"' | '`' => (quoted(rest, first), Word::Quoted),
                '[' => (rest.find(']').map_or(rest.len(), |end| end + 1), Word::Quoted),
                _ if is_name(first) && !first.is_ascii_digit() => (run(rest), Word::Name),
                _ if first.is_ascii_digit() => (run(rest), Word::Number),
                _ => (first.len_utf8(), Word::Sign),
            };
            let start = at;
            at += length;
            return Some((start, &rest[..length], word));
        }
    })
}

/// Length of the blank or comment at the beginning; 0 when there is none.
fn blank(rest: &str) -> usize {
    if let Some(comment) = rest.strip_prefix("--") {
        return comment.find('\n').map_or(rest.len(), |end| end + 3);
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        return comment.find("*/").map_or(rest.len(), |end| end + 4);
    }
    rest.len() - rest.trim_start().len()
}

/// Length of a text in quotes, in which a doubled quote is one.
fn quoted(rest: &str, quote: char) -> usize {
    let mut at = 1;
    loop {
        let Some(end) = rest[at..].find(quote) else { return rest.len() };
        at += end + 1;
        if !rest[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
}

fn run(rest: &str) -> usize {
    rest.find(|sign| !is_name(sign)).unwrap_or(rest.len())
}

fn is_name(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(sql: &str) -> String {
        words(sql).map(|(at, text, _)| format!("{at}:{text}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_stands_in_quotes_and_comments_is_no_word_of_its_own() {
        insta::assert_snapshot!(split("a-- on_map(\nb/* on_map('*/c"), @"0:a 12:b 26:c");
        insta::assert_snapshot!(split("'it''s on_map(' \"x\"\"y\" [on map] `on_map`"), @r#"0:'it''s on_map(' 16:"x""y" 23:[on map] 32:`on_map`"#);
        insta::assert_snapshot!(split("æøå_1>=2.5;'open"), @"0:æøå_1 8:> 9:= 10:2 11:. 12:5 13:; 14:'open");
    }
}
