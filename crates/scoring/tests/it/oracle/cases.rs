//! The single calls of `coinr/cases.json`: small vectors with ties, gaps, constants, negatives.

use serde_json::Value;

use super::oracle;

/// One call of a function of COINr and what it gave.
pub struct Case {
    pub id: String,
    arguments: Value,
    /// What it returned; null where it stopped.
    pub value: Value,
    pub stopped: bool,
}

/// Returns the calls of one function; nothing without the oracle.
pub fn cases(function: &str) -> Vec<Case> {
    let Some(folder) = oracle() else { return Vec::new() };
    let text = std::fs::read_to_string(folder.join("coinr/cases.json")).expect("the cases");
    let all: Vec<Value> = serde_json::from_str(&text).expect("the cases are JSON");
    let of_function = all.into_iter().filter(|case| case["function"] == function);
    of_function
        .map(|case| Case {
            id: case["id"].as_str().expect("a case has an id").to_owned(),
            arguments: case["args"].clone(),
            value: case["value"].clone(),
            stopped: case["error"].is_string(),
        })
        .collect()
}

/// Reads a column; null, NaN and infinities are gaps.
pub fn column(value: &Value) -> Vec<Option<f64>> {
    value.as_array().expect("a column is a list").iter().map(Value::as_f64).collect()
}

/// Reads a list of texts.
pub fn texts(value: &Value) -> Vec<Option<String>> {
    let list = value.as_array().expect("a list").iter();
    list.map(|text| text.as_str().map(str::to_owned)).collect()
}

impl Case {
    pub fn column(&self, argument: &str) -> Vec<Option<f64>> {
        column(&self.arguments[argument])
    }

    pub fn texts(&self, argument: &str) -> Vec<Option<String>> {
        texts(&self.arguments[argument])
    }

    /// The first element of an argument, as everything in R is a vector.
    pub fn number(&self, argument: &str) -> f64 {
        self.arguments[argument][0].as_f64().expect("the argument is a number")
    }

    pub fn text(&self, argument: &str) -> &str {
        self.arguments[argument][0].as_str().expect("the argument is a text")
    }

    pub fn is_true(&self, argument: &str) -> bool {
        self.arguments[argument][0] == true
    }

    /// Whether the call names the argument, though it may be null.
    pub fn mentions(&self, argument: &str) -> bool {
        self.arguments.get(argument).is_some()
    }

    pub fn has(&self, argument: &str) -> bool {
        !self.arguments[argument].is_null()
    }

    /// The single number it returned.
    pub fn answer(&self) -> Option<f64> {
        self.value[0].as_f64()
    }
}
