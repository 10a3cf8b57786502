import { describe, expect, it } from "vitest";
import { after, clockText, fromJson, rescaled, secondsBetween, toJson } from "../src/time/media_time.js";

const time = (pts: bigint, numerator = 1, denominator = 90000) => ({ pts, timeBase: [numerator, denominator] as const });

describe("media time", () => {
  it("keeps ticks through JSON, and refuses those that JSON would round", () => {
    const there = fromJson({ pts: -12345, time_base: [1001, 30000] });
    expect(toJson(there)).toEqual({ pts: -12345, time_base: [1001, 30000] });
    expect(() => toJson(time(2n ** 53n))).toThrow(RangeError);
  });

  it("takes distances exactly, however far from zero", () => {
    const far = 2n ** 62n;
    expect(secondsBetween(time(far), time(far + 45000n))).toBe(0.5);
    expect(secondsBetween(time(0n, 1, 1000), time(90000n))).toBe(1);
  });

  it("rescales to the nearest tick, half up, on both sides of zero", () => {
    expect(rescaled(time(1n, 1, 2), [1, 1]).pts).toBe(1n);
    expect(rescaled(time(-1n, 1, 2), [1, 1]).pts).toBe(0n);
    expect(rescaled(time(-3n, 1, 4), [1, 1]).pts).toBe(-1n);
    expect(rescaled(time(1001n, 1, 30000), [1, 90000]).pts).toBe(3003n);
  });

  it("comes back from seconds", () => {
    const origin = time(900n);
    for (const pts of [900n, 901n, 45001n, 8_100_000_123n]) {
      expect(after(origin, secondsBetween(origin, time(pts))).pts).toBe(pts);
    }
  });

  it("is written for people", () => {
    expect(clockText(0)).toBe("0:00:00.000");
    expect(clockText(3723.4567)).toBe("1:02:03.457");
    expect(clockText(59.9996)).toBe("0:01:00.000");
    expect(clockText(-1.5)).toBe("-0:00:01.500");
  });
});
