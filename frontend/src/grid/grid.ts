/**
 * Behaviour of the grid of items, whose cards the server draws: `b` shows or hides the pictures until the page
 * is left, the arrow keys go from card to card, and only one card is in the order of Tab.
 */

import { isTyping, keyOf, singleKeysAct } from "../keys.js";
import { words } from "../words/words.js";
import { type Arrow, neighbour } from "./geometry.js";

const LINKS = ".card h2 a, [data-card] a";
const ARROWS: ReadonlySet<string> = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

export class VideturGrid extends HTMLElement {
  private listening = new AbortController();
  private readonly redrawn = new MutationObserver(() => this.settle());
  /** Where the card with the focus leads: the same card may be drawn anew while somebody stands on it. */
  private current = "";
  private focused = false;
  private live: HTMLElement | null = null;

  connectedCallback(): void {
    this.listening = new AbortController();
    const { signal } = this.listening;
    window.addEventListener("keydown", (event) => this.onPageKey(event), { signal });
    this.addEventListener("keydown", (event) => this.onArrow(event), { signal });
    this.addEventListener("focusin", (event) => this.onFocus(event), { signal });
    this.addEventListener("focusout", (event) => {
      // A card that is drawn anew loses the focus to nowhere; a person takes it somewhere.
      if (event.relatedTarget) this.focused = false;
    }, { signal });
    this.switch?.addEventListener("change", () => this.show(this.switch?.checked ?? false), { signal });
    this.redrawn.observe(this, { childList: true, subtree: true });
    this.live = document.createElement("p");
    this.live.setAttribute("role", "status");
    this.live.className = "unseen visually-hidden";
    this.live.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
    this.append(this.live);
    // A browser may restore the box as it was; what was shown once is not shown again unasked.
    if (this.switch) this.switch.checked = false;
    this.settle();
  }

  disconnectedCallback(): void {
    this.listening.abort();
    this.redrawn.disconnect();
    this.live?.remove();
  }

  /** Shows or hides the pictures of this page view. */
  show(revealed: boolean): void {
    this.classList.toggle("revealed", revealed);
    if (this.switch) this.switch.checked = revealed;
    if (this.live) this.live.textContent = revealed ? words().gridShown : words().gridHidden;
  }

  private get switch(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("#reveal");
  }

  private get links(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>(LINKS)];
  }

  /** After the server drew the cards anew: one of them in the order of Tab, the focus where it was. */
  private settle(): void {
    const links = this.links;
    const kept = links.find((link) => link.getAttribute("href") === this.current) ?? links[0];
    for (const link of links) {
      const wanted = link === kept ? 0 : -1;
      if (link.tabIndex !== wanted) link.tabIndex = wanted;
    }
    if (this.focused && kept && document.activeElement === document.body) kept.focus();
  }

  private onFocus(event: FocusEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>(LINKS);
    this.focused = link !== null;
    if (!link) return;
    this.current = link.getAttribute("href") ?? "";
    this.settle();
  }

  private onArrow(event: KeyboardEvent): void {
    const links = this.links;
    const at = links.indexOf((event.target as Element).closest<HTMLAnchorElement>(LINKS) as HTMLAnchorElement);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    let next = at;
    if (event.key === "Home") next = 0;
    else if (event.key === "End") next = links.length - 1;
    else if (ARROWS.has(event.key)) {
      const boxes = links.map((link) => (link.closest(".card, [data-card]") ?? link).getBoundingClientRect());
      next = neighbour(boxes, at, event.key as Arrow);
    } else return;
    event.preventDefault();
    links[next]?.focus();
  }

  private onPageKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const boxed = event.composedPath()[0] === this.switch;
    if ((isTyping(event) && !boxed) || !singleKeysAct() || keyOf(event) !== "b") return;
    event.preventDefault();
    this.show(!this.classList.contains("revealed"));
  }
}

customElements.define("videtur-grid", VideturGrid);
