//! What the server answers from, exchanged while it serves.

use std::sync::{Arc, PoisonError, RwLock};

use atlas::Atlas;
use axum::extract::FromRef;
use evidence::Evidence;

/// The evidence and the geography of the moment: a request keeps what it began with.
#[derive(Clone)]
pub struct Live(Arc<RwLock<Moment>>);

#[derive(Clone)]
struct Moment {
    evidence: Arc<Evidence>,
    atlas: Arc<Atlas>,
}

impl Live {
    /// Begins with these.
    pub fn new(evidence: impl Into<Arc<Evidence>>, atlas: impl Into<Arc<Atlas>>) -> Live {
        let (evidence, atlas) = (evidence.into(), atlas.into());
        Live(Arc::new(RwLock::new(Moment { evidence, atlas })))
    }

    /// Answers from others from now on.
    pub fn replace(&self, evidence: impl Into<Arc<Evidence>>, atlas: impl Into<Arc<Atlas>>) {
        let (evidence, atlas) = (evidence.into(), atlas.into());
        // Whoever panicked held whole pointers.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Moment { evidence, atlas };
    }

    fn current(&self) -> Moment {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl FromRef<Live> for Arc<Evidence> {
    fn from_ref(live: &Live) -> Arc<Evidence> {
        live.current().evidence
    }
}

impl FromRef<Live> for Arc<Atlas> {
    fn from_ref(live: &Live) -> Arc<Atlas> {
        live.current().atlas
    }
}
