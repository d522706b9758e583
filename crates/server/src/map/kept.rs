//! The layers of the evidence, and what was worked out from them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use axum::http::StatusCode;
use evidence::Evidence;
use layers::boundaries::to_region;
use places::Region;
use places::coverage::{Grid, Tolerance, Topology};

use super::prepared::Prepared;
use super::{LayerEntry, LayerTitle, internal};
use crate::problem::Problem;

/// Boundaries in the snapshot are in this system.
const EPSG: u32 = 25833;

/// Layers of the snapshot: id, the snapshot's own name, titles.
const LAYERS: [(&str, &str, &str, &str); 2] = [
    ("counties", "county", "Fylker", "Counties"),
    ("municipalities", "municipality", "Kommuner", "Municipalities"),
];

/// What a detail leaves out, and the cells of its grid: both in metres.
struct Detail {
    tolerance_m: f64,
    grid_m: u32,
}

/// From the whole country on a page to a few municipalities.
const DETAILS: [Detail; 3] = [
    Detail { tolerance_m: 500.0, grid_m: 50 },
    Detail { tolerance_m: 150.0, grid_m: 20 },
    Detail { tolerance_m: 40.0, grid_m: 5 },
];

/// All maps of one evidence.
pub(crate) struct Maps {
    evidence: Arc<Evidence>,
    layers: BTreeMap<&'static str, OnceLock<Option<Arc<Layer>>>>,
}

struct Layer {
    entry: LayerEntry,
    /// The layer as it is kept.
    whole: Topology,
    details: [OnceLock<Arc<Prepared>>; DETAILS.len()],
}

impl fmt::Debug for Maps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Maps").field("layers", &self.layers.keys()).finish()
    }
}

impl Maps {
    /// Maps that are drawn when they are first asked for.
    pub(crate) fn of(evidence: Arc<Evidence>) -> Maps {
        let layers = LAYERS.iter().map(|(id, ..)| (*id, OnceLock::new())).collect();
        Maps { evidence, layers }
    }

    /// The layers there are.
    pub(crate) fn entries(&self) -> Result<Vec<LayerEntry>, Problem> {
        let mut entries = Vec::new();
        for (id, ..) in LAYERS {
            entries.extend(self.layer(id)?.map(|layer| layer.entry.clone()));
        }
        Ok(entries)
    }

    /// A layer's topology in a detail.
    pub(crate) fn topology(&self, id: &str, detail: usize) -> Result<Arc<Prepared>, Problem> {
        let layer = self.layer(id)?.ok_or_else(|| no_layer(id))?;
        let (Some(settings), Some(kept)) = (DETAILS.get(detail), layer.details.get(detail)) else {
            let last = DETAILS.len() - 1;
            return Err(Problem::new(StatusCode::BAD_REQUEST, "parameters")
                .detail(format!("`detail={detail}` is not a detail; choose 0 to {last}.")));
        };
        if let Some(prepared) = kept.get() {
            return Ok(Arc::clone(prepared));
        }
        let prepared = draw(&layer.whole, settings).map_err(internal)?;
        Ok(Arc::clone(kept.get_or_init(|| Arc::new(prepared))))
    }

    /// The layer of this id; `None` when the snapshot has no boundaries for it.
    fn layer(&self, id: &str) -> Result<Option<Arc<Layer>>, Problem> {
        let Some(kept) = self.layers.get(id) else { return Ok(None) };
        if let Some(layer) = kept.get() {
            return Ok(layer.clone());
        }
        let layer = self.read(id)?.map(Arc::new);
        Ok(kept.get_or_init(|| layer).clone())
    }

    fn read(&self, id: &str) -> Result<Option<Layer>, Problem> {
        let Some((_, stored, nb, en)) = LAYERS.iter().find(|(layer, ..)| *layer == id) else {
            return Ok(None);
        };
        let boundaries = self.evidence.snapshot().boundaries(stored).map_err(internal)?;
        let Some(first) = boundaries.first() else { return Ok(None) };
        let sources = self.evidence.snapshot().sources().map_err(internal)?;
        let source = sources.into_iter().find(|source| source.source == first.source);
        let (publisher, licence, date) = source
            .map(|source| (source.publisher, source.licence, source.reference_date))
            .unwrap_or_default();
        let regions: Vec<Region> = boundaries.iter().filter_map(to_region).collect();
        let entry = LayerEntry {
            id: id.to_owned(),
            title: LayerTitle { nb: (*nb).to_owned(), en: (*en).to_owned() },
            count: regions.len(),
            crs: EPSG,
            publisher,
            licence,
            date,
            has_topology: true,
        };
        let whole = Topology::of(&regions, Grid::CENTIMETRES);
        Ok(Some(Layer { entry, whole, details: Default::default() }))
    }
}

fn draw(whole: &Topology, detail: &Detail) -> std::io::Result<Prepared> {
    // First what cannot be seen goes, so that the coarser grid has little to close.
    let fine = Tolerance::length(detail.tolerance_m / 4.0);
    let drawn = whole
        .simplify(Tolerance { island_area: Tolerance::length(detail.tolerance_m).island_area, ..fine })
        .on_grid(Grid::of_units(detail.grid_m))
        .simplify(Tolerance::length(detail.tolerance_m));
    let document = layers::topology::document(&drawn, EPSG, |code| code.get(..2).unwrap_or(code));
    Prepared::new(serde_json::to_vec(&document)?, "application/json")
}

fn no_layer(id: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "unknown-layer").detail(format!(
        "There are no boundaries for `{id}` here; `grunnlag sync --boundaries` fetches them."
    ))
}
