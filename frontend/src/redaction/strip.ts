/** Three moments of one track, cut out of the exact stills; fetched when they come near the screen. */

import { LitElement, css, html, nothing, svg } from "lit";
import { shared, veil } from "../style.js";
import { type Plan, type Track, boxAt, cropOf } from "./plan.js";

export class VideturTrackStrip extends LitElement {
  static override properties = {
    plan: { attribute: false },
    track: { attribute: false },
    stillUrl: { attribute: false },
    revealed: { type: Boolean, reflect: true },
    colour: { type: Boolean },
    near: { state: true },
  };
  declare plan: Plan | null;
  declare track: Track | null;
  declare stillUrl: string;
  declare revealed: boolean;
  declare colour: boolean;
  declare near: boolean;
  private watching: IntersectionObserver | null = null;

  constructor() {
    super();
    this.plan = null;
    this.track = null;
    this.stillUrl = "";
    this.revealed = false;
    this.colour = false;
    this.near = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watching = new IntersectionObserver((seen) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      this.near = true;
      this.watching?.disconnect();
    });
    this.watching.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watching?.disconnect();
  }

  override render(): unknown {
    const { plan, track } = this;
    if (!plan || !track) return nothing;
    return html`<div class="strip" aria-hidden="true">${track.strip.map((pts) => this.moment(plan, track, pts))}</div>`;
  }

  private moment(plan: Plan, track: Track, pts: number): unknown {
    const box = boxAt(track, pts);
    if (!box) return nothing;
    const crop = cropOf(plan, box);
    const side = crop.right - crop.left;
    const look = this.revealed ? (this.colour ? "" : "grey") : "veiled";
    return html`<svg viewBox="${crop.left} ${crop.top} ${side} ${side}" class="moment">
      ${this.near
        ? svg`<image class=${look} href="${this.stillUrl}${pts}" x="0" y="0" width=${plan.width} height=${plan.height} preserveAspectRatio="none"/>`
        : nothing}
      ${svg`<rect x=${box.left} y=${box.top} width=${box.right - box.left} height=${box.bottom - box.top} stroke-width=${side / 60}/>`}
    </svg>`;
  }

  static override styles = [
    shared,
    veil,
    css`
      :host { display: block; }
      .strip { display: flex; gap: 0.25rem; }
      .moment { width: 4.5rem; height: 4.5rem; border-radius: 4px; background: #000; display: block; overflow: hidden; }
      rect { fill: none; stroke: #ffd166; }
    `,
  ];
}

customElements.define("videtur-track-strip", VideturTrackStrip);
