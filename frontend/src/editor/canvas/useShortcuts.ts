import { useEffect } from "react";

import { GRID } from "@/graph/geometry";
import { notesOf } from "@/graph/notes";
import type { Position } from "@/graph/values";

import { closePanel, type EditorStore, perform, select } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import { cancelWire, chooseOutput, chooseTarget, finishWire } from "./keyWiring";
import { type Deeds, useDeeds } from "./useDeeds";
import { useWalk, type Walk } from "./useWalk";

type Act = (event: KeyboardEvent) => void;
type Keys = Readonly<Record<string, Act>>;

const ARROWS: Readonly<Record<string, Position>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
const FAR_NUDGE = 5;

/** The keys of the canvas. They rest while somebody types or a dialog is open. */
export function useShortcuts(): void {
  const store = useEditorStore();
  const deeds = useDeeds();
  const walk = useWalk();
  useEffect(() => {
    const withControl = keysWithControl(store, deeds);
    const plain = plainKeys(store, deeds, walk);
    const wiring = wiringKeys(store, walk);
    const onKeyDown = (event: KeyboardEvent): void => {
      const control = event.ctrlKey || event.metaKey;
      if (event.altKey || isElsewhere(event, control)) return;
      const keys = store.getState().keyWire ? wiring : control ? withControl : plain;
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      followFocus(store);
      act(event);
    };
    window.addEventListener("keydown", noteOpenList, { capture: true });
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", noteOpenList, { capture: true });
      window.removeEventListener("keydown", onKeyDown);
    };
  }, [store, deeds, walk]);
}

function keysWithControl(store: EditorStore, deeds: Deeds): Keys {
  return {
    z: (event) => (event.shiftKey ? deeds.redo() : deeds.undo()),
    y: deeds.redo,
    a: deeds.selectAll,
    d: deeds.duplicate,
    f: deeds.search,
    ...arrowKeys((by, event) => nudge(store, by, event)),
  };
}

function plainKeys(store: EditorStore, deeds: Deeds, walk: Walk): Keys {
  const enter = (): void => {
    const { selectedEdges, selectedNodes } = store.getState();
    const [edgeId] = selectedEdges;
    if (edgeId !== undefined && selectedNodes.size === 0) deeds.pick({ kind: "edge", edgeId });
    else deeds.open();
  };
  return {
    Delete: deeds.remove,
    Backspace: deeds.remove,
    Enter: enter,
    Escape: () => leave(store, walk),
    F2: deeds.rename,
    c: deeds.connect,
    d: deeds.toggle,
    l: walk.alongLines,
    n: () => deeds.addNote(),
    "/": () => deeds.pick({ kind: "free" }),
    "?": deeds.shortcuts,
    "0": deeds.actualSize,
    "1": deeds.fit,
    "+": deeds.zoomIn,
    "=": deeds.zoomIn,
    "-": deeds.zoomOut,
    ...arrowKeys((by, event) => {
      if (!walk.step(by)) nudge(store, by, event);
    }),
  };
}

function wiringKeys(store: EditorStore, walk: Walk): Keys {
  return {
    ArrowRight: () => chooseTarget(store, 1),
    ArrowDown: () => chooseTarget(store, 1),
    ArrowLeft: () => chooseTarget(store, -1),
    ArrowUp: () => chooseTarget(store, -1),
    c: () => chooseOutput(store),
    Enter: () => {
      const target = finishWire(store);
      if (target !== null) walk.to(target);
    },
    Escape: () => cancelWire(store),
  };
}

function arrowKeys(act: (by: Position, event: KeyboardEvent) => void): Keys {
  return Object.fromEntries(
    Object.entries(ARROWS).map(([key, by]) => [key, (event: KeyboardEvent) => act(by, event)]),
  );
}

const TYPING = "input, textarea, select, [contenteditable='true']";
const OTHERS = "[role='dialog'], [role='menu'], [role='listbox']";

/** Whether the key belongs to a field, a dialog or a button, not to the canvas. */
function isElsewhere(event: KeyboardEvent, control: boolean): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (target.closest(OTHERS)) return true;
  if (isLeaving(event, target)) return false;
  const key = event.key.toLowerCase();
  // Taking back works in the panel's fields too: they and the canvas share one history. So does
  // the search, because the browser's own finds nothing that is not drawn.
  const isShared = control && (key === "z" || key === "y" || key === "f");
  if (target.closest(TYPING)) return !(isShared && target.closest("[data-editor-panel]"));
  return event.key === "Enter" && target.closest("button, a, summary") !== null;
}

/** Keys that close a list. It is closed by the time they arrive here, so it is noted before. */
const closing = new WeakSet<Event>();

function noteOpenList(event: KeyboardEvent): void {
  const { target, key } = event;
  const isOpen = target instanceof Element && target.getAttribute("aria-expanded") === "true";
  if (key === "Escape" && isOpen) closing.add(event);
}

/** Escape closes the panel from within its fields too, but first whatever list they have open. */
function isLeaving(event: KeyboardEvent, target: Element): boolean {
  if (event.key !== "Escape" || event.defaultPrevented) return false;
  return !closing.has(event) && target.closest("[data-editor-panel]") !== null;
}

/** Keys mean the card that has the focus, also where it was reached with Tab only. */
function followFocus(store: EditorStore): void {
  const focused = document.activeElement?.closest(".react-flow__node")?.getAttribute("data-id");
  if (focused && !store.getState().selectedNodes.has(focused)) select(store, [focused]);
}

function leave(store: EditorStore, walk: Walk): void {
  const { picker, menu, openNode, selectedEdges } = store.getState();
  const [edgeId] = selectedEdges;
  if (picker || menu) store.setState({ picker: null, menu: null });
  else if (openNode !== null) backToStep(store, openNode);
  else if (edgeId === undefined || !walk.backFrom(edgeId)) select(store, []);
}

/** Closes the panel and gives the keys back to the step that it was about. */
function backToStep(store: EditorStore, nodeId: string): void {
  closePanel(store);
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`);
  if (card instanceof HTMLElement) card.focus({ preventScroll: true });
}

function nudge(store: EditorStore, by: Position, event: KeyboardEvent): void {
  const { graph, selectedNodes } = store.getState();
  const step = GRID * (event.shiftKey ? FAR_NUDGE : 1);
  const places = new Map(
    [...graph.nodes, ...notesOf(graph)]
      .filter(({ id }) => selectedNodes.has(id))
      .map(({ id, position: { x, y } }) => [id, { x: x + by.x * step, y: y + by.y * step }]),
  );
  perform(store, { kind: "moveNodes", places }, "nudge");
}
