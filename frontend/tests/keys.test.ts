import { beforeEach, describe, expect, it } from "vitest";
import { isTyping, keyOf, setSingleKeys, singleKeysAct } from "../src/keys.js";

const press = (key: string, code: string) => new KeyboardEvent("keydown", { key, code });

describe("keys", () => {
  it("mean the same on a Cyrillic keyboard", () => {
    expect(keyOf(press("о", "KeyJ"))).toBe("j");
    expect(keyOf(press("б", "Comma"))).toBe(",");
    expect(keyOf(press("ю", "Period"))).toBe(".");
    expect(keyOf(press("х", "BracketLeft"))).toBe("[");
  });

  it("follow the letter, not the place, on Latin keyboards", () => {
    expect(keyOf(press("J", "KeyJ"))).toBe("j");
    expect(keyOf(press("m", "Semicolon"))).toBe("m");
    expect(keyOf(press("ArrowLeft", "ArrowLeft"))).toBe("ArrowLeft");
  });

  it("leave fields alone", () => {
    const heard: boolean[] = [];
    const onKey = (event: KeyboardEvent): void => void heard.push(isTyping(event));
    window.addEventListener("keydown", onKey);
    for (const made of ["textarea", "select", "input", "button"]) {
      const element = document.body.appendChild(document.createElement(made));
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, composed: true }));
    }
    window.removeEventListener("keydown", onKey);
    expect(heard).toEqual([true, true, true, false]);
  });

  beforeEach(() => localStorage.clear());
  it("can be switched off by people who dictate", () => {
    expect(singleKeysAct()).toBe(true);
    setSingleKeys(false);
    expect(singleKeysAct()).toBe(false);
    setSingleKeys(true);
    expect(singleKeysAct()).toBe(true);
  });
});
