/**
 * Steps through the moments that the server drew, one at a time: the arrow keys, Home and End. `b` shows or
 * hides the pictures, `g` gives them colour; both are boxes of the page, which work without this script.
 */

import { isTyping, keyOf, singleKeysAct } from "../keys.js";
import { words } from "../words/words.js";
import { stepped } from "./step.js";

export class VideturPair extends HTMLElement {
  private listening = new AbortController();
  private at = 0;
  private bar: HTMLElement | null = null;

  connectedCallback(): void {
    this.listening = new AbortController();
    const { signal } = this.listening;
    window.addEventListener("keydown", (event) => this.onKey(event), { signal });
    // A browser may restore the boxes as they were; what was shown once is not shown again unasked.
    for (const box of [this.box("reveal"), this.box("colour")]) if (box) box.checked = false;
    if (this.moments.length > 1) this.offerSteps();
    this.show(0);
  }

  disconnectedCallback(): void {
    this.listening.abort();
    this.bar?.remove();
    for (const moment of this.moments) moment.hidden = false;
  }

  /** Which moment is shown, from 0. */
  get shown(): number {
    return this.at;
  }

  private get moments(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".moment")];
  }

  private box(id: string): HTMLInputElement | null {
    return document.querySelector<HTMLInputElement>(`input#${id}`);
  }

  private offerSteps(): void {
    const t = words();
    this.bar = document.createElement("div");
    this.bar.className = "bar";
    for (const [label, key, sign] of [[t.previousMoment, "ArrowLeft", "←"], [t.nextMoment, "ArrowRight", "→"]] as const) {
      const button = document.createElement("button");
      button.type = "button";
      const shown = document.createElement("kbd");
      shown.textContent = sign;
      button.append(`${label} `, shown);
      button.addEventListener("click", () => this.show(stepped(this.at, this.moments.length, key) ?? this.at));
      this.bar.append(button);
    }
    this.prepend(this.bar);
    this.querySelector(".moments")?.setAttribute("aria-live", "polite");
  }

  private show(at: number): void {
    this.at = at;
    for (const [number, moment] of this.moments.entries()) moment.hidden = number !== at;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const boxed = event.composedPath()[0] instanceof HTMLInputElement && !this.isText(event);
    if ((isTyping(event) && !boxed) || !singleKeysAct()) return;
    const next = stepped(this.at, this.moments.length, event.key);
    const box = { b: this.box("reveal"), g: this.box("colour") }[keyOf(event)];
    if (next !== null && !this.scrolls(event)) this.show(next);
    else if (box) box.checked = !box.checked;
    else return;
    event.preventDefault();
  }

  private isText(event: KeyboardEvent): boolean {
    const target = event.composedPath()[0];
    return target instanceof HTMLInputElement && target.type !== "checkbox";
  }

  /** A drawing that is wider than the page has the arrow keys for itself while it has the focus. */
  private scrolls(event: KeyboardEvent): boolean {
    const target = event.composedPath()[0];
    return target instanceof HTMLElement && target.matches(".scroll") && target.scrollWidth > target.clientWidth;
  }
}

customElements.define("videtur-pair", VideturPair);
