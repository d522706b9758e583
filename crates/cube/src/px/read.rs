//! From lines to a cube.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::names::{About, Names, Variable, one};
use super::numbers::{Data, Key, Symbols};
use super::page::rank;
use super::statement::{Scanner, Statement, Token};
use super::symbols::NORWAY;
use super::{codepage, contents, kept, notes, time, vocabulary};
use crate::{Cube, CubeError, Dimension, MAX_CELLS, Object, Role, Statuses, Values};

/// Reads a PX file in its main language.
///
/// # Errors
///
/// [`CubeError::Syntax`] with the keyword and the line, also when the file is cut, when its
/// `CODEPAGE` is unknown or untrue, and when the count of numbers is not the product of the
/// sizes; [`CubeError::TooLarge`] before anything is allocated; [`CubeError::UnknownCode`]
/// when a row of a file with `KEYS` names a value that there is not; [`CubeError::Shape`] when
/// codes repeat.
pub fn read(bytes: &[u8]) -> Result<Cube, CubeError> {
    File::scan(bytes)?.cube()
}

/// Reads a PX file in one of its languages, `en`; the others become translations.
///
/// # Errors
///
/// As [`read`], and [`CubeError::Syntax`] when the file does not have the language.
pub fn read_in(bytes: &[u8], language: &str) -> Result<Cube, CubeError> {
    let mut file = File::scan(bytes)?;
    file.speak(language)?;
    file.cube()
}

/// A file whose lines are read and whose numbers are not.
struct File<'a> {
    bytes: &'a [u8],
    /// Where the numbers begin.
    data: usize,
    encoding: &'static encoding_rs::Encoding,
    language: Option<String>,
    /// Without those of other languages.
    lines: Vec<Statement>,
    /// In the order of the file.
    others: Vec<(String, Vec<Statement>)>,
}

impl<'a> File<'a> {
    fn scan(bytes: &'a [u8]) -> Result<File<'a>, CubeError> {
        let (encoding, bytes) = codepage::of(bytes)?;
        let (statements, data) = Scanner::new(bytes, encoding).scan()?;
        let language = one(&statements, "LANGUAGE", &[]).and_then(Statement::single);
        let language = language.map(str::to_owned);
        let mut lines = Vec::new();
        let mut others: Vec<(String, Vec<Statement>)> = Vec::new();
        for mut statement in statements {
            match statement.language.take() {
                None => lines.push(statement),
                Some(own) if language.as_deref() == Some(own.as_str()) => lines.push(statement),
                Some(other) => match others.iter_mut().find(|(known, _)| *known == other) {
                    Some((_, list)) => list.push(statement),
                    None => others.push((other, vec![statement])),
                },
            }
        }
        Ok(File { bytes, data, encoding, language, lines, others })
    }

    /// Makes another language the main one.
    fn speak(&mut self, wanted: &str) -> Result<(), CubeError> {
        if self.language.as_deref() == Some(wanted) {
            return Ok(());
        }
        let Some(at) = self.others.iter().position(|(language, _)| language == wanted) else {
            let own = self.language.iter().chain(self.others.iter().map(|(other, _)| other));
            let all: Vec<&str> = own.map(String::as_str).collect();
            let problem = format!("no language `{wanted}`; the file has {}", all.join(", "));
            return Err(super::fault("keyword LANGUAGES", problem));
        };
        let main = Names::main(&self.lines)?;
        let (_, mut theirs) = self.others.remove(at);
        let names = main.translated(&theirs);
        let mut ours = Vec::new();
        for line in &mut self.lines {
            let about = main.about(line);
            let same = theirs
                .iter()
                .position(|one| one.keyword == line.keyword && names.about(one) == about);
            let renamed = Statement { keys: names.keys(&about), ..line.clone() };
            match same {
                Some(at) => ours.push(std::mem::replace(line, theirs.remove(at))),
                None => *line = in_language(renamed, &main, &names),
            }
        }
        self.lines.append(&mut theirs);
        if let Some(language) = self.language.replace(wanted.to_owned()) {
            self.others.insert(0, (language, ours));
        }
        Ok(())
    }

    fn cube(mut self) -> Result<Cube, CubeError> {
        let names = Names::main(&self.lines)?;
        let cells = crate::cells(names.sizes(), MAX_CELLS)?;
        let (values, mut statuses) = self.numbers(&names, cells)?;
        let translations = self.translations(&names);
        let symbols = self.symbols();
        let mut lines = Lines { names: &names, left: std::mem::take(&mut self.lines) };
        notes::on_cells(&mut lines, &values, &mut statuses);
        let dimensions = (0..names.variables.len())
            .map(|at| dimension(&mut lines, at))
            .collect::<Result<Vec<Dimension>, CubeError>>()?;
        let mut cube = Cube::new(dimensions, values, statuses)?;
        table(&mut lines, &mut cube, self.language);
        if let Some(at) = names.contents {
            contents::describe(&mut lines, &mut cube, at);
        }
        contents::contacts(&mut lines, &mut cube);
        contents::updated(&mut lines, &mut cube);
        for keyword in DROPPED {
            lines.take(keyword, |_| true);
        }
        let left = kept::lines(&lines.left, &names);
        let px = cube.extension.entry("px").or_insert_with(|| json!({}));
        if let Some(px) = px.as_object_mut() {
            if symbols.0 != NORWAY {
                let of = |(keyword, text): (&&str, &String)| ((*keyword).to_owned(), json!(text));
                let all: Object = vocabulary::SYMBOLS.iter().zip(&symbols.0).map(of).collect();
                px.insert("symbols".to_owned(), Value::Object(all));
            }
            if !left.is_empty() {
                px.insert("lines".to_owned(), Value::Array(left));
            }
            if !translations.is_empty() {
                px.insert("translations".to_owned(), Value::Object(translations));
            }
        }
        Ok(cube)
    }

    fn translations(&self, names: &Names) -> Object {
        self.others
            .iter()
            .map(|(language, statements)| {
                let theirs = names.translated(statements);
                (language.clone(), kept::translation(statements, &theirs))
            })
            .collect()
    }

    fn numbers(&self, names: &Names, cells: usize) -> Result<(Values, Statuses), CubeError> {
        let symbols = self.symbols();
        let data = Data { file: self.bytes, begin: self.data };
        let Some(keys) = self.keys(names)? else {
            return data.matrix(cells, &symbols);
        };
        let width = names.variables[keys.len()..].iter().map(|one| one.codes.len()).product();
        let decode = |bytes: &[u8]| self.encoding.decode_without_bom_handling(bytes).0.into_owned();
        data.keyed(&keys, width, &symbols, &decode)
    }

    fn symbols(&self) -> Symbols {
        let mut symbols = Symbols::default();
        for (position, keyword) in vocabulary::SYMBOLS.iter().enumerate() {
            if let Some(text) = one(&self.lines, keyword, &[]).and_then(Statement::single) {
                symbols.0[position] = text.to_owned();
            }
        }
        symbols
    }

    /// What begins each row, where the file has `KEYS`.
    fn keys<'n>(&self, names: &'n Names) -> Result<Option<Vec<Key<'n>>>, CubeError> {
        let Some(first) = self.lines.iter().find(|line| line.keyword == "KEYS") else {
            return Ok(None);
        };
        let stub = one(&self.lines, "STUB", &[]).and_then(Statement::list).unwrap_or_default();
        let stub = stub.iter().filter(|name| !name.is_empty()).count();
        let mut keys = Vec::new();
        for variable in &names.variables[..stub] {
            let line = one(&self.lines, "KEYS", &[&variable.name]);
            let line = line.ok_or_else(|| {
                first.fault(format!("the variable `{}` of the stub has no `KEYS`", variable.name))
            })?;
            let list = match line.single().map(str::to_ascii_uppercase).as_deref() {
                Some("CODES") => &variable.codes,
                Some("VALUES") => &variable.texts,
                _ => return Err(line.fault("neither `CODES` nor `VALUES`")),
            };
            let mut positions = HashMap::with_capacity(list.len());
            for (position, key) in list.iter().enumerate() {
                if positions.insert(key.as_str(), position).is_some() {
                    let problem = format!("two values are `{key}`, so no row can name either");
                    return Err(line.fault(problem));
                }
            }
            keys.push(Key { dimension: &variable.code, positions, size: list.len() });
        }
        Ok(Some(keys))
    }
}

/// Lines that say how the file is written, not what is in it.
const DROPPED: [&str; 21] = [
    "CHARSET",
    "AXIS-VERSION",
    "CODEPAGE",
    "LANGUAGE",
    "LANGUAGES",
    "STUB",
    "HEADING",
    "CONTVARIABLE",
    "VARIABLECODE",
    "VALUES",
    "CODES",
    "KEYS",
    "TITLE",
    "DATASYMBOLNIL",
    "DATASYMBOL1",
    "DATASYMBOL2",
    "DATASYMBOL3",
    "DATASYMBOL4",
    "DATASYMBOL5",
    "DATASYMBOL6",
    "DATASYMBOLSUM",
];

/// A line of one language as it would stand in another; only `ELIMINATION` has a value's text.
fn in_language(mut line: Statement, from: &Names, to: &Names) -> Statement {
    if line.keyword == "ELIMINATION"
        && let [key] = line.keys.as_slice()
        && let Some(at) = to.variable(key)
        && let Some(position) = line.single().and_then(|text| from.variables[at].position(text))
    {
        line.tokens = vec![Token::Text(to.variables[at].key(position).to_owned())];
    }
    line
}

/// The lines of the main language that nothing has understood yet.
pub(super) struct Lines<'a> {
    pub names: &'a Names,
    pub left: Vec<Statement>,
}

impl Lines<'_> {
    /// Takes the lines of a keyword that are about something.
    pub fn take(&mut self, keyword: &str, about: impl Fn(&About) -> bool) -> Vec<Statement> {
        let names = self.names;
        self.left
            .extract_if(.., |line| line.keyword == keyword && about(&names.about(line)))
            .collect()
    }

    /// Takes the one text about the table, or about a variable.
    pub fn text(&mut self, keyword: &str, about: &About) -> Option<String> {
        let names = self.names;
        let is_it = |line: &Statement| {
            line.keyword == keyword && line.single().is_some() && names.about(line) == *about
        };
        let at = self.left.iter().position(is_it)?;
        self.left.remove(at).single().map(str::to_owned)
    }

    /// Whether there is such a line about something.
    pub fn has(&self, keyword: &str, about: &About) -> bool {
        self.left.iter().any(|line| line.keyword == keyword && self.names.about(line) == *about)
    }

    /// Puts back what could not be understood.
    pub fn keep(&mut self, keyword: &str, about: &About, text: &str) {
        let is_word =
            matches!(text, "YES" | "NO") || text.bytes().all(|byte| byte.is_ascii_digit());
        let token = if is_word { Token::Word } else { Token::Text };
        self.left.push(Statement {
            keyword: keyword.to_owned(),
            language: None,
            keys: self.names.keys(about),
            tokens: vec![token(text.to_owned())],
            line: 0,
        });
    }
}

fn dimension(lines: &mut Lines<'_>, at: usize) -> Result<Dimension, CubeError> {
    let names = lines.names;
    let variable = &names.variables[at];
    let about = About::Variable(at);
    let has_codes = lines.has("CODES", &about);
    let labels = match has_codes {
        true => variable.texts.iter().cloned().map(Some).collect(),
        false => Vec::new(),
    };
    let mut dimension = Dimension::new(&variable.code, variable.codes.clone(), labels)?;
    if lines.has("VARIABLECODE", &about) {
        dimension.label = Some(label(variable, names).to_owned());
    }
    dimension.role = role(lines, at, &dimension);
    eliminate(lines, at, &mut dimension);
    let show = lines.text("PRESTEXT", &about);
    let known = |(code, _): &&(&str, &str)| show.as_deref() == Some(*code);
    let shown = vocabulary::SHOW.iter().find(known).map_or("value", |(_, shown)| *shown);
    dimension.extension.insert("show".to_owned(), json!(shown));
    notes::on_dimension(lines, at, &mut dimension);
    describe(lines, at, &mut dimension);
    children(lines, at, &mut dimension);
    Ok(dimension)
}

/// The variable's name; `region (Til)` is what the writer makes of a second `region`.
fn label<'n>(variable: &'n Variable, names: &Names) -> &'n str {
    let short = variable.name.strip_suffix(')').and_then(|name| {
        let (name, code) = name.rsplit_once(" (")?;
        (code == variable.code && names.variable(name).is_some()).then_some(name)
    });
    short.unwrap_or(&variable.name)
}

fn role(lines: &mut Lines<'_>, at: usize, dimension: &Dimension) -> Option<Role> {
    let about = About::Variable(at);
    let kind = lines.text("VARIABLE-TYPE", &about);
    let time = lines
        .left
        .iter()
        .position(|line| line.keyword == "TIMEVAL" && lines.names.about(line) == about);
    if let Some(position) = time {
        let stated = time::stated_scale(&lines.left[position]);
        if stated.is_some() && stated == time::scale(dimension.codes()) {
            lines.left.remove(position);
        }
    }
    let role = match kind.as_deref() {
        _ if lines.names.contents == Some(at) => Some(Role::Metric),
        _ if time.is_some() => Some(Role::Time),
        Some("T") => Some(Role::Time),
        Some("G") => Some(Role::Geo),
        _ if lines.has("MAP", &about) => Some(Role::Geo),
        _ => None,
    };
    let is_said = matches!(
        (role, kind.as_deref()),
        (_, None) | (Some(Role::Time), Some("T")) | (Some(Role::Geo), Some("G"))
    );
    if let (false, Some(kind)) = (is_said, kind) {
        lines.keep("VARIABLE-TYPE", &about, &kind);
    }
    role
}

fn eliminate(lines: &mut Lines<'_>, at: usize, dimension: &mut Dimension) {
    let about = About::Variable(at);
    let variable = &lines.names.variables[at];
    let total = lines.text("ELIMINATION", &about);
    let position = total.as_deref().and_then(|text| variable.position(text));
    let allowed = match (total.as_deref(), position) {
        (None, _) => false,
        (Some(_), Some(_)) => true,
        (Some(word), None) => word.eq_ignore_ascii_case("YES"),
    };
    dimension.extension.insert("elimination".to_owned(), json!(allowed));
    match (position, total) {
        (Some(position), _) => {
            let code = json!(variable.codes[position]);
            dimension.extension.insert("eliminationValueCode".to_owned(), code);
        }
        (None, Some(text)) if !allowed && !text.eq_ignore_ascii_case("NO") => {
            lines.keep("ELIMINATION", &about, &text);
        }
        _ => {}
    }
}

/// `META-ID` as PxWeb gives it: a relation that describes the variable or a value.
fn describe(lines: &mut Lines<'_>, at: usize, dimension: &mut Dimension) {
    let mut described = Vec::new();
    let is_of = |about: &About| match about {
        About::Variable(one) | About::Value(one, _) => *one == at,
        _ => false,
    };
    let mut references = lines.take("META-ID", is_of);
    references.sort_by_cached_key(|line| rank("META-ID", &lines.names.about(line)));
    for line in references {
        let variable = &lines.names.variables[at];
        let code = match lines.names.about(&line) {
            About::Value(_, position) => &variable.codes[position],
            _ => &variable.code,
        };
        match line.single() {
            Some(text) if text.starts_with("urn:") && !text.contains(' ') => {
                let extension: Object =
                    [(code.clone(), json!(text.replace(',', " ")))].into_iter().collect();
                described.push(json!({ "extension": extension }));
            }
            _ => lines.left.push(line),
        }
    }
    if !described.is_empty() {
        dimension.link.insert("describedby".to_owned(), Value::Array(described));
    }
}

/// `HIERARCHIES` where all it names are values; else it stays a line.
fn children(lines: &mut Lines<'_>, at: usize, dimension: &mut Dimension) {
    let names = lines.names;
    let variable = &names.variables[at];
    for line in lines.take("HIERARCHIES", |about| *about == About::Variable(at)) {
        let mut pairs = Vec::new();
        let mut is_known = true;
        for item in line.tokens.split(|token| *token == Token::Mark(',')) {
            match item {
                [Token::Text(one)] => is_known &= variable.position(one).is_some(),
                [Token::Text(parent), Token::Mark(':'), Token::Text(child)] => {
                    match (variable.position(parent), variable.position(child)) {
                        (Some(parent), Some(child)) => pairs.push((parent, child)),
                        _ => is_known = false,
                    }
                }
                _ => is_known = false,
            }
        }
        if !is_known || pairs.is_empty() {
            lines.left.push(line);
            continue;
        }
        for (parent, child) in pairs {
            let parts = dimension.children.entry(variable.codes[parent].clone()).or_default();
            parts.push(variable.codes[child].clone());
        }
    }
}

/// What is said about the table as a whole.
fn table(lines: &mut Lines<'_>, cube: &mut Cube, language: Option<String>) {
    // What must be there and is not known is written as an empty text.
    let stated = |text: &String| !text.is_empty();
    cube.label = lines.text("TITLE", &About::Table).filter(stated);
    cube.source = lines.text("SOURCE", &About::Table);
    let mut px = Object::new();
    for (keyword, member) in vocabulary::TEXTS {
        if let Some(text) = lines.text(keyword, &About::Table).filter(stated) {
            px.insert(member.to_owned(), json!(text));
        }
    }
    for (keyword, member) in vocabulary::SWITCHES {
        let is_known = |line: &str| matches!(line.to_ascii_uppercase().as_str(), "YES" | "NO");
        match lines.text(keyword, &About::Table) {
            Some(text) if is_known(&text) => {
                px.insert(member.to_owned(), json!(text.eq_ignore_ascii_case("YES")));
            }
            Some(text) => lines.keep(keyword, &About::Table, &text),
            None if keyword == "AGGREGALLOWED" => {
                px.insert(member.to_owned(), json!(true));
            }
            None => {}
        }
    }
    if let Some(language) = language {
        px.insert("language".to_owned(), json!(language));
    }
    for (keyword, member) in [("HEADING", "heading"), ("STUB", "stub")] {
        let list = one(&lines.left, keyword, &[]).and_then(Statement::list).unwrap_or_default();
        let code =
            |name: &String| Some(lines.names.variables[lines.names.variable(name)?].code.clone());
        let codes: Vec<String> = list.iter().filter_map(code).collect();
        px.insert(member.to_owned(), json!(codes));
    }
    notes::on_table(lines, cube);
    decimals(lines, &mut px);
    cube.extension.insert("px".to_owned(), Value::Object(px));
}

/// Decimals shown, as PxWeb gives them; those stored stay a line where they are others.
fn decimals(lines: &mut Lines<'_>, px: &mut Object) {
    let stored = lines.text("DECIMALS", &About::Table);
    let shown = lines.text("SHOWDECIMALS", &About::Table);
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u8>().ok());
    if let Some(decimals) = number(&shown).or(number(&stored)) {
        px.insert("decimals".to_owned(), json!(decimals));
    }
    if let Some(stored) = stored
        && number(&shown).is_some_and(|shown| shown.to_string() != stored)
    {
        lines.keep("DECIMALS", &About::Table, &stored);
    }
}
