import { expect, test } from "vitest";

import { catalog, edge, EMAIL, EVENT, FIND_ROW, graphOf, IF, SET, step, TRIGGER } from "./testing";
import { type Json } from "./values";
import {
  availableVariables,
  findVariable,
  liquidOf,
  pathOfPlaceholder,
  type ScopeRoot,
} from "./variables";

const graph = graphOf(
  [
    step("start", TRIGGER),
    step("hello", EMAIL, { label: "Say hello" }),
    step("check", IF),
    step("elsewhere", EMAIL),
  ],
  [edge("start", "hello"), edge("hello", "check"), edge("start", "elsewhere")],
);
const workspace: ScopeRoot = {
  name: "workspace",
  schema: { title: "Shop", properties: { name: { type: "string", title: "Name" } } },
};
const groups = availableVariables(graph, catalog, "check", [workspace]);

test("a step sees the trigger's objects, the steps before it and what is always there", () => {
  expect(groups.map((group) => [group.path, group.label])).toEqual([
    ["order", "Order"],
    ["steps.hello", "Say hello"],
    ["workspace", "Shop"],
  ]);
});

test("a variable says its words, its type and a sample value", () => {
  expect(findVariable(groups, "order.total")).toMatchObject({
    labels: ["Order", "Total"],
    type: "money",
    sample: "369.97",
    mayBeEmpty: false,
  });
});

test("a field that may be null says so, inside an object that may be null too", () => {
  expect(findVariable(groups, "order.note")?.mayBeEmpty).toBe(true);
  expect(findVariable(groups, "order.customer.email")?.labels).toEqual([
    "Order",
    "Customer",
    "Email",
  ]);
});

test("the fields of a list's items name their list and the first sample", () => {
  expect(findVariable(groups, "order.line_items.sku")).toMatchObject({
    list: "order.line_items",
    sample: "CUP-1",
  });
});

test("in a text, a variable is Liquid that a chip can be made of again", () => {
  const texts = ["order.total", "order.tags", "order.line_items.sku"].map((path) =>
    liquidOf(findVariable(groups, path)!),
  );
  expect(texts).toEqual([
    "{{ order.total }}",
    '{{ order.tags | join: ", " }}',
    '{{ order.line_items | map: "sku" | join: ", " }}',
  ]);
  expect(texts.map(pathOfPlaceholder)).toEqual([
    "order.total",
    "order.tags",
    "order.line_items.sku",
  ]);
});

test("richer Liquid stays text", () => {
  expect(pathOfPlaceholder("{{ order.total | times: 2 }}")).toBeNull();
  expect(pathOfPlaceholder('{{ order.total | default: "0" | times: 2 }}')).toBeNull();
});

test("a value with other words for where it is empty is a chip, too", () => {
  const texts = ['{{ customer.name | default: "there" }}', "{{customer.name|default:'there'}}"];
  expect(texts.map(pathOfPlaceholder)).toEqual(["customer.name", "customer.name"]);
});

test("a step that names its own values offers them by these names", () => {
  const values: Json = [
    { name: "gift_total", type: "money", value: "{{ order.total }}" },
    { type: "text" },
  ];
  const named = graphOf(
    [step("start", TRIGGER), step("set", SET, { config: { values } }), step("mail", EMAIL)],
    [edge("start", "set"), edge("set", "mail")],
  );
  const found = availableVariables(named, catalog, "mail", []);
  expect(findVariable(found, "steps.set.gift_total")?.type).toBe("money");
});

test("an event of one's own offers the fields of its example", () => {
  const config = { sample: { member: { points: 120, since: null }, tags: ["gold"] } };
  const own = graphOf(
    [step("start", EVENT, { config }), step("mail", EMAIL)],
    [edge("start", "mail")],
  );
  const found = availableVariables(own, catalog, "mail", []);
  expect(findVariable(found, "member.points")).toMatchObject({ type: "number", sample: 120 });
  expect(findVariable(found, "tags")?.type).toBe("list");
});

test("a row that a step found offers the columns of its table, and a list of rows too", () => {
  const find = step("find", FIND_ROW, { label: "Find a row", config: { table: "waitlist" } });
  const rows = graphOf([find, step("mail", EMAIL)], [edge("find", "mail")]);
  const columns = [
    { key: "e_mail", name: "E-mail", type: "text", choices: [] },
    { key: "size", name: "Size", type: "choice", choices: ["S", "M"] },
  ] as const;
  const found = availableVariables(rows, catalog, "mail", [], new Map([["waitlist", columns]]));
  expect(findVariable(found, "steps.find.row.e_mail")).toMatchObject({
    labels: ["Find a row", "Row", "E-mail"],
    mayBeEmpty: true,
  });
  expect(findVariable(found, "steps.find.rows.size")).toMatchObject({
    list: "steps.find.rows",
    choices: ["S", "M"],
  });
});
