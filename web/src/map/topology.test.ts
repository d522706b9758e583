import { describe, expect, test } from "vitest";
import { readTopology, TopologyError } from "./topology";

/**
 * Two squares of a kilometre side by side, with the border between them as arc 0,
 * and a rock of three metres. South-west corner at 100 km east, 7000 km north.
 */
function twoSquares() {
  return {
    type: "Topology",
    transform: { scale: [1, 1], translate: [100_000, 7_000_000] },
    arcs: [
      [[1000, 0], [0, 1000]],
      [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
      [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
      [[5000, 0], [3, 0], [0, 3], [-3, -3]],
    ],
    objects: {
      regions: {
        type: "GeometryCollection",
        geometries: [
          { type: "Polygon", arcs: [[0, 1]], properties: { code: "0001", name: "Vest" } },
          { type: "MultiPolygon", arcs: [[[2, ~0]], [[3]]], properties: { code: "0002", name: "Øst" } },
          { type: "Polygon", arcs: [[3]], properties: { code: "0003", name: "Skjæret" } },
        ],
      },
      counties: { type: "MultiLineString", arcs: [[0], [1], [~0]] } as unknown,
    },
  };
}

/** The corners a path goes through. */
function corners(path: string): string[] {
  return path.split("M").slice(1).flatMap((part) => {
    const [x = 0, y = 0, ...steps] = part.match(/-?\d+/g)?.map(Number) ?? [];
    const found = [[x, y]];
    for (let at = 0; at < steps.length; at += 2) {
      const [lastX = 0, lastY = 0] = found.at(-1) ?? [];
      found.push([lastX + (steps[at] ?? 0), lastY + (steps[at + 1] ?? 0)]);
    }
    return found.map(String);
  });
}

describe("a topology", () => {
  test("becomes closed paths in tens of metres, north up", () => {
    const [west] = readTopology(twoSquares()).regions;
    expect(west?.path).toMatch(/^M[\d -]+l[\d -]+z$/);
    expect(new Set(corners(west?.path ?? ""))).toEqual(new Set(["10000,100000", "10100,100000", "10100,99900", "10000,99900"]));
  });

  test("gives neighbours the same corners on their border", () => {
    const [west, east] = readTopology(twoSquares()).regions.map(({ path }) => new Set(corners(path)));
    expect([...(west ?? [])].filter((corner) => east?.has(corner)).sort()).toEqual(["10100,100000", "10100,99900"]);
  });

  test("knows how large a region is and a point inside it", () => {
    const [west] = readTopology(twoSquares()).regions;
    expect(west).toMatchObject({ code: "0001", name: "Vest", side: 100, x: 10_050, y: 99_951 });
    expect(west?.box).toEqual({ left: 10_000, top: 99_900, right: 10_100, bottom: 100_000 });
  });

  test("keeps a region that is smaller than the map's unit", () => {
    const { regions } = readTopology(twoSquares());
    expect(regions).toHaveLength(3);
    expect(regions[2]?.path).toBe("M10500 100000l1 0 0 1-1 0z");
    expect(regions[2]?.side).toBe(1);
    // The rock beside a larger part is left out: the region itself is in sight.
    expect(regions[1]?.path.match(/M/g)).toHaveLength(1);
  });

  test("draws a county's border once, and none along the coast", () => {
    expect(corners(readTopology(twoSquares()).counties)).toEqual(["10100,100000", "10100,99900"]);
  });

  test("reads counties that are a collection, and does without", () => {
    const collected = twoSquares();
    collected.objects.counties = { type: "GeometryCollection", geometries: [{ type: "MultiLineString", arcs: [[~0]] }] };
    expect(corners(readTopology(collected).counties)).toEqual(["10100,100000", "10100,99900"]);
    const { counties: _, ...rest } = twoSquares().objects;
    expect(readTopology({ ...twoSquares(), objects: rest }).counties).toBe("");
  });

  test("takes a hole's area away, whichever way it is wound", () => {
    for (const hole of [[[200, 200], [0, 500], [500, 0], [0, -500], [-500, 0]], [[200, 200], [500, 0], [0, 500], [-500, 0], [0, -500]]]) {
      const holed = twoSquares();
      holed.arcs.push(hole);
      Object.assign(holed.objects.regions.geometries[0] ?? {}, { arcs: [[0, 1], [4]] });
      const [west] = readTopology(holed).regions;
      expect(west?.side).toBeCloseTo(Math.sqrt(100 * 100 - 50 * 50), 6);
      // Half way up lies the hole; the point is on the land beside it.
      expect(west?.x).toBeGreaterThan(10_070);
    }
  });

  test("may be without a transform: positions then stand alone", () => {
    const { transform: _, ...plain } = twoSquares();
    const standing = plain.arcs.map((arc) => {
      let [east, north] = [100_000, 7_000_000];
      return arc.map(([dx = 0, dy = 0]) => [(east += dx), (north += dy)]);
    });
    expect(readTopology({ ...plain, arcs: standing }).regions).toEqual(readTopology(twoSquares()).regions);
  });
});

describe("what is not a topology of regions is refused", () => {
  type Made = ReturnType<typeof twoSquares>;
  const spoiled = (spoil: (topology: Made) => unknown) => {
    const topology = twoSquares();
    return spoil(topology) ?? topology;
  };
  const first = (topology: Made, part: object) => void Object.assign(topology.objects.regions.geometries[0] ?? {}, part);

  test.each<[string, unknown]>([
    ["null", null],
    ["a text", "Topology"],
    ["a list", []],
    ["an empty object", {}],
    ["no objects", spoiled((topology) => ({ ...topology, objects: undefined }))],
    ["no arcs", spoiled((topology) => ({ ...topology, arcs: undefined }))],
    ["an arc that is a number", spoiled((topology) => ({ ...topology, arcs: [1, 2, 3, 4] }))],
    ["an empty arc", spoiled((topology) => void (topology.arcs[0] = []))],
    ["a position that is a text", spoiled((topology) => void Object.assign(topology.arcs[0] ?? [], { 0: ["1", "2"] }))],
    ["a position that is no number", spoiled((topology) => void Object.assign(topology.arcs[0] ?? [], { 0: [NaN, 0] }))],
    ["a transform without a scale", spoiled((topology) => ({ ...topology, transform: { translate: [0, 0] } }))],
    ["no regions", spoiled((topology) => void (topology.objects.regions.geometries = []))],
    ["regions without geometries", spoiled((topology) => ({ ...topology, objects: { regions: {} } }))],
    ["a region without properties", spoiled((topology) => first(topology, { properties: undefined }))],
    ["a code that is a number", spoiled((topology) => first(topology, { properties: { code: 1, name: "Vest" } }))],
    ["the same code twice", spoiled((topology) => first(topology, { properties: { code: "0002", name: "Vest" } }))],
    ["a line as a region", spoiled((topology) => first(topology, { type: "LineString", arcs: [0] }))],
    ["a region without rings", spoiled((topology) => first(topology, { arcs: [] }))],
    ["an arc that is not there", spoiled((topology) => first(topology, { arcs: [[0, 99]] }))],
    ["half an arc", spoiled((topology) => first(topology, { arcs: [[0.5]] }))],
    ["an open ring", spoiled((topology) => first(topology, { arcs: [[0]] }))],
    ["arcs that do not meet", spoiled((topology) => first(topology, { arcs: [[0, 3]] }))],
    ["a county of arcs that are not there", spoiled((topology) => void (topology.objects.counties = { arcs: [[99]] }))],
    ["counties that are a number", spoiled((topology) => void (topology.objects.counties = 7))],
  ])("%s", (_, answer) => {
    expect(() => readTopology(answer)).toThrow(TopologyError);
  });
});
