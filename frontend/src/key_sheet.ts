/** The sheet of keys: a dialog, and the switch that turns single keys off for people who dictate. */

import { LitElement, css, html } from "lit";
import { setSingleKeys, singleKeysAct } from "./keys.js";
import { shared } from "./style.js";
import { type Words, words } from "./words/words.js";

/** Keys, and the word that says what they do. */
export type SheetLine = readonly [readonly string[], keyof Words];

const OF_THE_WORKBENCH: readonly SheetLine[] = [
  [["Space"], "keyPlay"],
  [["J", "K", "L"], "keyShuttle"],
  [["[", "]"], "keySpeed"],
  [[",", "."], "keyFrame"],
  [["←", "→"], "keySecond"],
  [["↑", "↓"], "keyShot"],
  [["Home", "End"], "keyEnds"],
  [["I", "O"], "keyMarks"],
  [["Shift I", "Shift O"], "keyJumpMarks"],
  [["B"], "keyReveal"],
  [["G"], "keyGrey"],
  [["M"], "keyMute"],
  [["S"], "keySize"],
  [["+", "−", "0"], "keyZoom"],
  [["N"], "keyNew"],
  [["Ctrl Enter"], "keySubmit"],
  [["Esc"], "keyEscape"],
  [["?"], "keyHelp"],
];

export class VideturKeySheet extends LitElement {
  static override properties = { sheet: { attribute: false } };
  declare sheet: readonly SheetLine[];

  constructor() {
    super();
    this.sheet = OF_THE_WORKBENCH;
  }

  open(): void {
    this.dialog?.showModal();
  }

  close(): void {
    this.dialog?.close();
  }

  get isOpen(): boolean {
    return this.dialog?.open ?? false;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  override render(): unknown {
    const t = words();
    return html`<dialog aria-labelledby="keys">
      <header><h2 id="keys">${t.keys}</h2><button @click=${this.close}>${t.close}</button></header>
      <dl>${this.sheet.map(([keys, does]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${t[does]}</dd></div>`)}</dl>
      <label><input type="checkbox" .checked=${singleKeysAct()} @change=${this.onSwitch}> ${t.singleKeys}</label>
    </dialog>`;
  }

  private onSwitch(event: Event): void {
    setSingleKeys((event.target as HTMLInputElement).checked);
  }

  static override styles = [
    shared,
    css`
      dialog { color: var(--v-text); background: var(--v-raised); border: 1px solid var(--v-line); border-radius: 10px; padding: 1.2rem 1.4rem; max-width: 46rem; width: calc(100% - 2rem); }
      dialog::backdrop { background: rgb(0 0 0 / 60%); }
      header { display: flex; justify-content: space-between; align-items: center; }
      h2 { margin: 0; font-size: 1.05rem; }
      dl { columns: 2 18rem; column-gap: 2rem; margin: 1rem 0; font-size: 0.9rem; }
      dl div { display: flex; gap: 0.8rem; break-inside: avoid; padding: 0.22rem 0; }
      dt { min-width: 7.5rem; white-space: nowrap; }
      dd { margin: 0; }
      label { font-size: 0.9rem; display: flex; gap: 0.5rem; align-items: center; }
    `,
  ];
}

customElements.define("videtur-key-sheet", VideturKeySheet);
