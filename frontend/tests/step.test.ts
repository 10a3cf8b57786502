import { expect, test } from "vitest";
import { stepped } from "../src/pair/step.js";

test("keys lead from moment to moment and stop at the ends", () => {
  expect(stepped(0, 3, "ArrowRight")).toBe(1);
  expect(stepped(2, 3, "ArrowRight")).toBe(2);
  expect(stepped(0, 3, "ArrowLeft")).toBe(0);
  expect(stepped(0, 3, "End")).toBe(2);
  expect(stepped(2, 3, "Home")).toBe(0);
  expect(stepped(1, 3, "x")).toBeNull();
  expect(stepped(0, 0, "End")).toBeNull();
});
