// How sure a place is, in words. Pure.

import type { Interval, Ranking, Standing } from "../api/ranking";
import type { RankUncertainty } from "../api/types";
import type { Format } from "./format";
import type { TextKey, Translate } from "./index";

type Ranked = Extract<Standing, { kind: "ranked" }>;

/** "3–19", or "3" where nine in ten draws agree. */
export function spanText({ p5, p95 }: Pick<Interval, "p5" | "p95">, t: Translate, format: Format): string {
  const [low, high] = [format.count(p5), format.count(p95)];
  return p5 === p95 ? low : t("interval.span", { low, high });
}

/** The place, where the draws put it, and how sure the top is; `null` while that is not known. */
export function intervalInWords(
  standing: Ranked,
  { ranked, uncertainty }: Pick<Ranking, "ranked" | "uncertainty">,
  t: Translate,
  format: Format,
): string | null {
  const { interval, rank } = standing;
  if (interval === null || uncertainty === null) return null;
  const [low, high] = [format.count(interval.p5), format.count(interval.p95)];
  const place = t(interval.p5 === interval.p95 ? "interval.words.one" : "interval.words", {
    rank: format.count(rank),
    ranked: format.count(ranked),
    low,
    high,
  });
  const share = interval.top.get(uncertainty.tier_top);
  if (share === undefined) return interval.tier === null ? place : t("interval.words.tier_only", { place, tier: interval.tier });
  const values = { place, n: format.count(uncertainty.tier_top), share: shareText(share, t, format) };
  return interval.tier === null ? t("interval.words.top", values) : t("interval.words.tier", { ...values, tier: interval.tier });
}

/** A share of the draws. Only all of them are 100 percent, and only none of them 0. */
export function shareText(share: number, t: Translate, format: Format): string {
  if (share < 1 && share >= 0.995) return t("interval.share.over", { share: format.percent(0.99) });
  if (share > 0 && share < 0.005) return t("interval.share.under", { share: format.percent(0.01) });
  return format.percent(share);
}

/** What the intervals rest on and what the tiers mean, one sentence each. */
export function intervalKey(told: RankUncertainty, t: Translate, format: Format): string[] {
  const { choices, draws, tiers, tier_top } = told;
  const ways: [TextKey, string[]][] = [
    ["interval.key.normalisation", choices.normalisation],
    ["interval.key.aggregation", choices.aggregation],
    ["interval.key.treatment", choices.treatment],
    ["interval.key.missing", choices.missing],
  ];
  const varied = [
    ...(choices.weights.spread > 0 ? [t("interval.key.weights", { spread: format.percent(choices.weights.spread) })] : []),
    ...ways.filter(([, names]) => names.length > 1).map(([key, names]) => t(key, { count: format.count(names.length) })),
  ];
  const sentences = [t("interval.key", { column: t("interval.title"), draws: format.count(draws) })];
  if (varied.length > 0) sentences.push(t("interval.key.varied", { varied: varied.join(", ") }));
  if (tiers.length > 0) {
    const meanings = tiers.map(({ title, from }) =>
      t(from > 0 ? "interval.key.tier" : "interval.key.tier.rest", { title, from: format.percent(from) }),
    );
    sentences.push(t("interval.key.tiers", { n: format.count(tier_top), meanings: meanings.join("; ") }));
  }
  return sentences;
}
