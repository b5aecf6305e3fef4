import { expect, test } from "vitest";

import { operatorsFor, readRules, valueCount, valuesOf } from "./rules";

test("each type has its own operators, and keeps one in use that does not fit", () => {
  expect(operatorsFor("money", ">")).toContain("between");
  expect(operatorsFor("money", ">")).not.toContain("contains");
  expect(operatorsFor("boolean", "matches")).toEqual(["=", "null", "notNull", "matches"]);
});

test("what is no rule is left out, what a rule holds besides is kept", () => {
  const read = readRules({
    combinator: "xor",
    rules: [7, { field: "a", operator: ">", value: "1", note: "kept" }, { rules: "no" }],
  });
  expect(read).toEqual({
    combinator: "and",
    rules: [
      { field: "a", operator: ">", value: "1", note: "kept" },
      { combinator: "and", rules: [] },
    ],
  });
  expect(readRules("nonsense").rules).toEqual([]);
});

test("operators say how many values they need", () => {
  expect(["null", "=", "between", "notIn"].map(valueCount)).toEqual([
    "none",
    "one",
    "two",
    "several",
  ]);
});

test("several values are read from a list and from a text", () => {
  expect(valuesOf(["a", 2])).toEqual(["a", "2"]);
  expect(valuesOf("a, b")).toEqual(["a", "b"]);
  expect(valuesOf("")).toEqual([]);
});
