/** From the time of the original to the second of the preview, and back. */

import { type MediaTime, type TimeBase, after, ratio, secondsBetween } from "./media_time.js";

export class PreviewClock {
  /** `origin` is the time of the original that the preview shows at its second 0. */
  constructor(readonly origin: MediaTime) {}

  secondOf(time: MediaTime): number {
    return secondsBetween(this.origin, time);
  }

  /** The second of a time counted in half ticks (see `FrameTable.middleInHalfTicks`). */
  secondOfHalfTicks(halfTicks: bigint, timeBase: TimeBase): number {
    const [n1, d1] = this.origin.timeBase.map(BigInt) as [bigint, bigint];
    const [n2, d2] = timeBase.map(BigInt) as [bigint, bigint];
    return ratio(halfTicks * n2 * d1 - 2n * this.origin.pts * n1 * d2, 2n * d1 * d2);
  }

  timeAt(second: number): MediaTime {
    return after(this.origin, second);
  }
}
