/** What went wrong with an upload, in words for the person who waits for it. */

import type { Words } from "../words/words.js";

export interface Failure {
  /** 0 when no answer came. */
  readonly status: number;
  /** What the server said; only its own short lines are shown, never a page of HTML. */
  readonly said: string;
}

const LONGEST_LINE = 300;

export function failureText(failure: Failure, t: Words): string {
  const said = failure.said.trim();
  const line = said && said.length <= LONGEST_LINE && !said.startsWith("<") ? said : "";
  switch (failure.status) {
    case 0: return t.errorNetwork;
    case 401: case 403: case 404: return t.errorSignedOut;
    case 409: case 423: return t.errorConflict;
    case 410: return t.errorGone;
    case 413: return line || t.errorTooLarge;
    case 422: return line || t.errorRefused;
  }
  if (failure.status >= 500) return line || t.errorServer;
  return line || t.errorRefused;
}

/** `12.3 MB` in the language's own numbers. */
export function sizeText(bytes: number, language: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[step] as string,
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}
