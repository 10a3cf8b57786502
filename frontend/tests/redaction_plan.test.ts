import { expect, test } from "vitest";
import { type Plan, type Track, between, boxAt, cropOf, nextWaiting, nudged, shotAt, trackBeside, tracksIn } from "../src/redaction/plan.js";

const track = (id: string, start: number, end: number, more: Partial<Track> = {}): Track => ({
  id, kind: "face", drawn: false, unsure: [], waits: false, decision: "mask", shown: false, reason: "", decided_by: [],
  start, end, strip: [start], key_frames: [[start, start, 0, start + 10, 10, false], [end, end, 0, end + 10, 10, false]], ...more,
});

const plan: Plan = {
  width: 640, height: 360, time_base: [1, 1000], fill: "solid", voice: "mute", detectors: [], sound: [],
  tracks: [track("a", 0, 100, { waits: true }), track("b", 50, 150), track("c", 200, 300, { waits: true })],
  shots: [{ start: 0, end: 160, signed_by: null }, { start: 160, end: 400, signed_by: "ann" }],
};

test("a mask moves in a straight line between key frames and covers both ends", () => {
  const one = plan.tracks[0] as Track;
  expect(boxAt(one, 0)?.left).toBe(0);
  expect(boxAt(one, 25)?.left).toBe(25);
  expect(boxAt(one, 100)?.left).toBe(100);
  expect(boxAt(one, 101)).toBeNull();
  expect(boxAt(one, -1)).toBeNull();
});

test("a mask that leaves the picture stays until then, and is not there after", () => {
  const left = track("a", 0, 200, { key_frames: [[0, 0, 0, 9, 9, false], [100, 50, 0, 59, 9, true], [200, 99, 0, 108, 9, false]] });
  expect(boxAt(left, 99)?.left).toBe(0);
  expect(boxAt(left, 100)).toBeNull();
  expect(boxAt(left, 150)).toBeNull();
  expect(boxAt(left, 200)?.left).toBe(99);
});

test("a time has its shot, and a shot its tracks", () => {
  expect(shotAt(plan, 159)?.start).toBe(0);
  expect(shotAt(plan, 160)?.start).toBe(160);
  expect(shotAt(plan, 9999)?.start).toBe(160);
  expect(tracksIn(plan, plan.shots[0] as never).map((each) => each.id)).toEqual(["a", "b"]);
});

test("keys lead from track to track, and to the next that waits, round the list", () => {
  expect(trackBeside(plan, "a", 1)?.id).toBe("b");
  expect(trackBeside(plan, "a", -1)?.id).toBe("a");
  expect(trackBeside(plan, null, 1)?.id).toBe("a");
  expect(nextWaiting(plan, "a")?.id).toBe("c");
  expect(nextWaiting(plan, "c")?.id).toBe("a");
  expect(nextWaiting({ ...plan, tracks: [plan.tracks[1] as Track] }, "b")).toBeNull();
});

test("a crop is square, larger than its box, and inside the picture", () => {
  const crop = cropOf(plan, { left: 600, top: 340, right: 660, bottom: 380 });
  expect(crop.right - crop.left).toBe(crop.bottom - crop.top);
  expect(crop.right).toBeLessThanOrEqual(640);
  expect(crop.bottom).toBeLessThanOrEqual(360);
  expect(crop.right - crop.left).toBe(120);
});

test("a draft is drawn from any corner, moved and resized, and never vanishes", () => {
  expect(between([9, 8], [1, 2])).toEqual({ left: 1, top: 2, right: 9, bottom: 8 });
  const box = { left: 0, top: 0, right: 10, bottom: 10 };
  expect(nudged(box, 5, -5, false)).toEqual({ left: 5, top: -5, right: 15, bottom: 5 });
  expect(nudged(box, -50, 3, true)).toEqual({ left: 0, top: 0, right: 4, bottom: 13 });
});
