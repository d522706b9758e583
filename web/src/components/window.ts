// Which rows of a long list are drawn. Pure.
//
// Drawing all 357 rows costs 200 ms per slider step, and each row of a screenful more than half one.

export interface Window {
  /** Index of the first drawn row. */
  start: number;
  /** Index after the last drawn row. */
  end: number;
  /** Height in px of what is not drawn above and below. */
  above: number;
  below: number;
}

/** Rows drawn beyond each edge: enough to begin a scroll with, each of them redrawn by a slider. */
export const AT_REST = 1;
/** And while the list is scrolled, so that a quick scroll shows rows, not paper. */
export const MOVING = 8;

export interface View {
  count: number;
  scrollTop: number;
  viewportHeight: number;
  rowHeight: number;
}

export function windowOf({ count, scrollTop, viewportHeight, rowHeight }: View, overscan: number): Window {
  const visible = Math.ceil(viewportHeight / rowHeight) + 1;
  const first = clamp(Math.floor(scrollTop / rowHeight), 0, Math.max(0, count - visible));
  const start = Math.max(0, first - overscan);
  const end = Math.min(count, first + visible + overscan);
  return { start, end, above: start * rowHeight, below: (count - end) * rowHeight };
}

/** The scroll position that shows row `index` whole, moving as little as possible. */
export function scrollToShow(index: number, view: View): number {
  const top = index * view.rowHeight;
  const bottom = top + view.rowHeight;
  if (top < view.scrollTop) return top;
  if (bottom > view.scrollTop + view.viewportHeight) return bottom - view.viewportHeight;
  return view.scrollTop;
}

/** The scroll position after a jump to row `index`: unmoved when in view, else with the row in the middle. */
export function scrollToCentre(index: number, view: View): number {
  if (scrollToShow(index, view) === view.scrollTop) return view.scrollTop;
  return Math.max(0, (index + 0.5) * view.rowHeight - view.viewportHeight / 2);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
