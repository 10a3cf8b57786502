import { beforeEach, describe, expect, it, vi } from "vitest";
import { Playhead } from "../src/player/playhead.js";
import { PreviewClock } from "../src/time/preview_clock.js";
import { table } from "./tables.js";

const at = (pts: bigint) => ({ pts, timeBase: [1, 1000] as const });

describe("the playhead", () => {
  let media: HTMLVideoElement;
  let playhead: Playhead;

  beforeEach(() => {
    media = document.createElement("video");
    const frames = table([40n, 73n, 80n, 240n]);
    playhead = new Playhead(media, new PreviewClock(at(40n)), frames, at(40n), at(240n));
  });

  it("stands on the first picture", () => {
    expect(playhead.frame).toBe(0);
    expect(playhead.position.pts).toBe(40n);
    expect(playhead.confirmed).toBe(false);
  });

  it("steps by presentation time, not by a rate", () => {
    playhead.step(1);
    expect(playhead.position.pts).toBe(73n);
    expect(media.currentTime).toBeCloseTo((76.5 - 40) / 1000, 9);
    playhead.step(1);
    expect(playhead.position.pts).toBe(80n);
    expect(media.currentTime).toBeCloseTo((160 - 40) / 1000, 9);
    playhead.step(-2);
    expect(playhead.frame).toBe(0);
  });

  it("stops at both ends", () => {
    playhead.step(-1);
    expect(playhead.frame).toBe(0);
    playhead.toEnd();
    playhead.step(1);
    expect(playhead.frame).toBe(3);
  });

  it("goes to the picture on screen at a time", () => {
    playhead.goTo(at(239n));
    expect(playhead.position.pts).toBe(80n);
    playhead.move(-0.006);
    expect(playhead.position.pts).toBe(73n);
  });

  it("tells that it moved", () => {
    const moved = vi.fn();
    playhead.addEventListener("move", moved);
    playhead.step(1);
    expect(moved).toHaveBeenCalledOnce();
  });

  it("moves by tenths of a second where there is no picture, within the item", () => {
    const sound = document.createElement("audio");
    const head = new Playhead(sound, new PreviewClock(at(40n)), null, at(40n), at(240n));
    expect(head.frame).toBeNull();
    head.step(1);
    expect(head.position.pts).toBe(140n);
    head.step(5);
    expect(head.position.pts).toBe(240n);
    head.toStart();
    expect(head.position.pts).toBe(40n);
    expect(sound.currentTime).toBe(0);
  });
});
