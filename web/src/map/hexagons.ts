// The hexagon map's geometry. Pure: places in, points and paths out.
//
// Pointy-top hexagons in "odd-r" offset: odd rows are pushed half a width to
// the right. One unit is a hexagon's radius; the y axis points south.

import type { Direction } from "./compass";

export interface Cell {
  code: string;
  county: string;
  column: number;
  row: number;
}

export interface Hexagon extends Cell {
  x: number;
  y: number;
}

export interface Layout {
  hexagons: Hexagon[];
  /** Path data of the borders between counties, each edge once. */
  countyBorders: string;
  /** Path data of one hexagon around the origin. */
  outline: string;
  width: number;
  height: number;
}

const WIDTH = Math.sqrt(3);
const MARGIN = 0.6;
/** Corners clockwise from the top. */
const CORNERS = Array.from({ length: 6 }, (_, corner) => {
  const angle = (Math.PI / 3) * corner - Math.PI / 2;
  return { x: Math.cos(angle), y: Math.sin(angle) };
});

export function layOut(cells: Cell[]): Layout {
  const hexagons = cells.map((cell) => ({ ...cell, ...centre(cell) }));
  return {
    hexagons,
    countyBorders: countyBorders(hexagons),
    outline: outline(),
    width: round(Math.max(...hexagons.map(({ x }) => x), 0) + WIDTH / 2 + MARGIN),
    height: round(Math.max(...hexagons.map(({ y }) => y), 0) + 1 + MARGIN),
  };
}

/**
 * The hexagon an arrow key leads to: the nearest one in that direction, `null` at
 * the edge of the country. Of two equally near ones the same column wins, so that
 * up and down undo each other instead of drifting sideways.
 */
export function neighbour(hexagons: Hexagon[], from: Hexagon, direction: Direction): Hexagon | null {
  let best: Hexagon | null = null;
  let lowest = Infinity;
  for (const hexagon of hexagons) {
    const { ahead, aside } = offset(from, hexagon, direction);
    if (ahead < 0.5) continue;
    const cost = ahead + Math.abs(aside) + 0.01 * Math.abs(hexagon.column - from.column);
    if (cost < lowest) {
      lowest = cost;
      best = hexagon;
    }
  }
  return best;
}

function offset(from: Hexagon, to: Hexagon, direction: Direction) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (direction === "left") return { ahead: -dx, aside: dy };
  if (direction === "right") return { ahead: dx, aside: dy };
  if (direction === "up") return { ahead: -dy, aside: dx };
  return { ahead: dy, aside: dx };
}

function centre({ column, row }: Cell): { x: number; y: number } {
  const shift = row % 2 === 0 ? 0 : WIDTH / 2;
  return {
    x: round(column * WIDTH + shift + WIDTH / 2 + MARGIN),
    y: round(row * 1.5 + 1 + MARGIN),
  };
}

function outline(): string {
  const points = CORNERS.map(({ x, y }) => `${round(x)} ${round(y)}`);
  return `M${points.join("L")}Z`;
}

/** The three neighbours that no earlier hexagon has compared itself with: east, south-east, south-west. */
function laterNeighbours({ column, row }: Cell): { column: number; row: number; edge: number }[] {
  const east = row % 2 === 0 ? 0 : 1;
  return [
    { column: column + 1, row, edge: 1 },
    { column: column + east, row: row + 1, edge: 2 },
    { column: column + east - 1, row: row + 1, edge: 3 },
  ];
}

function countyBorders(hexagons: Hexagon[]): string {
  const at = new Map(hexagons.map((hexagon) => [`${hexagon.column},${hexagon.row}`, hexagon]));
  const edges: string[] = [];
  for (const hexagon of hexagons) {
    for (const { column, row, edge } of laterNeighbours(hexagon)) {
      const other = at.get(`${column},${row}`);
      if (other !== undefined && other.county !== hexagon.county) edges.push(edgePath(hexagon, edge));
    }
  }
  return edges.join("");
}

/** Edge `n` runs from corner `n` to corner `n + 1`. */
function edgePath({ x, y }: Hexagon, edge: number): string {
  const [from, to] = [CORNERS[edge % 6], CORNERS[(edge + 1) % 6]];
  if (from === undefined || to === undefined) return "";
  return `M${round(x + from.x)} ${round(y + from.y)}L${round(x + to.x)} ${round(y + to.y)}`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
