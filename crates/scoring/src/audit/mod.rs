//! The statistical audit: what of a model's figures should make a reader careful.

mod columns;
mod correlation;
mod report;
mod robust;

pub use columns::{Flags, Limits, flags};
pub use correlation::{Gaps, Pair, correlated_pairs, cronbach_alpha};
pub use report::{
    CORRELATION_LIMITS, CorrelatedPair, GroupAudit, IndicatorAudit, PairKind, Structure,
};
pub use robust::{Leaving, OtherMethod, Robustness};
