import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { copySteps } from "@/graph/clipboard";
import { HEADER_HEIGHT, snapped } from "@/graph/geometry";
import type { Position } from "@/graph/values";

import { useAnnounce } from "../Announcer";
import { saveAsFile } from "../saveAsFile";
import { openPanel, perform, type PickerTask, select } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import { useEdits } from "../useEdits";
import { usePaste } from "../usePaste";
import { FIT_VIEW } from "./fitting";
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
      selectAll: () =>
        select(
          store,
          store.getState().graph.nodes.map((node) => node.id),
        ),
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
      exportAll: () => saveSteps(store.getState().graph.nodes.map(({ id }) => id)),
      placeAt: (at: Position): Position => {
        const { x, y } = flow.screenToFlowPosition(at);
        return snapped({ x, y: y - HEADER_HEIGHT / 2 });
      },
      tidy: () => {
        if (store.getState().readOnly) return;
        tidyUp(store);
        requestAnimationFrame(() => void flow.fitView(FIT_VIEW));
      },
      ...lookingDeeds(flow),
    };
  }, [store, edits, pasting, announce, flow, t]);
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
  fit: () => void flow.fitView(FIT_VIEW),
  actualSize: () => void flow.zoomTo(1, { duration: 200 }),
  zoomIn: () => void flow.zoomIn(),
  zoomOut: () => void flow.zoomOut(),
});

type Store = ReturnType<typeof useEditorStore>;

function openFirst(store: Store): void {
  const [first] = store.getState().selectedNodes;
  if (first !== undefined) openPanel(store, first);
}

/** The panel may have to be fetched first, so its field is waited for. */
function rename(store: Store): void {
  openFirst(store);
  const until = performance.now() + 2_000;
  const look = (): void => {
    const field = document.getElementById("step-name");
    if (field instanceof HTMLInputElement) field.select();
    else if (performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
