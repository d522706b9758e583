// What a person reads, in bokmål and English. The files live in packs/texts.

import en from "../../../packs/texts/en/web.json";
import nb from "../../../packs/texts/nb/web.json";
import type { Language } from "../state/codec";

export type TextKey = keyof typeof nb;
type Values = Record<string, string | number>;
export type Translate = (key: TextKey, values?: Values) => string;

const TEXTS: Record<Language, Record<TextKey, string>> = { nb, en };

/** A function that looks up texts of one language and fills in `{placeholders}`. */
export function translator(language: Language): Translate {
  const texts = TEXTS[language];
  return (key, values) => {
    const text = texts[key];
    return values === undefined ? text : fill(text, values);
  };
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
