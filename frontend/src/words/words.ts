/** The catalogue of the page's language. */

import { english, type Words } from "./english.js";
import { russian } from "./russian.js";
import { russianTerms, ukrainianTerms } from "./terms.js";
import { ukrainian } from "./ukrainian.js";

export type { Words } from "./english.js";

type Language = "en" | "uk" | "ru";

const CATALOGUES: Readonly<Record<Language, Words>> = { en: english, uk: ukrainian, ru: russian };
const TERMS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {},
  uk: ukrainianTerms,
  ru: russianTerms,
};

export function language(): Language {
  const named = document.documentElement.lang.slice(0, 2).toLowerCase();
  return named === "uk" || named === "ru" ? named : "en";
}

export function words(): Words {
  return CATALOGUES[language()];
}

/** A word of the controlled vocabulary for people: translated where we have it, else spelled without underscores. */
export function term(id: string): string {
  return TERMS[language()][id] ?? id.replace(/^H\d_/, "").replaceAll("_", " ");
}
