/** The list of tracks, the unsure ones first, each with its strip; and the shots to sign. */

import { LitElement, css, html, nothing } from "lit";
import { shared } from "../style.js";
import { clockText } from "../time/media_time.js";
import { term, words } from "../words/words.js";
import type { Plan, Shot, Track } from "./plan.js";
import "./strip.js";

export class VideturTracks extends LitElement {
  static override properties = {
    plan: { attribute: false },
    stillUrl: { attribute: false },
    selected: { type: String },
    merging: { type: String },
    shot: { attribute: false },
    faint: { attribute: false },
    first: { type: Number },
    revealed: { type: Boolean },
    colour: { type: Boolean },
    readOnly: { type: Boolean },
  };
  declare plan: Plan | null;
  declare stillUrl: string;
  declare selected: string | null;
  declare merging: string | null;
  declare shot: Shot | null;
  declare faint: readonly (readonly [number, number])[];
  declare first: number;
  declare revealed: boolean;
  declare colour: boolean;
  declare readOnly: boolean;

  constructor() {
    super();
    this.plan = null;
    this.stillUrl = "";
    this.selected = null;
    this.merging = null;
    this.shot = null;
    this.faint = [];
    this.first = 0;
    this.revealed = false;
    this.colour = false;
    this.readOnly = false;
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("selected")) this.renderRoot.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  override render(): unknown {
    const plan = this.plan;
    if (!plan) return nothing;
    const t = words();
    const waiting = plan.tracks.filter((track) => track.waits).length;
    const signed = plan.shots.filter((shot) => shot.signed_by).length;
    return html`<p role="status" class="counts" data-waiting=${waiting} data-unsigned=${plan.shots.length - signed}>
        <b>${waiting}</b> ${t.tracksWait} · <b>${signed}</b> ${t.of} <b>${plan.shots.length}</b> ${t.shotsSigned}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t.tracks}>
        <ol class="tracks">${plan.tracks.map((track) => this.row(plan, track))}</ol>
        ${plan.tracks.length ? nothing : html`<p class="quiet">${t.noTracks}</p>`}
      </div>
      ${this.faint.length
        ? html`<h3>${t.lookHereToo}</h3><p class="quiet">${t.tooDim}</p>
            <ul class="shots">${this.faint.map(([start, end]) => html`<li><button @click=${() => this.tell("videtur-time", start)}>
              <span class="mono">${this.clock(plan, start)} – ${this.clock(plan, end)}</span></button></li>`)}</ul>`
        : nothing}
      <h3>${t.shots}</h3>
      <ol class="shots">${plan.shots.map((shot) => this.shotRow(plan, shot))}</ol>`;
  }

  private clock(plan: Plan, pts: number): string {
    return clockText(((pts - this.first) * plan.time_base[0]) / plan.time_base[1]);
  }

  private row(plan: Plan, track: Track): unknown {
    const t = words();
    const state = track.shown ? t.trackShown : track.decision === "show" ? t.trackOneWord : track.waits ? t.trackWaits : t.trackMasked;
    const kind = track.shown ? "shown" : track.waits ? "waits" : "masked";
    return html`<li class="track ${track.id === this.selected ? "chosen" : ""} ${track.id === this.merging ? "merging" : ""}" data-track=${track.id}>
      <button class="name" aria-pressed=${track.id === this.selected} @click=${() => this.tell("videtur-track", track.id)}>
        <span class="tag ${kind}">${state}</span> ${term(track.kind)} <span class="quiet">${track.id}</span>
        <span class="mono">${this.clock(plan, track.start)} – ${this.clock(plan, track.end)}</span>
        ${track.unsure.length ? html`<span class="quiet">${track.unsure.map((each) => term(each)).join(", ")}</span>` : nothing}
        ${track.reason ? html`<span class="quiet">“${track.reason}”</span>` : nothing}
        ${track.decided_by.length ? html`<span class="quiet">${track.decided_by.join(", ")}</span>` : nothing}
      </button>
      <videtur-track-strip .plan=${plan} .track=${track} .stillUrl=${this.stillUrl} ?revealed=${this.revealed} ?colour=${this.colour}></videtur-track-strip>
    </li>`;
  }

  private shotRow(plan: Plan, shot: Shot): unknown {
    const t = words();
    const here = shot.start === this.shot?.start;
    return html`<li class=${here ? "here" : ""} data-shot=${shot.start} aria-current=${here ? "true" : "false"}>
      <button @click=${() => this.tell("videtur-time", shot.start)}><span class="mono">${this.clock(plan, shot.start)} – ${this.clock(plan, shot.end)}</span></button>
      <span class="tag ${shot.signed_by ? "masked" : "waits"}">${shot.signed_by ? `${t.shotSignedBy} ${shot.signed_by}` : t.shotUnsigned}</span>
      ${this.readOnly ? nothing : html`<button @click=${() => this.tell("videtur-sign", shot)}>${shot.signed_by ? t.takeBack : t.signShot}</button>`}
    </li>`;
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  static override styles = [
    shared,
    css`
      :host { display: grid; gap: 0.5rem; align-content: start; min-width: 0; }
      .counts { margin: 0; }
      .scroll { max-height: 60vh; overflow-y: auto; }
      ol, ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.3rem; }
      .track { display: flex; gap: 0.5rem; align-items: center; border: 1px solid var(--v-line); border-radius: 6px; padding: 0.3rem; }
      .chosen { border-color: var(--v-accent); }
      .merging { border-style: dashed; }
      .name { flex: 1; text-align: start; border: none; display: flex; flex-wrap: wrap; gap: 0.2rem 0.6rem; font-size: 0.85rem; }
      .tag { border: 1px solid currentcolor; border-radius: 999px; padding: 0 0.5rem; font-size: 0.8rem; }
      .waits { color: var(--v-danger); }
      .masked { color: var(--v-accent); }
      .shown { color: var(--v-ok); }
      h3 { margin: 0.4rem 0 0; font-size: 1rem; }
      .shots { max-height: 14rem; overflow-y: auto; }
      .shots li { display: flex; gap: 0.5rem; align-items: center; font-size: 0.85rem; }
      .here { font-weight: 600; }
    `,
  ];
}

customElements.define("videtur-tracks", VideturTracks);
