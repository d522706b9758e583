import { describe, expect, test } from "vitest";
import { decodeLink, EMPTY_LINK, encodeLink, type LinkState } from "./codec";

/** A small deterministic generator: the same states on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function anyState(random: () => number): LinkState {
  const maybe = <T>(value: T): T | null => (random() < 0.5 ? value : null);
  const digits = (count: number) =>
    String(Math.floor(random() * 10 ** count)).padStart(count, "0");
  const letters = ["Å", "ø", " ", "&", "=", "%", "+", "#", "?", "a", "Z", "đ", ":", ","];
  const words = Array.from({ length: Math.floor(random() * 12) }, () => letters[Math.floor(random() * letters.length)]);
  const ids = ["B", "M", "V", "G", "rented_households_percent"].filter(() => random() < 0.7);
  const weights = Object.fromEntries(ids.map((id) => [id, Math.round(random() * 1000) / 10]));
  return {
    language: random() < 0.5 ? "nb" : "en",
    model: maybe("oversikt-v1"),
    weights: ids.length > 0 ? maybe(weights) : null,
    municipality: maybe(digits(4)),
    county: maybe(digits(2)),
    search: words.join(""),
    map: random() < 0.5 ? "boundaries" : "hexagons",
    snapshot: maybe("ab12cd34ef56"),
  };
}

describe("a link", () => {
  test("brings back every state it was written from", () => {
    const random = generator(2);
    for (let round = 0; round < 2000; round += 1) {
      const state = anyState(random);
      expect(decodeLink(`?${encodeLink(state)}`)).toEqual(state);
    }
  });

  test("is empty for the state a first visit has", () => {
    expect(encodeLink(EMPTY_LINK)).toBe("");
    expect(decodeLink("")).toEqual(EMPTY_LINK);
  });

  test("can be read by a person", () => {
    const state = { ...EMPTY_LINK, model: "oversikt-v1", weights: { B: 40, M: 25 }, municipality: "0301" };
    expect(encodeLink(state)).toBe("model=oversikt-v1&w=B:40,M:25&m=0301&v=1");
  });

  test.each([
    ["?m=Oslo", "a name where a code belongs"],
    ["?m=03011", "a code that is too long"],
    ["?w=B:-1", "a negative weight"],
    ["?w=B:", "a weight without a number"],
    ["?w=B:NaN", "a weight that is no number"],
    ["?w=%3Cb%3E:1", "an id with markup"],
    ["?model=../../etc", "a path as a model"],
    ["?s=zzzzzzzz", "a snapshot id that is not hexadecimal"],
    ["?lang=de", "a language we do not speak"],
    ["?map=globe", "a map we cannot draw"],
  ])("drops %s (%s)", (search) => {
    expect(decodeLink(search)).toEqual(EMPTY_LINK);
  });

  test("of a later version keeps what still means the same", () => {
    expect(decodeLink("?v=9&m=0301&w=B:1")).toEqual({ ...EMPTY_LINK, municipality: "0301" });
  });
});
