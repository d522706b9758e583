// The shapes the server sends, as written in schemas/openapi.json.
//
// This file is the only place that knows them: when `schema.d.ts` is generated,
// these interfaces become aliases of it and nothing else changes.

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
}

export interface Snapshot {
  id: string;
  created: string;
}

export interface Dimension {
  id: string;
  title: string;
  weight: number;
}

export type Severity = "critical" | "warning" | "information";

export interface FlagMark {
  id: string;
  severity: Severity;
  title: string;
}

export interface DimensionScore {
  score: number | null;
  coverage: number;
}

export interface RankedMunicipality {
  municipality_code: string;
  name: string;
  county_code: string;
  county_name: string;
  status: "ranked" | "not_ranked";
  reason: string | null;
  rank: number | null;
  score: number | null;
  coverage: number | null;
  tier: number | null;
  dimensions: Record<string, DimensionScore>;
  flags: FlagMark[];
}

export interface RankResponse {
  model: string;
  model_title: string;
  notes: string[];
  snapshot: Snapshot;
  language: string;
  dimensions: Dimension[];
  ranked: number;
  not_ranked: number;
  municipalities: RankedMunicipality[];
}

export interface Place {
  municipality_code: string;
  name: string;
  county_code: string;
  county_name: string;
  longitude: number;
  latitude: number;
  hexagon_column: number;
  hexagon_row: number;
}

export interface PlacesResponse {
  municipalities: Place[];
}

export interface ModelSummary {
  id: string;
  title: string;
}

export interface ModelsResponse {
  models: ModelSummary[];
}

export interface MeasureReceipt {
  measure: string;
  title: string;
  table: string | null;
  selection: string | null;
  publisher: string | null;
  licence: string | null;
  reference_date: string | null;
  retrieved_via: string | null;
  checksum: string | null;
  caveat: string | null;
}

export interface Receipt {
  table: string | null;
  selection: string | null;
  publisher: string | null;
  licence: string | null;
  reference_date: string | null;
  checksum: string | null;
  measures: MeasureReceipt[];
}

export type FigureStatus =
  | "ok"
  | "preliminary"
  | "estimated"
  | "break"
  | "suppressed"
  | "not_applicable"
  | "not_published"
  | "not_collected";

export interface ExplainedIndicator {
  id: string;
  code: string | null;
  title: string;
  description: string | null;
  dimension: string;
  group: string;
  raw_value: number | null;
  unit: string;
  decimals: number;
  period: string | null;
  status: FigureStatus | null;
  status_text: string | null;
  normalised_value: number | null;
  weight: number;
  /** Share of the whole model, 0 to 1. */
  effective_weight: number | null;
  contribution: number | null;
  national_value: number | null;
  national_basis: "exact" | "approximate" | "none" | null;
  better: "higher" | "lower" | "none";
  unavailable_reason: string | null;
  receipt: Receipt | null;
}

export interface ExplainedDimension {
  title: string;
  weight: number;
  score: number | null;
  coverage: number;
  contribution: number | null;
  national_score: number | null;
}

export interface RaisedFlag extends FlagMark {
  text: string;
  value: number | null;
  threshold: number | null;
  unit: string | null;
  period: string | null;
  basis: string | null;
}

export interface ExplainResponse extends Omit<RankedMunicipality, "dimensions" | "flags"> {
  model: string;
  model_title: string;
  notes: string[];
  snapshot: Snapshot;
  language: string;
  of: number;
  /** Said when the reader asked for a code that no longer exists. */
  former_note: string | null;
  tier_title: string | null;
  national_score: number | null;
  contribution_method: string;
  score_range: { low: number; high: number } | null;
  dimensions: Record<string, ExplainedDimension>;
  indicators: ExplainedIndicator[];
  flags: RaisedFlag[];
  flags_unknown: { id: string; title: string; reason: string }[];
  flags_clear: { id: string; title: string }[];
}
