//! Receipts: from a number back to what was published.

use std::collections::BTreeMap;

use indicators::{Indicator, Pack};
use store::{Snapshot, StoreError};

use crate::answers::{MeasureReceipt, Receipt};
use crate::texts::Language;

/// What the snapshot says of its own measures and sources.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) measures: BTreeMap<String, store::Measure>,
    pub(crate) sources: BTreeMap<String, store::Source>,
}

impl Sources {
    pub(crate) fn read(snapshot: &Snapshot) -> Result<Self, StoreError> {
        let measures = snapshot.measures()?.into_iter();
        let sources = snapshot.sources()?.into_iter();
        Ok(Self {
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
            in_snapshot: held.is_some(),
        })
    }
}
