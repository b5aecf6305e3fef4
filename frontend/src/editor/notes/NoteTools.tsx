import "@/i18n/later/editor";

import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { type GraphNote, NOTE_COLORS } from "@/graph/notes";

import { perform } from "../store/editorStore";
import { useEditorStore } from "../store/EditorContext";
import { useEdits } from "../useEdits";
import classes from "./Notes.module.css";

/** Over the chosen note: its colour, writing in it, and taking it away. */
export function NoteTools({ note }: { note: GraphNote }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const { remove } = useEdits();
  return (
    <div
      className={`${classes.tools ?? ""} nodrag nopan`}
      role="toolbar"
      aria-label={t("noteCard.tools")}
    >
      {NOTE_COLORS.map((color) => (
        <button
          key={color}
          type="button"
          className={classes.color}
          data-color={color}
          aria-label={t(`noteCard.color.${color}`)}
          title={t(`noteCard.color.${color}`)}
          aria-pressed={note.color === color}
          onClick={() => perform(store, { kind: "changeNote", noteId: note.id, change: { color } })}
        />
      ))}
      <button
        type="button"
        className={classes.tool}
        aria-label={t("noteCard.write")}
        title={t("noteCard.write")}
        onClick={() => store.setState({ editedNote: note.id })}
      >
        <IconPencil size={16} aria-hidden />
      </button>
      <button
        type="button"
        className={classes.tool}
        aria-label={t("noteCard.remove")}
        title={t("noteCard.remove")}
        onClick={() => remove([note.id], [])}
      >
        <IconTrash size={16} aria-hidden />
      </button>
    </div>
  );
}
