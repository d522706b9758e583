// Numbers and dates as a Norwegian or a British reader expects them.
//
// Written out rather than asked of `Intl`, whose eight formatters took a tenth of the
// first paint to make. The test compares the two.

import type { Language } from "../state/codec";

interface Manner {
  decimal: string;
  /** Between thousands. */
  group: string;
  minus: string;
  percent: string;
  /** After the day of a date. */
  ordinal: string;
  months: string;
}

const MANNERS: Record<Language, Manner> = {
  nb: {
    decimal: ",",
    group: "\u00a0",
    minus: "\u2212",
    percent: "\u00a0%",
    ordinal: ".",
    months: "januar februar mars april mai juni juli august september oktober november desember",
  },
  en: {
    decimal: ".",
    group: ",",
    minus: "-",
    percent: "%",
    ordinal: "",
    months: "January February March April May June July August September October November December",
  },
};

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

/** The formats of a language. */
export function formatFor(language: Language): Format {
  return FORMATS[language];
}

const FORMATS: Record<Language, Format> = { nb: makeFormat(MANNERS.nb), en: makeFormat(MANNERS.en) };

function makeFormat(manner: Manner): Format {
  const { percent, ordinal } = manner;
  const months = manner.months.split(" ");
  const write = (value: number, decimals: number) => writeNumber(value, decimals, manner);
  return {
    score: (value) => write(value, 1),
    signed: (value) => write(value, 1),
    figure: write,
    percent: (share) => write(100 * share, 0) + percent,
    count: (value) => write(value, 0),
    date: (iso) => {
      const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
      const name = months[Number(month) - 1];
      return name === undefined ? iso : `${Number(day)}${ordinal} ${name} ${year}`;
    },
  };
}

/** Rounds half away from zero, as the decimals are read; what becomes zero has no sign. */
function writeNumber(value: number, decimals: number, { decimal, group, minus }: Manner): string {
  const size = Math.abs(value);
  // `1e-7` and smaller, and `1e21` and larger, are written with an exponent: they need no rounding of ours.
  const shifted = size >= 1e-6 && size < 1e15 ? Math.round(Number(`${size}e${decimals}`)) : Math.round(size * 10 ** decimals);
  const digits = String(shifted).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(?:\d{3})+$)/g, group);
  const fraction = decimals > 0 ? decimal + digits.slice(-decimals) : "";
  return `${value < 0 && shifted > 0 ? minus : ""}${whole}${fraction}`;
}
