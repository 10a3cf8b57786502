/** Which card lies in the direction of an arrow key, by where the cards stand on the screen. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The index to go to from `current`; `current` itself where there is nothing further. */
export function neighbour(boxes: readonly Box[], current: number, arrow: Arrow): number {
  if (arrow === "ArrowLeft") return Math.max(0, current - 1);
  if (arrow === "ArrowRight") return Math.min(boxes.length - 1, current + 1);
  const from = boxes[current];
  if (!from) return current;
  const direction = arrow === "ArrowDown" ? 1 : -1;
  let best = current;
  let least = Infinity;
  boxes.forEach((box, index) => {
    const down = (box.top - from.top) * direction;
    // A card of the same row does not count, however uneven the row is.
    if (down < from.height / 2) return;
    const distance = down * 4 + Math.abs(middle(box) - middle(from));
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

function middle(box: Box): number {
  return box.left + box.width / 2;
}
