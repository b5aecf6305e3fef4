import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Workflow } from "@/api/types";
import { renameWorkflow, workflowQuery } from "@/api/workflows";
import { useNotify } from "@/ui/notify";

import { useEditor } from "../store/EditorContext";
import classes from "./TopBar.module.css";

/** The name of the workflow, to be changed in place. */
export function WorkflowName({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  const [text, setText] = useState(workflow.name);
  const rename = useRename(workflow, setText);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter") event.currentTarget.blur();
    if (event.key === "Escape") setText(workflow.name);
  };
  return (
    <input
      className={classes.name}
      aria-label={t("top.name")}
      value={text}
      maxLength={200}
      disabled={readOnly}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => void rename(text)}
      onKeyDown={onKeyDown}
    />
  );
}

function useRename(workflow: Workflow, show: (name: string) => void) {
  const client = useQueryClient();
  const { failed } = useNotify();
  return async (text: string): Promise<void> => {
    const name = text.trim();
    if (name === "") show(workflow.name);
    if (name === "" || name === workflow.name) return;
    try {
      await renameWorkflow(workflow.id, name);
      client.setQueryData(
        workflowQuery(workflow.id).queryKey,
        (known) => known && { ...known, name },
      );
      await client.invalidateQueries({ queryKey: ["workflows"] });
    } catch (error) {
      show(workflow.name);
      failed(error);
    }
  };
}
