use serde::{Deserialize, Serialize};

use super::{Link, Rest, nullable};
use crate::selection::{self, Placement, Selection};

/// Body of `POST /tables/{id}/data`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VariablesSelection {
    /// One per variable that is named.
    #[serde(deserialize_with = "nullable")]
    pub selection: Vec<VariableSelection>,
    /// Rows and columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<VariablePlacement>,
}

/// What is asked of one variable.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VariableSelection {
    /// `Region`.
    #[serde(deserialize_with = "nullable")]
    pub variable_code: String,
    /// Code list it is seen through.
    #[serde(alias = "codeList", skip_serializing_if = "Option::is_none")]
    pub codelist: Option<String>,
    /// Codes and expressions.
    #[serde(deserialize_with = "nullable")]
    pub value_codes: Vec<String>,
}

/// Rows and columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VariablePlacement {
    /// Columns.
    #[serde(deserialize_with = "nullable")]
    pub heading: Vec<String>,
    /// Rows.
    #[serde(deserialize_with = "nullable")]
    pub stub: Vec<String>,
}

/// `GET …/defaultselection` and `GET /savedqueries/{id}/selection`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SelectionResponse {
    /// Language of the table.
    #[serde(deserialize_with = "nullable")]
    pub language: String,
    /// One per variable that is selected.
    #[serde(deserialize_with = "nullable")]
    pub selection: Vec<VariableSelection>,
    /// Rows and columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<VariablePlacement>,
    /// Links.
    #[serde(deserialize_with = "nullable")]
    pub links: Vec<Link>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub rest: Rest,
}

impl From<VariablesSelection> for Selection {
    fn from(body: VariablesSelection) -> Selection {
        let variable = |one: VariableSelection| selection::VariableSelection {
            variable: one.variable_code,
            code_list: one.codelist.filter(|id| !id.is_empty()),
            items: one.value_codes,
        };
        let placement = |at: VariablePlacement| Placement { heading: at.heading, stub: at.stub };
        Selection {
            variables: body.selection.into_iter().map(variable).collect(),
            placement: body.placement.map(placement),
        }
    }
}

impl From<&Selection> for VariablesSelection {
    fn from(selection: &Selection) -> VariablesSelection {
        let variable = |one: &selection::VariableSelection| VariableSelection {
            variable_code: one.variable.clone(),
            codelist: one.code_list.clone(),
            value_codes: one.items.clone(),
        };
        let placement = |at: &Placement| VariablePlacement {
            heading: at.heading.clone(),
            stub: at.stub.clone(),
        };
        VariablesSelection {
            selection: selection.variables.iter().map(variable).collect(),
            placement: selection.placement.as_ref().map(placement),
        }
    }
}

impl From<SelectionResponse> for Selection {
    fn from(response: SelectionResponse) -> Selection {
        VariablesSelection { selection: response.selection, placement: response.placement }.into()
    }
}
