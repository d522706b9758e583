import { expect, test } from "vitest";
import { classOfRank } from "./classes";

test("six equally large groups, the best darkest", () => {
  const sizes = [0, 0, 0, 0, 0, 0];
  for (let rank = 1; rank <= 342; rank += 1) sizes[classOfRank(rank, 342)]! += 1;
  expect(sizes).toEqual([57, 57, 57, 57, 57, 57]);
  expect(classOfRank(1, 342)).toBe(5);
  expect(classOfRank(342, 342)).toBe(0);
});

test("a single ranked municipality is the best one", () => {
  expect(classOfRank(1, 1)).toBe(5);
});
