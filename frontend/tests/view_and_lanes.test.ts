import { describe, expect, it } from "vitest";
import { lastNotAfter, rowsOf, rulerStep } from "../src/lanes/drawing.js";
import { following, shareOf, whole, zoomed } from "../src/time/view.js";

describe("the view of the timeline", () => {
  it("keeps the point under the pointer where it is", () => {
    const near = zoomed(whole(100), 0.5, 30, 100);
    expect(shareOf(near, 30)).toBeCloseTo(0.3, 12);
    expect(near.to - near.from).toBe(50);
  });

  it("never leaves the item and never shows nothing", () => {
    expect(zoomed(whole(100), 8, 50, 100)).toEqual({ from: 0, to: 100 });
    const edge = zoomed(whole(100), 0.1, 100, 100);
    expect(edge.to).toBeCloseTo(100, 9);
    let view = whole(100);
    for (let i = 0; i < 40; i += 1) view = zoomed(view, 0.5, 50, 100);
    expect(view.to - view.from).toBeCloseTo(0.5, 9);
  });

  it("follows the playhead only when it must", () => {
    const view = { from: 10, to: 20 };
    expect(following(view, 15, 100)).toBe(view);
    const next = following(view, 21, 100);
    expect(next.from).toBeLessThan(21);
    expect(next.to - next.from).toBe(10);
  });
});

describe("lanes", () => {
  it("put overlapping stretches into rows", () => {
    const rows = rowsOf([{ from: 5, to: 9 }, { from: 0, to: 6 }, { from: 6, to: 7 }]);
    expect(rows).toEqual([[{ from: 0, to: 6 }, { from: 6, to: 7 }], [{ from: 5, to: 9 }]]);
  });

  it("find the tile of a time", () => {
    expect([-1, 0, 1.9, 2, 99].map((second) => lastNotAfter([0, 2, 4], second))).toEqual([0, 0, 0, 1, 2]);
  });

  it("keep the marks of the ruler apart", () => {
    for (const length of [0.5, 3, 60, 3600, 40_000]) {
      const step = rulerStep({ from: 0, to: length }, 1000);
      expect((step / length) * 1000).toBeGreaterThanOrEqual(88);
    }
  });
});
