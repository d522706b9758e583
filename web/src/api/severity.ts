// How grave a flag is.

export const SEVERITIES = ["critical", "warning", "information"] as const;

export type Severity = (typeof SEVERITIES)[number];

/** A word the page does not know is shown as the gravest: a newer server must not look calmer here. */
export function severityOf({ severity }: { severity: string }): Severity {
  return SEVERITIES.find((known) => known === severity) ?? "critical";
}
