import { beforeAll, describe, expect, test } from "vitest";

import { Catalog, type Schema } from "@/graph/catalog";
import { graphOf, step } from "@/graph/testing";
import type { Config, Json } from "@/graph/values";
import { i18n, startTexts } from "@/i18n";

import { NODE_TYPES } from "../fixtures";
import { summaryOf } from "./summaryOf";

const catalog = new Catalog(NODE_TYPES);

beforeAll(() => startTexts());

function summary(ref: string, config: Config, schema: Schema = {}): string {
  const node = step("it", ref, { config });
  const graph = graphOf([step("start", "trigger.order_created@1"), node]);
  const t = i18n.getFixedT("en", "editor");
  const known = catalog.get(ref)!;
  const type = { ...known, config_schema: { ...known.config_schema, ...schema } };
  const tables = [{ id: "t1", name: "Waitlist", columns: [{ key: "e_mail", name: "E-mail" }] }];
  return summaryOf(node, type, { graph, catalog, t, language: "en", tables });
}

const rule = (field: string, operator: string, value: string) => ({ field, operator, value });

test("a condition reads as a sentence", () => {
  const rules = {
    combinator: "and",
    rules: [rule("order.total", ">", "100"), rule("order.test", "=", "false")],
  };
  expect(summary("condition.if@1", { rules })).toBe(
    "Order total is above 100 and Test order is false",
  );
});

test("dates come before and after, not below and above", () => {
  const rules = { combinator: "or", rules: [rule("order.created_at", "<", "2026-12-01")] };
  expect(summary("condition.if@1", { rules })).toBe("Order ordered at is before 2026-12-01");
});

test("groups, opposites and unknown paths have words too", () => {
  const rules: Json = {
    combinator: "or",
    not: true,
    rules: [
      { combinator: "and", rules: [rule("steps.gone.total_price", "notNull", "")] },
      { field: "order.name", operator: "in", value: ["#1", "#2"] },
    ],
  };
  expect(summary("condition.if@1", { rules })).toBe(
    "not: (Steps gone total price is not empty) or Order name is one of #1, #2",
  );
});

test("columns, values and events go by their names, not by what programs call them", () => {
  const look = (widget: string): Schema => ({
    properties: { table: { "x-widget": "table" }, it: { "x-widget": widget } },
  });
  const at = (widget: string, it: string): string =>
    summary("flow.delay@1", { table: "t1", it }, look(widget));
  expect(at("table-column", "e_mail")).toBe("Waitlist: E-mail");
  expect(at("variable", "order.total")).toBe("Order total");
  expect(at("event-type", "order_created")).toBe("Order placed");
});

test("a wait says how long", () => {
  expect(summary("flow.delay@1", { amount: 3, unit: "days" })).toBe("3 days");
});

test("a message shows its first words, with variables as their names", () => {
  const text = "<p>Hi {{ order.name }},</p> thanks {{ order.total | money }}!";
  expect(summary("action.send_sms@1", { to: "{{ customer.phone }}", text })).toBe(
    "Hi Order name, thanks …!",
  );
});

test("cases are listed by their names", () => {
  const cases: Json = [
    { id: "a", label: "Poland", value: "PL" },
    { id: "b", value: "DE" },
  ];
  expect(summary("condition.switch@1", { field: "order.name", cases })).toBe("Poland, DE");
});

test("a step without settings says what it does", () => {
  expect(summary("trigger.order_created@1", {})).toBe("Order placed, described.");
});

describe("a line of the node type's own", () => {
  const labels = { mon: "Mon", fri: "Fri" };
  const schedule = {
    ...catalog.get("flow.delay@1")!,
    config_schema: {
      "x-summary": {
        daily: { if: { repeat: "days" }, words: "Every day at {time}" },
        weekly: { words: "{weekdays} at {time}" },
      },
      properties: {
        repeat: { default: "days" },
        weekdays: { items: { "x-labels": labels } },
        time: { default: "09:00" },
      },
    },
  };

  function own(config: Config): string {
    const t = i18n.getFixedT("en", "editor");
    const node = step("it", "flow.delay@1", { config });
    return summaryOf(node, schedule, { graph: graphOf([node]), catalog, t, language: "en" });
  }

  test("is the first case that fits, with the defaults", () => {
    expect(own({ time: "08:30" })).toBe("Every day at 08:30");
  });

  test("names chosen values by their labels", () => {
    expect(own({ repeat: "weeks", weekdays: ["mon", "fri"] })).toBe("Mon and Fri at 09:00");
  });

  test("is left out while half of it is missing", () => {
    expect(own({ repeat: "weeks", time: "08:30" })).not.toContain(" at ");
  });
});
