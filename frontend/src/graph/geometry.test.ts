import { expect, it } from "vitest";

import { HEADER_HEIGHT, portHeight, portRows } from "./geometry";

const DONE = { id: "done", label: "It happened" };
const LATE = { id: "timed_out", label: "Time is up" };
const ERROR = { id: "error", label: "Error" };

it("lets the only way on leave from the head of the card, errors or not", () => {
  expect(portRows([DONE])).toEqual([]);
  expect(portRows([DONE, ERROR])).toEqual([ERROR]);
  expect(portHeight([DONE, ERROR], "done")).toBe(HEADER_HEIGHT / 2);
});

it("names each way on where there are several", () => {
  expect(portRows([DONE, LATE, ERROR])).toEqual([DONE, LATE, ERROR]);
  expect(portHeight([DONE, LATE], "done")).toBeGreaterThan(HEADER_HEIGHT);
  expect(portHeight([DONE, LATE], "done")).toBeLessThan(portHeight([DONE, LATE], "timed_out"));
});
