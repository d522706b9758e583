// Which of six colours a score gets. Pure.

import type { Row } from "../api/ranking";

export const CLASS_COUNT = 6;

/** One colour class: its limits among the scores, highest class first in a legend. */
export interface ScoreClass {
  low: number;
  high: number;
}

/**
 * Six equally large groups by rank. The colour says where a municipality
 * stands among the others, not how good its score is. Of equals, `rank` is the
 * last one's: 300 municipalities without a point are not in the upper half.
 */
export function classOfRank(rank: number, ranked: number): number {
  if (ranked <= 1) return CLASS_COUNT - 1;
  const fromTop = Math.floor(((rank - 1) * CLASS_COUNT) / ranked);
  return CLASS_COUNT - 1 - Math.min(CLASS_COUNT - 1, fromTop);
}

/** The score limits of each class, index 0 the lowest; empty classes are left out as `null`. */
export function classLimits(rows: Row[], ranked: number): (ScoreClass | null)[] {
  const limits: (ScoreClass | null)[] = Array.from({ length: CLASS_COUNT }, () => null);
  for (const { standing } of rows) {
    if (standing.kind !== "ranked") continue;
    const index = classOfRank(standing.sharedUntil, ranked);
    const known = limits[index] ?? { low: standing.score, high: standing.score };
    limits[index] = {
      low: Math.min(known.low, standing.score),
      high: Math.max(known.high, standing.score),
    };
  }
  return limits;
}
