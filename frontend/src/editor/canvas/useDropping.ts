import { useReactFlow } from "@xyflow/react";
import { type DragEvent, type MouseEvent, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { HEADER_HEIGHT, snapped } from "@/graph/geometry";

import { useAnnounce } from "../Announcer";
import { useEditorStore } from "../store/EditorContext";
import { offsetTo, usePaste } from "../usePaste";

/** Beyond this it is no workflow, whatever it is. */
const LARGEST_FILE = 20_000_000;

/** Files let go on the canvas, and double clicks on its empty places. */
export function useDropping() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const announce = useAnnounce();
  const pasting = usePaste();
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    const drop = async (file: File, at: { x: number; y: number }): Promise<void> => {
      if (file.size > LARGEST_FILE) announce(t("paste.not_steps"), "notice");
      else pasting.pasteText(await file.text(), (clip) => offsetTo(clip, screenToFlowPosition(at)));
    };
    return {
      onDragOver: (event: DragEvent) => {
        if (holdsFile(event) && !store.getState().readOnly) event.preventDefault();
      },
      onDrop: (event: DragEvent) => {
        const [file] = event.dataTransfer.files;
        if (!file || store.getState().readOnly) return;
        event.preventDefault();
        void drop(file, { x: event.clientX, y: event.clientY });
      },
      onDoubleClick: (event: MouseEvent) => {
        const isPane = event.target instanceof Element && event.target.matches(".react-flow__pane");
        if (!isPane || store.getState().readOnly) return;
        const at = { x: event.clientX, y: event.clientY };
        const { x, y } = screenToFlowPosition(at);
        const place = snapped({ x, y: y - HEADER_HEIGHT / 2 });
        store.setState({ picker: { task: { kind: "free", place }, at } });
      },
    };
  }, [store, announce, pasting, screenToFlowPosition, t]);
}

const holdsFile = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes("Files");
