// Fingers and mouse on the map, as moves and magnifications. Pure; screen pixels.

import type { Spot } from "./view";

export interface Gesture {
  /** How far what lies under the fingers has moved. */
  dx: number;
  dy: number;
  /** How much farther apart two fingers are; 1 for one. */
  factor: number;
  /** Between the fingers. */
  about: Spot;
}

/** A hand is never quite still: less than this is a click. */
const STILL_PX = 4;

export class Gestures {
  #fingers = new Map<number, Spot>();
  #travelled = 0;

  /** Whether this has become more than a click; until the next finger comes down. */
  get isDrag(): boolean {
    return this.#travelled > STILL_PX;
  }

  down(id: number, spot: Spot): void {
    if (this.#fingers.size === 0) this.#travelled = 0;
    this.#fingers.set(id, spot);
  }

  up(id: number): void {
    this.#fingers.delete(id);
  }

  /** What one finger's move does to the map; `null` when it is not on the map, or the third. */
  move(id: number, spot: Spot): Gesture | null {
    const before = [...this.#fingers.values()];
    const from = this.#fingers.get(id);
    if (from === undefined || before.length > 2) return null;
    this.#fingers.set(id, spot);
    const after = [...this.#fingers.values()];
    this.#travelled += Math.hypot(spot.x - from.x, spot.y - from.y);
    const [was, is] = [between(before), between(after)];
    return { dx: is.x - was.x, dy: is.y - was.y, factor: before.length < 2 ? 1 : apart(after) / apart(before), about: is };
  }
}

function between(fingers: Spot[]): Spot {
  const sum = fingers.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / fingers.length, y: sum.y / fingers.length };
}

function apart([first, second]: Spot[]): number {
  if (first === undefined || second === undefined) return 1;
  return Math.max(Math.hypot(first.x - second.x, first.y - second.y), 1);
}
