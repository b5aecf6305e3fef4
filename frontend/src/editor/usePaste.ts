import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { type Clip, type ClipFault, copySteps, fitClip, readClip } from "@/graph/clipboard";
import { GRID, snapped } from "@/graph/geometry";
import { idsOf } from "@/graph/queries";
import { MAXIMUM_NODES, type Position } from "@/graph/values";

import { useAnnounce } from "./Announcer";
import { perform, select } from "./store/editorStore";
import { useEditorStore } from "./store/EditorContext";

/** Bringing copies of steps onto the canvas, from a text or from the canvas itself. */
export function usePaste() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const announce = useAnnounce();

  const paste = useCallback(
    (clip: Clip, offset: Position) => {
      const { graph, catalog } = store.getState();
      const fitted = fitClip(graph, catalog, clip, offset);
      if (graph.nodes.length + fitted.nodes.length > MAXIMUM_NODES) {
        return announce(t("paste.too_many", { most: MAXIMUM_NODES }), "notice");
      }
      perform(store, { kind: "paste", ...fitted });
      select(store, [...idsOf(fitted.nodes), ...idsOf(fitted.notes)]);
      const leftOut = clip.nodes.length - fitted.nodes.length;
      const unknown = fitted.nodes.filter((node) => catalog.get(node.type) === undefined).length;
      if (unknown > 0) announce(t("paste.unknown", { count: unknown }), "notice");
      else if (leftOut > 0) announce(t("paste.trigger"), "notice");
      else announce(t("paste.done", { count: fitted.nodes.length + fitted.notes.length }));
    },
    [store, announce, t],
  );

  const pasteText = useCallback(
    (text: string, at: (clip: Clip) => Position) => {
      const clip: Clip | ClipFault = readClip(text);
      if (typeof clip !== "string") return paste(clip, at(clip));
      announce(t(`paste.${clip}`, { most: MAXIMUM_NODES }), "notice");
    },
    [paste, announce, t],
  );

  const duplicate = useCallback(
    (ids: readonly string[]) => {
      const clip = readClip(copySteps(store.getState().graph, new Set(ids)));
      if (typeof clip !== "string") paste(clip, { x: 3 * GRID, y: 6 * GRID });
    },
    [store, paste],
  );

  return useMemo(() => ({ pasteText, duplicate }), [pasteText, duplicate]);
}

/** So that the first step lands under the pointer; beside the originals where there is none. */
export function offsetTo({ nodes, notes }: Clip, at: Position | null): Position {
  if (at === null) return { x: 3 * GRID, y: 6 * GRID };
  const places = [...nodes, ...notes].map(({ position }) => position);
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  return snapped({ x: at.x - left, y: at.y - top });
}
