/** Single-key shortcuts: which key was meant on any keyboard layout, and whether they act at all. */

const SWITCH = "videtur.single-keys";

/**
 * The key as our shortcuts name it: a small Latin letter, a sign, or the name of a key ("ArrowLeft").
 * On a Cyrillic layout the letter is the one printed beside it on the same key.
 */
export function keyOf(event: KeyboardEvent): string {
  const { key, code } = event;
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (key.length === 1 && key.charCodeAt(0) > 0x7f) {
    if (code.startsWith("Key")) return code.slice(3).toLowerCase();
    const signs: Readonly<Record<string, string>> = { Comma: ",", Period: ".", BracketLeft: "[", BracketRight: "]" };
    return signs[code] ?? key;
  }
  return key;
}

/** Whether the key is typed into something that takes text or uses keys itself. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["button", "submit", "file", "range"].includes(target.type);
}

/** Whether a list that scrolls has the focus, which the keys of scrolling belong to. */
export function isScrolling(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  const scrolls = ["ArrowUp", "ArrowDown", "Home", "End", " "].includes(event.key);
  return scrolls && target instanceof HTMLElement && target.getAttribute("role") === "tabpanel";
}

/** Whether a button or link has the focus, which Space and Enter belong to. */
export function isPressing(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && target.closest("button, a, summary, [role=tab]") !== null;
}

export function singleKeysAct(): boolean {
  return localStorage.getItem(SWITCH) !== "off";
}

export function setSingleKeys(act: boolean): void {
  localStorage.setItem(SWITCH, act ? "on" : "off");
}
