/** Times in media: integer ticks of a rational time base. Seconds as numbers are for showing and seeking only. */

/** Seconds per tick as [numerator, denominator]. */
export type TimeBase = readonly [number, number];

export interface MediaTime {
  readonly pts: bigint;
  readonly timeBase: TimeBase;
}

/** The form in which the server sends and takes a time. */
export interface MediaTimeJson {
  readonly pts: number;
  readonly time_base: TimeBase;
  readonly seconds?: string;
}

export function fromJson(json: MediaTimeJson): MediaTime {
  return { pts: BigInt(json.pts), timeBase: json.time_base };
}

/** Throws RangeError where JSON numbers would round the ticks: a wrong time must never be recorded. */
export function toJson(time: MediaTime): MediaTimeJson {
  const pts = Number(time.pts);
  if (!Number.isSafeInteger(pts)) throw new RangeError(`${time.pts} ticks do not fit a JSON number exactly`);
  return { pts, time_base: [time.timeBase[0], time.timeBase[1]] };
}

/** The exact distance from `origin` to `time`, in seconds, rounded once at the end. */
export function secondsBetween(origin: MediaTime, time: MediaTime): number {
  const [n1, d1] = bigBase(origin.timeBase);
  const [n2, d2] = bigBase(time.timeBase);
  return ratio(time.pts * n2 * d1 - origin.pts * n1 * d2, d1 * d2);
}

/** The nearest time (half up) in another time base. */
export function rescaled(time: MediaTime, timeBase: TimeBase): MediaTime {
  const [n1, d1] = bigBase(time.timeBase);
  const [n2, d2] = bigBase(timeBase);
  const numerator = 2n * time.pts * n1 * d2 + d1 * n2;
  return { pts: floorDivision(numerator, 2n * d1 * n2), timeBase };
}

/** The time `seconds` after `origin`, to the nearest tick. */
export function after(origin: MediaTime, seconds: number): MediaTime {
  const [n, d] = origin.timeBase;
  return { pts: origin.pts + BigInt(Math.round((seconds * d) / n)), timeBase: origin.timeBase };
}

/** Division of integers without losing the fraction's first 53 bits. */
export function ratio(numerator: bigint, denominator: bigint): number {
  const whole = numerator / denominator;
  return Number(whole) + Number(numerator - whole * denominator) / Number(denominator);
}

/** `0:01:02.345` for people. */
export function clockText(seconds: number): string {
  const sign = seconds < 0 ? "-" : "";
  const milliseconds = Math.round(Math.abs(seconds) * 1000);
  const part = (value: number, width: number): string => String(value).padStart(width, "0");
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const rest = Math.floor(milliseconds / 1000) % 60;
  return `${sign}${hours}:${part(minutes, 2)}:${part(rest, 2)}.${part(milliseconds % 1000, 3)}`;
}

function bigBase(timeBase: TimeBase): [bigint, bigint] {
  return [BigInt(timeBase[0]), BigInt(timeBase[1])];
}

function floorDivision(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}
