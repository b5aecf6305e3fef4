import "@/i18n/later/editor";

import { ActionIcon, Button, Group, Tooltip } from "@mantine/core";
import { IconDatabase, IconPin, IconPinnedOff, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { isPinnable, type Pin, pinOf } from "@/graph/pins";

import { useAnnounce } from "../Announcer";
import { perform } from "../store/editorStore";
import { useEditor, useEditorStore } from "../store/EditorContext";
import classes from "./StepPanel.module.css";

interface Props {
  nodeId: string;
  /** Opens and closes the pane with what comes in. */
  input: { readonly isOpen: boolean; readonly toggle: () => void };
  trial: { readonly isBusy: boolean; readonly run: () => void };
  /** What could be pinned: what the step gave last; `null` where it gave nothing yet. */
  given: Pin | null;
}

/** Trying the step out alone, looking at what comes in, and pinning what it gives. */
export function StepTools({ nodeId, input, trial, given }: Props) {
  const { t } = useTranslation("editor");
  return (
    <Group gap="xs" wrap="nowrap" className={classes.tools ?? ""}>
      <Button
        size="xs"
        variant="light"
        loading={trial.isBusy}
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        onClick={trial.run}
      >
        {t("trial.run")}
      </Button>
      <Button
        size="xs"
        variant={input.isOpen ? "filled" : "default"}
        aria-expanded={input.isOpen}
        leftSection={<IconDatabase size={14} aria-hidden />}
        onClick={input.toggle}
      >
        {t("input.open")}
      </Button>
      <PinButton nodeId={nodeId} given={given} />
    </Group>
  );
}

function PinButton({ nodeId, given }: Pick<Props, "nodeId" | "given">) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const announce = useAnnounce();
  const isPinned = useEditor(({ graph }) => pinOf(graph.settings, nodeId) !== null);
  const words = t(isPinned ? "pinning.remove" : given ? "pinning.add" : "pinning.nothing");
  const toggle = (): void => {
    const pin = isPinned ? null : given;
    if (!isPinned && pin === null) return;
    if (pin !== null && !isPinnable(pin)) return announce(t("pinning.tooLarge"), "notice");
    perform(store, { kind: "setPin", nodeId, pin });
    announce(t(pin === null ? "pinning.removed" : "pinning.added"));
  };
  return (
    <Tooltip label={words} multiline maw={260}>
      <ActionIcon
        size={30}
        variant={isPinned ? "light" : "default"}
        aria-label={words}
        aria-pressed={isPinned}
        aria-disabled={!isPinned && given === null}
        onClick={toggle}
      >
        {isPinned ? <IconPinnedOff size={16} aria-hidden /> : <IconPin size={16} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}
