import { expect, it } from "vitest";

import { isDay, lastDays, momentsOf } from "./period";

it("takes days as the shop's clocks have them, also where they are put forward", () => {
  expect(momentsOf({ from: "2026-03-29", to: "2026-03-29" }, "Europe/Warsaw")).toEqual({
    since: "2026-03-28T23:00:00.000Z",
    until: "2026-03-29T22:00:00.000Z",
  });
  expect(momentsOf({ from: "2026-11-22" }, "America/New_York")).toEqual({
    since: "2026-11-22T05:00:00.000Z",
  });
  expect(momentsOf({}, "UTC")).toEqual({});
});

it("counts today as one of the last days", () => {
  const now = new Date("2026-11-22T23:30:00Z");
  expect(lastDays(1, "Europe/Warsaw", now)).toEqual({ from: "2026-11-23" });
  expect(lastDays(7, "UTC", now)).toEqual({ from: "2026-11-16" });
});

it("knows a day from other texts", () => {
  expect(isDay("2026-11-22")).toBe(true);
  expect(["2026-13-45", "22.11.2026", 7, undefined].some(isDay)).toBe(false);
});
