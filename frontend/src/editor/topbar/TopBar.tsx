import { ActionIcon, Badge, Button, Group, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsJoin,
  IconFlask,
  IconHistory,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import type { Workflow } from "@/api/types";
import { entryOf } from "@/graph/entry";
import { StatusBadge } from "@/ui/StatusBadge";
import { orLater } from "@/ui/orLater";

import type { Autosaver } from "../saving/Autosaver";
import { SaveStatus } from "../saving/SaveStatus";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { useEdits } from "../useEdits";
import { ActiveSwitch } from "./ActiveSwitch";
import { NoProblems, ProblemsButton } from "./ProblemsButton";
import classes from "./TopBar.module.css";
import { WorkflowName } from "./WorkflowName";

interface Props {
  workflow: Workflow;
  saver: Autosaver;
  onTest: () => void;
}

/** Name and state of the workflow, and what can be done with it as a whole. */
export function TopBar({ workflow, saver, onTest }: Props) {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  return (
    <header className={classes.bar}>
      <div className={classes.left}>
        <WorkflowName workflow={workflow} />
        <Badges workflow={workflow} />
        {!readOnly && <SaveStatus saver={saver} />}
      </div>
      <div className={classes.right}>
        {!readOnly && <UndoButtons />}
        {workflow.state !== "draft" && <VersionsButton workflow={workflow} saver={saver} />}
        <EntryButton />
        <Problems />
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          onClick={onTest}
        >
          {t("top.test")}
        </Button>
        <RehearseButton />
        <ActiveSwitch workflow={workflow} saver={saver} />
      </div>
    </header>
  );
}

/** What the draft would have made of what really happened. */
function RehearseButton() {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  return (
    <Tooltip label={t("top.rehearse")}>
      <ActionIcon
        variant="default"
        size={36}
        onClick={() => store.setState({ overlay: "rehearsal" })}
        aria-label={t("top.rehearse")}
      >
        <IconFlask size={20} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

const VersionsDialog = lazy(async () => ({
  default: (await orLater(() => import("../versions/VersionsDialog"))).VersionsDialog,
}));

/** What was live before, and the way back to it. */
function VersionsButton({ workflow, saver }: Pick<Props, "workflow" | "saver">) {
  const { t } = useTranslation("editor");
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Tooltip label={t("top.versions")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          onClick={open}
          aria-label={t("top.versions")}
        >
          <IconHistory size={20} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {opened && (
        <Suspense fallback={null}>
          <VersionsDialog workflow={workflow} saver={saver} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

const EntryDialog = lazy(async () => ({
  default: (await orLater(() => import("../entry/EntryDialog"))).EntryDialog,
}));

/** What happens when something of the same kind comes again. */
function EntryButton() {
  const { t } = useTranslation("editor");
  const [opened, { open, close }] = useDisclosure();
  const isOn = useEditor(({ graph }) => entryOf(graph.settings).mode !== "every");
  return (
    <>
      <Tooltip label={t("again")}>
        <ActionIcon
          variant={isOn ? "light" : "subtle"}
          color={isOn ? "blue" : "gray"}
          size={36}
          onClick={open}
          aria-label={t("again")}
        >
          <IconArrowsJoin size={20} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {opened && (
        <Suspense fallback={null}>
          <EntryDialog onClose={close} />
        </Suspense>
      )}
    </>
  );
}

const ProblemsMenu = lazy(async () => ({
  default: (await orLater(() => import("./ProblemsMenu"))).ProblemsMenu,
}));

/** The button at once; the menu that it opens a moment later. */
function Problems() {
  const isClear = useEditor((state) => state.problems.length === 0);
  if (isClear) return <NoProblems />;
  return (
    <Suspense fallback={<ProblemsButton />}>
      <ProblemsMenu />
    </Suspense>
  );
}

function Badges({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation("editor");
  return (
    <Group gap={6} wrap="nowrap">
      <StatusBadge status={workflow.state} />
      {workflow.has_changes && workflow.state !== "draft" && (
        <Badge variant="outline" color="gray" c="dimmed">
          {t("top.changes")}
        </Badge>
      )}
      {workflow.uses_sandbox && (
        <Tooltip label={t("top.sandboxHint")} multiline maw={280}>
          <Badge
            variant="light"
            color="yellow"
            c="var(--cw-warning)"
            leftSection={<IconFlask size={13} aria-hidden />}
          >
            {t("top.sandbox")}
          </Badge>
        </Tooltip>
      )}
    </Group>
  );
}

function UndoButtons() {
  const { t } = useTranslation("editor");
  const { undo, redo } = useEdits();
  const canUndo = useEditor((state) => state.history.past.length > 0);
  const canRedo = useEditor((state) => state.history.future.length > 0);
  return (
    <Group gap={2} wrap="nowrap">
      <Tooltip label={t("top.undo")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          disabled={!canUndo}
          bg={canUndo ? undefined : "transparent"}
          onClick={undo}
          aria-label={t("top.undo")}
        >
          <IconArrowBackUp size={20} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("top.redo")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          disabled={!canRedo}
          bg={canRedo ? undefined : "transparent"}
          onClick={redo}
          aria-label={t("top.redo")}
        >
          <IconArrowForwardUp size={20} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
