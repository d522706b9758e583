// Numbers and dates as a Norwegian or a British reader expects them.

import type { Language } from "../state/codec";

const LOCALES: Record<Language, string> = { nb: "nb-NO", en: "en-GB" };

export interface Format {
  /** A score: one decimal, always. */
  score: (value: number) => string;
  /** A contribution: one decimal, with the sign of what it does. */
  signed: (value: number) => string;
  /** A figure with the number of decimals its indicator asks for. */
  figure: (value: number, decimals: number) => string;
  /** A share between 0 and 1 as whole percent. */
  percent: (share: number) => string;
  /** A count. */
  count: (value: number) => string;
  /** An ISO date in words; anything else is returned as it is. */
  date: (iso: string) => string;
}

const formats = new Map<Language, Format>();

/** The formats of a language; made once, since an `Intl` object is costly to build. */
export function formatFor(language: Language): Format {
  const known = formats.get(language);
  if (known !== undefined) return known;
  const made = makeFormat(LOCALES[language]);
  formats.set(language, made);
  return made;
}

function makeFormat(locale: string): Format {
  const score = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "negative",
  });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  const figures = [0, 1, 2, 3, 4].map(
    (decimals) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }),
  );
  return {
    score: (value) => score.format(value),
    signed: (value) => signed.format(value),
    figure: (value, decimals) => (figures[decimals] ?? score).format(value),
    percent: (share) => percent.format(share),
    count: (value) => count.format(value),
    date: (iso) => (/^\d{4}-\d{2}-\d{2}$/.test(iso) ? day.format(new Date(iso)) : iso),
  };
}
