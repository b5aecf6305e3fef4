import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";

import { GRID } from "@/graph/geometry";
import type { Position } from "@/graph/values";

import { closePanel, type EditorStore, openPanel, perform, select } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import { useEdits } from "../useEdits";
import { usePaste } from "../usePaste";
import { FIT_VIEW } from "./CanvasControls";

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
  const edits = useEdits();
  const pasting = usePaste();
  const flow = useReactFlow();
  useEffect(() => {
    const chosen = (): string[] => [...store.getState().selectedNodes];
    const withControl: Keys = {
      z: (event) => (event.shiftKey ? edits.redo() : edits.undo()),
      y: edits.redo,
      a: () =>
        select(
          store,
          store.getState().graph.nodes.map((node) => node.id),
        ),
      d: () => pasting.duplicate(chosen()),
    };
    const remove = (): void => edits.remove(chosen(), [...store.getState().selectedEdges]);
    const plain: Keys = {
      Delete: remove,
      Backspace: remove,
      Enter: () => openOnly(store),
      Escape: () => leave(store),
      F2: () => rename(store),
      d: () => perform(store, { kind: "toggleDisabled", nodeIds: chosen() }),
      "/": () => openPicker(store),
      "0": () => void flow.zoomTo(1, { duration: 200 }),
      "1": () => void flow.fitView(FIT_VIEW),
      "+": () => void flow.zoomIn(),
      "-": () => void flow.zoomOut(),
      ...Object.fromEntries(
        Object.entries(ARROWS).map(([key, by]) => [
          key,
          (event: KeyboardEvent) => nudge(store, by, event),
        ]),
      ),
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const control = event.ctrlKey || event.metaKey;
      if (event.altKey || isElsewhere(event, control)) return;
      const act = (control ? withControl : plain)[
        event.key.length === 1 ? event.key.toLowerCase() : event.key
      ];
      if (act === undefined) return;
      event.preventDefault();
      followFocus(store);
      act(event);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [store, edits, pasting, flow]);
}

const TYPING = "input, textarea, select, [contenteditable='true']";
const OTHERS = "[role='dialog'], [role='menu'], [role='listbox']";

/** Whether the key belongs to a field, a dialog or a button, not to the canvas. */
function isElsewhere(event: KeyboardEvent, control: boolean): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  if (target.closest(OTHERS)) return true;
  if (isLeaving(event, target)) return false;
  // Taking back works in the panel's fields too: they and the canvas share one history.
  const isHistory = control && (event.key === "z" || event.key === "Z" || event.key === "y");
  if (target.closest(TYPING)) return !(isHistory && target.closest("[data-editor-panel]"));
  return event.key === "Enter" && target.closest("button, a, summary") !== null;
}

/** Escape closes the panel from within its fields too, but first whatever list they have open. */
function isLeaving(event: KeyboardEvent, target: Element): boolean {
  if (event.key !== "Escape" || event.defaultPrevented) return false;
  const isOpen = target.getAttribute("aria-expanded") === "true";
  return !isOpen && target.closest("[data-editor-panel]") !== null;
}

/** Keys mean the card that has the focus, also where it was reached with Tab only. */
function followFocus(store: EditorStore): void {
  const focused = document.activeElement?.closest(".react-flow__node")?.getAttribute("data-id");
  if (focused && !store.getState().selectedNodes.has(focused)) select(store, [focused]);
}

function openOnly(store: EditorStore): void {
  const [first] = store.getState().selectedNodes;
  if (first !== undefined) openPanel(store, first);
}

function leave(store: EditorStore): void {
  const { picker, openNode } = store.getState();
  if (picker) store.setState({ picker: null });
  else if (openNode !== null) backToStep(store, openNode);
  else select(store, []);
}

/** Closes the panel and gives the keys back to the step that it was about. */
function backToStep(store: EditorStore, nodeId: string): void {
  closePanel(store);
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`);
  if (card instanceof HTMLElement) card.focus({ preventScroll: true });
}

function rename(store: EditorStore): void {
  openOnly(store);
  requestAnimationFrame(() => {
    const field = document.getElementById("step-name");
    if (field instanceof HTMLInputElement) field.select();
  });
}

function openPicker(store: EditorStore): void {
  if (store.getState().readOnly) return;
  const at = { x: innerWidth / 2 - 160, y: innerHeight / 4 };
  store.setState({ picker: { task: { kind: "free" }, at } });
}

function nudge(store: EditorStore, by: Position, event: KeyboardEvent): void {
  const { graph, selectedNodes } = store.getState();
  const step = GRID * (event.shiftKey ? FAR_NUDGE : 1);
  const places = new Map(
    graph.nodes
      .filter((node) => selectedNodes.has(node.id))
      .map(({ id, position: { x, y } }) => [id, { x: x + by.x * step, y: y + by.y * step }]),
  );
  perform(store, { kind: "moveNodes", places }, "nudge");
}
