use serde::{Deserialize, Serialize};

use crate::wire::{Rest, nullable};
use crate::{Table, Variable};

/// `GET …/table/{id}`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// Title.
    #[serde(deserialize_with = "nullable")]
    pub title: String,
    /// In the table's own order.
    #[serde(deserialize_with = "nullable")]
    pub variables: Vec<MetadataVariable>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

/// One variable. What is false or unknown is not written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetadataVariable {
    /// `Region`.
    #[serde(deserialize_with = "nullable")]
    pub code: String,
    /// Shown name.
    #[serde(deserialize_with = "nullable")]
    pub text: String,
    /// The codes; absent when there are more than the server's `maxValues`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// As long as `values`, and absent with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_texts: Option<Vec<String>>,
    /// May be left out.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_false")]
    pub elimination: bool,
    /// Counts time.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_false")]
    pub time: bool,
    /// Members that are not known here, `map` among them.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Metadata {
    /// What can be selected. A variable whose codes are not told has none.
    pub fn to_table(&self, id: &str) -> Table {
        let variables = self.variables.iter().map(MetadataVariable::to_variable).collect();
        Table { id: id.to_owned(), label: self.title.clone(), variables, ..Table::default() }
    }

    /// The metadata of a table.
    pub fn from_table(table: &Table) -> Metadata {
        let variable = |one: &Variable| MetadataVariable {
            code: one.code.clone(),
            text: one.label.clone(),
            values: Some(one.codes.clone()),
            value_texts: Some(one.labels.clone()),
            elimination: one.elimination,
            time: one.is_time,
            rest: Rest::new(),
        };
        let variables = table.variables.iter().map(variable).collect();
        Metadata { title: table.label.clone(), variables, rest: Rest::new() }
    }

    /// Codes of the variables whose values are not told because there are too many.
    pub fn untold(&self) -> impl Iterator<Item = &str> {
        let untold = self.variables.iter().filter(|variable| variable.values.is_none());
        untold.map(|variable| variable.code.as_str())
    }
}

impl MetadataVariable {
    fn to_variable(&self) -> Variable {
        let codes = self.values.clone().unwrap_or_default();
        let texts = self.value_texts.as_deref().unwrap_or_default();
        let label = |(at, code): (usize, &String)| texts.get(at).unwrap_or(code).clone();
        Variable {
            labels: codes.iter().enumerate().map(label).collect(),
            codes,
            code: self.code.clone(),
            label: if self.text.is_empty() { self.code.clone() } else { self.text.clone() },
            elimination: self.elimination,
            is_time: self.time,
            is_metric: self.code == "ContentsCode",
            is_geo: self.rest.contains_key("map"),
            ..Variable::default()
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_becomes_a_table_and_back() {
        let text = r#"{"title":"07459: Population","variables":[
            {"code":"Region","text":"region","values":["0","03"],"valueTexts":["All","Oslo"],"elimination":true},
            {"code":"Tid","text":"year","values":["1986"],"valueTexts":["1986"],"time":true}]}"#;
        let metadata: Metadata = serde_json::from_str(text).expect("the shape of version 0");
        let table = metadata.to_table("07459");
        assert!(table.variables[0].elimination && !table.variables[1].elimination);
        assert_eq!((table.time(), table.variables[0].labels[1].as_str()), (Some(1), "Oslo"));
        assert_eq!(Metadata::from_table(&table), metadata);
        let written = serde_json::to_value(&metadata).expect("plain data");
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(text).expect("JSON"));
    }

    #[test]
    fn codes_that_are_too_many_to_tell_are_not_taken_for_none() {
        let text = r#"{"title":"t","variables":[{"code":"Grunnkretser","text":"area"}]}"#;
        let metadata: Metadata = serde_json::from_str(text).expect("values are absent");
        assert_eq!(metadata.untold().collect::<Vec<_>>(), ["Grunnkretser"]);
        assert!(metadata.to_table("x").variables[0].codes.is_empty());
    }
}
