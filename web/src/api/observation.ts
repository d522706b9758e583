// A number that may be absent. The wire has `null`; the page never does.

export type GapLook = "missing" | "suppressed" | "not_applicable";

export type Observation =
  | { kind: "number"; value: number }
  | { kind: "missing"; look: GapLook; reason: string };

export function observed(value: number | null | undefined, reason: string): Observation {
  if (value === null || value === undefined) return { kind: "missing", look: "missing", reason };
  return { kind: "number", value };
}

/** How a gap is drawn: hatch, dot or dash. A status without a value is never drawn as a number. */
export function gapLook(status: string | null): GapLook {
  if (status === "suppressed") return "suppressed";
  if (status === "not_applicable") return "not_applicable";
  return "missing";
}
