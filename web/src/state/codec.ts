// The page's state as a query string, and back. Pure.
//
// A link must outlive the page that wrote it: it carries a version, the model
// and the snapshot it was made from. What a reader of an old link does not
// recognise is dropped, never guessed.

export type Language = "nb" | "en";
/** The country with its boundaries, where there are any, or one equal hexagon for each municipality. */
export type MapKind = "boundaries" | "hexagons";

export interface LinkState {
  language: Language;
  model: string | null;
  weights: Record<string, number> | null;
  municipality: string | null;
  county: string | null;
  search: string;
  map: MapKind;
  snapshot: string | null;
}

export const LINK_VERSION = "1";

export const EMPTY_LINK: LinkState = {
  language: "nb",
  model: null,
  weights: null,
  municipality: null,
  county: null,
  search: "",
  map: "boundaries",
  snapshot: null,
};

/** Writes only what differs from [`EMPTY_LINK`]; an empty state is an empty string. */
export function encodeLink(state: LinkState): string {
  const query = new URLSearchParams();
  if (state.language !== EMPTY_LINK.language) query.set("lang", state.language);
  if (state.model !== null) query.set("model", state.model);
  if (state.weights !== null) query.set("w", encodeWeights(state.weights));
  if (state.municipality !== null) query.set("m", state.municipality);
  if (state.county !== null) query.set("county", state.county);
  if (state.search !== "") query.set("q", state.search);
  if (state.map !== EMPTY_LINK.map) query.set("map", state.map);
  if (state.snapshot !== null) query.set("s", state.snapshot);
  if (query.size === 0) return "";
  query.set("v", LINK_VERSION);
  // Colons and commas are legal in a query and make a shared link readable.
  return query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}

/** Reads a query string; anything malformed falls back to [`EMPTY_LINK`]'s value. */
export function decodeLink(search: string): LinkState {
  const query = new URLSearchParams(search);
  const version = query.get("v");
  const known = version === null || version === LINK_VERSION;
  return {
    language: query.get("lang") === "en" ? "en" : "nb",
    model: matching(query.get("model"), /^[a-z0-9][a-z0-9.-]{0,63}$/),
    weights: known ? decodeWeights(query.get("w")) : null,
    municipality: matching(query.get("m"), /^\d{4}$/),
    county: matching(query.get("county"), /^\d{2}$/),
    search: (query.get("q") ?? "").slice(0, 80),
    map: query.get("map") === "hexagons" ? "hexagons" : "boundaries",
    snapshot: matching(query.get("s"), /^[0-9a-f]{6,64}$/),
  };
}

function matching(value: string | null, pattern: RegExp): string | null {
  return value !== null && pattern.test(value) ? value : null;
}

function encodeWeights(weights: Record<string, number>): string {
  return Object.entries(weights)
    .map(([id, weight]) => `${id}:${weight}`)
    .join(",");
}

function decodeWeights(text: string | null): Record<string, number> | null {
  if (text === null || text === "") return null;
  const weights: Record<string, number> = {};
  for (const part of text.split(",")) {
    const [id, number] = part.split(":");
    const weight = Number(number);
    const valid = id !== undefined && /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(id);
    if (!valid || number === undefined || number === "" || !(weight >= 0 && weight <= 1000)) {
      return null;
    }
    weights[id] = weight;
  }
  return weights;
}
