/** Drawing of the lanes on canvas. Pure but for the canvas: geometry in, strokes out. */

import { type View, shareOf } from "../time/view.js";

/** A stretch in seconds from the item's first time. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly label?: string;
  /** Drawn paler: withdrawn, or a machine's guess of low confidence. */
  readonly faint?: boolean;
}

export interface Strip {
  readonly image: CanvasImageSource;
  readonly tile: readonly [number, number];
  readonly columns: number;
  readonly seconds: readonly number[];
}

export interface Peaks {
  readonly perSecond: number;
  readonly start: number;
  /** Least and greatest sample of each stretch, from -128 to 127. */
  readonly pairs: readonly (readonly [number, number])[];
  /** What is drawn over the whole height: a quiet recording is still read, and silence stays flat. */
  readonly loudest: number;
}

export function loudestOf(pairs: Peaks["pairs"]): number {
  return pairs.reduce((most, [low, high]) => Math.max(most, -low, high), QUIETEST);
}

export interface Palette {
  readonly text: string;
  readonly quiet: string;
  readonly accent: string;
  readonly line: string;
  readonly onAccent: string;
}

export interface Pane {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly view: View;
  readonly palette: Palette;
}

/** Below this a recording counts as silent, and is not blown up. */
const QUIETEST = 8;

/** Fits a canvas to its place at the screen's resolution; null where it has no place or cannot draw. */
export function paneOf(canvas: HTMLCanvasElement, view: View, palette: Palette): Pane | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (!context || width === 0 || height === 0) return null;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, view, palette };
}

/** Seconds between the marks of the ruler, so that the marks stand at least `gap` pixels apart. */
export function rulerStep(view: View, width: number, gap = 88): number {
  const least = ((view.to - view.from) * gap) / Math.max(width, 1);
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
  return steps.find((step) => step >= least) ?? 7200;
}

export function drawRuler(pane: Pane): void {
  const { context, width, height, view, palette } = pane;
  const step = rulerStep(view, width);
  context.font = "10px ui-monospace, monospace";
  context.textBaseline = "middle";
  for (let mark = Math.ceil(view.from / step) * step; mark <= view.to; mark += step) {
    const x = shareOf(view, mark) * width;
    context.fillStyle = palette.line;
    context.fillRect(Math.round(x), 0, 1, height);
    context.fillStyle = palette.quiet;
    context.fillText(markText(mark, step), x + 4, height / 2);
  }
}

function markText(second: number, step: number): string {
  const whole = Math.floor(second + 1e-6);
  const minutes = `${Math.floor(whole / 60) % 60}`;
  const hours = Math.floor(whole / 3600);
  const rest = String(whole % 60).padStart(2, "0");
  const tenth = step < 1 ? `.${Math.round((second - whole) * 10)}` : "";
  return hours ? `${hours}:${minutes.padStart(2, "0")}:${rest}` : `${minutes}:${rest}${tenth}`;
}

export function drawStrip(pane: Pane, strip: Strip): void {
  const { context, width, height, view } = pane;
  const [tileWidth, tileHeight] = strip.tile;
  const slot = Math.max(8, (tileWidth / tileHeight) * height);
  for (let x = 0; x < width; x += slot) {
    const second = view.from + ((x + slot / 2) / width) * (view.to - view.from);
    const index = lastNotAfter(strip.seconds, second);
    const column = index % strip.columns;
    const row = Math.floor(index / strip.columns);
    context.drawImage(strip.image, column * tileWidth, row * tileHeight, tileWidth, tileHeight, x, 0, slot, height);
  }
}

/** The index of the last value that is not greater; 0 before the first. */
export function lastNotAfter(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

export function drawPeaks(pane: Pane, peaks: Peaks): void {
  const { context, width, height, view, palette } = pane;
  const middle = height / 2;
  context.fillStyle = palette.quiet;
  for (let x = 0; x < width; x += 1) {
    const from = secondAt(view, x, width) - peaks.start;
    const to = secondAt(view, x + 1, width) - peaks.start;
    const first = Math.floor(from * peaks.perSecond);
    const last = Math.max(first + 1, Math.ceil(to * peaks.perSecond));
    let least = 0;
    let most = 0;
    for (const pair of peaks.pairs.slice(Math.max(0, first), Math.max(0, last))) {
      least = Math.min(least, pair[0]);
      most = Math.max(most, pair[1]);
    }
    const top = middle - (most / peaks.loudest) * middle;
    const bottom = middle - (least / peaks.loudest) * middle;
    context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
}

export interface SpanLook {
  readonly colour: string;
  readonly filled: boolean;
}

export function drawSpans(pane: Pane, spans: readonly Span[], look: SpanLook, top = 0, height = pane.height): void {
  const { context, width, view, palette } = pane;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (const span of spans) {
    if (span.to < view.from || span.from > view.to) continue;
    const x = shareOf(view, span.from) * width;
    const long = Math.max(2, shareOf(view, span.to) * width - x - 1);
    context.globalAlpha = (look.filled ? 0.85 : 0.35) * (span.faint ? 0.45 : 1);
    context.fillStyle = look.colour;
    context.fillRect(x, top + 2, long, height - 4);
    context.globalAlpha = 1;
    if (span.label && long > 28) {
      context.save();
      context.beginPath();
      context.rect(x, top, long - 3, height);
      context.clip();
      context.fillStyle = look.filled ? palette.onAccent : palette.text;
      context.fillText(span.label, Math.max(x, 0) + 4, top + height / 2 + 0.5);
      context.restore();
    }
  }
}

/** Puts overlapping spans into rows, each into the first that is free. */
export function rowsOf<S extends Span>(spans: readonly S[]): S[][] {
  const rows: S[][] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const free = rows.find((row) => (row.at(-1) as S).to <= span.from);
    if (free) free.push(span);
    else rows.push([span]);
  }
  return rows;
}

function secondAt(view: View, x: number, width: number): number {
  return view.from + (x / width) * (view.to - view.from);
}
