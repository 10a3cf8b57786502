import { describe, expect, it } from "vitest";
import { timeFragment, timeOfFragment } from "../src/lists/lists.js";
import { readTimeline } from "../src/timeline.js";

describe("an address with a time", () => {
  it("comes back as the same time", () => {
    const time = { pts: -9007199254740993n, timeBase: [1001, 30000] as const };
    expect(timeOfFragment(timeFragment(time), [1, 1])).toEqual(time);
  });

  it("may leave the time base to the item", () => {
    expect(timeOfFragment("#t=77", [1, 12800])).toEqual({ pts: 77n, timeBase: [1, 12800] });
  });

  it("is nothing when it is something else", () => {
    for (const other of ["", "#t=", "#t=1@0/5", "#t=1e3", "#h-trail", "#t=1@1/2x"]) {
      expect(timeOfFragment(other, [1, 1])).toBeNull();
    }
  });
});

describe("the timeline document", () => {
  it("is read where almost nothing is there yet", () => {
    const timeline = readTimeline({
      item: "ab", time_base: [1, 1000], first_pts: 0, last_pts: 0, preview: null, presentation_times_url: null,
      shots: [], filmstrip: null, peaks_url: null, transcript: null, family: null, observations: [], vocabulary: {},
    });
    expect(timeline.preview).toBeNull();
    expect(timeline.family).toBeNull();
  });
});
