//! `sources.toml`: its shape, and what is wrong with it, with the line.

use std::collections::{BTreeMap, BTreeSet};

use indicators::Grain;
use serde::Deserialize;
use toml::Spanned;

use super::{
    Confidence, Map, MeasureRule, Moves, NotYet, Pick, Region, Source, Sources, SymbolMeaning,
};
use crate::{Cadence, IngestError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    symbols: BTreeMap<String, Spanned<String>>,
    source: Vec<Spanned<Entry>>,
    #[serde(default)]
    not_yet: Vec<NotYet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    server: String,
    table: String,
    language: String,
    confidence: Confidence,
    title: Vec<String>,
    select: Spanned<BTreeMap<String, RawPick>>,
    #[serde(default)]
    code_list: BTreeMap<String, String>,
    #[serde(default)]
    omit: Vec<String>,
    region: Option<Region>,
    map: Map,
    cadence: Spanned<RawCadence>,
    #[serde(default)]
    labels: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    units: BTreeMap<String, String>,
    #[serde(default)]
    measure: Vec<Spanned<RawMeasure>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawPick {
    One(String),
    Several(Vec<String>),
    Label { label: Vec<String> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeasure {
    id: String,
    cells: BTreeMap<String, RawPick>,
    #[serde(default)]
    grain: Grain,
    #[serde(default)]
    moves: Moves,
    #[serde(default = "one")]
    scale: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCadence {
    kind: String,
    on: Option<String>,
}

fn one() -> f64 {
    1.0
}

/// Where in a file a fault stands.
struct Place<'a> {
    file: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn fault<T>(&self, at: &Spanned<T>, problem: impl Into<String>) -> IngestError {
        IngestError::sources(self.file, self.line(at.span().start), problem)
    }
}

pub(super) fn parse(file: &str, text: &str) -> Result<Sources, IngestError> {
    let place = Place { file, text };
    let raw: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| place.line(span.start));
        IngestError::sources(file, line, error.message().trim().to_owned())
    })?;
    let mut symbols = BTreeMap::new();
    for (symbol, word) in raw.symbols {
        symbols.insert(symbol, meaning(&place, &word)?);
    }
    let mut names = BTreeSet::new();
    let mut sources = Vec::with_capacity(raw.source.len());
    for entry in raw.source {
        let read = source(&place, &entry)?;
        if !names.insert(read.extract()) {
            let problem = format!("the extract `{}` occurs twice", read.extract());
            return Err(place.fault(&entry.get_ref().name, problem));
        }
        sources.push(read);
    }
    Ok(Sources { file: file.to_owned(), symbols, sources, not_yet: raw.not_yet })
}

fn meaning(place: &Place<'_>, word: &Spanned<String>) -> Result<SymbolMeaning, IngestError> {
    if word.get_ref() == "zero" {
        return Ok(SymbolMeaning::Zero);
    }
    match word.get_ref().parse() {
        Ok(status) => Ok(SymbolMeaning::Status(status)),
        Err(_) => {
            let problem = format!("`{}` is neither a status nor `zero`", word.get_ref());
            Err(place.fault(word, problem))
        }
    }
}

fn source(place: &Place<'_>, entry: &Spanned<Entry>) -> Result<Source, IngestError> {
    let raw = entry.get_ref();
    check_name(place, raw)?;
    let select = picks(raw.select.get_ref());
    if let Some(twice) = raw.omit.iter().find(|code| select.contains_key(*code)) {
        let problem = format!("`{twice}` is both selected and omitted");
        return Err(place.fault(&raw.select, problem));
    }
    if let Some(unseen) = raw.code_list.keys().find(|code| !select.contains_key(*code)) {
        let problem = format!("`{unseen}` has a code list and is not selected");
        return Err(place.fault(&raw.select, problem));
    }
    let mut measures = Vec::with_capacity(raw.measure.len());
    for rule in &raw.measure {
        measures.push(measure(place, raw, rule)?);
    }
    let mut labels = BTreeMap::new();
    for (key, words) in &raw.labels {
        let Some((dimension, code)) = key.split_once('/') else {
            let problem = format!("`{key}` must be `Dimension/CODE`");
            return Err(place.fault(words, problem));
        };
        labels.insert((dimension.to_owned(), code.to_owned()), lower(words.get_ref()));
    }
    Ok(Source {
        name: raw.name.get_ref().clone(),
        server: raw.server.clone(),
        table: raw.table.clone(),
        language: raw.language.clone(),
        confidence: raw.confidence,
        title: lower(&raw.title),
        select,
        code_list: raw.code_list.clone(),
        omit: raw.omit.clone(),
        region: raw.region.clone(),
        map: raw.map,
        cadence: cadence(place, &raw.cadence)?,
        labels,
        units: raw.units.clone(),
        measures,
        line: place.line(raw.name.span().start),
    })
}

/// The name becomes part of a folder's.
fn check_name(place: &Place<'_>, raw: &Entry) -> Result<(), IngestError> {
    let plain = |text: &str| {
        let fits = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
        !text.is_empty() && text.chars().all(fits)
    };
    let parts = [raw.name.get_ref(), &raw.server, &raw.table, &raw.language];
    match parts.iter().find(|part| !plain(part)) {
        None => Ok(()),
        Some(part) => {
            let problem = format!("`{part}` may hold only letters, digits, `_` and `-`");
            Err(place.fault(&raw.name, problem))
        }
    }
}

fn measure(
    place: &Place<'_>,
    entry: &Entry,
    rule: &Spanned<RawMeasure>,
) -> Result<MeasureRule, IngestError> {
    let raw = rule.get_ref();
    let fault = |problem: String| Err(place.fault(rule, problem));
    let Some(region) = &entry.region else {
        return fault(format!("measure `{}` needs a `region`", raw.id));
    };
    let selected = entry.select.get_ref();
    if !selected.contains_key(&region.dimension) {
        return fault(format!("the region `{}` is not selected", region.dimension));
    }
    if let Some(stranger) = raw.cells.keys().find(|code| !selected.contains_key(*code)) {
        return fault(format!("measure `{}` reads `{stranger}`, which is not selected", raw.id));
    }
    if raw.grain == Grain::Nation && region.nation.is_none() {
        return fault(format!("measure `{}` needs the country's code in `region`", raw.id));
    }
    if !raw.scale.is_finite() || raw.scale == 0.0 {
        return fault(format!("measure `{}`: `scale` must be a number other than 0", raw.id));
    }
    Ok(MeasureRule {
        id: raw.id.clone(),
        cells: picks(&raw.cells),
        grain: raw.grain,
        moves: raw.moves,
        scale: raw.scale,
    })
}

fn picks(raw: &BTreeMap<String, RawPick>) -> BTreeMap<String, Pick> {
    let pick = |raw: &RawPick| match raw {
        RawPick::One(item) => Pick::code(item),
        RawPick::Several(items) => Pick::Items(items.clone()),
        RawPick::Label { label } => Pick::Label(lower(label)),
    };
    raw.iter().map(|(code, raw)| (code.clone(), pick(raw))).collect()
}

fn lower(words: &[String]) -> Vec<String> {
    words.iter().map(|word| word.to_lowercase()).collect()
}

fn cadence(place: &Place<'_>, raw: &Spanned<RawCadence>) -> Result<Cadence, IngestError> {
    let RawCadence { kind, on } = raw.get_ref();
    let day = || {
        let (month, day) = on.as_deref()?.split_once('-')?;
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // A day that every year has.
        jiff::civil::Date::new(2023, month, day).ok().map(|_| (month, day))
    };
    let cadence = match (kind.as_str(), day()) {
        ("yearly", Some((month, day))) => Cadence::Yearly { month, day, every: 1 },
        ("every_second_year", Some((month, day))) => Cadence::Yearly { month, day, every: 2 },
        ("elections", _) => Cadence::Elections,
        ("quarterly", _) => Cadence::Quarterly,
        ("monthly", _) => Cadence::Monthly,
        ("kostra", _) => Cadence::Kostra,
        ("ended", _) => Cadence::Ended,
        ("yearly" | "every_second_year", None) => {
            return Err(place.fault(raw, "a yearly cadence needs a day, as in `on = \"02-20\"`"));
        }
        (unknown, _) => return Err(place.fault(raw, format!("unknown cadence `{unknown}`"))),
    };
    Ok(cadence)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"[symbols]
".." = "not_published"

[[source]]
name = "people"
server = "ssb"
table = "07459"
language = "no"
confidence = "H"
title = ["Befolkning"]
select = { Region = "K-????", ContentsCode = "Personer1", Tid = "top(3)" }
code_list = { Region = "agg_KommSummer" }
omit = ["Alder"]
region = { dimension = "Region", prefix = "K-" }
map = "merged"
cadence = { kind = "yearly", on = "02-20" }
labels = { "ContentsCode/Personer1" = ["Personer"] }
measure = [
    { id = "population_persons", cells = { ContentsCode = "Personer1" } },
]
"#;

    fn fault(old: &str, new: &str) -> String {
        let text = GOOD.replacen(old, new, 1);
        assert_ne!(text, GOOD, "`{old}` is in the text");
        parse("a/sources.toml", &text).expect_err("refused").to_string()
    }

    #[test]
    fn a_fault_is_named_with_its_line() {
        let faults = [
            fault("\"not_published\"", "\"unheard_of\""),
            fault("confidence = \"H\"", "confidence = \"X\""),
            fault("omit = [\"Alder\"]", "omit = [\"Region\"]"),
            fault("{ Region = \"agg_KommSummer\" }", "{ Alder = \"agg_A\" }"),
            fault("\"people\"", "\"../people\""),
            fault(", on = \"02-20\"", ", on = \"02-30\""),
            fault("\"yearly\"", "\"sometimes\""),
            fault("ContentsCode/Personer1", "Personer1"),
            fault("cells = { ContentsCode", "cells = { Alder"),
            fault("region = {", "# region = {"),
            fault("map = \"merged\"", "map = \"merged\"\nmaps = 1"),
        ];
        insta::assert_snapshot!(faults.join("\n"), @r#"
        `a/sources.toml` line 2: `unheard_of` is neither a status nor `zero`
        `a/sources.toml` line 9: unknown variant `X`, expected one of `H`, `M`, `L`
        `a/sources.toml` line 11: `Region` is both selected and omitted
        `a/sources.toml` line 11: `Alder` has a code list and is not selected
        `a/sources.toml` line 5: `../people` may hold only letters, digits, `_` and `-`
        `a/sources.toml` line 16: a yearly cadence needs a day, as in `on = "02-20"`
        `a/sources.toml` line 16: unknown cadence `sometimes`
        `a/sources.toml` line 17: `Personer1` must be `Dimension/CODE`
        `a/sources.toml` line 19: measure `population_persons` reads `Alder`, which is not selected
        `a/sources.toml` line 19: measure `population_persons` needs a `region`
        `a/sources.toml` line 16: unknown field `maps`, expected one of `name`, `server`, `table`, `language`, `confidence`, `title`, `select`, `code_list`, `omit`, `region`, `map`, `cadence`, `labels`, `units`, `measure`
        "#);
    }

    #[test]
    fn an_extract_is_named_once() {
        let (_, entry) = GOOD.split_once("\n\n").expect("two parts");
        let refused = parse("a/sources.toml", &format!("{GOOD}\n{entry}")).expect_err("refused");
        insta::assert_snapshot!(refused, @"`a/sources.toml` line 23: the extract `ssb.07459.no.people` occurs twice");
    }
}
