import { describe, expect, test } from "vitest";
import { detailFor, magnification, meets, middle, MOST, panned, showing, wholeOf, zoomed, type View } from "./view";

const whole = wholeOf({ left: 0, top: 0, right: 1000, bottom: 1500 });

function isInside({ x, y }: { x: number; y: number }): boolean {
  return x >= whole.left && y >= whole.top && x <= whole.left + whole.width && y <= whole.top + whole.height;
}

describe("a view of the map", () => {
  test("keeps the place under the pointer where it is", () => {
    const spot = { x: 300, y: 900 };
    const share = (view: View) => [(spot.x - view.left) / view.width, (spot.y - view.top) / view.height];
    const near = zoomed(whole, whole, 4, spot);
    expect(magnification(near, whole)).toBeCloseTo(4, 9);
    expect(share(near)[0]).toBeCloseTo(share(whole)[0] ?? 0, 9);
    expect(share(near)[1]).toBeCloseTo(share(whole)[1] ?? 0, 9);
  });

  test("never loses the country, nor is larger than it, nor smaller than the least", () => {
    let view = whole;
    for (let step = 0; step < 200; step += 1) {
      const spot = { x: (step * 173) % 1000, y: (step * 311) % 1500 };
      view = zoomed(view, whole, step % 3 === 0 ? 0.6 : 1.5, spot);
      view = panned(view, whole, ((step * 97) % 500) - 250, ((step * 61) % 700) - 350);
      expect(isInside(middle(view))).toBe(true);
      expect(magnification(view, whole)).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(magnification(view, whole)).toBeLessThanOrEqual(MOST + 1e-6);
    }
  });

  test("is the whole country again when it is made smaller often enough", () => {
    const back = zoomed(zoomed(whole, whole, 40, { x: 10, y: 10 }), whole, 1 / 40);
    expect(back.left).toBeCloseTo(whole.left, 6);
    expect(back.width).toBeCloseTo(whole.width, 6);
  });

  test("moves to what it must show, and only then", () => {
    const near = zoomed(whole, whole, 5, { x: 500, y: 700 });
    expect(showing(near, whole, middle(near))).toBe(near);
    const far = showing(near, whole, { x: 20, y: 1480 });
    expect(meets({ left: 20, top: 1480, right: 20, bottom: 1480 }, far)).toBe(true);
    expect(far.width).toBe(near.width);
  });

  test("meets what reaches into it, not what lies beside it", () => {
    const view = { left: 100, top: 100, width: 50, height: 50 };
    expect(meets({ left: 0, top: 0, right: 100, bottom: 100 }, view)).toBe(true);
    expect(meets({ left: 151, top: 100, right: 160, bottom: 150 }, view)).toBe(false);
  });

  test("asks for finer drawings only when they can be seen", () => {
    expect([1, 1.4, 2, 9, 12, MOST].map(detailFor)).toEqual([0, 0, 1, 1, 2, 2]);
  });
});
