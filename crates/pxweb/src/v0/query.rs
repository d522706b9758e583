use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::wire::{Rest, nullable};
use crate::{Fault, FaultKind};

/// Body of `POST …/table/{id}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// One per variable that is named.
    #[serde(deserialize_with = "nullable")]
    pub query: Vec<QueryVariable>,
    /// In which form the answer is wanted.
    #[serde(deserialize_with = "nullable")]
    pub response: Response,
}

/// What is asked of one variable.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QueryVariable {
    /// Exactly spelled.
    #[serde(deserialize_with = "nullable")]
    pub code: String,
    /// Which codes.
    #[serde(deserialize_with = "nullable")]
    pub selection: QuerySelection,
}

/// A filter and what it works on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QuerySelection {
    /// `item`, `all`, `top`, `agg:…`, `vs:…`; see [`Filter`].
    #[serde(deserialize_with = "nullable")]
    pub filter: String,
    /// Codes, masks or a number. Numbers are taken for the text that they would be written as.
    #[serde(deserialize_with = "texts")]
    pub values: Vec<String>,
}

/// In which form the answer is wanted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// `json-stat2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Members that are not known here; `params` is taken and ignored by servers.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A filter word, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter<'a> {
    /// Codes; also every word that is not known.
    Item,
    /// `*`, `03*`, `*01`.
    All,
    /// The newest so many of time, the first so many of others.
    Top,
    /// Values of a grouping, added up.
    Aggregation(&'a str),
    /// The single values under a grouping.
    AggregationSingle(&'a str),
    /// Both.
    AggregationAll(&'a str),
    /// Codes of a value set.
    ValueSet(&'a str),
}

impl Query {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// A validation fault: it is not JSON of this shape.
    pub fn read(body: &[u8]) -> Result<Query, Fault> {
        let misshapen = |error: serde_json::Error| Fault::validation("$", &error.to_string());
        // A list would be taken for the members in order.
        let object: Rest = serde_json::from_slice(body).map_err(misshapen)?;
        serde_json::from_value(Value::Object(object)).map_err(misshapen)
    }

    /// The JSON body that says this.
    pub fn to_body(&self) -> Value {
        serde_json::to_value(self).expect("plain data can be written as JSON")
    }

    /// Format of the answer, in lower case; servers without a word send `json-stat2` or PX.
    pub fn format(&self) -> &str {
        self.response.format.as_deref().unwrap_or("json-stat2")
    }
}

impl QueryVariable {
    /// A variable, a filter word and what it works on.
    pub fn new(code: &str, filter: &str, values: Vec<String>) -> QueryVariable {
        let selection = QuerySelection { filter: filter.to_owned(), values };
        QueryVariable { code: code.to_owned(), selection }
    }

    /// Reads the filter word, which is known in any case; `agg:` and `vs:` only in lower case.
    ///
    /// # Errors
    ///
    /// `AGG:` or `VS:`, which servers take for a grouping and then cannot read.
    pub fn filter(&self) -> Result<Filter<'_>, Fault> {
        let word = self.selection.filter.as_str();
        for prefix in ["agg:", "agg_single:", "agg_all:", "vs:"] {
            let (start, id) = word.split_at_checked(prefix.len()).unwrap_or(("", word));
            if start != prefix && start.eq_ignore_ascii_case(prefix) {
                return Err(Fault::new(FaultKind::Validation).of(&self.code).about(word));
            }
            match start {
                "agg:" => return Ok(Filter::Aggregation(id)),
                "agg_single:" => return Ok(Filter::AggregationSingle(id)),
                "agg_all:" => return Ok(Filter::AggregationAll(id)),
                "vs:" => return Ok(Filter::ValueSet(id)),
                _ => {}
            }
        }
        Ok(match word.to_lowercase().as_str() {
            "all" => Filter::All,
            "top" => Filter::Top,
            _ => Filter::Item,
        })
    }
}

/// Texts, numbers and truth values as texts; null as none.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let values: Option<Vec<Value>> = Option::deserialize(deserializer)?;
    let text = |value: Value| match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        other => Err(serde::de::Error::custom(format!("`{other}` is not a code"))),
    };
    values.unwrap_or_default().into_iter().map(text).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::selection::Evaluated;
    use crate::{CodeList, CodeListKind, CodeListValue, Table, Variable};

    pub(in super::super) fn variable(code: &str, codes: &[&str]) -> Variable {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        let (code, label) = (code.to_owned(), code.to_lowercase());
        Variable { code, label, labels: codes.clone(), codes, ..Variable::default() }
    }

    pub(in super::super) fn list(id: &str, codes: &[&str]) -> CodeList {
        let value = |code: &&str| CodeListValue {
            code: (*code).to_owned(),
            label: (*code).to_owned(),
            value_map: Vec::new(),
        };
        let kind = CodeListKind::of(id).expect("an id with a prefix");
        let values = codes.iter().map(value).collect();
        CodeList { id: id.to_owned(), label: id.to_owned(), kind, values }
    }

    /// Regions and sexes that may be left out, contents and time that may not.
    pub(in super::super) fn sample() -> Table {
        let mut region = variable("Region", &["0", "0301", "1103"]);
        region.elimination = true;
        region.code_lists = vec!["agg_Fylker".to_owned(), "vs_Kommun".to_owned()];
        let mut sex = variable("Kjonn", &["1", "2"]);
        sex.elimination = true;
        let mut contents = variable("ContentsCode", &["a", "b"]);
        contents.is_metric = true;
        let mut time = variable("Tid", &["2023", "2024", "2025"]);
        time.is_time = true;
        let lists = [list("agg_Fylker", &["F-03", "F-11"]), list("vs_Kommun", &["0301", "0101"])];
        Table {
            id: "07459".to_owned(),
            variables: vec![region, sex, contents, time],
            code_lists: lists.into_iter().map(|list| (list.id.clone(), list)).collect(),
            ..Table::default()
        }
    }

    /// `Region@agg_X=a,b Tid=2025`
    pub(in super::super) fn said(evaluated: &Evaluated) -> String {
        let table = sample();
        let one = |one: &crate::selection::EvaluatedVariable| {
            let list = one.code_list.as_ref().map(|id| format!("@{id}")).unwrap_or_default();
            format!("{}{list}={}", table.variables[one.variable].code, one.codes.join(","))
        };
        evaluated.variables.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_body_is_written_as_it_was_read() {
        let text = r#"{"query":[{"code":"Tid","selection":{"filter":"top","values":["5"]}}],"response":{"format":"csv3"}}"#;
        let query = Query::read(text.as_bytes()).expect("the shape of version 0");
        assert_eq!(query.to_body().to_string(), text);
        assert_eq!(query.format(), "csv3");
    }

    #[test]
    fn a_body_of_another_shape_is_refused() {
        assert!(Query::read(b"[]").is_err());
        let nested =
            br#"{"query":[{"code":"Tid","selection":{"filter":"item","values":[["1"]]}}]}"#;
        assert!(Query::read(nested).is_err());
    }
}
