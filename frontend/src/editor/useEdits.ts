import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

import { notesOf } from "@/graph/notes";
import type { Connection } from "@/graph/values";
import { useNotify } from "@/ui/notify";

import { useAnnounce } from "./Announcer";
import { doAgain, perform, takeBack } from "./store/editorStore";
import { useEditorStore } from "./store/EditorContext";

/** Deeds that more than one button and key do, with the words that follow them. */
export function useEdits() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const announce = useAnnounce();
  const { done } = useNotify();

  const undo = useCallback(() => {
    const moved = takeBack(store);
    announce(t(moved ? "said.undone" : "said.nothingToUndo"));
  }, [store, announce, t]);

  const redo = useCallback(() => {
    const moved = doAgain(store);
    announce(t(moved ? "said.redone" : "said.nothingToRedo"));
  }, [store, announce, t]);

  const remove = useCallback(
    (nodeIds: readonly string[], edgeIds: readonly string[]) => {
      if (nodeIds.length + edgeIds.length === 0) return;
      const { graph } = store.getState();
      const around = connectionsAround(graph, new Set(nodeIds));
      const notes = notesOf(graph).filter(({ id }) => nodeIds.includes(id)).length;
      perform(store, { kind: "delete", nodeIds, edgeIds });
      if (nodeIds.length === 0) return announce(t("said.disconnected"));
      const steps = nodeIds.length - notes;
      if (steps === 0) return announce(t("said.notesDeleted", { count: notes }), "notice");
      const words = t("said.deleted", { count: steps });
      if (around.length === 0) return announce(words, "notice");
      const join = (): void => perform(store, { kind: "connect", connections: around });
      done(words, { words: t("said.join"), act: join });
      announce(words);
    },
    [store, announce, done, t],
  );

  return useMemo(() => ({ undo, redo, remove }), [undo, redo, remove]);
}

/** What would join the neighbours of one deleted step: each edge in goes on to each edge out. */
function connectionsAround(
  { edges }: { readonly edges: readonly Connection[] },
  ids: ReadonlySet<string>,
): readonly Connection[] {
  const [id] = ids;
  if (id === undefined || ids.size > 1) return [];
  const next = edges.filter((edge) => edge.source === id);
  const following = next.length === 1 ? next[0] : undefined;
  if (!following) return [];
  return edges
    .filter((edge) => edge.target === id)
    .map(({ source, sourceHandle }) => ({
      source,
      sourceHandle,
      target: following.target,
      targetHandle: following.targetHandle,
    }));
}
