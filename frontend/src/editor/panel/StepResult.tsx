import "@/i18n/later/editor";
import "@/i18n/later/run";

import { Alert, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Json } from "@/api/types";
import { useFormats } from "@/ui/formats";
import { StatusBadge } from "@/ui/StatusBadge";
import { Time } from "@/ui/Time";

import { ComparedTable } from "../run/ComparedTable";
import { useStepWords } from "../run/useStepWords";
import { useEditor } from "../store/EditorContext";
import type { TraceStep } from "../store/trace";
import { DataView } from "./DataView";
import classes from "./StepPanel.module.css";

/** What the step did in the test or run that is drawn on the canvas. */
export function StepResult({ nodeId }: { nodeId: string }) {
  const { t } = useTranslation("editor");
  const trace = useEditor((state) => state.trace);
  const steps = trace?.steps.filter((step) => step.nodeId === nodeId) ?? [];
  if (steps.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t(trace?.isTest ? "result.notReachedInTest" : "result.notReached")}
      </Text>
    );
  }
  return steps.map((step) => <OneResult key={`${step.iteration} ${step.at ?? ""}`} step={step} />);
}

export function OneResult({ step }: { step: TraceStep }) {
  const { t } = useTranslation(["editor", "run"]);
  const formats = useFormats();
  const wordsOf = useStepWords();
  const words = wordsOf(step);
  const outputPath = useOutputPath(step.nodeId);
  const took = millisecondsOf(step);
  return (
    <>
      <Group gap="sm" mb="md">
        <StatusBadge status={step.status} />
        {step.at && (
          <Text size="sm" c="dimmed">
            <Time at={step.at} as="full" />
          </Text>
        )}
        {took !== null && (
          <Text size="sm" c="dimmed">
            {t("run:took", { duration: formats.duration(took) })}
          </Text>
        )}
        {step.attempts > 1 && (
          <Text size="sm" c="dimmed">
            {t("result.attempts", { count: step.attempts })}
          </Text>
        )}
      </Group>
      <ComparedTable output={step.output}>
        {words && <div className={`${classes.words} ${classes.section}`}>{words}</div>}
      </ComparedTable>
      {step.error && (
        <Alert
          color="red"
          mb="md"
          icon={<IconAlertTriangle aria-hidden />}
          title={step.error.message}
        >
          {step.error.fix}
        </Alert>
      )}
      <Data title={t("result.output")} value={step.output} path={outputPath} />
      <Data title={t("result.input")} value={step.input} path="" />
    </>
  );
}

/** How long a step of a run took; a test's clock jumps, so there it means nothing. */
function millisecondsOf({ at, finishedAt, status }: TraceStep): number | null {
  if (at === null || finishedAt === null || status === "waiting") return null;
  return new Date(finishedAt).getTime() - new Date(at).getTime();
}

/** By what path later steps name what this one gave: a trigger's objects stand at the top. */
function useOutputPath(nodeId: string): string {
  return useEditor(({ graph, catalog }) => {
    const type = graph.nodes.find((node) => node.id === nodeId)?.type ?? "";
    return catalog.isTrigger(type) ? "" : `steps.${nodeId}`;
  });
}

interface DataProps {
  title: ReactNode;
  value: Json;
  path: string;
}

function Data({ title, value, path }: DataProps) {
  if (value === null) return null;
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      <div className={classes.data}>
        <DataView value={value} path={path} />
      </div>
    </section>
  );
}
