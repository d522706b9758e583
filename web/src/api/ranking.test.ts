import { describe, expect, test } from "vitest";
import { classLimits, classOfRank } from "../map/classes";
import { gapLook, observed } from "./observation";
import { readRanking, searchKey, withIntervals } from "./ranking";
import type { IntervalsResponse, RankedMunicipality, RankResponse } from "./types";

function entry(code: string, rank: number | null, score: number | null): RankedMunicipality {
  return {
    municipality_code: code,
    name: `Kommune ${code}`,
    county_code: code.slice(0, 2),
    county_name: "Fylke",
    status: rank === null ? "not_ranked" : "ranked",
    reason: rank === null ? "for få tall" : null,
    rank,
    score,
    coverage: 1,
    tier: null,
    dimensions: { B: { score, coverage: 1 } },
    flags: [],
    uncertainty: rank === null ? null : { p5: 1, p50: rank, p95: 9, p_top: [{ n: 20, share: 0.97 }], tier: null, tier_title: null },
  };
}

function answer(municipalities: RankedMunicipality[]): RankResponse {
  return {
    model: "m",
    model_title: "M",
    model_version: 1,
    notes: [],
    snapshot: { id: "ab", created: "2026-11-21" },
    language: "nb",
    dimensions: [{ id: "B", title: "Behov", weight: 1 }],
    ranked: municipalities.filter(({ rank }) => rank !== null).length,
    not_ranked: municipalities.filter(({ rank }) => rank === null).length,
    municipalities,
  };
}

describe("a rank answer", () => {
  test("keeps a zero a number and a null a gap with its reason", () => {
    const { rows } = readRanking(answer([entry("0301", 1, 0), entry("1103", null, null)]));
    expect(rows[0]?.dimensions[0]).toEqual({ kind: "number", value: 0 });
    expect(rows[1]?.dimensions[0]).toEqual({ kind: "missing", look: "missing", reason: "for få tall" });
    expect(rows[1]?.standing).toEqual({ kind: "not_ranked", reason: "for få tall" });
  });

  test("gives equals the colour of the last of them", () => {
    const equals = Array.from({ length: 11 }, (_, index) => entry(String(1000 + index), 2, 0));
    const { rows, ranked } = readRanking(answer([entry("0301", 1, 9), ...equals]));
    const standings = rows.map(({ standing }) => (standing.kind === "ranked" ? standing.sharedUntil : null));
    expect(new Set(standings)).toEqual(new Set([1, 12]));
    expect(classOfRank(12, ranked)).toBe(0);
    expect(classLimits(rows, ranked)[0]).toEqual({ low: 0, high: 0 });
  });

  test("gives an interval to who is ranked, and none to who is not", () => {
    const { rows, uncertainty } = readRanking(answer([entry("0301", 2, 9), entry("1103", null, null)]));
    expect(rows[0]?.standing).toMatchObject({ interval: { p5: 1, p50: 2, p95: 9, top: new Map([[20, 0.97]]), tier: null } });
    expect(rows[1]?.standing).not.toHaveProperty("interval");
    expect(uncertainty).toBeNull();
  });

  test("takes the intervals that follow it, and only those of its own figures", () => {
    const bare = (code: string, rank: number | null) => ({ ...entry(code, rank, rank), uncertainty: null });
    const ranking = readRanking(answer([bare("0301", 1), bare("1103", null)]));
    const intervals: IntervalsResponse = {
      model: "m",
      model_version: 1,
      notes: [],
      snapshot: { id: "ab", created: "2026-11-21" },
      language: "nb",
      uncertainty: {
        draws: 500,
        seed: 1,
        choices: { weights: { spread: 0.25, shape: "uniform" }, normalisation: [], aggregation: [], treatment: [], missing: [] },
        top: [20],
        tier_top: 20,
        tiers: [],
      },
      municipalities: [
        { municipality_code: "0301", uncertainty: { p5: 1, p50: 1, p95: 4, p_top: [], tier: null, tier_title: null } },
        { municipality_code: "1103", uncertainty: null },
      ],
    };
    const whole = withIntervals(ranking, intervals);
    expect(whole?.byCode.get("0301")?.standing).toMatchObject({ rank: 1, interval: { p5: 1, p95: 4 } });
    expect(whole?.rows[1]).toBe(ranking.rows[1]);
    expect(whole?.uncertainty?.draws).toBe(500);
    expect(withIntervals(ranking, { ...intervals, snapshot: { id: "cd", created: "2026-11-22" } })).toBeNull();
    expect(withIntervals(ranking, { ...intervals, model_version: 2 })).toBeNull();
  });

  test("has no score range when nobody is ranked", () => {
    expect(readRanking(answer([entry("0301", null, null)])).scores).toEqual({ low: 0, high: 0 });
  });
});

test("a name is found without its accents", () => {
  expect(["Ålesund", "Kárášjohka", "Sør-Aurdal", "Ærøy"].map(searchKey)).toEqual([
    "alesund",
    "karasjohka",
    "sor-aurdal",
    "aeroy",
  ]);
});

test("each kind of gap has its own look, and only null is a gap", () => {
  expect(["suppressed", "not_applicable", "not_published", "not_collected", null].map(gapLook)).toEqual([
    "suppressed",
    "not_applicable",
    "missing",
    "missing",
    "missing",
  ]);
  expect(observed(0, "")).toEqual({ kind: "number", value: 0 });
});
