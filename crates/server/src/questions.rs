//! Routes that ask further of one municipality or one model.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use evidence::answers::{
    Audit, BackTestList, ModelComparison, PeerList, SensitivityReport, WeightProposal, WhatIf,
    YearsReport,
};
use evidence::{
    DrawsAsked, EvidenceError, ModelChoice, Part, PeersAsked, Question, WeighingMethod,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::{Params, Shared, answer, beside, draws, language, question};
use crate::problem::Problem;

/// Routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<crate::Live> {
    OpenApiRouter::new()
        .routes(routes!(peers))
        .routes(routes!(what_if))
        .routes(routes!(weights))
        .routes(routes!(audit))
        .routes(routes!(sensitivity))
        .routes(routes!(compare))
        .routes(routes!(years))
        .routes(routes!(back_tests))
}

/// What `peers` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeerParams {
    /// Model whose indicators and weights make the distance.
    model: Option<String>,
    /// Other weights in the distance: `B:40`, by group, code or indicator, also one outside the model.
    weights: Option<String>,
    /// How many; 10 when absent.
    count: Option<usize>,
    /// Only in the same group: `county` or `centrality`.
    within: Option<String>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `whatif` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhatIfParams {
    /// Model id; the first default model that ranks anybody when absent.
    model: Option<String>,
    /// Figures that are set otherwise: `robek_listed:0,new_dwellings_4y_per_1000:20`.
    set: Option<String>,
    /// Other weights than the model's: `B:40,M:25`, by group id, code or indicator id.
    weights: Option<String>,
    /// How many draws the intervals are of; 500 when absent, 10,000 at most.
    draws: Option<usize>,
    /// Where the draws start; as the model says when absent.
    seed: Option<u64>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `weights` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WeightParams {
    /// `equal`, `entropy`, `critic`, `pca`, `balance`, `infomax`, `deviation`, `merec` or `gini`.
    method: Option<String>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `audit` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// How many draws the intervals are of; 500 when absent, 10,000 at most.
    draws: Option<usize>,
    /// Where the draws start; as the model says when absent.
    seed: Option<u64>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `sensitivity` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SensitivityParams {
    /// How many base samples; 250 when absent, 2,000 at most.
    samples: Option<usize>,
    /// Where the samples start; as the model says when absent.
    seed: Option<u64>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `years` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct YearsParams {
    /// Only this municipality: number or name.
    municipality: Option<String>,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `back-tests` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BackTestParams {
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// What `compare` takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CompareParams {
    /// Two or more model ids: `oversikt-v1,rapport2026-v1`.
    models: String,
    /// Language of the texts: `nb` or `en`; else by `Accept-Language`.
    lang: Option<String>,
}

/// Audits a model: coverage, outliers, overlaps, what decides, how sure it is.
#[utoipa::path(get, path = "/api/v1/models/{id}/audit", tag = "models",
    params(("id" = String, Path, description = "Model id"), AuditParams),
    responses((status = 200, body = Audit),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn audit(
    State(evidence): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<AuditParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let mut question = question(Some(id), None, language)?;
    question.uncertainty = Some(draws(params.draws, params.seed, &evidence, language)?);
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.audit(&question)).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// How many base samples are drawn unless asked for otherwise.
const SAMPLES: usize = 250;

/// Most base samples of one request.
const MOST_SAMPLES: usize = 2_000;

/// Says which of a model's choices the places hang on.
#[utoipa::path(get, path = "/api/v1/models/{id}/sensitivity", tag = "models",
    params(("id" = String, Path, description = "Model id"), SensitivityParams),
    responses((status = 200, body = SensitivityReport),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn sensitivity(
    State(evidence): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<SensitivityParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let question = question(Some(id), None, language)?;
    let samples = params.samples.unwrap_or(SAMPLES);
    DrawsAsked { draws: Some(samples), seed: None }
        .within(MOST_SAMPLES)
        .map_err(|error| Problem::from_evidence(&error, evidence.texts(), language))?;
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.sensitivity(&question, samples, params.seed)).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// Scores and ranks by a model in every year that figures are known for.
#[utoipa::path(get, path = "/api/v1/models/{id}/years", tag = "models",
    params(("id" = String, Path, description = "Model id"), YearsParams),
    responses((status = 200, body = YearsReport),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn years(
    State(evidence): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<YearsParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let question = question(Some(id), None, language)?;
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.years(&question, params.municipality.as_deref())).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// Says how often each flag came before what it warns of.
#[utoipa::path(get, path = "/api/v1/back-tests", tag = "flags", params(BackTestParams),
    responses((status = 200, body = BackTestList),
    (status = 400, body = Problem, content_type = "application/problem+json")))]
async fn back_tests(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<BackTestParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.back_tests(language)).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// Holds models against each other: who moves, and how far.
#[utoipa::path(get, path = "/api/v1/compare", tag = "models", params(CompareParams),
    responses((status = 200, body = ModelComparison),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn compare(
    State(evidence): Shared,
    headers: HeaderMap,
    Params(params): Params<CompareParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let names = params.models.split(',').map(str::trim).filter(|name| !name.is_empty());
    let models: Vec<ModelChoice> = names.map(|name| ModelChoice::Named(name.to_owned())).collect();
    let found = evidence.compare_models(&models, language);
    Ok(answer(&evidence, &headers, language, &found))
}

/// Finds the municipalities that are most like one.
#[utoipa::path(get, path = "/api/v1/municipalities/{code}/peers", tag = "scores",
    params(("code" = String, Path, description = "Current or former code or name"), PeerParams),
    responses((status = 200, body = PeerList),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn peers(
    State(evidence): Shared,
    Path(code): Path<String>,
    headers: HeaderMap,
    Params(params): Params<PeerParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let question = question(params.model, params.weights.as_deref(), language)?;
    let asked = PeersAsked { count: params.count, within: params.within };
    Ok(answer(&evidence, &headers, language, &evidence.peers(&code, &asked, &question)))
}

/// Says what would change if figures or weights were otherwise.
#[utoipa::path(get, path = "/api/v1/municipalities/{code}/whatif", tag = "scores",
    params(("code" = String, Path, description = "Current or former code or name"), WhatIfParams),
    responses((status = 200, body = WhatIf),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn what_if(
    State(evidence): Shared,
    Path(code): Path<String>,
    headers: HeaderMap,
    Params(params): Params<WhatIfParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let mut question = question(params.model, params.weights.as_deref(), language)?;
    question.uncertainty = Some(draws(params.draws, params.seed, &evidence, language)?);
    let set = Question::parse_settings(params.set.as_deref().unwrap_or("")).map_err(|problem| {
        let error = EvidenceError::Asked { what: Part::Settings, problem };
        Problem::from_evidence(&error, evidence.texts(), language)
    })?;
    let asked = Arc::clone(&evidence);
    let found = beside(move || asked.what_if(&code, &set, &question)).await?;
    Ok(answer(&evidence, &headers, language, &found))
}

/// Proposes weights from the figures, group by group.
#[utoipa::path(get, path = "/api/v1/models/{id}/weights", tag = "models",
    params(("id" = String, Path, description = "Model id"), WeightParams),
    responses((status = 200, body = WeightProposal),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn weights(
    State(evidence): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<WeightParams>,
) -> Result<Response, Problem> {
    let language = language(params.lang.as_deref(), &headers)?;
    let question = question(Some(id), None, language)?;
    let found = WeighingMethod::named(params.method.as_deref().unwrap_or("equal"));
    let asked = Arc::clone(&evidence);
    let found = beside(move || found.and_then(|method| asked.weights(&question, method))).await?;
    Ok(answer(&evidence, &headers, language, &found))
}
