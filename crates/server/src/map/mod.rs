//! Layers of regions for maps: which there are, and their shapes.
//!
//! A layer's shapes come as TopoJSON in three details. Each is worked out once, by the
//! first request or before it, and kept compressed until other evidence is served.

mod kept;
mod prepared;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use layers::tile::{CLOSEST_ZOOM, TileId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Params;
use crate::problem::Problem;
use crate::respond;

pub(crate) use kept::Maps;

pub(crate) type Shared = State<Arc<Maps>>;

/// Routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<crate::Live> {
    OpenApiRouter::new().routes(routes!(layers)).routes(routes!(topology)).routes(routes!(tile))
}

/// The layers there are.
#[derive(Debug, Serialize, ToSchema)]
struct LayerList {
    /// Coarse layers first.
    layers: Vec<LayerEntry>,
}

/// A layer of regions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LayerEntry {
    /// Name in addresses: `municipalities`.
    id: String,
    /// Title by language.
    title: LayerTitle,
    /// Number of regions.
    count: usize,
    /// EPSG number of the topology's coordinates.
    crs: u32,
    /// Who publishes the boundaries; empty when the snapshot does not say.
    publisher: String,
    /// Licence of the boundaries.
    licence: String,
    /// Date of the boundaries.
    date: String,
    /// Whether the layer can be had as a topology; tiles can always be had.
    has_topology: bool,
}

/// A title in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LayerTitle {
    /// Bokmål.
    nb: String,
    /// English.
    en: String,
}

/// What a topology takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TopologyParams {
    /// 0 for the whole country on a page (default), 1 and 2 for closer looks.
    detail: Option<usize>,
}

/// Lists the layers of boundaries; none when the snapshot was made without.
#[utoipa::path(get, path = "/api/v1/layers", tag = "maps",
    responses((status = 200, body = LayerList)))]
async fn layers(State(maps): Shared, headers: HeaderMap) -> Result<Response, Problem> {
    let layers = blocking(move || maps.entries()).await?;
    Ok(respond::json(&headers, &LayerList { layers }))
}

/// Returns the regions of a layer as TopoJSON, each border once, in EPSG:25833.
///
/// Objects: `regions` with properties `code` and `name`; `counties`, the borders between
/// counties; `coast`, the borders that nobody shares.
#[utoipa::path(get, path = "/api/v1/layers/{id}/topology", tag = "maps",
    params(("id" = String, Path, description = "Layer id"), TopologyParams),
    responses((status = 200, description = "TopoJSON", content_type = "application/json"),
    (status = 304, description = "Unchanged"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn topology(
    State(maps): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<TopologyParams>,
) -> Result<Response, Problem> {
    let detail = params.detail.unwrap_or(0);
    let detailed = blocking(move || maps.topology(&id, detail)).await?;
    Ok(detailed.topology.answer(&headers))
}

/// Returns a square of a layer as a Mapbox vector tile (Web Mercator, rows from the north).
#[utoipa::path(get, path = "/api/v1/layers/{id}/tiles/{z}/{x}/{file}", tag = "maps",
    params(("id" = String, Path, description = "Layer id"),
    ("z" = u8, Path, description = "Zoom, 0 to 16"), ("x" = u32, Path, description = "Column"),
    ("file" = String, Path, description = "Row with ending: `77.mvt`")),
    responses((status = 200, description = "Mapbox vector tile; the layer in it has the layer's id",
        content_type = "application/vnd.mapbox-vector-tile"),
    (status = 204, description = "Nothing lies there"), (status = 304, description = "Unchanged"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn tile(
    State(maps): Shared,
    Path((id, zoom, column, file)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = tile_id(&zoom, &column, &file).ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, "tile").detail(format!(
            "`{zoom}/{column}/{file}` is not a tile; write z/x/y.mvt with z up to {CLOSEST_ZOOM}."
        ))
    })?;
    let tile = blocking(move || maps.tile(&id, asked)).await?;
    Ok(match tile {
        Some(tile) => respond::tagged(&headers, tile, "application/vnd.mapbox-vector-tile"),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

fn tile_id(zoom: &str, column: &str, file: &str) -> Option<TileId> {
    let row = file.strip_suffix(".mvt")?;
    TileId::new(zoom.parse().ok()?, column.parse().ok()?, row.parse().ok()?)
}

/// Works something out where waiting holds nobody up.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(internal(error)))
}

fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").detail(error.to_string())
}
