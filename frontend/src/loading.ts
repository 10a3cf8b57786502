/** What the workbench fetches. All of it from this server; nothing else is allowed by the pages' policy. */

import { type Peaks, type Strip, loudestOf } from "./lanes/drawing.js";
import { FrameTable } from "./time/frame_table.js";
import { type MediaTime, type MediaTimeJson, fromJson, secondsBetween } from "./time/media_time.js";
import { type Filmstrip, type Timeline, type TimelineJson, readTimeline } from "./timeline.js";

/** The server's answer was no; `status` says which no. */
export class LoadFailed extends Error {
  constructor(readonly status: number, url: string) {
    super(`${status} ${url}`);
  }
}

export async function loadTimeline(url: string): Promise<Timeline> {
  return readTimeline((await (await get(url)).json()) as TimelineJson);
}

export async function loadFrames(timeline: Timeline): Promise<FrameTable | null> {
  if (!timeline.presentationTimesUrl) return null;
  const bytes = await (await get(timeline.presentationTimesUrl)).arrayBuffer();
  return FrameTable.fromBytes(bytes, timeline.timeBase);
}

interface PeaksJson {
  readonly per_second: number;
  readonly peaks: readonly (readonly [number, number])[];
  readonly start: MediaTimeJson;
}

export async function loadPeaks(timeline: Timeline): Promise<Peaks | null> {
  if (!timeline.peaksUrl) return null;
  const json = (await (await get(timeline.peaksUrl)).json()) as PeaksJson;
  const start = secondsBetween(timeline.first, fromJson(json.start));
  return { perSecond: json.per_second, start, pairs: json.peaks, loudest: loudestOf(json.peaks) };
}

export async function loadStrip(filmstrip: Filmstrip | null, first: MediaTime): Promise<Strip | null> {
  if (!filmstrip?.times.length) return null;
  const image = new Image();
  image.src = filmstrip.imageUrl;
  await image.decode();
  return {
    image,
    tile: filmstrip.tile,
    columns: filmstrip.columns,
    seconds: filmstrip.times.map((time) => secondsBetween(first, time)),
  };
}

async function get(url: string): Promise<Response> {
  const answer = await fetch(url, { headers: { Accept: "application/json, */*" } });
  if (!answer.ok) throw new LoadFailed(answer.status, url);
  return answer;
}
