//! Routes under `/api/v1`.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use evidence::answers::{
    Explanation, FlagList, IndicatorEntry, IndicatorList, IndicatorValues, ModelDetail, ModelList,
    MunicipalityList, RankIntervals, Ranking, SnapshotReport,
};
use evidence::{DrawsAsked, Evidence, EvidenceError, Language, ModelChoice, Part, Question};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::respond;

pub(crate) type Shared = State<Arc<Evidence>>;

/// Routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<crate::Live> {
    OpenApiRouter::new()
        .routes(routes!(rank))
        .routes(routes!(rank_intervals))
        .merge(crate::questions::routes())
        .routes(routes!(municipalities))
        .routes(routes!(municipality))
        .routes(routes!(indicators))
        .routes(routes!(indicator))
        .routes(routes!(indicator_values))
        .routes(routes!(models))
        .routes(routes!(model))
        .routes(routes!(flags))
        .routes(routes!(snapshot))
        .routes(routes!(openapi))
        .routes(routes!(healthz))
}

/// What `rank` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RankParams {
    /// Model id; the first default model that ranks anybody when absent.
    model: Option<String>,
    /// Only so many municipalities.
    top: Option<usize>,
    /// Only this county: two digits or name.
    county: Option<String>,
    /// Other weights than the model's: `B:40,M:25`, by group id, code or indicator id.
    weights: Option<String>,
    /// Other thresholds of flags: `R5:900,R2:1.5`.
    thresholds: Option<String>,
    /// Whether to say between which places each municipality lies.
    uncertainty: Option<bool>,
    /// How many draws that is of; 500 when absent, 10,000 at most.
    draws: Option<usize>,
    /// Where the draws start; as the model says when absent.
    seed: Option<u64>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `rank/intervals` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IntervalParams {
    /// Model id; the first default model that ranks anybody when absent.
    model: Option<String>,
    /// Other weights than the model's: `B:40,M:25`, by group id, code or indicator id.
    weights: Option<String>,
    /// How many draws; 500 when absent, 10,000 at most.
    draws: Option<usize>,
    /// Where the draws start; as the model says when absent.
    seed: Option<u64>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What a question about one municipality takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ScoreParams {
    /// Model id; the first default model that ranks anybody when absent.
    model: Option<String>,
    /// Other weights than the model's: `B:40,M:25`, by group id, code or indicator id.
    weights: Option<String>,
    /// Other thresholds of flags: `R5:900,R2:1.5`.
    thresholds: Option<String>,
    /// Whether to say between which places the municipality lies.
    uncertainty: Option<bool>,
    /// How many draws that is of; 500 when absent, 10,000 at most.
    draws: Option<usize>,
    /// Where the draws start; as the model says when absent.
    seed: Option<u64>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `flags` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FlagParams {
    /// Only this municipality: code or name.
    municipality: Option<String>,
    /// Model whose coverage the flags on data quality judge.
    model: Option<String>,
    /// Other thresholds of flags: `R5:900,R2:1.5`.
    thresholds: Option<String>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What everything else takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LanguageParams {
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    pub(crate) lang: Option<String>,
}

/// Query parameters; a fault is a problem that names the parameter.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        match read {
            Ok(Query(params)) => Ok(Self(params)),
            Err(fault) => {
                Err(Problem::new(StatusCode::BAD_REQUEST, "parameters").detail(fault.body_text()))
            }
        }
    }
}

/// Chooses the language: `lang=`, else the browser's, else bokmål.
pub(crate) fn language(asked: Option<&str>, headers: &HeaderMap) -> Result<Language, Problem> {
    if let Some(code) = asked {
        return Language::from_code(code).ok_or_else(|| {
            Problem::new(StatusCode::BAD_REQUEST, "language")
                .detail(format!("`lang={code}` is not a language here; choose nb or en."))
        });
    }
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let codes = accepted.split(',').map(|one| one.split(';').next().unwrap_or("").trim());
    Ok(codes.filter_map(Language::from_code).next().unwrap_or_default())
}

/// How many draws a page asks for: enough for intervals, few enough for a slider.
const DRAWS: usize = 500;

/// Most draws of one request.
const MOST_DRAWS: usize = 10_000;

/// Reads how many draws are asked for.
pub(crate) fn draws(
    draws: Option<usize>,
    seed: Option<u64>,
    evidence: &Evidence,
    language: Language,
) -> Result<DrawsAsked, Problem> {
    DrawsAsked { draws: Some(draws.unwrap_or(DRAWS)), seed }
        .within(MOST_DRAWS)
        .map_err(|error| Problem::from_evidence(&error, evidence.texts(), language))
}

/// Reads thresholds of flags.
fn thresholds(
    asked: Option<&str>,
    evidence: &Evidence,
    language: Language,
) -> Result<Vec<(String, f64)>, Problem> {
    Question::parse_thresholds(asked.unwrap_or("")).map_err(|problem| {
        let error = EvidenceError::Asked { what: Part::Thresholds, problem };
        Problem::from_evidence(&error, evidence.texts(), language)
    })
}

/// Finds an answer beside the threads that must stay free for others.
pub(crate) async fn beside<T: Send + 'static>(
    find: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(find).await.map_err(|error| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").detail(error.to_string())
    })
}

pub(crate) fn question(
    model: Option<String>,
    weights: Option<&str>,
    language: Language,
) -> Result<Question, Problem> {
    let weights = Question::parse_weights(weights.unwrap_or("")).map_err(|fault| {
        Problem::new(StatusCode::BAD_REQUEST, "weights")
            .detail(format!("`weights` cannot be read: {fault}."))
    })?;
    Ok(Question {
        model: model.map_or(ModelChoice::Default, ModelChoice::Named),
        language,
        weights,
        ..Question::default()
    })
}

/// Writes an answer or the reason why there is none.
pub(crate) fn answer<T: Serialize>(
    evidence: &Evidence,
    headers: &HeaderMap,
    language: Language,
    found: &Result<T, EvidenceError>,
) -> Response {
    match found {
        Ok(found) => respond::json(headers, found),
        Err(error) => Problem::from_evidence(error, evidence.texts(), language).into_response(),
    }
}

/// Ranks the municipalities by a model.
#[utoipa::path(get, path = "/api/v1/rank", tag = "scores", params(RankParams), responses(
    (status = 200, body = Ranking), (status = 304, description = "Unchanged"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn rank(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<RankParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let mut question = question(params.model, params.weights.as_deref(), language)?;
    question.county = params.county;
    question.top = params.top;
    question.thresholds = thresholds(params.thresholds.as_deref(), &evidence, language)?;
    if params.uncertainty != Some(true) {
        return Ok(answer(&evidence, &headers, language, &evidence.rank(&question)));
    }
    question.uncertainty = Some(draws(params.draws, params.seed, &evidence, language)?);
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.rank(&question)).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// Says between which places each municipality lies: the intervals of a ranking, without the rest of it.
#[utoipa::path(get, path = "/api/v1/rank/intervals", tag = "scores", params(IntervalParams), responses(
    (status = 200, body = RankIntervals), (status = 304, description = "Unchanged"),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn rank_intervals(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<IntervalParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let mut question = question(params.model, params.weights.as_deref(), language)?;
    question.uncertainty = Some(draws(params.draws, params.seed, &evidence, language)?);
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.rank_intervals(&question)).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// Lists the municipalities with their place on the map.
#[utoipa::path(get, path = "/api/v1/municipalities", tag = "places", params(LanguageParams),
    responses((status = 200, body = MunicipalityList)))]
async fn municipalities(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(_): Params<LanguageParams>,
) -> Response {
    respond::json(&headers, &evidence.municipalities())
}

/// Explains one municipality's score, down to the receipts.
#[utoipa::path(get, path = "/api/v1/municipalities/{code}", tag = "scores",
    params(("code" = String, Path, description = "Current or former code or name"), ScoreParams),
    responses((status = 200, body = Explanation),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn municipality(
    State(evidence): Shared,
    Path(code): Path<String>,
    headers: HeaderMap,
    Params(params): Params<ScoreParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let mut question = question(params.model, params.weights.as_deref(), language)?;
    question.thresholds = thresholds(params.thresholds.as_deref(), &evidence, language)?;
    if params.uncertainty == Some(true) {
        question.uncertainty = Some(draws(params.draws, params.seed, &evidence, language)?);
    }
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.explain(&code, &question)).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// Lists the indicators.
#[utoipa::path(get, path = "/api/v1/indicators", tag = "indicators", params(LanguageParams),
    responses((status = 200, body = IndicatorList)))]
async fn indicators(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<LanguageParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    Ok(respond::json(&headers, &evidence.indicators(language)))
}

/// Describes one indicator, with its SQL.
#[utoipa::path(get, path = "/api/v1/indicators/{id}", tag = "indicators",
    params(("id" = String, Path, description = "Indicator id"), LanguageParams),
    responses((status = 200, body = IndicatorEntry),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn indicator(
    State(evidence): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<LanguageParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    Ok(answer(&evidence, &headers, language, &evidence.indicator(&id, language)))
}

/// Returns one indicator's value in every municipality.
#[utoipa::path(get, path = "/api/v1/indicators/{id}/values", tag = "indicators",
    params(("id" = String, Path, description = "Indicator id"), LanguageParams),
    responses((status = 200, body = IndicatorValues),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn indicator_values(
    State(evidence): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<LanguageParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    Ok(answer(&evidence, &headers, language, &evidence.indicator_values(&id, language)))
}

/// Lists the models.
#[utoipa::path(get, path = "/api/v1/models", tag = "models", params(LanguageParams),
    responses((status = 200, body = ModelList)))]
async fn models(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<LanguageParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    Ok(answer(&evidence, &headers, language, &evidence.models(language)))
}

/// Describes one model: tree, weights, value functions, rules.
#[utoipa::path(get, path = "/api/v1/models/{id}", tag = "models",
    params(("id" = String, Path, description = "Model id"), LanguageParams),
    responses((status = 200, body = ModelDetail),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn model(
    State(evidence): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<LanguageParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    Ok(answer(&evidence, &headers, language, &evidence.model(&id, language)))
}

/// Judges the red flags of one municipality, or of all.
#[utoipa::path(get, path = "/api/v1/flags", tag = "flags", params(FlagParams),
    responses((status = 200, body = FlagList),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn flags(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<FlagParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let mut question = question(params.model, None, language)?;
    question.thresholds = thresholds(params.thresholds.as_deref(), &evidence, language)?;
    let found = evidence.flags(params.municipality.as_deref(), &question);
    Ok(answer(&evidence, &headers, language, &found))
}

/// Says what the snapshot holds.
#[utoipa::path(get, path = "/api/v1/snapshot", tag = "snapshot", params(LanguageParams),
    responses((status = 200, body = SnapshotReport)))]
async fn snapshot(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<LanguageParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    Ok(answer(&evidence, &headers, language, &evidence.snapshot_report()))
}

/// Describes this interface (OpenAPI 3.1).
#[utoipa::path(get, path = "/openapi.json", tag = "service",
    responses((status = 200, description = "OpenAPI 3.1 document", content_type = "application/json")))]
async fn openapi(headers: HeaderMap) -> Response {
    respond::tagged(&headers, crate::openapi_json().into_bytes(), "application/json")
}

/// The service is up and has its figures.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`: a server without figures does not start.
    status: &'static str,
    /// Id of the snapshot that is served.
    snapshot: String,
}

/// Says that the service is up.
#[utoipa::path(get, path = "/healthz", tag = "service", responses((status = 200, body = Health)))]
async fn healthz(State(evidence): Shared, headers: HeaderMap) -> Response {
    let health = Health { status: "ok", snapshot: evidence.snapshot().id().to_owned() };
    respond::json(&headers, &health)
}
