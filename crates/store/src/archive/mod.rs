//! What was asked, what came back, and what was made of it; nothing is ever lost.
//!
//! An archive is one folder: a small SQLite file with the rows, and beside it the
//! bytes, named by what they contain. A file is whole and on disk before a row
//! points to it, so that a run killed at any moment leaves nothing half-visible.
//!
//! Answers and versions are added, never changed and never deleted. Any number of
//! threads and processes may use one archive at once.
//!
//! The meaning of an answer is not known here: bodies and queries are opaque.

mod records;

use std::path::Path;
use std::time::Duration;

pub use records::{
    CatalogueEntry, Claim, Hit, KeptAnswer, Permit, Published, Question, RawAnswer, RawRequest,
    Run, Subject, Version, VersionInfo,
};

use crate::StoreError;

/// The data folder: answers, extracts, budgets, catalogues.
#[derive(Debug)]
pub struct Archive {}

#[expect(missing_docs, unused_variables, reason = "signatures first; `ingest` codes against them")]
impl Archive {
    pub fn open(data: &Path) -> Result<Archive, StoreError> {
        todo!()
    }
    pub fn open_existing(data: &Path) -> Result<Option<Archive>, StoreError> {
        todo!()
    }
    pub fn folder(&self) -> &Path {
        todo!()
    }
    pub fn claim(&self, question: &Question, lease: Duration) -> Result<Claim, StoreError> {
        todo!()
    }
    /// As `claim`, but only an answer received at or after `not_before` (RFC 3339) will do.
    pub fn claim_since(
        &self,
        question: &Question,
        lease: Duration,
        not_before: &str,
    ) -> Result<Claim, StoreError> {
        todo!()
    }
    pub fn keep(
        &self,
        question: &Question,
        request: &RawRequest,
        answer: &RawAnswer,
    ) -> Result<i64, StoreError> {
        todo!()
    }
    /// Marks a kept answer as unusable (wrong language, error page with status 200 ...): never recalled.
    pub fn reject(&self, answer: i64, reason: &str) -> Result<(), StoreError> {
        todo!()
    }
    pub fn release(&self, question: &Question) -> Result<(), StoreError> {
        todo!()
    }
    pub fn recall(&self, question: &Question) -> Result<Option<KeptAnswer>, StoreError> {
        todo!()
    }
    pub fn recall_any(&self, question: &Question) -> Result<Option<KeptAnswer>, StoreError> {
        todo!()
    }
    pub fn answer(&self, id: i64) -> Result<Option<KeptAnswer>, StoreError> {
        todo!()
    }
    pub fn answers_by_digest(&self, sha256_prefix: &str) -> Result<Vec<KeptAnswer>, StoreError> {
        todo!()
    }
    pub fn blob(&self, sha256: &str) -> Result<Vec<u8>, StoreError> {
        todo!()
    }
    pub fn take(&self, host: &str, calls: u32, window: Duration) -> Result<Permit, StoreError> {
        todo!()
    }
    pub fn done(&self, host: &str, call: u64) -> Result<(), StoreError> {
        todo!()
    }
    pub fn hold(&self, host: &str, pause: Duration) -> Result<(), StoreError> {
        todo!()
    }
    pub fn publish(
        &self,
        extract: &str,
        parquet: &[u8],
        info: &VersionInfo,
    ) -> Result<Published, StoreError> {
        todo!()
    }
    pub fn versions(&self, extract: &str) -> Result<Vec<Version>, StoreError> {
        todo!()
    }
    pub fn current(&self, extract: &str) -> Result<Option<Version>, StoreError> {
        todo!()
    }
    /// `moment`: `2026-03-01` (to its end, UTC) or RFC 3339.
    pub fn as_of(&self, extract: &str, moment: &str) -> Result<Option<Version>, StoreError> {
        todo!()
    }
    pub fn extract_bytes(&self, version: &Version) -> Result<Vec<u8>, StoreError> {
        todo!()
    }
    pub fn extracts(&self) -> Result<Vec<String>, StoreError> {
        todo!()
    }
    pub fn put_catalogue(
        &self,
        server: &str,
        language: &str,
        entries: &[CatalogueEntry],
        fetched_at: &str,
    ) -> Result<(), StoreError> {
        todo!()
    }
    pub fn catalogue(
        &self,
        server: &str,
        language: &str,
    ) -> Result<Vec<CatalogueEntry>, StoreError> {
        todo!()
    }
    /// When the catalogue was fetched.
    pub fn catalogue_fetched_at(
        &self,
        server: &str,
        language: &str,
    ) -> Result<Option<String>, StoreError> {
        todo!()
    }
    /// With the synonyms of `packs/search.toml`.
    pub fn search(
        &self,
        server: Option<&str>,
        language: &str,
        text: &str,
        limit: usize,
    ) -> Result<Vec<Hit>, StoreError> {
        todo!()
    }
    pub fn begin_run(&self, kind: &str) -> Result<i64, StoreError> {
        todo!()
    }
    pub fn end_run(&self, run: i64, summary_json: &str) -> Result<(), StoreError> {
        todo!()
    }
    pub fn last_runs(&self, limit: usize) -> Result<Vec<Run>, StoreError> {
        todo!()
    }
}
