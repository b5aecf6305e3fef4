/** What a frame may cost, told in cards that are drawn again: no noise of any machine touches it. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, waitFor } from "@testing-library/react";
import { ReactFlowProvider, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { beforeEach, expect, test, vi } from "vitest";

import type { Run, StepStatus } from "@/api/types";
import { catalog, edge, EMAIL, graphOf, step, TRIGGER } from "@/graph/testing";
import { startTexts } from "@/i18n";

import { Announcer } from "../Announcer";
import { createEditorStore, type EditorStore } from "../store/editorStore";
import { EditorProvider } from "../store/EditorContext";
import { movedTo } from "../store/motion";
import { traceOfRun } from "../store/trace";
import { Canvas } from "./Canvas";
import { paintOf } from "./statusPaint";

const { drawn } = vi.hoisted(() => ({ drawn: [] as string[] }));
// Stands on every card, so it is drawn whenever its card is.
vi.mock("../numbers/LazyCardNumbers", () => ({
  LazyCardNumbers: ({ nodeId }: { nodeId: string }) => {
    drawn.push(nodeId);
    return null;
  },
}));

// Takes nothing from the canvas and stands in it, so it is drawn whenever all of the canvas is.
vi.mock("./EmptyCanvas", () => ({
  EmptyCanvas: () => {
    drawn.push("the canvas");
    return null;
  },
}));

const IDS = ["start", "one", "two", "three", "four"];
const graph = graphOf(
  IDS.map((id, index) => ({
    ...step(id, index === 0 ? TRIGGER : EMAIL),
    position: { x: 368 * index, y: 0 },
  })),
  IDS.slice(1).map((id, index) => edge(IDS[index] ?? "", id)),
);

type Flow = ReturnType<typeof useStoreApi>;
let store: EditorStore;
let flow: Flow;

function Probe() {
  const found = useStoreApi();
  useEffect(() => {
    flow = found;
  }, [found]);
  return null;
}

const runWith = (...steps: object[]) => ({ graph, steps }) as unknown as Run;
const did = (node_id: string, status: StepStatus) => ({
  node_id,
  iteration: "",
  status,
  port: "done",
});

beforeEach(async () => {
  await startTexts();
  store = createEditorStore({ catalog, graph });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <EditorProvider store={store}>
          <ReactFlowProvider>
            <Announcer>
              <Canvas />
              <Probe />
            </Announcer>
          </ReactFlowProvider>
        </EditorProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  await look(1);
});

/** At this zoom, once the cards are drawn for it. */
async function look(zoom: number): Promise<void> {
  act(() => flow.setState({ transform: [0, 0, zoom] }));
  await waitFor(() => expect(document.querySelectorAll("[data-far]").length > 0).toBe(zoom < 0.45));
  drawn.length = 0;
}

const show = (run: Run) => act(() => store.setState({ trace: traceOfRun(run) }));

const statuses = () =>
  [...document.querySelectorAll<HTMLElement>(".card")].map(({ dataset }) => dataset.trace);

/** The paths of lines that differ afterwards, by the id of their edge. */
function linesChangedBy(change: () => void): string[] {
  const paths = (): Map<string, string> =>
    new Map(
      [...document.querySelectorAll(".react-flow__edge")].map((line) => [
        line.getAttribute("data-id") ?? "",
        line.querySelector("path")?.getAttribute("d") ?? "",
      ]),
    );
  const before = paths();
  act(change);
  return [...paths()].filter(([id, path]) => before.get(id) !== path).map(([id]) => id);
}

test("a pan draws no card and no line again", () => {
  const changed = linesChangedBy(() => flow.setState({ transform: [-300, 40, 1] }));
  expect(document.querySelector(".react-flow__viewport")).toHaveStyle({
    transform: "translate(-300px,40px) scale(1)",
  });
  expect(drawn).toEqual([]);
  expect(changed).toEqual([]);
});

test("a moving view asks nobody but those who follow it, and React Flow when it rests", async () => {
  let asked = 0;
  const stop = flow.subscribe(() => (asked += 1));
  void flow.getState().panZoom?.setViewport({ x: -300, y: 40, zoom: 1 });
  expect(asked).toBe(0);
  expect(store.getState().view.getState()).toMatchObject({ x: -300, y: 40, zoom: 1 });
  expect(flow.getState().transform).toEqual([-300, 40, 1]);
  expect(document.querySelector(".react-flow__viewport")).toHaveStyle({
    transform: "translate(-300px,40px) scale(1)",
  });
  await waitFor(() => expect(asked).toBeGreaterThan(0));
  expect(drawn).toEqual([]);
  stop();
});

test("what the whole of a large run came to is painted in more than one frame", async () => {
  const many = Array.from({ length: 300 }, (_, index) => `n${index}`);
  const cards = many.map((id) => {
    const card = document.createElement("div");
    paintOf(store).follow(card, id);
    return card;
  });
  const painted = () => cards.filter(({ dataset }) => dataset.trace === "succeeded").length;
  show(runWith(...many.map((id) => did(id, "succeeded"))));
  expect(painted()).toBeLessThan(cards.length);
  await waitFor(() => expect(painted()).toBe(cards.length));
});

test("a dragged step draws itself and its own lines again, and not the canvas around it", () => {
  const { motion } = store.getState();
  const changed = linesChangedBy(() =>
    motion.setState(movedTo(motion.getState(), new Map([["two", { x: 736, y: 160 }]]))),
  );
  expect(new Set(drawn)).toEqual(new Set(["two"]));
  expect(changed).toEqual(["one-two", "two-three"]);
});

const BEFORE = runWith(did("start", "succeeded"), did("one", "running"));
const AFTER = runWith(BEFORE.steps[0] ?? {}, did("one", "succeeded"), did("two", "running"));
const SHOWN = ["succeeded", "succeeded", "running", "untouched", "untouched"];

test("a live update draws the steps again that it is about", () => {
  show(BEFORE);
  drawn.length = 0;
  show(AFTER);
  expect(new Set(drawn)).toEqual(new Set(["one", "two"]));
  expect(statuses()).toEqual(SHOWN);
});

test("from afar a live update only colours the cards", async () => {
  await look(0.2);
  show(BEFORE);
  show(AFTER);
  expect(drawn).toEqual([]);
  expect(statuses()).toEqual(SHOWN);
});
