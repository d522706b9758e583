// Invented answers in the API's shape, for work on the page alone. No figure here is real.

import { existsSync, readFileSync } from "node:fs";

const GAPS = ["not_published", "suppressed", "not_applicable", "not_collected"];
const GAP_TEXTS = {
  nb: { not_published: "Ikke publisert", suppressed: "Skjult av hensyn til personvernet", not_applicable: "Ikke aktuelt for kommunen", not_collected: "Ikke samlet inn", ok: "", estimated: "Anslag" },
  en: { not_published: "Not published", suppressed: "Hidden to protect persons", not_applicable: "Not applicable here", not_collected: "Not collected", ok: "", estimated: "Estimate" },
};

const DIMENSIONS = [
  ["B", "Behov", "Need", 40],
  ["M", "Mulighet", "Opportunity", 25],
  ["V", "Vilje", "Will", 20],
  ["G", "Gjennomføringsevne", "Capacity", 15],
];

const INDICATORS = [
  ["rented_households_percent", "B1", "B", "Husholdninger som leier", "Households renting", "prosent", "percent", 1, 10, 12, 36],
  ["persons_low_income_eu60_percent", "B2", "B", "Personer i lavinntektshusholdninger", "Persons in low-income households", "prosent", "percent", 1, 12, 6, 19],
  ["household_income_after_tax_median_nok", "B3", "B", "Medianinntekt etter skatt", "Median income after tax", "kr", "NOK", 0, 8, 480000, 720000],
  ["residents_over_60_percent", "B4", "B", "Innbyggere over 60 år", "Residents over 60", "prosent", "percent", 1, 10, 18, 42],
  ["vacant_housing_land_m2_per_inhabitant", "M1", "M", "Ledig planlagt boligareal", "Vacant planned housing land", "m² per innbygger", "m² per inhabitant", 0, 10, 5, 900],
  ["new_dwellings_4y_per_1000", "M2", "M", "Nye boliger siste fire år", "New dwellings in four years", "per 1000 innbyggere", "per 1,000 inhabitants", 1, 8, 3, 60],
  ["centrality_index", "M3", "M", "Sentralitet", "Centrality", "indeks 0–1000", "index 0–1000", 0, 7, 300, 1000],
  ["municipally_disposed_dwellings_per_1000", "V1", "V", "Kommunalt disponerte boliger", "Municipally disposed dwellings", "per 1000 innbyggere", "per 1,000 inhabitants", 1, 12, 8, 40],
  ["council_housing_parties_vote_share_percent", "V2", "V", "Stemmer til partier med boligprogram", "Votes for parties with a housing programme", "prosent", "percent", 1, 8, 15, 60],
  ["expenditure_need_index", "G1", "G", "Beregnet utgiftsbehov", "Expenditure need", "indeks, landet = 1", "index, Norway = 1", 3, 8, 0.9, 1.9],
  ["net_operating_result_percent", "G2", "G", "Netto driftsresultat", "Net operating result", "prosent av inntektene", "percent of income", 1, 7, -6, 8],
].map(([id, code, dimension, nb, en, unitNb, unitEn, decimals, weight, low, high]) => ({ id, code, dimension, title: { nb, en }, unit: { nb: unitNb, en: unitEn }, decimals, weight, low, high }));

const FLAGS = [
  ["R1", "critical", "Står i ROBEK-registeret", "Listed in the ROBEK register", 0.06],
  ["R2", "warning", "Svakt netto driftsresultat", "Weak net operating result", 0.2],
  ["R12", "information", "Aldrende befolkning", "Ageing population", 0.35],
  ["R19", "information", "Lite folketall", "Small population", 0.08],
];

const MODELS = [
  ["sosialbolig-v1", "Sosialbolig, versjon 1", "Social housing, version 1"],
  ["oversikt-v1", "Oversikt, versjon 1", "Overview, version 1"],
  ["rapport2026-v1", "Rapport 2026", "Report 2026"],
  ["rapport2026-v1-rescaled", "Rapport 2026, omregnet til 100", "Report 2026, rescaled to 100"],
  ["rapport2026-mal-v1", "Rapport 2026, mal", "Report 2026, template"],
];

const NOTES = {
  nb: [
    "Kommuneøkonomi, boligpriser og dagens arbeidsledighet mangler i dette datagrunnlaget og teller derfor ikke med.",
    "Modellen er en første oversikt, laget for tallene som finnes for nesten alle kommuner. Bruk den til å velge hvor dere vil se nærmere, ikke som fasit.",
    "Vektene er et forslag som skal avklares med brukerne.",
  ],
  en: [
    "Municipal finance, house prices and today's unemployment are missing from this snapshot and do not count.",
    "This model is a first overview, made for the figures that exist for nearly all municipalities. Use it to choose where to look closer, not as an answer.",
    "The weights are a proposal to be settled with the users.",
  ],
};

const SNAPSHOT = { id: "ab12cd34ef56", created: "2026-11-21" };
const DEFAULT_MODEL = "oversikt-v1";

/** A number in [0, 1) that depends on nothing but its text. */
function chance(text) {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

export function loadPlaces(factsFolder, hexagonsFile) {
  const lines = readFileSync(`${factsFolder}/municipalities.csv`, "utf8").trim().split("\n").slice(1);
  const cells = hexagonsFile && existsSync(hexagonsFile) ? readCells(hexagonsFile) : new Map();
  return lines.map((line, index) => {
    const [code, name, display, , county, countyName, longitude, latitude, , , centrality] = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((field) => field.replace(/,$/, "").replaceAll('"', ""));
    const cell = cells.get(code) ?? { column: index % 19, row: Math.floor(index / 19) };
    return {
      municipality_code: code, name: display || name, county_code: county, county_name: countyName,
      longitude: Number(longitude), latitude: Number(latitude),
      hexagon_column: cell.column, hexagon_row: cell.row, centrality: Number(centrality) / 1000,
    };
  });
}

function readCells(file) {
  const lines = readFileSync(file, "utf8").trim().split("\n").slice(1);
  return new Map(lines.map((line) => line.split(",")).map(([code, column, row]) => [code, { column: Number(column), row: Number(row) }]));
}

function points(place, indicator) {
  const base = 0.55 * chance(place.municipality_code + indicator.id) + 0.25 * chance(place.county_code + indicator.id);
  return Math.min(100, 100 * (base + 0.2 * place.centrality));
}

function status(place, indicator) {
  const draw = chance(`gap${place.municipality_code}${indicator.id}`);
  if (place.municipality_code === "0301") return { council_housing_parties_vote_share_percent: "suppressed", vacant_housing_land_m2_per_inhabitant: "not_published", new_dwellings_4y_per_1000: "not_applicable", centrality_index: "estimated" }[indicator.id] ?? "ok";
  if (draw > 0.05) return draw > 0.95 ? "estimated" : "ok";
  return GAPS[Math.floor(draw * 80)] ?? "ok";
}

const unavailable = (indicator) => indicator.id === "net_operating_result_percent";
const has = (place, indicator) => !unavailable(indicator) && !GAPS.includes(status(place, indicator));

export function makeApi(places) {
  function judge(place, weights, lang, model) {
    const dimensions = {};
    let covered = 0;
    for (const [id] of DIMENSIONS) {
      const own = INDICATORS.filter((indicator) => indicator.dimension === id);
      const present = own.filter((indicator) => has(place, indicator));
      const all = own.reduce((sum, { weight }) => sum + weight, 0);
      const found = present.reduce((sum, { weight }) => sum + weight, 0);
      const score = present.reduce((sum, indicator) => sum + indicator.weight * points(place, indicator), 0) / found;
      const enough = found / all >= 0.5 && model !== "sosialbolig-v1";
      dimensions[id] = { score: enough ? score : null, coverage: found / all };
      covered += weights[id] * (found / all);
    }
    const total = DIMENSIONS.reduce((sum, [id]) => sum + weights[id], 0);
    const absent = DIMENSIONS.filter(([id]) => dimensions[id].score === null && weights[id] > 0);
    const ranked = absent.length === 0;
    const score = ranked ? Math.exp(DIMENSIONS.reduce((sum, [id]) => sum + (weights[id] / total) * Math.log(Math.max(1, dimensions[id].score ?? 1)), 0)) : null;
    const names = absent.map(([, nb, en]) => (lang === "nb" ? nb : en)).join(", ");
    return {
      dimensions, score, ranked, coverage: covered / total,
      reason: ranked ? null : lang === "nb" ? `For få tall til å regne ut ${names}` : `Too few figures to compute ${names}`,
    };
  }

  const flagsOf = (place, lang) => FLAGS.filter(([id, , , , rate]) => chance(`flag${id}${place.municipality_code}`) < rate).map(([id, severity, nb, en]) => ({ id, severity, title: lang === "nb" ? nb : en }));

  function rank({ lang, model = DEFAULT_MODEL, weights = {}, county }) {
    const used = Object.fromEntries(DIMENSIONS.map(([id, , , weight]) => [id, weights[id] ?? weight]));
    const entries = places.map((place) => ({ place, ...judge(place, used, lang, model) }));
    entries.sort((a, b) => Number(b.ranked) - Number(a.ranked) || (b.score ?? 0) - (a.score ?? 0) || a.place.municipality_code.localeCompare(b.place.municipality_code));
    const ranked = entries.filter((entry) => entry.ranked).length;
    const municipalities = entries.map((entry, index) => ({
      municipality_code: entry.place.municipality_code, name: entry.place.name,
      county_code: entry.place.county_code, county_name: entry.place.county_name,
      status: entry.ranked ? "ranked" : "not_ranked", reason: entry.reason,
      rank: entry.ranked ? index + 1 : null, score: entry.score, coverage: entry.coverage,
      tier: entry.ranked ? (entry.score >= 70 ? 1 : entry.score >= 40 ? 2 : 3) : null,
      dimensions: entry.dimensions, flags: flagsOf(entry.place, lang),
    }));
    const [, nb, en] = MODELS.find(([id]) => id === model) ?? MODELS[1];
    return {
      model, model_title: lang === "nb" ? nb : en, notes: NOTES[lang], snapshot: SNAPSHOT, language: lang,
      dimensions: DIMENSIONS.map(([id, nbTitle, enTitle]) => ({ id, title: lang === "nb" ? nbTitle : enTitle, weight: used[id] })),
      ranked, not_ranked: places.length - ranked,
      municipalities: county ? municipalities.filter((entry) => entry.county_code === county) : municipalities,
    };
  }

  function receipt(indicator, lang) {
    const measure = {
      measure: indicator.id, title: indicator.title[lang], table: "SSB 11085", selection: "Region = kommunen, Tid = 2024, ContentsCode = Andel",
      publisher: "Statistisk sentralbyrå", licence: "CC BY 4.0", reference_date: "2024-12-31", retrieved_via: "PxWebApi",
      checksum: "3f1c9a".repeat(11).slice(0, 64), caveat: lang === "nb" ? "Tallet gjelder bosatte ved utgangen av året." : "The figure concerns residents at the end of the year.",
    };
    return { ...measure, measures: [measure, ...(indicator.decimals === 0 ? [{ ...measure, measure: "population_persons", title: lang === "nb" ? "Folkemengde 1. januar" : "Population on 1 January", table: "SSB 07459" }] : [])] };
  }

  function indicatorOf(place, indicator, used, lang, result) {
    const state = status(place, indicator);
    const value = has(place, indicator);
    const share = points(place, indicator);
    const dimension = result.dimensions[indicator.dimension];
    const present = INDICATORS.filter((other) => other.dimension === indicator.dimension && has(place, other));
    const found = present.reduce((sum, { weight }) => sum + weight, 0);
    return {
      id: indicator.id, code: indicator.code, title: indicator.title[lang],
      description: lang === "nb" ? "Hva indikatoren sier, og hva den ikke sier, i én eller to setninger." : "What the indicator says, and what it does not, in a sentence or two.",
      dimension: indicator.dimension, group: indicator.dimension,
      raw_value: value ? indicator.low + ((indicator.high - indicator.low) * share) / 100 : null,
      unit: indicator.unit[lang], decimals: indicator.decimals, period: "2024",
      status: unavailable(indicator) ? "not_collected" : state, status_text: GAP_TEXTS[lang][state],
      normalised_value: value ? share : null, weight: indicator.weight,
      effective_weight: (used[indicator.dimension] * indicator.weight) / (value ? found : 1) / 100,
      contribution: value && result.ranked ? (dimension.share * indicator.weight * share) / (found * dimension.score) : null,
      national_value: value ? indicator.low + (indicator.high - indicator.low) * 0.42 : null,
      national_basis: "approximate",
      better: "higher",
      unavailable_reason: unavailable(indicator) ? (lang === "nb" ? "tabell 12134 må hentes fra SSB" : "table 12134 must be fetched from Statistics Norway") : null,
      receipt: unavailable(indicator) ? null : receipt(indicator, lang),
    };
  }

  function explain(code, query) {
    const place = places.find((other) => other.municipality_code === code);
    if (!place) return null;
    const { lang, model = DEFAULT_MODEL, weights = {} } = query;
    const ranking = rank(query);
    const entry = ranking.municipalities.find((other) => other.municipality_code === code);
    const used = Object.fromEntries(DIMENSIONS.map(([id, , , weight]) => [id, weights[id] ?? weight]));
    const result = judge(place, used, lang, model);
    const logs = Object.fromEntries(DIMENSIONS.map(([id]) => [id, used[id] * Math.log(Math.max(1, result.dimensions[id].score ?? 1))]));
    const all = Object.values(logs).reduce((sum, value) => sum + value, 0);
    const dimensions = {};
    for (const { id, title, weight } of ranking.dimensions) {
      const share = result.ranked && all > 0 ? (result.score * logs[id]) / all : 0;
      result.dimensions[id].share = share;
      dimensions[id] = { title, weight, ...entry.dimensions[id], contribution: result.ranked ? share : null, national_score: 44 + 10 * chance(id) };
    }
    return {
      ...entry, model: ranking.model, model_title: ranking.model_title, notes: ranking.notes, snapshot: SNAPSHOT, language: lang, of: ranking.ranked,
      contribution_method: lang === "nb" ? "Delene er veid sammen med geometrisk snitt. Bidragene deler poengsummen etter logaritmen til hver del, slik at de til sammen blir poengsummen." : "The parts are combined by a weighted geometric mean. Contributions share the score by the logarithm of each part, so that they add up to it.",
      score_range: null, former_note: null, tier_title: null, national_score: 47.3, dimensions,
      indicators: INDICATORS.map((indicator) => indicatorOf(place, indicator, used, lang, result)),
      flags: entry.flags.map((flag) => ({ ...flag, text: lang === "nb" ? "Verdien er 31,2 prosent, over grensen på 25 prosent (2024)." : "The value is 31.2 percent, above the limit of 25 percent (2024).", value: 31.2, threshold: 25, unit: "%", period: "2024", basis: lang === "nb" ? "Rapporten fra januar 2026" : "The report of January 2026", status: "raised" })),
      flags_unknown: [["R3", "Negativt resultat over flere år", "Negative result over several years"], ["R4", "Rask gjeldsvekst", "Rapid debt growth"], ["R13", "Ingen gjeldende plan", "No current plan"]].map(([id, nb, en]) => ({ id, title: lang === "nb" ? nb : en, reason: lang === "nb" ? "Tabellen er ikke hentet ennå." : "The table has not been fetched yet." })),
      flags_clear: [{ id: "R5", title: lang === "nb" ? "Langsom regulering" : "Slow zoning" }],
    };
  }

  return {
    rank,
    explain,
    models: (lang) => ({ models: MODELS.map(([id, nb, en]) => ({ id, title: lang === "nb" ? nb : en })) }),
    places: () => ({ municipalities: places.map(({ centrality, ...place }) => place) }),
  };
}
