// The part of the map that is in sight. Pure: a view and a gesture in, a view out.
//
// A view keeps the proportions of the whole country, and its middle never leaves it: the
// outermost island can be looked at from all sides. Its numbers are the map's own units.

import type { Box } from "./topology";

export interface View {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Spot {
  x: number;
  y: number;
}

/** At this magnification the smallest municipality fills a quarter of the map's height. */
export const MOST = 128;
/** Room around the country, as a share of its larger side. */
const MARGIN = 0.012;

/** The whole country with a margin. */
export function wholeOf({ left, top, right, bottom }: Box): View {
  const margin = Math.max(right - left, bottom - top) * MARGIN;
  return {
    left: left - margin,
    top: top - margin,
    width: Math.max(right - left, 1) + 2 * margin,
    height: Math.max(bottom - top, 1) + 2 * margin,
  };
}

/** How many times larger than in the whole country things are shown. */
export function magnification(view: View, whole: View): number {
  return whole.width / view.width;
}

/** Magnified `factor` times more, with `spot` staying where it is on the screen. */
export function zoomed(view: View, whole: View, factor: number, spot: Spot = middle(view)): View {
  const times = clamp(magnification(view, whole) * factor, 1, MOST);
  const [width, height] = [whole.width / times, whole.height / times];
  const [shareX, shareY] = [(spot.x - view.left) / view.width, (spot.y - view.top) / view.height];
  return kept({ left: spot.x - shareX * width, top: spot.y - shareY * height, width, height }, whole);
}

/** Moved by map units. */
export function panned(view: View, whole: View, dx: number, dy: number): View {
  return kept({ ...view, left: view.left + dx, top: view.top + dy }, whole);
}

/** Moved just so far that `spot` is in sight, a tenth away from the edge. */
export function showing(view: View, whole: View, { x, y }: Spot): View {
  const [marginX, marginY] = [view.width / 10, view.height / 10];
  const left = clamp(view.left, x - view.width + marginX, x - marginX);
  const top = clamp(view.top, y - view.height + marginY, y - marginY);
  return left === view.left && top === view.top ? view : kept({ ...view, left, top }, whole);
}

/** Whether any of the box can be seen. */
export function meets(box: Box, view: View): boolean {
  return (
    box.right >= view.left &&
    box.left <= view.left + view.width &&
    box.bottom >= view.top &&
    box.top <= view.top + view.height
  );
}

/** The level of detail for a magnification: 0 for the country, 2 where a street's length shows. */
export function detailFor(times: number): 0 | 1 | 2 {
  if (times < 1.5) return 0;
  return times < 10 ? 1 : 2;
}

export function middle({ left, top, width, height }: View): Spot {
  return { x: left + width / 2, y: top + height / 2 };
}

function kept(view: View, whole: View): View {
  // None for the whole country, half a view for a small part of it.
  const beyond = (1 - view.width / whole.width) / 2;
  const [beyondX, beyondY] = [beyond * view.width, beyond * view.height];
  return {
    ...view,
    left: clamp(view.left, whole.left - beyondX, whole.left + whole.width - view.width + beyondX),
    top: clamp(view.top, whole.top - beyondY, whole.top + whole.height - view.height + beyondY),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
