// The municipalities' boundaries, if this snapshot has them.
//
// The list of layers is on its way before this runs (index.html). The boundaries
// come with the page, or are asked for beside the ranking. Whatever goes wrong
// here, the hexagons are drawn instead: a map is never a reason for an error page.

import { fetchLayers, fetchTopology } from "../api/client";
import type { Layer } from "../api/types";
import { readFirst } from "../map/first";
import { readTopology, type Boundaries, type Region } from "../map/topology";

export type Outline =
  | { kind: "loading" }
  | { kind: "absent" }
  | { kind: "ready"; layer: Layer; boundaries: Boundaries };

export type Detail = 0 | 1 | 2;

/** One level of detail as it is drawn. */
export interface Drawing {
  byCode: Map<string, Region>;
  counties: string;
}

export class Atlas {
  /** The whole country as first painted. */
  outline: Outline = $state.raw({ kind: "loading" });
  /** What came when somebody looked closer, finer levels last. */
  finer: [Drawing | null, Drawing | null] = $state.raw([null, null]);
  #asked = new Set<Detail>();
  #first = readFirst();

  /** Whether the page came with its map, which is painted by now. */
  get isPainted(): boolean {
    return this.#first !== null;
  }

  start(): void {
    this.#load().then(
      (outline) => (this.outline = outline),
      () => (this.outline = { kind: "absent" }),
    );
  }

  /** The finest drawing here that is not finer than `detail`; asks for that one if it is missing. */
  drawn(detail: Detail): Drawing | null {
    const [first, second] = this.finer;
    if (detail === 2) return second ?? first;
    return detail === 1 ? first : null;
  }

  /** Asks once. Without an answer the coarser drawing stays. */
  want(detail: Detail): void {
    if (detail === 0 || this.#asked.has(detail)) return;
    this.#asked.add(detail);
    fetchTopology(detail)
      .then((answer) => this.#keep(detail, answer))
      .catch(() => {});
  }

  async #load(): Promise<Outline> {
    const { layers } = await fetchLayers();
    const layer = layers.find(({ id, has_topology }) => id === "municipalities" && has_topology);
    if (layer === undefined) return { kind: "absent" };
    return { kind: "ready", layer, boundaries: this.#first ?? readTopology(await fetchTopology(0)) };
  }

  #keep(detail: 1 | 2, answer: unknown): void {
    const { regions, counties } = readTopology(answer);
    const drawing = { byCode: new Map(regions.map((region) => [region.code, region])), counties };
    this.finer = detail === 1 ? [drawing, this.finer[1]] : [this.finer[0], drawing];
  }
}
