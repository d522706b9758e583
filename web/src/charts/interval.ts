// A span of ranks on a line from the first place to the last. Pure.

export interface Span {
  p5: number;
  p50: number;
  p95: number;
}

/** Positions in percent of the line, 0 for the first place and 100 for the last. */
export interface Drawn {
  low: number;
  middle: number;
  high: number;
}

/** Places a span on a line of `ranked` places. Where there is one place, it is the first. */
export function drawSpan({ p5, p50, p95 }: Span, ranked: number): Drawn {
  const at = (place: number) => (ranked <= 1 ? 0 : (100 * (Math.min(Math.max(place, 1), ranked) - 1)) / (ranked - 1));
  return { low: at(p5), middle: at(p50), high: at(p95) };
}
