// The shapes the server sends, by the page's names for them. `npm run types` reads
// them from schemas/openapi.json into schema.d.ts; nothing is written by hand.
//
// What may be absent is `null` on the wire and optional in the document: the page
// takes both for absent. Words such as a severity are plain text in the document;
// who reads them says what an unknown word means (`severityOf`, `gapLook`).

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];
export type Snapshot = Schemas["SnapshotRef"];
export type Dimension = Schemas["DimensionHead"];
export type FlagMark = Schemas["FlagMark"];
export type RankedMunicipality = Schemas["MunicipalityScore"];
export type RankInterval = Schemas["RankInterval"];
export type RankUncertainty = Schemas["RankingUncertainty"];
export type IntervalsResponse = Schemas["RankIntervals"];
export type RankResponse = Schemas["Ranking"];
export type Place = Schemas["MunicipalityEntry"];
export type PlacesResponse = Schemas["MunicipalityList"];
export type ModelSummary = Schemas["ModelEntry"];
export type ModelsResponse = Schemas["ModelList"];
export type Receipt = Schemas["Receipt"];
export type ExplainedIndicator = Schemas["ExplainedIndicator"];
export type Sides = Schemas["Sides"];
export type Side = Schemas["Side"];
export type ExplainResponse = Schemas["Explanation"];

/** A layer of boundaries. */
export type Layer = Schemas["LayerEntry"];
/** The layers there are. */
export type LayersResponse = Schemas["LayerList"];
