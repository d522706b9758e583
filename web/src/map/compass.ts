// Where an arrow key leads on a map of points. Pure.
//
// Each direction is a quarter of the sky, cut along the diagonals, and leads to
// the nearest point in it, counted along the axes. Whatever place one wants, one of
// the four keys leads nearer to it: so every place is reached, without a detour.

export type Direction = "left" | "right" | "up" | "down";

export interface Point {
  code: string;
  x: number;
  /** Grows to the south. */
  y: number;
}

/** The place an arrow key leads to; `null` when nothing lies in that quarter. */
export function nearestTowards<T extends Point>(points: T[], from: Point, direction: Direction): T | null {
  let best: T | null = null;
  let lowest = Infinity;
  for (const point of points) {
    const [ahead, aside] = offset(point.x - from.x, point.y - from.y, direction);
    if (ahead <= 0 || Math.abs(aside) > ahead || point.code === from.code) continue;
    const distance = ahead + Math.abs(aside);
    if (distance >= lowest) continue;
    lowest = distance;
    best = point;
  }
  return best;
}

function offset(dx: number, dy: number, direction: Direction): [ahead: number, aside: number] {
  if (direction === "left") return [-dx, dy];
  if (direction === "right") return [dx, dy];
  if (direction === "up") return [-dy, dx];
  return [dy, dx];
}
