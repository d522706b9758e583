//! The lines of a file that is being written: gathered, ordered, broken and encoded.

use std::collections::HashSet;
use std::io::{self, Write};
use std::rc::Rc;

use encoding_rs::UTF_8;
use serde_json::Value;

use super::names::{About, Names};
use super::write::{CodePage, kept_line, kept_lines, px};
use super::{codepage, symbols, vocabulary};
use crate::Cube;

/// Characters that a line should not exceed.
const WIDTH: usize = 256;

/// What stands behind `=`.
pub(super) enum Body {
    /// Texts without their quotation marks.
    Texts(Vec<String>),
    /// Spelled as they are.
    Items(Vec<String>),
}

struct Line {
    rank: (usize, usize, usize, usize),
    /// `VALUES[en]("region")=`
    head: String,
    body: Body,
}

/// All lines but the numbers. A line that the cube has kept is not made a second time.
pub(super) struct Page<'a> {
    cube: &'a Cube,
    names: Rc<Names>,
    /// Empty for the main one.
    language: String,
    languages: usize,
    kept: HashSet<(String, About)>,
    lines: Vec<Line>,
}

impl<'a> Page<'a> {
    pub fn new(cube: &'a Cube, names: &Names) -> Page<'a> {
        let mut page = Page {
            cube,
            names: Rc::new(names.clone()),
            language: String::new(),
            languages: 0,
            kept: HashSet::new(),
            lines: Vec::new(),
        };
        page.text("CHARSET", &About::Table, "ANSI");
        page.text("AXIS-VERSION", &About::Table, "2010");
        page.keep(kept_lines(cube));
        page
    }

    pub fn names(&self) -> Rc<Names> {
        Rc::clone(&self.names)
    }

    /// Decimals shown unless a value has others.
    pub fn decimals(&self) -> u64 {
        px(self.cube).and_then(|px| px.get("decimals")).and_then(Value::as_u64).unwrap_or(0)
    }

    /// Whether a kept line of this language has the keyword.
    pub fn has(&self, keyword: &str) -> bool {
        self.kept.iter().any(|(kept, _)| kept == keyword)
    }

    /// The lines that follow are of another language.
    pub fn turn_to(&mut self, language: &str, names: &Names) {
        self.language = language.to_owned();
        self.languages += 1;
        self.names = Rc::new(names.clone());
        self.kept.clear();
    }

    pub fn keep<'l>(&mut self, lines: impl Iterator<Item = &'l Value>) {
        for line in lines {
            if let Some((keyword, about, body)) = kept_line(line, &self.names) {
                self.push(&keyword, &about, body);
                self.kept.insert((keyword, about));
            }
        }
    }

    /// Puts a text on the table in the place of a kept one.
    pub fn replace(&mut self, keyword: &str, text: &str) {
        let head = format!("{keyword}=");
        self.lines.retain(|line| line.head != head);
        self.push(keyword, &About::Table, Body::Texts(vec![text.to_owned()]));
    }

    pub fn text(&mut self, keyword: &str, about: &About, text: &str) {
        self.texts(keyword, about, vec![text.replace('"', "''")]);
    }

    pub fn texts(&mut self, keyword: &str, about: &About, texts: Vec<String>) {
        self.add(keyword, about, Body::Texts(texts));
    }

    pub fn word(&mut self, keyword: &str, about: &About, word: &str) {
        self.add(keyword, about, Body::Items(vec![word.to_owned()]));
    }

    pub fn add(&mut self, keyword: &str, about: &About, body: Body) {
        if !self.kept.contains(&(keyword.to_owned(), about.clone())) {
            self.push(keyword, about, body);
        }
    }

    fn push(&mut self, keyword: &str, about: &About, body: Body) {
        let mut head = keyword.to_owned();
        if !self.language.is_empty() {
            head.push_str(&format!("[{}]", self.language));
        }
        let keys = self.names.keys(about);
        if !keys.is_empty() {
            head.push_str(&format!("(\"{}\")", keys.join("\",\"")));
        }
        head.push('=');
        let (first, second, third) = rank(keyword, about);
        self.lines.push(Line { rank: (self.languages, first, second, third), head, body });
    }

    /// Writes all lines, in the narrower code page where it fits.
    pub fn write(mut self, code_page: CodePage, out: &mut impl Write) -> io::Result<()> {
        let fits = |text: &String| text.chars().all(is_latin1);
        let is_latin1 = code_page == CodePage::Fitting
            && self.lines.iter().all(|line| {
                let (Body::Texts(texts) | Body::Items(texts)) = &line.body;
                fits(&line.head) && texts.iter().all(fits)
            });
        self.language.clear();
        self.languages = 0;
        if is_latin1 {
            let byte = |letter: char| u8::try_from(u32::from(letter)).unwrap_or(b'?');
            let bytes: Vec<u8> = self.text_in("iso-8859-1").chars().map(byte).collect();
            // `Ã¥` in Latin-1 are the bytes of `å` in UTF-8, and would be read so.
            if !codepage::of(&bytes).is_ok_and(|(encoding, _)| encoding == UTF_8) {
                return out.write_all(&bytes);
            }
        }
        out.write_all(self.text_in("utf-8").as_bytes())
    }

    /// All lines, with the code page that they say they are in.
    fn text_in(&mut self, code_page: &str) -> String {
        self.lines.retain(|line| line.head != "CODEPAGE=");
        self.push("CODEPAGE", &About::Table, Body::Texts(vec![code_page.to_owned()]));
        self.lines.sort_by_key(|line| line.rank);
        let mut text = String::new();
        for line in &self.lines {
            broken(line, &mut text);
        }
        text
    }
}

/// Latin-1 without the control letters that Windows reads as others.
fn is_latin1(letter: char) -> bool {
    matches!(u32::from(letter), 0..=0x7f | 0xa0..=0xff)
}

/// Where a line stands among the others.
pub(super) fn rank(keyword: &str, about: &About) -> (usize, usize, usize) {
    let position = |keyword: &str| {
        let order = vocabulary::ORDER.iter().position(|known| *known == keyword);
        let last = vocabulary::LAST.iter().position(|known| *known == keyword);
        order
            .or_else(|| Some(vocabulary::ORDER.len() + 1 + last?))
            .unwrap_or(vocabulary::ORDER.len())
    };
    let keyword = match keyword {
        "NOTEX" => "NOTE",
        "VALUENOTEX" => "VALUENOTE",
        "CELLNOTEX" => "CELLNOTE",
        other => other,
    };
    match (keyword, about) {
        ("VARIABLECODE", About::Variable(at)) => (position("VARIABLECODE"), *at, 0),
        ("VALUES", About::Variable(at)) => (position("VARIABLECODE"), *at, 1),
        ("UNITS", About::Table) => (position("LAST-UPDATED"), 0, 0),
        (keyword, About::Contents(at)) => (position("LAST-UPDATED"), at + 1, position(keyword)),
        (keyword, About::Variable(at)) => (position(keyword), at + 1, 0),
        (keyword, About::Value(at, value)) => (position(keyword), at + 1, value + 1),
        (keyword, _) => (position(keyword), 0, symbols::order(keyword)),
    }
}

/// Writes a line, broken where it is long: a list behind a comma, a text anywhere.
fn broken(line: &Line, out: &mut String) {
    out.push_str(&line.head);
    let mut column = line.head.chars().count();
    let (Body::Texts(items) | Body::Items(items)) = &line.body;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
            column += 1;
        }
        let length = item.chars().count() + 2;
        if at > 0 && column + length + 1 > WIDTH {
            out.push('\n');
            column = 0;
        }
        match &line.body {
            Body::Items(_) => out.push_str(item),
            Body::Texts(_) if column + length < WIDTH => {
                out.push_str(&format!("\"{item}\""));
            }
            Body::Texts(_) => {
                column = pieces(item, column, out);
                continue;
            }
        }
        column += length;
    }
    out.push_str(";\n");
}

/// A text in as many quoted pieces as its length needs; gives the column after the last.
fn pieces(text: &str, mut column: usize, out: &mut String) -> usize {
    if column + 40 > WIDTH {
        out.push('\n');
        column = 0;
    }
    out.push('"');
    column += 1;
    for letter in text.chars() {
        if column + 2 > WIDTH {
            out.push_str("\"\n\"");
            column = 1;
        }
        out.push(letter);
        column += 1;
    }
    out.push('"');
    column + 1
}
