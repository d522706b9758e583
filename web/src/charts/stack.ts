// Stacked shares along one line. Pure.

export interface Part {
  id: string;
  title: string;
  value: number;
}

export interface Segment extends Part {
  /** Position and length in percent of the whole line. */
  start: number;
  length: number;
  /** Which of the chart's colours. */
  color: number;
}

/**
 * Lays parts end to end on a line from 0 to `full`. Negative parts grow to the
 * left of zero, so that a part that pulls down never looks like one that lifts.
 */
export function stack(parts: Part[], full: number): { segments: Segment[]; zero: number } {
  const up = sum(parts, (value) => Math.max(value, 0));
  const down = sum(parts, (value) => Math.max(-value, 0));
  const span = Math.max(full, up) + down;
  if (span === 0) return { segments: [], zero: 0 };
  const scale = 100 / span;
  let right = down;
  let left = down;
  const segments = parts.map((part, color) => {
    const size = Math.abs(part.value);
    if (part.value < 0) left -= size;
    const start = part.value < 0 ? left : right;
    if (part.value >= 0) right += size;
    return { ...part, color, start: start * scale, length: size * scale };
  });
  return { segments, zero: down * scale };
}

function sum(parts: Part[], of: (value: number) => number): number {
  return parts.reduce((total, { value }) => total + of(value), 0);
}
