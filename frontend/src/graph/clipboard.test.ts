import { expect, test } from "vitest";

import { copySteps, fitClip, readClip, type Clip } from "./clipboard";
import { catalog, edge, EMAIL, graphOf, IF, step, TRIGGER } from "./testing";

const text = "Sent as {{ steps.mail.message_id }}, not {{ steps.mailing.x }}";
const graph = graphOf(
  [step("start", TRIGGER), step("mail", EMAIL), step("note", EMAIL, { config: { body: [text] } })],
  [edge("start", "mail"), edge("mail", "note")],
);

function copied(ids: readonly string[]): Clip {
  return readClip(copySteps(graph, new Set(ids))) as Clip;
}

test("copied text holds the steps and the edges between them", () => {
  const clip = copied(["mail", "note"]);
  expect(clip.nodes).toEqual(graph.nodes.slice(1));
  expect(clip.edges).toEqual([edge("mail", "note")]);
});

test("pasted steps get new ids, and texts name the copies", () => {
  const clip = fitClip(graph, catalog, copied(["mail", "note"]), { x: 16, y: 32 });
  expect(clip.nodes.map((node) => node.id)).toEqual(["send_email", "send_email_2"]);
  expect(clip.edges.map((item) => [item.source, item.target])).toEqual([
    ["send_email", "send_email_2"],
  ]);
  expect(clip.nodes[1]?.config).toEqual({
    body: ["Sent as {{ steps.send_email.message_id }}, not {{ steps.mailing.x }}"],
  });
  expect(clip.nodes[0]?.position).toEqual({ x: 16, y: 32 });
});

test("a second trigger stays behind, with the edges that left it", () => {
  const clip = fitClip(graph, catalog, copied(["start", "mail"]), { x: 0, y: 0 });
  expect(clip.nodes.map((node) => node.type)).toEqual([EMAIL]);
  expect(clip.edges).toEqual([]);
});

test("a whole workflow's graph pastes as well", () => {
  expect(readClip(JSON.stringify(graph))).toMatchObject({ nodes: graph.nodes });
});

test("a step of an unknown type is kept", () => {
  const odd = graphOf([step("odd", "action.gone@9", { config: { any: 1 } })]);
  expect(readClip(JSON.stringify(odd))).toMatchObject({ nodes: odd.nodes });
});

test.each([
  ["plain words", "hello", "not_steps"],
  ["other JSON", '{"a": 1}', "not_steps"],
  ["a list", "[1, 2]", "not_steps"],
  ["a step without an id", '{"nodes": [{"type": "x@1"}]}', "not_steps"],
  ["a later version", '{"schema": 2, "nodes": []}', "newer"],
  [
    "ten thousand steps",
    JSON.stringify({ nodes: Array.from({ length: 10_000 }, (_, index) => step(`n${index}`, IF)) }),
    "too_many",
  ],
])("%s is refused with its reason", (_name, pasted, reason) => {
  expect(readClip(pasted)).toBe(reason);
});
