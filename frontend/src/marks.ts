/** The stretch between the in and the out point, and the places to go to. */

import type { FrameTable } from "./time/frame_table.js";
import { type MediaTime, secondsBetween } from "./time/media_time.js";
import type { Interval } from "./timeline.js";

export interface Marks {
  readonly start: MediaTime | null;
  readonly end: MediaTime | null;
}

export const NO_MARKS: Marks = { start: null, end: null };

/** With a new in point. One that is not before the out point takes its place: a stretch never runs backwards. */
export function markedFrom(marks: Marks, start: MediaTime): Marks {
  const crossed = marks.end !== null && secondsBetween(start, marks.end) <= 0;
  return { start, end: crossed ? null : marks.end };
}

/** With a new out point, in the same way. */
export function markedTo(marks: Marks, end: MediaTime): Marks {
  const crossed = marks.start !== null && secondsBetween(marks.start, end) <= 0;
  return { start: crossed ? null : marks.start, end };
}

/** An interval ends before its end: to hold picture `frame` it must reach to the next one. */
export function endOfPicture(frames: FrameTable, frame: number): MediaTime {
  const here = frames.at(frame);
  if (frame + 1 < frames.length) return frames.at(frame + 1);
  const length = frame > 0 ? here.pts - frames.at(frame - 1).pts : 0n;
  return { pts: here.pts + (length > 0n ? length : 1n), timeBase: here.timeBase };
}

/** The start of the next shot, or of the one before; null where there is none. */
export function shotBeside(shots: readonly Interval[], here: MediaTime, direction: -1 | 1): MediaTime | null {
  const starts = shots.map((shot) => shot.start);
  const found = direction > 0
    ? starts.find((start) => secondsBetween(here, start) > 0)
    : starts.findLast((start) => secondsBetween(here, start) < 0);
  return found ?? null;
}
