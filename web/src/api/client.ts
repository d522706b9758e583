// Requests to the server that delivered the page. No other host is ever asked.

import type {
  ExplainResponse,
  IntervalsResponse,
  LayersResponse,
  ModelsResponse,
  PlacesResponse,
  Problem,
  RankResponse,
} from "./types";

/** A server draws each level of detail once, when somebody first asks for it. */
const DRAWING_MS = 60_000;

export type Weights = Record<string, number>;

/** How many draws the intervals of the ranks rest on: enough to read them by, few enough to follow a slider. */
const DRAWS = 500;

export interface RankQuery {
  language: string;
  model: string | null;
  weights: Weights | null;
}

/** The server's own words about what went wrong. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "RequestError";
    this.status = status;
  }
}

/** The ranking without intervals, as the server tells of it before the page's script runs. */
export function fetchRanking(query: RankQuery, signal: AbortSignal): Promise<RankResponse> {
  return getJson(`/api/v1/rank?${parameters(query)}`, signal);
}

/** The ranking with the intervals of its ranks: in one answer, so that neither is shown beside another's. */
export function fetchDoubtedRanking(query: RankQuery, signal: AbortSignal): Promise<RankResponse> {
  return getJson(`/api/v1/rank?${parameters(query)}&uncertainty=true&draws=${DRAWS}`, signal);
}

/** The intervals alone, of a ranking that is here already. */
export function fetchIntervals(query: RankQuery, signal: AbortSignal): Promise<IntervalsResponse> {
  return getJson(`/api/v1/rank/intervals?${parameters(query)}&draws=${DRAWS}`, signal);
}

export function fetchExplanation(
  code: string,
  query: RankQuery,
  signal: AbortSignal,
): Promise<ExplainResponse> {
  return getJson(`/api/v1/municipalities/${encodeURIComponent(code)}?${parameters(query)}`, signal);
}

export function fetchPlaces(): Promise<PlacesResponse> {
  return getJson("/api/v1/municipalities");
}

export function fetchModels(language: string): Promise<ModelsResponse> {
  return getJson(`/api/v1/models?lang=${language}`);
}

/** The layers of boundaries this snapshot has; none where nobody fetched them. */
export function fetchLayers(): Promise<LayersResponse> {
  return getJson("/api/v1/layers");
}

/** The municipalities' boundaries as TopoJSON: 0 for the country at a glance, 2 for one of them. */
export function fetchTopology(detail: 0 | 1 | 2): Promise<unknown> {
  return getJson(`/api/v1/layers/municipalities/topology?detail=${detail}`, AbortSignal.timeout(DRAWING_MS));
}

/** `{B: 40, M: 25}` as the API writes it: `B:40,M:25`. */
export function weightsParameter(weights: Weights): string {
  return Object.entries(weights)
    .map(([id, weight]) => `${id}:${weight}`)
    .join(",");
}

function parameters(query: RankQuery): string {
  const parts = [`lang=${query.language}`];
  if (query.model !== null) parts.push(`model=${encodeURIComponent(query.model)}`);
  if (query.weights !== null) parts.push(`weights=${weightsParameter(query.weights)}`);
  return parts.join("&");
}

async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(url, {
    headers: { accept: "application/json" },
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<RequestError> {
  try {
    const problem = (await response.json()) as Problem;
    return new RequestError(response.status, problem.detail);
  } catch {
    return new RequestError(response.status, `HTTP ${response.status}`);
  }
}
