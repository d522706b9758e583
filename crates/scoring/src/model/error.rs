//! Why a model cannot be used.

/// Why a model file cannot be used, with the line where the fault stands.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ModelError {
    /// Line in the model file, from 1.
    pub line: usize,
    /// What is wrong and what to do, one sentence without a period.
    pub problem: String,
}

impl ModelError {
    /// Places `problem` on the line where byte `offset` of `text` stands.
    pub(crate) fn at(text: &str, offset: usize, problem: impl Into<String>) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Self { line, problem: problem.into() }
    }
}
