// The page's state: what the link says, and what the server answered.
//
// Components read fields and call the few verbs below; nothing else changes
// the state. Every change of the link's part goes through `#record`.

import {
  fetchDoubtedRanking,
  fetchExplanation,
  fetchIntervals,
  fetchModels,
  fetchPlaces,
  fetchRanking,
  type RankQuery,
} from "../api/client";
import { LatestOnly } from "../api/latest";
import { readRanking, searchKey, withIntervals, type Ranking, type Row } from "../api/ranking";
import type { ExplainResponse, IntervalsResponse, ModelSummary, Place, RankResponse } from "../api/types";
import { formatFor } from "../texts/format";
import { translator } from "../texts/index";
import { Atlas } from "./atlas.svelte";
import { decodeLink, EMPTY_LINK, encodeLink, type Language, type LinkState, type MapKind } from "./codec";

export type Load<T> =
  | { kind: "loading" }
  | { kind: "ready"; value: T }
  | { kind: "failed"; message: string };

/** How long the slider must rest before the address is rewritten. */
const ADDRESS_MS = 120;
/** How long it must rest before what is costly and can wait follows: the explanation, the map's names. */
const SETTLE_MS = 250;
/** Where the map's place does not depend on what is drawn beside it: nothing moves when that comes later. */
const STEADY_LAYOUT = "screen and (max-width: 63.99rem), screen and (min-height: 40rem)";

export class PageState {
  readonly atlas = new Atlas();
  /** The link as the address bar has it: a moment behind while a slider moves. */
  recorded: LinkState = $state.raw(EMPTY_LINK);
  ranking: Load<Ranking> = $state.raw({ kind: "loading" });
  /** The ranking once it rests. 357 accessible names cost too much for each step of a slider, and before the first paint. */
  settled: Ranking | null = $state.raw(null);
  explanation: Load<ExplainResponse> | null = $state.raw(null);
  places: Place[] = $state.raw([]);
  models: ModelSummary[] = $state.raw([]);
  /** Whether the map has been painted, or has kept the rest of the page waiting long enough. */
  mapSeen = $state(false);
  /** Why the ranking shown has no intervals, when they were asked for in vain. */
  intervalsFault: string | null = $state(null);
  /** The snapshot a followed link was made from, when the server has another. */
  foreignSnapshot: string | null = $state(null);
  /** The weights the shown ranking was computed with, as the address writes them. */
  answeredWeights = $state("");
  /** Whether the list of keys lies over the page. */
  keysShown = $state(false);
  /** The municipality under the pointer or the focus, marked in map and table. */
  hovered: string | null = $state(null);

  // Each part of the link on its own: a slider changes the link sixty times a
  // second, and what reads only the language must not even be asked.
  language: Language = $state(EMPTY_LINK.language);
  model: string | null = $state(EMPTY_LINK.model);
  municipality: string | null = $state(EMPTY_LINK.municipality);
  county: string | null = $state(EMPTY_LINK.county);
  searched = $state(EMPTY_LINK.search);
  weights: Record<string, number> | null = $state.raw(EMPTY_LINK.weights);
  mapKind: MapKind = $state(EMPTY_LINK.map);

  t = $derived(translator(this.language));
  format = $derived(formatFor(this.language));
  counties = $derived(this.ranking.kind === "ready" ? countiesOf(this.ranking.value.rows) : []);
  rows: Row[] = $derived(this.ranking.kind === "ready" ? matching(this.ranking.value.rows, this.searched, this.county) : []);
  visible: Set<string> | null = $derived(
    this.searched === "" && this.county === null ? null : new Set(this.rows.map(({ code }) => code)),
  );

  #ranker = new LatestOnly(
    ({ query, isFirst }: { query: RankQuery; isFirst: boolean }, signal) =>
      // The first figures are waited for by an empty page: they come without intervals, which follow.
      isFirst ? fetchRanking(query, signal) : fetchDoubtedRanking(query, signal),
    (answer, { query }) => this.#showRanking(answer, query),
    (error) => {
      this.ranking = { kind: "failed", message: messageOf(error) };
    },
  );
  #doubter = new LatestOnly(
    ({ query }: { query: RankQuery; ranking: Ranking }, signal) => fetchIntervals(query, signal),
    (answer, { ranking }) => this.#showIntervals(answer, ranking),
    (error) => {
      this.intervalsFault = messageOf(error);
    },
  );
  #explainer = new LatestOnly(
    ({ code, query }: { code: string; query: RankQuery }, signal) => fetchExplanation(code, query, signal),
    (answer) => {
      this.explanation = { kind: "ready", value: answer };
    },
    (error) => {
      this.explanation = { kind: "failed", message: messageOf(error) };
    },
  );
  #link: LinkState = EMPTY_LINK;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #naming: ReturnType<typeof setTimeout> | undefined;
  #recording: ReturnType<typeof setTimeout> | undefined;
  #placesAsked = false;

  /** Reads the address, asks for everything it names, and follows Back and Forward. */
  start(): void {
    this.atlas.start();
    this.#restore(decodeLink(location.search));
    this.mapSeen = this.atlas.isPainted || this.#link.municipality !== null || !matchMedia(STEADY_LAYOUT).matches;
    addEventListener("popstate", () => this.#restore(decodeLink(location.search)));
  }

  retry(): void {
    this.#restore(this.#link);
  }

  /** Asks once for what only the hexagons need. */
  wantPlaces(): void {
    if (this.#placesAsked) return;
    this.#placesAsked = true;
    fetchPlaces().then(
      ({ municipalities }) => (this.places = municipalities),
      (error: unknown) => {
        this.#placesAsked = false;
        this.ranking = { kind: "failed", message: messageOf(error) };
      },
    );
  }

  /** What is not the map may be drawn. */
  seeMap(): void {
    if (this.mapSeen) return;
    this.mapSeen = true;
    if (this.ranking.kind !== "ready") return;
    this.settled ??= this.ranking.value;
    if (this.ranking.value.uncertainty === null) this.#doubt(this.ranking.value);
  }

  select(code: string | null): void {
    if (code === this.#link.municipality) return;
    this.#change({ municipality: code });
    this.#explain();
  }

  useModel(model: string): void {
    this.#change({ model, weights: null });
    this.#reload();
  }

  speak(language: Language): void {
    this.#change({ language });
    this.#reload();
  }

  weigh(weights: Record<string, number>): void {
    this.#follow({ weights });
    if (Object.values(weights).every((weight) => weight === 0)) return;
    this.#rerank();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#explain(), SETTLE_MS);
  }

  resetWeights(): void {
    this.#change({ weights: null });
    this.#rerank();
    this.#explain();
  }

  drawMap(map: MapKind): void {
    if (map !== this.#link.map) this.#change({ map });
  }

  showKeys(): void {
    this.keysShown = true;
  }

  hideKeys(): void {
    this.keysShown = false;
  }

  filterCounty(county: string | null): void {
    this.#change({ county });
  }

  search(search: string): void {
    this.#follow({ search });
  }

  clearFilters(): void {
    this.#change({ search: "", county: null });
  }

  #show(link: LinkState): void {
    this.#link = link;
    this.language = link.language;
    this.model = link.model;
    this.municipality = link.municipality;
    this.county = link.county;
    this.searched = link.search;
    this.weights = link.weights;
    this.mapKind = link.map;
  }

  /** A new entry in the history: Back undoes it. */
  #change(part: Partial<LinkState>): void {
    clearTimeout(this.#recording);
    this.#show({ ...this.#link, ...part, snapshot: this.#shownSnapshot() });
    this.recorded = this.#link;
    history.pushState(null, "", addressOf(this.#link));
  }

  /** A step of a movement (a slider, a word being typed): the same entry, rewritten when it rests. */
  #follow(part: Partial<LinkState>): void {
    this.#show({ ...this.#link, ...part, snapshot: this.#shownSnapshot() });
    clearTimeout(this.#recording);
    this.#recording = setTimeout(() => {
      this.recorded = this.#link;
      history.replaceState(null, "", addressOf(this.#link));
    }, ADDRESS_MS);
  }

  #restore(link: LinkState): void {
    clearTimeout(this.#recording);
    this.#show(link);
    this.recorded = link;
    this.#reload();
  }

  #reload(): void {
    document.documentElement.lang = this.#link.language;
    const { language } = this.#link;
    this.#doubter.cancel();
    this.#ranker.replace({ query: this.#query(), isFirst: this.ranking.kind !== "ready" });
    this.#explain();
    fetchModels(language).then(
      ({ models }) => {
        if (language === this.#link.language) this.models = models;
      },
      () => {}, // Without the list the page still ranks; the selector then names the model in use.
    );
  }

  #explain(): void {
    clearTimeout(this.#settling);
    const code = this.#link.municipality;
    if (code === null) {
      this.#explainer.cancel();
      this.explanation = null;
      return;
    }
    const shown = this.explanation;
    const same = shown?.kind === "ready" && shown.value.municipality_code === code;
    if (!same) this.explanation = { kind: "loading" };
    this.#explainer.replace({ code, query: this.#query() });
  }

  #rerank(): void {
    this.#doubter.cancel();
    this.#ranker.request({ query: this.#query(), isFirst: false });
  }

  /** Asks how sure the ranks shown are. */
  #doubt(ranking: Ranking): void {
    this.#doubter.replace({ query: this.#query(), ranking });
  }

  #showIntervals(answer: IntervalsResponse, asked: Ranking): void {
    // Whatever was shown since has brought its own.
    if (this.ranking.kind !== "ready" || this.ranking.value !== asked) return;
    const ranking = withIntervals(asked, answer);
    if (ranking === null) this.#rerank();
    else this.#put(ranking);
  }

  #query(): RankQuery {
    const { language, model, weights } = this.#link;
    const usable = weights !== null && Object.values(weights).some((weight) => weight > 0);
    return { language, model, weights: usable ? weights : null };
  }

  #showRanking(answer: RankResponse, query: RankQuery): void {
    const linked = this.#link.snapshot;
    this.foreignSnapshot = linked !== null && linked !== answer.snapshot.id ? linked : null;
    this.answeredWeights = JSON.stringify(query.weights);
    this.intervalsFault = null;
    const ranking = readRanking(answer);
    this.#put(ranking);
    if (this.mapSeen && ranking.uncertainty === null) this.#doubt(ranking);
  }

  #put(ranking: Ranking): void {
    this.ranking = { kind: "ready", value: ranking };
    clearTimeout(this.#naming);
    if (!this.mapSeen) return; // `seeMap` settles it.
    if (this.settled === null) this.settled = ranking;
    else this.#naming = setTimeout(() => (this.settled = ranking), SETTLE_MS);
  }

  #shownSnapshot(): string | null {
    return this.ranking.kind === "ready" ? this.ranking.value.snapshot.id : this.#link.snapshot;
  }
}

function matching(rows: Row[], search: string, county: string | null): Row[] {
  const wanted = searchKey(search.trim());
  if (wanted === "" && county === null) return rows;
  return rows.filter(
    (row) =>
      (county === null || row.countyCode === county) &&
      (row.searchKey.includes(wanted) || row.code.startsWith(wanted)),
  );
}

function countiesOf(rows: Row[]): { code: string; name: string }[] {
  const counties = new Map(rows.map((row) => [row.countyCode, row.countyName]));
  return [...counties].map(([code, name]) => ({ code, name })).sort((a, b) => a.code.localeCompare(b.code));
}

function addressOf(link: LinkState): string {
  const query = encodeLink(link);
  return query === "" ? location.pathname : `${location.pathname}?${query}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
