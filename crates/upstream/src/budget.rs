use std::time::Duration;

use crate::Pace;

/// May a call be made now?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Yes; tell the budget with this number when the answer has come, or the call has failed.
    Go(u64),
    /// Not before so long.
    Wait(Duration),
}

/// The calls that may be made to a host; one for all threads and processes.
///
/// A call counts from when it is allowed until a window after its end, so that
/// whatever the way to the server does to it, the server never sees one too many.
pub trait Budget: Send + Sync {
    /// Asks for a call.
    ///
    /// # Errors
    ///
    /// The budget cannot be read or written; then no call is made.
    fn take(&self, host: &str, pace: Pace) -> Result<Permit, BudgetError>;

    /// A call has ended.
    ///
    /// # Errors
    ///
    /// The budget cannot be written.
    fn done(&self, host: &str, call: u64) -> Result<(), BudgetError>;

    /// Nobody may call for so long: the host said so.
    ///
    /// # Errors
    ///
    /// The budget cannot be written.
    fn hold(&self, host: &str, pause: Duration) -> Result<(), BudgetError>;
}

/// Why a budget cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the call budget cannot be used: {cause}")]
pub struct BudgetError {
    /// What the store says.
    pub cause: String,
}
