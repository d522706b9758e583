import { describe, expect, test } from "vitest";
import { AT_REST, MOVING, scrollToCentre, scrollToShow, windowOf } from "./window";

const view = { count: 357, scrollTop: 0, viewportHeight: 640, rowHeight: 40 };

describe("the window of a long list", () => {
  test("draws a small part of 357 rows", () => {
    expect(windowOf(view, AT_REST)).toEqual({ start: 0, end: 18, above: 0, below: 339 * 40 });
  });

  test("draws more of them while it is scrolled", () => {
    expect(windowOf({ ...view, scrollTop: 4000 }, MOVING)).toEqual({ start: 92, end: 125, above: 92 * 40, below: 232 * 40 });
  });

  test("always adds up to the whole list, wherever it is scrolled", () => {
    for (let scrollTop = 0; scrollTop <= 357 * 40; scrollTop += 13) {
      const { start, end, above, below } = windowOf({ ...view, scrollTop }, MOVING);
      expect(above + (end - start) * 40 + below).toBe(357 * 40);
      expect(start * 40).toBeLessThanOrEqual(scrollTop);
      expect(end).toBe(Math.max(end, Math.min(357, Math.ceil((scrollTop + 640) / 40))));
    }
  });

  test("draws a short list whole", () => {
    expect(windowOf({ ...view, count: 3 }, AT_REST)).toEqual({ start: 0, end: 3, above: 0, below: 0 });
    expect(windowOf({ ...view, count: 0 }, AT_REST)).toEqual({ start: 0, end: 0, above: 0, below: 0 });
  });

  test("survives a scroll position left over from a longer list", () => {
    const { start, end } = windowOf({ ...view, count: 20, scrollTop: 9000 }, MOVING);
    expect([start, end]).toEqual([0, 20]);
  });
});

describe("showing a row", () => {
  test("does not scroll when the row is in view", () => {
    expect(scrollToShow(5, view)).toBe(0);
  });

  test("after a jump puts the row in the middle", () => {
    expect(scrollToCentre(5, view)).toBe(0);
    expect(scrollToCentre(163, view)).toBe(163.5 * 40 - 320);
  });

  test("moves as little as possible in either direction", () => {
    expect(scrollToShow(16, view)).toBe(40);
    expect(scrollToShow(2, { ...view, scrollTop: 400 })).toBe(80);
  });
});
