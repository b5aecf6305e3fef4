import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { keepAnswer } from "@/api/keeping";
import type { Workflow } from "@/api/types";
import { renameWorkflow, workflowQuery } from "@/api/workflows";
import { useNotify } from "@/ui/notify";

import { useEditor } from "../store/EditorContext";
import classes from "./TopBar.module.css";

/** The name of the workflow, to be changed in place. Only what was typed is saved: the name may have
 * been changed elsewhere while it was looked at. */
export function WorkflowName({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  const [typed, setTyped] = useState<string | null>(null);
  const rename = useRename(workflow);
  const keep = async (): Promise<void> => {
    if (typed === null) return;
    await rename(typed);
    setTyped((now) => (now === typed ? null : now));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter") event.currentTarget.blur();
    if (event.key === "Escape") setTyped(null);
  };
  return (
    <input
      className={classes.name}
      aria-label={t("top.name")}
      value={typed ?? workflow.name}
      maxLength={200}
      disabled={readOnly}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => void keep()}
      onKeyDown={onKeyDown}
    />
  );
}

function useRename(workflow: Workflow) {
  const client = useQueryClient();
  const { failed } = useNotify();
  return async (text: string): Promise<void> => {
    const name = text.trim();
    if (name === "" || name === workflow.name) return;
    try {
      await renameWorkflow(workflow.id, name);
      await keepAnswer<Workflow>(
        client,
        workflowQuery(workflow.id).queryKey,
        (known) => known && { ...known, name },
      );
      await client.invalidateQueries({ queryKey: ["workflows"] });
    } catch (error) {
      failed(error);
    }
  };
}
