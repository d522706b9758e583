// TopoJSON in, SVG paths out. Pure.
//
// A border between two regions is one arc, and both read it: rounded once, it
// leaves no gap and no overlap on any screen. Coordinates become whole tens of
// metres (EPSG:25833, y turned to point south), so every level of detail is drawn
// in the same plane and a path is mostly short steps.
//
// A region never disappears: what is too small for its own rounding becomes a
// dot of one unit. What is not TopoJSON of regions is refused whole.
//
// The first paint waits for this, on a machine that has not yet compiled it: each
// arc is walked once to be read and once for each side that is written, and what is done
// for each of its points makes no object and takes none apart.

export interface Region {
  code: string;
  name: string;
  /** Path data: every part and hole; to be filled by the even-odd rule. */
  path: string;
  /** A point on land, in the largest part. */
  x: number;
  y: number;
  /** Side of a square as large as the region, holes taken out. */
  side: number;
  box: Box;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Boundaries {
  regions: Region[];
  /** Path data of the borders between counties, each once; the coast is not among them. */
  counties: string;
  box: Box;
}

/** The answer is not a topology that can be drawn. */
export class TopologyError extends Error {
  constructor(what: string) {
    super(`not a topology of regions: ${what}`);
    this.name = "TopologyError";
  }
}

const METRES_PER_UNIT = 10;
/** North of the country, so that y is small and positive. */
const NORTH_M = 8_000_000;

interface Arc {
  /** Whole units, x and y in turn. */
  points: number[];
  box: Box;
  /** Twice the area between the arc and the origin; turned round, it is the negative. */
  twiceArea: number;
  /** How many regions have the arc as their border. */
  sides: number;
  /** Path data of the steps from the first point to the last, and back. */
  steps: [forward: string | null, backward: string | null];
}

interface Ring {
  /** Arc numbers, `~n` for arc `n` backwards. */
  arcs: number[];
  /** A hole in the ring before it. */
  isHole: boolean;
}

interface DrawnRing {
  ring: Ring;
  path: string;
  /** Below zero for a hole. */
  area: number;
  box: Box;
}

/**
 * Reads regions and county outlines from TopoJSON with the objects `regions` and `counties`.
 * Throws a [`TopologyError`] for anything else.
 */
export function readTopology(answer: unknown): Boundaries {
  const topology = record(answer, "no object");
  const objects = record(topology["objects"], "no objects");
  const arcs = readArcs(topology);
  const regions = list(record(objects["regions"], "no object `regions`")["geometries"], "no geometries").map((geometry) =>
    readRegion(record(geometry, "a region that is no object"), arcs),
  );
  if (regions.length === 0) throw new TopologyError("no regions");
  if (new Set(regions.map(({ code }) => code)).size < regions.length) throw new TopologyError("a code twice");
  return { regions, counties: drawCounties(objects["counties"], arcs), box: around(regions) };
}

/** How positions of the file become units of the map. */
interface Grid {
  /** Positions are steps from the one before. */
  isQuantised: boolean;
  scale: [number, number];
  shift: [number, number];
}

function readArcs(topology: Record<string, unknown>): Arc[] {
  const grid = readGrid(topology["transform"]);
  return list(topology["arcs"], "no arcs").map((arc) => readArc(list(arc, "an arc that is no list"), grid));
}

function readGrid(transform: unknown): Grid {
  if (transform === undefined) return { isQuantised: false, scale: [1, 1], shift: [0, 0] };
  const { scale, translate } = record(transform, "a bad transform");
  return { isQuantised: true, scale: pair(scale), shift: pair(translate) };
}

function readArc(positions: unknown[], { isQuantised, scale, shift }: Grid): Arc {
  const points: number[] = [];
  const scaleX = scale[0];
  const scaleY = scale[1];
  const shiftX = shift[0];
  const shiftY = NORTH_M - shift[1];
  let twiceArea = 0;
  let east = 0;
  let north = 0;
  let lastX = NaN;
  let lastY = NaN;
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let at = 0; at < positions.length; at += 1) {
    const step = positions[at];
    if (!isPair(step)) throw notAPair();
    east = isQuantised ? east + step[0] : step[0];
    north = isQuantised ? north + step[1] : step[1];
    const x = Math.round((shiftX + east * scaleX) / METRES_PER_UNIT);
    const y = Math.round((shiftY - north * scaleY) / METRES_PER_UNIT);
    if (x === lastX && y === lastY) continue;
    if (points.length > 0) twiceArea += lastX * y - x * lastY;
    points.push(x, y);
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
    lastX = x;
    lastY = y;
  }
  if (points.length === 0) throw new TopologyError("an empty arc");
  return { points, box: { left, top, right, bottom }, twiceArea, sides: 0, steps: [null, null] };
}

function readRegion(geometry: Record<string, unknown>, arcs: Arc[]): Region {
  const { code, name } = record(geometry["properties"], "a region without properties");
  if (typeof code !== "string" || typeof name !== "string") throw new TopologyError("a region without code or name");
  const rings = readRings(geometry["type"], geometry["arcs"], code).map((ring) => drawRing(ring, arcs));
  const seen = rings.filter(({ area }) => area !== 0);
  const drawn = seen.length > 0 ? seen : rings.slice(0, 1).map(dot);
  const largest = drawn.reduce((best, ring) => (ring.area > best.area ? ring : best));
  const area = drawn.reduce((sum, ring) => sum + ring.area, 0);
  return {
    code,
    name,
    path: drawn.map(({ path }) => path).join(""),
    ...pointInside(largest, drawn, arcs),
    side: Math.sqrt(Math.max(area, 1)),
    box: around(drawn),
  };
}

function readRings(type: unknown, arcs: unknown, code: string): Ring[] {
  const polygons = type === "Polygon" ? [arcs] : type === "MultiPolygon" ? list(arcs, `no parts in ${code}`) : [];
  const rings = polygons.flatMap((polygon) =>
    list(polygon, `no rings in ${code}`).map((ring, index) => ({ arcs: numbers(ring), isHole: index > 0 })),
  );
  if (rings.length === 0) throw new TopologyError(`no area in ${code}`);
  return rings;
}

function drawRing(ring: Ring, arcs: Arc[]): DrawnRing {
  let path = "";
  let twiceArea = 0;
  let startX = NaN;
  let startY = NaN;
  let x = NaN;
  let y = NaN;
  const box = emptyBox();
  for (const number of ring.arcs) {
    const arc = arcAt(number, arcs);
    const last = arc.points.length - 2;
    const from = number < 0 ? last : 0;
    const fromX = arc.points[from] ?? NaN;
    const fromY = arc.points[from + 1] ?? NaN;
    if (path === "") {
      path = `M${fromX} ${fromY}l`;
      startX = fromX;
      startY = fromY;
    } else if (fromX !== x || fromY !== y) throw new TopologyError("a ring whose arcs do not meet");
    x = arc.points[last - from] ?? NaN;
    y = arc.points[last - from + 1] ?? NaN;
    path += stepsOf(arc, number < 0 ? 1 : 0);
    twiceArea += number < 0 ? -arc.twiceArea : arc.twiceArea;
    stretch(box, arc.box.left, arc.box.top);
    stretch(box, arc.box.right, arc.box.bottom);
    arc.sides += 1;
  }
  if (x !== startX || y !== startY) throw new TopologyError("an open ring");
  const area = Math.abs(twiceArea) / 2;
  return { ring, path: `${path.trimEnd()}z`, area: ring.isHole ? -area : area, box };
}

/** Stands for a ring that rounding has closed up. */
function dot({ ring, box }: DrawnRing): DrawnRing {
  const { left, top } = box;
  return {
    ring,
    path: `M${left} ${top}l1 0 0 1-1 0z`,
    area: 1,
    box: { left, top, right: left + 1, bottom: top + 1 },
  };
}

function stepsOf(arc: Arc, way: 0 | 1): string {
  return (arc.steps[way] ??= way === 0 ? writeSteps(arc.points, 2) : writeSteps(arc.points, -2));
}

function writeSteps(points: number[], stride: 2 | -2): string {
  let at = stride > 0 ? 0 : points.length - 2;
  let x = points[at] ?? 0;
  let y = points[at + 1] ?? 0;
  const steps: number[] = [];
  for (at += stride; at >= 0 && at < points.length; at += stride) {
    const toX = points[at] ?? 0;
    const toY = points[at + 1] ?? 0;
    steps.push(toX - x, toY - y);
    x = toX;
    y = toY;
  }
  return steps.length === 0 ? "" : `${steps.join(" ")} `;
}

/** Arcs of county outlines that have a region on either side: the coast needs no second line. */
function drawCounties(given: unknown, arcs: Arc[]): string {
  if (given === undefined) return "";
  let path = "";
  for (const number of new Set(arcNumbers(record(given, "counties that are no object")))) {
    const arc = arcAt(number, arcs);
    if (arc.sides === 2) path += `M${arc.points[0] ?? 0} ${arc.points[1] ?? 0}l${stepsOf(arc, 0)}`;
  }
  return path;
}

/** The arcs of a geometry of any kind, each as its forward number. */
function arcNumbers(geometry: Record<string, unknown>): number[] {
  if (Array.isArray(geometry["geometries"])) {
    return geometry["geometries"].flatMap((one) => arcNumbers(record(one, "a county that is no object")));
  }
  const nested = list(geometry["arcs"] ?? [], "county arcs that are no list");
  return numbers(nested.flat(3)).map((number) => (number < 0 ? ~number : number));
}

/** The middle of the widest stretch of land at half the height of the largest part. */
function pointInside(largest: DrawnRing, drawn: DrawnRing[], arcs: Arc[]): { x: number; y: number } {
  // Between two whole numbers no corner lies on the line, so crossings come in pairs.
  const y = Math.floor((largest.box.top + largest.box.bottom) / 2) + 0.5;
  const numbersOfAll = drawn.flatMap(({ ring }) => ring.arcs);
  const crossings = numbersOfAll.flatMap((number) => crossingsAt(arcAt(number, arcs), y)).sort((a, b) => a - b);
  let [from, to] = [largest.box.left, largest.box.left];
  for (let at = 0; at + 1 < crossings.length; at += 2) {
    const [left = 0, right = 0] = [crossings[at], crossings[at + 1]];
    if (right - left > to - from) [from, to] = [left, right];
  }
  return { x: Math.round((from + to) / 2), y: Math.round(y) };
}

function crossingsAt({ points, box }: Arc, y: number): number[] {
  const found: number[] = [];
  if (box.top > y || box.bottom < y) return found;
  for (let at = 2; at < points.length; at += 2) {
    const y0 = points[at - 1] ?? 0;
    const y1 = points[at + 1] ?? 0;
    if (y0 < y === y1 < y) continue;
    const x0 = points[at - 2] ?? 0;
    const x1 = points[at] ?? 0;
    found.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  }
  return found;
}

function emptyBox(): Box {
  return { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
}

function stretch(box: Box, x: number, y: number): void {
  if (x < box.left) box.left = x;
  if (x > box.right) box.right = x;
  if (y < box.top) box.top = y;
  if (y > box.bottom) box.bottom = y;
}

function around(boxed: { box: Box }[]): Box {
  const all = emptyBox();
  for (const { box } of boxed) {
    stretch(all, box.left, box.top);
    stretch(all, box.right, box.bottom);
  }
  return all;
}

function arcAt(number: number, arcs: Arc[]): Arc {
  const arc = arcs[number < 0 ? ~number : number];
  if (arc === undefined) throw new TopologyError(`no arc ${number}`);
  return arc;
}

function record(value: unknown, otherwise: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TopologyError(otherwise);
  return value as Record<string, unknown>;
}

function list(value: unknown, otherwise: string): unknown[] {
  if (!Array.isArray(value)) throw new TopologyError(otherwise);
  return value;
}

function pair(value: unknown): [number, number] {
  if (!isPair(value)) throw notAPair();
  return value;
}

/** More than two numbers are a pair and a height. */
function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && Number.isFinite(value[0]) && Number.isFinite(value[1]);
}

function notAPair(): TopologyError {
  return new TopologyError("a position that is no pair of numbers");
}

function numbers(value: unknown): number[] {
  const all = list(value, "arcs that are no list");
  if (!all.every((number) => Number.isInteger(number))) throw new TopologyError("an arc number that is none");
  return all as number[];
}
