//! What the server answers from, exchanged while it serves.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;
use evidence::Evidence;
use layers::shelf::Shelf;

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
    fn new(evidence: Arc<Evidence>, shelf: Option<Arc<dyn Shelf>>) -> Now {
        let maps = Arc::new(Maps::of(Arc::clone(&evidence), shelf));
        let drawn = Arc::clone(&maps);
        // The page asks for it first; whoever comes before it is ready waits for it.
        std::thread::spawn(move || drawn.draw_first());
        Now { evidence, maps }
    }
}

impl Live {
    /// Begins with `evidence`.
    pub fn new(evidence: impl Into<Arc<Evidence>>) -> Live {
        Live(Arc::new(RwLock::new(Now::new(evidence.into(), None))))
    }

    /// Draws the layers of a shelf, too.
    #[must_use]
    pub fn with_layers(self, shelf: Arc<dyn Shelf>) -> Live {
        let evidence = self.current().evidence;
        self.exchange(Now::new(evidence, Some(shelf)));
        self
    }

    /// Answers from other evidence from now on.
    pub fn replace(&self, evidence: impl Into<Arc<Evidence>>) {
        let shelf = self.current().maps.shelf();
        self.exchange(Now::new(evidence.into(), shelf));
    }

    fn exchange(&self, now: Now) {
        // Whoever panicked held a whole value.
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = now;
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
