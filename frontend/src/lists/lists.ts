/** What the lanes show, as lists: for screen readers, for the keyboard, and for reading. */

import { LitElement, css, html, nothing } from "lit";
import { shared } from "../style.js";
import { type MediaTime, type TimeBase, clockText, secondsBetween } from "../time/media_time.js";
import type { FamilyMember, Interval, Observation, Timeline } from "../timeline.js";
import { language, term, words } from "../words/words.js";

const TABS = ["observations", "transcript", "family", "shots"] as const;
export type Tab = (typeof TABS)[number];

/** The part of an address that opens an item at a time: `#t=1234@1/90000`. */
export function timeFragment(time: MediaTime): string {
  return `#t=${time.pts}@${time.timeBase[0]}/${time.timeBase[1]}`;
}

/** The time in such an address, or null; without a time base (`#t=1234`) it is the given one. */
export function timeOfFragment(fragment: string, usual: TimeBase): MediaTime | null {
  const found = /^#t=(-?\d{1,19})(?:@(\d{1,10})\/(\d{1,10}))?$/.exec(fragment);
  if (!found) return null;
  const timeBase: TimeBase = found[2] && found[3] ? [Number(found[2]), Number(found[3])] : usual;
  return timeBase[0] > 0 && timeBase[1] > 0 ? { pts: BigInt(found[1] as string), timeBase } : null;
}

export class VideturLists extends LitElement {
  static override properties = {
    timeline: { attribute: false },
    observations: { attribute: false },
    position: { attribute: false },
    tab: { type: String },
  };
  declare timeline: Timeline | null;
  declare observations: readonly Observation[];
  declare position: MediaTime | null;
  declare tab: Tab;
  private spoken = -1;

  constructor() {
    super();
    this.timeline = null;
    this.observations = [];
    this.position = null;
    this.tab = "observations";
  }

  /** While it plays the position changes with every picture; the lists do only when another line is spoken. */
  override shouldUpdate(changed: Map<string, unknown>): boolean {
    const before = this.spoken;
    const now = this.second(this.position);
    const lines = this.timeline?.transcript?.utterances ?? [];
    this.spoken = lines.findIndex((each) => this.second(each.start) <= now && now < this.second(each.end));
    return changed.size > 1 || !changed.has("position") || before !== this.spoken;
  }

  override render(): unknown {
    if (!this.timeline) return nothing;
    const t = words();
    return html`<section aria-label=${t.lists}>
      <div role="tablist" aria-label=${t.lists} @keydown=${this.onTabKey}>
        ${TABS.map((tab) => html`<button role="tab" id=${`tab-${tab}`} aria-selected=${tab === this.tab} aria-controls="panel"
          tabindex=${tab === this.tab ? 0 : -1} @click=${() => (this.tab = tab)}
          >${t[tab]} <span class="quiet number">${this.numberIn(tab)}</span></button>`)}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby=${`tab-${this.tab}`} tabindex="0">${this.panel(this.timeline)}</div>
    </section>`;
  }

  private numberIn(tab: Tab): number {
    switch (tab) {
      case "observations": return this.observations.length;
      case "transcript": return this.timeline?.transcript?.utterances.length ?? 0;
      case "family": return this.timeline?.family?.members.length ?? 0;
      case "shots": return this.timeline?.shots.length ?? 0;
    }
  }

  private panel(timeline: Timeline): unknown {
    switch (this.tab) {
      case "observations": return this.observationList();
      case "transcript": return this.transcript(timeline);
      case "family": return this.family(timeline);
      case "shots": return this.shots(timeline);
    }
  }

  private observationList(): unknown {
    const t = words();
    if (!this.observations.length) return html`<p class="quiet">${t.noObservations}</p>`;
    return html`<ol class="observations">${this.observations.map((each) => html`
      <li class=${each.withdrawn ? "faint" : ""} data-observation=${each.id}>
        ${this.stretch(each)}
        <span class="tags">${[each.modality, each.role, ...each.states, each.act].filter(Boolean).map(
          (word) => html`<span class="tag">${term(word)}</span>`)}${countText(each)}</span>
        <p lang=${each.language}><span class="hedge" lang="">${term(each.hedge)}:</span> <bdi>${each.text}</bdi></p>
        <p class="quiet small">${each.withdrawn ? html`${t.withdrawn} · ` : nothing}${each.by ? html`${each.by} · ` : nothing}
          ${each.ledgerIndex === null ? nothing : html`${t.ledgerEntry} <span class="mono" data-ledger>${each.ledgerIndex}</span>`}</p>
      </li>`)}</ol>`;
  }

  private transcript(timeline: Timeline): unknown {
    const t = words();
    const transcript = timeline.transcript;
    const lead = html`<p class="lead">${t.machineLead}${transcript ? html` · <span lang="">${transcript.language}</span>` : nothing}</p>`;
    if (!transcript?.utterances.length) return html`<p class="quiet">${t.noTranscript}</p>`;
    return html`${lead}<ol>${transcript.utterances.map((each, index) => {
      const current = index === this.spoken;
      const doubtful = each.flags.length > 0 || (each.confidence !== null && each.confidence < 0.5);
      return html`<li class="line" aria-current=${current ? "time" : "false"}>
        ${this.stretch(each)}
        <p lang=${transcript.language} class=${doubtful ? "doubtful" : ""}>${each.text}</p>
        ${doubtful
          ? html`<p class="quiet small">${each.confidence === null ? nothing : html`${t.confidence} ${each.confidence.toFixed(2)}`}
              ${each.flags.map(term).join(", ")}</p>`
          : nothing}
      </li>`;
    })}</ol>`;
  }

  private family(timeline: Timeline): unknown {
    const t = words();
    const members = timeline.family?.members ?? [];
    if (!members.length) return html`<p class="quiet">${t.noFamily}</p>`;
    return html`<p class="quiet small"><bdi>${timeline.family?.why || timeline.family?.name}</bdi></p><ul>${members.map((member) => html`
      <li><b>${member.isThis ? html`<bdi>${member.label}</bdi> · ${t.thisItem}` : html`<a href=${member.url}><bdi>${member.label}</bdi></a>`}</b>
        <span class="tags">${member.isEarliest ? html`<span class="tag strong">${t.earliestKnown}</span>` : nothing}${
          member.isMostComplete ? html`<span class="tag strong">${t.mostComplete}</span>` : nothing}${
          member.transform.map((each) => html`<span class="tag">${term(each)}</span>`)}</span>
        ${member.isThis ? nothing : html`<ul>${member.segments.map((segment) => html`<li class="pair">
          ${this.stretch(segment.here)} <span aria-hidden="true" class="quiet">↔</span>
          <a href=${`${member.url}${timeFragment(segment.there.start)}`} title=${t.openOther}
            class="mono">${this.otherStretch(member, segment.there)}</a></li>`)}</ul>`}
      </li>`)}</ul>`;
  }

  private otherStretch(_member: FamilyMember, there: Interval): string {
    // The other item's own clock: its seconds are counted from its time 0.
    const zero: MediaTime = { pts: 0n, timeBase: there.start.timeBase };
    return `${clockText(secondsBetween(zero, there.start))} – ${clockText(secondsBetween(zero, there.end))}`;
  }

  private shots(timeline: Timeline): unknown {
    const t = words();
    if (!timeline.shots.length) return html`<p class="quiet">${t.noShots}</p>`;
    return html`<ol>${timeline.shots.map((shot, index) =>
      html`<li class="pair"><span class="quiet">${t.shot} ${index + 1}</span> ${this.stretch(shot)}</li>`)}</ol>`;
  }

  private stretch(interval: Interval): unknown {
    const t = words();
    return html`<span class="stretch">
      <button class="seek mono" @click=${() => this.tell("videtur-go", interval.start)}
        >${clockText(this.second(interval.start))}</button><span class="quiet"> – ${clockText(this.second(interval.end))}</span>
      <button class="mark" title=${t.useAsMarks} aria-label=${t.useAsMarks} @click=${() => this.tell("videtur-marks", interval)}
        >[ ]</button></span>`;
  }

  private second(time: MediaTime | null): number {
    return time && this.timeline ? secondsBetween(this.timeline.first, time) : 0;
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  private onTabKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.tab = TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length] as Tab;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus());
  }

  static override styles = [
    shared,
    css`
      :host { display: block; min-width: 0; }
      section { display: flex; flex-direction: column; height: 100%; background: var(--v-raised); border: 1px solid var(--v-line); border-radius: 8px; overflow: hidden; }
      [role="tablist"] { display: flex; flex-wrap: wrap; border-bottom: 1px solid var(--v-line); padding: 0 0.3rem; }
      [role="tab"] { border: 0; border-bottom: 2px solid transparent; border-radius: 0; padding: 0.55rem 0.6rem; font-size: 0.85rem; color: var(--v-quiet); }
      [role="tab"][aria-selected="true"] { color: var(--v-text); border-bottom-color: var(--v-accent); }
      [role="tabpanel"]:focus-visible { outline-offset: -2px; }
      .number { font-size: 0.75rem; }
      [role="tabpanel"] { overflow: auto; padding: 0.5rem 0.8rem 0.8rem; flex: 1; }
      ol, ul { list-style: none; margin: 0; padding: 0; }
      li { padding: 0.45rem 0; border-bottom: 1px solid color-mix(in srgb, var(--v-line) 60%, transparent); content-visibility: auto; contain-intrinsic-size: auto 3.2rem; }
      li:last-child { border-bottom: 0; }
      li.pair { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: baseline; padding: 0.2rem 0; border: 0; contain-intrinsic-size: auto 2rem; }
      p { margin: 0.2rem 0 0; line-height: 1.45; overflow-wrap: anywhere; }
      .small { font-size: 0.8rem; }
      .lead { margin: 0 0 0.4rem; color: var(--v-accent); font-size: 0.8rem; }
      .line[aria-current="time"] { box-shadow: inset 2px 0 0 var(--v-accent); padding-inline-start: 0.6rem; }
      .doubtful { text-decoration: underline dotted var(--v-quiet); text-underline-offset: 0.25em; }
      .faint { opacity: 0.75; text-decoration: line-through; }
      .seek { border: 0; color: var(--v-accent); padding: 0 0.1rem; min-height: 1.5rem; font-size: 0.85rem; }
      .stretch { font-size: 0.85rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
      .mark { border: 0; padding: 0 0.2rem; min-height: 1.5rem; color: var(--v-quiet); font-size: 0.8rem; }
      .tag { display: inline-block; font-size: 0.72rem; padding: 0 0.45rem; margin-inline-end: 0.25rem; border: 1px solid var(--v-line); border-radius: 9px; color: var(--v-quiet); }
      .tag.strong { color: var(--v-text); border-color: var(--v-quiet); }
      .hedge { color: var(--v-quiet); font-style: italic; }
    `,
  ];
}

function countText(observation: Observation): unknown {
  const count = observation.count;
  if (!count || (count.min === null && count.max === null)) return nothing;
  const t = words();
  const number = new Intl.NumberFormat(language());
  if (count.min !== null && count.min === count.max) {
    return html`<span class="tag">${number.format(count.min)} (${t.counted})</span>`;
  }
  const parts = [
    count.min === null ? "" : `${t.countMin} ${number.format(count.min)}`,
    count.max === null ? "" : `${t.countMax} ${number.format(count.max)}`,
  ].filter(Boolean);
  return html`<span class="tag">${parts.join(", ")}</span>`;
}

customElements.define("videtur-lists", VideturLists);
