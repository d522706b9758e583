//! One dimension, from its member of `dimension` to the type and back.

use serde_json::{Value, json};

use super::members::{Members, code, count, join, malformed, texts};
use crate::{CubeError, Dimension, Object, Unit};

/// Makes a dimension of its member; `size` is what the dataset says, if it does.
pub(super) fn read(name: &str, member: Value, size: Option<usize>) -> Result<Dimension, CubeError> {
    let place = format!("dimension `{name}`");
    let Value::Object(mut members) = member else {
        return Err(malformed(&place, "it is not an object"));
    };
    if !members.get("category").is_some_and(Value::is_object) {
        return Err(malformed(&place, "it has no object `category`"));
    }
    let mut category = members.take_object("category");
    let mut labels = category.take_object("label");
    let codes = codes(&place, category.shift_remove("index"), &labels, size)?;
    let stated = codes.iter().map(|category| {
        let label = labels.get(category).and_then(code)?;
        labels.insert(category.clone(), Value::Null);
        Some(label)
    });
    let mut stated: Vec<Option<String>> = stated.collect();
    if stated.iter().all(Option::is_none) {
        stated.clear();
    }
    labels.retain(|_, label| !label.is_null());
    if !labels.is_empty() {
        category.insert("label".to_owned(), Value::Object(labels));
    }
    let mut dimension = Dimension::new(name, codes, stated)?;
    dimension.units = category.take_entries("unit", unit).into_iter().collect();
    dimension.category_notes = category.take_entries("note", texts).into_iter().collect();
    dimension.children = category.take_entries("child", texts).into_iter().collect();
    dimension.coordinates = category.take_entries("coordinates", point).into_iter().collect();
    dimension.category_other = category;
    dimension.label = members.take_text("label");
    dimension.notes = members.take_texts("note");
    dimension.extension = members.take_object("extension");
    dimension.link = members.take_object("link");
    dimension.other = members;
    Ok(dimension)
}

/// The codes in the order of their positions.
fn codes(
    place: &str,
    index: Option<Value>,
    labels: &Object,
    size: Option<usize>,
) -> Result<Vec<String>, CubeError> {
    let codes = match index {
        Some(Value::Array(codes)) => codes
            .iter()
            .map(|item| {
                code(item).ok_or_else(|| malformed(place, format!("`{item}` is not a code")))
            })
            .collect::<Result<Vec<_>, _>>()?,
        Some(Value::Object(positions)) => {
            // Before positions are looked at: a wrong number is what one wants to hear of first.
            agrees(place, positions.len(), size)?;
            by_position(place, positions)?
        }
        None | Some(Value::Null) if labels.len() == 1 => labels.keys().cloned().collect(),
        None | Some(Value::Null) => {
            return Err(malformed(place, "`index` is missing, and there is not exactly one label"));
        }
        Some(_) => return Err(malformed(place, "`index` is neither an object nor an array")),
    };
    agrees(place, codes.len(), size)?;
    Ok(codes)
}

fn agrees(place: &str, categories: usize, size: Option<usize>) -> Result<(), CubeError> {
    match size {
        Some(size) if size != categories => {
            let problem = format!("it has {categories} categories, and `size` says {size}");
            Err(malformed(place, problem))
        }
        _ => Ok(()),
    }
}

fn by_position(place: &str, positions: Object) -> Result<Vec<String>, CubeError> {
    let mut codes: Vec<Option<String>> = vec![None; positions.len()];
    for (category, position) in positions {
        let Some(at) = count(&position) else {
            let problem = format!("the position of `{category}` is `{position}`");
            return Err(malformed(place, problem));
        };
        let last = codes.len() - 1;
        let Some(slot) = codes.get_mut(at) else {
            let problem = format!("`{category}` stands at position {at}, after the last, {last}");
            return Err(malformed(place, problem));
        };
        if let Some(other) = slot {
            let problem = format!("`{other}` and `{category}` both stand at position {at}");
            return Err(malformed(place, problem));
        }
        *slot = Some(category);
    }
    // As many positions as codes, all within and none twice: none is open.
    Ok(codes.into_iter().flatten().collect())
}

fn unit(value: &Value) -> Option<Unit> {
    let mut other = value.as_object()?.clone();
    let decimals = other.get("decimals").and_then(Value::as_u64).and_then(|n| u8::try_from(n).ok());
    if decimals.is_some() {
        other.shift_remove("decimals");
    }
    Some(Unit { base: other.take_text("base"), decimals, other })
}

fn point(value: &Value) -> Option<[f64; 2]> {
    match value.as_array()?.as_slice() {
        [east, north] => Some([east.as_f64()?, north.as_f64()?]),
        _ => None,
    }
}

/// The member of `dimension` that says all that is known of one.
pub(super) fn write(dimension: &Dimension) -> Value {
    let mut members = Object::new();
    if let Some(label) = &dimension.label {
        members.insert("label".to_owned(), json!(label));
    }
    if !dimension.notes.is_empty() {
        members.insert("note".to_owned(), json!(dimension.notes));
    }
    members.insert("category".to_owned(), Value::Object(category(dimension)));
    for (name, object) in [("extension", &dimension.extension), ("link", &dimension.link)] {
        if !object.is_empty() {
            members.insert(name.to_owned(), Value::Object(object.clone()));
        }
    }
    for (name, left) in &dimension.other {
        join(&mut members, name, left);
    }
    Value::Object(members)
}

fn category(dimension: &Dimension) -> Object {
    let mut category = Object::new();
    let codes = dimension.codes();
    let index: Object = codes.iter().cloned().zip((0_u64..).map(Value::from)).collect();
    category.insert("index".to_owned(), Value::Object(index));
    let labels: Object = (0..codes.len())
        .filter_map(|at| Some((codes[at].clone(), Value::from(dimension.stated_label(at)?))))
        .collect();
    if !labels.is_empty() {
        category.insert("label".to_owned(), Value::Object(labels));
    }
    let by_code = [
        ("note", entries(dimension, &dimension.category_notes, |notes| json!(notes))),
        ("child", entries(dimension, &dimension.children, |parts| json!(parts))),
        ("unit", entries(dimension, &dimension.units, unit_members)),
        (
            "coordinates",
            entries(dimension, &dimension.coordinates, |point| json!(point.map(number))),
        ),
    ];
    for (name, entries) in by_code {
        if !entries.is_empty() {
            category.insert(name.to_owned(), Value::Object(entries));
        }
    }
    for (name, left) in &dimension.category_other {
        join(&mut category, name, left);
    }
    category
}

/// What belongs to categories, in their order; what belongs to codes that are not there, last.
fn entries<T>(
    dimension: &Dimension,
    by_code: &std::collections::BTreeMap<String, T>,
    form: impl Fn(&T) -> Value,
) -> Object {
    let mut sorted: Vec<_> = by_code.iter().collect();
    sorted.sort_by_key(|(code, _)| dimension.position(code).unwrap_or(usize::MAX));
    sorted.into_iter().map(|(code, of)| (code.clone(), form(of))).collect()
}

/// Without decimals where it is whole, as it mostly came.
fn number(number: f64) -> Value {
    let whole = number as i64;
    if whole as f64 == number && whole.unsigned_abs() < 1 << 53 {
        json!(whole)
    } else {
        json!(number)
    }
}

fn unit_members(unit: &Unit) -> Value {
    let mut members = Object::new();
    if let Some(base) = &unit.base {
        members.insert("base".to_owned(), json!(base));
    }
    if let Some(decimals) = unit.decimals {
        members.insert("decimals".to_owned(), json!(decimals));
    }
    for (name, left) in &unit.other {
        join(&mut members, name, left);
    }
    Value::Object(members)
}
