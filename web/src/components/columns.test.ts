import { expect, test } from "vitest";
import { columnsFor } from "./columns";

const titles = ["Behov", "Mulighet", "Vilje", "Gjennomføringsevne"];
const at = (available: number, ranked = 340) => columnsFor(available, { titles, ranked, hasTier: true });

/** Names of what is drawn beside rank, name and score. */
const drawn = (available: number, ranked = 340) => {
  const columns = at(available, ranked);
  const names = ["interval", "hasWords", "hasBar", "flags", "parts", "tier", "county", "reasons"] as const;
  return names.filter((name) => columns[name] !== false && columns[name] !== null).join(" ");
};

test("the interval has room everywhere, its words where there is some", () => {
  expect(drawn(18)).toBe("interval");
  expect(drawn(25)).toBe("interval hasWords");
  expect(drawn(31)).toBe("interval hasWords flags");
  expect(drawn(52)).toBe("interval hasWords flags parts");
  expect(drawn(90)).toBe("interval hasWords hasBar flags parts tier county");
});

test("where nobody is ranked there is no interval, and the reasons have its room", () => {
  expect(drawn(52, 0)).toContain("reasons");
  expect(at(52, 0).interval).toBeNull();
});

test("the name keeps its room", () => {
  for (let available = 24; available < 120; available += 1) {
    const { interval, score, flags, parts, widths, tier, county } = at(available);
    const taken = 3.5 + (interval ?? 0) + score + (flags ? 7.25 : 0) + (tier ? 3.75 : 0) + (county ? 9 : 0);
    const all = taken + (parts ? widths.reduce((sum, each) => sum + each, 0) : 0);
    expect(available - all, String(available)).toBeGreaterThanOrEqual(8.25);
  }
});
