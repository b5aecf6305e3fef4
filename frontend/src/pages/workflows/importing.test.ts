import { describe, expect, it } from "vitest";

import { looksLikeWorkflow, readImport } from "./importing";

describe("a text that shall become a workflow", () => {
  it("is handed on as it is when it is JSON", () => {
    expect(readImport('{"nodes": [{}], "edges": []}')).toEqual({
      document: { nodes: [{}], edges: [] },
    });
  });

  it.each([
    ["", "empty"],
    ["  \n", "empty"],
    ["Hello, how are you?", "notJson"],
    ['{"nodes": [', "notJson"],
    ["x".repeat(20_000_001), "tooLarge"],
  ])("is refused when it is none: %#", (text, fault) => {
    expect(readImport(text)).toMatchObject({ fault });
  });

  it.each([
    { nodes: Array(10_000).fill({}) },
    { cartwheel: "workflow", graph: { nodes: Array(10_000).fill({}) } },
  ])("is refused with the count of its steps when there are too many", (document) => {
    expect(readImport(JSON.stringify(document))).toEqual({ fault: "tooManySteps", count: 10_000 });
  });

  it("is known from what else people paste", () => {
    expect(looksLikeWorkflow(' {"cartwheel": "steps", "nodes": []}')).toBe(true);
    expect(looksLikeWorkflow("Order nodes for the shop")).toBe(false);
  });
});
