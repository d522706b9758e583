import { expect, test } from "vitest";
import { formatFor } from "./format";
import { translator } from "./index";
import en from "../../../packs/texts/en/web.json";
import nb from "../../../packs/texts/nb/web.json";

// Intl writes no-break spaces; a reader of the test should not have to.
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("a score has one decimal and the language's own decimal sign", () => {
  expect(formatFor("nb").score(61.25)).toBe("61,3");
  expect(formatFor("en").score(61.25)).toBe("61.3");
  expect(formatFor("nb").score(61)).toBe("61,0");
});

test("a negative contribution carries a real minus sign in bokmål", () => {
  expect(formatFor("nb").signed(-0.44)).toBe("−0,4");
  expect(formatFor("nb").signed(0.02)).toBe("0,0");
});

test("a figure keeps the decimals of its indicator", () => {
  expect(plain(formatFor("nb").figure(717710, 0))).toBe("717 710");
  expect(formatFor("en").figure(717710, 0)).toBe("717,710");
  expect(formatFor("nb").figure(12.5, 2)).toBe("12,50");
});

test("a date is written in words and a bare year is left alone", () => {
  expect(formatFor("nb").date("2026-11-21")).toBe("21. november 2026");
  expect(formatFor("en").date("2026-11-21")).toBe("21 November 2026");
  expect(formatFor("nb").date("2024")).toBe("2024");
  expect(formatFor("nb").date("2006-01-01 to 2026-01-01")).toBe("2006-01-01 to 2026-01-01");
});

test("placeholders are filled and unknown ones are left visible", () => {
  expect(translator("en")("map.place", { rank: 12, ranked: 340, name: "Oslo", score: "61.2" })).toBe(
    "Oslo, rank 12 of 340, score 61.2",
  );
});

test("both languages have the same keys and the same placeholders", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(nb).sort());
  const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(nb) as (keyof typeof nb)[]) {
    expect(placeholders(en[key]), key).toEqual(placeholders(nb[key]));
    expect(nb[key].trim(), key).not.toBe("");
  }
});
