import { expect, test } from "vitest";

import { Catalog, type NodeType } from "@/graph/catalog";
import { pinOf } from "@/graph/pins";
import type { Graph } from "@/graph/values";

import { choicesOf, goingBy } from "./otherWays";

function typeOf(type: string, category: string, ...ports: string[]): NodeType {
  return {
    type,
    version: 1,
    ref: `${type}@1`,
    category,
    label: type,
    dynamic_ports: null,
    ports: ports.map((id) => ({ id, label: id })),
    samples: [{ name: "no", port: "refused", output: { comment: "Too much" } }],
  } as unknown as NodeType;
}

const catalog = new Catalog([
  typeOf("flow.approval", "flow", "approved", "refused"),
  typeOf("flow.for_each", "flow", "body", "done"),
  typeOf("condition.if", "condition", "then", "otherwise"),
  typeOf("action.send_sms", "action", "done", "error"),
]);
const kinds = ["flow.approval", "flow.for_each", "condition.if", "action.send_sms"];
const graph = {
  nodes: kinds.map((kind) => ({
    id: kind,
    type: `${kind}@1`,
    config: {},
    position: { x: 0, y: 0 },
  })),
  edges: [],
  settings: {},
} as unknown as Graph;

test("what people decide can go another way; conditions follow the data, and loops go on", () => {
  const ran = [...kinds, ...kinds].map((node_id) => ({ node_id }));
  expect(choicesOf(graph, catalog, ran).map((choice) => choice.nodeId)).toEqual(["flow.approval"]);
});

test("a step that goes another way gives what its sample gives there, and the draft stays", () => {
  const changed = goingBy(graph, catalog, { "flow.approval": "refused" });
  const pin = pinOf(changed.settings, "flow.approval");
  expect(pin).toEqual({ port: "refused", output: { comment: "Too much" } });
  expect(graph.settings).toEqual({});
});
