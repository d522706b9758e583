//! `grunnlag region rebase`: a CSV of figures from one year's map to another's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use csv::ByteRecord;
use jiff::civil::date;
use klass::RegionHistory;
use klass::history::{HistoryError, Level, Weights as Amounts};
use klass::rebase::{Conversion, ConversionError, Moved, Nature, Reading, Weights};

use super::cells::{Cells, MovedRow, Outcome, Row, reading, symbol};
use super::columns::{Columns, Problem, read, region_code, texts};
use crate::args::{NatureArgument, RebaseArguments};
use crate::commands::Session;
use crate::failure::Failure;

/// Reads, moves, writes, and says what became of every row.
pub fn run(session: &Session<'_>, typed: &RebaseArguments) -> Result<(), Failure> {
    let snapshot = session.origin().snapshot().map_err(|error| session.failure(&error))?;
    let (history, _) = ingest::regions::history(&snapshot, None)
        .map_err(|error| super::super::sync::failure(session, &error))?;
    let weights = typed.weights.as_deref().map(|file| own_weights(session, file)).transpose()?;
    let shown = typed.input.display().to_string();
    let columns = Columns::find(&typed.input, typed)
        .map_err(|problem| problem_words(session, &shown, problem))?;
    let mut table = Table::new(&history, weights, typed);
    table.take(session, &columns, &shown)?;
    let outcome = table.cells.moved(&table.conversions, table.nature(), typed.scale);
    if outcome.rows.is_empty() && table.own.is_empty() {
        return Err(table.nothing(session, &shown));
    }
    let text = table.written(&columns, &outcome);
    let is_screen = typed.target == Path::new("-");
    let output = session.output((!is_screen).then_some(&*typed.target));
    output.text(&text)?;
    session.note(&table.notes(session, &outcome));
    Ok(())
}

/// A sentence of ours with its places.
type Fault = (&'static str, Vec<(&'static str, String)>);

/// Everything that was read.
struct Table<'a> {
    history: &'a RegionHistory,
    weights: Option<Weights>,
    typed: &'a RebaseArguments,
    conversions: BTreeMap<i16, Conversion>,
    cells: Cells,
    /// Rows whose region is on the new map and not on that of their year: kept as they are.
    own: Vec<(String, ByteRecord)>,
    /// What is no region of its year's map, as its cell says it.
    left_over: BTreeMap<String, LeftOver>,
    total: f64,
    own_total: f64,
}

#[derive(Default)]
struct LeftOver {
    rows: usize,
    sum: f64,
}

impl<'a> Table<'a> {
    fn new(
        history: &'a RegionHistory,
        weights: Option<Weights>,
        typed: &'a RebaseArguments,
    ) -> Table<'a> {
        Table {
            history,
            weights,
            typed,
            conversions: BTreeMap::new(),
            cells: Cells::default(),
            own: Vec::new(),
            left_over: BTreeMap::new(),
            total: 0.0,
            own_total: 0.0,
        }
    }

    fn nature(&self) -> Nature {
        match self.typed.nature {
            NatureArgument::Count => Nature::Count,
            NatureArgument::Rate => Nature::Rate,
        }
    }

    /// Reads every row into its place.
    fn take(
        &mut self,
        session: &Session<'_>,
        columns: &Columns,
        file: &str,
    ) -> Result<(), Failure> {
        let told = |problem| problem_words(session, file, problem);
        let mut reader = columns.rows(&self.typed.input).map_err(told)?;
        let mut record = ByteRecord::new();
        while read(&mut reader, &mut record).map_err(told)? {
            let line = record.position().map_or(0, csv::Position::line);
            self.take_row(session, columns, &record).map_err(|(key, mut places)| {
                places.push(("file", file.to_owned()));
                places.push(("line", line.to_string()));
                said(session, key, &places)
            })?;
        }
        let Some(weights) = &self.weights else { return Ok(()) };
        let conversions = &self.conversions;
        let is_known = |code: &&str| conversions.values().any(|one| !one.of(code).is_empty());
        let code = weights.codes().find(|code| !is_known(code)).map(str::to_owned);
        match (code, self.conversions.keys().next()) {
            (Some(code), Some(year)) => {
                let error = ConversionError::UnknownCode { code, year: *year };
                Err(conversion_words(session, &error))
            }
            _ => Ok(()),
        }
    }

    fn take_row(
        &mut self,
        session: &Session<'_>,
        columns: &Columns,
        record: &ByteRecord,
    ) -> Result<(), Fault> {
        let fields = texts(record);
        let field = |at: usize| fields.get(at).map_or("", String::as_str);
        if fields.iter().all(String::is_empty) {
            return Ok(());
        }
        let number = |at: usize| {
            let text = field(at);
            let places =
                || vec![("column", columns.headings[at].clone()), ("text", text.to_owned())];
            reading(text, columns.separator).ok_or_else(|| ("region.no_number", places()))
        };
        let value = number(columns.value)?;
        let fraction = match columns.fraction {
            Some([over, under]) => Some([number(over)?, number(under)?]),
            None => None,
        };
        let year = match (self.typed.from, columns.year) {
            (Some(year), _) => year,
            (None, Some(at)) => year_of(field(at))
                .ok_or_else(|| ("region.no_year", vec![("text", field(at).to_owned())]))?,
            (None, None) => self.typed.to,
        };
        let counted = if let Reading::Number(number) = value { number } else { 0.0 };
        self.total += counted;
        let cell = field(columns.region).to_owned();
        let Some((code, _)) = region_code(&cell) else {
            self.leave(&cell, counted);
            return Ok(());
        };
        self.convert(session, year)?;
        let is_gap = matches!(value, Reading::Gap(_));
        if self.conversions[&year].of(code).is_empty() {
            if self.is_on_the_new_map(code) && !is_gap {
                self.own_total += counted;
                self.own.push((code.to_owned(), record.clone()));
            } else {
                self.leave(&cell, counted);
            }
            return Ok(());
        }
        let key: Vec<String> = columns.keys.iter().map(|at| field(*at).to_owned()).collect();
        let status = self.cells.status(columns.status.map_or("", field));
        let row = Row { value, fraction, status };
        if !self.cells.put(year, key, code, row) {
            return Err(("region.twice", vec![("region", cell)]));
        }
        Ok(())
    }

    fn leave(&mut self, cell: &str, counted: f64) {
        let held = self.left_over.entry(cell.to_owned()).or_default();
        held.rows += 1;
        held.sum += counted;
    }

    fn is_on_the_new_map(&self, code: &str) -> bool {
        let unit = self.history.unit_at(Level::Municipality, code, date(self.typed.to, 1, 1));
        unit.is_some()
    }

    /// Makes the conversion from a year's map, once.
    fn convert(&mut self, session: &Session<'_>, year: i16) -> Result<(), Fault> {
        if self.conversions.contains_key(&year) {
            return Ok(());
        }
        let amounts = self.weights.as_ref().map_or_else(Amounts::default, Weights::amounts);
        let maps = (year, self.typed.to);
        let conversion = self.history.conversion_by(Level::Municipality, maps, &amounts);
        let conversion = conversion
            .map_err(|error| ("region.fault", vec![("cause", history_words(session, &error))]))?;
        let conversion = match &self.weights {
            None => Ok(conversion),
            Some(weights) => weights.known_to(&conversion).apply(&conversion),
        };
        let conversion = conversion.map_err(|error| {
            ("region.fault", vec![("cause", conversion_sentence(session, &error))])
        })?;
        self.conversions.insert(year, conversion);
        Ok(())
    }

    /// The rows as CSV, in order of region and key.
    fn written(&self, columns: &Columns, outcome: &Outcome) -> String {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(columns.separator)
            .flexible(true)
            .from_writer(Vec::new());
        let mut write = |fields: &[String]| {
            // Writing to memory cannot fail.
            let _ = writer.write_record(fields);
        };
        let added = ["estimated", "modelled_share"].map(str::to_owned);
        write(&[columns.headings.clone(), added.to_vec()].concat());
        for row in &outcome.rows {
            write(&self.line(columns, row));
        }
        for (_, record) in &self.own {
            let untouched = ["false".to_owned(), "0".to_owned()];
            write(&[texts(record), untouched.to_vec()].concat());
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    fn line(&self, columns: &Columns, row: &MovedRow) -> Vec<String> {
        let on = date(self.typed.to, 1, 1);
        let name = self.history.unit_at(Level::Municipality, &row.code, on);
        let name = name.map_or("", |unit| unit.name.as_str());
        let mut fields = vec![String::new(); columns.headings.len()];
        for (at, key) in columns.keys.iter().zip(&self.cells.keys[row.key].1) {
            fields[*at].clone_from(key);
        }
        fields[columns.region] = columns.style.write(&row.code, name);
        fields[columns.value] = cell(&row.value);
        if let (Some(at), Some(parts)) = (columns.fraction, &row.fraction) {
            fields[at[0]] = cell(&parts[0]);
            fields[at[1]] = cell(&parts[1]);
        }
        if let Some(at) = columns.status {
            let statuses: Vec<&str> =
                row.statuses.iter().map(|at| self.cells.statuses[*at].as_str()).collect();
            fields[at] = statuses.join("+");
        }
        let (estimated, share) = match row.value {
            Moved::Number(_, modelled) => {
                (modelled.is_estimate().to_string(), rounded(modelled.share()))
            }
            _ => (String::new(), String::new()),
        };
        fields.extend([estimated, share]);
        fields
    }

    /// What a reader must know: the totals, the gaps, the refusals, the rows kept apart.
    fn notes(&self, session: &Session<'_>, outcome: &Outcome) -> Vec<String> {
        let say = |key: &str, places: &[(&str, &str)]| session.say(key, places);
        let mut notes = Vec::new();
        let estimates = outcome.rows.iter().filter(
            |row| matches!(row.value, Moved::Number(_, modelled) if modelled.is_estimate()),
        );
        let refused = outcome.rows.iter().filter(|row| matches!(row.value, Moved::Refused(_)));
        let lacking = outcome.rows.iter().filter(
            |row| matches!(row.value, Moved::Gap(_, coverage) if coverage.missing < coverage.parts),
        );
        let counts = [
            ("region.rows", outcome.rows.len() + self.own.len()),
            ("region.estimates", estimates.count()),
            ("region.own", self.own.len()),
            ("region.lacking", lacking.count()),
            ("region.refused", refused.count()),
        ];
        for (key, count) in counts {
            if count > 0 {
                let year = self.typed.to.to_string();
                notes.push(say(key, &[("count", &count.to_string()), ("year", &year)]));
            }
        }
        if self.typed.nature == NatureArgument::Count {
            let left: f64 = self.left_over.values().map(|held| held.sum).sum();
            let moved = outcome.moved + self.own_total;
            let sum = moved + outcome.in_gaps + left;
            let holds = (sum - self.total).abs() <= 1e-9 * self.total.abs().max(1.0);
            let places = [
                ("total", plain(self.total)),
                ("moved", plain(moved)),
                ("gaps", plain(outcome.in_gaps)),
                ("left", plain(left)),
            ];
            let places: Vec<(&str, &str)> =
                places.iter().map(|(name, value)| (*name, value.as_str())).collect();
            notes.push(say(if holds { "region.totals" } else { "region.totals_differ" }, &places));
        }
        if !self.left_over.is_empty() {
            notes.push(say("region.left_over", &[]));
            notes.extend(self.left_over.iter().map(|(region, held)| {
                let (rows, sum) = (held.rows.to_string(), plain(held.sum));
                say("region.left_over_line", &[("region", region), ("rows", &rows), ("sum", &sum)])
            }));
        }
        notes
    }

    /// Nothing could be moved: the map is probably another one.
    fn nothing(&self, session: &Session<'_>, file: &str) -> Failure {
        let codes: BTreeSet<&str> =
            self.left_over.keys().filter_map(|cell| Some(region_code(cell)?.0)).collect();
        let fitting = (2013..=2026_i16).rev().max_by_key(|year| {
            let units = self.history.valid_on(date(*year, 1, 1), Level::Municipality);
            units.iter().filter(|unit| codes.contains(unit.code.as_str())).count()
        });
        let column = self.typed.region_column.as_str();
        match fitting.filter(|_| !codes.is_empty()) {
            Some(year) => {
                let places = [("file", file), ("column", column), ("year", &year.to_string())];
                Failure::usage(session.say("region.other_map", &places))
            }
            None => Failure::usage(
                session.say("region.no_regions", &[("file", file), ("column", column)]),
            ),
        }
    }
}

fn cell(moved: &Moved<u8>) -> String {
    match moved {
        Moved::Number(number, _) => plain(*number),
        Moved::Gap(reason, _) => symbol(*reason).to_owned(),
        Moved::Refused(_) => String::new(),
    }
}

/// A number with as many digits as it has.
fn plain(number: f64) -> String {
    // A sum of parts that cancel is not minus zero.
    (number + 0.0).to_string()
}

fn rounded(share: f64) -> String {
    plain((share * 1e6).round() / 1e6)
}

/// The year that a text begins with: `2019`, `2019K1`, `2019-01-01`.
fn year_of(text: &str) -> Option<i16> {
    text.get(..4)?.parse().ok()
}

fn own_weights(session: &Session<'_>, file: &Path) -> Result<Weights, Failure> {
    let shown = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| session.unreadable(&shown, &error))?;
    Weights::from_csv(&cube::csv::decode(&bytes), &shown)
        .map_err(|error| conversion_words(session, &error))
}

fn conversion_words(session: &Session<'_>, error: &ConversionError) -> Failure {
    Failure::usage(conversion_sentence(session, error))
}

fn conversion_sentence(session: &Session<'_>, error: &ConversionError) -> String {
    session.fault("conversion", error.key(), &error.places())
}

fn history_words(session: &Session<'_>, error: &HistoryError) -> String {
    session.fault("history", error.key(), &error.places())
}

fn problem_words(session: &Session<'_>, file: &str, problem: Problem) -> Failure {
    match problem {
        Problem::Unreadable(error) => session.unreadable(file, &error),
        Problem::Said(key, mut places) => {
            places.push(("file", file.to_owned()));
            said(session, key, &places)
        }
    }
}

fn said(session: &Session<'_>, key: &str, places: &[(&'static str, String)]) -> Failure {
    let places: Vec<(&str, &str)> =
        places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Failure::usage(session.say(key, &places))
}
