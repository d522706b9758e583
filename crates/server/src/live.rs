//! What the server answers from, exchanged while it serves.

use std::sync::{Arc, PoisonError, RwLock};

use atlas::Atlas;
use axum::extract::FromRef;
use evidence::Evidence;
use layers::shelf::Shelf;

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
    fn new(evidence: Arc<Evidence>, atlas: Arc<Atlas>, shelf: Option<Arc<dyn Shelf>>) -> Moment {
        let maps = Arc::new(Maps::of(Arc::clone(&evidence), shelf));
        let drawn = Arc::clone(&maps);
        // The page asks for it first; whoever comes before it is ready waits for it.
        std::thread::spawn(move || drawn.draw_first());
        Moment { evidence, atlas, maps }
    }
}

impl Live {
    /// Begins with these.
    pub fn new(evidence: impl Into<Arc<Evidence>>, atlas: impl Into<Arc<Atlas>>) -> Live {
        Live(Arc::new(RwLock::new(Moment::new(evidence.into(), atlas.into(), None))))
    }

    /// Draws the layers of a shelf, too.
    #[must_use]
    pub fn with_layers(self, shelf: Arc<dyn Shelf>) -> Live {
        let Moment { evidence, atlas, .. } = self.current();
        self.exchange(Moment::new(evidence, atlas, Some(shelf)));
        self
    }

    /// Answers from others from now on.
    pub fn replace(&self, evidence: impl Into<Arc<Evidence>>, atlas: impl Into<Arc<Atlas>>) {
        let shelf = self.current().maps.shelf();
        self.exchange(Moment::new(evidence.into(), atlas.into(), shelf));
    }

    fn exchange(&self, moment: Moment) {
        // Whoever panicked held a whole value.
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
