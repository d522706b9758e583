//! Why a pack cannot be used.

use store::StoreError;

/// Why a pack, or one of its indicators, cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndicatorError {
    /// A file that the pack needs is not there.
    #[error("the pack has no file `{file}`")]
    NoFile {
        /// Path inside the packs folder.
        file: String,
    },

    /// A file is not what its kind asks for.
    #[error("`{file}` line {line}: {problem}")]
    File {
        /// Path inside the packs folder.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },

    /// The SQL does not run.
    #[error("indicator `{indicator}`: its SQL does not run")]
    Sql {
        /// Id of the indicator.
        indicator: String,
        /// What the engine says.
        #[source]
        source: StoreError,
    },

    /// A row breaks the rules that every indicator keeps.
    #[error("indicator `{indicator}`, municipality {municipality_code}, {period}: {problem}")]
    Row {
        /// Id of the indicator.
        indicator: String,
        /// Municipality of the row.
        municipality_code: String,
        /// Period of the row.
        period: String,
        /// Which rule is broken.
        problem: String,
    },

    /// The snapshot cannot be read.
    #[error("the snapshot cannot be read")]
    Store(#[from] StoreError),
}

impl IndicatorError {
    pub(crate) fn file(file: &str, line: usize, problem: impl Into<String>) -> Self {
        Self::File { file: file.to_owned(), line, problem: problem.into() }
    }

    /// Places a TOML fault on its line; `offset_lines` stand before the TOML.
    pub(crate) fn toml(
        file: &str,
        text: &str,
        offset_lines: usize,
        error: &toml::de::Error,
    ) -> Self {
        let last = text.strip_suffix('\n').map_or(text.len(), str::len);
        let start = error.span().map_or(0, |span| span.start).min(last);
        let line = 1 + offset_lines + text[..start].matches('\n').count();
        Self::file(file, line, error.message().replace('\n', "; "))
    }
}
