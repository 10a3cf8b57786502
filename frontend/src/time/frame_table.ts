/** The presentation time of every picture of a film, in the order they are shown. */

import type { MediaTime, TimeBase } from "./media_time.js";

const BYTES_OF_A_TIME = 8;

export class FrameTable {
  private constructor(
    private readonly times: BigInt64Array,
    readonly timeBase: TimeBase,
  ) {}

  /** Reads little-endian 64-bit integers. Throws RangeError when the bytes are not a whole number of them. */
  static fromBytes(bytes: ArrayBuffer, timeBase: TimeBase): FrameTable {
    if (bytes.byteLength % BYTES_OF_A_TIME) throw new RangeError("the table of presentation times is cut short");
    const view = new DataView(bytes);
    const times = new BigInt64Array(bytes.byteLength / BYTES_OF_A_TIME);
    for (let index = 0; index < times.length; index += 1) {
      times[index] = view.getBigInt64(index * BYTES_OF_A_TIME, true);
    }
    return new FrameTable(times, timeBase);
  }

  get length(): number {
    return this.times.length;
  }

  /** The time of one picture; the nearest one where the index is out of the table. */
  at(index: number): MediaTime {
    return { pts: this.times[this.clamped(index)] ?? 0n, timeBase: this.timeBase };
  }

  /** The picture on screen at `pts`: the last whose time is not later. Before the first it is the first. */
  indexAt(pts: bigint): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] as bigint) <= pts) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** The picture whose time is nearest: what a browser means when it reports a rounded time. */
  nearest(pts: bigint): number {
    const index = this.indexAt(pts);
    if (index + 1 >= this.times.length) return index;
    const here = this.times[index] as bigint;
    const next = this.times[index + 1] as bigint;
    return next - pts < pts - here ? index + 1 : index;
  }

  /**
   * Where to seek so that picture `index` is shown whatever way the browser rounds: halfway to the next one.
   * Counted in half ticks, so that it stays whole.
   */
  middleInHalfTicks(index: number): bigint {
    const here = this.clamped(index);
    const time = this.times[here] as bigint;
    const next = this.times[here + 1];
    if (next !== undefined) return time + next;
    const previous = this.times[here - 1];
    return 2n * time + (previous === undefined ? 0n : time - previous);
  }

  clamped(index: number): number {
    return Math.min(Math.max(index, 0), this.times.length - 1);
  }
}
