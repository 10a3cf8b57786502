import { FrameTable } from "../src/time/frame_table.js";

/** A table of presentation times, read from bytes as the server sends them. */
export function table(times: readonly bigint[], denominator = 1000): FrameTable {
  const view = new DataView(new ArrayBuffer(times.length * 8));
  times.forEach((time, index) => view.setBigInt64(index * 8, time, true));
  return FrameTable.fromBytes(view.buffer, [1, denominator]);
}
