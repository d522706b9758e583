//! The grammar: lines of `KEYWORD[language]("key",…)=values;`, up to `DATA=`.

use encoding_rs::Encoding;

use crate::CubeError;

/// One line of the file, quoted pieces joined.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    /// In upper case.
    pub keyword: String,
    /// As in `VALUES[en]`.
    pub language: Option<String>,
    /// As in `VALUES("region")`.
    pub keys: Vec<String>,
    pub tokens: Vec<Token>,
    /// Line of the file, from 1.
    pub line: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// In quotes; adjacent ones are joined.
    Text(String),
    /// `YES`, `12`, `TLIST`, `-`.
    Word(String),
    /// One of `,`, `:`, `(`, `)`.
    Mark(char),
}

impl Statement {
    /// The values between commas. `None` when they are more than texts and words.
    pub fn list(&self) -> Option<Vec<String>> {
        let mut list = Vec::new();
        let mut wants_value = true;
        for token in &self.tokens {
            match (token, wants_value) {
                (Token::Text(text) | Token::Word(text), true) => list.push(text.clone()),
                (Token::Mark(','), false) => {}
                _ => return None,
            }
            wants_value = !wants_value;
        }
        (!wants_value || list.is_empty()).then_some(list)
    }

    /// The only value, if there is one.
    pub fn single(&self) -> Option<&str> {
        match self.tokens.as_slice() {
            [Token::Text(text) | Token::Word(text)] => Some(text),
            _ => None,
        }
    }

    /// `keyword VALUES("region"), line 17`.
    pub fn place(&self) -> String {
        let language = self.language.as_ref().map(|one| format!("[{one}]")).unwrap_or_default();
        let keys = match self.keys.as_slice() {
            [] => String::new(),
            keys => format!("(\"{}\")", keys.join("\",\"")),
        };
        format!("keyword {}{language}{keys}, line {}", self.keyword, self.line)
    }

    pub fn fault(&self, problem: impl Into<String>) -> CubeError {
        super::fault(self.place(), problem)
    }
}

/// Whether this can stand in `VALUES[en]`: few letters and digits, as in `en-GB`.
pub(super) fn is_language(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=16).contains(&text.len()) && text.bytes().all(is_part)
}

/// Whether this, kept as it is spelled, makes one line that can be read.
pub(super) fn is_line(keyword: &str, value: &str) -> bool {
    let file = format!("{keyword}={value};DATA=");
    let read = Scanner::new(file.as_bytes(), encoding_rs::UTF_8).scan();
    read.is_ok_and(|(lines, data)| {
        data == file.len()
            && matches!(lines.as_slice(), [line] if line.keyword.eq_ignore_ascii_case(keyword))
    })
}

/// Reads lines one after the other.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where `line` was counted to.
    counted: usize,
    line: usize,
    encoding: &'static Encoding,
}

impl<'a> Scanner<'a> {
    pub fn new(bytes: &'a [u8], encoding: &'static Encoding) -> Scanner<'a> {
        Scanner { bytes, at: 0, counted: 0, line: 1, encoding }
    }

    /// All lines before `DATA=`, and where its numbers begin.
    pub fn scan(mut self) -> Result<(Vec<Statement>, usize), CubeError> {
        let mut statements = Vec::new();
        loop {
            self.skip_blanks();
            if self.at >= self.bytes.len() {
                let problem = "the file ends before `DATA=`; it may be cut";
                return Err(super::fault(format!("line {}", self.line()), problem));
            }
            let line = self.line();
            let keyword = self.keyword()?;
            if keyword == "DATA" && self.peek() == Some(b'=') {
                return Ok((statements, self.at + 1));
            }
            let statement = self.rest_of_statement(keyword, line)?;
            if statement.keyword == "DATA" {
                return Err(statement.fault("the numbers are of no language and no variable"));
            }
            statements.push(statement);
        }
    }

    fn keyword(&mut self) -> Result<String, CubeError> {
        let begin = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            self.at += 1;
        }
        if begin == self.at {
            let problem = format!("a stray {} where a keyword should stand", self.here());
            return Err(super::fault(format!("line {}", self.line()), problem));
        }
        let keyword = String::from_utf8_lossy(&self.bytes[begin..self.at]).to_ascii_uppercase();
        self.skip_blanks();
        match self.peek() {
            Some(b'[' | b'(' | b'=') => Ok(keyword),
            _ => {
                let problem = format!("{} follows the keyword, not `=`", self.here());
                Err(super::fault(format!("keyword {keyword}, line {}", self.line()), problem))
            }
        }
    }

    fn rest_of_statement(&mut self, keyword: String, line: usize) -> Result<Statement, CubeError> {
        let mut statement =
            Statement { keyword, language: None, keys: Vec::new(), tokens: Vec::new(), line };
        if self.peek() == Some(b'[') {
            statement.language = Some(self.language(&statement)?);
        }
        if self.peek() == Some(b'(') {
            self.at += 1;
            statement.keys = self.keys(&statement)?;
        }
        if self.peek() != Some(b'=') {
            return Err(statement.fault(format!("{} stands where `=` should", self.here())));
        }
        self.at += 1;
        statement.tokens = self.tokens(&statement)?;
        Ok(statement)
    }

    fn language(&mut self, statement: &Statement) -> Result<String, CubeError> {
        let begin = self.at + 1;
        let length = self.bytes[begin..].iter().take(32).position(|byte| *byte == b']');
        let length = length.ok_or_else(|| statement.fault("a `[` without its `]`"))?;
        self.at = begin + length + 1;
        self.skip_blanks();
        let language = String::from_utf8_lossy(&self.bytes[begin..begin + length]);
        let language = language.trim().trim_matches('"');
        match is_language(language) {
            true => Ok(language.to_owned()),
            false => Err(statement.fault("what stands in `[` and `]` is not a language")),
        }
    }

    fn keys(&mut self, statement: &Statement) -> Result<Vec<String>, CubeError> {
        let mut keys = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'"') => keys.push(self.text(statement)?),
                Some(b',') => self.at += 1,
                Some(b')') => {
                    self.at += 1;
                    self.skip_blanks();
                    return Ok(keys);
                }
                Some(b'=' | b';' | b'(') | None => {
                    return Err(statement.fault("a `(` without its `)`"));
                }
                Some(_) => keys.push(self.word(statement)?),
            }
        }
    }

    fn tokens(&mut self, statement: &Statement) -> Result<Vec<Token>, CubeError> {
        let mut tokens = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                None => {
                    return Err(statement.fault("no `;` before the end of the file; it may be cut"));
                }
                Some(b';') => {
                    self.at += 1;
                    return Ok(tokens);
                }
                Some(b'"') => tokens.push(Token::Text(self.text(statement)?)),
                Some(b'=') => return Err(statement.fault("the `;` at its end is missing")),
                Some(mark @ (b',' | b':' | b'(' | b')')) => {
                    self.at += 1;
                    tokens.push(Token::Mark(char::from(mark)));
                }
                Some(_) => tokens.push(Token::Word(self.word(statement)?)),
            }
        }
    }

    /// Quoted pieces, joined without anything between.
    fn text(&mut self, statement: &Statement) -> Result<String, CubeError> {
        let mut joined: Vec<u8> = Vec::new();
        let mut is_one = true;
        let mut piece: &[u8] = &[];
        while self.peek() == Some(b'"') {
            let line = self.line();
            let begin = self.at + 1;
            let length = self.bytes[begin..].iter().position(|byte| *byte == b'"');
            let Some(length) = length else {
                let problem =
                    format!("the text that begins in line {line} has no end; the file may be cut");
                return Err(statement.fault(problem));
            };
            if !piece.is_empty() {
                joined.extend_from_slice(piece);
                is_one = false;
            }
            piece = &self.bytes[begin..begin + length];
            self.at = begin + length + 1;
            self.skip_blanks();
        }
        if is_one {
            return self.decode(piece, statement);
        }
        joined.extend_from_slice(piece);
        self.decode(&joined, statement)
    }

    fn word(&mut self, statement: &Statement) -> Result<String, CubeError> {
        let begin = self.at;
        let is_part =
            |byte: u8| !byte.is_ascii_whitespace() && !b"\",;:()=".contains(&byte) && byte != 0;
        while self.peek().is_some_and(is_part) {
            self.at += 1;
        }
        if begin == self.at {
            return Err(statement.fault(format!("a stray {}", self.here())));
        }
        self.decode(&self.bytes[begin..self.at], statement)
    }

    fn decode(&self, bytes: &[u8], statement: &Statement) -> Result<String, CubeError> {
        let text = match bytes.is_ascii() {
            true => String::from_utf8_lossy(bytes),
            false => self
                .encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .ok_or_else(|| {
                    let name = self.encoding.name();
                    statement.fault(format!("the text is not {name}, as the file says it is"))
                })?,
        };
        Ok(match text.contains("\r\n") {
            // All of `\r\r\n`: else what is written of it would be read as another text.
            true => text
                .split('\n')
                .map(|line| line.trim_end_matches('\r'))
                .collect::<Vec<_>>()
                .join("\n"),
            false => text.into_owned(),
        })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        // Byte 26 ended files in DOS.
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace() || byte == 0x1a) {
            self.at += 1;
        }
    }

    /// The line of the next byte; counts only what was not counted before.
    fn line(&mut self) -> usize {
        let newly = &self.bytes[self.counted..self.at];
        self.line += newly.iter().filter(|byte| **byte == b'\n').count();
        self.counted = self.at;
        self.line
    }

    /// What stands here, to be shown.
    fn here(&self) -> String {
        match self.bytes.get(self.at..) {
            None | Some([]) => "end of the file".to_owned(),
            Some(rest) => {
                let shown: String = String::from_utf8_lossy(&rest[..rest.len().min(24)])
                    .chars()
                    .take(12)
                    .take_while(|letter| !letter.is_control())
                    .collect();
                format!("`{shown}`")
            }
        }
    }
}
