/** The form of one observation. Everything by keyboard: Tab through, Ctrl+Enter saves, Esc goes back. */

import { LitElement, css, html, nothing } from "lit";
import { shared } from "../style.js";
import { type MediaTime, clockText, secondsBetween } from "../time/media_time.js";
import { type Observation, type ObservationJson, type Vocabulary, readObservation } from "../timeline.js";
import { language, term, words } from "../words/words.js";
import { type Fields, type Problem, draftOf, problemsIn } from "./draft.js";

const LANGUAGES = ["en", "uk", "ru"];

export class VideturObservationForm extends LitElement {
  static override properties = {
    url: { type: String },
    csrf: { type: String },
    vocabulary: { attribute: false },
    first: { attribute: false },
    markIn: { attribute: false },
    markOut: { attribute: false },
    problems: { state: true },
    busy: { state: true },
    said: { state: true },
  };
  declare url: string;
  declare csrf: string;
  declare vocabulary: Vocabulary;
  declare first: MediaTime | null;
  declare markIn: MediaTime | null;
  declare markOut: MediaTime | null;
  declare problems: readonly Problem[];
  declare busy: boolean;
  declare said: string;

  constructor() {
    super();
    this.url = "";
    this.csrf = "";
    this.vocabulary = {};
    this.first = null;
    this.markIn = null;
    this.markOut = null;
    this.problems = [];
    this.busy = false;
    this.said = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("beforeunload", this.onLeave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.onLeave);
  }

  /** Words that were written and not saved are asked about before they are lost. */
  private readonly onLeave = (event: BeforeUnloadEvent): void => {
    if (this.renderRoot.querySelector<HTMLTextAreaElement>("textarea")?.value.trim()) event.preventDefault();
  };

  /** Puts the person into the first field. */
  begin(): void {
    this.renderRoot.querySelector<HTMLElement>("[name=modality]")?.focus();
  }

  override render(): unknown {
    const t = words();
    return html`<section aria-labelledby="title"><form novalidate @submit=${this.onSubmit} @keydown=${this.onKey}>
      <header><h2 id="title">${t.newObservation} <kbd>N</kbd></h2>${this.stretch()}</header>
      <p class="quiet small">${t.observationHint}</p>
      ${this.general()}
      <div class="grid">
        ${this.choice("modality", t.modality, "modality", { needed: true })}
        ${this.choice("role", t.role, "persons_role_apparent", { needed: true })}
        ${this.choice("act", t.act, "act")}
        ${this.choice("target", t.target, "persons_role_apparent")}
      </div>
      <fieldset class="states"><legend>${t.states}</legend>${this.terms("person_state").map((state) => html`
        <label class="chip"><input type="checkbox" name="states" value=${state}>${term(state)}</label>`)}${this.why("states")}</fieldset>
      <div class="pairs">
        <fieldset><legend>${t.injury}</legend><div class="thirds">
          ${this.choice("injury.region", t.injuryRegion, "injury_region")}
          ${this.choice("injury.sign", t.injurySign, "injury_sign")}
          ${this.choice("injury.timing", t.injuryTiming, "injury_timing")}</div>${this.why("injury")}</fieldset>
        <fieldset><legend>${t.count}</legend><div class="thirds">
          ${this.number("count.min", t.countMin)}
          ${this.number("count.max", t.countMax)}
          ${this.choice("count.basis", t.countBasis, "count_basis")}</div>${this.why("count")}</fieldset>
      </div>
      <div class="words">
        ${this.choice("hedge", t.hedge, "hedge", { needed: true, chosen: this.usualHedge() })}
        <div class="field"><label for="language">${t.language}</label>
          <select id="language" name="language" aria-invalid=${this.has("language")}>${LANGUAGES.map(
            (each) => html`<option value=${each} ?selected=${each === language()}>${each}</option>`)}</select>${this.why("language")}</div>
        <div class="field text"><label for="text">${t.text}</label>
          <textarea id="text" name="text" rows="3" aria-invalid=${this.has("text")} aria-describedby="why-text"></textarea>${this.why("text")}</div>
      </div>
      <footer><button class="first" type="submit" ?disabled=${this.busy}>${this.busy ? t.saving : t.save}</button>
        <span class="quiet small"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
        <output role="status" class=${this.problems.length ? "danger" : "ok"}>${this.said}</output></footer>
    </form></section>`;
  }

  private stretch(): unknown {
    const t = words();
    const show = (time: MediaTime | null): string =>
      time && this.first ? clockText(secondsBetween(this.first, time)) : t.noMark;
    return html`<p class="marks"><span><kbd>I</kbd> ${t.markIn} <b class="mono" data-mark-in>${show(this.markIn)}</b></span>
      <span><kbd>O</kbd> ${t.markOut} <b class="mono" data-mark-out>${show(this.markOut)}</b></span>${this.why("start")}${this.why("end")}</p>`;
  }

  /** Problems that belong to no field that is shown. */
  private general(): unknown {
    const known = this.renderRoot.querySelectorAll<HTMLElement>("[name]");
    const names = new Set([...[...known].map((each) => each.getAttribute("name")), "start", "end", "injury", "count"]);
    const rest = this.problems.filter((problem) => !names.has(problem.field));
    return rest.length ? html`<ul class="danger" role="alert">${rest.map((each) => html`<li>${each.field}: ${each.why}</li>`)}</ul>` : nothing;
  }

  private choice(name: string, label: string, list: string, look: { needed?: boolean; chosen?: string } = {}): unknown {
    const t = words();
    const empty = look.chosen ? nothing : html`<option value="">${look.needed ? `${t.choose} …` : t.none}</option>`;
    return html`<div class="field"><label for=${name}>${label}</label>
      <select id=${name} name=${name} aria-required=${look.needed ? "true" : "false"} aria-invalid=${this.has(name)}
        aria-describedby=${`why-${name}`}>${empty}${this.terms(list).map(
          (each) => html`<option value=${each} ?selected=${each === look.chosen}>${term(each)}</option>`)}</select>${this.why(name)}</div>`;
  }

  private number(name: string, label: string): unknown {
    return html`<div class="field"><label for=${name}>${label}</label>
      <input id=${name} name=${name} inputmode="numeric" pattern="[0-9]*" maxlength="9" autocomplete="off"
        aria-invalid=${this.has(name)} aria-describedby=${`why-${name}`}>${this.why(name)}</div>`;
  }

  private why(name: string): unknown {
    const found = this.problems.filter((problem) => problem.field === name);
    return html`<span id=${`why-${name}`} class="why" data-problem=${found.length ? name : nothing}>${found.map((each) => each.why).join(" ")}</span>`;
  }

  private has(name: string): "true" | "false" {
    return this.problems.some((problem) => problem.field === name) ? "true" : "false";
  }

  private terms(list: string): readonly string[] {
    return this.vocabulary[list] ?? [];
  }

  private usualHedge(): string {
    const hedges = this.terms("hedge");
    return hedges.find((each) => each.includes("appears")) ?? hedges[0] ?? "";
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void this.save();
    }
  }

  private onSubmit(event: Event): void {
    event.preventDefault();
    void this.save();
  }

  private fields(): Fields {
    const data = new FormData(this.renderRoot.querySelector("form") as HTMLFormElement);
    const read = (name: string): string => String(data.get(name) ?? "");
    return {
      modality: read("modality"),
      role: read("role"),
      states: data.getAll("states").map(String),
      act: read("act"),
      target: read("target"),
      injuryRegion: read("injury.region"),
      injurySign: read("injury.sign"),
      injuryTiming: read("injury.timing"),
      countMin: read("count.min"),
      countMax: read("count.max"),
      countBasis: read("count.basis"),
      hedge: read("hedge"),
      text: read("text"),
      language: read("language"),
    };
  }

  private async save(): Promise<void> {
    if (this.busy) return;
    const t = words();
    const draft = draftOf(this.fields(), { start: this.markIn, end: this.markOut }, t);
    if ("problems" in draft) return this.refuse(draft.problems);
    this.busy = true;
    this.said = "";
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
        body: JSON.stringify(draft.body),
      });
      const said: unknown = await answer.json().catch(() => null);
      if (answer.status === 201) this.saved(readObservation({ ...draft.body, ...(said as Partial<ObservationJson>) }));
      else this.refuse(problemsIn(said), answer.status === 401 || answer.status === 403 ? t.errorSignedOut : t.notSaved);
    } catch (problem) {
      // fetch rejects with a TypeError when no answer came; anything else is a fault of ours and must be seen.
      if (!(problem instanceof TypeError)) throw problem;
      this.refuse([], t.errorNetwork);
    } finally {
      this.busy = false;
    }
  }

  private saved(observation: Observation): void {
    this.problems = [];
    this.said = `${words().saved} ${observation.ledgerIndex ?? ""}`;
    this.renderRoot.querySelector("form")?.reset();
    this.dispatchEvent(new CustomEvent("videtur-observed", { detail: observation, bubbles: true, composed: true }));
  }

  private refuse(problems: readonly Problem[], said = words().notSaved): void {
    this.problems = problems;
    this.said = said;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  static override styles = [
    shared,
    css`
      :host { display: block; min-width: 0; }
      section { background: var(--v-raised); border: 1px solid var(--v-line); border-radius: 8px; padding: 0.8rem 1rem 1rem; }
      form { display: grid; gap: 0.7rem; }
      header { display: flex; flex-wrap: wrap; gap: 0.3rem 1.5rem; align-items: baseline; }
      h2 { font-size: 1rem; margin: 0; font-weight: 600; }
      p { margin: 0; }
      .small { font-size: 0.8rem; }
      .marks { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; font-size: 0.85rem; margin-inline-start: auto; }
      .grid { display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); }
      .pairs { display: grid; gap: 0.6rem 1.2rem; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); }
      .thirds { display: grid; gap: 0.6rem; grid-template-columns: repeat(3, minmax(0, 1fr)); }
      .words { display: grid; gap: 0.6rem; grid-template-columns: 11rem 1fr; }
      .words .text { grid-column: 1 / -1; }
      @media (min-width: 60rem) { .words .text { grid-column: 2; grid-row: 1 / span 2; } }
      .field { display: grid; gap: 0.15rem; align-content: start; min-width: 0; }
      label, legend { font-size: 0.75rem; color: var(--v-quiet); }
      fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
      select, input, textarea { font-size: 0.9rem; }
      .states { display: flex; flex-wrap: wrap; gap: 0.3rem; }
      .states legend { margin-bottom: 0.2rem; }
      .chip { display: inline-flex; gap: 0.35rem; align-items: center; color: var(--v-text); font-size: 0.8rem; border: 1px solid var(--v-line); border-radius: 99px; padding: 0.15rem 0.6rem 0.15rem 0.45rem; min-height: 1.6rem; cursor: pointer; }
      .chip:has(:checked) { border-color: var(--v-accent); }
      .chip:focus-within { outline: 2px solid var(--v-accent); outline-offset: 1px; }
      .chip input { margin: 0; outline: none; }
      textarea { resize: vertical; line-height: 1.45; }
      [aria-invalid="true"] { border-color: var(--v-danger) !important; }
      .why { color: var(--v-danger); font-size: 0.8rem; }
      .why:empty { display: none; }
      .danger { color: var(--v-danger); }
      .ok { color: var(--v-ok); }
      ul.danger { margin: 0; padding-inline-start: 1.2rem; }
      footer { display: flex; flex-wrap: wrap; gap: 0.8rem; align-items: center; }
    `,
  ];
}

customElements.define("videtur-observation-form", VideturObservationForm);
