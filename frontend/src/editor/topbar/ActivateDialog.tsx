import "@/i18n/later/editor";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { isList } from "@/api/json";
import { ApiProblem } from "@/api/problem";
import type { Problem, Workflow } from "@/api/types";
import { activate } from "@/api/workflows";
import { Dialog } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";

import { useAnnounce } from "../Announcer";
import type { Autosaver } from "../saving/Autosaver";
import { useEditor, useEditorStore } from "../store/EditorContext";
import { LiveChanges } from "./LiveChanges";
import { ProblemLinks } from "./ProblemLinks";

interface Props {
  workflow: Workflow;
  saver: Autosaver;
  onClose: () => void;
}

/** Before a draft goes live: what is in the way, or what will change and for whom. */
export function ActivateDialog({ onClose, ...rest }: Props) {
  const { t } = useTranslation("editor");
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={t(rest.workflow.active_version === null ? "activate.title" : "activate.titleAgain")}
    >
      <Questions {...rest} onClose={onClose} />
    </Dialog>
  );
}

function Questions({ workflow, saver, onClose }: Props) {
  const { t } = useTranslation(["editor", "common"]);
  const problems = useEditor((state) => state.problems);
  const errors = problems.filter(({ severity }) => severity === "error");
  const warnings = problems.filter(({ severity }) => severity === "warning");
  const { isBusy, error, goLive } = useGoLive(workflow, saver, onClose);
  return (
    <Stack>
      {errors.length > 0 ? (
        <Text>{t("activate.blocked", { count: errors.length })}</Text>
      ) : (
        <Changes workflow={workflow} />
      )}
      <ProblemLinks problems={errors} onFollow={onClose} />
      {errors.length === 0 && warnings.length > 0 && (
        <>
          <Text size="sm" c="dimmed">
            {t("activate.warnings")}
          </Text>
          <ProblemLinks problems={warnings} onFollow={onClose} />
        </>
      )}
      {error !== null && <ErrorNotice error={error} />}
      <Group justify="flex-end" mt="xs">
        {errors.length === 0 && <RehearseFirst onFollow={onClose} />}
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          data-autofocus
          disabled={errors.length > 0}
          loading={isBusy}
          onClick={() => void goLive()}
        >
          {t("activate.action")}
        </Button>
      </Group>
    </Stack>
  );
}

/** The way to what the draft would have made of what really happened. */
function RehearseFirst({ onFollow }: { onFollow: () => void }) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const follow = (): void => {
    onFollow();
    store.setState({ overlay: "rehearsal" });
  };
  return (
    <Button variant="subtle" me="auto" px={0} onClick={follow}>
      {t("activate.rehearse")}
    </Button>
  );
}

function Changes({ workflow }: { workflow: Workflow }) {
  const { t } = useTranslation("editor");
  const live = workflow.active_version;
  return (
    <>
      <Text>{t(live === null ? "activate.first" : "activate.again")}</Text>
      {live !== null && <LiveChanges workflowId={workflow.id} live={live} />}
      {live !== null && <Text>{t("activate.waiting")}</Text>}
      {workflow.uses_sandbox && (
        <Alert color="yellow" icon={<IconFlask aria-hidden />} title={t("top.sandbox")}>
          {t("top.sandboxHint")}
        </Alert>
      )}
    </>
  );
}

/** Saves first, so that what goes live is what is seen. */
function useGoLive(workflow: Workflow, saver: Autosaver, onDone: () => void) {
  const { t } = useTranslation("editor");
  const store = useEditorStore();
  const client = useQueryClient();
  const announce = useAnnounce();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const goLive = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await saver.flush();
      const obstacle = unsaved(saver, t);
      if (obstacle) throw obstacle;
      const { version } = await activate(workflow.id);
      announce(t("activate.done", { version }), "notice");
      onDone();
    } catch (reason) {
      const problems = problemsIn(reason);
      if (problems) store.setState({ problems });
      else setError(reason);
    } finally {
      setBusy(false);
      await client.invalidateQueries({ queryKey: ["workflow"] });
      await client.invalidateQueries({ queryKey: ["workflows"] });
    }
  };
  return { isBusy, error, goLive };
}

/** Why what is seen is not what the server has; `null` where it is. */
function unsaved(saver: Autosaver, t: TFunction<"editor">): ApiProblem | null {
  const state = saver.state.getState();
  if (state.kind === "saved") return null;
  if (state.kind === "refused") return state.reason;
  if (state.kind === "conflict") return new ApiProblem(409, "conflict", t("saving.conflictHint"));
  return new ApiProblem(0, "unreachable", "");
}

function problemsIn(reason: unknown): Problem[] | null {
  if (!(reason instanceof ApiProblem)) return null;
  const { problems } = reason.extra;
  return isList(problems) ? (problems as unknown as Problem[]) : null;
}
