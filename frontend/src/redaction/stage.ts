/** The picture with its masks: as outlines to look beneath, or filled as it will leave the house. */

import { LitElement, css, html, nothing, svg } from "lit";
import type { Playhead } from "../player/playhead.js";
import { shared, veil } from "../style.js";
import { placed } from "../placed.js";
import { words } from "../words/words.js";
import { type Box, type Plan, between, boxAt } from "./plan.js";

/** How long the film stands still before the exact picture is fetched. */
const SETTLES = 250;

export class VideturRedactionStage extends LitElement {
  static override properties = {
    plan: { attribute: false },
    playhead: { attribute: false },
    previewUrl: { attribute: false },
    stillUrl: { attribute: false },
    pts: { type: Number },
    selected: { type: String },
    draft: { attribute: false },
    drawing: { type: Boolean },
    filled: { type: Boolean },
    revealed: { type: Boolean, reflect: true },
    colour: { type: Boolean },
    still: { state: true },
  };
  declare plan: Plan | null;
  declare playhead: Playhead | null;
  declare previewUrl: string;
  declare stillUrl: string;
  declare pts: number;
  declare selected: string | null;
  declare draft: Box | null;
  declare drawing: boolean;
  declare filled: boolean;
  declare revealed: boolean;
  declare colour: boolean;
  declare still: number | null;
  private settling = 0;
  private corner: [number, number] | null = null;

  constructor() {
    super();
    this.plan = null;
    this.playhead = null;
    this.previewUrl = "";
    this.stillUrl = "";
    this.pts = 0;
    this.selected = null;
    this.draft = null;
    this.drawing = false;
    this.filled = false;
    this.revealed = false;
    this.colour = false;
    this.still = null;
  }

  get media(): HTMLVideoElement | null {
    return this.renderRoot.querySelector("video");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.settling);
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("pts") && !changed.has("revealed")) return;
    this.still = null;
    window.clearTimeout(this.settling);
    if (!this.revealed) return;
    this.settling = window.setTimeout(() => {
      if (!this.playhead?.playing) this.still = this.pts;
    }, SETTLES);
  }

  override render(): unknown {
    const plan = this.plan;
    if (!plan) return nothing;
    const t = words();
    const look = this.revealed ? (this.colour ? "" : "grey") : "veiled";
    return html`<div class="stage ${this.drawing ? "drawing" : ""}" ${placed({ "aspect-ratio": `${plan.width} / ${plan.height}` })}>
      <video class=${look} src=${this.previewUrl} preload="auto" muted playsinline disablepictureinpicture
        disableremoteplayback aria-label=${this.revealed ? t.player : t.hidden}></video>
      <svg viewBox="0 0 ${plan.width} ${plan.height}" preserveAspectRatio="none" role="img" aria-label=${t.masks}
        @pointerdown=${this.begin} @pointermove=${this.drag} @pointerup=${this.release} @pointercancel=${this.release}>
        ${this.still === null
          ? nothing
          : svg`<image class=${look} href="${this.stillUrl}${this.still}" x="0" y="0" width=${plan.width} height=${plan.height} preserveAspectRatio="none"/>`}
        ${plan.tracks.map((track) => {
          const box = boxAt(track, this.pts);
          if (!box) return nothing;
          const kind = track.shown ? "shown" : track.waits ? "waits" : "masked";
          return svg`<rect class="mask ${kind} ${track.id === this.selected ? "selected" : ""} ${this.filled && !track.shown ? "filled" : ""}"
            data-track=${track.id} x=${box.left} y=${box.top} width=${box.right - box.left} height=${box.bottom - box.top}/>`;
        })}
        ${this.draft
          ? svg`<rect class="mask draft" x=${this.draft.left} y=${this.draft.top}
              width=${this.draft.right - this.draft.left} height=${this.draft.bottom - this.draft.top}/>`
          : nothing}
      </svg>
    </div>`;
  }

  private place(event: PointerEvent): [number, number] {
    const svgElement = this.renderRoot.querySelector("svg") as SVGSVGElement;
    const shown = svgElement.getBoundingClientRect();
    const { width, height } = this.plan as Plan;
    return [((event.clientX - shown.left) / shown.width) * width, ((event.clientY - shown.top) / shown.height) * height];
  }

  private begin(event: PointerEvent): void {
    if (!this.drawing) {
      const track = (event.target as Element).getAttribute("data-track");
      if (track) this.dispatchEvent(new CustomEvent("videtur-track", { detail: track, bubbles: true, composed: true }));
      return;
    }
    event.preventDefault();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.corner = this.place(event);
  }

  private drag(event: PointerEvent): void {
    if (this.corner) this.tell(between(this.corner, this.place(event)));
  }

  private release(event: PointerEvent): void {
    this.drag(event);
    this.corner = null;
  }

  private tell(box: Box): void {
    this.dispatchEvent(new CustomEvent("videtur-draft", { detail: box, bubbles: true, composed: true }));
  }

  static override styles = [
    shared,
    veil,
    css`
      :host { display: block; }
      .stage { position: relative; overflow: hidden; border-radius: 8px; background: #000; max-height: 70vh; max-width: 100%; margin-inline: auto; }
      video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: fill; }
      svg { position: absolute; inset: 0; width: 100%; height: 100%; }
      .drawing svg { cursor: crosshair; touch-action: none; }
      .mask { fill: transparent; stroke: #ffd166; stroke-width: 2; vector-effect: non-scaling-stroke; }
      .waits { stroke: #ff8a7a; stroke-dasharray: 6 4; }
      .shown { stroke: #7fc79a; stroke-dasharray: 2 4; }
      .selected { stroke-width: 4; }
      .filled { fill: #22262b; }
      .draft { stroke: #6cb6ff; stroke-width: 3; }
    `,
  ];
}

customElements.define("videtur-redaction-stage", VideturRedactionStage);
