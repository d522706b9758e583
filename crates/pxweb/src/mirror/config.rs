//! `/config`: limits, languages, formats.

use super::format::FORMATS;
use super::{Mirror, Reply, Shelf};
use crate::wire::{ConfigResponse, Feature, Language, Parameter, SourceReference};

/// The version of the interface that is answered.
const API_VERSION: &str = "2.3.2";

impl<S: Shelf> Mirror<S> {
    pub(super) fn config(&self) -> Reply {
        let settings = &self.settings;
        let languages =
            settings.languages.iter().map(|id| Language { id: id.clone(), label: name_of(id) });
        let source_references = settings.sources.iter().map(|(language, text)| SourceReference {
            language: language.clone(),
            text: text.clone(),
        });
        // As at Statistics Norway, two zeros where this server counts no calls.
        let (max_calls_per_time_window, time_window) =
            settings.pace.map_or((0, 0), |pace| (pace.calls, pace.window.as_secs()));
        let config = ConfigResponse {
            api_version: API_VERSION.to_owned(),
            app_version: concat!("grunnlag ", env!("CARGO_PKG_VERSION")).to_owned(),
            languages: languages.collect(),
            default_language: settings.languages.first().cloned().unwrap_or_default(),
            max_data_cells: settings.max_cells,
            max_calls_per_time_window,
            time_window,
            license: settings.license.clone(),
            source_references: source_references.collect(),
            default_data_format: FORMATS[0].name().to_owned(),
            data_formats: FORMATS.iter().map(|format| format.name().to_owned()).collect(),
            features: vec![cors()],
            ..ConfigResponse::default()
        };
        Reply::json(200, &config)
    }
}

/// Only pages of this machine may ask: see the server's guard.
fn cors() -> Feature {
    let enabled = Parameter { key: "enabled".to_owned(), value: "False".to_owned() };
    Feature { id: "CORS".to_owned(), params: vec![enabled] }
}

/// A language in its own words.
fn name_of(id: &str) -> String {
    let name = match id {
        "no" => "Norsk",
        "nb" => "Bokmål",
        "nn" => "Nynorsk",
        "en" => "English",
        "sv" => "Svenska",
        "da" => "Dansk",
        "fi" => "Suomi",
        "is" => "Íslenska",
        "se" => "Davvisámegiella",
        other => other,
    };
    name.to_owned()
}
