import { Alert, Anchor, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Run } from "@/api/types";
import { JsonView } from "@/ui/JsonView";
import { Time } from "@/ui/Time";

import panel from "../panel/StepPanel.module.css";
import { Timeline } from "../testing/Timeline";
import { useShowStep } from "../useShowStep";
import classes from "./RunStory.module.css";

/** What happened in plain words: what failed and what to do, each step, and what started it. */
export function RunStory({ run }: { run: Run }) {
  const { t } = useTranslation("editor");
  return (
    <aside className={classes.story} aria-label={t("run.story")}>
      <Fault run={run} />
      {run.status === "waiting" && run.wake_at && (
        <Alert color="blue" icon={<IconClock aria-hidden />} mb="md">
          {t("run.waitsUntil")} <Time at={run.wake_at} as="full" />
        </Alert>
      )}
      {run.stop_label && (
        <Text size="sm" mb="md">
          {t("run.stopped", { label: run.stop_label })}
        </Text>
      )}
      <Title order={2} size="h3" mb={4}>
        {t("run.steps")}
      </Title>
      <Timeline steps={run.steps} />
      <Title order={2} size="h3" mt="lg" mb={6}>
        {t("run.event")}
      </Title>
      <div className={panel.data}>
        <JsonView value={run.event.data} open={1} />
      </div>
    </aside>
  );
}

function Fault({ run }: { run: Run }) {
  const { t } = useTranslation("editor");
  const show = useShowStep();
  const { error } = run;
  if (!error) return null;
  const done = run.steps.filter((step) => step.status === "succeeded").length;
  return (
    <Alert
      color="red"
      mb="md"
      icon={<IconAlertTriangle aria-hidden />}
      title={error.message}
      role="alert"
    >
      {error.fix && <Text size="sm">{error.fix}</Text>}
      <Text size="sm" mt={6}>
        {t("run.doneBefore", { count: done })}
      </Text>
      {error.node_id && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          mt={6}
          onClick={() => show(error.node_id ?? "")}
        >
          {t("run.showStep")}
        </Anchor>
      )}
    </Alert>
  );
}
