// The map that came with the page, painted before this script ran.
//
// The server drew it (`crates/server/src/first.rs`) from the same boundaries as the coarsest
// topology, in the same plane. It stays until the page has a map of its own to show.

import type { Boundaries, Box, Region } from "./topology";

const ID = "first";

/** Reads the shapes from the page; `null` when it came without, or with others than expected. */
export function readFirst(): Boundaries | null {
  const first = document.getElementById(ID);
  if (first === null) return null;
  const regions: Region[] = [];
  const box: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const shape of first.querySelectorAll<SVGPathElement>("path[data-code]")) {
    const { code = "", name = "", at = "" } = shape.dataset;
    const [x = NaN, y = NaN, side = NaN, left = NaN, top = NaN, right = NaN, bottom = NaN] = at.split(" ").map(Number);
    if (Number.isNaN(bottom)) return null;
    regions.push({ code, name, path: pathOf(shape), x, y, side, box: { left, top, right, bottom } });
    box.left = Math.min(box.left, left);
    box.top = Math.min(box.top, top);
    box.right = Math.max(box.right, right);
    box.bottom = Math.max(box.bottom, bottom);
  }
  const counties = first.querySelector("path.county");
  return regions.length === 0 || counties === null ? null : { regions, counties: pathOf(counties), box };
}

export function removeFirst(): void {
  document.getElementById(ID)?.remove();
}

/** Runs `next` when the map has been painted; at once when there is none, or nobody looks. */
export function afterFirst(next: () => void): void {
  if (document.getElementById(ID) === null || document.hidden) next();
  else requestAnimationFrame(() => setTimeout(next));
}

function pathOf(element: Element): string {
  return element.getAttribute("d") ?? "";
}
