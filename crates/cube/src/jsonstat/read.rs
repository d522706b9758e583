use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde_json::Value;

use super::cells::{Cells, take_statuses};
use super::dimension;
use super::members::{Members, count, malformed};
use super::scan::Scanner;
use crate::{Cube, CubeError, Dimension, MAX_CELLS, Object, Role, Statuses, Values, cells};

/// Far beyond any table, and few enough to compare each with each.
const MAX_DIMENSIONS: usize = 1000;

/// Reads the one dataset of a document: JSON-stat 2.0, or a 1.x bundle of one.
///
/// A document of class `dimension` becomes a cube of that one dimension, without
/// values and with the code `dimension`, as it has none of its own.
///
/// ```
/// let cube = cube::jsonstat::read(br#"{"class": "dataset", "id": ["Tid"], "size": [2],
///     "dimension": {"Tid": {"category": {"index": ["2024", "2025"]}}},
///     "value": [7, null], "status": {"1": ":"}}"#)?;
/// assert_eq!((cube.values().at(0), cube.values().at(1)), (Some(7.0), None));
/// assert_eq!(cube.statuses().at(1), Some(":"));
/// # Ok::<(), cube::CubeError>(())
/// ```
///
/// # Errors
///
/// [`CubeError::Syntax`] when it is not JSON, not JSON-stat, says `error`, or holds no dataset
/// or several; [`CubeError::Shape`] when its parts disagree; [`CubeError::TooLarge`].
pub fn read(document: &[u8]) -> Result<Cube, CubeError> {
    let mut all = read_all(document)?;
    match all.len() {
        1 => Ok(all.swap_remove(0).1),
        several => {
            let names: Vec<&str> = all
                .iter()
                .filter_map(|(name, cube)| name.as_deref().or(cube.label.as_deref()))
                .collect();
            let problem = format!("there are {several} datasets, not one: {}", names.join(", "));
            Err(CubeError::Syntax { format: super::FORMAT, place: "the document".into(), problem })
        }
    }
}

/// Reads every dataset of a document: one, those embedded in a collection (named by their
/// `href`), or those of a 1.x bundle (named by their member).
///
/// # Errors
///
/// As [`read`]; also when there is none.
pub fn read_all(document: &[u8]) -> Result<Vec<(Option<String>, Cube)>, CubeError> {
    let text = match std::str::from_utf8(document) {
        Ok(text) => text,
        Err(error) => return Err(broken_text(document, error.valid_up_to())),
    };
    let mut scanner = Scanner::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    if scanner.peek() != Some(b'{') {
        return Err(scanner.expected("an object"));
    }
    let draft = Draft::take(&mut scanner)?;
    if scanner.peek().is_some() {
        return Err(scanner.refuse("something follows after the end of the document"));
    }
    draft.finish()
}

fn broken_text(document: &[u8], at: usize) -> CubeError {
    let line = 1 + document[..at].iter().filter(|byte| **byte == b'\n').count();
    let problem = format!("byte {at} is not UTF-8");
    CubeError::Syntax { format: super::FORMAT, place: format!("line {line}"), problem }
}

/// An object of the document, while it is not known what it is.
struct Draft<'a> {
    scanner: Scanner<'a>,
    /// Where the members stand that are not read yet.
    spans: Vec<(Cow<'a, str>, Range<usize>)>,
    names: HashSet<Cow<'a, str>>,
    shape: Option<Shape>,
    cells: Option<Cells>,
    statuses: Option<Statuses>,
}

/// The dimensions and what stood beside them.
struct Shape {
    dimensions: Vec<Dimension>,
    cells: usize,
    /// Members of `dimension` that `id` does not list.
    other: Object,
    /// `role` of 1.x.
    role: Object,
}

impl<'a> Draft<'a> {
    fn take(scanner: &mut Scanner<'a>) -> Result<Draft<'a>, CubeError> {
        let mut draft = Draft {
            scanner: scanner.clone(),
            spans: Vec::new(),
            names: HashSet::new(),
            shape: None,
            cells: None,
            statuses: None,
        };
        scanner.object(|scanner, name| draft.member(scanner, name))?;
        Ok(draft)
    }

    fn member(&mut self, scanner: &mut Scanner<'a>, name: Cow<'a, str>) -> Result<(), CubeError> {
        if !self.names.insert(name.clone()) {
            return Err(scanner.refuse(format!("the member `{name}` occurs twice")));
        }
        scanner.peek();
        let start = scanner.here();
        // PxWeb writes the dimensions first, and then the cells need one pass only.
        match name.as_ref() {
            "value" if self.has_shape()? => self.take_cells(scanner)?,
            "status" if self.cells.is_some() => self.take_statuses(scanner)?,
            _ => {
                scanner.skip()?;
            }
        }
        self.spans.push((name, start..scanner.here()));
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        self.spans.iter().any(|(known, _)| known == name)
    }

    fn has_shape(&mut self) -> Result<bool, CubeError> {
        if self.shape.is_none() && self.has("id") && self.has("size") && self.has("dimension") {
            self.shape = Some(self.read_shape()?);
        }
        Ok(self.shape.is_some())
    }

    fn take_cells(&mut self, scanner: &mut Scanner<'a>) -> Result<(), CubeError> {
        let cells = self.shape.as_ref().map_or(0, |shape| shape.cells);
        self.cells = Some(Cells::take(scanner, cells)?);
        Ok(())
    }

    fn take_statuses(&mut self, scanner: &mut Scanner<'a>) -> Result<(), CubeError> {
        let Some(cells) = &mut self.cells else { return Ok(()) };
        let whole = self.shape.as_ref().map_or(0, |shape| shape.cells);
        if cells.is_empty_object && !says_nothing(scanner) {
            // Eurostat: no number at all, and for each cell the reason why.
            cells.fill_missing(whole, scanner.length())?;
        }
        let symbols = std::mem::take(&mut cells.symbols);
        self.statuses = Some(take_statuses(scanner, cells.values.len(), symbols)?);
        Ok(())
    }

    /// The value of a member, as a tree; `None` when there is no such member.
    fn tree(&mut self, name: &str) -> Result<Option<Value>, CubeError> {
        let Some(at) = self.spans.iter().position(|(known, _)| known == name) else {
            return Ok(None);
        };
        let (_, span) = self.spans.remove(at);
        self.parse(&span).map(Some)
    }

    fn parse(&self, span: &Range<usize>) -> Result<Value, CubeError> {
        let text = self.scanner.slice(span);
        serde_json::from_str(text).map_err(|error| {
            let line = text.split_inclusive('\n').take(error.line().saturating_sub(1));
            let before: usize = line.map(str::len).sum();
            let at = span.start + before + error.column().saturating_sub(1);
            let said = error.to_string();
            let problem = said.split(" at line ").next().unwrap_or(&said);
            self.scanner.from(at).refuse(problem)
        })
    }

    fn read_shape(&mut self) -> Result<Shape, CubeError> {
        let Some(Value::Object(mut members)) = self.tree("dimension")? else {
            return Err(malformed("dimension", "it is missing or not an object"));
        };
        let is_first_edition = !self.has("id");
        let mut list = |draft: &mut Draft<'a>, name: &'static str| match is_first_edition {
            true => Ok(members.shift_remove(name)),
            false => draft.tree(name),
        };
        let names = read_id(list(self, "id")?)?;
        let sizes = read_size(list(self, "size")?, names.len())?;
        let role = match is_first_edition {
            true => members.take_object("role"),
            false => Object::new(),
        };
        let cells = cells(sizes.iter().copied(), MAX_CELLS)?;
        let mut dimensions = Vec::with_capacity(names.len());
        for (name, size) in names.iter().zip(sizes) {
            let Some(member) = members.get_mut(name).map(Value::take) else {
                let problem = format!("`{name}` is listed in `id`, and not described");
                return Err(malformed("dimension", problem));
            };
            dimensions.push(dimension::read(name, member, Some(size))?);
        }
        members.retain(|name, _| !names.contains(name));
        Ok(Shape { dimensions, cells, other: members, role })
    }

    fn finish(mut self) -> Result<Vec<(Option<String>, Cube)>, CubeError> {
        if let Some(error) = self.tree("error")? {
            return Err(self.told(&error));
        }
        let class = match self.spans.iter().find(|(name, _)| name == "class") {
            Some((_, span)) => self.parse(span)?.as_str().map(str::to_owned),
            None => None,
        };
        match class.as_deref() {
            Some("collection") => self.collection(),
            Some("dimension") => Ok(vec![(None, self.dimension()?)]),
            Some("dataset") => Ok(vec![(None, self.dataset()?)]),
            Some(other) => Err(self.refuse("class", format!("there is no class `{other}`"))),
            None if self.shape.is_some() || self.has("dimension") => {
                Ok(vec![(None, self.dataset()?)])
            }
            None => self.bundle(),
        }
    }

    fn refuse(&self, member: &str, problem: impl Into<String>) -> CubeError {
        let place = format!("member `{member}`");
        CubeError::Syntax { format: super::FORMAT, place, problem: problem.into() }
    }

    /// What the publisher says went wrong, in its own words.
    fn told(&self, error: &Value) -> CubeError {
        let said = match error {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let short: String = said.chars().take(200).collect();
        self.refuse("error", format!("the publisher reports an error: {short}"))
    }

    fn dataset(mut self) -> Result<Cube, CubeError> {
        if self.shape.is_none() {
            self.shape = Some(self.read_shape()?);
        }
        for name in ["value", "status"] {
            let is_taken =
                if name == "value" { self.cells.is_some() } else { self.statuses.is_some() };
            let span =
                self.spans.iter().find(|(known, _)| known == name).map(|(_, span)| span.clone());
            let Some(span) = span.filter(|_| !is_taken) else { continue };
            let mut scanner = self.scanner.from(span.start);
            match name {
                "value" => self.take_cells(&mut scanner)?,
                _ => {
                    self.cells.get_or_insert_default();
                    self.take_statuses(&mut scanner)?;
                }
            }
        }
        self.spans.retain(|(name, _)| name != "value" && name != "status");
        let cells = self.cells.take().unwrap_or_default();
        let (values, statuses) = (cells.values, self.statuses.take().unwrap_or(cells.symbols));
        self.cube(values, statuses)
    }

    /// Joins what has been read with the members that are left.
    fn cube(mut self, values: Values, statuses: Statuses) -> Result<Cube, CubeError> {
        let Some(mut shape) = self.shape.take() else {
            return Err(malformed("dimension", "it is missing"));
        };
        let mut members = Object::new();
        for (name, span) in &self.spans {
            members.insert(name.clone().into_owned(), self.parse(span)?);
        }
        let role = members.take_object("role");
        let role = if role.is_empty() { shape.role } else { role };
        let left = give_roles(role, &mut shape.dimensions);
        for (name, left) in [("role", left), ("dimension", shape.other)] {
            if !left.is_empty() {
                members.insert(name.to_owned(), Value::Object(left));
            }
        }
        members.retain(|name, _| name != "version" && name != "class");
        let mut cube = Cube::new(shape.dimensions, values, statuses)?;
        cube.label = members.take_text("label");
        cube.source = members.take_text("source");
        cube.updated = members.take_text("updated");
        cube.href = members.take_text("href");
        cube.notes = members.take_texts("note");
        cube.link = members.take_object("link");
        cube.extension = members.take_object("extension");
        cube.other = members;
        Ok(cube)
    }

    fn dimension(mut self) -> Result<Cube, CubeError> {
        let mut members = Object::new();
        for (name, span) in &self.spans {
            members.insert(name.clone().into_owned(), self.parse(span)?);
        }
        members.retain(|name, _| name != "version" && name != "class");
        let (source, updated) = (members.take_text("source"), members.take_text("updated"));
        let href = members.take_text("href");
        let label = members.get("label").and_then(Value::as_str).map(str::to_owned);
        let dimension = dimension::read("dimension", Value::Object(members), None)?;
        self.spans.clear();
        let mut cube = Cube::new(vec![dimension], Values::default(), Statuses::none())?;
        (cube.label, cube.source, cube.updated, cube.href) = (label, source, updated, href);
        Ok(cube)
    }

    fn collection(self) -> Result<Vec<(Option<String>, Cube)>, CubeError> {
        let Some((_, link)) = self.spans.iter().find(|(name, _)| name == "link") else {
            return Err(self.refuse("link", "the collection has no items"));
        };
        let mut found = Vec::new();
        let mut links = 0;
        let mut item = |scanner: &mut Scanner<'a>| {
            if scanner.peek() != Some(b'{') {
                return scanner.skip().map(drop);
            }
            let mut draft = Draft::take(scanner)?;
            links += 1;
            if !["id", "size", "dimension"]
                .iter()
                .all(|name| draft.shape.is_some() || draft.has(name))
            {
                return Ok(());
            }
            let href =
                draft.spans.iter().find(|(name, _)| name == "href").map(|(_, span)| span.clone());
            let name = match href {
                Some(span) => draft.parse(&span)?.as_str().map(str::to_owned),
                None => None,
            };
            draft.spans.retain(|(name, _)| name != "type");
            found.push((name, draft.dataset()?));
            Ok(())
        };
        self.scanner.from(link.start).object(|scanner, relation| {
            match (relation.as_ref(), scanner.peek()) {
                ("item", Some(b'[')) => scanner.array(&mut item),
                _ => scanner.skip().map(drop),
            }
        })?;
        match found.is_empty() {
            false => Ok(found),
            true => Err(self.refuse(
                "link",
                format!("the collection only links to its items ({links}), it embeds no dataset"),
            )),
        }
    }

    fn bundle(self) -> Result<Vec<(Option<String>, Cube)>, CubeError> {
        if self.has("columns") && self.has("data") {
            return Err(self.refuse("columns", "this is PX-JSON, a list of rows"));
        }
        if self.has("variables") {
            return Err(self.refuse("variables", "this is the metadata of PxWebApi v0"));
        }
        if self.has("title") && (self.has("status") || self.has("type")) {
            let title = self.spans.iter().find(|(name, _)| name == "title");
            let title = title.map(|(_, span)| self.parse(span)).transpose()?;
            return Err(self.told(&title.unwrap_or_default()));
        }
        let mut found = Vec::new();
        for (name, span) in &self.spans {
            let mut scanner = self.scanner.from(span.start);
            if scanner.peek() != Some(b'{') {
                // Nothing else reads it, and what is not JSON is not JSON-stat.
                self.parse(span)?;
                continue;
            }
            let draft = Draft::take(&mut scanner)?;
            if draft.shape.is_some() || draft.has("dimension") {
                found.push((Some(name.clone().into_owned()), draft.dataset()?));
            }
        }
        match found.is_empty() {
            false => Ok(found),
            true => Err(self.refuse("class", "it is missing, and no member is a dataset")),
        }
    }
}

/// Whether a status is null, `{}`, `[]` or the empty text.
fn says_nothing(scanner: &Scanner<'_>) -> bool {
    let is_pair = |(open, close): &(u8, u8)| {
        let mut look = scanner.clone();
        look.take(*open) && look.take(*close)
    };
    scanner.clone().peek() == Some(b'n')
        || [(b'{', b'}'), (b'[', b']'), (b'"', b'"')].iter().any(is_pair)
}

fn read_id(id: Option<Value>) -> Result<Vec<String>, CubeError> {
    let Some(Value::Array(names)) = id else {
        return Err(malformed("id", "it is missing or not an array"));
    };
    if names.len() > MAX_DIMENSIONS {
        let problem = format!("it has {} dimensions, more than {MAX_DIMENSIONS}", names.len());
        return Err(malformed("id", problem));
    }
    names
        .into_iter()
        .map(|name| match name {
            Value::String(name) => Ok(name),
            other => Err(malformed("id", format!("`{other}` is not the name of a dimension"))),
        })
        .collect()
}

fn read_size(size: Option<Value>, dimensions: usize) -> Result<Vec<usize>, CubeError> {
    let Some(Value::Array(sizes)) = size else {
        return Err(malformed("size", "it is missing or not an array"));
    };
    if sizes.len() != dimensions {
        let problem = format!("it has {} numbers for {dimensions} dimensions", sizes.len());
        return Err(malformed("size", problem));
    }
    sizes
        .iter()
        .map(|size| {
            count(size)
                .ok_or_else(|| malformed("size", format!("`{size}` is not a number of categories")))
        })
        .collect()
}

/// Gives dimensions their roles, and gives back what names no dimension or no known role.
fn give_roles(roles: Object, dimensions: &mut [Dimension]) -> Object {
    let mut left = Object::new();
    for (name, list) in roles {
        let (Some(role), Value::Array(listed)) = (role(&name), &list) else {
            left.insert(name, list);
            continue;
        };
        let without = |code: &Value| {
            let found = dimensions.iter_mut().find(|one| code.as_str() == Some(&one.code));
            let Some(dimension) = found.filter(|one| one.role.is_none_or(|known| known == role))
            else {
                return true;
            };
            dimension.role = Some(role);
            false
        };
        let mut rest = listed.clone();
        rest.retain(without);
        if !rest.is_empty() || listed.is_empty() {
            left.insert(name, Value::Array(rest));
        }
    }
    left
}

fn role(name: &str) -> Option<Role> {
    match name {
        "time" => Some(Role::Time),
        "geo" => Some(Role::Geo),
        "metric" => Some(Role::Metric),
        "classification" => Some(Role::Classification),
        _ => None,
    }
}
