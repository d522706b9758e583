//! What the server answers from, exchanged while it serves.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;
use evidence::Evidence;

use crate::map::Maps;

/// The evidence of the moment: a request keeps what it began with.
#[derive(Debug, Clone)]
pub struct Live(Arc<RwLock<Now>>);

/// The evidence, and the maps that are drawn from it.
#[derive(Debug, Clone)]
struct Now {
    evidence: Arc<Evidence>,
    maps: Arc<Maps>,
}

impl Now {
    fn new(evidence: Arc<Evidence>) -> Now {
        Now { maps: Arc::new(Maps::of(Arc::clone(&evidence))), evidence }
    }
}

impl Live {
    /// Begins with `evidence`.
    pub fn new(evidence: impl Into<Arc<Evidence>>) -> Live {
        Live(Arc::new(RwLock::new(Now::new(evidence.into()))))
    }

    /// Answers from other evidence from now on.
    pub fn replace(&self, evidence: impl Into<Arc<Evidence>>) {
        // Whoever panicked held a whole pointer.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Now::new(evidence.into());
    }

    fn current(&self) -> Now {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FromRef<Live> for Arc<Evidence> {
    fn from_ref(live: &Live) -> Arc<Evidence> {
        live.current().evidence
    }
}

impl FromRef<Live> for Arc<Maps> {
    fn from_ref(live: &Live) -> Arc<Maps> {
        live.current().maps
    }
}
