/**
 * How far the examination is. The server draws it; this asks for the counts now and then, and has the page
 * drawn anew only when they have changed. Politely: never while the page is hidden, slower when nothing happens.
 */

import htmx from "htmx.org";
import { words } from "../words/words.js";

const WHILE_WORKING = 2_000;
const WHEN_SETTLED = 20_000;
const SLOWEST = 60_000;

interface Counts {
  readonly states: Readonly<Record<string, number>>;
  readonly settled: boolean;
}

export class VideturProgress extends HTMLElement {
  private timer = 0;
  private known = "";
  private failures = 0;
  private listening = new AbortController();

  connectedCallback(): void {
    this.listening = new AbortController();
    document.addEventListener("visibilitychange", () => this.plan(0), { signal: this.listening.signal });
    this.plan(0);
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    this.listening.abort();
  }

  private plan(wait: number): void {
    window.clearTimeout(this.timer);
    if (document.visibilityState === "hidden") return;
    this.timer = window.setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    const counts = await this.counts();
    if (!counts) {
      this.failures += 1;
      if (this.failures === 2) this.complain();
      this.plan(Math.min(SLOWEST, WHILE_WORKING * 2 ** this.failures));
      return;
    }
    this.failures = 0;
    this.querySelector("[data-lost]")?.remove();
    const now = JSON.stringify(counts.states);
    if (this.known && now !== this.known) this.redraw();
    this.known = now;
    this.plan(counts.settled ? WHEN_SETTLED : WHILE_WORKING);
  }

  private async counts(): Promise<Counts | null> {
    try {
      const answer = await fetch(this.getAttribute("url") ?? "", { headers: { Accept: "application/json" } });
      return answer.ok ? ((await answer.json()) as Counts) : null;
    } catch (problem) {
      // No answer, or no JSON: the same to the person, and asked again later.
      if (problem instanceof TypeError || problem instanceof SyntaxError) return null;
      throw problem;
    }
  }

  private redraw(): void {
    void htmx.ajax("get", window.location.href, {
      source: this,
      target: "#progress",
      select: "#progress",
      swap: "outerHTML",
      selectOOB: "#items",
    });
  }

  private complain(): void {
    const line = document.createElement("span");
    line.className = "problem";
    line.dataset["lost"] = "";
    line.setAttribute("role", "status");
    line.textContent = words().progressLost;
    this.append(line);
  }
}

customElements.define("videtur-progress", VideturProgress);
