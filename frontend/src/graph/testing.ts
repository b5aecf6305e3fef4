/** Node types and graphs for the tests of the graph core. */
import { Catalog, type NodeType, type Schema } from "./catalog";
import { EMPTY_GRAPH, type Graph, type GraphEdge, type GraphNode } from "./values";

function nodeType(ref: string, more: Partial<NodeType> = {}): NodeType {
  const [type = "", version = "1"] = ref.split("@");
  return {
    type,
    version: Number(version),
    ref,
    category: type.split(".")[0] as NodeType["category"],
    label: ref,
    description: "",
    app: null,
    icon: "",
    ports: [{ id: "done", label: "" }],
    dynamic_ports: null,
    effect: "none",
    message: null,
    search: [],
    event_type: null,
    config_schema: {},
    output_schema: {},
    samples: [],
    ...more,
  };
}

const order = {
  type: "object",
  title: "Order",
  properties: {
    name: { type: "string", title: "Number" },
    total: { type: "string", title: "Total", "x-type": "money" },
    note: { type: ["string", "null"], title: "Note" },
    tags: { type: "array", title: "Tags", items: { type: "string" } },
    customer: {
      anyOf: [
        { type: "object", properties: { email: { type: "string", title: "Email" } } },
        { type: "null" },
      ],
      title: "Customer",
    },
    line_items: {
      type: "array",
      title: "Items",
      items: { type: "object", properties: { sku: { type: "string", title: "SKU" } } },
    },
  },
} as const;

export const TRIGGER = "trigger.order_created@1";
export const IF = "condition.if@1";
export const SWITCH = "condition.switch@1";
export const DELAY = "flow.delay@1";
export const STOP = "flow.stop@1";
export const SET = "data.set@1";
export const EVENT = "trigger.event@1";
export const FIND_ROW = "data.find_row@1";
export const EMAIL = "action.send_email@1";

const row: Schema = {
  type: ["object", "null"],
  title: "Row",
  "x-row-of": "/table",
  properties: { id: { type: "string", title: "Row ID" } },
};

export const catalog = new Catalog([
  nodeType(TRIGGER, {
    output_schema: { type: "object", properties: { order } },
    samples: [
      {
        name: "An order",
        output: { order: { name: "#1042", total: "369.97", line_items: [{ sku: "CUP-1" }] } },
      },
    ],
  }),
  nodeType(IF, {
    ports: [
      { id: "then", label: "Then" },
      { id: "otherwise", label: "Otherwise" },
    ],
  }),
  nodeType(SWITCH, { ports: [{ id: "otherwise", label: "Otherwise" }], dynamic_ports: "/cases" }),
  nodeType(DELAY, {
    config_schema: { properties: { amount: { type: "integer" }, unit: { default: "days" } } },
  }),
  nodeType(STOP, { ports: [] }),
  nodeType(SET, {
    output_schema: { type: "object", "x-members": { at: "/values", name: "name", kind: "type" } },
  }),
  nodeType(EVENT, { output_schema: { type: "object", "x-like": "/sample" } }),
  nodeType(FIND_ROW, {
    output_schema: {
      type: "object",
      properties: { row, rows: { type: "array", title: "Rows", items: row } },
    },
  }),
  nodeType(EMAIL, {
    label: "Send an email",
    ports: [
      { id: "done", label: "" },
      { id: "error", label: "If it fails" },
    ],
    output_schema: {
      type: "object",
      properties: { message_id: { type: "string", title: "Message number" } },
    },
  }),
  nodeType("action.send_email@2", { label: "Send an email, newer" }),
]);

export function step(id: string, type: string, more: Partial<GraphNode> = {}): GraphNode {
  return { id, type, config: {}, position: { x: 0, y: 0 }, ...more };
}

/** From `source`, or `source.port`, to `target`. */
export function edge(from: string, target: string): GraphEdge {
  const [source = "", sourceHandle = "done"] = from.split(".");
  return { id: `${from}-${target}`, source, sourceHandle, target, targetHandle: "in" };
}

export function graphOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[] = []): Graph {
  return { ...EMPTY_GRAPH, nodes, edges };
}
