//! Command lines of `curl`.

use super::PasteError;
use crate::address::encode;

/// The address and the body that a command sends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub url: String,
    pub body: Option<String>,
}

/// Reads a `curl` command; `None` when the text is something else.
pub(super) fn read(text: &str) -> Result<Option<Command>, PasteError> {
    let text = text.trim_start_matches(['$', '>', ' ']);
    let Some(rest) = text.strip_prefix("curl").or_else(|| text.strip_prefix("curl.exe")) else {
        return Ok(None);
    };
    if !rest.starts_with(char::is_whitespace) {
        return Ok(None);
    }
    let mut words = split(rest).into_iter();
    let mut url = None;
    let (mut data, mut is_get) = (Vec::new(), false);
    while let Some(word) = words.next() {
        let (option, attached) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => {
                (option.to_owned(), Some(value.to_owned()))
            }
            _ => (word.clone(), None),
        };
        let mut value = || attached.clone().or_else(|| words.next()).unwrap_or_default();
        match option.as_str() {
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json" => {
                data.push(value());
            }
            "--data-urlencode" => {
                let pair = value();
                let encoded =
                    pair.split_once('=').map(|(key, one)| format!("{key}={}", encode(one)));
                data.push(encoded.unwrap_or(pair));
            }
            "-G" | "--get" => is_get = true,
            "--url" => url = Some(value()),
            "-X" | "--request" | "-H" | "--header" | "-o" | "--output" | "-A" | "--user-agent"
            | "-u" | "--user" | "-x" | "--proxy" | "-m" | "--max-time" | "-w" | "-e" => {
                value();
            }
            option if option.starts_with('-') => {}
            _ => url = url.or(Some(word)),
        }
    }
    let mut url =
        url.ok_or_else(|| PasteError::new("no_address", "the command names no address"))?;
    if is_get && !data.is_empty() {
        let separator = if url.contains('?') { '&' } else { '?' };
        url.push(separator);
        url.push_str(&data.join("&"));
        return Ok(Some(Command { url, body: None }));
    }
    let body = data.join("&");
    if body.starts_with('@') {
        return Err(PasteError::new("body_in_file", body));
    }
    Ok(Some(Command { url, body: Some(body).filter(|body| !body.is_empty()) }))
}

/// Words as a shell splits them: quotes, backslashes, lines that go on.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars().peekable();
    let mut quote = None;
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), close) if open == close => quote = None,
            (None | Some('"'), '\\' | '^') if letter == '\\' || letters.peek() == Some(&'\n') => {
                match letters.next() {
                    Some('\n') | None => {}
                    Some('\r') => {
                        letters.next_if_eq(&'\n');
                    }
                    Some(kept) => word.get_or_insert_default().push(kept),
                }
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}
