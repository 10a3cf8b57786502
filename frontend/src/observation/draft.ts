/** From what stands in the form to what the server takes: built and checked before it is sent. */

import { type MediaTime, type MediaTimeJson, secondsBetween, toJson } from "../time/media_time.js";
import type { Words } from "../words/words.js";

/** The fields as the form holds them: all of them text. */
export interface Fields {
  readonly modality: string;
  readonly role: string;
  readonly states: readonly string[];
  readonly act: string;
  readonly target: string;
  readonly injuryRegion: string;
  readonly injurySign: string;
  readonly injuryTiming: string;
  readonly countMin: string;
  readonly countMax: string;
  readonly countBasis: string;
  readonly hedge: string;
  readonly text: string;
  readonly language: string;
}

export interface Marks {
  readonly start: MediaTime | null;
  readonly end: MediaTime | null;
}

/** The body of the request that records an observation. */
export interface ObservationBody {
  readonly start: MediaTimeJson;
  readonly end: MediaTimeJson;
  readonly modality: string;
  readonly role: string;
  readonly states: readonly string[];
  readonly act: string;
  readonly target: string;
  readonly injury: { readonly region: string; readonly sign: string; readonly timing: string } | null;
  readonly count: { readonly min: number | null; readonly max: number | null; readonly basis: string } | null;
  readonly hedge: string;
  readonly text: string;
  readonly language: string;
}

/** What is wrong with one field, in the server's names ("injury.timing"). */
export interface Problem {
  readonly field: string;
  readonly why: string;
}

export type Draft = { readonly body: ObservationBody } | { readonly problems: readonly Problem[] };

export function draftOf(fields: Fields, marks: Marks, t: Words): Draft {
  const problems = [
    ...problemsOfMarks(marks, t),
    ...problemsOfInjury(fields, t),
    ...problemsOfCount(fields, t),
    ...(fields.modality ? [] : [{ field: "modality", why: t.choose }]),
    ...(fields.role ? [] : [{ field: "role", why: t.choose }]),
    ...(fields.text.trim() ? [] : [{ field: "text", why: t.textNeeded }]),
  ];
  if (problems.length || !marks.start || !marks.end) return { problems };
  const injured = fields.injuryRegion || fields.injurySign;
  const counted = fields.countMin || fields.countMax;
  return {
    body: {
      start: toJson(marks.start),
      end: toJson(marks.end),
      modality: fields.modality,
      role: fields.role,
      states: fields.states,
      act: fields.act,
      target: fields.target,
      injury: injured
        ? { region: fields.injuryRegion, sign: fields.injurySign, timing: fields.injuryTiming }
        : null,
      count: counted
        ? { min: wholeNumber(fields.countMin), max: wholeNumber(fields.countMax), basis: fields.countBasis }
        : null,
      hedge: fields.hedge,
      text: fields.text.trim(),
      language: fields.language,
    },
  };
}

/** The problems named in an answer of the server; empty when it has another form. */
export function problemsIn(answer: unknown): Problem[] {
  if (typeof answer !== "object" || answer === null || !("problems" in answer) || !Array.isArray(answer.problems)) return [];
  return answer.problems.filter(
    (each: unknown): each is Problem =>
      typeof each === "object" && each !== null && "field" in each && "why" in each &&
      typeof each.field === "string" && typeof each.why === "string",
  );
}

function problemsOfMarks(marks: Marks, t: Words): Problem[] {
  if (!marks.start || !marks.end) return [{ field: "start", why: t.setMarksFirst }];
  return secondsBetween(marks.start, marks.end) > 0 ? [] : [{ field: "end", why: t.endBeforeStart }];
}

function problemsOfInjury(fields: Fields, t: Words): Problem[] {
  if (!fields.injuryRegion && !fields.injurySign) {
    return fields.injuryTiming ? [{ field: "injury.region", why: t.regionNeeded }] : [];
  }
  return fields.injuryTiming ? [] : [{ field: "injury.timing", why: t.timingNeeded }];
}

function problemsOfCount(fields: Fields, t: Words): Problem[] {
  const least = wholeNumber(fields.countMin);
  const most = wholeNumber(fields.countMax);
  if (least !== null && most !== null && least > most) return [{ field: "count.max", why: t.countOrder }];
  const counted = least !== null || most !== null;
  return counted && !fields.countBasis ? [{ field: "count.basis", why: t.basisNeeded }] : [];
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
}
