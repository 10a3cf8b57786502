/** From the timeline document to what the lanes draw. */

import { type MediaTime, secondsBetween } from "../time/media_time.js";
import type { Interval, Observation, Timeline } from "../timeline.js";
import { term } from "../words/words.js";
import type { Span } from "./drawing.js";
import type { FamilyRow, LaneContent } from "./lanes.js";

const DOUBTFUL = 0.5;

export function laneContent(
  timeline: Timeline,
  observations: readonly Observation[],
  duration: number,
): Omit<LaneContent, "strip" | "peaks"> {
  const at = (time: MediaTime): number => secondsBetween(timeline.first, time);
  const span = (interval: Interval): Span => ({ from: at(interval.start), to: at(interval.end) });
  return {
    duration,
    shots: timeline.shots.map((shot, index) => ({ ...span(shot), label: String(index + 1) })),
    utterances: (timeline.transcript?.utterances ?? []).map((each) => ({
      ...span(each),
      label: each.text,
      faint: each.flags.length > 0 || (each.confidence !== null && each.confidence < DOUBTFUL),
    })),
    family: familyRows(timeline, duration, span),
    observations: observations.map((each) => ({
      ...span(each),
      label: term(each.act || each.role),
      faint: each.withdrawn,
    })),
  };
}

/** One row for each other copy, and this item first, so that what it lacks can be seen. */
function familyRows(timeline: Timeline, duration: number, span: (interval: Interval) => Span): FamilyRow[] {
  const members = timeline.family?.members ?? [];
  if (members.length < 2) return [];
  const others = members.filter((member) => !member.isThis);
  const here: FamilyRow = { label: "", url: "", isThis: true, spans: [{ from: 0, to: duration }] };
  return [
    here,
    ...others.map((member) => ({
      label: member.label,
      url: member.url,
      isThis: false,
      spans: member.segments.map((segment) => ({ ...span(segment.here), label: member.transform.map(term).join(", ") })),
    })),
  ];
}
