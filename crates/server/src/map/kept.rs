//! The layers there are, and what was worked out from them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::http::StatusCode;
use evidence::Evidence;
use layers::boundaries::{move_to_utm33, to_region};
use layers::drawing::Drawing;
use layers::shelf::{Shelf, Shelved};
use layers::tile::{Pyramid, TileId};
use places::Region;
use places::coverage::{Grid, Tolerance, Topology};
use places::crs::Crs;

use super::prepared::Prepared;
use super::{LayerEntry, LayerTitle, internal};
use crate::first::{self, Asked};
use crate::problem::Problem;
use crate::web;

/// All maps are drawn in this system.
const EPSG: u32 = 25833;

/// Layers of the snapshot: id, the snapshot's own name, titles.
const LAYERS: [(&str, &str, &str, &str); 2] = [
    ("counties", "county", "Fylker", "Counties"),
    ("municipalities", "municipality", "Kommuner", "Municipalities"),
];

/// What a page asks for first.
const FIRST: &str = "municipalities";

/// What a detail leaves out, and the cells of its grid: both in metres.
#[derive(Debug, Clone, Copy)]
struct Detail {
    tolerance_m: f64,
    grid_m: u32,
    /// Whether a page paints it before its script runs.
    is_first: bool,
}

/// From the whole country on a page, where a pixel is 2 km, to a few municipalities.
const DETAILS: [Detail; 3] = [
    Detail { tolerance_m: 2000.0, grid_m: 200, is_first: true },
    Detail { tolerance_m: 250.0, grid_m: 20, is_first: false },
    Detail { tolerance_m: 40.0, grid_m: 5, is_first: false },
];

/// All maps of one evidence.
pub(crate) struct Maps {
    evidence: Arc<Evidence>,
    shelf: Option<Arc<dyn Shelf>>,
    /// By id and version; what is being worked out is waited for.
    kept: Mutex<BTreeMap<(String, String), Kept>>,
    /// Pages that come with a map: one for each language and model of the pack, at most.
    pages: Mutex<BTreeMap<Asked, Arc<Prepared>>>,
}

/// A layer, when somebody asked for it; the reason, when it cannot be drawn.
type Kept = Arc<OnceLock<Result<Option<Arc<Layer>>, Problem>>>;

struct Layer {
    entry: LayerEntry,
    /// The layer as it is kept.
    whole: Topology,
    details: [OnceLock<Result<Arc<Detailed>, Problem>>; DETAILS.len()],
    tiles: Pyramid,
}

/// A layer in one detail.
pub(crate) struct Detailed {
    pub(crate) topology: Prepared,
    /// The same as paths, of the coarsest: what a page paints first.
    pub(crate) drawing: Option<Drawing>,
}

impl fmt::Debug for Maps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Maps").finish_non_exhaustive()
    }
}

impl Maps {
    /// Maps that are drawn when they are first asked for.
    pub(crate) fn of(evidence: Arc<Evidence>, shelf: Option<Arc<dyn Shelf>>) -> Maps {
        Maps { evidence, shelf, kept: Mutex::default(), pages: Mutex::default() }
    }

    /// Where the layers beside the snapshot come from.
    pub(crate) fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        self.shelf.clone()
    }

    /// Draws what a page asks for first.
    pub(crate) fn draw_first(&self) {
        // What fails fails again when it is asked for, and is then told.
        let _ = self.topology(FIRST, 0);
        self.page(&Asked::default());
    }

    /// The page with its first map; `None` while that is not drawn, and without boundaries.
    pub(crate) fn page(&self, asked: &Asked) -> Option<Arc<Prepared>> {
        let detailed = self.first_drawing()?;
        let kept = || self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = kept().get(asked) {
            return Some(Arc::clone(page));
        }
        let drawing = detailed.drawing.as_ref()?;
        let html = first::page(web::index()?, asked, &self.evidence, drawing)?;
        let page = Arc::new(Prepared::quickly(html.into_bytes(), web::HTML).ok()?);
        kept().insert(asked.clone(), Arc::clone(&page));
        Some(page)
    }

    /// What a page paints first, if it is drawn.
    fn first_drawing(&self) -> Option<Arc<Detailed>> {
        let kept = self.kept(FIRST, "");
        let layer = kept.get()?.as_ref().ok()?.as_ref()?;
        layer.details[0].get()?.as_ref().ok().map(Arc::clone)
    }

    /// Whether the municipalities can be drawn; `None` while nobody knows yet.
    pub(crate) fn has_municipalities(&self) -> Option<bool> {
        let kept = self.kept(FIRST, "");
        let known = kept.get()?;
        Some(known.as_ref().is_ok_and(Option::is_some))
    }

    /// The layers there are.
    pub(crate) fn entries(&self) -> Result<Vec<LayerEntry>, Problem> {
        let mut entries = Vec::new();
        for (id, ..) in LAYERS {
            entries.extend(self.layer(id)?.map(|layer| layer.entry.clone()));
        }
        entries.extend(self.shelved()?.iter().map(shelved_entry));
        Ok(entries)
    }

    /// A layer's topology in a detail.
    pub(crate) fn topology(&self, id: &str, detail: usize) -> Result<Arc<Detailed>, Problem> {
        let layer = self.layer(id)?.ok_or_else(|| no_layer(id))?;
        let (Some(settings), Some(kept)) = (DETAILS.get(detail), layer.details.get(detail)) else {
            let last = DETAILS.len() - 1;
            return Err(Problem::new(StatusCode::BAD_REQUEST, "parameters")
                .detail(format!("`detail={detail}` is not a detail; choose 0 to {last}.")));
        };
        let draw = || draw(&layer.whole, *settings).map(Arc::new).map_err(internal);
        kept.get_or_init(draw).clone()
    }

    /// A layer's tile; `None` when nothing lies in it.
    pub(crate) fn tile(&self, id: &str, tile: TileId) -> Result<Option<Vec<u8>>, Problem> {
        let layer = self.layer(id)?.ok_or_else(|| no_layer(id))?;
        Ok(layer.tiles.tile(tile))
    }

    /// Layers beside the snapshot's own.
    fn shelved(&self) -> Result<Vec<Shelved>, Problem> {
        let Some(shelf) = &self.shelf else { return Ok(Vec::new()) };
        let mut shelved = shelf.list().map_err(internal)?;
        shelved.retain(|layer| LAYERS.iter().all(|(id, ..)| *id != layer.name));
        Ok(shelved)
    }

    /// The layer of this id; `None` when there are no boundaries for it.
    fn layer(&self, id: &str) -> Result<Option<Arc<Layer>>, Problem> {
        if LAYERS.iter().any(|(layer, ..)| *layer == id) {
            return self.kept(id, "").get_or_init(|| self.read_from_snapshot(id)).clone();
        }
        let Some(shelved) = self.shelved()?.into_iter().find(|shelved| shelved.name == id) else {
            return Ok(None);
        };
        let kept = self.kept(id, &shelved.version);
        kept.get_or_init(|| self.read_from_shelf(&shelved)).clone()
    }

    /// The place of a layer; an older version of it goes.
    fn kept(&self, id: &str, version: &str) -> Kept {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, known), _| other != id || known == version);
        Arc::clone(kept.entry((id.to_owned(), version.to_owned())).or_default())
    }

    fn read_from_snapshot(&self, id: &str) -> Result<Option<Arc<Layer>>, Problem> {
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
        Ok(Some(Layer::new(entry, &regions)))
    }

    fn read_from_shelf(&self, shelved: &Shelved) -> Result<Option<Arc<Layer>>, Problem> {
        let Some(shelf) = &self.shelf else { return Ok(None) };
        let (mut regions, system) = shelf.regions(&shelved.name).map_err(internal)?;
        for region in &mut regions {
            move_to_utm33(region, system).map_err(internal)?;
        }
        Ok(Some(Layer::new(shelved_entry(shelved), &regions)))
    }
}

impl Layer {
    fn new(entry: LayerEntry, regions: &[Region]) -> Arc<Layer> {
        let whole = Topology::of(regions, Grid::CENTIMETRES);
        let tiles = Pyramid::new(&entry.id, whole.clone(), Crs::Utm33);
        Arc::new(Layer { entry, whole, details: Default::default(), tiles })
    }
}

fn shelved_entry(shelved: &Shelved) -> LayerEntry {
    LayerEntry {
        id: shelved.name.clone(),
        title: LayerTitle { nb: shelved.name.clone(), en: shelved.name.clone() },
        count: usize::try_from(shelved.features).unwrap_or(usize::MAX),
        crs: EPSG,
        publisher: shelved.provenance.publisher.clone(),
        licence: shelved.provenance.licence.clone(),
        date: shelved.provenance.date.clone(),
        has_topology: true,
    }
}

fn draw(whole: &Topology, detail: Detail) -> std::io::Result<Detailed> {
    let wanted = Tolerance::length(detail.tolerance_m);
    // First what cannot be seen goes, so that the coarser grid has little to close.
    let fine = Tolerance {
        island_area: wanted.island_area,
        ..Tolerance::length(detail.tolerance_m / 4.0)
    };
    let drawn = whole.simplify(fine).on_grid(Grid::of_units(detail.grid_m)).simplify(wanted);
    let county = |code| str::get(code, ..2).unwrap_or(code);
    let document = layers::topology::document(&drawn, EPSG, county);
    Ok(Detailed {
        topology: Prepared::new(serde_json::to_vec(&document)?, "application/json")?,
        drawing: detail.is_first.then(|| layers::drawing::draw(&drawn, county)).flatten(),
    })
}

fn no_layer(id: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "unknown-layer").detail(format!(
        "There are no boundaries for `{id}` here; `grunnlag sync --boundaries` fetches them."
    ))
}
