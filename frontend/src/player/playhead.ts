/** Where we are in the item: plays, shuttles and steps by the table of presentation times. */

import { FrameTable } from "../time/frame_table.js";
import { type MediaTime, rescaled, secondsBetween } from "../time/media_time.js";
import type { PreviewClock } from "../time/preview_clock.js";

const SHUTTLE_SPEEDS = [1, 2, 4, 8];
const SLOW_SPEEDS = [0.1, 0.25, 0.5, 1, 1.5, 2, 4];
/** Without pictures a step is a tenth of a second: about a syllable. */
const SOUND_STEP = 0.1;
const BACKWARD_TICK = 100;

/** Fires "move" when the position changes and "state" when it plays, pauses or changes speed. */
export class Playhead extends EventTarget {
  private index: number | null;
  private time: MediaTime;
  private shown: number | null = null;
  private backward: { timer: number; speed: number } | null = null;

  constructor(
    private readonly media: HTMLMediaElement,
    private readonly clock: PreviewClock,
    private readonly frames: FrameTable | null,
    private readonly first: MediaTime,
    private readonly last: MediaTime,
  ) {
    super();
    this.index = frames?.length ? 0 : null;
    this.time = this.index === null ? first : (frames as FrameTable).at(0);
    for (const event of ["play", "pause", "ratechange", "ended"]) {
      media.addEventListener(event, () => this.dispatchEvent(new Event("state")));
    }
    media.addEventListener("timeupdate", () => this.follow());
    media.addEventListener("seeked", () => this.follow());
    media.addEventListener("pause", () => this.settle());
    this.watchFrames();
  }

  /** The time of the picture on screen, or of the sound where there is no picture. */
  get position(): MediaTime {
    return this.time;
  }

  /** The number of the picture, from 0; null where there are none. */
  get frame(): number | null {
    return this.index;
  }

  get frameCount(): number {
    return this.frames?.length ?? 0;
  }

  /** Whether the browser has reported that exactly this picture is on the screen. */
  get confirmed(): boolean {
    return this.index !== null && this.shown === this.index;
  }

  get playing(): boolean {
    return this.backward !== null || !this.media.paused;
  }

  /** Negative while it shuttles backwards. */
  get speed(): number {
    return this.backward ? -this.backward.speed : this.media.playbackRate;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else void this.play(1);
  }

  pause(): void {
    this.stopBackward();
    this.media.pause();
    this.media.playbackRate = 1;
    this.dispatchEvent(new Event("state"));
  }

  /** L: forwards, each press faster. */
  forward(): void {
    const faster = this.backward || this.media.paused ? 1 : nextOf(SHUTTLE_SPEEDS, this.media.playbackRate);
    void this.play(faster);
  }

  /** J: backwards, each press faster. No browser plays backwards, so it is a row of seeks. */
  rewind(): void {
    const speed = this.backward ? nextOf(SHUTTLE_SPEEDS, this.backward.speed) : 1;
    this.stopBackward();
    this.media.pause();
    const timer = window.setInterval(() => {
      if (this.media.seeking) return;
      if (secondsBetween(this.first, this.time) <= 0) this.pause();
      else this.move(-(speed * BACKWARD_TICK) / 1000);
    }, BACKWARD_TICK);
    this.backward = { timer, speed };
    this.dispatchEvent(new Event("state"));
  }

  /** Slower (-1) or faster (+1) than now, without starting or stopping. */
  changeSpeed(direction: -1 | 1): void {
    const ladder = direction > 0 ? SLOW_SPEEDS : [...SLOW_SPEEDS].reverse();
    const wanted = ladder.find((speed) => (speed - this.media.playbackRate) * direction > 0);
    if (wanted !== undefined) this.media.playbackRate = wanted;
  }

  /** So many pictures on or back; pauses, because nobody steps through a running film. */
  step(by: number): void {
    if (this.playing) this.pause();
    if (this.index === null) this.move(by * SOUND_STEP);
    else this.goToFrame(this.index + by);
  }

  /** So many seconds on or back. */
  move(seconds: number): void {
    this.goTo(this.clock.timeAt(this.clock.secondOf(this.time) + seconds));
  }

  toStart(): void {
    if (this.index === null) this.goTo(this.first);
    else this.goToFrame(0);
  }

  toEnd(): void {
    if (this.index === null) this.goTo(this.last);
    else this.goToFrame(this.frameCount - 1);
  }

  /** The picture on screen at that time, or, without pictures, the time itself. */
  goTo(time: MediaTime): void {
    if (this.frames?.length) {
      this.goToFrame(this.frames.indexAt(rescaled(time, this.frames.timeBase).pts));
      return;
    }
    const offset = Math.min(Math.max(secondsBetween(this.first, time), 0), secondsBetween(this.first, this.last));
    const start = this.clock.secondOf(this.first);
    this.time = this.clock.timeAt(start + offset);
    this.media.currentTime = start + offset;
    this.dispatchEvent(new Event("move"));
  }

  private goToFrame(wanted: number): void {
    const frames = this.frames as FrameTable;
    this.index = frames.clamped(wanted);
    this.time = frames.at(this.index);
    const second = this.clock.secondOfHalfTicks(frames.middleInHalfTicks(this.index), frames.timeBase);
    this.media.currentTime = Math.max(0, second);
    this.dispatchEvent(new Event("move"));
  }

  private async play(speed: number): Promise<void> {
    this.stopBackward();
    try {
      // The default first: a browser resets the rate to it when it loads anew.
      this.media.playbackRate = speed;
      await this.media.play();
    } catch (problem) {
      // A pause that comes before playing began is no failure; what the browser cannot play it says by an event.
      if (!(problem instanceof DOMException)) throw problem;
    }
    this.dispatchEvent(new Event("state"));
  }

  private stopBackward(): void {
    if (this.backward) window.clearInterval(this.backward.timer);
    this.backward = null;
  }

  /** While it plays the media element leads and we follow. */
  private follow(): void {
    if (this.media.paused || this.media.seeking) return;
    this.take(this.media.currentTime, false);
  }

  /** At a pause we stand on the picture that was shown last. */
  private settle(): void {
    if (this.media.seeking || this.backward) return;
    if (this.shown !== null && this.frames) {
      this.index = this.shown;
      this.time = this.frames.at(this.shown);
    }
    this.dispatchEvent(new Event("move"));
  }

  private take(second: number, reported: boolean): void {
    const time = this.clock.timeAt(second);
    if (this.frames?.length) {
      const pts = rescaled(time, this.frames.timeBase).pts;
      const index = reported ? this.frames.nearest(pts) : this.frames.indexAt(pts);
      if (reported) this.shown = index;
      // While it stands still the picture asked for stays; `confirmed` says whether the browser shows it.
      if (!this.media.paused) {
        this.index = index;
        this.time = this.frames.at(index);
      }
    } else this.time = time;
    this.dispatchEvent(new Event("move"));
  }

  private watchFrames(): void {
    const media = this.media;
    if (!(media instanceof HTMLVideoElement) || !("requestVideoFrameCallback" in media)) return;
    const watch = (): void => {
      media.requestVideoFrameCallback((_now, frame) => {
        this.take(frame.mediaTime, true);
        watch();
      });
    };
    watch();
  }
}

function nextOf(ladder: readonly number[], current: number): number {
  return ladder.find((value) => value > current) ?? (ladder.at(-1) as number);
}
