// @vitest-environment jsdom

import { describe, expect, it } from "vitest";

import { formatsOf } from "./formats";

const now = new Date("2026-11-22T12:00:00Z");
const formats = formatsOf("en-GB", "Europe/Warsaw");

describe("times", () => {
  it("are written in the shop's time zone", () => {
    expect(formats.full("2026-11-22T23:30:00Z")).toBe("23 November 2026 at 00:30");
  });

  it.each([
    ["2026-11-22T12:00:10Z", "now"],
    ["2026-11-22T11:59:30Z", "30 seconds ago"],
    ["2026-11-22T11:57:00Z", "3 minutes ago"],
    ["2026-11-25T12:00:00Z", "in 3 days"],
  ])("tell how far away %s is: %s", (at, words) => {
    expect(formats.relative(at, now)).toBe(words);
  });

  it.each([
    ["2026-11-22T07:05:00Z", "08:05"],
    ["2026-03-01T07:05:00Z", "1 Mar"],
    ["2025-03-01T07:05:00Z", "1 Mar 2025"],
  ])("are as short as they can be: %s is %s", (at, words) => {
    expect(formats.short(at, now)).toBe(words);
  });

  it("fall back to the browser's where the shop's locale or zone is unknown to it", () => {
    expect(formatsOf("not a locale", "Mars/Olympus").full("2026-11-22T12:00:00Z")).toContain(
      "2026",
    );
  });
});

it.each([
  [1_400, "1.4s"],
  [95_000, "1.6 minutes"],
  [7_200_000, "2 hours"],
])("a duration of %i ms is %s", (milliseconds, words) => {
  expect(formats.duration(milliseconds)).toBe(words);
});
