import { expect, test } from "vitest";

import { NODE_TYPES } from "../fixtures";
import { groupTypes, searchTypes } from "./searchTypes";

const found = (search: string) => searchTypes(NODE_TYPES, search).map((type) => type.label);

test("a type is found by its name, a synonym and the beginning of a word", () => {
  expect(found("send sms")).toEqual(["Send SMS"]);
  expect(found("pause")).toEqual(["Wait"]);
  expect(found("mess")).toEqual(["Send SMS"]);
});

test("the name counts more than the description", () => {
  const [wait] = NODE_TYPES.filter((type) => type.label === "Wait");
  const other = { ...wait!, ref: "x@1", label: "Other", search: [], description: "Can wait" };
  expect(searchTypes([other, wait!], "wait").map((type) => type.label)).toEqual(["Wait", "Other"]);
});

test("accents and capitals do not matter", () => {
  const polish = { ...NODE_TYPES[0]!, label: "Złożono zamówienie" };
  expect(searchTypes([polish], "ZLOZONO zamowienie")).toEqual([polish]);
});

test("nothing fits what is not there", () => {
  expect(found("elephant")).toEqual([]);
});

test("the workflow's own channel comes first among the actions", () => {
  const sms = NODE_TYPES.find((type) => type.label === "Send SMS")!;
  const slack = { ...sms, ref: "slack@1", message: { channel: "slack", category: "" } };
  const groups = groupTypes([slack, sms] as never, "sms");
  expect(groups[0]?.types.map((type) => type.message?.channel)).toEqual(["sms", "slack"]);
});
