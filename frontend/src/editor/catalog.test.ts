import { expect, test } from "vitest";

import { overlaid } from "@/ui/words";

const schema = {
  type: "object",
  properties: {
    target: { enum: ["order"], title: "Add to", "x-labels": { order: "The order" } },
    tags: { type: "array", title: "Tags", items: { title: "Tag" } },
  },
};

test("words of another language take the place of the schema's, however deep", () => {
  const words = {
    properties: {
      target: { title: "Dodaj do", "x-labels": { order: "Zamówienie" } },
      tags: { items: { title: "Tag po polsku" } },
    },
  };
  expect(overlaid(schema, words)).toEqual({
    type: "object",
    properties: {
      target: { enum: ["order"], title: "Dodaj do", "x-labels": { order: "Zamówienie" } },
      tags: { type: "array", title: "Tags", items: { title: "Tag po polsku" } },
    },
  });
});

test("words without a place in the schema are left out, and none change nothing", () => {
  expect(overlaid(schema, { properties: { gone: { title: "?" } } })).toEqual(schema);
  expect(overlaid(schema, undefined)).toBe(schema);
});
