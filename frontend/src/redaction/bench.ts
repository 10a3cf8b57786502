/** The page of a masked copy: look at each track and each shot, decide, draw what is missing; all by keyboard. */

import { LitElement, html, nothing } from "lit";
import "../key_sheet.js";
import type { SheetLine, VideturKeySheet } from "../key_sheet.js";
import { isPressing, isTyping, keyOf, singleKeysAct } from "../keys.js";
import { LoadFailed, loadFrames, loadTimeline } from "../loading.js";
import { playheadKeys } from "../player/keys.js";
import { Playhead } from "../player/playhead.js";
import { shared } from "../style.js";
import { PreviewClock } from "../time/preview_clock.js";
import { clockText } from "../time/media_time.js";
import type { Timeline } from "../timeline.js";
import { term, words } from "../words/words.js";
import { redactionLook } from "./look.js";
import { type Box, type Plan, type Shot, type Standing, type Track, boxAt, nextWaiting, nudged, shotAt, trackBeside } from "./plan.js";
import type { VideturRedactionStage } from "./stage.js";
import "./stage.js";
import "./tracks.js";

const KINDS = ["head", "face", "person", "text", "unit_mark", "tattoo", "document", "other"] as const;
const SHEET: readonly SheetLine[] = [
  [["↑", "↓"], "keyTracks"],
  [["N"], "keyNextWaiting"],
  [["Enter"], "keyConfirm"],
  [["X"], "keyShow"],
  [["C"], "keyMaskAgain"],
  [["D"], "keyDraw"],
  [["E"], "keyMoveMask"],
  [["P"], "keySplit"],
  [["Y"], "keyMerge"],
  [["T"], "keySign"],
  [["U"], "keyUndo"],
  [["F"], "keyFilled"],
  [["I", "O"], "keySoundMarks"],
  [["Space"], "keyPlay"],
  [[",", "."], "keyFrame"],
  [["←", "→"], "keySecond"],
  [["B"], "keyReveal"],
  [["G"], "keyGrey"],
  [["Esc"], "keyLeaveDrawing"],
  [["?"], "keyHelp"],
];

export class VideturRedaction extends LitElement {
  static override properties = {
    timelineUrl: { type: String, attribute: "timeline-url" },
    planUrl: { type: String, attribute: "plan-url" },
    deedsUrl: { type: String, attribute: "deeds-url" },
    stillUrl: { type: String, attribute: "still-url" },
    csrf: { type: String },
    readOnly: { type: Boolean, attribute: "read-only" },
    standing: { state: true },
    timeline: { state: true },
    pts: { state: true },
    selected: { state: true },
    merging: { state: true },
    draft: { state: true },
    drawing: { state: true },
    kind: { state: true },
    asking: { state: true },
    filled: { state: true },
    revealed: { state: true },
    colour: { state: true },
    soundFrom: { state: true },
    soundTo: { state: true },
    busy: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  declare timelineUrl: string;
  declare planUrl: string;
  declare deedsUrl: string;
  declare stillUrl: string;
  declare csrf: string;
  declare readOnly: boolean;
  declare standing: Standing | null;
  declare timeline: Timeline | null;
  declare pts: number;
  declare selected: string | null;
  declare merging: string | null;
  declare draft: Box | null;
  /** What a drawn box is for: a new track, or the selected one's mask at this time. */
  declare drawing: "add" | "place" | null;
  declare kind: string;
  /** Whether a reason is being asked for. */
  declare asking: boolean;
  declare filled: boolean;
  declare revealed: boolean;
  declare colour: boolean;
  declare soundFrom: number | null;
  declare soundTo: number | null;
  declare busy: boolean;
  declare said: string;
  declare problem: string;
  private playhead: Playhead | null = null;
  private listening = new AbortController();

  constructor() {
    super();
    this.timelineUrl = this.planUrl = this.deedsUrl = this.stillUrl = this.csrf = "";
    this.readOnly = false;
    this.standing = null;
    this.timeline = null;
    this.pts = 0;
    this.selected = this.merging = null;
    this.draft = null;
    this.drawing = null;
    this.kind = KINDS[0];
    this.asking = this.filled = this.revealed = this.colour = this.busy = false;
    this.soundFrom = this.soundTo = null;
    this.said = this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.listening = new AbortController();
    window.addEventListener("keydown", (event) => this.onKey(event), { signal: this.listening.signal });
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listening.abort();
    this.playhead?.pause();
  }

  private get plan(): Plan | null {
    return this.standing?.plan ?? null;
  }

  private get track(): Track | null {
    return this.plan?.tracks.find((each) => each.id === this.selected) ?? null;
  }

  private get shot(): Shot | null {
    return this.plan && shotAt(this.plan, this.pts);
  }

  private async load(): Promise<void> {
    try {
      const answer = await fetch(this.planUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new LoadFailed(answer.status, this.planUrl);
      this.standing = (await answer.json()) as Standing;
      this.timeline = await loadTimeline(this.timelineUrl);
      const frames = await loadFrames(this.timeline);
      await this.updateComplete;
      const stage = this.renderRoot.querySelector<VideturRedactionStage>("videtur-redaction-stage");
      await stage?.updateComplete;
      const { preview, first, last } = this.timeline;
      if (!stage?.media || !preview) return;
      const playhead = new Playhead(stage.media, new PreviewClock(preview.origin), frames, first, last);
      for (const event of ["move", "state"]) playhead.addEventListener(event, () => this.onMove());
      this.playhead = playhead;
      playhead.toStart();
      this.select(this.plan?.tracks[0] ?? null);
    } catch (problem) {
      console.error(problem);
      this.problem = problem instanceof LoadFailed && problem.status === 401 ? words().errorSignedOut : words().redactionLoadFailed;
    }
  }

  private onMove(): void {
    if (!this.playhead) return;
    this.pts = Number(this.playhead.position.pts);
    this.requestUpdate();
  }

  private async send(body: Readonly<Record<string, unknown>>): Promise<boolean> {
    if (this.readOnly || this.busy) return false;
    this.busy = true;
    this.problem = "";
    try {
      const answer = await fetch(this.deedsUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf, Accept: "application/json" },
        body: JSON.stringify(body),
      });
      if (!answer.ok) {
        const told = (await answer.json().catch(() => ({}))) as { detail?: string };
        this.problem = told.detail ?? (answer.status === 401 ? words().errorSignedOut : words().errorServer);
        return false;
      }
      this.standing = (await answer.json()) as Standing;
      this.said = words().recorded;
      if (this.standing.lost_before || this.standing.lost_after) this.said = words().followingLost;
      return true;
    } catch (problem) {
      console.error(problem);
      this.problem = words().errorNetwork;
      return false;
    } finally {
      this.busy = false;
    }
  }

  override render(): unknown {
    const t = words();
    const plan = this.plan;
    if (!plan) return this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : html`<p role="status">${t.loading}</p>`;
    return html`<div class="bench" @videtur-track=${(event: CustomEvent<string>) => this.selectId(event.detail)}
      @videtur-time=${(event: CustomEvent<number>) => this.goTo(event.detail)}
      @videtur-sign=${(event: CustomEvent<Shot>) => void this.sign(event.detail)}
      @videtur-draft=${(event: CustomEvent<Box>) => { this.draft = event.detail; }}>
      <div class="left">
        <videtur-redaction-stage .plan=${plan} .playhead=${this.playhead} .previewUrl=${this.timeline?.preview?.url ?? ""}
          .stillUrl=${this.stillUrl} .pts=${this.pts} .selected=${this.selected} .draft=${this.draft}
          ?drawing=${this.drawing !== null} ?filled=${this.filled} ?revealed=${this.revealed} ?colour=${this.colour}></videtur-redaction-stage>
        ${this.transport(plan)}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        ${this.readOnly ? nothing : this.tools()}
        ${this.asking ? this.reasonForm() : nothing}
        ${this.readOnly ? nothing : this.sound(plan)}
        ${this.done()}
      </div>
      <videtur-tracks .plan=${plan} .stillUrl=${this.stillUrl} .selected=${this.selected} .merging=${this.merging} .shot=${this.shot} .faint=${this.standing?.faint ?? []}
        .first=${this.first} ?revealed=${this.revealed} ?colour=${this.colour} ?readOnly=${this.readOnly}></videtur-tracks>
      <videtur-key-sheet .sheet=${SHEET}></videtur-key-sheet>
      <p class="unseen" aria-live="polite" data-spoken>${this.said}</p>
    </div>`;
  }

  private get first(): number {
    return this.timeline ? Number(this.timeline.first.pts) : (this.plan?.shots[0]?.start ?? 0);
  }

  private clock(pts: number): string {
    const base = this.plan?.time_base ?? [1, 1000];
    return clockText(((pts - this.first) * base[0]) / base[1]);
  }

  private transport(plan: Plan): unknown {
    const t = words();
    const playing = this.playhead?.playing ?? false;
    return html`<div class="bar" role="group" aria-label=${t.player}>
      <button aria-label=${t.previousFrame} title="," @click=${() => this.playhead?.step(-1)}>‹</button>
      <button aria-label=${playing ? t.pause : t.play} @click=${() => this.playhead?.toggle()}>${playing ? "❚❚" : "▶"}</button>
      <button aria-label=${t.nextFrame} title="." @click=${() => this.playhead?.step(1)}>›</button>
      <span class="mono" data-clock>${this.clock(this.pts)}</span> <span class="quiet mono" data-pts>${this.pts}</span>
      <span class="grow"></span>
      <button aria-pressed=${this.revealed} title="B" @click=${this.actions["b"]}>${this.revealed ? t.hide : t.show}</button>
      <button aria-pressed=${this.colour} title="G" @click=${this.actions["g"]}>${t.colour}</button>
      <button aria-pressed=${this.filled} title="F" @click=${this.actions["f"]}>${t.filled}</button>
      <button @click=${this.actions["?"]}>${t.keys} <kbd>?</kbd></button>
      <span class="unseen">${plan.fill}</span>
    </div>`;
  }

  private tools(): unknown {
    const t = words();
    const track = this.track;
    const press = (key: string): (() => void) => () => this.actions[key]?.();
    if (this.drawing) {
      return html`<div class="bar drawing" role="group" aria-label=${t.drawMask}>
        <span>${t.drawHint}</span>
        ${this.drawing === "add"
          ? html`<label>${t.kindOfMask} <select @change=${(event: Event) => { this.kind = (event.target as HTMLSelectElement).value; }}>
              ${KINDS.map((each) => html`<option value=${each} ?selected=${each === this.kind}>${term(each)}</option>`)}</select></label>`
          : nothing}
        <button class="first" ?disabled=${!this.draft || this.busy} @click=${() => void this.finishDrawing()}>
          ${this.drawing === "add" ? t.followBothWays : t.placeHere} <kbd>Enter</kbd></button>
        <button @click=${() => this.leaveDrawing()}>${t.cancel} <kbd>Esc</kbd></button>
        ${this.busy ? html`<span role="status">${t.following}</span>` : nothing}
      </div>`;
    }
    return html`<div class="bar" role="group" aria-label=${t.decide}>
      <button class="first" ?disabled=${!track} @click=${() => void this.confirm()}>${t.confirmMask} <kbd>Enter</kbd></button>
      <button ?disabled=${!track || track.shown} @click=${press("x")}>${t.notAPerson} <kbd>X</kbd></button>
      <button ?disabled=${!track || track.decision === "mask"} @click=${press("c")}>${t.maskAgain} <kbd>C</kbd></button>
      <button @click=${press("d")}>${t.drawMask} <kbd>D</kbd></button>
      <button ?disabled=${!track} @click=${press("e")}>${t.moveMask} <kbd>E</kbd></button>
      <button ?disabled=${!track} @click=${press("p")}>${t.splitHere} <kbd>P</kbd></button>
      <button ?disabled=${!track} aria-pressed=${this.merging !== null} @click=${press("y")}>${this.merging ? t.mergeInto : t.merge} <kbd>Y</kbd></button>
      <button ?disabled=${!this.shot} @click=${press("t")}>${this.shot?.signed_by ? t.takeBack : t.signShot} <kbd>T</kbd></button>
      <button ?disabled=${this.lastDeed === null} @click=${press("u")}>${t.undo} <kbd>U</kbd></button>
    </div>`;
  }

  private reasonForm(): unknown {
    const t = words();
    return html`<form class="reason" @submit=${this.onReason}>
      <label>${t.whyShown} <input name="reason" required maxlength="1000" autocomplete="off"></label>
      <p class="quiet">${t.twoPeople}</p>
      <button class="first">${t.saveReason}</button>
      <button type="button" @click=${() => { this.asking = false; }}>${t.cancel} <kbd>Esc</kbd></button>
    </form>`;
  }

  private sound(plan: Plan): unknown {
    const t = words();
    const from = this.soundFrom === null ? t.noMark : this.clock(this.soundFrom);
    const to = this.soundTo === null ? t.noMark : this.clock(this.soundTo);
    const voices = [["mute", t.voiceMute], ["disguise", t.voiceDisguise], ["keep", t.voiceKeep]] as const;
    const whole = this.soundFrom === null || this.soundTo === null || this.soundTo <= this.soundFrom;
    return html`<details class="sound"><summary>${t.soundAndLook}</summary>
      <div class="bar">
        <label>${t.soundElsewhere} <select @change=${(event: Event) => void this.style_(plan.fill, (event.target as HTMLSelectElement).value)}>
          ${voices.map(([voice, name]) => html`<option value=${voice} ?selected=${plan.voice === voice}>${name}</option>`)}</select></label>
        <label>${t.lookOfMasks} <select @change=${(event: Event) => void this.style_((event.target as HTMLSelectElement).value, plan.voice)}>
          <option value="solid" ?selected=${plan.fill === "solid"}>${t.fillSolid}</option>
          <option value="mosaic" ?selected=${plan.fill === "mosaic"}>${t.fillMosaic}</option></select></label>
      </div>
      ${plan.fill === "solid" ? nothing : html`<p class="problem">${t.mosaicWarning}</p>`}
      ${plan.voice === "mute" ? html`<p class="quiet">${t.subtitlesInstead}</p>` : html`<p class="problem">${t.voiceWarning}</p>`}
      <form class="bar" @submit=${this.onSound}>
        <span><kbd>I</kbd> ${t.markIn} <b class="mono" data-sound-from>${from}</b> · <kbd>O</kbd> ${t.markOut} <b class="mono" data-sound-to>${to}</b></span>
        <label>${t.thereSound} <select name="voice">${voices.map(([voice, name]) => html`<option value=${voice}>${name}</option>`)}</select></label>
        <label>${t.reason} <input name="reason" maxlength="1000" autocomplete="off"></label>
        <button ?disabled=${whole || this.busy}>${t.saveReason}</button>
      </form>
      <ul>${plan.sound.map((each) => html`<li><span class="mono">${this.clock(each.start)} – ${this.clock(each.end)}</span>
        ${voices.find(([voice]) => voice === each.voice)?.[1]} <span class="quiet">${each.reason}</span></li>`)}</ul>
    </details>`;
  }

  private done(): unknown {
    const t = words();
    const deeds = this.standing?.deeds ?? [];
    const blocks = this.standing?.blocks ?? [];
    return html`${blocks.length
        ? html`<details class="blocks"><summary>${t.standsAgainst} <b data-blocks=${blocks.length}>${blocks.length}</b></summary>
            <ul>${blocks.map((each) => html`<li>${each.why}</li>`)}</ul>
            ${this.readOnly ? nothing : this.answers(blocks.map((each) => each.code))}</details>`
        : nothing}
      ${deeds.length
        ? html`<details class="deeds"><summary>${t.whatWasDone} (${deeds.length})</summary>
            <ol reversed>${[...deeds].reverse().map((each) => html`<li class=${each.undone ? "undone" : ""}>
              ${term(each.deed)} <span class="quiet">${each.track ?? ""} ${each.other ?? ""} ${each.reason ?? ""} · ${each.by}</span>
              ${each.undone || this.readOnly ? nothing : html`<button @click=${() => void this.send({ undo: each.number })}>${t.undo}</button>`}</li>`)}</ol></details>`
        : nothing}`;
  }

  /** What one click answers of what stands against a copy. */
  private answers(codes: readonly string[]): unknown {
    const t = words();
    const plan = this.plan;
    return html`${codes.includes("damage")
        ? html`<button ?disabled=${this.busy} @click=${() => void this.send({ deed: "accept_damage" })}>${t.lookedAtDamage}</button>`
        : nothing}
      ${plan && codes.includes("voice")
        ? html`<button ?disabled=${this.busy} @click=${() => void this.style_(plan.fill, plan.voice)}>${t.agreeToSound}</button>`
        : nothing}`;
  }

  private get lastDeed(): number | null {
    return (this.standing?.deeds ?? []).filter((each) => !each.undone).at(-1)?.number ?? null;
  }

  private select(track: Track | null): void {
    if (!track) return;
    this.selected = track.id;
    this.asking = false;
    const worst = track.strip[1] ?? track.start;
    this.goTo(worst);
    this.said = `${term(track.kind)} ${track.id}`;
  }

  private selectId(id: string): void {
    this.select(this.plan?.tracks.find((each) => each.id === id) ?? null);
  }

  private goTo(pts: number): void {
    if (!this.plan) return;
    this.playhead?.goTo({ pts: BigInt(pts), timeBase: this.plan.time_base });
    if (!this.playhead) this.pts = pts;
  }

  private async confirm(): Promise<void> {
    const track = this.track;
    if (!track || !(await this.send({ deed: "confirm", track: track.id })) || !this.plan) return;
    this.select(nextWaiting(this.plan, track.id) ?? this.track);
  }

  private async sign(shot: Shot | null): Promise<void> {
    if (shot) await this.send({ deed: shot.signed_by ? "take_back_signature" : "sign_shot", start: shot.start });
  }

  private async style_(fill: string, voice: string): Promise<void> {
    await this.send({ deed: "style", fill, voice });
  }

  private async merge(): Promise<void> {
    const track = this.track;
    if (!track) return;
    if (!this.merging || this.merging === track.id) {
      this.merging = this.merging ? null : track.id;
      return;
    }
    if (await this.send({ deed: "merge", track: this.merging, other: track.id })) this.selected = this.merging;
    this.merging = null;
  }

  private startDrawing(purpose: "add" | "place"): void {
    this.playhead?.pause();
    const plan = this.plan;
    if (!plan || (purpose === "place" && !this.track)) return;
    const side = Math.min(plan.width, plan.height) / 6;
    const middle = { left: (plan.width - side) / 2, top: (plan.height - side) / 2, right: (plan.width + side) / 2, bottom: (plan.height + side) / 2 };
    this.draft = purpose === "place" && this.track ? (boxAt(this.track, this.pts) ?? middle) : middle;
    this.drawing = purpose;
  }

  private leaveDrawing(): void {
    this.drawing = null;
    this.draft = null;
  }

  private async finishDrawing(): Promise<void> {
    const draft = this.draft;
    if (!draft || !this.drawing) return;
    const box = [draft.left, draft.top, draft.right, draft.bottom];
    const body = this.drawing === "add"
      ? { deed: "draw", kind: this.kind, pts: this.pts, box }
      : { deed: "place", track: this.selected, key_frame: { pts: this.pts, box } };
    const before = new Set(this.plan?.tracks.map((each) => each.id));
    if (!(await this.send(body))) return;
    const added = this.plan?.tracks.find((each) => !before.has(each.id));
    if (added) this.selected = added.id;
    this.leaveDrawing();
  }

  private async onReason(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const reason = String(new FormData(event.target as HTMLFormElement).get("reason") ?? "");
    if (this.track && (await this.send({ deed: "show", track: this.track.id, reason }))) this.asking = false;
  }

  private async onSound(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const sent = await this.send({
      deed: "sound", start: this.soundFrom, end: this.soundTo, voice: data.get("voice"), reason: data.get("reason"),
    });
    if (!sent) return;
    form.reset();
    this.soundFrom = this.soundTo = null;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || this.renderRoot.querySelector<VideturKeySheet>("videtur-key-sheet")?.isOpen) return;
    if (event.key === "Escape" && (this.drawing || this.asking || this.merging)) {
      this.leaveDrawing();
      this.asking = false;
      this.merging = null;
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !singleKeysAct()) return;
    const key = keyOf(event);
    if ((key === " " || key === "Enter") && isPressing(event)) return;
    const acted = this.drawing ? this.keyWhileDrawing(key, event.shiftKey) : this.act(key);
    if (acted) event.preventDefault();
  }

  private act(key: string): boolean {
    const action = this.actions[key];
    action?.();
    return action !== undefined;
  }

  private keyWhileDrawing(key: string, size: boolean): boolean {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
    };
    const step = steps[key];
    if (key === "Enter") void this.finishDrawing();
    else if (step && this.draft && this.plan) {
      const pace = Math.max(2, Math.round(Math.min(this.plan.width, this.plan.height) / 90));
      this.draft = nudged(this.draft, step[0] * pace, step[1] * pace, size);
    } else return [",", ".", "b", "g", "f", "?"].includes(key) && this.act(key);
    return true;
  }

  private readonly actions: Readonly<Record<string, () => void>> = {
    ...playheadKeys(() => this.playhead),
    ArrowUp: () => this.plan && this.select(trackBeside(this.plan, this.selected, -1)),
    ArrowDown: () => this.plan && this.select(trackBeside(this.plan, this.selected, 1)),
    n: () => this.plan && this.select(nextWaiting(this.plan, this.selected)),
    Enter: () => void this.confirm(),
    x: () => void this.askReason(),
    c: () => { if (this.track) void this.send({ deed: "mask", track: this.track.id }); },
    d: () => { if (!this.readOnly) this.startDrawing("add"); },
    e: () => { if (!this.readOnly) this.startDrawing("place"); },
    p: () => { if (this.track) void this.send({ deed: "split", track: this.track.id, at: this.pts }); },
    y: () => void this.merge(),
    t: () => void this.sign(this.shot),
    u: () => { if (this.lastDeed !== null) void this.send({ undo: this.lastDeed }); },
    f: () => { this.filled = !this.filled; },
    i: () => { this.soundFrom = this.pts; },
    o: () => { this.soundTo = this.pts; },
    b: () => { this.revealed = !this.revealed; },
    g: () => { this.colour = !this.colour; },
    "?": () => this.renderRoot.querySelector<VideturKeySheet>("videtur-key-sheet")?.open(),
  };

  private async askReason(): Promise<void> {
    if (this.readOnly || !this.track || this.track.shown) return;
    this.asking = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>(".reason input")?.focus();
  }

  static override styles = [shared, redactionLook];
}

customElements.define("videtur-redaction", VideturRedaction);
