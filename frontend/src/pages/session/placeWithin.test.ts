import { expect, it } from "vitest";

import { placeWithin } from "./placeWithin";

it("goes on where the person wanted to go", () => {
  expect(placeWithin("/runs?status=failed")).toBe("/runs?status=failed");
});

it.each([undefined, "", "//evil.example", "/\\evil.example", "https://evil.example"])(
  "goes to the workflows instead of %s",
  (next) => expect(placeWithin(next)).toBe("/workflows"),
);
