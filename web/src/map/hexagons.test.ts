import { describe, expect, test } from "vitest";
import type { Direction } from "./compass";
import { layOut, neighbour, type Cell } from "./hexagons";

const cell = (code: string, column: number, row: number, county = "03"): Cell => ({ code, county, column, row });

describe("the hexagon layout", () => {
  test("pushes odd rows half a width to the right", () => {
    const [even, odd] = layOut([cell("a", 0, 0), cell("b", 0, 1)]).hexagons;
    expect((odd?.x ?? 0) - (even?.x ?? 0)).toBeCloseTo(Math.sqrt(3) / 2, 3);
    expect((odd?.y ?? 0) - (even?.y ?? 0)).toBeCloseTo(1.5, 3);
  });

  test("draws each border between two counties once", () => {
    const layout = layOut([cell("a", 0, 0, "03"), cell("b", 1, 0, "32"), cell("c", 2, 0, "32")]);
    expect(layout.countyBorders.match(/M/g)).toHaveLength(1);
  });

  test("draws no border inside a county or along the coast", () => {
    expect(layOut([cell("a", 0, 0), cell("b", 1, 0), cell("c", 5, 5, "32")]).countyBorders).toBe("");
  });

  test("puts an edge between two hexagons that touch diagonally", () => {
    const { hexagons, countyBorders } = layOut([cell("a", 0, 0, "03"), cell("b", 0, 1, "32")]);
    const numbers = countyBorders.match(/[\d.]+/g)?.map(Number) ?? [];
    const middle = { x: (numbers[0]! + numbers[2]!) / 2, y: (numbers[1]! + numbers[3]!) / 2 };
    expect(middle.x).toBeCloseTo((hexagons[0]!.x + hexagons[1]!.x) / 2, 2);
    expect(middle.y).toBeCloseTo((hexagons[0]!.y + hexagons[1]!.y) / 2, 2);
  });
});

describe("an arrow key", () => {
  const { hexagons } = layOut([cell("west", 0, 2), cell("oslo", 1, 2), cell("far", 5, 2), cell("north", 1, 0)]);
  const from = (code: string, direction: Direction) => {
    const start = hexagons.find((hexagon) => hexagon.code === code);
    return start === undefined ? "no such place" : (neighbour(hexagons, start, direction)?.code ?? null);
  };

  test("goes to the adjacent hexagon, and across open water when there is none", () => {
    expect(from("oslo", "left")).toBe("west");
    expect(from("oslo", "right")).toBe("far");
    expect(from("oslo", "up")).toBe("north");
  });

  test("up and down undo each other, row by row", () => {
    const column = layOut([cell("a", 1, 0), cell("b", 1, 1), cell("c", 1, 2), cell("d", 0, 1), cell("e", 2, 1)]).hexagons;
    const step = (hexagon: (typeof column)[number], direction: Direction) => neighbour(column, hexagon, direction) ?? hexagon;
    const [top] = column;
    const middle = step(top!, "down");
    expect([middle.code, step(middle, "down").code, step(middle, "up").code]).toEqual(["b", "c", "a"]);
  });

  test("stays at the edge of the country", () => {
    expect(from("west", "left")).toBeNull();
    expect(from("oslo", "down")).toBeNull();
  });
});
