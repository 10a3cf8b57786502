/** What our components share of the look. Colours are the page's variables, with a dark fallback. */

import { css } from "lit";

export const shared = css`
  :host {
    --v-surface: var(--surface, #0f1215);
    --v-raised: var(--surface-raised, #171b20);
    --v-text: var(--text, #e4e7ea);
    --v-quiet: var(--text-quiet, #9aa4ae);
    --v-accent: var(--accent, #e0a458);
    --v-on-accent: var(--on-accent, #14100a);
    --v-line: var(--line, #2b323a);
    --v-danger: var(--danger, #ff8a7a);
    --v-ok: var(--ok, #7fc79a);
    color: var(--v-text);
    font: inherit;
  }
  *, *::before, *::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  button, select, input, textarea { font: inherit; color: inherit; }
  button {
    background: transparent;
    border: 1px solid var(--v-line);
    border-radius: 5px;
    padding: 0.25rem 0.6rem;
    min-height: 1.75rem;
    min-width: 1.75rem;
    cursor: pointer;
  }
  button:hover:not(:disabled) { border-color: var(--v-quiet); }
  button[aria-pressed="true"] { border-color: var(--v-accent); color: var(--v-accent); }
  button.first { background: var(--v-accent); border-color: var(--v-accent); color: var(--v-on-accent); font-weight: 600; }
  button:disabled { opacity: 0.5; cursor: default; }
  :focus-visible { outline: 2px solid var(--v-accent); outline-offset: 2px; }
  a { color: var(--v-accent); }
  select, input:not([type="checkbox"]):not([type="radio"]), textarea {
    background: var(--v-surface);
    border: 1px solid var(--v-line);
    border-radius: 5px;
    padding: 0.25rem 0.45rem;
    min-height: 1.9rem;
    width: 100%;
  }
  input[type="checkbox"] { accent-color: var(--v-accent); }
  kbd {
    display: inline-block;
    font: 0.8em/1.5 ui-monospace, SFMono-Regular, Menlo, monospace;
    border: 1px solid var(--v-line);
    border-bottom-width: 2px;
    border-radius: 4px;
    padding: 0 0.4em;
    min-width: 1.6em;
    text-align: center;
    color: var(--v-text);
    background: var(--v-surface);
  }
  .quiet { color: var(--v-quiet); }
  .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-variant-numeric: tabular-nums; }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** How a hidden picture looks: nothing can be made out of it, and nothing moves visibly. */
export const veil = css`
  .veiled { filter: blur(22px) grayscale(1) brightness(0.7); }
  .grey { filter: grayscale(1); }
`;

/** How the parts of the workbench stand on the page. */
export const benchLook = css`
  :host { display: block; }
  .bench { display: grid; gap: 0.8rem; }
  .top { display: grid; gap: 1rem; grid-template-columns: auto minmax(20rem, 1fr); align-items: stretch; }
  .top > * { min-width: 0; }
  /* The lists scroll within the height of the player: changing the tab must not move the timeline. */
  .top videtur-lists { contain: size; min-height: 23rem; }
  .top:has(videtur-player[size="large"]) { grid-template-columns: minmax(0, 1fr); }
  .top:has(videtur-player[size="large"]) videtur-lists { height: 20rem; }
  .top:has(videtur-player[size="large"]) videtur-player { margin-inline: auto; max-width: 78rem; }
  @media (max-width: 56rem) {
    .top { grid-template-columns: minmax(0, 1fr); }
    .top videtur-lists { height: 20rem; }
  }
  .zoom { display: flex; gap: 0.3rem; align-items: center; font-size: 0.85rem; margin-bottom: -0.3rem; }
  .grow { flex: 1; }
  .problem { color: var(--v-danger); }
`;
