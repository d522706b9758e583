//! What the server answers from, exchanged while it serves.

use std::sync::{Arc, PoisonError, RwLock};

use atlas::Atlas;
use axum::extract::FromRef;
use evidence::Evidence;

use crate::map::Maps;

/// The evidence and the geography of the moment: a request keeps what it began with.
#[derive(Clone)]
pub struct Live(Arc<RwLock<Moment>>);

/// The evidence, the geography, and the maps that are drawn from them.
#[derive(Clone)]
struct Moment {
    evidence: Arc<Evidence>,
    atlas: Arc<Atlas>,
    maps: Arc<Maps>,
}

impl Moment {
    fn new(evidence: Arc<Evidence>, atlas: Arc<Atlas>) -> Moment {
        Moment { maps: Arc::new(Maps::of(Arc::clone(&evidence))), evidence, atlas }
    }
}

impl Live {
    /// Begins with these.
    pub fn new(evidence: impl Into<Arc<Evidence>>, atlas: impl Into<Arc<Atlas>>) -> Live {
        Live(Arc::new(RwLock::new(Moment::new(evidence.into(), atlas.into()))))
    }

    /// Answers from others from now on.
    pub fn replace(&self, evidence: impl Into<Arc<Evidence>>, atlas: impl Into<Arc<Atlas>>) {
        let moment = Moment::new(evidence.into(), atlas.into());
        // Whoever panicked held whole pointers.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = moment;
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

impl FromRef<Live> for Arc<Maps> {
    fn from_ref(live: &Live) -> Arc<Maps> {
        live.current().maps
    }
}
