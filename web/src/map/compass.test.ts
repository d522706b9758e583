import { describe, expect, test } from "vitest";
import { nearestTowards, type Direction, type Point } from "./compass";

const KEYS: Direction[] = ["left", "right", "up", "down"];

/** Points on no common line, the same on every machine. */
function scattered(count: number, seed: number): Point[] {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Array.from({ length: count }, (_, code) => ({ code: String(code), x: random() * 1000, y: random() * 1600 }));
}

/** For each point the points that its four keys lead to. */
function table(points: Point[]): Map<Point, Point[]> {
  return new Map(points.map((from) => [from, KEYS.map((key) => nearestTowards(points, from, key)).filter((to) => to !== null)]));
}

function reachable(next: Map<Point, Point[]>, start: Point): number {
  const seen = new Set([start]);
  for (const point of seen) for (const to of next.get(point) ?? []) seen.add(to);
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
      const next = table(all);
      expect(all.map((start) => reachable(next, start))).toEqual(all.map(() => all.length));
    }
  });

  test("brings one nearer to whatever place one wants", () => {
    const all = scattered(80, 7);
    const apart = (one: Point, other: Point) => Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
    const stuck = [...table(all)].flatMap(([from, steps]) =>
      all.filter((wanted) => wanted !== from && steps.every((to) => apart(to, wanted) >= apart(from, wanted))),
    );
    expect(stuck).toEqual([]);
  });
});
