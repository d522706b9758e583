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

test("numbers and dates are those of Intl", () => {
  const numbers = [0, 0.05, 0.25, 0.5, 1.005, 1.45, 2.5, 9.95, 99.95, 999.95, 1000, 12345.678, 717710, 1e6, 123456789.5, 1e-7, 3e-6];
  const months = Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, "0")}-0${(month % 9) + 1}`);
  for (const [language, locale] of [["nb", "nb-NO"], ["en", "en-GB"]] as const) {
    const format = formatFor(language);
    for (const number of [...numbers, ...numbers.slice(1, -2).map((each) => -each)]) {
      for (const decimals of [0, 1, 2, 3, 4]) {
        const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
        const negative = new Intl.NumberFormat(locale, { ...digits, signDisplay: "negative" });
        expect(format.figure(number, decimals), `${number} ${decimals}`).toBe(negative.format(number));
      }
    }
    const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
    for (const share of [0, 0.004, 0.125, 1 / 3, 0.5, 1]) expect(format.percent(share)).toBe(percent.format(share));
    const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
    for (const iso of months) expect(format.date(iso)).toBe(day.format(new Date(iso)));
  }
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
