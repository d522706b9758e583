import { describe, expect, test } from "vitest";
import { classLimits, classOfRank } from "../map/classes";
import { gapLook, observed } from "./observation";
import { readRanking, searchKey } from "./ranking";
import type { RankedMunicipality, RankResponse } from "./types";

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
