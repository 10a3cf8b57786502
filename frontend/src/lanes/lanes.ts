/** The timeline: lanes under one playhead. Pointer and arrow keys here; the same content is in the lists. */

import { LitElement, css, html, nothing } from "lit";
import { placed } from "../placed.js";
import { shared } from "../style.js";
import { clockText } from "../time/media_time.js";
import { type View, shareOf, zoomed } from "../time/view.js";
import { words } from "../words/words.js";
import {
  type Palette, type Peaks, type Span, type Strip,
  drawPeaks, drawRuler, drawSpans, drawStrip, paneOf, rowsOf,
} from "./drawing.js";

export interface FamilyRow {
  readonly label: string;
  readonly url: string;
  readonly isThis: boolean;
  readonly spans: readonly Span[];
}

/** Everything the lanes show, in seconds from the item's first time. */
export interface LaneContent {
  readonly duration: number;
  readonly strip: Strip | null;
  readonly peaks: Peaks | null;
  readonly shots: readonly Span[];
  readonly utterances: readonly Span[];
  readonly family: readonly FamilyRow[];
  readonly observations: readonly Span[];
}

const ROW = 20;
const MOST_ROWS = 6;

export class VideturLanes extends LitElement {
  static override properties = {
    content: { attribute: false },
    view: { attribute: false },
    second: { type: Number },
    markIn: { attribute: false },
    markOut: { attribute: false },
    revealed: { type: Boolean },
    colour: { type: Boolean },
  };
  declare content: LaneContent | null;
  declare view: View;
  declare second: number;
  declare markIn: number | null;
  declare markOut: number | null;
  declare revealed: boolean;
  declare colour: boolean;
  private readonly resized = new ResizeObserver(() => this.draw());
  private observationRows: Span[][] = [];

  constructor() {
    super();
    this.content = null;
    this.view = { from: 0, to: 1 };
    this.second = 0;
    this.markIn = null;
    this.markOut = null;
    this.revealed = false;
    this.colour = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  override willUpdate(): void {
    this.observationRows = rowsOf(this.content?.observations ?? []).slice(0, MOST_ROWS);
  }

  override updated(changed: Map<string, unknown>): void {
    // The playhead and the marks are elements of their own: moving them draws nothing anew.
    if (changed.has("content") || changed.has("view")) this.draw();
  }

  override render(): unknown {
    const content = this.content;
    if (!content) return nothing;
    const t = words();
    const hidden = `film ${this.revealed ? (this.colour ? "" : "grey") : "veiled"}`;
    const rows = Math.max(1, this.observationRows.length);
    return html`<section aria-label=${t.lanes}>
      <div class="heads">
        <div class="head ruler"></div>
        ${content.strip ? html`<div class="head strip">${t.filmstrip}</div>` : nothing}
        ${content.peaks ? html`<div class="head wave">${t.waveform}</div>` : nothing}
        ${content.shots.length ? html`<div class="head row">${t.shots}</div>` : nothing}
        ${content.utterances.length ? html`<div class="head row" title=${t.machineLead}>${t.transcript}</div>` : nothing}
        ${content.family.map((row) => html`<div class="head row member">
          ${row.isThis ? html`<span>${t.thisItem}</span>` : html`<a href=${row.url}><bdi>${row.label}</bdi></a>`}
        </div>`)}
        <div class="head" ${placed({ height: `${rows * ROW + 2}px` })}>${t.observations}</div>
      </div>
      <div class="tracks" role="slider" tabindex="0" aria-label=${t.time} aria-valuemin="0"
        aria-valuemax=${content.duration.toFixed(3)} aria-valuenow=${this.second.toFixed(3)}
        aria-valuetext=${clockText(this.second)}
        @pointerdown=${this.startSeeking} @pointermove=${this.keepSeeking} @wheel=${this.wheel}>
        <canvas class="ruler" data-lane="ruler"></canvas>
        ${content.strip ? html`<div class="clip strip"><canvas class="strip ${hidden}" data-lane="strip"></canvas></div>` : nothing}
        ${content.peaks ? html`<canvas class="wave" data-lane="peaks"></canvas>` : nothing}
        ${content.shots.length ? html`<canvas class="row" data-lane="shots"></canvas>` : nothing}
        ${content.utterances.length ? html`<canvas class="row" data-lane="utterances"></canvas>` : nothing}
        ${content.family.map((_row, index) => html`<canvas class="row" data-lane="family" data-row=${index}></canvas>`)}
        <canvas data-lane="observations" ${placed({ height: `${rows * ROW + 2}px` })}></canvas>
        ${this.marks()}
        <div class="playhead" ${placed({ left: this.percent(this.second) })}></div>
      </div>
    </section>`;
  }

  private marks(): unknown {
    const { markIn, markOut } = this;
    if (markIn === null && markOut === null) return nothing;
    const from = Math.max(this.view.from, markIn ?? (markOut as number));
    const to = Math.min(this.view.to, markOut ?? (markIn as number));
    if (to < this.view.from || from > this.view.to) return nothing;
    const wide = Math.max(0, (shareOf(this.view, to) - shareOf(this.view, from)) * 100);
    return html`<div class=${`marks${markIn === null ? " open-start" : ""}${markOut === null ? " open-end" : ""}`}
      ${placed({ left: this.percent(from), width: `${wide}%` })}></div>`;
  }

  private percent(second: number): string {
    return `${Math.min(Math.max(shareOf(this.view, second), -0.01), 1.01) * 100}%`;
  }

  private draw(): void {
    const content = this.content;
    if (!content) return;
    const palette = this.palette();
    for (const canvas of this.renderRoot.querySelectorAll("canvas")) {
      const pane = paneOf(canvas, this.view, palette);
      if (!pane) continue;
      switch (canvas.dataset["lane"]) {
        case "ruler": drawRuler(pane); break;
        case "strip": if (content.strip) drawStrip(pane, content.strip); break;
        case "peaks": if (content.peaks) drawPeaks(pane, content.peaks); break;
        case "shots": drawSpans(pane, content.shots, { colour: palette.quiet, filled: false }); break;
        case "utterances": drawSpans(pane, content.utterances, { colour: palette.quiet, filled: false }); break;
        case "family": {
          const row = content.family[Number(canvas.dataset["row"])];
          const colour = row?.isThis ? palette.quiet : palette.accent;
          if (row) drawSpans(pane, row.spans, { colour, filled: false });
          break;
        }
        default:
          this.observationRows.forEach((row, index) =>
            drawSpans(pane, row, { colour: palette.accent, filled: true }, index * ROW, ROW));
      }
    }
  }

  private palette(): Palette {
    const style = getComputedStyle(this);
    const read = (name: string): string => style.getPropertyValue(name).trim() || "#9aa4ae";
    return {
      text: read("--v-text"), quiet: read("--v-quiet"), accent: read("--v-accent"),
      line: read("--v-line"), onAccent: read("--v-on-accent"),
    };
  }

  private startSeeking(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.seekTo(event);
  }

  private keepSeeking(event: PointerEvent): void {
    if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) this.seekTo(event);
  }

  private seekTo(event: PointerEvent): void {
    const detail = this.secondUnder(event);
    this.dispatchEvent(new CustomEvent<number>("videtur-seek", { detail, bubbles: true, composed: true }));
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey || !this.content) return;
    event.preventDefault();
    const factor = event.deltaY > 0 ? 1.25 : 0.8;
    const detail = zoomed(this.view, factor, this.secondUnder(event), this.content.duration);
    this.dispatchEvent(new CustomEvent<View>("videtur-view", { detail, bubbles: true, composed: true }));
  }

  private secondUnder(event: MouseEvent): number {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    return this.view.from + share * (this.view.to - this.view.from);
  }

  static override styles = [
    shared,
    css`
      :host { display: block; }
      section {
        display: grid;
        grid-template-columns: 8.5rem minmax(0, 1fr);
        background: var(--v-raised);
        border: 1px solid var(--v-line);
        border-radius: 8px;
        overflow: hidden;
      }
      .heads { border-inline-end: 1px solid var(--v-line); font-size: 0.75rem; color: var(--v-quiet); }
      .head { display: flex; align-items: center; padding-inline: 0.6rem; overflow: hidden; box-sizing: content-box; }
      .head a, .head span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 20px; }
      .heads > * + * { border-top: 1px solid var(--v-line); }
      .tracks { position: relative; overflow: hidden; cursor: crosshair; touch-action: pan-y; }
      .tracks > canvas, .clip { border-top: 1px solid var(--v-line); }
      .tracks > canvas.ruler { border-top: 0; }
      .tracks:focus-visible { outline-offset: -2px; }
      canvas { display: block; width: 100%; box-sizing: content-box; }
      .clip { overflow: hidden; box-sizing: content-box; }
      .clip canvas { border: 0; }
      .ruler { height: 20px; }
      .strip { height: 56px; }
      .wave { height: 44px; }
      .row { height: 20px; }
      .veiled { filter: blur(10px) grayscale(1) brightness(0.65); }
      .grey { filter: grayscale(1); }
      .playhead {
        position: absolute;
        inset-block: 0;
        width: 2px;
        margin-inline-start: -1px;
        background: var(--v-accent);
        pointer-events: none;
        box-shadow: 0 0 0 1px rgb(0 0 0 / 50%);
      }
      .marks {
        position: absolute;
        inset-block: 0;
        min-width: 2px;
        background: color-mix(in srgb, var(--v-accent) 14%, transparent);
        border-inline: 1px solid var(--v-accent);
        pointer-events: none;
      }
      .marks.open-start { border-inline-start-style: dashed; }
      .marks.open-end { border-inline-end-style: dashed; }
      @media (max-width: 40rem) { section { grid-template-columns: 5.5rem minmax(0, 1fr); } }
    `,
  ];
}

customElements.define("videtur-lanes", VideturLanes);
