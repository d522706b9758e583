use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::csv::{Table, TableRow};
use super::text;

/// Why an answer of Klass could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The JSON is not what was asked for.
    #[error("not {expected} of Klass")]
    Json {
        /// What was expected.
        expected: &'static str,
        /// Where it went wrong.
        #[source]
        source: serde_json::Error,
    },
    /// The CSV lacks a column.
    #[error("not {expected} of Klass: there is no column `{column}`")]
    Column {
        /// What was expected.
        expected: &'static str,
        /// Name of the column.
        column: &'static str,
    },
    /// A day that is none.
    #[error("`{text}` is no day")]
    Day {
        /// What stands there.
        text: String,
    },
}

/// A code of a classification.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodeItem {
    /// Code, with its leading zeros.
    #[serde(deserialize_with = "text::required")]
    pub code: String,
    /// Code above it, where there is one.
    #[serde(deserialize_with = "text::optional")]
    pub parent_code: Option<String>,
    /// `1`; a text, and compared as one.
    #[serde(deserialize_with = "text::required")]
    pub level: String,
    /// Name.
    #[serde(deserialize_with = "text::required")]
    pub name: String,
    /// Short name.
    #[serde(deserialize_with = "text::optional")]
    pub short_name: Option<String>,
    /// As the pattern asked for it.
    #[serde(deserialize_with = "text::optional")]
    pub presentation_name: Option<String>,
    /// First day of the item, where it is its own.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_from: Option<Date>,
    /// First day without it.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_to: Option<Date>,
    /// First day within the range asked for.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_from_in_requested_range: Option<Date>,
    /// First day without it, within the range asked for.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_to_in_requested_range: Option<Date>,
    /// Remarks, among them the borders that moved.
    #[serde(deserialize_with = "text::optional")]
    pub notes: Option<String>,
}

/// A change between two versions of a classification.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodeChange {
    /// Code before; `None`: born.
    #[serde(deserialize_with = "text::optional")]
    pub old_code: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "text::optional")]
    pub old_name: Option<String>,
    /// Its short name.
    #[serde(deserialize_with = "text::optional")]
    pub old_short_name: Option<String>,
    /// Code after; `None`: ceased.
    #[serde(deserialize_with = "text::optional")]
    pub new_code: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "text::optional")]
    pub new_name: Option<String>,
    /// Its short name.
    #[serde(deserialize_with = "text::optional")]
    pub new_short_name: Option<String>,
    /// The day.
    #[serde(deserialize_with = "text::optional_day")]
    pub change_occurred: Option<Date>,
}

/// A code and one of another classification that covers some of the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Correspondence {
    /// Code in the classification asked.
    #[serde(deserialize_with = "text::required")]
    pub source_code: String,
    /// Its name.
    #[serde(deserialize_with = "text::optional")]
    pub source_name: Option<String>,
    /// Its short name.
    #[serde(deserialize_with = "text::optional")]
    pub source_short_name: Option<String>,
    /// Code in the other.
    #[serde(deserialize_with = "text::required")]
    pub target_code: String,
    /// Its name.
    #[serde(deserialize_with = "text::optional")]
    pub target_name: Option<String>,
    /// Its short name.
    #[serde(deserialize_with = "text::optional")]
    pub target_short_name: Option<String>,
    /// First day, not before the range asked for.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_from: Option<Date>,
    /// First day without it, or the end of the range asked for if that is earlier.
    #[serde(deserialize_with = "text::optional_day")]
    pub valid_to: Option<Date>,
}

/// Reads the codes of `/codes`, `/codesAt`, `/variant` or `/variantAt`.
///
/// # Errors
///
/// [`WireError`]: neither the JSON nor the CSV of codes.
pub fn codes(bytes: &[u8]) -> Result<Vec<CodeItem>, WireError> {
    const EXPECTED: &str = "a list of codes";
    #[derive(Deserialize)]
    struct Answer {
        codes: Vec<CodeItem>,
    }
    if is_json(bytes) {
        return Ok(json::<Answer>(bytes, EXPECTED)?.codes);
    }
    let item = |row: TableRow<'_>| {
        Ok(CodeItem {
            code: cell(row, "code").unwrap_or_default(),
            parent_code: cell(row, "parentCode"),
            level: cell(row, "level").unwrap_or_default(),
            name: cell(row, "name").unwrap_or_default(),
            short_name: cell(row, "shortName"),
            presentation_name: cell(row, "presentationName"),
            valid_from: day(row, "validFrom")?,
            valid_to: day(row, "validTo")?,
            valid_from_in_requested_range: day(row, "validFromInRequestedRange")?,
            valid_to_in_requested_range: day(row, "validToInRequestedRange")?,
            notes: cell(row, "notes"),
        })
    };
    rows(bytes, EXPECTED, &["code", "name"], item)
}

/// Reads the changes of `/changes`.
///
/// # Errors
///
/// [`WireError`]: neither the JSON nor the CSV of changes.
pub fn changes(bytes: &[u8]) -> Result<Vec<CodeChange>, WireError> {
    const EXPECTED: &str = "a list of changes";
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        code_changes: Vec<CodeChange>,
    }
    if is_json(bytes) {
        return Ok(json::<Answer>(bytes, EXPECTED)?.code_changes);
    }
    let item = |row: TableRow<'_>| {
        Ok(CodeChange {
            old_code: cell(row, "oldCode"),
            old_name: cell(row, "oldName"),
            old_short_name: cell(row, "oldShortName"),
            new_code: cell(row, "newCode"),
            new_name: cell(row, "newName"),
            new_short_name: cell(row, "newShortName"),
            change_occurred: day(row, "changeOccurred")?,
        })
    };
    rows(bytes, EXPECTED, &["oldCode", "newCode", "changeOccurred"], item)
}

/// Reads the pairs of `/corresponds` or `/correspondsAt`.
///
/// # Errors
///
/// [`WireError`]: neither the JSON nor the CSV of correspondences.
pub fn correspondences(bytes: &[u8]) -> Result<Vec<Correspondence>, WireError> {
    const EXPECTED: &str = "a list of correspondences";
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        correspondence_items: Vec<Correspondence>,
    }
    if is_json(bytes) {
        return Ok(json::<Answer>(bytes, EXPECTED)?.correspondence_items);
    }
    let item = |row: TableRow<'_>| {
        Ok(Correspondence {
            source_code: cell(row, "sourceCode").unwrap_or_default(),
            source_name: cell(row, "sourceName"),
            source_short_name: cell(row, "sourceShortName"),
            target_code: cell(row, "targetCode").unwrap_or_default(),
            target_name: cell(row, "targetName"),
            target_short_name: cell(row, "targetShortName"),
            valid_from: day(row, "validFrom")?,
            valid_to: day(row, "validTo")?,
        })
    };
    rows(bytes, EXPECTED, &["sourceCode", "targetCode"], item)
}

pub(super) fn json<T: DeserializeOwned>(
    bytes: &[u8],
    expected: &'static str,
) -> Result<T, WireError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|source| WireError::Json { expected, source })
}

fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn rows<T>(
    bytes: &[u8],
    expected: &'static str,
    columns: &[&'static str],
    item: impl Fn(TableRow<'_>) -> Result<T, WireError>,
) -> Result<Vec<T>, WireError> {
    let table = Table::read(bytes);
    let absent = columns.iter().find(|column| !table.columns().iter().any(|name| name == **column));
    match absent {
        Some(column) => Err(WireError::Column { expected, column }),
        None => table.rows().map(item).collect(),
    }
}

fn cell(row: TableRow<'_>, column: &str) -> Option<String> {
    row.get(column).and_then(text::present)
}

fn day(row: TableRow<'_>, column: &str) -> Result<Option<Date>, WireError> {
    let Some(cell) = cell(row, column) else { return Ok(None) };
    text::day(&cell).map(Some).ok_or(WireError::Day { text: cell })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_csv_of_the_same_changes_are_the_same() {
        let json = br#"{"codeChanges":[
            {"oldCode":"1507","oldName":"<U+00C5>lesund","oldShortName":"","newCode":"1580",
             "newName":"Haram","newShortName":null,"changeOccurred":"2024-01-01"},
            {"oldCode":null,"newCode":"2111","newName":"Longyearbyen","changeOccurred":"2024-01-01"}]}"#;
        let csv = b"\"oldCode\",\"oldName\",\"oldShortName\",\"newCode\",\"newName\",\"newShortName\",\"changeOccurred\"\n\
            \"1507\",\"\xc5lesund\",\"\",\"1580\",\"Haram\",\"\",\"2024-01-01\"\n\
            \"\",\"\",\"\",\"2111\",\"Longyearbyen\",\"\",\"2024-01-01\"\n";
        let read = changes(json).expect("changes");
        assert_eq!(read, changes(csv).expect("changes"));
        assert_eq!(read[0].old_name.as_deref(), Some("Ålesund"));
        assert_eq!(read[1].old_code, None);
    }

    #[test]
    fn what_is_something_else_is_refused_with_its_reason() {
        let said = |bytes: &[u8]| codes(bytes).expect_err("no codes").to_string();
        assert_eq!(said(b"{\"codeChanges\":[]}"), "not a list of codes of Klass");
        assert_eq!(said(b"a;b\n1;2"), "not a list of codes of Klass: there is no column `code`");
        assert_eq!(said(b"code;name;validFrom\n1;A;soon"), "`soon` is no day");
        assert!(codes(b"{\"codes\":[]}").expect("an empty list is one").is_empty());
    }

    #[test]
    fn a_level_may_be_a_number_and_stays_a_text() {
        let read = codes(br#"{"codes":[{"code":"0301","name":"Oslo","level":1}]}"#).expect("codes");
        assert_eq!((read[0].level.as_str(), &read[0].parent_code), ("1", &None));
    }
}
