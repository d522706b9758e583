// What the hexagons and the drawn map share: colour, name and keys of one municipality.

import type { Row } from "../api/ranking";
import type { PageState } from "../state/page.svelte";
import { classOfRank } from "./classes";
import type { Direction } from "./compass";

export const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** The colour of its sixth; the hatch for one that is not ranked. */
export function fillOf(row: Row | undefined, ranked: number): string {
  if (row === undefined || row.standing.kind !== "ranked") return "url(#hatch)";
  return `var(--step-${classOfRank(row.standing.sharedUntil, ranked)})`;
}

/** What a screen reader says: name, rank and score, or why there is none; the name alone before the ranking has settled. */
export function spokenName(page: PageState, code: string, name: string): string {
  const standing = page.settled?.byCode.get(code)?.standing;
  if (page.settled === null || standing === undefined) return name;
  if (standing.kind !== "ranked") return page.t("map.place.unranked", { name, reason: standing.reason });
  return page.t("map.place", {
    name,
    rank: page.format.count(standing.rank),
    ranked: page.format.count(page.settled.ranked),
    score: page.format.score(standing.score),
  });
}

/** The municipality whose shape an event came from. */
export function codeUnder(event: Event): string | null {
  return event.target instanceof SVGElement ? (event.target.dataset["code"] ?? null) : null;
}
