/** What the server says about one item: the reading of the `timeline` document into typed values. */

import { type MediaTime, type MediaTimeJson, type TimeBase, fromJson } from "./time/media_time.js";

export interface Interval {
  readonly start: MediaTime;
  readonly end: MediaTime;
}

export interface Filmstrip {
  readonly imageUrl: string;
  readonly tile: readonly [number, number];
  readonly columns: number;
  readonly times: readonly MediaTime[];
}

export interface Utterance extends Interval {
  readonly text: string;
  readonly confidence: number | null;
  readonly flags: readonly string[];
}

export interface Transcript {
  readonly language: string;
  readonly utterances: readonly Utterance[];
}

export interface SharedSegment {
  readonly here: Interval;
  readonly there: Interval;
}

export interface FamilyMember {
  readonly item: string;
  readonly url: string;
  readonly label: string;
  readonly isThis: boolean;
  readonly isEarliest: boolean;
  readonly isMostComplete: boolean;
  readonly transform: readonly string[];
  readonly segments: readonly SharedSegment[];
}

export interface Family {
  readonly name: string;
  /** Why the copies are taken for one recording, and the earliest and most complete for what they are. */
  readonly why: string;
  readonly members: readonly FamilyMember[];
}

export interface Injury {
  readonly region: string;
  readonly sign: string;
  readonly timing: string;
}

export interface Count {
  readonly min: number | null;
  readonly max: number | null;
  readonly basis: string;
}

export interface Observation extends Interval {
  readonly id: string;
  readonly ledgerIndex: number | null;
  readonly modality: string;
  readonly role: string;
  readonly states: readonly string[];
  readonly act: string;
  readonly target: string;
  readonly injury: Injury | null;
  readonly count: Count | null;
  readonly hedge: string;
  readonly text: string;
  readonly language: string;
  readonly by: string;
  readonly withdrawn: boolean;
}

export type Vocabulary = Readonly<Record<string, readonly string[]>>;

export interface Timeline {
  readonly item: string;
  readonly timeBase: TimeBase;
  readonly first: MediaTime;
  readonly last: MediaTime;
  readonly preview: { readonly url: string; readonly origin: MediaTime; readonly hasPicture: boolean } | null;
  readonly presentationTimesUrl: string | null;
  readonly shots: readonly Interval[];
  readonly filmstrip: Filmstrip | null;
  readonly peaksUrl: string | null;
  readonly transcript: Transcript | null;
  readonly family: Family | null;
  readonly observations: readonly Observation[];
  readonly vocabulary: Vocabulary;
}

/* The document as it travels. */

type IntervalJson = readonly [MediaTimeJson, MediaTimeJson];

export interface ObservationJson {
  readonly id?: string;
  readonly ledger_index?: number | null;
  readonly start: MediaTimeJson;
  readonly end: MediaTimeJson;
  readonly modality: string;
  readonly role: string;
  readonly states?: readonly string[];
  readonly act?: string;
  readonly target?: string;
  readonly injury?: Injury | null;
  readonly count?: Count | null;
  readonly hedge: string;
  readonly text: string;
  readonly language: string;
  readonly observed_by?: string;
  readonly withdrawn?: boolean;
  readonly withdrawn_because?: string;
}

interface UtteranceJson {
  readonly start: MediaTimeJson;
  readonly end: MediaTimeJson;
  readonly text: string;
  readonly confidence?: number | string | null;
  readonly flags?: readonly string[];
}

interface FamilyMemberJson {
  readonly item: string;
  readonly url: string;
  readonly label: string;
  readonly is_this: boolean;
  readonly earliest?: boolean;
  readonly most_complete?: boolean;
  readonly transform?: readonly string[];
  readonly segments?: readonly { readonly this: IntervalJson; readonly other: IntervalJson }[];
}

export interface TimelineJson {
  readonly item: string;
  readonly time_base: TimeBase;
  readonly first_pts: number;
  readonly last_pts: number;
  readonly preview: {
    readonly url: string;
    readonly offset_pts: number;
    readonly time_base: TimeBase;
    readonly width?: number | null;
  } | null;
  readonly presentation_times_url: string | null;
  readonly shots: readonly { readonly start_pts: number; readonly end_pts: number }[];
  readonly filmstrip: {
    readonly image_url: string;
    readonly tile: readonly [number, number];
    readonly columns: number;
    readonly tiles: readonly { readonly pts: number }[];
    readonly time_base: TimeBase;
  } | null;
  readonly peaks_url: string | null;
  readonly transcript: { readonly language: string; readonly segments: readonly UtteranceJson[] } | null;
  readonly family: { readonly name: string; readonly why?: string; readonly items: readonly FamilyMemberJson[] } | null;
  readonly observations: readonly ObservationJson[];
  readonly vocabulary: Vocabulary;
}

export function readTimeline(json: TimelineJson): Timeline {
  const timeBase = json.time_base;
  const here = (pts: number): MediaTime => fromJson({ pts, time_base: timeBase });
  const strip = json.filmstrip;
  return {
    item: json.item,
    timeBase,
    first: here(json.first_pts),
    last: here(json.last_pts),
    preview: json.preview && {
      url: json.preview.url,
      origin: fromJson({ pts: json.preview.offset_pts, time_base: json.preview.time_base }),
      hasPicture: hasPicture(json),
    },
    presentationTimesUrl: json.presentation_times_url,
    shots: json.shots.map((shot) => ({ start: here(shot.start_pts), end: here(shot.end_pts) })),
    filmstrip: strip && {
      imageUrl: strip.image_url,
      tile: strip.tile,
      columns: strip.columns,
      times: strip.tiles.map((tile) => fromJson({ pts: tile.pts, time_base: strip.time_base })),
    },
    peaksUrl: json.peaks_url,
    transcript: json.transcript && {
      language: json.transcript.language,
      utterances: json.transcript.segments.map(readUtterance),
    },
    family: json.family && {
      name: json.family.name,
      why: json.family.why ?? "",
      members: json.family.items.map(readMember),
    },
    observations: json.observations.map(readObservation),
    vocabulary: json.vocabulary,
  };
}

function hasPicture(json: TimelineJson): boolean {
  const width = json.preview?.width;
  return width === undefined ? json.presentation_times_url !== null : Boolean(width);
}

export function readObservation(json: ObservationJson): Observation {
  return {
    id: json.id ?? "",
    ledgerIndex: json.ledger_index ?? null,
    start: fromJson(json.start),
    end: fromJson(json.end),
    modality: json.modality,
    role: json.role,
    states: json.states ?? [],
    act: json.act ?? "",
    target: json.target ?? "",
    injury: json.injury?.region ? json.injury : null,
    count: json.count ?? null,
    hedge: json.hedge,
    text: json.text,
    language: json.language,
    by: json.observed_by ?? "",
    withdrawn: json.withdrawn ?? Boolean(json.withdrawn_because),
  };
}

function readUtterance(json: UtteranceJson): Utterance {
  const confidence = json.confidence ?? null;
  return {
    start: fromJson(json.start),
    end: fromJson(json.end),
    text: json.text,
    confidence: confidence === null ? null : Number(confidence),
    flags: json.flags ?? [],
  };
}

function readMember(json: FamilyMemberJson): FamilyMember {
  return {
    item: json.item,
    url: json.url,
    label: json.label,
    isThis: json.is_this,
    isEarliest: json.earliest ?? false,
    isMostComplete: json.most_complete ?? false,
    transform: json.transform ?? [],
    segments: (json.segments ?? []).map((segment) => ({
      here: { start: fromJson(segment.this[0]), end: fromJson(segment.this[1]) },
      there: { start: fromJson(segment.other[0]), end: fromJson(segment.other[1]) },
    })),
  };
}
