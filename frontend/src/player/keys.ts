/** The keys of the playhead: the same on every page that plays a film. */

import type { Playhead } from "./playhead.js";

export function playheadKeys(of: () => Playhead | null): Readonly<Record<string, () => void>> {
  return {
    " ": () => of()?.toggle(),
    j: () => of()?.rewind(),
    k: () => of()?.pause(),
    l: () => of()?.forward(),
    "[": () => of()?.changeSpeed(-1),
    "]": () => of()?.changeSpeed(1),
    ",": () => of()?.step(-1),
    ".": () => of()?.step(1),
    ArrowLeft: () => of()?.move(-1),
    ArrowRight: () => of()?.move(1),
    Home: () => of()?.toStart(),
    End: () => of()?.toEnd(),
  };
}
