import "@/i18n/later/editor";

import { Alert, Anchor, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconClock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { releaseWait, useRunChange } from "@/api/runs";
import type { Run, RunStep } from "@/api/types";
import type { Catalog } from "@/graph/catalog";
import { nodeById } from "@/graph/queries";
import type { Graph } from "@/graph/values";
import { Awaited } from "@/ui/Awaited";
import { ConfirmButton } from "@/ui/ConfirmButton";
import { JsonView } from "@/ui/JsonView";
import { useNotify } from "@/ui/notify";

import panel from "../panel/StepPanel.module.css";
import { useEditor } from "../store/EditorContext";
import { Timeline } from "../testing/Timeline";
import { useShowStep } from "../useShowStep";
import { CallLinks } from "./CallLinks";
import classes from "./RunStory.module.css";
import { OUTCOME_UNKNOWN, UnknownOutcome } from "./UnknownOutcome";

/** What happened in plain words: what failed and what to do, each step, and what started it. */
export const RunStory = memo(function RunStory({ run }: { run: Run }) {
  const { t } = useTranslation("editor");
  return (
    <aside className={classes.story} aria-label={t("run.story")}>
      <UnknownOutcome run={run} />
      <Fault run={run} />
      <Entry run={run} />
      <Waiting run={run} />
      {run.stop_label && (
        <Text size="sm" mb="md">
          {t("run.stopped", { label: run.stop_label })}
        </Text>
      )}
      <Title order={2} size="h3" mb={4}>
        {t("run.steps")}
      </Title>
      <Timeline steps={run.steps} />
      <CallLinks run={run} />
      <Title order={2} size="h3" mt="lg" mb={6}>
        {t("run.event")}
      </Title>
      <div className={panel.data}>
        <JsonView value={run.event.data} open={1} />
      </div>
    </aside>
  );
});

/** Until when the run waits, at which step, and a way to end the wait. */
function Waiting({ run }: { run: Run }) {
  const { t } = useTranslation(["editor", "run"]);
  const notify = useNotify();
  const { mutate, isPending } = useRunChange(releaseWait, {
    onSuccess: () => notify.done(t("run:released")),
    onError: notify.failed,
  });
  // With an error it waits until somebody has mended something; `Fault` says what.
  if (run.status !== "waiting" || !(run.wake_at ?? run.waits_for) || run.error) return null;
  const step = run.steps.find((one) => one.status === "waiting" && one.waits_for);
  const release = ({ node_id: nodeId, iteration }: RunStep) =>
    mutate({ id: run.id, nodeId, iteration });
  return (
    <Alert color="blue" icon={<IconClock aria-hidden />} mb="md">
      <Awaited waitsFor={run.waits_for} until={run.wake_at} as="full" />
      {step && (
        <div>
          <ConfirmButton
            size="xs"
            variant="default"
            mt="xs"
            loading={isPending}
            question={t("run:releaseQuestion")}
            consequence={t("run:releaseConsequence")}
            confirm={t("run:release")}
            onConfirm={() => release(step)}
          >
            {t("run:release")}
          </ConfirmButton>
        </div>
      )}
    </Alert>
  );
}

/** How the run came in where a rule says so: whose turn it waits for, or which run took over. */
function Entry({ run }: { run: Run }) {
  const { t } = useTranslation("run");
  const replaced = run.error?.code === "replaced" ? run.error : null;
  const words = replaced?.message ?? run.entry?.words;
  if (!words) return null;
  const other = replaced ? replaced.run_id : run.entry?.behind;
  const before = run.entry?.before ?? 0;
  return (
    <Alert color="blue" icon={<IconClock aria-hidden />} mb="md">
      {words} {!replaced && before > 0 && t("turn.before", { count: before })}
      {other && (
        <Anchor component={Link} to={`/runs/${other}`} size="sm" display="block" mt={4}>
          {t(replaced ? "turn.newer" : "turn.behind")}
        </Anchor>
      )}
    </Alert>
  );
}

function Fault({ run }: { run: Run }) {
  const { t } = useTranslation(["editor", "run"]);
  const show = useShowStep();
  const { error } = run;
  const graph = useEditor((state) => state.graph);
  const catalog = useEditor((state) => state.catalog);
  if (!error || error.code === OUTCOME_UNKNOWN || error.code === "replaced") return null;
  const done = run.steps.filter((step) => step.status === "succeeded").length;
  const acts = [...actsDone(run, graph, catalog)].map(([name, count]) =>
    count > 1 ? `${name} ${t("trace.times", { count })}` : name,
  );
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
        {acts.length > 0 && ` ${t("run:actsDone", { names: acts.join(", ") })}`}
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

/** How often each step had acted outside before it failed, by name: that is not done again. */
function actsDone(run: Run, graph: Graph, catalog: Catalog): ReadonlyMap<string, number> {
  const names = run.steps
    .filter((step) => step.status === "succeeded")
    .map((step) => nodeById(graph, step.node_id))
    .filter((node) => node && catalog.get(node.type)?.effect === "write")
    .map((node) => node?.label ?? catalog.get(node?.type ?? "")?.label ?? "")
    .filter(Boolean);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
