// A rank answer as the page reads it: every absence is a case, every row has its place.

import { observed, type Observation } from "./observation";
import type { Dimension, FlagMark, IntervalsResponse, RankedMunicipality, RankInterval, RankResponse, RankUncertainty, Snapshot } from "./types";

export type Standing =
  | { kind: "ranked"; rank: number; sharedUntil: number; score: number; tier: number | null; interval: Interval | null }
  | { kind: "not_ranked"; reason: string };

/** Between which places the draws put a municipality, and how sure its place at the top is. */
export interface Interval {
  p5: number;
  p50: number;
  p95: number;
  /** Share of the draws among the first, by how many they are. */
  top: Map<number, number>;
  /** The tier in words; `null` in a model without tiers. */
  tier: string | null;
}

export interface Row {
  code: string;
  name: string;
  countyCode: string;
  countyName: string;
  standing: Standing;
  coverage: Observation;
  dimensions: Observation[];
  flags: FlagMark[];
  /** Lower case without accents, for the search box. */
  searchKey: string;
}

export interface Ranking {
  model: string;
  modelTitle: string;
  modelVersion: number;
  notes: string[];
  snapshot: Snapshot;
  dimensions: Dimension[];
  ranked: number;
  notRanked: number;
  /** What the intervals rest on; `null` in a ranking that was asked for without them. */
  uncertainty: RankUncertainty | null;
  /** Ranked by rank, then the others by code, as the server sent them. */
  rows: Row[];
  byCode: Map<string, Row>;
  /** Score range of the ranked rows; equal ends when nobody is ranked. */
  scores: { low: number; high: number };
}

export function readRanking(answer: RankResponse): Ranking {
  const rows = answer.municipalities.map((entry) => readRow(entry, answer.dimensions));
  shareRanks(rows);
  const scores = rows.flatMap((row) => (row.standing.kind === "ranked" ? [row.standing.score] : []));
  return {
    model: answer.model,
    modelTitle: answer.model_title,
    modelVersion: answer.model_version,
    notes: answer.notes,
    snapshot: answer.snapshot,
    dimensions: answer.dimensions,
    ranked: answer.ranked,
    notRanked: answer.not_ranked,
    uncertainty: answer.uncertainty ?? null,
    rows,
    byCode: new Map(rows.map((row) => [row.code, row])),
    scores: { low: scores.at(-1) ?? 0, high: scores[0] ?? 0 },
  };
}

/** The same ranking with intervals that came after it; `null` where they are not of the same figures. */
export function withIntervals(ranking: Ranking, answer: IntervalsResponse): Ranking | null {
  const { model, modelVersion, snapshot } = ranking;
  if (answer.model !== model || answer.model_version !== modelVersion || answer.snapshot.id !== snapshot.id) return null;
  const intervals = new Map(answer.municipalities.map((each) => [each.municipality_code, readInterval(each.uncertainty ?? null)]));
  const rows = ranking.rows.map((row): Row => {
    if (row.standing.kind !== "ranked") return row;
    return { ...row, standing: { ...row.standing, interval: intervals.get(row.code) ?? null } };
  });
  return {
    ...ranking,
    notes: [...ranking.notes, ...answer.notes],
    uncertainty: answer.uncertainty,
    rows,
    byCode: new Map(rows.map((row) => [row.code, row])),
  };
}

function readRow(entry: RankedMunicipality, dimensions: Dimension[]): Row {
  const reason = entry.reason ?? "";
  return {
    code: entry.municipality_code,
    name: entry.name,
    countyCode: entry.county_code,
    countyName: entry.county_name,
    standing: readStanding(entry),
    coverage: observed(entry.coverage, reason),
    dimensions: dimensions.map(({ id }) => observed(entry.dimensions[id]?.score, reason)),
    flags: entry.flags,
    searchKey: keyOfName(entry.name),
  };
}

export function readStanding(
  entry: Pick<RankedMunicipality, "status" | "rank" | "score" | "tier" | "reason" | "uncertainty">,
): Standing {
  const { rank = null, score = null, tier = null } = entry;
  if (entry.status !== "ranked" || rank === null || score === null) {
    return { kind: "not_ranked", reason: entry.reason ?? "" };
  }
  return { kind: "ranked", rank, sharedUntil: rank, score, tier, interval: readInterval(entry.uncertainty ?? null) };
}

function readInterval(told: RankInterval | null): Interval | null {
  if (told === null) return null;
  const { p5, p50, p95, p_top, tier_title = null } = told;
  return { p5, p50, p95, top: new Map(p_top.map(({ n, share }) => [n, share])), tier: tier_title };
}

/** Equal scores share a rank; `sharedUntil` is the rank the last of them would have alone. */
function shareRanks(rows: Row[]): void {
  const counts = new Map<number, number>();
  for (const { standing } of rows) {
    if (standing.kind === "ranked") counts.set(standing.rank, (counts.get(standing.rank) ?? 0) + 1);
  }
  for (const { standing } of rows) {
    if (standing.kind === "ranked") standing.sharedUntil = standing.rank + (counts.get(standing.rank) ?? 1) - 1;
  }
}

const keys = new Map<string, string>();

/** Names do not change between two steps of a slider; their keys are made once. */
function keyOfName(name: string): string {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = searchKey(name);
  keys.set(name, key);
  return key;
}

/** "Ålesund" and "Kárášjohka" are found by "alesund" and "karasjohka". */
export function searchKey(text: string): string {
  return text
    .toLocaleLowerCase("nb-NO")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .replaceAll("đ", "d")
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "");
}
