import { useReactFlow } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { copySteps } from "@/graph/clipboard";
import type { Position } from "@/graph/values";

import { useAnnounce } from "../Announcer";
import { useEditorStore } from "../store/EditorContext";
import { useEdits } from "../useEdits";
import { offsetTo, usePaste } from "../usePaste";

const FIELDS = "input, textarea, select, [contenteditable='true'], [role='dialog']";

/**
 * Copy, cut and paste through the browser's own events: they need no permission and work on plain
 * http too. The clipboard holds text JSON.
 */
export function useClipboard(): void {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const edits = useEdits();
  const pasting = usePaste();
  const announce = useAnnounce();
  const { screenToFlowPosition } = useReactFlow();
  const pointer = useRef<Position>(null);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const chosen = (): ReadonlySet<string> => store.getState().selectedNodes;
    const copy = (event: ClipboardEvent): boolean => {
      if (isElsewhere(event) || chosen().size === 0) return false;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", copySteps(store.getState().graph, chosen()));
      announce(t("said.copied", { count: chosen().size }));
      return true;
    };
    const cut = (event: ClipboardEvent): void => {
      const ids = [...chosen()];
      if (!store.getState().readOnly && copy(event)) edits.remove(ids, []);
    };
    const paste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (isElsewhere(event) || store.getState().readOnly || text === "") return;
      event.preventDefault();
      const at = pointer.current && screenToFlowPosition(pointer.current);
      pasting.pasteText(text, (clip) => offsetTo(clip, at));
    };
    window.addEventListener("copy", copy, { signal });
    window.addEventListener("cut", cut, { signal });
    window.addEventListener("paste", paste, { signal });
    window.addEventListener(
      "pointermove",
      ({ clientX: x, clientY: y, target }) => {
        const isOnCanvas = target instanceof Element && target.closest(".react-flow") !== null;
        pointer.current = isOnCanvas ? { x, y } : null;
      },
      { signal, passive: true },
    );
    return () => controller.abort();
  }, [store, edits, pasting, announce, screenToFlowPosition, t]);
}

function isElsewhere({ target }: ClipboardEvent): boolean {
  const isInField = target instanceof Element && target.closest(FIELDS) !== null;
  return isInField || (document.getSelection()?.toString() ?? "") !== "";
}
