//! What people read: ranking, explanation, flags, receipts.
//!
//! [`Evidence`] holds one snapshot and one pack, with every indicator computed
//! and every model checked, and answers questions from them. The command line
//! and the HTTP interface give the same objects ([`answers`]), so that what a
//! page shows is what a script gets.
//!
//! Nothing here computes: figures come from `indicators`, scores and verdicts
//! from `scoring`. What is added is names, words, units and receipts.

pub mod answers;
mod doubt;
mod error;
mod evidence;
mod figures;
mod html;
mod places;
mod question;
mod receipts;
mod texts;

pub use answers::{Judged, PeersAsked, WeighingMethod};
pub use error::{EvidenceError, Part, worded};
pub use evidence::{Evidence, Origin};
pub use places::Found;
pub use question::{DrawsAsked, ModelChoice, Question};
pub use receipts::as_published;
pub use texts::{Language, Texts};
