import { expect, test } from "vitest";

import { applyChanges } from "./changes";
import { copySteps, fitClip, readClip, type Clip } from "./clipboard";
import { type Command } from "./commands/command";
import { planCommand } from "./commands/plan";
import { type GraphNote, NOTE_SIZE, notesOf } from "./notes";
import { readGraphJson } from "./reading";
import { catalog, edge, EMAIL, graphOf, step, TRIGGER } from "./testing";
import { type Graph } from "./values";

const note = (id: string, x: number, y: number): GraphNote => ({
  ...{ id, text: "**Ask Ola**", color: "blue", position: { x, y } },
  ...NOTE_SIZE,
});

const drawing: Graph = {
  ...graphOf(
    [step("start", TRIGGER), step("mail", EMAIL, { position: { x: 900, y: 640 } })],
    [edge("start", "mail")],
  ),
  notes: [note("beside", 912, 768), note("apart", 4000, 4000)],
};

function after(command: Command, graph = drawing): Graph {
  return applyChanges(graph, planCommand(graph, catalog, command));
}

test("tidying up takes a note along with the step it lies at, and leaves others alone", () => {
  const tidied = after({ kind: "tidy" });
  const mail = tidied.nodes[1]?.position ?? { x: NaN, y: NaN };
  const [beside, apart] = notesOf(tidied);
  expect(mail).not.toEqual({ x: 900, y: 640 });
  expect(Math.abs((beside?.position.x ?? 0) - mail.x - 12)).toBeLessThanOrEqual(8);
  expect(Math.abs((beside?.position.y ?? 0) - mail.y - 128)).toBeLessThanOrEqual(8);
  expect(apart).toBe(drawing.notes?.[1]);
});

test("a note travels over the clipboard under a new id", () => {
  const clip = readClip(copySteps(drawing, new Set(["beside"]))) as Clip;
  const fitted = fitClip(drawing, catalog, clip, { x: 16, y: 0 });
  expect(fitted.notes).toEqual([{ ...note("note", 928, 768) }]);
});

test("what was deleted last leaves no empty list behind", () => {
  const without = after({ kind: "delete", nodeIds: ["beside", "apart"], edgeIds: [] });
  expect("notes" in without).toBe(false);
});

test("notes from elsewhere are read with what they say, and left out where they are none", () => {
  const read = readGraphJson({
    nodes: [],
    edges: [],
    notes: [{ id: "n", text: "Hello", color: "loud", width: 9 }, { id: "m" }, 7],
  });
  expect(read?.notes).toEqual([
    { id: "n", text: "Hello", color: "yellow", position: { x: 0, y: 0 }, width: 128, height: 160 },
  ]);
});
