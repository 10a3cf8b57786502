/** Many files into one case: chosen or dropped, a few at a time, resumable, each with its own fate in words. */

import { LitElement, css, html, nothing } from "lit";
import { defaultOptions } from "tus-js-client";
import { shared } from "../style.js";
import { language, words } from "../words/words.js";
import { Transfer, unfinished } from "./transfer.js";
import { failureText, sizeText } from "./words_for_failure.js";

/** More at once would only share the same line. */
const AT_ONCE = 2;

export class VideturUpload extends LitElement {
  static override properties = {
    endpoint: { type: String },
    csrf: { type: String },
    items: { type: String },
    transfers: { state: true },
    waitingNames: { state: true },
    over: { state: true },
  };
  declare endpoint: string;
  declare csrf: string;
  declare items: string;
  declare transfers: readonly Transfer[];
  declare waitingNames: readonly string[];
  declare over: boolean;
  private listening = new AbortController();

  constructor() {
    super();
    this.endpoint = "";
    this.csrf = "";
    this.items = "";
    this.transfers = [];
    this.waitingNames = [];
    this.over = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.listening = new AbortController();
    window.addEventListener("beforeunload", (event) => this.onLeave(event), { signal: this.listening.signal });
    void defaultOptions.urlStorage?.findAllUploads().then((found) => {
      this.waitingNames = unfinished(found, this.endpoint);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listening.abort();
  }

  /** Adds files and starts as many as may run. */
  add(files: Iterable<File>): void {
    const added = [...files].map((file) => {
      const transfer = new Transfer(file, this.endpoint, this.csrf);
      transfer.addEventListener("change", () => this.onChange());
      return transfer;
    });
    this.transfers = [...this.transfers, ...added];
    const names = new Set(added.map((each) => each.file.name));
    this.waitingNames = this.waitingNames.filter((name) => !names.has(name));
    this.startNext();
  }

  override render(): unknown {
    const t = words();
    return html`
      <div class=${`drop${this.over ? " over" : ""}`} @dragover=${this.onDragOver} @dragleave=${() => (this.over = false)} @drop=${this.onDrop}>
        <button class="first" @click=${this.choose}>${t.uploadChoose}</button>
        <span class="quiet">${t.uploadDrop}</span>
        <input type="file" multiple hidden tabindex="-1" aria-label=${t.uploadChoose} @change=${this.onChosen}>
      </div>
      ${this.waitingNames.length
        ? html`<div class="unfinished"><p>${t.uploadUnfinished}</p><ul>${this.waitingNames.map((name) => html`<li><bdi>${name}</bdi></li>`)}</ul></div>`
        : nothing}
      ${this.transfers.length
        ? html`<ol aria-label=${t.uploadList}>${this.transfers.map((transfer) => this.row(transfer))}</ol>`
        : nothing}
      <p role="status" class="quiet">${this.summary()}</p>`;
  }

  private row(transfer: Transfer): unknown {
    const t = words();
    const { file, sent } = transfer;
    const share = file.size ? sent / file.size : 0;
    const busy = transfer.state === "running";
    return html`<li data-state=${transfer.state}>
      <div class="line"><bdi class="name">${file.name}</bdi>
        <span class="quiet mono">${busy ? `${sizeText(sent, language())} / ` : ""}${sizeText(file.size, language())}</span>
        <span class="state">${this.stateText(transfer)}</span>
        ${transfer.item ? html`<a href=${`${this.items}items/${transfer.item}/`}>${t.uploadOpen}</a>` : nothing}
        ${busy ? html`<button @click=${() => void transfer.stop()}>${t.uploadCancel}<span class="unseen"> ${file.name}</span></button>` : nothing}
        ${transfer.state === "failed" || transfer.state === "stopped"
          ? html`<button @click=${() => void transfer.start()}>${t.uploadRetry}<span class="unseen"> ${file.name}</span></button>`
          : nothing}</div>
      ${busy ? html`<progress max="1" .value=${share} aria-label=${file.name}></progress>` : nothing}
      ${transfer.failure ? html`<p class="danger" role="alert">${failureText(transfer.failure, t)}</p>` : nothing}
      ${transfer.resumedAt ? html`<p class="quiet small" data-resumed=${transfer.resumedAt}>${t.uploadResuming} ${sizeText(transfer.resumedAt, language())}</p>` : nothing}
    </li>`;
  }

  private stateText(transfer: Transfer): string {
    const t = words();
    return {
      waiting: t.uploadWaiting,
      running: t.uploadRunning,
      done: t.uploadDone,
      failed: t.uploadFailed,
      stopped: t.uploadStopped,
    }[transfer.state];
  }

  private summary(): string {
    if (!this.transfers.length) return "";
    const t = words();
    const done = this.transfers.filter((each) => each.state === "done").length;
    return `${t.uploadSummary}: ${done} ${t.of} ${this.transfers.length}`;
  }

  private startNext(): void {
    const running = this.transfers.filter((each) => each.state === "running").length;
    const next = this.transfers.filter((each) => each.state === "waiting").slice(0, Math.max(0, AT_ONCE - running));
    for (const transfer of next) void transfer.start();
  }

  private onChange(): void {
    this.startNext();
    this.requestUpdate();
  }

  private choose(): void {
    this.renderRoot.querySelector("input")?.click();
  }

  private onChosen(event: Event): void {
    const input = event.target as HTMLInputElement;
    this.add(input.files ?? []);
    // The same file may be chosen again after a stop.
    input.value = "";
  }

  private onDragOver(event: DragEvent): void {
    event.preventDefault();
    this.over = true;
  }

  private onDrop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    this.add(event.dataTransfer?.files ?? []);
  }

  private onLeave(event: BeforeUnloadEvent): void {
    if (this.transfers.some((each) => each.state === "running" || each.state === "waiting")) event.preventDefault();
  }

  static override styles = [
    shared,
    css`
      :host { display: block; }
      .drop { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; justify-content: center; padding: 2.2rem; border: 2px dashed var(--v-line); border-radius: 10px; background: var(--v-raised); }
      .drop.over { border-color: var(--v-accent); }
      .unfinished { margin-top: 1rem; border-inline-start: 3px solid var(--v-accent); padding-inline-start: 0.9rem; }
      .unfinished p { margin: 0; }
      ol { list-style: none; padding: 0; margin: 1rem 0; }
      li { padding: 0.5rem 0; }
      ol > li { border-bottom: 1px solid var(--v-line); }
      .line { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; align-items: center; }
      .name { flex: 1 1 14rem; overflow-wrap: anywhere; }
      [data-state="done"] .state { color: var(--v-ok); }
      [data-state="failed"] .state, .danger { color: var(--v-danger); }
      progress { width: 100%; accent-color: var(--v-accent); height: 0.5rem; }
      p { margin: 0.2rem 0 0; }
      .small { font-size: 0.85rem; }
    `,
  ];
}

customElements.define("videtur-upload", VideturUpload);
