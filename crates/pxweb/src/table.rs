use std::collections::BTreeMap;

use cube::{Cube, CubeError};

/// What can be selected in a table: its variables, their codes and their rules.
///
/// The same for every agency and both versions of the interface; made from
/// metadata of version 2 ([`Table::from_metadata`]), of version 0
/// ([`v0::Metadata`](crate::v0::Metadata)), or from a cube in the store.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// `07459`.
    pub id: String,
    /// Title.
    pub label: String,
    /// When it was last changed, as the publisher writes it.
    pub updated: Option<String>,
    /// In the table's own order.
    pub variables: Vec<Variable>,
    /// Variables that the publisher puts in rows, by code.
    pub stub: Vec<String>,
    /// Variables that the publisher puts in columns, by code.
    pub heading: Vec<String>,
    /// Code lists whose values are known, by id.
    pub code_lists: BTreeMap<String, CodeList>,
}

/// One variable of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Variable {
    /// `Region`.
    pub code: String,
    /// Shown name.
    pub label: String,
    /// In the table's order.
    pub codes: Vec<String>,
    /// As long as `codes`.
    pub labels: Vec<String>,
    /// May be left out.
    pub elimination: bool,
    /// Code of the designated total, where the server names one.
    pub elimination_code: Option<String>,
    /// Counts time.
    pub is_time: bool,
    /// Says what is measured.
    pub is_metric: bool,
    /// Says where.
    pub is_geo: bool,
    /// Ids of the code lists that this variable offers (`agg_…`, `vs_…`).
    pub code_lists: Vec<String>,
}

/// Aggregation or value set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeListKind {
    /// `agg_…`: each value is a sum of others.
    Aggregation,
    /// `vs_…`: a subset of the values.
    ValueSet,
}

/// A named list of codes that a variable can be seen through.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeList {
    /// `agg_KommSummer`; case-sensitive.
    pub id: String,
    /// Title.
    pub label: String,
    /// By the id's prefix.
    pub kind: CodeListKind,
    /// In the list's order.
    pub values: Vec<CodeListValue>,
}

/// One value of a code list.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeListValue {
    /// `K-3103`.
    pub code: String,
    /// `Moss`.
    pub label: String,
    /// Codes of the table that it stands for.
    pub value_map: Vec<String>,
}

impl Table {
    /// Reads a version-2 metadata answer (a cube without values).
    ///
    /// # Errors
    ///
    /// None today; a cube that lacks what selection needs will be refused here.
    pub fn from_metadata(id: &str, metadata: &Cube) -> Result<Table, CubeError> {
        let _ = (id, metadata);
        todo!()
    }
}
