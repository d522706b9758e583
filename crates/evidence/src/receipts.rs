//! Receipts: from a number back to what was published.

use std::collections::{BTreeMap, BTreeSet};

use indicators::{Indicator, Pack};
use store::{AsPublished, Snapshot, StoreError, Value};

use crate::Evidence;
use crate::answers::{MeasureReceipt, Receipt};
use crate::texts::{Language, Texts};

/// What the snapshot says of its own measures and sources.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) measures: BTreeMap<String, store::Measure>,
    pub(crate) sources: BTreeMap<String, store::Source>,
    /// Measures of which some figures were moved from the map of their year.
    moved: BTreeSet<String>,
}

impl Sources {
    pub(crate) fn read(snapshot: &Snapshot) -> Result<Self, StoreError> {
        let measures = snapshot.measures()?.into_iter();
        let sources = snapshot.sources()?.into_iter();
        let moved = snapshot.session()?.rows("SELECT DISTINCT measure FROM figure_as_published")?;
        let name = |row: &Vec<Value>| row[0].as_str().map(str::to_owned);
        Ok(Self {
            moved: moved.rows.iter().filter_map(name).collect(),
            measures: measures.map(|measure| (measure.measure.clone(), measure)).collect(),
            sources: sources.map(|source| (source.source.clone(), source)).collect(),
        })
    }

    /// Returns the receipt of an indicator: its first measure, then all of them.
    pub(crate) fn receipt(
        &self,
        pack: &Pack,
        indicator: &Indicator,
        language: Language,
    ) -> Receipt {
        let measures: Vec<MeasureReceipt> = indicator
            .inputs
            .iter()
            .filter_map(|input| self.measure_receipt(pack, input, language))
            .collect();
        let first = measures.first();
        let of_first = |part: fn(&MeasureReceipt) -> String| first.map(part).unwrap_or_default();
        Receipt {
            table: of_first(|measure| measure.table.clone()),
            selection: of_first(|measure| measure.selection.clone()),
            publisher: of_first(|measure| measure.publisher.clone()),
            licence: of_first(|measure| measure.licence.clone()),
            reference_date: first.and_then(|measure| measure.reference_date.clone()),
            checksum: first.and_then(|measure| measure.checksum.clone()),
            sql: indicator.file.clone(),
            measures,
        }
    }

    fn measure_receipt(&self, pack: &Pack, id: &str, language: Language) -> Option<MeasureReceipt> {
        let defined = pack.measures.get(id)?;
        let title = defined.title.get(language.code()).or_else(|| defined.title.get("nb"));
        let held = self.measures.get(id);
        let source = held.and_then(|measure| self.sources.get(&measure.source));
        let caveat = held.and_then(|measure| measure.caveat.clone());
        Some(MeasureReceipt {
            measure: id.to_owned(),
            title: title.cloned().unwrap_or_default(),
            table: defined.table.clone(),
            selection: defined.selection.clone(),
            publisher: defined.publisher.clone(),
            licence: held
                .map_or_else(|| defined.licence.clone(), |measure| measure.licence.clone()),
            reference_date: source.map(|source| source.reference_date.clone()),
            retrieved_via: source.map(|source| source.retrieved_via.clone()),
            checksum: held.map(|measure| measure.checksum.clone()),
            caveat: caveat.filter(|caveat| !caveat.is_empty()),
            as_published: None,
            in_snapshot: held.is_some(),
        })
    }
}

impl Evidence {
    /// Says in a receipt what the figures of a municipality and a period were made of.
    pub(crate) fn tell_as_published(
        &self,
        receipt: &mut Receipt,
        (municipality_code, period): (&str, &str),
        language: Language,
    ) {
        for measure in &mut receipt.measures {
            if !self.sources.moved.contains(&measure.measure) {
                continue;
            }
            let made_of = self.snapshot.as_published(&measure.measure, municipality_code, period);
            let lines = made_of.map(|made_of| as_published(&self.texts, language, &made_of));
            measure.as_published =
                lines.ok().filter(|lines| !lines.is_empty()).map(|lines| lines.join("; "));
        }
    }
}

/// The figures that one of today was made of, a line each, and how much of it was modelled.
pub fn as_published(texts: &Texts, language: Language, made_of: &AsPublished) -> Vec<String> {
    let percent = |share: f64| language.number(100.0 * share, 1);
    let mut lines = Vec::with_capacity(made_of.parts.len() + 1);
    for part in &made_of.parts {
        let value = match part.value {
            // A count has no decimals; a rate has few.
            Some(value) if value.fract() == 0.0 => language.number(value, 0),
            Some(value) => language.number(value, 2),
            None => texts.say(language, &format!("status.{}", part.status.as_str()), &[]),
        };
        let (year, share) = (part.map_year.to_string(), percent(part.share));
        let places = [
            ("year", year.as_str()),
            ("code", &part.region_code),
            ("name", &part.name),
            ("value", &value),
            ("share", &share),
        ];
        let key = if part.kind == "split" { "receipt.part_divided" } else { "receipt.part" };
        lines.push(texts.say(language, key, &places));
    }
    if let Some(share) = made_of.modelled_share {
        lines.push(texts.say(language, "receipt.modelled", &[("share", &percent(share))]));
    }
    lines
}
