import { expect, test } from "vitest";
import type { Interval, Standing } from "../api/ranking";
import type { RankUncertainty } from "../api/types";
import { formatFor } from "./format";
import { translator } from "./index";
import { intervalInWords, intervalKey, shareText, spanText } from "./interval";

const told: RankUncertainty = {
  draws: 500,
  seed: 1,
  choices: {
    weights: { spread: 0.25, shape: "uniform" },
    normalisation: ["model", "z_score"],
    aggregation: ["model"],
    treatment: ["model", "none", "winsorise_5_95"],
    missing: ["model"],
  },
  top: [20, 60],
  tier_top: 60,
  tiers: [
    { id: "sure", from: 0.8, title: "sikker topp" },
    { id: "low", from: 0, title: "lav" },
  ],
};

const sure: Interval = { p5: 3, p50: 8, p95: 19, top: new Map([[20, 0.9], [60, 0.98]]), tier: "sikker topp" };

// Intl writes no-break spaces; a reader of the test should not have to.
const plain = (text: string | null) => text?.replace(/[\u00a0\u202f]/g, " ") ?? null;

function inWords(interval: Interval | null, language: "nb" | "en" = "nb", uncertainty: RankUncertainty | null = told) {
  const standing: Extract<Standing, { kind: "ranked" }> = { kind: "ranked", rank: 5, sharedUntil: 5, score: 61, tier: 1, interval };
  return plain(intervalInWords(standing, { ranked: 340, uncertainty }, translator(language), formatFor(language)));
}

test("a place is told with its span, its tier and how often it is at the top", () => {
  expect(inWords(sure)).toBe("Plass 5 av 340; i 90 % av beregningene mellom plass 3 og 19; sikker topp: blant de 60 første i 98 %");
  expect(inWords({ ...sure, tier: "sure top" }, "en")).toBe(
    "Rank 5 of 340; between rank 3 and 19 in 90% of the draws; sure top: among the first 60 in 98%",
  );
});

test("a span of one place is one place", () => {
  expect(inWords({ ...sure, p5: 5, p50: 5, p95: 5 })).toContain("i minst 90 % av beregningene på plass 5;");
  expect(spanText({ p5: 5, p95: 5 }, translator("nb"), formatFor("nb"))).toBe("5");
  expect(spanText(sure, translator("nb"), formatFor("nb"))).toBe("3–19");
});

test("a model without tiers has no word for them", () => {
  expect(inWords({ ...sure, tier: null })).toBe("Plass 5 av 340; i 90 % av beregningene mellom plass 3 og 19; blant de 60 første i 98 %");
});

test("what was not computed is not told", () => {
  expect(inWords(null)).toBeNull();
  expect(inWords(sure, "nb", null)).toBeNull();
});

test("only all draws are 100 percent, and only none of them 0", () => {
  const shares = [0, 0.002, 0.5, 0.998, 1].map((share) => plain(shareText(share, translator("nb"), formatFor("nb"))));
  expect(shares).toEqual(["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]);
});

test("the key names what is drawn, and nothing that is not", () => {
  const [how, varied, tiers] = intervalKey(told, translator("nb"), formatFor("nb")).map(plain);
  expect(how).toContain("i 90 % av 500 beregninger");
  expect(varied).toBe("Beregningene endrer vektene (inntil 25 % opp eller ned), hvordan tall blir til poeng (2 måter), hva som gjøres med ytterpunkter (3 måter).");
  expect(tiers).toBe("Ordene sier hvor ofte kommunen er blant de 60 første. sikker topp: i minst 80 % av beregningene; lav: sjeldnere.");
});

test("a model without open choices or tiers has the first sentence alone", () => {
  const choices = { ...told.choices, weights: { spread: 0, shape: "uniform" }, normalisation: ["model"], treatment: ["model"] };
  expect(intervalKey({ ...told, choices, tiers: [] }, translator("en"), formatFor("en"))).toHaveLength(1);
});
