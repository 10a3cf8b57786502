/** The picture and the sound of one item: hidden, grey, muted and small until the person asks otherwise. */

import { LitElement, css, html, nothing } from "lit";
import { shared, veil } from "../style.js";
import { clockText, secondsBetween } from "../time/media_time.js";
import type { Timeline } from "../timeline.js";
import { words } from "../words/words.js";
import type { Playhead } from "./playhead.js";

const SIZES = ["small", "medium", "large"] as const;
type Size = (typeof SIZES)[number];

export class VideturPlayer extends LitElement {
  static override properties = {
    timeline: { attribute: false },
    playhead: { attribute: false },
    revealed: { type: Boolean, reflect: true },
    stillUrl: { attribute: false },
    colour: { state: true },
    muted: { state: true },
    size: { type: String, reflect: true },
    failed: { state: true },
    shownSeconds: { state: true },
  };
  declare timeline: Timeline | null;
  declare playhead: Playhead | null;
  declare revealed: boolean;
  declare stillUrl: string;
  declare colour: boolean;
  declare muted: boolean;
  declare size: Size;
  declare failed: boolean;
  declare shownSeconds: number;
  private shownTimer = 0;

  constructor() {
    super();
    this.timeline = null;
    this.playhead = null;
    this.revealed = false;
    this.stillUrl = "";
    this.colour = false;
    this.muted = true;
    this.size = "small";
    this.failed = false;
    this.shownSeconds = 0;
  }

  get media(): HTMLMediaElement | null {
    return this.renderRoot.querySelector("video, audio");
  }

  toggleColour(): void {
    this.colour = !this.colour;
  }

  toggleMuted(): void {
    this.muted = !this.muted;
  }

  nextSize(): void {
    this.size = SIZES[(SIZES.indexOf(this.size) + 1) % SIZES.length] as Size;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Exposure counts: the person sees how long the picture has been open on this page.
    this.shownTimer = window.setInterval(() => {
      if (this.revealed && document.visibilityState === "visible") this.shownSeconds += 1;
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.shownTimer);
  }

  override updated(): void {
    // The attribute `muted` sets the default alone; what is heard follows the property.
    if (this.media) this.media.muted = this.muted;
  }

  override render(): unknown {
    return html`<section aria-label=${words().player}>${this.stage()} ${this.transport()} ${this.where()}</section>`;
  }

  private stage(): unknown {
    const t = words();
    const preview = this.timeline?.preview;
    if (!preview) return html`<p class="stage note">${t.noPreview}</p>`;
    if (!preview.hasPicture) {
      return html`<div class="stage note">
        <audio src=${preview.url} preload="metadata" muted @error=${this.onError}></audio>
        <p>${this.failed ? t.playFailed : t.noPicture}</p>
      </div>`;
    }
    return html`<div class="stage">
      <video
        class=${this.revealed ? (this.colour ? "" : "grey") : "veiled"}
        src=${preview.url}
        preload="auto"
        muted
        playsinline
        disablepictureinpicture
        disableremoteplayback
        aria-label=${this.revealed ? t.player : t.hidden}
        @error=${this.onError}
        @click=${() => this.revealed && this.playhead?.toggle()}
      ></video>
      ${this.failed ? html`<p class="over danger" role="alert">${t.playFailed}</p>` : this.cover()}
    </div>`;
  }

  private cover(): unknown {
    if (this.revealed) return nothing;
    const t = words();
    return html`<div class="over">
      <p class="quiet">${t.hidden}</p>
      <button @pointerdown=${this.hold} @pointerup=${this.release} @pointercancel=${this.release} @click=${this.pressed}>
        ${t.holdToSee}
      </button>
    </div>`;
  }

  private transport(): unknown {
    const t = words();
    const playhead = this.playhead;
    const playing = playhead?.playing ?? false;
    return html`<div class="bar" role="group" aria-label=${t.player}>
      <button ?disabled=${!playhead} title="," aria-label=${t.previousFrame} @click=${() => playhead?.step(-1)}>‹</button>
      <button class="play" ?disabled=${!playhead} aria-label=${playing ? t.pause : t.play} @click=${() => playhead?.toggle()}>
        ${playing ? "❚❚" : "▶"}
      </button>
      <button ?disabled=${!playhead} title="." aria-label=${t.nextFrame} @click=${() => playhead?.step(1)}>›</button>
      <span class="grow"></span>
      <button aria-pressed=${this.revealed} title="B" @click=${this.toggleReveal}>${this.revealed ? t.hide : t.show}</button>
      <button aria-pressed=${this.colour} title="G" @click=${this.toggleColour}>${t.colour}</button>
      <button aria-pressed=${!this.muted} title="M" @click=${this.toggleMuted}>${this.muted ? t.soundOff : t.soundOn}</button>
      <button title="S" aria-label=${this.size === "large" ? t.smaller : t.larger} @click=${this.nextSize}>⤢</button>
    </div>`;
  }

  private where(): unknown {
    const t = words();
    const playhead = this.playhead;
    const timeline = this.timeline;
    if (!playhead || !timeline) return nothing;
    const { pts, timeBase } = playhead.position;
    const second = secondsBetween(timeline.first, playhead.position);
    const frame = playhead.frame;
    return html`<div class="where mono">
      <span class="clock" data-clock>${clockText(second)}</span>
      ${frame === null
        ? nothing
        : html`<span><span class="quiet">${t.frame}</span> <b data-frame>${frame}</b>
            <span class="quiet">${t.of} ${playhead.frameCount}</span>
            <span class=${playhead.confirmed ? "ok" : "quiet"} title=${playhead.confirmed ? t.onScreen : t.notConfirmed}
              data-confirmed=${playhead.confirmed}>${playhead.confirmed ? "●" : "○"}<span class="unseen"
                >${playhead.confirmed ? t.onScreen : t.notConfirmed}</span></span></span>`}
      <span><span class="quiet">${t.ticks}</span> <b data-pts>${String(pts)}</b>
        <span class="quiet">× ${timeBase[0]}/${timeBase[1]} s</span></span>
      ${playhead.playing && playhead.speed !== 1 ? html`<span class="accent">${playhead.speed}×</span>` : nothing}
      ${this.stillUrl ? html`<a class="still" href="${this.stillUrl}${pts}" target="_blank" rel="noopener">${t.stillAt}</a>` : nothing}
      ${this.shownSeconds
        ? html`<span class="quiet exposure">${t.shownFor} ${clockText(this.shownSeconds).slice(2, -4)}</span>`
        : nothing}
    </div>`;
  }

  private onError(): void {
    this.failed = true;
  }

  private held = 0;

  private hold(event: PointerEvent): void {
    this.held = event.timeStamp;
    this.ask(true);
    // The button goes away under the finger, so the release is heard by the whole page.
    window.addEventListener("pointerup", () => this.release(), { once: true });
  }

  private release(): void {
    if (!this.held) return;
    this.held = 0;
    this.ask(false);
  }

  /** A press by keyboard has no duration: it shows until hidden again. */
  private pressed(event: MouseEvent): void {
    if (event.detail === 0) this.ask(true);
  }

  private toggleReveal(): void {
    this.ask(!this.revealed);
  }

  private ask(revealed: boolean): void {
    this.dispatchEvent(new CustomEvent("videtur-reveal", { detail: revealed, bubbles: true, composed: true }));
  }

  static override styles = [
    shared,
    veil,
    css`
      :host { display: block; max-width: 100%; width: 30rem; }
      :host([size="medium"]) { width: 46rem; }
      :host([size="large"]) { width: 100%; }
      section { display: grid; gap: 0.5rem; }
      .stage {
        position: relative;
        overflow: hidden;
        border-radius: 8px;
        background: #000;
        aspect-ratio: 16 / 9;
        margin: 0;
      }
      .stage.note { display: grid; place-items: center; color: var(--v-quiet); padding: 2rem; text-align: center; background: var(--v-raised); }
      video { width: 100%; height: 100%; object-fit: contain; display: block; }
      .over {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 0.6rem;
        background: rgb(10 12 14 / 66%);
        text-align: center;
      }
      .over p { margin: 0; color: #c9d0d6; }
      .over button { border-color: #c9d0d6; color: #fff; background: rgb(0 0 0 / 40%); }
      .danger { color: var(--v-danger) !important; }
      .bar { display: flex; flex-wrap: wrap; gap: 0.3rem; align-items: center; font-size: 0.85rem; }
      .bar button { min-width: 2rem; }
      .play { width: 3rem; }
      .grow { flex: 1; }
      .where { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; align-items: baseline; font-size: 0.85rem; }
      .clock { font-size: 1.15rem; }
      .ok { color: var(--v-ok); }
      .accent { color: var(--v-accent); }
      .exposure { margin-inline-start: auto; font-family: inherit; }
    `,
  ];
}

customElements.define("videtur-player", VideturPlayer);
