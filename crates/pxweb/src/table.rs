use std::collections::BTreeMap;

use cube::{Cube, CubeError, Dimension, Period, Role};
use serde_json::Value;

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
    /// Where roles are not given, time is known by its name, else by codes that are all periods.
    ///
    /// # Errors
    ///
    /// None today; a cube that lacks what selection needs will be refused here.
    pub fn from_metadata(id: &str, metadata: &Cube) -> Result<Table, CubeError> {
        Ok(Table::from_cube(id, metadata))
    }

    /// The table that a cube of the store or the mirror is, with or without values.
    ///
    /// A variable may be left out only where the cube's extension says so.
    pub fn from_cube(id: &str, cube: &Cube) -> Table {
        let mut variables: Vec<Variable> = cube.dimensions().iter().map(read_variable).collect();
        flag_time(cube, &mut variables);
        flag_others(cube, &mut variables);
        let placed = |member: &str| -> Vec<String> {
            let px = cube.extension.get("px");
            let codes = px.and_then(|px| px.get(member)).and_then(Value::as_array);
            let known = |code: &&str| cube.dimension(code).is_some();
            let codes = codes.into_iter().flatten().filter_map(Value::as_str).filter(known);
            codes.map(str::to_owned).collect()
        };
        Table {
            id: id.to_owned(),
            label: cube.label.clone().unwrap_or_else(|| id.to_owned()),
            updated: cube.updated.clone(),
            stub: placed("stub"),
            heading: placed("heading"),
            variables,
            code_lists: BTreeMap::new(),
        }
    }

    /// Position of a variable: exactly spelled, else in any case; `time` is the time variable.
    pub fn position(&self, variable: &str) -> Option<usize> {
        let of = |code: &str| {
            let exact = self.variables.iter().position(|one| one.code == code);
            let lower = code.to_lowercase();
            exact.or_else(|| self.variables.iter().position(|one| one.code.to_lowercase() == lower))
        };
        // A table without a time variable may have one that is called so.
        let alias = variable.eq_ignore_ascii_case("time").then(|| self.time()).flatten();
        alias.or_else(|| of(variable))
    }

    /// Position of the time variable.
    pub fn time(&self) -> Option<usize> {
        self.variables.iter().position(|variable| variable.is_time)
    }

    /// Position of the variable that says what is measured.
    pub fn metric(&self) -> Option<usize> {
        self.variables.iter().position(|variable| variable.is_metric)
    }

    /// Cells of the whole table, every variable included.
    pub fn cells(&self) -> u64 {
        let sizes = self.variables.iter().map(|variable| variable.codes.len() as u64);
        sizes.fold(1, u64::saturating_mul)
    }
}

impl CodeListKind {
    /// By the prefix of an id, in exactly this case; `None` where it has neither.
    pub fn of(id: &str) -> Option<CodeListKind> {
        match () {
            () if id.starts_with("agg_") => Some(CodeListKind::Aggregation),
            () if id.starts_with("vs_") => Some(CodeListKind::ValueSet),
            () => None,
        }
    }
}

fn read_variable(dimension: &Dimension) -> Variable {
    let member = |name: &str| dimension.extension.get(name);
    // The name was spelled `codeLists` until 2025.
    let lists = member("codelists").or_else(|| member("codeLists")).and_then(Value::as_array);
    let id_of = |list: &Value| list.get("id").and_then(Value::as_str).map(str::to_owned);
    let total = member("eliminationValueCode").and_then(Value::as_str);
    Variable {
        code: dimension.code.clone(),
        label: dimension.title().to_owned(),
        codes: dimension.codes().to_vec(),
        labels: (0..dimension.len()).map(|at| dimension.label_at(at).to_owned()).collect(),
        elimination: member("elimination").and_then(Value::as_bool).unwrap_or(false),
        elimination_code: total.map(str::to_owned),
        is_time: dimension.role == Some(Role::Time),
        is_metric: dimension.role == Some(Role::Metric),
        is_geo: dimension.role == Some(Role::Geo),
        code_lists: lists.into_iter().flatten().filter_map(id_of).collect(),
    }
}

fn flag_time(cube: &Cube, variables: &mut [Variable]) {
    if variables.iter().any(|variable| variable.is_time) {
        return;
    }
    let free = |one: &Dimension| one.role.is_none();
    let by_name = |one: &Dimension| free(one) && one.is_time();
    let is_period = |code: &String| Period::parse(code).is_some();
    let by_codes =
        |one: &Dimension| free(one) && !one.is_empty() && one.codes().iter().all(is_period);
    let found = cube.dimensions().iter().position(by_name);
    // Codes such as 1103 look like years: only years of statistics count.
    let is_recent = |one: &Dimension| by_codes(one) && one.periods().iter().flatten().all(recent);
    if let Some(at) = found.or_else(|| cube.dimensions().iter().position(is_recent)) {
        variables[at].is_time = true;
    }
}

fn recent(period: &Period) -> bool {
    (1735..=2150).contains(&period.year())
}

fn flag_others(cube: &Cube, variables: &mut [Variable]) {
    if !variables.iter().any(|variable| variable.is_metric)
        && let Some(at) = cube.metric()
    {
        variables[at].is_metric = true;
    }
    if variables.iter().any(|variable| variable.is_geo) {
        return;
    }
    let places = ["region", "kokkommuneregion0000", "grunnkretser", "kommune", "fylke"];
    let is_place =
        |one: &Dimension| one.role.is_none() && places.contains(&one.code.to_lowercase().as_str());
    if let Some(at) = cube.dimensions().iter().position(is_place) {
        variables[at].is_geo = true;
    }
}
