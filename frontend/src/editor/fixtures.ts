/** A small catalogue and workflows for the tests of the editor. */
import type { JsonObject, NodeType, Problem, Workflow } from "@/api/types";

function nodeType(ref: string, label: string, more: Partial<NodeType>): NodeType {
  const [type = "", version = "1"] = ref.split("@");
  return {
    type,
    version: Number(version),
    ref,
    category: type.split(".")[0] as NodeType["category"],
    label,
    description: `${label}, described.`,
    app: null,
    icon: "",
    ports: [{ id: "done", label: "Done" }],
    dynamic_ports: null,
    effect: "none",
    delivery: "keyed",
    message: null,
    reversible: false,
    body: false,
    search: [],
    event_type: null,
    config_schema: { type: "object", properties: {} },
    output_schema: { type: "object", properties: {} },
    samples: [],
    translations: {},
    ...more,
  };
}

const order: JsonObject = {
  type: "object",
  title: "Order",
  properties: {
    name: { type: "string", title: "Order name" },
    total: { type: "string", title: "Total", "x-type": "money" },
    created_at: { type: "string", title: "Ordered at", format: "date-time" },
    test: { type: "boolean", title: "Test order" },
  },
};

export const NODE_TYPES: NodeType[] = [
  nodeType("trigger.order_created@1", "Order placed", {
    event_type: "order_created",
    output_schema: { type: "object", properties: { order } },
    samples: [
      {
        name: "three_items",
        title: "Three items",
        config: {},
        input: {},
        output: { order: { name: "#1042", total: "143.60" } },
        port: "done",
        error: null,
      },
    ],
  }),
  nodeType("condition.if@1", "If", {
    ports: [
      { id: "then", label: "Then" },
      { id: "otherwise", label: "Otherwise" },
    ],
    config_schema: {
      type: "object",
      properties: { rules: { type: "object", title: "Conditions", "x-widget": "rules" } },
      required: ["rules"],
    },
  }),
  nodeType("condition.switch@1", "Switch", {
    ports: [{ id: "otherwise", label: "Otherwise" }],
    dynamic_ports: "/cases",
    config_schema: {
      type: "object",
      properties: {
        field: { type: "string", title: "Value", "x-widget": "variable", "x-order": 1 },
        cases: {
          type: "array",
          title: "Cases",
          "x-widget": "cases",
          "x-order": 2,
          items: { type: "object", properties: { operator: { enum: ["=", "in"] } } },
        },
      },
    },
  }),
  nodeType("flow.delay@1", "Wait", {
    search: ["pause", "delay"],
    config_schema: {
      type: "object",
      properties: {
        amount: { type: "integer", default: 1, title: "How long" },
        unit: { enum: ["hours", "days"], default: "days", title: "Unit" },
      },
    },
  }),
  nodeType("action.send_sms@1", "Send SMS", {
    search: ["text", "message"],
    message: {
      channel: "sms",
      category: "transactional",
      to: "to",
      text: "text",
      subject: null,
    },
    ports: [
      { id: "done", label: "Done" },
      { id: "error", label: "Error" },
    ],
    config_schema: {
      type: "object",
      properties: {
        to: { type: "string", title: "To", default: "{{ customer.phone }}", "x-template": true },
        text: { type: "string", title: "Message", "x-widget": "template-multiline" },
      },
      required: ["to", "text"],
    },
  }),
];

export const START = {
  id: "start",
  type: "trigger.order_created@1",
  config: {},
  position: { x: 0, y: 0 },
};
export const SMS = {
  id: "sms",
  type: "action.send_sms@1",
  config: { to: "+48", text: "Hi {{ order.name }}" },
  position: { x: 368, y: 0 },
};
export const START_TO_SMS = {
  id: "e1",
  source: "start",
  sourceHandle: "done",
  target: "sms",
  targetHandle: "in",
};

export const PROBLEM: Problem = {
  code: "missing_setting",
  severity: "error",
  node_id: "sms",
  field: "/text",
  message: "The message is missing.",
  fix: "Write what the customer reads.",
};

export function workflow(more: Partial<Workflow> = {}): Workflow {
  return {
    id: "w1",
    name: "Thank you",
    labels: [],
    channel: "sms",
    state: "draft",
    active_version: null,
    revision: 3,
    has_changes: true,
    uses_sandbox: false,
    problems: { errors: 0, warnings: 0 },
    trigger_type: "trigger.order_created",
    created_at: "2026-11-20T08:00:00Z",
    updated_at: "2026-11-20T08:00:00Z",
    graph: { schema: 1, nodes: [START, SMS], edges: [START_TO_SMS], settings: { channel: "sms" } },
    problem_list: [],
    ...more,
  };
}

export const EMPTY = { schema: 1 as const, nodes: [], edges: [], settings: {} };
