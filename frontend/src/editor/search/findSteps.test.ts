import { expect, test } from "vitest";

import { catalog, EMAIL, graphOf, IF, step, TRIGGER } from "@/graph/testing";

import { findSteps } from "./findSteps";

const graph = graphOf([
  step("start", TRIGGER),
  step("check", IF, { config: { rules: { rules: [{ field: "order.total", value: "120" }] } } }),
  step("mail", EMAIL, { label: "Dziękujemy", config: { body: "Your parcel is on its way" } }),
  step("odd", "action.gone@7"),
]);
const idsFor = (search: string) =>
  findSteps(graph, catalog, search, "Unknown step").map(({ nodeId }) => nodeId);

test.each([
  ["dziekujemy", ["mail"]],
  ["send email", ["mail"]],
  ["parcel", ["mail"]],
  ["120", ["check"]],
  ["email parcel", ["mail"]],
  ["unknown", ["odd"]],
  ["nothing like it", []],
  ["  ", []],
])("“%s” finds %j", (search, expected) => {
  expect(idsFor(search)).toEqual(expected);
});

test("a setting that holds the words is quoted", () => {
  const [found] = findSteps(graph, catalog, "parcel", "Unknown step");
  expect(found).toEqual({
    nodeId: "mail",
    name: "Dziękujemy",
    excerpt: "Your parcel is on its way",
  });
});
