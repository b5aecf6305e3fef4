import { Group, Loader, Text, Tooltip } from "@mantine/core";
import {
  IconCloudCheck,
  IconCloudOff,
  IconCloudUp,
  IconExclamationCircle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";

import type { Autosaver, SaveState } from "./Autosaver";

const PICTURES: Readonly<Record<SaveState["kind"], ReactNode>> = {
  saved: <IconCloudCheck size={18} stroke={1.8} aria-hidden />,
  unsaved: <IconCloudUp size={18} stroke={1.8} aria-hidden />,
  saving: <Loader size={15} aria-hidden />,
  offline: <IconCloudOff size={18} stroke={1.8} aria-hidden />,
  refused: <IconExclamationCircle size={18} stroke={1.8} aria-hidden />,
  conflict: <IconExclamationCircle size={18} stroke={1.8} aria-hidden />,
};

/** Whether the server has what is on the canvas. */
export function SaveStatus({ saver }: { saver: Autosaver }) {
  const { t } = useTranslation("editor");
  const state = useStore(saver.state);
  const isBad = state.kind === "refused" || state.kind === "conflict" || state.kind === "offline";
  return (
    <Tooltip label={t(`saving.${state.kind}Hint`)} multiline maw={280}>
      <Group gap={6} wrap="nowrap" c={isBad ? "var(--cw-warning)" : "dimmed"} role="status">
        {PICTURES[state.kind]}
        <Text size="sm" visibleFrom="md" data-save-state={state.kind}>
          {t(`saving.${state.kind}`)}
        </Text>
      </Group>
    </Tooltip>
  );
}
