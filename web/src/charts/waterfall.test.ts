import { expect, test } from "vitest";
import { waterfall, type Branch, type Step } from "./waterfall";

const step = (id: string, value: number | null): Step => ({ id, title: id, value, reason: "" });
const branch = (id: string, value: number | null, steps: Step[] = []): Branch => ({ ...step(id, value), steps });

/** Each line as `id start+length`, a minus before what pulls down, `·` where nothing is drawn. */
const drawn = (branches: Branch[], total: number | null) =>
  waterfall(branches, step("sum", total)).lines.map(({ id, bar }) =>
    bar === null ? `${id} ·` : `${id} ${Math.round(bar.start)}+${bar.isDown ? "-" : ""}${Math.round(bar.length)}`,
  );

test("each part begins where the one before it ended, its indicators inside it", () => {
  const parts = [branch("B", 60, [step("B1", 20), step("B2", 40)]), branch("M", 40, [step("M1", 40)])];
  expect(drawn(parts, 100)).toEqual(["B 0+60", "B1 0+20", "B2 20+40", "M 60+40", "M1 60+40", "sum 0+100"]);
});

test("what pulls down goes back, also below zero", () => {
  expect(drawn([branch("B", 50), branch("M", -25)], 25)).toEqual(["B 0+50", "M 25+-25", "sum 0+25"].map((line) => line.replace(/\d+/g, (n) => String(Number(n) * 2))));
  const below = waterfall([branch("B", -20), branch("M", 80)], step("sum", 60));
  expect(below.zero).toBe(25);
  expect(below.lines.map(({ bar }) => bar?.start)).toEqual([0, 0, 25]);
});

test("a gap is no bar, and what follows begins where it stood", () => {
  expect(drawn([branch("B", 50, [step("B1", null), step("B2", 50)])], 50)).toEqual(["B 0+100", "B1 ·", "B2 0+100", "sum 0+100"]);
  expect(drawn([branch("B", null)], null)).toEqual(["B ·", "sum ·"]);
});

test("a contribution of zero is drawn, as a bar without length", () => {
  expect(drawn([branch("B", 0)], 0)).toEqual(["B 0+0", "sum 0+0"]);
});
