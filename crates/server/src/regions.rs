//! Routes of geography: where a point lies, what a region is and was, its border.

use std::sync::Arc;

use atlas::answers::{Location, RegionDetail, RegionLineage};
use atlas::{Atlas, AtlasError, Position};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use evidence::{Evidence, Language};
use jiff::civil::Date;
use layers::geojson;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::{Params, Shared, language};
use crate::problem::Problem;
use crate::respond;

type Geography = State<Arc<Atlas>>;

/// Routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<crate::Live> {
    OpenApiRouter::new()
        .routes(routes!(locate))
        .routes(routes!(region))
        .routes(routes!(history))
        .routes(routes!(boundary))
}

/// What `locate` takes: `lat` and `lon`, or `east`, `north` and `epsg`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LocateParams {
    /// Degrees north.
    lat: Option<f64>,
    /// Degrees east.
    lon: Option<f64>,
    /// Metres east.
    east: Option<f64>,
    /// Metres north.
    north: Option<f64>,
    /// System of the coordinates: 4258 (when absent, for degrees), 4326, 25832, 25833 or 25835.
    epsg: Option<u32>,
    /// Layers asked, separated by commas; municipalities, and grunnkretser where they are at hand.
    layer: Option<String>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What a question about a region takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RegionParams {
    /// The day that is asked about, as 2024-01-01; today when absent.
    date: Option<String>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// Says which municipality and grunnkrets a point lies in.
#[utoipa::path(get, path = "/api/v1/locate", tag = "regions", params(LocateParams), responses(
    (status = 200, body = Location), (status = 304, description = "Unchanged"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn locate(
    State(evidence): Shared,
    State(atlas): Geography,
    headers: HeaderMap,
    Params(params): Params<LocateParams>,
) -> Result<Response, Problem> {
    let words = Words { language: language(params.lang.as_deref(), &headers)?, evidence };
    let position = words.position(&params)?;
    // A layer is read when it is first asked for, which takes its time.
    let found = blocking(move || {
        let ids = atlas.asked_layers(params.layer.as_deref())?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        atlas.locate(position, &ids)
    });
    let found = found.await?.map_err(|error| words.problem(&error))?;
    Ok(respond::json(&headers, &found))
}

/// Says what a code names on a day, what it is a part of, and what it has become.
#[utoipa::path(get, path = "/api/v1/regions/{code}", tag = "regions",
    params(("code" = String, Path, description = "Code of any year"), RegionParams),
    responses((status = 200, body = RegionDetail), (status = 304, description = "Unchanged"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn region(
    State(evidence): Shared,
    State(atlas): Geography,
    Path(code): Path<String>,
    headers: HeaderMap,
    Params(params): Params<RegionParams>,
) -> Result<Response, Problem> {
    let words = Words { language: language(params.lang.as_deref(), &headers)?, evidence };
    let date = words.date(params.date.as_deref())?;
    let found = atlas.region(&code, date).map_err(|error| words.problem(&error))?;
    Ok(respond::json(&headers, &found))
}

/// Says all that led to a code and became of it.
#[utoipa::path(get, path = "/api/v1/regions/{code}/history", tag = "regions",
    params(("code" = String, Path, description = "Code of any year"), RegionParams),
    responses((status = 200, body = RegionLineage), (status = 304, description = "Unchanged"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn history(
    State(evidence): Shared,
    State(atlas): Geography,
    Path(code): Path<String>,
    headers: HeaderMap,
    Params(params): Params<RegionParams>,
) -> Result<Response, Problem> {
    let words = Words { language: language(params.lang.as_deref(), &headers)?, evidence };
    let date = words.date(params.date.as_deref())?;
    let found = atlas.lineage(&code, date).map_err(|error| words.problem(&error))?;
    Ok(respond::json(&headers, &found))
}

/// Gives the border of a region of today as GeoJSON (EPSG:4326, RFC 7946).
#[utoipa::path(get, path = "/api/v1/regions/{code}/boundary", tag = "regions",
    params(("code" = String, Path, description = "Code in force"), crate::api::LanguageParams),
    responses((status = 200, description = "A FeatureCollection of one Feature",
    content_type = "application/geo+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn boundary(
    State(evidence): Shared,
    State(atlas): Geography,
    Path(code): Path<String>,
    headers: HeaderMap,
    Params(params): Params<crate::api::LanguageParams>,
) -> Result<Response, Problem> {
    let words = Words { language: language(params.lang.as_deref(), &headers)?, evidence };
    let found = blocking(move || atlas.boundary(&code)).await?;
    let (region, crs) = found.map_err(|error| words.problem(&error))?;
    let body = geojson::one(&region, crs).map_err(|error| internal(&error))?;
    Ok(respond::tagged(&headers, body, "application/geo+json"))
}

/// Runs what may take its time where others do not wait for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| internal(&error))
}

fn internal(error: &dyn std::error::Error) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").detail(error.to_string())
}

/// The reader's language, and its words.
struct Words {
    language: Language,
    evidence: Arc<Evidence>,
}

impl Words {
    fn problem(&self, error: &AtlasError) -> Problem {
        let (status, kind) = match error {
            AtlasError::NotADate { .. } => (StatusCode::BAD_REQUEST, "date"),
            AtlasError::NoRegion { .. } => (StatusCode::BAD_REQUEST, "no-region"),
            AtlasError::UnknownRegion { .. } | AtlasError::NotInForce { .. } => {
                (StatusCode::NOT_FOUND, "unknown-region")
            }
            AtlasError::NoBoundaries | AtlasError::NoBoundary { .. } => {
                (StatusCode::NOT_FOUND, "no-boundary")
            }
            AtlasError::UnknownLayer { .. } => (StatusCode::NOT_FOUND, "unknown-layer"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        let mut places = error.places();
        if let AtlasError::NoRegion { meaning, .. } = error {
            let key = format!("region.nonregion.{meaning}");
            places.retain(|(name, _)| *name != "meaning");
            places.push(("meaning", self.evidence.texts().say(self.language, &key, &[])));
        }
        Problem::new(status, kind).detail(self.sentence("atlas", error.key(), &places))
    }

    fn sentence(&self, area: &str, key: &str, places: &[(&'static str, String)]) -> String {
        let places: Vec<(&str, &str)> =
            places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.evidence.texts().say(self.language, &format!("fault.{area}.{key}"), &places)
    }

    fn date(&self, asked: Option<&str>) -> Result<Date, Problem> {
        match asked {
            None => Ok(today()),
            Some(asked) => asked
                .parse()
                .map_err(|_| self.problem(&AtlasError::NotADate { asked: asked.to_owned() })),
        }
    }

    fn position(&self, params: &LocateParams) -> Result<Position, Problem> {
        let refused = |key: &str, places: &[(&'static str, String)]| {
            Problem::new(StatusCode::BAD_REQUEST, "position")
                .detail(self.sentence("position", key, places))
        };
        let read =
            Position::read((params.lat, params.lon), (params.east, params.north), params.epsg);
        read.map_err(|error| refused(error.key(), &error.places()))
    }
}

/// The day it is in Norway, where the answer is about.
fn today() -> Date {
    let now = jiff::Timestamp::now();
    let there = now.in_tz("Europe/Oslo").map(|there| there.date());
    there.unwrap_or_else(|_| now.to_zoned(jiff::tz::TimeZone::UTC).date())
}
