import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { WorkflowVersion } from "@/api/types";
import { nameVersion, versionsQuery } from "@/api/workflows";
import { useNotify } from "@/ui/notify";

import { useEditor } from "../store/EditorContext";

const LONGEST_NAME = 60;

interface Props {
  workflowId: string;
  version: WorkflowVersion;
}

/** What the version is called, to be changed in place. */
export function VersionName({ workflowId, version }: Props) {
  const { t } = useTranslation("versions");
  const { failed } = useNotify();
  const client = useQueryClient();
  const readOnly = useEditor((state) => state.readOnly);
  const [text, setText] = useState(version.name ?? "");
  const save = async (): Promise<void> => {
    const name = text.trim() === "" ? null : text.trim();
    if (name === version.name) return;
    try {
      await nameVersion(workflowId, version.number, name);
    } catch (error) {
      setText(version.name ?? "");
      failed(error);
    }
    await client.invalidateQueries(versionsQuery(workflowId));
  };
  return (
    <TextInput
      label={t("name")}
      placeholder={t("nameHint")}
      maxLength={LONGEST_NAME}
      w={260}
      disabled={readOnly}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}
