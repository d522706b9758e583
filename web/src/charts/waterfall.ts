// A score built up part by part, each bar beginning where the one before it ended. Pure.

export interface Step {
  id: string;
  title: string;
  /** What it adds; `null` where it adds nothing because it is not known. */
  value: number | null;
  /** Why the value is not there. */
  reason: string;
}

export interface Branch extends Step {
  steps: Step[];
}

export interface Bar {
  /** Position and length in percent of the line. */
  start: number;
  length: number;
  isDown: boolean;
}

export interface Line extends Step {
  level: "part" | "indicator" | "total";
  /** Which of the chart's colours. */
  color: number;
  /** `null` where there is nothing to draw: a gap is no bar of length zero. */
  bar: Bar | null;
}

/** Lays out the branches in order, each followed by its steps, and the total last. */
export function waterfall(branches: Branch[], total: Step): { lines: Line[]; zero: number } {
  const drawn: { step: Step; level: Line["level"]; color: number; from: number }[] = [];
  let at = 0;
  branches.forEach((branch, color) => {
    drawn.push({ step: branch, level: "part", color, from: at });
    let inside = at;
    for (const step of branch.steps) {
      drawn.push({ step, level: "indicator", color, from: inside });
      inside += step.value ?? 0;
    }
    at += branch.value ?? 0;
  });
  drawn.push({ step: total, level: "total", color: -1, from: 0 });
  const ends = drawn.flatMap(({ step, from }) => [from, from + (step.value ?? 0)]);
  const low = Math.min(0, ...ends);
  const span = Math.max(0, ...ends) - low;
  const at100 = (value: number) => (span === 0 ? 0 : (100 * (value - low)) / span);
  const lines = drawn.map(({ step, level, color, from }) => ({ ...step, level, color, bar: barOf(step.value, from, at100) }));
  return { lines, zero: at100(0) };
}

function barOf(value: number | null, from: number, at100: (value: number) => number): Bar | null {
  if (value === null) return null;
  const [start, end] = [at100(Math.min(from, from + value)), at100(Math.max(from, from + value))];
  return { start, length: end - start, isDown: value < 0 };
}
