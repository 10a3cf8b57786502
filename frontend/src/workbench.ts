/** The item page: one player, one timeline, the lists and the form, moved by one playhead and one set of keys. */

import { LitElement, html, nothing } from "lit";
import "./key_sheet.js";
import type { VideturKeySheet } from "./key_sheet.js";
import { isPressing, isScrolling, isTyping, keyOf, singleKeysAct } from "./keys.js";
import type { LaneContent, VideturLanes } from "./lanes/lanes.js";
import "./lanes/lanes.js";
import { LoadFailed, loadFrames, loadPeaks, loadStrip, loadTimeline } from "./loading.js";
import { type Tab, timeOfFragment } from "./lists/lists.js";
import "./lists/lists.js";
import { laneContent } from "./lanes/content.js";
import type { VideturObservationForm } from "./observation/form.js";
import "./observation/form.js";
import type { VideturPlayer } from "./player/player.js";
import "./player/player.js";
import { type Marks, NO_MARKS, endOfPicture, markedFrom, markedTo, shotBeside } from "./marks.js";
import { playheadKeys } from "./player/keys.js";
import { Playhead } from "./player/playhead.js";
import { benchLook, shared } from "./style.js";
import type { FrameTable } from "./time/frame_table.js";
import { type MediaTime, after, clockText, rescaled, secondsBetween } from "./time/media_time.js";
import { PreviewClock } from "./time/preview_clock.js";
import { type View, following, whole, zoomed } from "./time/view.js";
import type { Interval, Observation, Timeline } from "./timeline.js";
import { words } from "./words/words.js";

export class VideturWorkbench extends LitElement {
  static override properties = {
    timelineUrl: { type: String, attribute: "timeline-url" },
    observationsUrl: { type: String, attribute: "observations-url" },
    stillUrl: { type: String, attribute: "still-url" },
    csrf: { type: String },
    reveal: { type: Boolean, reflect: true },
    readOnly: { type: Boolean, attribute: "read-only" },
    timeline: { state: true },
    content: { state: true },
    observations: { state: true },
    view: { state: true },
    marks: { state: true },
    problem: { state: true },
    spoken: { state: true },
    tab: { state: true },
  };
  declare timelineUrl: string;
  declare observationsUrl: string;
  declare stillUrl: string;
  declare csrf: string;
  declare reveal: boolean;
  declare readOnly: boolean;
  declare timeline: Timeline | null;
  declare content: LaneContent | null;
  declare observations: readonly Observation[];
  declare view: View;
  declare marks: Marks;
  declare problem: string;
  declare spoken: string;
  declare tab: Tab;
  private frames: FrameTable | null = null;
  private playhead: Playhead | null = null;
  private speaking = 0;
  private waiting = 0;
  private wait = 2_500;
  private readonly listening = new AbortController();

  constructor() {
    super();
    this.timelineUrl = "";
    this.observationsUrl = "";
    this.stillUrl = "";
    this.csrf = "";
    this.reveal = false;
    this.readOnly = false;
    this.timeline = null;
    this.content = null;
    this.observations = [];
    this.view = { from: 0, to: 1 };
    this.marks = NO_MARKS;
    this.problem = "";
    this.spoken = "";
    this.tab = "observations";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.listening;
    window.addEventListener("keydown", (event) => this.onKey(event), { signal });
    window.addEventListener("hashchange", () => this.goToAddress(), { signal });
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listening.abort();
    window.clearTimeout(this.waiting);
    this.playhead?.pause();
  }

  private async load(): Promise<void> {
    try {
      this.timeline = await loadTimeline(this.timelineUrl);
      this.observations = this.timeline.observations;
      this.frames = await loadFrames(this.timeline);
      this.showLanes({});
      this.view = whole(this.duration);
      await this.updateComplete;
      await this.begin(this.timeline);
      const [strip, peaks] = await Promise.all([
        loadStrip(this.timeline.filmstrip, this.timeline.first),
        loadPeaks(this.timeline),
      ]);
      this.showLanes({ strip, peaks });
      if (!this.timeline.preview) this.loadLater();
    } catch (problem) {
      // Whatever failed, the person must be told on the page; the console keeps the rest.
      console.error(problem);
      this.problem = problem instanceof LoadFailed && problem.status === 401 ? words().errorSignedOut : words().loadFailed;
    }
  }

  /** While the examination still makes the preview: ask again, each time after a longer while. */
  private loadLater(): void {
    this.wait = Math.min(this.wait * 2, 120_000);
    this.waiting = window.setTimeout(() => void this.load(), this.wait);
  }

  /** Ties the playhead to the media element once that is on the page. */
  private async begin(timeline: Timeline): Promise<void> {
    const player = this.child<VideturPlayer>("videtur-player");
    await player?.updateComplete;
    const media = player?.media;
    if (!player || !media || !timeline.preview) return;
    const frames = timeline.preview.hasPicture ? this.frames : null;
    const playhead = new Playhead(media, new PreviewClock(timeline.preview.origin), frames, timeline.first, timeline.last);
    playhead.addEventListener("move", () => this.onMove());
    playhead.addEventListener("state", () => this.onState());
    this.playhead = playhead;
    player.playhead = playhead;
    this.requestUpdate();
    // A seek even to where we are: the first picture may have been shown before anybody asked to be told of it.
    playhead.toStart();
    this.goToAddress();
  }

  private get duration(): number {
    const timeline = this.timeline;
    if (!timeline) return 1;
    // The last picture is shown for about as long as the one before it.
    const tail = this.frames && this.frames.length > 1
      ? secondsBetween(this.frames.at(this.frames.length - 2), this.frames.at(this.frames.length - 1))
      : 0;
    return Math.max(0.001, secondsBetween(timeline.first, timeline.last) + tail);
  }

  private get position(): MediaTime | null {
    return this.playhead?.position ?? this.timeline?.first ?? null;
  }

  private get second(): number {
    return this.position && this.timeline ? secondsBetween(this.timeline.first, this.position) : 0;
  }

  override render(): unknown {
    if (this.problem) return html`<p class="problem" role="alert">${this.problem}</p>`;
    const t = words();
    const timeline = this.timeline;
    if (!timeline) return html`<p class="quiet" role="status">${t.loading}</p>`;
    const inSeconds = (time: MediaTime | null): number | null => time && secondsBetween(timeline.first, time);
    const colour = this.child<VideturPlayer>("videtur-player")?.colour ?? false;
    return html`<div class="bench" @videtur-reveal=${this.onReveal} @videtur-seek=${this.onSeek} @videtur-view=${this.onView}
      @videtur-go=${(event: CustomEvent<MediaTime>) => this.goTo(event.detail)} @videtur-marks=${this.onMarks}
      @videtur-observed=${this.onObserved}>
      <div class="top">
        <videtur-player .timeline=${timeline} .playhead=${this.playhead} .stillUrl=${this.stillUrl} ?revealed=${this.reveal}></videtur-player>
        <videtur-lists .timeline=${timeline} .observations=${this.observations} .position=${this.position} tab=${this.tab}></videtur-lists>
      </div>
      <div class="zoom">
        <button class="keys" @click=${this.openSheet}>${t.keys} <kbd>?</kbd></button>
        ${this.marks !== NO_MARKS ? html`<button @click=${this.clearMarks}>${t.clearMarks}</button>` : nothing}
        <span class="grow"></span>
        <button aria-label=${t.zoomOut} title="−" @click=${() => this.zoom(2)}>−</button>
        <button aria-label=${t.zoomIn} title="+" @click=${() => this.zoom(0.5)}>+</button>
        <button title="0" @click=${() => this.zoom(null)}>${t.zoomWhole}</button>
      </div>
      <videtur-lanes .content=${this.content} .view=${this.view} .second=${this.second} .markIn=${inSeconds(this.marks.start)}
        .markOut=${inSeconds(this.marks.end)} ?revealed=${this.reveal} ?colour=${colour}></videtur-lanes>
      ${this.readOnly ? nothing : html`<videtur-observation-form url=${this.observationsUrl} csrf=${this.csrf}
        .vocabulary=${timeline.vocabulary} .first=${timeline.first} .markIn=${this.marks.start} .markOut=${this.marks.end}
      ></videtur-observation-form>`}
      <videtur-key-sheet></videtur-key-sheet>
      <p class="unseen" aria-live="polite" data-spoken>${this.spoken}</p>
    </div>`;
  }

  private child<E extends Element>(name: string): E | null {
    return this.renderRoot.querySelector<E>(name);
  }

  private showLanes(loaded: Partial<Pick<LaneContent, "strip" | "peaks">>): void {
    if (!this.timeline) return;
    const kept = { strip: this.content?.strip ?? null, peaks: this.content?.peaks ?? null };
    this.content = { ...laneContent(this.timeline, this.observations, this.duration), ...kept, ...loaded };
  }

  private onMove(): void {
    this.view = following(this.view, this.second, this.duration);
    this.child<VideturPlayer>("videtur-player")?.requestUpdate();
    this.requestUpdate();
    if (!this.playhead?.playing) this.speakSoon();
  }

  private onState(): void {
    this.child<VideturPlayer>("videtur-player")?.requestUpdate();
    if (!this.playhead?.playing) this.speakSoon();
  }

  /** Tells the time to a screen reader once it stands still, not with every picture. */
  private speakSoon(): void {
    window.clearTimeout(this.speaking);
    this.speaking = window.setTimeout(() => {
      const frame = this.playhead?.frame;
      const where = frame === null || frame === undefined ? "" : `, ${words().frame} ${frame}`;
      this.spoken = `${clockText(this.second)}${where}`;
    }, 400);
  }

  private onReveal(event: CustomEvent<boolean>): void {
    this.reveal = event.detail;
  }

  private onSeek(event: CustomEvent<number>): void {
    if (this.timeline) this.goTo(after(this.timeline.first, event.detail));
  }

  private onView(event: CustomEvent<View>): void {
    this.view = event.detail;
  }

  private onMarks(event: CustomEvent<Interval>): void {
    this.setMarks(event.detail);
    this.goTo(event.detail.start);
  }

  private onObserved(event: CustomEvent<Observation>): void {
    this.observations = [...this.observations, event.detail].sort((a, b) => secondsBetween(b.start, a.start));
    this.tab = "observations";
    const lists = this.child<HTMLElement & { tab: Tab }>("videtur-lists");
    if (lists) lists.tab = "observations";
    this.clearMarks();
    this.showLanes({});
    // Ready for the next stretch: the single keys act again at once.
    this.focusLanes();
  }

  private focusLanes(): void {
    this.child<VideturLanes>("videtur-lanes")?.renderRoot.querySelector<HTMLElement>(".tracks")?.focus();
  }

  private goTo(time: MediaTime): void {
    this.playhead?.goTo(time);
  }

  private goToAddress(): void {
    const time = this.timeline && timeOfFragment(window.location.hash, this.timeline.timeBase);
    if (time) this.goTo(time);
  }

  private zoom(factor: number | null): void {
    this.view = factor === null ? whole(this.duration) : zoomed(this.view, factor, this.second, this.duration);
  }

  private mark(side: "in" | "out"): void {
    const timeline = this.timeline;
    if (!this.position || !timeline) return;
    const frame = this.playhead?.frame ?? null;
    const here = rescaled(this.position, timeline.timeBase);
    if (side === "in") this.setMarks(markedFrom(this.marks, here));
    else this.setMarks(markedTo(this.marks, frame === null || !this.frames ? here : endOfPicture(this.frames, frame)));
  }

  private setMarks(marks: Marks): void {
    this.marks = marks;
    const say = (time: MediaTime | null): string =>
      time && this.timeline ? clockText(secondsBetween(this.timeline.first, time)) : words().noMark;
    this.spoken = `${words().markIn} ${say(marks.start)}, ${words().markOut} ${say(marks.end)}`;
  }

  private clearMarks(): void {
    this.marks = NO_MARKS;
  }

  private openSheet(): void {
    this.child<VideturKeySheet>("videtur-key-sheet")?.open();
  }

  private goToShot(direction: -1 | 1): void {
    const wanted = this.position && shotBeside(this.timeline?.shots ?? [], this.position, direction);
    if (wanted) this.goTo(wanted);
    else if (direction < 0) this.playhead?.toStart();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || this.child<VideturKeySheet>("videtur-key-sheet")?.isOpen) return;
    if (event.key === "Escape" && isTyping(event)) {
      this.focusLanes();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || !singleKeysAct()) return;
    const key = keyOf(event);
    if (((key === " " || key === "Enter") && isPressing(event)) || isScrolling(event)) return;
    const action = this.actions[event.shiftKey && /^[a-z]$/.test(key) ? `Shift ${key}` : key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private readonly actions: Readonly<Record<string, () => void>> = {
    ...playheadKeys(() => this.playhead),
    ArrowUp: () => this.goToShot(-1),
    ArrowDown: () => this.goToShot(1),
    i: () => this.mark("in"),
    o: () => this.mark("out"),
    "Shift i": () => this.marks.start && this.goTo(this.marks.start),
    "Shift o": () => this.marks.end && this.goTo(this.marks.end),
    b: () => { this.reveal = !this.reveal; },
    g: () => { this.child<VideturPlayer>("videtur-player")?.toggleColour(); this.requestUpdate(); },
    m: () => this.child<VideturPlayer>("videtur-player")?.toggleMuted(),
    s: () => this.child<VideturPlayer>("videtur-player")?.nextSize(),
    "+": () => this.zoom(0.5),
    "=": () => this.zoom(0.5),
    "-": () => this.zoom(2),
    "0": () => this.zoom(null),
    n: () => this.child<VideturObservationForm>("videtur-observation-form")?.begin(),
    "?": () => this.openSheet(),
  };

  static override styles = [shared, benchLook];
}

customElements.define("videtur-workbench", VideturWorkbench);
