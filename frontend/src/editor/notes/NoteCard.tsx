import "@/i18n/later/editor";

import type { NodeProps } from "@xyflow/react";
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { type GraphNote, LONGEST_NOTE } from "@/graph/notes";
import { Markdown } from "@/ui/Markdown";

import type { NoteNode } from "../canvas/flowElements";
import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import classes from "./Notes.module.css";
import { NoteTools } from "./NoteTools";
import { ResizeHandle } from "./ResizeHandle";
import { useResizing } from "./useResizing";

/** A note on the canvas: read as simple markdown, written as plain text. */
export const NoteCard = memo(function NoteCard({ data: { note }, selected }: NodeProps<NoteNode>) {
  const readOnly = useEditor((state) => state.readOnly);
  const isWriting = useEditor((state) => state.editedNote === note.id && !state.readOnly);
  const isAlone = useEditor(({ selectedNodes }) => selectedNodes.size === 1);
  const resizing = useResizing(note);
  return (
    <div
      className={classes.note}
      data-color={note.color}
      data-selected={selected || undefined}
      style={{ ...resizing.size }}
    >
      {isWriting ? <Writing note={note} /> : <Reading note={note} />}
      {selected && isAlone && !readOnly && (
        <>
          <NoteTools note={note} />
          <ResizeHandle {...resizing} />
        </>
      )}
    </div>
  );
});

function Reading({ note }: { note: GraphNote }) {
  const { t } = useTranslation("editor");
  return (
    <div className={classes.text}>
      {note.text.trim() === "" ? (
        <span className={classes.empty}>{t("noteCard.empty")}</span>
      ) : (
        <Markdown text={note.text} />
      )}
    </div>
  );
}

/** Every key goes into the draft at once, a burst of them as one step of undo. */
function Writing({ note }: { note: GraphNote }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const leave = (): void => store.setState({ editedNote: null });
  return (
    <textarea
      ref={field}
      className={`${classes.field ?? ""} nodrag nopan nowheel`}
      data-editor-panel
      aria-label={t("noteCard.text")}
      placeholder={t("noteCard.placeholder")}
      maxLength={LONGEST_NOTE}
      value={note.text}
      onChange={({ currentTarget: { value: text } }) =>
        perform(store, { kind: "changeNote", noteId: note.id, change: { text } }, `note ${note.id}`)
      }
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus();
      }}
    />
  );
}
