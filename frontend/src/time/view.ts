/** The stretch of the timeline that the lanes show, in seconds from the item's first time. */

export interface View {
  readonly from: number;
  readonly to: number;
}

const SHORTEST = 0.5;

export function whole(duration: number): View {
  return { from: 0, to: Math.max(duration, 0.001) };
}

/** The view `factor` times as long (less than 1 is nearer) that keeps `anchor` where it is on the screen. */
export function zoomed(view: View, factor: number, anchor: number, duration: number): View {
  const length = view.to - view.from;
  const wanted = Math.min(Math.max(length * factor, Math.min(SHORTEST, duration)), duration);
  const share = (anchor - view.from) / length;
  return within(anchor - share * wanted, wanted, duration);
}

/** The view moved, if it must, so that `second` is in it. */
export function following(view: View, second: number, duration: number): View {
  const length = view.to - view.from;
  if (second >= view.from && second <= view.to) return view;
  return within(second - length / 8, length, duration);
}

export function shareOf(view: View, second: number): number {
  return (second - view.from) / (view.to - view.from);
}

function within(from: number, length: number, duration: number): View {
  const start = Math.min(Math.max(from, 0), Math.max(duration - length, 0));
  return { from: start, to: start + length };
}
