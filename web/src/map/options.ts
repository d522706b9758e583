// What the hexagons and the drawn map share: colour, name and keys of one municipality.

import type { Ranking, Row } from "../api/ranking";
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
function fillOf(row: Row | undefined, ranked: number): string {
  if (row === undefined || row.standing.kind !== "ranked") return "url(#hatch)";
  return `var(--step-${classOfRank(row.standing.sharedUntil, ranked)})`;
}

/**
 * Gives every shape in `svg` its colour. Done for all at once: as attributes of a template, each of
 * 357 shapes would be asked at every step of a slider what of it has changed.
 */
export function colour(svg: SVGElement, ranking: Ranking, visible: Set<string> | null): void {
  for (const shape of svg.querySelectorAll<SVGElement>("[data-code]")) {
    const code = shape.dataset["code"] ?? "";
    const row = ranking.byCode.get(code);
    put(shape, "fill", fillOf(row, ranking.ranked));
    put(shape, "fill-opacity", visible === null || visible.has(code) ? "1" : "0.16");
    shape.classList.toggle("unranked", row?.standing.kind !== "ranked");
  }
}

function put(shape: SVGElement, name: string, value: string): void {
  if (shape.getAttribute(name) !== value) shape.setAttribute(name, value);
}

/** What a screen reader says: name, rank and score, or why there is none; the name alone before the ranking has settled. */
export function spokenName(page: PageState, code: string, name: string): string {
  const row = page.settled?.byCode.get(code);
  if (page.settled === null || row === undefined) return name;
  const { standing } = row;
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
