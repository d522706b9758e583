//! Indicator files: front matter in a comment, then SQL.

use serde::Deserialize;

use super::{Better, Indicator, Localised, NationalBasis, ValidRange, stem};
use crate::error::IndicatorError;

const OPENING: &str = "/*---\n";
const CLOSING: &str = "\n---*/";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    id: String,
    title: Localised,
    #[serde(default)]
    description: Localised,
    unit: Localised,
    decimals: u8,
    better: Better,
    inputs: Vec<String>,
    valid: ValidRange,
    national: NationalBasis,
    #[serde(default)]
    look_back_years: i64,
}

/// Reads an indicator file.
pub(super) fn read(path: &str, text: &str) -> Result<Indicator, IndicatorError> {
    let fault = |line, problem: &str| IndicatorError::file(path, line, problem);
    let rest =
        text.strip_prefix(OPENING).ok_or_else(|| fault(1, "the first line must be `/*---`"))?;
    let end =
        rest.find(CLOSING).ok_or_else(|| fault(1, "the front matter is not closed by `---*/`"))?;
    let head = &rest[..end];
    let front: FrontMatter =
        toml::from_str(head).map_err(|error| IndicatorError::toml(path, head, 1, &error))?;
    if front.id != stem(path) {
        return Err(fault(2, "`id` must be the file's name"));
    }
    if front.inputs.is_empty() {
        return Err(fault(1, "`inputs` must name the measures that the SQL reads"));
    }
    for language in ["nb", "en"] {
        if [&front.title, &front.unit].iter().any(|text| !text.contains_key(language)) {
            return Err(fault(1, &format!("`title` and `unit` need `{language}`")));
        }
    }
    Ok(Indicator {
        id: front.id,
        title: front.title,
        description: front.description,
        unit: front.unit,
        decimals: front.decimals,
        better: front.better,
        inputs: front.inputs,
        valid: front.valid,
        national: front.national,
        look_back_years: front.look_back_years,
        sql: text.to_owned(),
        file: path.to_owned(),
    })
}
