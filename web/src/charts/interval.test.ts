import { expect, test } from "vitest";
import { drawSpan } from "./interval";

test("the first place is at the beginning of the line and the last at its end", () => {
  expect(drawSpan({ p5: 1, p50: 171, p95: 341 }, 341)).toEqual({ low: 0, middle: 50, high: 100 });
});

test("a span of one place is a point", () => {
  const { low, middle, high } = drawSpan({ p5: 3, p50: 3, p95: 3 }, 11);
  expect([low, middle, high]).toEqual([20, 20, 20]);
});

test("a country of one municipality, and a place beyond the last, stay on the line", () => {
  expect(drawSpan({ p5: 1, p50: 1, p95: 1 }, 1)).toEqual({ low: 0, middle: 0, high: 0 });
  expect(drawSpan({ p5: 1, p50: 5, p95: 9 }, 5).high).toBe(100);
});
