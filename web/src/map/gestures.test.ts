import { expect, test } from "vitest";
import { Gestures } from "./gestures";

test("one finger drags what lies under it", () => {
  const gestures = new Gestures();
  gestures.down(1, { x: 10, y: 10 });
  expect(gestures.move(1, { x: 13, y: 15 })).toEqual({ dx: 3, dy: 5, factor: 1, about: { x: 13, y: 15 } });
  expect(gestures.isDrag).toBe(true);
});

test("a hand that trembles still clicks", () => {
  const gestures = new Gestures();
  gestures.down(1, { x: 10, y: 10 });
  gestures.move(1, { x: 11, y: 11 });
  expect(gestures.isDrag).toBe(false);
});

test("two fingers twice as far apart make it twice as large, around their middle", () => {
  const gestures = new Gestures();
  gestures.down(1, { x: 0, y: 0 });
  gestures.down(2, { x: 10, y: 0 });
  expect(gestures.move(2, { x: 20, y: 0 })).toEqual({ dx: 5, dy: 0, factor: 2, about: { x: 10, y: 0 } });
});

test("a pointer that only passes over does nothing", () => {
  const gestures = new Gestures();
  expect(gestures.move(1, { x: 5, y: 5 })).toBeNull();
  gestures.down(1, { x: 0, y: 0 });
  gestures.up(1);
  expect(gestures.move(1, { x: 9, y: 9 })).toBeNull();
});
