import "@/i18n/later/editor";

import { Anchor, Button, Group, Text, Title } from "@mantine/core";
import { IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { cancelRun, resumeRun, retryRun, useRunChange } from "@/api/runs";
import type { Run, RunSummary } from "@/api/types";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { useNotify } from "@/ui/notify";
import { StatusBadge } from "@/ui/StatusBadge";
import { Time } from "@/ui/Time";

import classes from "../topbar/TopBar.module.css";
import { Neighbours } from "./Neighbours";
import { PlayAgain } from "./PlayAgain";
import { OUTCOME_UNKNOWN } from "./UnknownOutcome";

/** What ran, for whom, how it stands, and what can be done about it. */
export const RunHead = memo(function RunHead({ run }: { run: Run }) {
  const { t } = useTranslation("editor");
  return (
    <header className={classes.bar}>
      <div className={classes.left} data-wraps>
        <Neighbours run={run} />
        <Title order={1} size="h2">
          {run.label ?? t("run.nameless")}
        </Title>
        <StatusBadge status={run.status} />
        <Text size="sm" c="dimmed" truncate>
          <Anchor component={Link} to={`/workflows/${run.workflow_id}`} inherit underline="always">
            {run.workflow_name}
          </Anchor>
          {` · ${t("run.version", { number: run.version })} · `}
          <Time at={run.created_at} />
        </Text>
      </div>
      <RunDeeds run={run} />
    </header>
  );
});

const UNDERWAY: readonly Run["status"][] = ["queued", "running", "waiting", "paused"];

function RunDeeds({ run }: { run: Run }) {
  const { t } = useTranslation("editor");
  const retry = useDeed((id) => retryRun(id), t("run.retried"));
  const resume = useDeed(resumeRun, t("run.resumed"));
  const cancel = useDeed(cancelRun, t("run.cancelled"));
  return (
    <Group gap="sm" wrap="nowrap">
      {run.status === "failed" && run.error?.code !== OUTCOME_UNKNOWN && (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={retry.isPending}
          onClick={() => retry.act(run.id)}
        >
          {t("run.retry")}
        </Button>
      )}
      <PlayAgain run={run} />
      {(run.status === "paused" || run.status === "quarantined") && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={resume.isPending}
          onClick={() => resume.act(run.id)}
        >
          {t("run.resume")}
        </Button>
      )}
      {UNDERWAY.includes(run.status) && (
        <ConfirmButton
          variant="default"
          question={t("run.cancelQuestion")}
          consequence={t("run.cancelConsequence")}
          confirm={t("run.cancel")}
          onConfirm={() => cancel.act(run.id)}
        >
          {t("run.cancel")}
        </ConfirmButton>
      )}
    </Group>
  );
}

function useDeed(act: (id: string) => Promise<RunSummary>, words: string) {
  const { done, failed } = useNotify();
  const { mutate, isPending } = useRunChange(act, {
    onSuccess: () => done(words),
    onError: failed,
  });
  return { isPending, act: mutate };
}
