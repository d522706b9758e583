//! The data sets that are known: `packs/geonorge.toml`.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::atom;
use crate::client::Wanted;

/// A data set, where it is fetched, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Name of the layer: `municipalities`.
    pub name: String,
    /// What people call it, in Norwegian.
    pub title: String,
    /// Metadata uuid.
    pub uuid: String,
    /// Path of its feed at the download service; found in the service feed where it is not known.
    pub feed: Option<String>,
    /// `GML`, `GeoJSON`.
    pub format: String,
    /// Area as feeds call it.
    pub area: String,
    /// Area as orders call it.
    pub area_code: String,
    /// EPSG number.
    pub projection: u32,
    /// Name of the features inside the file: `Kommune`.
    pub features: String,
    /// Member with the code.
    pub code: String,
    /// Member with the name.
    pub label: String,
    /// How many features there are, where that is fixed.
    pub count: Option<u64>,
    /// Publisher.
    pub publisher: String,
    /// Licence.
    pub licence: String,
    /// When it is fetched.
    pub fetch: Fetch,
    /// Roughly how large the file is.
    pub megabytes: u32,
    /// Members that have not been seen to be right.
    #[serde(default)]
    pub unverified: Vec<String>,
}

/// When a data set is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fetch {
    /// With the boundaries.
    Boundaries,
    /// Only when it is asked for by name.
    ByName,
}

/// The data sets in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Datasets {
    /// In the order in which they are fetched.
    #[serde(rename = "dataset", default)]
    pub datasets: Vec<Dataset>,
}

impl Datasets {
    /// The list that is part of the program.
    ///
    /// # Panics
    ///
    /// Never: a test reads the list.
    pub fn known() -> &'static Datasets {
        static KNOWN: OnceLock<Datasets> = OnceLock::new();
        KNOWN.get_or_init(|| {
            toml::from_str(include_str!("../../../packs/geonorge.toml"))
                .expect("a test reads the list")
        })
    }

    /// The data set with this name.
    pub fn find(&self, name: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.name == name)
    }

    /// Those that are fetched with the boundaries.
    pub fn boundaries(&self) -> impl Iterator<Item = &Dataset> {
        self.datasets.iter().filter(|dataset| dataset.fetch == Fetch::Boundaries)
    }
}

impl Dataset {
    /// The file as feeds offer it.
    pub fn in_feed(&self) -> atom::Wanted<'_> {
        let (area, projection, format) = (&self.area, self.projection, &self.format);
        atom::Wanted { area, projection, format }
    }

    /// The file as it is ordered.
    pub fn in_order(&self) -> Wanted<'_> {
        Wanted {
            dataset: &self.name,
            uuid: &self.uuid,
            area: &self.area_code,
            projection: self.projection,
            format: &self.format,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_as_it_must_be() {
        let known = Datasets::known();
        let names: Vec<&str> = known.boundaries().map(|dataset| dataset.name.as_str()).collect();
        assert_eq!(names, ["municipalities", "counties", "grunnkretser"]);
        for dataset in &known.datasets {
            assert_eq!(dataset.uuid.len(), 36, "{}", dataset.name);
            assert_eq!(dataset.licence, "CC BY 4.0", "{}", dataset.name);
        }
        assert_eq!(known.find("municipalities").expect("a data set").count, Some(357));
        assert!(known.find("teiger").is_some_and(|dataset| dataset.fetch == Fetch::ByName));
    }
}
