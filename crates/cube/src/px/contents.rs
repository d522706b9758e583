//! What is said about each value of the contents variable, whom to ask, and when.

use serde_json::{Value, json};

use super::names::About;
use super::read::Lines;
use super::{time, vocabulary};
use crate::{Cube, Object, Unit};

/// Units, decimals, reference periods and the like of the contents variable at `at`.
pub(super) fn describe(lines: &mut Lines<'_>, cube: &mut Cube, at: usize) {
    let names = lines.names;
    let shown = px(cube).get("decimals").and_then(Value::as_u64);
    let table_unit = lines.text("UNITS", &About::Table).filter(|unit| !unit.is_empty());
    let mut said = Said::default();
    let mut units = Vec::new();
    for (position, code) in names.variables[at].codes.iter().enumerate() {
        let mut text = |keyword: &str| {
            let found = lines.text(keyword, &About::Contents(position));
            found.or_else(|| lines.text(keyword, &About::Value(at, position)))
        };
        let base = text("UNITS").or_else(|| table_unit.clone());
        let decimals = text("PRECISION").and_then(|text| text.parse().ok());
        said.put("refperiod", code, text("REFPERIOD"));
        said.put("basePeriod", code, text("BASEPERIOD"));
        said.kind(lines, (position, code));
        let decimals = decimals.or_else(|| shown.and_then(|shown| u8::try_from(shown).ok()));
        units.push(Unit { base, decimals, other: Object::new() });
    }
    if let Some(unit) = table_unit
        && units.first().and_then(|first| first.base.as_ref()) != Some(&unit)
    {
        px(cube).insert("units".to_owned(), json!(unit));
    }
    let Some(dimension) = cube.dimensions_mut().nth(at) else { return };
    dimension.units = names.variables[at].codes.iter().cloned().zip(units).collect();
    for (member, of) in said.0 {
        dimension.extension.insert(member, of);
    }
}

/// Members of the dimension's extension, each by code.
#[derive(Default)]
struct Said(Object);

impl Said {
    fn put(&mut self, member: &str, code: &str, text: Option<String>) {
        if let Some(text) = text
            && let Some(of) = self.0.entry(member).or_insert_with(|| json!({})).as_object_mut()
        {
            of.insert(code.to_owned(), json!(text));
        }
    }

    /// Stock or flow, current or fixed prices, adjusted or not.
    fn kind(&mut self, lines: &mut Lines<'_>, (position, code): (usize, &str)) {
        let about = About::Contents(position);
        let named = |written: &str, words: &[(&str, &str)]| {
            words.iter().find(|(short, _)| *short == written).map(|(_, name)| (*name).to_owned())
        };
        if let Some(written) = lines.text("STOCKFA", &about) {
            let measuring = named(&written, &vocabulary::MEASURING);
            if measuring.is_none() && written != "Other" {
                lines.keep("STOCKFA", &about, &written);
            }
            self.put("measuringType", code, measuring.or(Some("Other".to_owned())));
            if !lines.has("CFPRICES", &about) {
                self.put("priceType", code, Some("NotApplicable".to_owned()));
            }
        }
        if let Some(written) = lines.text("CFPRICES", &about) {
            match named(&written, &vocabulary::PRICES) {
                Some(prices) => self.put("priceType", code, Some(prices)),
                None => lines.keep("CFPRICES", &about, &written),
            }
        }
        let day = lines.text("DAYADJ", &about);
        let season = lines.text("SEASADJ", &about);
        if day.is_none() && season.is_none() {
            return;
        }
        let written = |text: &Option<String>| text.as_deref().unwrap_or("NO").to_ascii_uppercase();
        let found = vocabulary::ADJUSTMENT.iter().find(|(by_day, by_season, _)| {
            *by_day == written(&day) && *by_season == written(&season)
        });
        match found {
            Some((_, _, name)) => self.put("adjustment", code, Some((*name).to_owned())),
            None => {
                for (keyword, text) in [("DAYADJ", day), ("SEASADJ", season)] {
                    if let Some(text) = text {
                        lines.keep(keyword, &about, &text);
                    }
                }
            }
        }
    }
}

/// Whom to ask, once each; lines stay where values have different ones.
pub(super) fn contacts(lines: &mut Lines<'_>, cube: &mut Cube) {
    if lines.names.contents.is_none()
        && let Some(unit) = lines.text("UNITS", &About::Table).filter(|unit| !unit.is_empty())
    {
        px(cube).insert("units".to_owned(), json!(unit));
    }
    let (texts, is_same) = of_contents(lines, "CONTACT");
    let mut contacts: Vec<Value> = Vec::new();
    for raw in texts.iter().flat_map(|text| text.split("##")) {
        let raw = raw.trim_start_matches('#');
        let is_new = contacts.iter().all(|known| known["raw"] != raw);
        if !raw.trim().is_empty() && is_new {
            contacts.push(contact(raw));
        }
    }
    if !contacts.is_empty() {
        cube.extension.insert("contact".to_owned(), Value::Array(contacts));
    }
    if is_same {
        lines.take("CONTACT", |about| matches!(about, About::Table | About::Contents(_)));
    }
}

/// When it was last changed: the newest of its contents, else of the table, else when the file was made.
pub(super) fn updated(lines: &mut Lines<'_>, cube: &mut Cube) {
    let (texts, is_same) = of_contents(lines, "LAST-UPDATED");
    let made = lines.left.iter().find(|line| line.keyword == "CREATION-DATE");
    let made = made.and_then(|line| line.single()).and_then(time::to_utc);
    let newest = texts.iter().filter_map(|text| time::to_utc(text)).max();
    if is_same && newest.is_some() {
        lines.take("LAST-UPDATED", |about| matches!(about, About::Table | About::Contents(_)));
    }
    cube.updated = newest.or(made);
}

/// The texts of a keyword for each value of the contents variable, else for the table; and
/// whether they are one and the same text.
fn of_contents(lines: &Lines<'_>, keyword: &str) -> (Vec<String>, bool) {
    let of = |wanted: &dyn Fn(&About) -> bool| -> Vec<String> {
        lines
            .left
            .iter()
            .filter(|line| line.keyword == keyword && wanted(&lines.names.about(line)))
            .filter_map(|line| line.single().map(str::to_owned))
            .collect()
    };
    let own = of(&|about| matches!(about, About::Contents(_)));
    let table = of(&|about| *about == About::Table);
    let values = lines.names.contents.map_or(0, |at| lines.names.variables[at].codes.len());
    let is_same = match own.len() {
        0 => table.len() <= 1,
        count => count == values && own.iter().chain(&table).all(|text| *text == own[0]),
    };
    (if own.is_empty() { table } else { own }, is_same)
}

/// `Name, Organisation# +47 12 34 56 78#name@example.org`
fn contact(raw: &str) -> Value {
    let mut parts = raw.split('#').map(str::trim);
    let person = parts.next().unwrap_or_default();
    let (name, organization) = match person.split_once(',') {
        Some((name, organization)) => (name.trim(), organization.trim()),
        None => (person, ""),
    };
    let phone = parts.next().unwrap_or_default();
    let phone = match phone.strip_prefix('+').and_then(|rest| rest.split_once(' ')) {
        Some((_, own)) => own,
        None => phone,
    };
    let mail = parts.next().unwrap_or_default();
    json!({ "name": name, "organization": organization, "phone": phone, "mail": mail, "raw": raw })
}

fn px(cube: &mut Cube) -> &mut Object {
    let px = cube.extension.entry("px").or_insert_with(|| json!({}));
    px.as_object_mut().expect("`table` put an object there")
}
