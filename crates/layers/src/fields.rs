use std::collections::HashMap;

use crate::{Field, FieldKind, LayerError};

/// Most fields that a layer may have.
const MOST_FIELDS: usize = 2_000;

/// Collects the fields of a format that announces none.
#[derive(Debug, Default)]
pub(crate) struct FieldSurvey {
    fields: Vec<(String, Option<FieldKind>)>,
    positions: HashMap<String, usize>,
}

impl FieldSurvey {
    /// Notes that a feature has this field, with a value of `kind` where it has one.
    pub(crate) fn note(&mut self, name: &str, kind: Option<FieldKind>) -> Result<(), LayerError> {
        if let Some(&at) = self.positions.get(name) {
            let known = &mut self.fields[at].1;
            *known = match (*known, kind) {
                (Some(known), Some(kind)) => Some(known.with(kind)),
                (known, kind) => known.or(kind),
            };
            return Ok(());
        }
        if self.fields.len() == MOST_FIELDS {
            let what = "the number of fields".to_owned();
            return Err(LayerError::TooLarge { what, limit: MOST_FIELDS.to_string() });
        }
        self.positions.insert(name.to_owned(), self.fields.len());
        self.fields.push((name.to_owned(), kind));
        Ok(())
    }

    /// The fields in the order in which they were met; one without values is of text.
    pub(crate) fn into_fields(self) -> Vec<Field> {
        let kind = |kind: Option<FieldKind>| kind.unwrap_or(FieldKind::Text);
        self.fields.into_iter().map(|(name, known)| Field { name, kind: kind(known) }).collect()
    }
}
