import { describe, expect, it } from "vitest";
import { FrameTable } from "../src/time/frame_table.js";
import { PreviewClock } from "../src/time/preview_clock.js";
import { table } from "./tables.js";

describe("the table of presentation times", () => {
  const uneven = [100n, 133n, 140n, 300n, 301n];

  it("reads signed 64-bit integers and refuses half of one", () => {
    expect(table([-(2n ** 63n), 2n ** 63n - 1n]).at(1).pts).toBe(2n ** 63n - 1n);
    expect(() => FrameTable.fromBytes(new ArrayBuffer(12), [1, 1])).toThrow(RangeError);
  });

  it("finds the picture on screen at every tick, as a search one by one does", () => {
    const frames = table(uneven);
    for (let pts = 90n; pts < 320n; pts += 1n) {
      const slow = Math.max(0, uneven.findLastIndex((time) => time <= pts));
      expect(frames.indexAt(pts)).toBe(slow);
    }
  });

  it("seeks between two pictures, never onto the edge of one", () => {
    const frames = table(uneven);
    uneven.forEach((time, index) => {
      const middle = frames.middleInHalfTicks(index);
      expect(middle).toBeGreaterThan(2n * time);
      const next = uneven[index + 1];
      if (next !== undefined) expect(middle).toBeLessThan(2n * next);
      expect(frames.indexAt(middle / 2n)).toBe(index);
    });
  });

  it("knows which picture a rounded time means", () => {
    const frames = table(uneven);
    expect(frames.nearest(132n)).toBe(1);
    expect(frames.nearest(139n)).toBe(2);
    expect(frames.nearest(10_000n)).toBe(4);
    expect(frames.nearest(-5n)).toBe(0);
  });

  it("stands with one picture, and with two at one time", () => {
    expect(table([7n]).middleInHalfTicks(0)).toBe(14n);
    const twins = table([0n, 5n, 5n, 9n]);
    expect(twins.indexAt(5n)).toBe(2);
    expect(twins.middleInHalfTicks(1)).toBe(10n);
  });
});

describe("the preview's clock", () => {
  it("shows its origin at second 0, in whatever time bases", () => {
    const clock = new PreviewClock({ pts: 900n, timeBase: [1, 90000] });
    expect(clock.secondOf({ pts: 10n, timeBase: [1, 1000] })).toBe(0);
    expect(clock.secondOf({ pts: 510n, timeBase: [1, 1000] })).toBe(0.5);
    expect(clock.secondOfHalfTicks(1021n, [1, 1000])).toBeCloseTo(0.5005, 12);
    expect(clock.timeAt(1).pts).toBe(90900n);
  });
});
