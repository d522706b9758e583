// Which columns of the ranking there is room for. Pure.
//
// Rank, name and score always are, and the interval of the rank wherever anybody is ranked:
// with its words below the name where it is narrow.

/** Widths in rem. */
const RANK = 3.5;
const NAME = 8.25;
const INTERVAL = 8.25;
const INTERVAL_NARROW = 4.75;
const SCORE = 7;
const SCORE_NARROW = 3.75;
const FLAGS = 7.25;
const TIER = 3.75;
const COUNTY = 9;
/** The most of a dimension's heading where the whole of it has no room. */
const PART_CUT = 5.5;

export interface Wanted {
  /** Titles of the dimensions. */
  titles: string[];
  ranked: number;
  /** Whether the model has classes of scores. */
  hasTier: boolean;
}

export interface Columns {
  /** Width of the interval's column; `null` where nobody is ranked. */
  interval: number | null;
  /** Whether how sure a place is stands in words beside its interval, else below the name. */
  hasWords: boolean;
  score: number;
  /** Whether the score has a bar. */
  hasBar: boolean;
  flags: boolean;
  parts: boolean;
  /** Widths of the dimensions. */
  widths: number[];
  /** Nobody has a score: the reasons get its room. */
  reasons: boolean;
  tier: boolean;
  county: boolean;
}

/** Fits the columns into `available` rem. */
export function columnsFor(available: number, { titles, ranked, hasTier }: Wanted): Columns {
  const isRanking = ranked > 0;
  const hasWords = isRanking && available >= RANK + NAME + INTERVAL + SCORE_NARROW;
  const interval = isRanking ? (hasWords ? INTERVAL : INTERVAL_NARROW) : null;
  const base = RANK + NAME + (interval ?? 0);
  const flags = available >= base + SCORE_NARROW + FLAGS;
  const room = available - base - (flags ? FLAGS : 0);
  const full = titles.map(widthOf);
  const cut = full.map((each) => Math.min(each, PART_CUT));
  const widths = sum(full) <= room - SCORE ? full : cut;
  const width = sum(widths);
  const parts = isRanking && flags && width <= room - SCORE_NARROW;
  const rest = room - (parts ? width : 0);
  const hasBar = rest >= SCORE;
  const score = hasBar ? SCORE : SCORE_NARROW;
  const tier = flags && hasTier && TIER + score <= rest;
  return {
    interval,
    hasWords,
    score,
    hasBar,
    flags,
    parts,
    widths,
    reasons: !isRanking && available >= RANK + NAME + SCORE + 14,
    tier,
    county: parts && hasBar && COUNTY + SCORE + (tier ? TIER : 0) <= rest,
  };
}

/** A column as wide as its heading: "Gjennomføringsevne" is to be read, not guessed. */
function widthOf(title: string): number {
  return Math.min(Math.max(1.25 + 0.43 * title.length, 4), 10);
}

function sum(widths: number[]): number {
  return widths.reduce((total, each) => total + each, 0);
}
