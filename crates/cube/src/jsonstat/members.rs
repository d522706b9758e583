//! Taking known members out of an object, so that what is left is what nobody knows.

use serde_json::Value;

use crate::{CubeError, Object};

/// Members of one object; each is taken out in the form that is known, or left.
pub(super) trait Members {
    /// A text.
    fn take_text(&mut self, name: &str) -> Option<String>;
    /// An object.
    fn take_object(&mut self, name: &str) -> Object;
    /// An array of texts, or one text.
    fn take_texts(&mut self, name: &str) -> Vec<String>;
    /// What `form` can make of each entry of an object; entries it cannot use are left.
    fn take_entries<T>(
        &mut self,
        name: &str,
        form: impl Fn(&Value) -> Option<T>,
    ) -> Vec<(String, T)>;
}

impl Members for Object {
    fn take_text(&mut self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(_) => match self.shift_remove(name)? {
                Value::String(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    fn take_object(&mut self, name: &str) -> Object {
        if !self.get(name).is_some_and(Value::is_object) {
            return Object::new();
        }
        match self.shift_remove(name) {
            Some(Value::Object(object)) => object,
            _ => Object::new(),
        }
    }

    fn take_texts(&mut self, name: &str) -> Vec<String> {
        let Some(found) = self.get(name).and_then(texts) else { return Vec::new() };
        self.shift_remove(name);
        found
    }

    fn take_entries<T>(
        &mut self,
        name: &str,
        form: impl Fn(&Value) -> Option<T>,
    ) -> Vec<(String, T)> {
        let mut taken = Vec::new();
        let mut left = Object::new();
        for (code, value) in self.take_object(name) {
            match form(&value) {
                Some(known) => taken.push((code, known)),
                None => drop(left.insert(code, value)),
            }
        }
        if !left.is_empty() {
            self.insert(name.to_owned(), Value::Object(left));
        }
        taken
    }
}

/// An array of texts, or one text as an array.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// A text, or a number as a text: some producers write years so.
pub(super) fn code(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number from zero, also where it is written as a text.
pub(super) fn count(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// Joins what was left over when reading to what is written under the same name.
pub(super) fn join(members: &mut Object, name: &str, left: &Value) -> bool {
    match (members.get_mut(name), left) {
        (None, left) => {
            members.insert(name.to_owned(), left.clone());
            true
        }
        (Some(Value::Object(written)), Value::Object(left)) => {
            for (name, value) in left {
                join(written, name, value);
            }
            true
        }
        (Some(Value::Array(written)), Value::Array(left)) => {
            written.extend(left.iter().cloned());
            true
        }
        _ => false,
    }
}

/// A refusal of a member's form.
pub(super) fn malformed(place: &str, problem: impl Into<String>) -> CubeError {
    CubeError::shape(place, problem)
}
