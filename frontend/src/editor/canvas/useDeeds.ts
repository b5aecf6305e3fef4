import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { copySteps } from "@/graph/clipboard";
import { HEADER_HEIGHT, snapped } from "@/graph/geometry";
import { MAXIMUM_NOTES, NOTE_SIZE, notesOf } from "@/graph/notes";
import { freeNodeId, nodeById, takenIds } from "@/graph/queries";
import type { Position } from "@/graph/values";

import { useAnnounce } from "../Announcer";
import { saveAsFile } from "../saveAsFile";
import { openPanel, perform, type PickerTask, select } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import { useEdits } from "../useEdits";
import { usePaste } from "../usePaste";
import { useFit } from "./fitting";
import { tidyUp } from "./gliding";
import { beginWire } from "./keyWiring";

export type Deeds = ReturnType<typeof useDeeds>;

/** What can be done on the canvas, by whatever means: the keys and the menus do the same. */
export function useDeeds() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const edits = useEdits();
  const pasting = usePaste();
  const announce = useAnnounce();
  const flow = useReactFlow();
  const fit = useFit();
  return useMemo(() => {
    const chosen = (): string[] => [...store.getState().selectedNodes];
    const pick = (task: PickerTask, at: Position = MIDDLE()): void => {
      if (!store.getState().readOnly) store.setState({ picker: { task, at } });
    };
    const saveSteps = (ids: readonly string[]): void => {
      saveAsFile(copySteps(store.getState().graph, new Set(ids)), "cartwheel-steps.json");
      announce(t("said.exported", { count: ids.length }), "notice");
    };
    return {
      ...edits,
      chosen,
      pick,
      remove: () => edits.remove(chosen(), [...store.getState().selectedEdges]),
      duplicate: () => pasting.duplicate(chosen()),
      toggle: () => perform(store, { kind: "toggleDisabled", nodeIds: chosen() }),
      selectAll: () => select(store, takenIds(store.getState().graph)),
      open: () => openFirst(store),
      rename: () => rename(store),
      connect: () => {
        const [first] = chosen();
        const begun = first !== undefined && !store.getState().readOnly && beginWire(store, first);
        if (!begun) announce(t("keyWire.none"));
      },
      search: () => store.setState({ overlay: "search" }),
      shortcuts: () => store.setState({ overlay: "shortcuts" }),
      copy: async () => {
        const isCopied = await copyToClipboard(
          copySteps(store.getState().graph, new Set(chosen())),
        );
        announce(t(isCopied ? "said.copied" : "said.copyByKeys", { count: chosen().length }));
      },
      exportChosen: () => saveSteps(chosen()),
      exportAll: () => saveSteps([...takenIds(store.getState().graph)]),
      /** An empty note, at a point of the window or in the middle of what is seen. */
      addNote: (at: Position = middleOfCanvas()) => {
        if (!addNote(store, flow.screenToFlowPosition(at))) announce(t("note.tooMany"), "notice");
      },
      placeAt: (at: Position): Position => {
        const { x, y } = flow.screenToFlowPosition(at);
        return snapped({ x, y: y - HEADER_HEIGHT / 2 });
      },
      tidy: () => {
        if (store.getState().readOnly) return;
        tidyUp(store);
        requestAnimationFrame(() => fit());
      },
      fit: () => fit(),
      ...lookingDeeds(flow),
    };
  }, [store, edits, pasting, announce, flow, fit, t]);
}

/** A menu's click may write there; where the browser forbids it, the keys still do. */
async function copyToClipboard(text: string): Promise<boolean> {
  if (!("clipboard" in navigator)) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

const MIDDLE = (): Position => ({ x: innerWidth / 2 - 160, y: innerHeight / 4 });

const lookingDeeds = (flow: ReactFlowInstance) => ({
  actualSize: () => void flow.zoomTo(1, { duration: 200 }),
  zoomIn: () => void flow.zoomIn(),
  zoomOut: () => void flow.zoomOut(),
});

type Store = ReturnType<typeof useEditorStore>;

function openFirst(store: Store): void {
  const { graph, selectedNodes, readOnly } = store.getState();
  const [first] = selectedNodes;
  if (first === undefined) return;
  if (nodeById(graph, first)) openPanel(store, first);
  else if (!readOnly) store.setState({ editedNote: first });
}

/** False where there are too many already. */
function addNote(store: Store, { x, y }: Position): boolean {
  const { graph, readOnly } = store.getState();
  if (readOnly) return true;
  if (notesOf(graph).length >= MAXIMUM_NOTES) return false;
  const id = freeNodeId(takenIds(graph), "note");
  const position = snapped({ x: x - NOTE_SIZE.width / 2, y: y - NOTE_SIZE.height / 2 });
  const note = { id, text: "", color: "yellow", position, ...NOTE_SIZE } as const;
  perform(store, { kind: "addNote", note });
  select(store, [id]);
  store.setState({ editedNote: id, openNode: null });
  return true;
}

function middleOfCanvas(): Position {
  const box = document.querySelector(".react-flow")?.getBoundingClientRect();
  return box
    ? { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    : { x: innerWidth / 2, y: innerHeight / 2 };
}

/** The panel may have to be fetched first, so its field is waited for. */
function rename(store: Store): void {
  openFirst(store);
  if (store.getState().openNode === null) return;
  const until = performance.now() + 2_000;
  const look = (): void => {
    const field = document.getElementById("step-name");
    if (field instanceof HTMLInputElement) field.select();
    else if (performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
