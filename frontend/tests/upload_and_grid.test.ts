import { describe, expect, it } from "vitest";
import { neighbour } from "../src/grid/geometry.js";
import { fingerprint, mayHelpToTryAgain, unfinished } from "../src/upload/transfer.js";
import { failureText, sizeText } from "../src/upload/words_for_failure.js";
import { english } from "../src/words/english.js";
import { russian } from "../src/words/russian.js";
import { ukrainian } from "../src/words/ukrainian.js";

describe("uploads", () => {
  it("of one file to two cases are two", () => {
    const file = { name: "a.mp4", type: "video/mp4", size: 5, lastModified: 1 };
    expect(fingerprint(file, "/cases/a/uploads/")).not.toBe(fingerprint(file, "/cases/b/uploads/"));
  });

  it("that were not finished are told by name, those of this case alone", () => {
    const one = (name: string, endpoint: string) => ({
      size: 1, metadata: { filename: name }, creationTime: "", uploadUrl: null, parallelUploadUrls: null,
      urlStorageKey: `tus::videtur\n${name}\n${endpoint}::1`,
    });
    expect(unfinished([one("a", "/x/"), one("a", "/x/"), one("b", "/y/")], "/x/")).toEqual(["a"]);
  });

  it("are tried again only where that may help", () => {
    expect([0, 409, 423, 460, 500, 503].every(mayHelpToTryAgain)).toBe(true);
    expect([400, 401, 403, 404, 410, 413, 415, 422].some(mayHelpToTryAgain)).toBe(false);
  });

  it("fail in words, never in a page of HTML", () => {
    expect(failureText({ status: 422, said: "Is empty (0 bytes).\n" }, english)).toBe("Is empty (0 bytes).");
    expect(failureText({ status: 500, said: "<!doctype html>" }, english)).toBe(english.errorServer);
    expect(failureText({ status: 0, said: "" }, english)).toBe(english.errorNetwork);
    expect(failureText({ status: 418, said: "" }, english)).toBe(english.errorRefused);
  });

  it("say sizes in the reader's language", () => {
    expect(sizeText(999, "en")).toBe("999 byte");
    expect(sizeText(12_345_678, "en")).toBe("12.3 MB");
    expect(sizeText(12_345_678, "ru")).toBe("12,3 МБ");
  });
});

describe("the grid", () => {
  const boxes = Array.from({ length: 8 }, (_, index) => ({
    left: (index % 3) * 100, top: Math.floor(index / 3) * 80, width: 90, height: 70,
  }));

  it("goes to the card above, below and beside, and stops at the edge", () => {
    expect(neighbour(boxes, 4, "ArrowUp")).toBe(1);
    expect(neighbour(boxes, 4, "ArrowDown")).toBe(7);
    expect(neighbour(boxes, 5, "ArrowDown")).toBe(7);
    expect(neighbour(boxes, 2, "ArrowRight")).toBe(3);
    expect(neighbour(boxes, 0, "ArrowLeft")).toBe(0);
    expect(neighbour(boxes, 1, "ArrowUp")).toBe(1);
    expect(neighbour(boxes, 7, "ArrowRight")).toBe(7);
  });
});

describe("the catalogues", () => {
  it("leave no word untranslated by oversight", () => {
    const same = (Object.keys(english) as (keyof typeof english)[]).filter(
      (key) => ukrainian[key] === english[key] || russian[key] === english[key],
    );
    expect(same).toEqual(["ticks"]);
  });
});
