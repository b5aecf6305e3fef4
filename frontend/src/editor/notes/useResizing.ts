import { useReactFlow } from "@xyflow/react";
import { type PointerEvent, useCallback, useRef, useState } from "react";

import type { Size } from "@/graph/geometry";
import { type GraphNote, noteSize } from "@/graph/notes";

import { perform } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";

export interface Resizing {
  /** The note's size, while it is pulled the one to come. */
  readonly size: Size;
  readonly begin: (event: PointerEvent) => void;
  readonly pull: (event: PointerEvent) => void;
  readonly end: () => void;
  /** By a number of pixels, from the keys. */
  readonly grow: (width: number, height: number) => void;
}

/** Pulling a note larger or smaller: one gesture, one change of the graph. */
export function useResizing(note: GraphNote): Resizing {
  const store = useEditorStore();
  const { getZoom } = useReactFlow();
  const from = useRef({ x: 0, y: 0 });
  const [pulled, setPulled] = useState<Size | null>(null);
  const { id, width, height } = note;
  const set = useCallback(
    (size: Size, gesture?: string) =>
      perform(store, { kind: "changeNote", noteId: id, change: size }, gesture),
    [store, id],
  );
  return {
    size: pulled ?? { width, height },
    begin: (event) => {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      from.current = { x: event.clientX, y: event.clientY };
      setPulled({ width, height });
    },
    pull: (event) => {
      if (pulled === null) return;
      const zoom = getZoom();
      const across = (event.clientX - from.current.x) / zoom;
      const down = (event.clientY - from.current.y) / zoom;
      setPulled(noteSize({ width: width + across, height: height + down }));
    },
    end: () => {
      if (pulled !== null) set(pulled);
      setPulled(null);
    },
    grow: (across, down) =>
      set(noteSize({ width: width + across, height: height + down }), `size ${id}`),
  };
}
