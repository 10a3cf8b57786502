/** The plan of a masked copy as the server tells it, and where its masks are at a time. */

import type { TimeBase } from "../time/media_time.js";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Presentation time, left, top, right, bottom, and whether nothing is masked from here on. */
export type KeyFrame = readonly [number, number, number, number, number, boolean];

export interface Track {
  readonly id: string;
  readonly kind: string;
  readonly drawn: boolean;
  readonly unsure: readonly string[];
  /** Whether it waits for a person. */
  readonly waits: boolean;
  readonly decision: "mask" | "show";
  /** Whether it is left unmasked: two people have said so. */
  readonly shown: boolean;
  readonly reason: string;
  readonly decided_by: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly key_frames: readonly KeyFrame[];
  /** Its telling moments: the first, the worst, the last. */
  readonly strip: readonly number[];
}

export interface Shot {
  readonly start: number;
  readonly end: number;
  readonly signed_by: string | null;
}

export interface SoundStretch {
  readonly start: number;
  readonly end: number;
  readonly voice: string;
  readonly reason: string;
}

export interface Plan {
  readonly width: number;
  readonly height: number;
  readonly time_base: TimeBase;
  readonly fill: string;
  readonly voice: string;
  readonly detectors: readonly string[];
  readonly tracks: readonly Track[];
  readonly shots: readonly Shot[];
  readonly sound: readonly SoundStretch[];
}

export interface DeedDone {
  readonly number: number;
  readonly by: string;
  readonly undone: boolean;
  readonly deed: string;
  readonly track?: string;
  readonly other?: string;
  readonly start?: number;
  readonly at?: number;
  readonly reason?: string;
}

export interface Block {
  readonly code: string;
  readonly why: string;
}

export interface Standing {
  readonly plan: Plan | null;
  readonly deeds?: readonly DeedDone[];
  readonly blocks?: readonly Block[];
  /** Stretches in which something was seen, too dimly for a mask: first and last time. */
  readonly faint?: readonly (readonly [number, number])[];
  readonly lost_before?: boolean;
  readonly lost_after?: boolean;
}

/** The area masked at a time; null before, after, and while it is outside. As the server computes it. */
export function boxAt(track: Track, pts: number): Box | null {
  if (pts < track.start || pts > track.end) return null;
  let low = 0;
  let high = track.key_frames.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((track.key_frames[middle] as KeyFrame)[0] <= pts) low = middle + 1;
    else high = middle;
  }
  const one = track.key_frames[low - 1];
  if (!one || one[5]) return null;
  const two = track.key_frames[low];
  const share = !two || two[5] || one[0] === pts ? 0 : (pts - one[0]) / (two[0] - one[0]);
  const at = (index: 1 | 2 | 3 | 4): number => one[index] + ((two?.[index] ?? one[index]) - one[index]) * share;
  return { left: at(1), top: at(2), right: at(3), bottom: at(4) };
}

/** The shot that a time lies in; before the first it is the first, behind the last the last. */
export function shotAt(plan: Plan, pts: number): Shot | null {
  return plan.shots.find((shot) => pts < shot.end) ?? plan.shots.at(-1) ?? null;
}

export function tracksIn(plan: Plan, shot: Shot): readonly Track[] {
  return plan.tracks.filter((track) => track.start < shot.end && track.end >= shot.start);
}

/** The track to go to from one: the next or the one before in the order of the list; stops at the ends. */
export function trackBeside(plan: Plan, id: string | null, by: 1 | -1): Track | null {
  const at = plan.tracks.findIndex((track) => track.id === id);
  if (at < 0) return plan.tracks[0] ?? null;
  return plan.tracks[Math.min(Math.max(at + by, 0), plan.tracks.length - 1)] ?? null;
}

/** The next track that waits for a person, from the one given on and round; null when none does. */
export function nextWaiting(plan: Plan, id: string | null): Track | null {
  const at = Math.max(0, plan.tracks.findIndex((track) => track.id === id));
  const round = [...plan.tracks.slice(at + 1), ...plan.tracks.slice(0, at + 1)];
  return round.find((track) => track.waits) ?? null;
}

/** The part of the picture to show of a box: twice its size, inside the picture where that goes. */
export function cropOf(plan: Plan, box: Box): Box {
  const across = Math.max(24, box.right - box.left);
  const down = Math.max(24, box.bottom - box.top);
  const side = Math.min(Math.max(across, down) * 2, Math.min(plan.width, plan.height));
  const left = within((box.left + box.right - side) / 2, 0, plan.width - side);
  const top = within((box.top + box.bottom - side) / 2, 0, plan.height - side);
  return { left, top, right: left + side, bottom: top + side };
}

/** A box moved, or with its right and lower edge moved; never smaller than four pixels. */
export function nudged(box: Box, right: number, down: number, size: boolean): Box {
  if (!size) {
    return { left: box.left + right, top: box.top + down, right: box.right + right, bottom: box.bottom + down };
  }
  return {
    ...box,
    right: Math.max(box.left + 4, box.right + right),
    bottom: Math.max(box.top + 4, box.bottom + down),
  };
}

/** The box between two corners, in whichever order they were drawn. */
export function between(one: readonly [number, number], two: readonly [number, number]): Box {
  return {
    left: Math.min(one[0], two[0]),
    top: Math.min(one[1], two[1]),
    right: Math.max(one[0], two[0]),
    bottom: Math.max(one[1], two[1]),
  };
}

function within(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
