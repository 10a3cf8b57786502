import { describe, expect, it } from "vitest";
import { NO_MARKS, endOfPicture, markedFrom, markedTo, shotBeside } from "../src/marks.js";
import { term } from "../src/words/words.js";
import { russianTerms, ukrainianTerms } from "../src/words/terms.js";
import { table } from "./tables.js";

const at = (pts: bigint) => ({ pts, timeBase: [1, 1000] as const });

describe("the in and the out point", () => {
  it("never make a stretch that runs backwards", () => {
    const both = markedTo(markedFrom(NO_MARKS, at(10n)), at(20n));
    expect(both).toEqual({ start: at(10n), end: at(20n) });
    expect(markedFrom(both, at(20n))).toEqual({ start: at(20n), end: null });
    expect(markedTo(both, at(10n))).toEqual({ start: null, end: at(10n) });
    expect(markedFrom(both, at(19n))).toEqual({ start: at(19n), end: at(20n) });
  });

  it("hold the picture of the out point", () => {
    const frames = table([0n, 40n, 73n]);
    expect(endOfPicture(frames, 0).pts).toBe(40n);
    expect(endOfPicture(frames, 2).pts).toBe(106n);
    expect(endOfPicture(table([5n]), 0).pts).toBe(6n);
  });
});

describe("shots", () => {
  const shots = [0n, 100n, 200n].map((pts) => ({ start: at(pts), end: at(pts + 100n) }));
  it("are reached one by one", () => {
    expect(shotBeside(shots, at(100n), 1)?.pts).toBe(200n);
    expect(shotBeside(shots, at(100n), -1)?.pts).toBe(0n);
    expect(shotBeside(shots, at(0n), -1)).toBeNull();
    expect(shotBeside(shots, at(250n), 1)).toBeNull();
  });
});

describe("words of the vocabulary", () => {
  it("are translated into both languages or into neither", () => {
    expect(Object.keys(ukrainianTerms).sort()).toEqual(Object.keys(russianTerms).sort());
  });

  it("are spelled for people", () => {
    expect(term("H1_appears")).toBe("appears");
    expect(term("bound_hands")).toBe("bound hands");
  });
});
