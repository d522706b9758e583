use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Placement, Selection, VariableSelection};
use crate::Fault;

impl Selection {
    /// Reads `valueCodes[…]`, `codelist[…]`, `heading` and `stub` from decoded query parameters.
    ///
    /// A code list without codes for a variable spelled the same is passed over, as by the server.
    ///
    /// # Errors
    ///
    /// A validation fault for a key that begins with `valuecodes` and is not of that shape.
    pub fn from_query(parameters: &[(String, String)]) -> Result<Selection, Fault> {
        let mut variables: Vec<(String, String)> = Vec::new();
        for (key, value) in parameters {
            if begins_with(key, "valuecodes") {
                let variable = inside(key, "valuecodes").ok_or_else(|| misshapen(key))?;
                join(&mut variables, variable, value);
            }
        }
        let code_list = |variable: &str| {
            let of = |key: &str| inside(key, "codelist") == Some(variable);
            let found = parameters.iter().find(|(key, _)| of(key));
            found.map(|(_, id)| id.trim().to_owned()).filter(|id| !id.is_empty())
        };
        let read = |(variable, value): (String, String)| VariableSelection {
            code_list: code_list(&variable),
            items: split(&value).into_iter().map(str::to_owned).collect(),
            variable,
        };
        let list = |name: &str| -> Vec<String> {
            let values = parameters.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
            let codes = values.flat_map(|(_, value)| value.split(',')).map(str::trim);
            codes.filter(|code| !code.is_empty()).map(str::to_owned).collect()
        };
        let (heading, stub) = (list("heading"), list("stub"));
        let placement =
            (!heading.is_empty() || !stub.is_empty()).then_some(Placement { heading, stub });
        Ok(Selection { variables: variables.into_iter().map(read).collect(), placement })
    }

    /// The parameters that say this in an address, percent-encoded and joined by `&`.
    ///
    /// Variables without items are left out, which eliminates them.
    pub fn to_query(&self) -> String {
        let mut query = String::new();
        let mut add = |key: &str, variable: &str, value: &str| {
            let separator = if query.is_empty() { "" } else { "&" };
            query.push_str(separator);
            query.push_str(key);
            if !variable.is_empty() {
                query.push('[');
                percent_encode(variable, &mut query);
                query.push(']');
            }
            query.push('=');
            percent_encode(value, &mut query);
        };
        for asked in self.variables.iter().filter(|asked| !asked.items.is_empty()) {
            add("valueCodes", &asked.variable, &joined(&asked.items));
            if let Some(id) = &asked.code_list {
                add("codelist", &asked.variable, id);
            }
        }
        if let Some(Placement { heading, stub }) = &self.placement {
            for (key, codes) in [("heading", heading), ("stub", stub)] {
                if !codes.is_empty() {
                    add(key, "", &codes.join(","));
                }
            }
        }
        query
    }

    /// Whether [`Selection::to_query`] says the same: brackets, blanks and commas in odd places
    /// cannot be said in an address, only in a body.
    pub fn fits_in_query(&self) -> bool {
        let survives = |items: &[String]| items.is_empty() || split(&joined(items)) == *items;
        let is_plain = |code: &String| {
            !code.is_empty() && code.trim().len() == code.len() && !code.contains(',')
        };
        let placement = self.placement.as_ref();
        self.variables.iter().all(|asked| survives(&asked.items))
            && placement.is_none_or(|one| one.heading.iter().chain(&one.stub).all(is_plain))
    }

    /// The JSON body that says this in a POST.
    pub fn to_body(&self) -> Value {
        let one = |asked: &VariableSelection| {
            let mut body = Map::new();
            body.insert("variableCode".to_owned(), asked.variable.clone().into());
            if let Some(id) = &asked.code_list {
                body.insert("codelist".to_owned(), id.clone().into());
            }
            body.insert("valueCodes".to_owned(), asked.items.clone().into());
            Value::Object(body)
        };
        let mut body = json!({ "selection": self.variables.iter().map(one).collect::<Vec<_>>() });
        if let Some(Placement { heading, stub }) = &self.placement {
            body["placement"] = json!({ "heading": heading, "stub": stub });
        }
        body
    }

    /// Reads the JSON body of a POST; names of members in any case, `null` as if it were absent.
    ///
    /// # Errors
    ///
    /// A validation fault that names the member which cannot be read.
    pub fn from_body(body: &Value) -> Result<Selection, Fault> {
        let body = object(body, "$")?;
        let mut variables = Vec::new();
        if let Some(selection) = member(body, "selection") {
            for (at, asked) in array(selection, "selection")?.iter().enumerate() {
                let path = format!("selection[{at}]");
                let asked = object(asked, &path)?;
                let variable = member(asked, "variableCode");
                let path_of = |name: &str| format!("{path}.{name}");
                let missing = || {
                    let message = "The VariableCode field is required.";
                    Fault::validation(&path_of("VariableCode"), message)
                };
                let variable = text(variable.ok_or_else(missing)?, &path_of("variableCode"))?;
                let list = member(asked, "codelist");
                let code_list = list.map(|id| text(id, &path_of("codelist"))).transpose()?;
                let items = match member(asked, "valueCodes") {
                    None => Vec::new(),
                    Some(items) => texts(items, &path_of("valueCodes"))?,
                };
                let code_list = code_list.filter(|id| !id.trim().is_empty());
                variables.push(VariableSelection { variable, code_list, items });
            }
        }
        let mut placement = None;
        if let Some(placed) = member(body, "placement") {
            let placed = object(placed, "placement")?;
            let list = |name: &str| match member(placed, name) {
                None => Ok(Vec::new()),
                Some(codes) => texts(codes, &format!("placement.{name}")),
            };
            let (heading, stub) = (list("heading")?, list("stub")?);
            let some = Placement { heading, stub };
            placement = (some != Placement::default()).then_some(some);
        }
        Ok(Selection { variables, placement })
    }
}

fn begins_with(key: &str, name: &str) -> bool {
    key.get(..name.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(name))
}

/// The variable in `name[variable]`.
fn inside<'k>(key: &'k str, name: &str) -> Option<&'k str> {
    let rest = begins_with(key, name).then(|| &key[name.len()..])?;
    rest.strip_prefix('[')?.strip_suffix(']').filter(|variable| !variable.is_empty())
}

fn misshapen(key: &str) -> Fault {
    let message =
        format!("valuecodes-parameter should be like valuecodes[<variable>]. {key} is not.");
    Fault::validation("valuecodes", &message)
}

/// Keys that differ in case only are one, spelled as the first; their values are joined.
fn join(variables: &mut Vec<(String, String)>, variable: &str, value: &str) {
    let lower = variable.to_lowercase();
    match variables.iter_mut().find(|(known, _)| known.to_lowercase() == lower) {
        Some((_, joined)) => {
            joined.push(',');
            joined.push_str(value);
        }
        None => variables.push((variable.to_owned(), value.to_owned())),
    }
}

/// Splits at commas outside brackets, as the server does: a comma is inside when the next
/// bracket, if any, closes. Blanks go, unless brackets hold them.
fn split(value: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut begin = 0;
    let brackets: Vec<usize> = value.match_indices(['[', ']']).map(|(at, _)| at).collect();
    let mut next = 0;
    for (comma, _) in value.match_indices(',') {
        while brackets.get(next).is_some_and(|at| *at < comma) {
            next += 1;
        }
        let closes = brackets.get(next).is_some_and(|at| value.as_bytes()[*at] == b']');
        if !closes {
            items.push(&value[begin..comma]);
            begin = comma + 1;
        }
    }
    items.push(&value[begin..]);
    let bare = |item: &str| match item.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').map(str::len).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let strip = |item| match bare(item) {
        usize::MAX => item.trim(),
        length => &item[1..=length],
    };
    items.into_iter().map(strip).collect()
}

fn joined(items: &[String]) -> String {
    let mut value = String::new();
    for item in items {
        if !value.is_empty() {
            value.push(',');
        }
        let is_odd = item.contains([',', '[', ']']) || item.trim().len() != item.len();
        match is_odd || item.is_empty() {
            true => value.extend(["[", item, "]"]),
            false => value.push_str(item),
        }
    }
    value
}

/// Leaves what a query may hold and what no server reads otherwise: `+` would be a blank.
fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => into.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'*' | b'(' | b')' | b',' | b'[' | b']' | b':' => {
                into.push(char::from(byte));
            }
            _ => {
                // Writing to a string does not fail.
                let _ = write!(into, "%{byte:02X}");
            }
        }
    }
}

fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let found = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value).filter(|value| !value.is_null())
}

fn unreadable(path: &str) -> Fault {
    Fault::validation(path, &format!("The value of {path} could not be converted."))
}

fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, Fault> {
    value.as_object().ok_or_else(|| unreadable(path))
}

fn array<'a>(value: &'a Value, path: &str) -> Result<&'a [Value], Fault> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| unreadable(path))
}

fn text(value: &Value, path: &str) -> Result<String, Fault> {
    value.as_str().map(str::to_owned).ok_or_else(|| unreadable(path))
}

fn texts(value: &Value, path: &str) -> Result<Vec<String>, Fault> {
    array(value, path)?.iter().map(|one| text(one, path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(query: &[(&str, &str)]) -> Vec<(String, String)> {
        query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn items(value: &str) -> Vec<&str> {
        split(value)
    }

    #[test]
    fn commas_split_outside_brackets_only() {
        assert_eq!(
            items("2015,[range(2015,2020)], top(3)"),
            ["2015", "range(2015,2020)", "top(3)"]
        );
        assert_eq!(items("[top(3,2)]"), ["top(3,2)"]);
        assert_eq!(items("top(3,2)"), ["top(3", "2)"]);
        assert_eq!(items(""), [""]);
        assert_eq!(items("a,,b"), ["a", "", "b"]);
        assert_eq!(items("[ a]"), [" a"]);
        // The server looks for the bracket before it takes the blank away.
        assert_eq!(items("x, [a,b]"), ["x", "[a,b]"]);
    }

    #[test]
    fn keys_are_read_in_any_case_and_repeated_ones_joined() {
        let read = Selection::from_query(&parameters(&[
            ("lang", "no"),
            ("VALUECODES[Region]", "0301"),
            ("valueCodes[region]", "1103, 4601"),
            ("codelist[Region]", "vs_Kommun"),
            ("Heading", "Tid"),
        ]))
        .expect("well formed");
        assert_eq!(read.variables.len(), 1);
        assert_eq!(read.variables[0].variable, "Region");
        assert_eq!(read.variables[0].items, ["0301", "1103", "4601"]);
        assert_eq!(read.variables[0].code_list.as_deref(), Some("vs_Kommun"));
        assert_eq!(read.placement.expect("a heading").heading, ["Tid"]);
    }

    #[test]
    fn a_code_list_for_a_variable_spelled_otherwise_is_passed_over() {
        let query =
            [("valueCodes[Region]", "*"), ("codelist[region]", "agg_X"), ("codelist[Tid]", "vs_Y")];
        let read = Selection::from_query(&parameters(&query)).expect("well formed");
        assert_eq!(read.variables.len(), 1);
        assert_eq!(read.variables[0].code_list, None);
    }

    #[test]
    fn a_misshapen_key_is_refused_in_the_server_s_words() {
        for key in ["valuecodes", "valueCodes[]", "valuecodes[Tid", "valuecodesTid"] {
            let fault = Selection::from_query(&parameters(&[(key, "1")])).expect_err("misshapen");
            let message = format!(
                "valuecodes-parameter should be like valuecodes[<variable>]. {key} is not."
            );
            assert_eq!(fault, Fault::validation("valuecodes", &message));
        }
    }

    #[test]
    fn an_address_is_short_and_safe() {
        let asked = |variable: &str, items: &[&str]| VariableSelection {
            variable: variable.to_owned(),
            code_list: None,
            items: items.iter().map(|item| (*item).to_owned()).collect(),
        };
        let selection = Selection {
            variables: vec![
                asked("Alder", &["105+", "range(065,105+)"]),
                asked("Næring", &["a b", "Å&#"]),
                asked("Kjonn", &[]),
            ],
            placement: Some(Placement { heading: vec![], stub: vec!["Alder".to_owned()] }),
        };
        assert_eq!(
            selection.to_query(),
            "valueCodes[Alder]=105%2B,[range(065,105%2B)]\
             &valueCodes[N%C3%A6ring]=a%20b,%C3%85%26%23&stub=Alder"
        );
    }

    #[test]
    fn a_body_is_read_with_names_in_any_case_and_null_as_absent() {
        let body = json!({
            "Selection": [
                { "VARIABLECODE": "Region", "CodeList": "agg_X", "valuecodes": ["K-*", "range(a,b)"] },
                { "variableCode": "Kjonn", "codelist": null, "valueCodes": null },
            ],
            "placement": { "HEADING": ["Region"] },
        });
        let read = Selection::from_body(&body).expect("well formed");
        assert_eq!(read.variables[0].items, ["K-*", "range(a,b)"]);
        assert_eq!(read.variables[0].code_list.as_deref(), Some("agg_X"));
        assert!(read.variables[1].items.is_empty());
        assert_eq!(Selection::from_body(&read.to_body()), Ok(read));
        let no_code = json!({ "selection": [{ "valueCodes": ["1"] }] });
        let fault = Selection::from_body(&no_code).expect_err("no variable");
        assert_eq!(fault.variable.as_deref(), Some("selection[0].VariableCode"));
        assert!(Selection::from_body(&json!([])).is_err());
    }
}
