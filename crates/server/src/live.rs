//! What the server answers from, exchanged while it serves.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;
use evidence::Evidence;

/// The evidence of the moment: a request keeps what it began with.
#[derive(Debug, Clone)]
pub struct Live(Arc<RwLock<Arc<Evidence>>>);

impl Live {
    /// Begins with `evidence`.
    pub fn new(evidence: impl Into<Arc<Evidence>>) -> Live {
        Live(Arc::new(RwLock::new(evidence.into())))
    }

    /// Answers from other evidence from now on.
    pub fn replace(&self, evidence: impl Into<Arc<Evidence>>) {
        // Whoever panicked held a whole pointer.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = evidence.into();
    }

    fn current(&self) -> Arc<Evidence> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FromRef<Live> for Arc<Evidence> {
    fn from_ref(live: &Live) -> Arc<Evidence> {
        live.current()
    }
}
