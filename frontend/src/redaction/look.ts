/** How the page of a masked copy stands. */

import { css } from "lit";

export const redactionLook = css`
  :host { display: block; }
  .bench { display: grid; gap: 1rem; grid-template-columns: minmax(0, 3fr) minmax(20rem, 2fr); align-items: start; }
  .left { display: grid; gap: 0.6rem; min-width: 0; }
  .bar { display: flex; flex-wrap: wrap; gap: 0.35rem 0.5rem; align-items: center; font-size: 0.85rem; }
  .bar label { display: flex; gap: 0.4rem; align-items: center; }
  .bar select, .bar input { width: auto; }
  .grow { flex: 1; }
  .problem { color: var(--v-danger); margin: 0; }
  .reason { display: grid; gap: 0.4rem; border: 1px solid var(--v-line); border-radius: 6px; padding: 0.6rem; justify-items: start; }
  .reason label { display: grid; gap: 0.2rem; width: 100%; }
  .reason p { margin: 0; }
  details { border: 1px solid var(--v-line); border-radius: 6px; padding: 0.4rem 0.6rem; font-size: 0.9rem; }
  details > * + * { margin-top: 0.4rem; }
  .undone { text-decoration: line-through; color: var(--v-quiet); }
  @media (max-width: 60rem) { .bench { grid-template-columns: minmax(0, 1fr); } }
`;
