use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use crate::{CubeError, Object, Period, nearest};

/// What a dimension is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// When.
    Time,
    /// Where.
    Geo,
    /// What is measured: its categories have units.
    Metric,
    /// Anything else, where the publisher says so.
    Classification,
}

/// Unit of a category of a metric dimension.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unit {
    /// `persons`, `per cent`; JSON-stat's `base` at PxWeb.
    pub base: Option<String>,
    /// Decimals that the publisher shows.
    pub decimals: Option<u8>,
    /// Members that are neither (`label`, `symbol`, `position`, `multiplier`, …).
    pub other: Object,
}

/// One axis of a cube: its codes in order, and what belongs to each.
///
/// Codes are unique; labels need not be.
#[derive(Debug, Clone, Default)]
pub struct Dimension {
    /// The publisher's code, `Region`: the key everywhere.
    pub code: String,
    /// Shown name; the code where the publisher has none.
    pub label: Option<String>,
    /// As far as the publisher says.
    pub role: Option<Role>,
    codes: Vec<String>,
    /// As long as `codes`, or empty when no category has a label.
    labels: Vec<Option<String>>,
    /// Of categories, by code.
    pub units: BTreeMap<String, Unit>,
    /// Of categories, by code.
    pub category_notes: BTreeMap<String, Vec<String>>,
    /// Codes of the parts, by the code of the whole.
    pub children: BTreeMap<String, Vec<String>>,
    /// Longitude and latitude, by code.
    pub coordinates: BTreeMap<String, [f64; 2]>,
    /// Of the dimension itself.
    pub notes: Vec<String>,
    /// The publisher's own members, kept as they came.
    pub extension: Object,
    /// JSON-stat's `link`, kept as it came.
    pub link: Object,
    /// Members of the dimension that JSON-stat does not name.
    pub other: Object,
    /// Members of its `category` that JSON-stat does not name.
    pub category_other: Object,
    index: OnceLock<HashMap<String, u32>>,
}

impl PartialEq for Dimension {
    fn eq(&self, other: &Dimension) -> bool {
        let Dimension { code, label, role, codes, units, category_notes, children, .. } = self;
        *code == other.code
            && *label == other.label
            && *role == other.role
            && *codes == other.codes
            && (0..codes.len()).all(|at| self.stated_label(at) == other.stated_label(at))
            && *units == other.units
            && *category_notes == other.category_notes
            && *children == other.children
            && self.coordinates == other.coordinates
            && self.notes == other.notes
            && self.extension == other.extension
            && self.link == other.link
            && self.other == other.other
            && self.category_other == other.category_other
    }
}

impl Dimension {
    /// A dimension of these codes, in this order.
    ///
    /// # Errors
    ///
    /// [`CubeError::Shape`] when a code occurs twice.
    pub fn new(
        code: impl Into<String>,
        codes: Vec<String>,
        labels: Vec<Option<String>>,
    ) -> Result<Dimension, CubeError> {
        let code = code.into();
        if !labels.is_empty() && labels.len() != codes.len() {
            let problem = format!("{} labels for {} codes", labels.len(), codes.len());
            return Err(CubeError::shape(format!("dimension `{code}`"), problem));
        }
        let mut index = HashMap::with_capacity(codes.len());
        for (position, category) in codes.iter().enumerate() {
            let position = u32::try_from(position)
                .map_err(|_| CubeError::shape(format!("dimension `{code}`"), "too many codes"))?;
            if index.insert(category.clone(), position).is_some() {
                let problem = format!("the code `{category}` occurs twice");
                return Err(CubeError::shape(format!("dimension `{code}`"), problem));
            }
        }
        let dimension = Dimension { code, codes, labels, ..Dimension::default() };
        // A cell that was just made is empty.
        let _ = dimension.index.set(index);
        Ok(dimension)
    }

    /// Number of categories.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no category.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The codes, in order.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Label at a position; the code where the publisher gave none.
    pub fn label_at(&self, position: usize) -> &str {
        self.stated_label(position).unwrap_or(&self.codes[position])
    }

    /// Label at a position, where the publisher gave one.
    pub fn stated_label(&self, position: usize) -> Option<&str> {
        self.labels.get(position).and_then(Option::as_deref)
    }

    /// Shown name of the dimension.
    pub fn title(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.code)
    }

    /// Position of a code, spelled exactly so.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.index().get(code).map(|position| *position as usize)
    }

    /// Position of a code, with the nearest ones in the refusal.
    ///
    /// # Errors
    ///
    /// [`CubeError::UnknownCode`].
    pub fn find(&self, code: &str) -> Result<usize, CubeError> {
        self.position(code).ok_or_else(|| CubeError::UnknownCode {
            dimension: self.code.clone(),
            code: code.to_owned(),
            near: nearest(code, self.codes.iter().map(String::as_str)),
        })
    }

    /// Whether this is the time dimension: by role, else by its name.
    pub fn is_time(&self) -> bool {
        match self.role {
            Some(role) => role == Role::Time,
            None => matches!(self.code.to_lowercase().as_str(), "tid" | "time" | "år" | "year"),
        }
    }

    /// The periods of the categories; `None` where a code is not one.
    pub fn periods(&self) -> Vec<Option<Period>> {
        self.codes.iter().map(|code| Period::parse(code)).collect()
    }

    /// The same dimension with only the categories at `positions`, in that order.
    ///
    /// What belongs to a category that goes, goes with it.
    ///
    /// # Panics
    ///
    /// Panics when a position is beyond the end; positions must not repeat.
    pub fn only(&self, positions: &[usize]) -> Dimension {
        let codes: Vec<String> = positions.iter().map(|at| self.codes[*at].clone()).collect();
        let labels = match self.labels.is_empty() {
            true => Vec::new(),
            false => positions.iter().map(|at| self.labels[*at].clone()).collect(),
        };
        let mut kept = Dimension {
            code: self.code.clone(),
            label: self.label.clone(),
            role: self.role,
            codes,
            labels,
            notes: self.notes.clone(),
            extension: self.extension.clone(),
            link: self.link.clone(),
            other: self.other.clone(),
            category_other: self.category_other.clone(),
            ..Dimension::default()
        };
        let index = kept.index();
        let has = |code: &String| index.contains_key(code);
        let units = retain(&self.units, &has);
        let category_notes = retain(&self.category_notes, &has);
        let coordinates = retain(&self.coordinates, &has);
        let children = self
            .children
            .iter()
            .filter(|(parent, _)| has(parent))
            .map(|(parent, parts)| {
                (parent.clone(), parts.iter().filter(|part| has(part)).cloned().collect())
            })
            .collect();
        kept.units = units;
        kept.category_notes = category_notes;
        kept.coordinates = coordinates;
        kept.children = children;
        kept
    }

    /// The same dimension with other categories; what belongs to those it had stays.
    ///
    /// # Errors
    ///
    /// As [`Dimension::new`].
    pub fn with_codes(
        self,
        codes: Vec<String>,
        labels: Vec<Option<String>>,
    ) -> Result<Dimension, CubeError> {
        let Dimension { codes, labels, index, .. } = Dimension::new(&*self.code, codes, labels)?;
        Ok(Dimension { codes, labels, index, ..self })
    }

    /// Adds what belongs to the categories of another part of the same dimension.
    pub(crate) fn merge(&mut self, part: &Dimension) {
        let add = |into: &mut Object, from: &Object| {
            for (name, value) in from {
                match (
                    into.get_mut(name).and_then(|known| known.as_object_mut()),
                    value.as_object(),
                ) {
                    // By code, as PxWeb's `measuringType` is.
                    (Some(known), Some(more)) => {
                        for (code, value) in more {
                            known.entry(code.clone()).or_insert_with(|| value.clone());
                        }
                    }
                    _ => {
                        into.entry(name.clone()).or_insert_with(|| value.clone());
                    }
                }
            }
        };
        add(&mut self.extension, &part.extension);
        add(&mut self.link, &part.link);
        self.units.extend(part.units.clone());
        self.category_notes.extend(part.category_notes.clone());
        self.children.extend(part.children.clone());
        self.coordinates.extend(part.coordinates.clone());
        for note in &part.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
    }

    fn index(&self) -> &HashMap<String, u32> {
        self.index.get_or_init(|| {
            // `new` refused repeated codes, and more than `u32` holds.
            self.codes.iter().zip(0_u32..).map(|(code, at)| (code.clone(), at)).collect()
        })
    }
}

fn retain<V: Clone>(
    all: &BTreeMap<String, V>,
    has: &dyn Fn(&String) -> bool,
) -> BTreeMap<String, V> {
    all.iter().filter(|(code, _)| has(code)).map(|(code, of)| (code.clone(), of.clone())).collect()
}
