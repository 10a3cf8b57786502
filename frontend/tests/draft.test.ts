import { describe, expect, it } from "vitest";
import { type Fields, draftOf, problemsIn } from "../src/observation/draft.js";
import { english } from "../src/words/english.js";

const fields: Fields = {
  modality: "visual", role: "unclear", states: ["standing"], act: "", target: "",
  injuryRegion: "", injurySign: "", injuryTiming: "", countMin: "", countMax: "", countBasis: "",
  hedge: "H1_appears", text: " two persons stand ", language: "en",
};
const at = (pts: bigint) => ({ pts, timeBase: [1, 90000] as const });
const marks = { start: at(100n), end: at(200n) };

function problemFields(changed: Partial<Fields>, where = marks as { start: typeof marks.start | null; end: typeof marks.end | null }): string[] {
  const draft = draftOf({ ...fields, ...changed }, where, english);
  return "problems" in draft ? draft.problems.map((each) => each.field) : [];
}

describe("a draft of an observation", () => {
  it("becomes what the server takes", () => {
    const draft = draftOf({ ...fields, countMin: "2", countBasis: "simultaneously_visible" }, marks, english);
    expect(draft).toEqual({
      body: {
        start: { pts: 100, time_base: [1, 90000] },
        end: { pts: 200, time_base: [1, 90000] },
        modality: "visual", role: "unclear", states: ["standing"], act: "", target: "",
        injury: null, count: { min: 2, max: null, basis: "simultaneously_visible" },
        hedge: "H1_appears", text: "two persons stand", language: "en",
      },
    });
  });

  it("needs a stretch that runs forwards", () => {
    expect(problemFields({}, { start: null, end: at(5n) })).toEqual(["start"]);
    expect(problemFields({}, { start: at(5n), end: at(5n) })).toEqual(["end"]);
  });

  it("asks when an injury arose: a wound seen is not a wounding seen", () => {
    expect(problemFields({ injuryRegion: "hand" })).toEqual(["injury.timing"]);
    expect(problemFields({ injurySign: "blood_visible" })).toEqual(["injury.timing"]);
    expect(problemFields({ injuryTiming: "unknown" })).toEqual(["injury.region"]);
    expect(problemFields({ injuryRegion: "hand", injuryTiming: "unknown" })).toEqual([]);
  });

  it("asks for counts in order, and how they were made", () => {
    expect(problemFields({ countMin: "3", countMax: "2", countBasis: "estimated" })).toEqual(["count.max"]);
    expect(problemFields({ countMin: "0" })).toEqual(["count.basis"]);
  });

  it("needs words", () => {
    expect(problemFields({ text: "  ", role: "" })).toEqual(["role", "text"]);
  });
});

describe("an answer of the server", () => {
  it("gives its problems, and nothing where it has another form", () => {
    expect(problemsIn({ problems: [{ field: "text", why: "x" }, { field: 3 }] })).toEqual([{ field: "text", why: "x" }]);
    for (const other of [null, [], "no", { problems: "no" }, {}]) expect(problemsIn(other)).toEqual([]);
  });
});
