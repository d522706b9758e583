import { describe, expect, test } from "vitest";
import { nearestTowards, type Direction, type Point } from "./compass";

const KEYS: Direction[] = ["left", "right", "up", "down"];

/** Points on no common line, the same on every machine. */
function scattered(count: number, seed: number): Point[] {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Array.from({ length: count }, (_, code) => ({ code: String(code), x: random() * 1000, y: random() * 1600 }));
}

function reachable(points: Point[], start: Point): number {
  const seen = new Set([start.code]);
  const waiting = [start];
  for (let point = waiting.pop(); point !== undefined; point = waiting.pop()) {
    for (const key of KEYS) {
      const to = nearestTowards(points, point, key);
      if (to === null || seen.has(to.code)) continue;
      seen.add(to.code);
      waiting.push(to);
    }
  }
  return seen.size;
}

describe("an arrow key on the drawn map", () => {
  const place = (code: string, x: number, y: number): Point => ({ code, x, y });
  const oslo = place("oslo", 0, 0);
  const points = [oslo, place("west", -10, 4), place("far west", -30, 0), place("north", 5, -20), place("south-east", 12, 11)];

  test.each([
    ["left", "west"],
    ["up", "north"],
    ["right", "south-east"],
    ["down", null],
  ] as const)("%s of Oslo is %s", (direction, code) => {
    expect(nearestTowards(points, oslo, direction)?.code ?? null).toBe(code);
  });

  test("brings one from every place to every other", () => {
    for (const seed of [1, 2, 3]) {
      const all = scattered(120, seed);
      for (const start of all) expect(reachable(all, start)).toBe(all.length);
    }
  });

  test("brings one nearer to whatever place one wants", () => {
    const all = scattered(80, 7);
    const apart = (one: Point, other: Point) => Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
    for (const from of all) {
      for (const wanted of all) {
        if (from === wanted) continue;
        const steps = KEYS.map((key) => nearestTowards(all, from, key)).filter((to) => to !== null);
        expect(Math.min(...steps.map((to) => apart(to, wanted)))).toBeLessThan(apart(from, wanted));
      }
    }
  });
});
