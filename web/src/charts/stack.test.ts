import { expect, test } from "vitest";
import { stack } from "./stack";

const part = (id: string, value: number) => ({ id, title: id, value });
const drawn = (values: number[], full: number) =>
  stack(values.map((value, index) => part(String(index), value)), full).segments.map(
    ({ start, length }) => `${Math.round(start)}+${Math.round(length)}`,
  );

test("parts lie end to end and leave the rest of the line empty", () => {
  expect(drawn([30, 20, 10], 100)).toEqual(["0+30", "30+20", "50+10"]);
});

test("a part that pulls down lies left of zero", () => {
  expect(drawn([60, -20, 20], 80)).toEqual(["20+60", "0+20", "80+20"]);
  expect(stack([part("a", 60), part("b", -20)], 80).zero).toBe(20);
});

test("nothing to draw is an empty chart, not a division by zero", () => {
  expect(stack([], 0).segments).toEqual([]);
});
